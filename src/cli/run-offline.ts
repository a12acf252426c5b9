// Commands that need neither a daemon nor a store: checking a proof, and looking into a file.

import { readFileSync } from "node:fs";

import { OperatingError, refuse, type Refusal } from "../base/index.ts";
import { inspectFile, verifyProofFile, type InspectedPart } from "../graphstore/index.ts";
import type { CommandContext } from "./command-context.ts";
import { EXIT, type ExitStatus } from "./exit-status.ts";
import { renderParts, renderVerdict } from "./render-history.ts";
import { renderRefusal } from "./render-refusal.ts";

/** Checks a proof file; with a root, that it is a proof of that root. */
export function runVerifyProof(
    file: string,
    root: string | undefined,
    context: CommandContext,
): ExitStatus {
    const verdict = verifyProofFile(readBytes(file).toString("utf8"));
    if (verdict.kind === "fails") {
        return refused(refuse("PROOF_FAILS", `${file} proves nothing: ${verdict.reason}`), context);
    }
    const proven = verdict.kind === "grown" ? verdict.after : verdict;
    if (root !== undefined && root !== proven.stateRoot && root !== proven.logRoot) {
        const message = `${file} holds, but of another root: state ${proven.stateRoot}, log ${proven.logRoot}`;
        return refused(refuse("PROOF_OTHER_ROOT", message), context);
    }
    print(context, verdict, renderVerdict(verdict, root !== undefined, context.terminal.paint));
    return EXIT.done;
}

/** Prints what a file holds. */
export function runInspect(
    { file, limit }: { readonly file: string; readonly limit: number },
    context: CommandContext,
): ExitStatus {
    const parts: InspectedPart[] = [];
    let total = 0;
    for (const part of inspectFile(readBytes(file), file)) {
        total += 1;
        if (limit === 0 || parts.length < limit) {
            parts.push(part);
        }
    }
    print(context, { file, total, parts }, renderParts(parts, total, context.terminal.paint));
    return EXIT.done;
}

function print(
    { common, terminal }: CommandContext,
    json: unknown,
    lines: readonly string[],
): void {
    terminal.print(common.json ? [JSON.stringify(json, undefined, 2)] : lines);
}

function refused(refusal: Refusal, { common, terminal }: CommandContext): ExitStatus {
    if (common.json) {
        terminal.print([JSON.stringify({ refusal }, undefined, 2)]);
    } else {
        terminal.complain(renderRefusal(refusal, () => undefined, terminal.errorPaint));
    }
    return EXIT.refused;
}

function readBytes(file: string): Buffer {
    try {
        return readFileSync(file);
    } catch (cause) {
        const reason = cause instanceof Error ? cause.message : String(cause);
        throw new OperatingError("FILE_NOT_FOUND", `${file} cannot be read: ${reason}`, { cause });
    }
}
