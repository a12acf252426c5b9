// What becomes of the planted clashes: refused, asked back, or answered, and then what the program prints.

import path from "node:path";

import { LineIndex, OperatingError, type Refusal } from "../../src/base/index.ts";
import { runProcess } from "../../src/platform/index.ts";
import type { PlaceDto, RenamePlanDto } from "../../src/protocol/index.ts";
import type { PeerAnswer } from "../peers/rename-peer.ts";
import { fileOf, packageOf, wrongRename, type PlantedCase } from "./planted-cases.ts";
import { standingOf } from "./standing.ts";
import type { PlannedChange, WorkspaceCopy } from "./workspace-copy.ts";

/** How a planted rename can end. */
export const PLANTED_OUTCOMES = [
    "refused",
    "asks for a yes",
    "prints the same",
    "does not compile",
    "prints something else",
] as const;

/** How a planted rename ended. */
export type PlantedOutcome = (typeof PLANTED_OUTCOMES)[number];

/** What one side made of a case. */
export interface PlantedSide {
    readonly outcome: PlantedOutcome;
    /** Why it was refused, or what was printed. */
    readonly said: string;
}

/** A case and what became of it. */
export interface PlantedResult {
    readonly name: string;
    readonly about: string;
    readonly ours: PlantedSide;
    readonly peer: PlantedSide | undefined;
}

/** What planted renames are tried with. */
export interface PlantedBench {
    readonly plan: (at: PlaceDto, newName: string) => Promise<RenamePlanDto | Refusal>;
    readonly askPeer: ((at: PlaceDto, newName: string) => Promise<PeerAnswer>) | undefined;
    readonly copy: WorkspaceCopy;
    /** Folder for compiled programs. */
    readonly target: string;
}

const RUN_MS_MAX = 120_000;

/** Tries one case; throws when the case itself is not what it says. */
export async function tryPlanted(bench: PlantedBench, one: PlantedCase): Promise<PlantedResult> {
    await checkCase(bench, one);
    const at = { path: fileOf(one), ...new LineIndex(one.text).position(one.marks[0]?.start ?? 0) };
    const ours = await judgeOurs(bench, one, await bench.plan(at, one.newName));
    const answer = await bench.askPeer?.(at, one.newName);
    const peer = answer === undefined ? undefined : await judgePeer(bench, one, answer);
    return { name: one.name, about: one.about, ours, peer };
}

async function judgeOurs(
    bench: PlantedBench,
    one: PlantedCase,
    answer: RenamePlanDto | Refusal,
): Promise<PlantedSide> {
    if (!("edits" in answer)) {
        return { outcome: "refused", said: answer.code };
    }
    const standing = standingOf(answer);
    if (standing.kind !== "answered") {
        return { outcome: "refused", said: standing.reason };
    }
    return standing.needsYes
        ? { outcome: "asks for a yes", said: standing.reason }
        : outcomeOf(one, await printsAfter(bench, one, answer));
}

async function judgePeer(
    bench: PlantedBench,
    one: PlantedCase,
    answer: PeerAnswer,
): Promise<PlantedSide> {
    if (answer.kind === "refused") {
        return { outcome: "refused", said: answer.reason };
    }
    return answer.needsYes
        ? { outcome: "asks for a yes", said: "" }
        : outcomeOf(one, await printsAfter(bench, one, answer.change));
}

function outcomeOf(one: PlantedCase, printed: string | undefined): PlantedSide {
    if (printed === undefined) {
        return { outcome: "does not compile", said: "" };
    }
    const isSame = printed === one.prints;
    return { outcome: isSame ? "prints the same" : "prints something else", said: printed };
}

async function checkCase(bench: PlantedBench, one: PlantedCase): Promise<void> {
    const before = await printsAfter(bench, one, { edits: [], moves: [] });
    const after = await printsAfter(bench, one, wrongRename(one));
    if (before !== one.prints || after !== one.mustNotPrint || before === after) {
        throw new OperatingError(
            "ACCURACY_CASE_WRONG",
            `${one.name} prints ${before ?? "nothing"}, and ${after ?? "nothing"} once renamed`,
        );
    }
}

// Undefined when the program does not compile or does not end well.
async function printsAfter(
    bench: PlantedBench,
    one: PlantedCase,
    change: PlannedChange,
): Promise<string | undefined> {
    const takeBack = bench.copy.apply(change);
    try {
        const ran = await runProcess(
            "cargo",
            ["run", "--offline", "--quiet", "--package", packageOf(one)],
            {
                cwd: bench.copy.root,
                env: { CARGO_TARGET_DIR: path.resolve(bench.target), RUSTFLAGS: "-Awarnings" },
                timeoutMs: RUN_MS_MAX,
            },
        );
        return ran.code === 0 ? ran.stdout.trim() : undefined;
    } finally {
        takeBack();
    }
}
