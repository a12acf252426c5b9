// Runs one command: finds the workspace, asks its daemon, prints the answer, and says with which
// status the process ends.

import path from "node:path";
import process from "node:process";

import { isRefusal, type Refusal, refuse } from "../base/index.ts";
import { findWorkspaceRoot } from "../capture/index.ts";
import { writeFileAtomic } from "../platform/index.ts";
import {
    METHOD,
    type RenameImpactResult,
    type RenamePlanDto,
    type SymbolSelector,
} from "../protocol/index.ts";
import { connectDaemon, type DaemonClient, type DaemonSettings } from "../server/index.ts";
import type { CommandContext } from "./command-context.ts";
import type {
    AffectedCommand,
    Command,
    CommonOptions,
    FlowCommand,
    ImpactCommand,
    ProofCommand,
    QueryCommand,
    RenameCommand,
} from "./command-line.ts";
import { EXIT, type ExitStatus } from "./exit-status.ts";
import { parseSymbol } from "./parse-symbol.ts";
import { cargoLines, nextestFilter, renderAffected } from "./render-affected.ts";
import { renderFlow } from "./render-flow.ts";
import {
    renderDiff,
    renderGrowth,
    renderProof,
    renderSnapshot,
    renderVerified,
} from "./render-history.ts";
import { renderExport } from "./render-export.ts";
import { renderImpact } from "./render-impact.ts";
import { renderReach } from "./render-reach.ts";
import { renderRefusal } from "./render-refusal.ts";
import { renderValidation } from "./render-validation.ts";
import { renderApplied, renderDoubts, renderRenamePreview } from "./render-rename.ts";
import { renderCapture, renderRoot, renderStatus } from "./render-status.ts";
import { answerOperations } from "./run-operations.ts";
import { renderTypes } from "./render-tables.ts";
import { mapAnswer, request, type Answer, type Session } from "./session.ts";
import { stopDaemon } from "./stop-daemon.ts";
import { openSourceLines, readSourceText } from "./workspace-files.ts";

/** Runs a command to its end. */
export async function runCommand(command: Command, context: CommandContext): Promise<ExitStatus> {
    switch (command.name) {
        case "lsp":
            return (await serveEditor(command, context)) === 0 ? EXIT.done : EXIT.worldFailed;
        case "daemon": {
            const { runDaemon } = await import("../server/index.ts");
            const where = await locate(context.common);
            await runDaemon({ ...where, ...idleOf(command), onAnswered: context.keepCode });
            return EXIT.done;
        }
        case "mcp":
            return serveTools(command, context);
        case "doctor": {
            const { runDoctor } = await import("./doctor.ts");
            return runDoctor(context);
        }
        case "stop":
            return stopDaemon((await locate(context.common)).root, context);
        case "inspect": {
            const { runInspect } = await import("./run-offline.ts");
            return runInspect(command, context);
        }
        case "compact": {
            const { runCompact } = await import("./run-store.ts");
            return runCompact((await locate(context.common)).root, command.checkpoint, context);
        }
        case "archive": {
            const { runArchive } = await import("./run-store.ts");
            return runArchive((await locate(context.common)).root, command.before, context);
        }
        case "salvage": {
            const { runSalvage } = await import("./run-store.ts");
            return runSalvage((await locate(context.common)).root, context);
        }
        case "query":
            if (command.from !== undefined) {
                const { runQueryOnExport } = await import("./run-query.ts");
                return runQueryOnExport(command, command.from, context);
            }
            return askTables(command, context);
        case "proof":
            if (command.verify !== undefined) {
                const { runVerifyProof } = await import("./run-offline.ts");
                return runVerifyProof(command.verify, command.root, context);
            }
            return ask(command, context);
        case "capture":
        case "status":
        case "impact":
        case "affected":
        case "flow":
        case "rename":
        case "plan":
        case "apply":
        case "log":
        case "rollback":
        case "replay":
        case "propagate":
        case "root":
        case "verify":
        case "snapshot":
        case "diff":
        case "export":
            return ask(command, context);
    }
}

/** Rows are printed as they come. */
async function askTables(command: QueryCommand, context: CommandContext): Promise<ExitStatus> {
    const where = await locate(context.common);
    const client = await openClient(where, context);
    try {
        const { runQuery } = await import("./run-query.ts");
        const done = await runQuery(command, client, context);
        return typeof done === "number" ? done : printRefusal(done, where.root, context);
    } finally {
        context.terminal.clear();
        await client.close();
    }
}

/** Prints a refusal, or its JSON. */
function printRefusal(refusal: Refusal, root: string, context: CommandContext): ExitStatus {
    if (context.common.json) {
        context.terminal.print([JSON.stringify({ refusal }, null, 2)]);
    } else {
        const { errorPaint } = context.terminal;
        context.terminal.complain(renderRefusal(refusal, openSourceLines(root), errorPaint));
    }
    return EXIT.refused;
}

type CaptureCommand = Extract<Command, { name: "capture" }>;

type AskingCommand = Exclude<
    Command,
    {
        name:
            | "archive"
            | "compact"
            | "daemon"
            | "doctor"
            | "inspect"
            | "lsp"
            | "mcp"
            | "query"
            | "salvage"
            | "stop";
    }
>;

async function ask(command: AskingCommand, context: CommandContext): Promise<ExitStatus> {
    const where = await locate(context.common);
    const client = await openClient(where, context);
    try {
        const answer = await answerCommand(command, { ...context, root: where.root, client });
        if (isRefusal(answer)) {
            return printRefusal(answer, where.root, context);
        }
        context.terminal.print(
            context.common.json ? [JSON.stringify(answer.json, null, 2)] : answer.lines,
        );
        return answer.status ?? EXIT.done;
    } finally {
        context.terminal.clear();
        await client.close();
    }
}

async function openClient(
    where: Located,
    context: CommandContext,
    clientName = "cli",
): Promise<DaemonClient> {
    const options = { ...where, clientName };
    if (context.common.noDaemon) {
        const { runInProcess } = await import("../server/index.ts");
        return runInProcess(options);
    }
    return connectDaemon({ ...options, autoStart: true, command: context.self });
}

async function answerCommand(command: AskingCommand, session: Session): Promise<Answer | Refusal> {
    const { paint } = session.terminal;
    switch (command.name) {
        case "capture":
            return answerCapture(command, session);
        case "status": {
            const result = await request(session, METHOD.status, {});
            return mapAnswer(result, (status) => renderStatus(status, paint));
        }
        case "root": {
            const result = await request(session, METHOD.root, {});
            return mapAnswer(result, renderRoot);
        }
        case "proof":
            return answerProof(command, session);
        case "verify": {
            const result = await request(session, METHOD.verify, {});
            return mapAnswer(result, (verified) => renderVerified(verified, paint));
        }
        case "snapshot": {
            const result = await request(session, METHOD.snapshot, { k: command.k });
            return mapAnswer(result, (snapshot) => renderSnapshot(snapshot, paint));
        }
        case "diff": {
            const { j, k, limit } = command;
            const params = { j, k, ...(limit === 0 ? {} : { limit }) };
            const result = await request(session, METHOD.diff, params);
            return mapAnswer(result, (diff) => renderDiff(diff, paint));
        }
        case "export": {
            const folder = path.resolve(command.folder);
            const params = { folder, syntax: command.syntax };
            const result = await request(session, METHOD.export, params);
            return mapAnswer(result, renderExport);
        }
        case "impact":
            return answerImpact(command, session);
        case "affected":
            return answerAffected(command, session);
        case "flow":
            return answerFlow(command, session);
        case "rename":
            return command.validation === undefined
                ? answerRename(command, session)
                : answerValidation(command, command.validation, session);
        case "plan":
        case "apply":
        case "log":
        case "rollback":
        case "replay":
        case "propagate":
            return answerOperations(command, session);
    }
}

async function answerCapture(command: CaptureCommand, session: Session): Promise<Answer | Refusal> {
    const { paint } = session.terminal;
    const { full, rustc, mir, rustAnalyzer, types: sources } = command;
    const result = await request(session, METHOD.capture, { full, rustc, mir, rustAnalyzer });
    if (sources.length === 0 || isRefusal(result)) {
        return mapAnswer(result, (done) => renderCapture(done, paint));
    }
    const types = await request(session, METHOD.types, { sources });
    const lines = renderCapture(result, paint);
    return isRefusal(types)
        ? types
        : {
              json: { ...result, types: types.tools },
              lines: [...lines, ...renderTypes(types.tools, paint)],
          };
}

async function answerImpact(command: ImpactCommand, session: Session): Promise<Answer | Refusal> {
    if (command.all) {
        return answerReach(command, session);
    }
    const symbol = readSymbol(command.symbol, session);
    if ("code" in symbol) {
        return symbol;
    }
    const result = await request(session, METHOD.impact, {
        symbol,
        ...(command.edges === undefined ? {} : { edges: command.edges }),
        ...(command.depth === undefined ? {} : { depth: command.depth }),
        ...(command.at === undefined ? {} : { at: command.at }),
    });
    return mapAnswer(result, (impact) =>
        renderImpact(impact, command, openSourceLines(session.root), session.terminal.paint),
    );
}

async function answerAffected(
    { since, format }: AffectedCommand,
    session: Session,
): Promise<Answer | Refusal> {
    const result = await request(session, METHOD.affected, { since });
    return mapAnswer(result, (affected) => {
        switch (format) {
            case "nextest":
                return [nextestFilter(affected)];
            case "cargo":
                return cargoLines(affected);
            case "json":
                return [JSON.stringify(affected, null, 2)];
            case "names":
                return renderAffected(
                    affected,
                    openSourceLines(session.root),
                    session.terminal.paint,
                );
        }
    });
}

/** More symbols than any workspace has. */
const NO_LIMIT = 2 ** 31 - 1;

async function answerReach(command: ImpactCommand, session: Session): Promise<Answer | Refusal> {
    const result = await request(session, METHOD.reach, {
        publicOnly: command.publicOnly,
        limit: command.limit === 0 ? NO_LIMIT : command.limit,
        ...(command.edges === undefined ? {} : { edges: command.edges }),
        ...(command.depth === undefined ? {} : { depth: command.depth }),
    });
    return mapAnswer(result, (reach) =>
        renderReach(reach, openSourceLines(session.root), session.terminal.paint),
    );
}

/** Prints the proof file itself, or writes it and says what it proves. */
async function answerProof(command: ProofCommand, session: Session): Promise<Answer | Refusal> {
    const { between, out } = command;
    if (between !== undefined) {
        const [before, after] = between;
        const result = await request(session, METHOD.growth, { before, after });
        return isRefusal(result)
            ? result
            : giveProof(result, out, (file) => renderGrowth(result, file, session.terminal.paint));
    }
    const symbol = readSymbol(command.symbol ?? "", session);
    if ("code" in symbol) {
        return symbol;
    }
    const result = await request(session, METHOD.proof, { symbol });
    if (isRefusal(result)) {
        return result;
    }
    return giveProof(result, out, (file) => renderProof(result, file, session.terminal.paint));
}

async function giveProof(
    result: { readonly proof: string },
    out: string | undefined,
    render: (file: string) => string[],
): Promise<Answer> {
    if (out === undefined) {
        const json: unknown = JSON.parse(result.proof);
        return { json, lines: result.proof.trimEnd().split("\n") };
    }
    await writeFileAtomic(path.resolve(out), Buffer.from(result.proof));
    return { json: { ...result, out }, lines: render(out) };
}

async function answerFlow(command: FlowCommand, session: Session): Promise<Answer | Refusal> {
    const symbol = readSymbol(command.symbol, session);
    if ("code" in symbol) {
        return symbol;
    }
    const { from, to, unreachedOnly } = command;
    const params = {
        symbol,
        ...(from === undefined ? {} : { from }),
        // Lines are counted from 1 by people, from 0 by the protocol.
        ...(to === undefined ? {} : { to: "line" in to ? { line: to.line - 1 } : to }),
    };
    const result = await request(session, METHOD.flow, params);
    return mapAnswer(result, (flow) =>
        renderFlow(flow, { unreachedOnly }, openSourceLines(session.root), session.terminal.paint),
    );
}

async function answerValidation(
    command: RenameCommand,
    { withUncommitted, bring, write, thorough, fresh }: NonNullable<RenameCommand["validation"]>,
    session: Session,
): Promise<Answer | Refusal> {
    const symbol = readSymbol(command.symbol, session);
    if ("code" in symbol) {
        return symbol;
    }
    const { newName, accept, as } = command;
    const result = await request(session, METHOD.validateRename, {
        ...{ symbol, newName, accept, withUncommitted, bring, write, thorough, fresh },
        ...(as === undefined ? {} : { as }),
    });
    return mapAnswer(result, (done) => renderValidation(done, session.terminal.paint));
}

async function answerRename(command: RenameCommand, session: Session): Promise<Answer | Refusal> {
    const symbol = readSymbol(command.symbol, session);
    if ("code" in symbol) {
        return symbol;
    }
    const { newName } = command;
    const asked = {
        ...(command.as === undefined ? {} : { as: command.as }),
        ...(command.text ? { text: true } : {}),
    };
    const result = await request(session, METHOD.renameImpact, {
        symbol,
        newName,
        accept: command.accept,
        ...asked,
        ...(command.ask ? { ask: true } : {}),
        ...(command.apply ? { planOnly: true } : {}),
    });
    if (isRefusal(result)) {
        return result;
    }
    const source = openSourceLines(session.root);
    if (!command.apply) {
        const lines = renderRenamePreview(result, source, session.terminal.paint);
        return { json: result, lines: [...lines, "", adviseApply(result.plan)] };
    }
    if (!result.plan.applicable) {
        return refuseToApply(result, session);
    }
    const applied = await request(session, METHOD.applyRename, {
        symbol,
        newName,
        fingerprint: result.plan.fingerprint,
        accept: command.accept,
        ...asked,
    });
    return mapAnswer(applied, (done) =>
        renderApplied(result.plan, done, source, session.terminal.paint),
    );
}

/** The preview's last line: what would happen with --apply. */
function adviseApply(plan: RenamePlanDto): string {
    if (plan.applicable) {
        return "nothing is written; --apply makes exactly these edits";
    }
    const yes = yesThatWouldDo(plan);
    return yes === undefined
        ? "nothing is written; --apply would be refused"
        : `nothing is written; --apply ${yes} makes exactly these edits`;
}

/** The options that say yes to all that is in the way of a plan; undefined where no yes would do. */
function yesThatWouldDo({ conflicts, needs, proof, unproved }: RenamePlanDto): string | undefined {
    const isEnough =
        proof.verdict === "proved" &&
        unproved.length === 0 &&
        conflicts.every(({ grade }) => needs.includes(grade));
    return isEnough ? needs.map((grade) => `--accept ${grade}`).join(" ") : undefined;
}

/** Shows why a plan is not applied: everything about it that is not proved. */
function refuseToApply(result: RenameImpactResult, session: Session): Refusal {
    const { plan } = result;
    if (!session.common.json) {
        const { errorPaint } = session.terminal;
        const doubts = renderDoubts(plan, openSourceLines(session.root), errorPaint);
        session.terminal.complain(doubts.filter((line, index) => index > 0 || line !== ""));
    }
    const conflicts = plan.conflicts.map((each) => `${each.grade}: ${each.message}`);
    const unproved = plan.unproved.length;
    const places = unproved === 1 ? "place" : "places";
    const reasons = [
        ...(unproved > 0 ? [`it is unproved at ${unproved} ${places}`] : []),
        ...(plan.proof.verdict === "refuted" ? ["the proof refutes it"] : []),
        ...conflicts,
    ];
    const yes = yesThatWouldDo(plan);
    return refuse(
        unproved > 0 ? "RENAME_UNPROVED" : "RENAME_NOT_APPLICABLE",
        `the rename is not made: ${reasons.join("; ") || "nothing proves it"}`,
        {
            // A person has just been shown all places.
            at: session.common.json ? plan.unproved.slice(0, 3).map((each) => each.at) : [],
            advice:
                yes === undefined
                    ? "see the whole plan with --preview; nothing was written"
                    : `nothing was written; if you mean to, say so: --apply ${yes}`,
        },
    );
}

function readSymbol(written: string, session: Session): SymbolSelector | Refusal {
    return parseSymbol(written, {
        root: session.root,
        currentFolder: process.cwd(),
        readText: readSourceText,
    });
}

/** Where a workspace is, and how it is to be opened. */
interface Located extends DaemonSettings {
    readonly root: string;
    readonly trusted: boolean;
    readonly backgroundFacts: boolean;
    readonly rustAnalyzer: boolean;
    readonly storeFolder?: string;
}

async function locate(common: CommonOptions): Promise<Located> {
    const root = await findWorkspaceRoot(common.workspace ?? process.cwd());
    return { root, trusted: common.trust, ...toolsOf(common), ...settingsOf(common) };
}

async function serveEditor(
    command: Extract<Command, { name: "lsp" }>,
    context: CommandContext,
): Promise<number> {
    const { common } = context;
    const root = common.workspace === undefined ? {} : { root: (await locate(common)).root };
    const { runBridge } = await import("../server/index.ts");
    return runBridge({
        ...root,
        ...settingsOf(common),
        ...idleOf(command),
        trusted: common.trust,
        ...toolsOf(common),
        command: context.self,
        input: process.stdin,
        output: process.stdout,
        inProcess: common.noDaemon,
        // An editor may end its server without waiting for what it does at the end.
        onQuiet: context.keepCode,
    });
}

/** What may run in the background. */
function toolsOf(common: CommonOptions): Pick<Located, "backgroundFacts" | "rustAnalyzer"> {
    return { backgroundFacts: !common.noFacts, rustAnalyzer: !common.noRustAnalyzer };
}

async function serveTools(
    command: Extract<Command, { name: "mcp" }>,
    context: CommandContext,
): Promise<ExitStatus> {
    // Now: whoever starts this in the wrong folder hears of it at once.
    const where = { ...(await locate(context.common)), ...idleOf(command) };
    const { runMcp } = await import("../mcp/index.ts");
    await runMcp({
        connect: () => openClient(where, context, "mcp"),
        trusted: where.trusted,
        input: process.stdin,
        output: process.stdout,
    });
    return EXIT.done;
}

function settingsOf({ store, memoryMib, logLevel }: CommonOptions): DaemonSettings & {
    storeFolder?: string;
} {
    return {
        ...(store === undefined ? {} : { storeFolder: store }),
        ...(memoryMib === undefined ? {} : { memoryMib }),
        ...(logLevel === undefined ? {} : { logLevel }),
    };
}

function idleOf({ idleMs }: { readonly idleMs: number | undefined }): { idleMs?: number } {
    return idleMs === undefined ? {} : { idleMs };
}
