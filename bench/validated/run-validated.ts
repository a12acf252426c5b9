// `npm run bench -- --validated N`: N renames to fresh names by seeded choice, validated on a copy of a workspace
// that is a git repository of its own. Says how each ended, plain and validated, and what validating costs beside
// the `cargo check` in it: the first time, once more with another name, when its state is known, but nothing is that
// was compared there, and with a third name, when that is known, too.

import { readdirSync, rmSync } from "node:fs";
import path from "node:path";

import { LineIndex, type Refusal } from "../../src/base/index.ts";
import type { Engine } from "../../src/engine/index.ts";
import type { ValidateRenameResult } from "../../src/protocol/index.ts";
import { resolveHere } from "../accuracy/resolve-here.ts";
import { standingOf } from "../accuracy/standing.ts";
import { FIXED_SEEDS, orderTrials, type Wish } from "../accuracy/trial-order.ts";
import { withEngineOnRepository } from "../measure/engine-on-repository.ts";
import { median } from "../measure/statistics.ts";
import { renderTable } from "../report/markdown-table.ts";
import { writeSection } from "../report/write-section.ts";
import type { NamedWorkspace } from "../workspaces.ts";

/** How validated renames are measured. */
export interface ValidatedBench {
    readonly scratch: string;
    readonly workspaces: readonly NamedWorkspace[];
    /** Renames of each workspace. */
    readonly count: number;
    readonly out: string | undefined;
}

/** What became of one rename. */
interface Outcome {
    readonly name: string;
    readonly stratum: string;
    /** What the plain rename says of itself. */
    readonly plain: string;
    /** `passed`, or the code of the refusal. */
    readonly validated: string;
    readonly rounds: number;
    readonly bindings: number;
    readonly bodies: number;
    /** Milliseconds of the runs of `cargo check` in it, from start to end, of what is compared after it, and of all. */
    readonly check: number;
    readonly compare: number;
    readonly separate: number;
    readonly total: number;
    /** The same rename before, to another name, when nothing was known of its crates. */
    readonly first: Cost;
    /** The same again, to a third name, when it is known what the compiler prints of the crates as they are. */
    readonly last: Cost;
}

/** Milliseconds of the runs of `cargo check`, and of all but the separate checks. */
interface Cost {
    readonly check: number;
    readonly own: number;
}

const CONTEXT = { client: "bench" };
/** Conflicts are not what is measured. */
const ACCEPT = ["changes-output", "breaks-api"];

/** Measures, prints, and writes the section where it is wanted. */
export async function runValidatedBench(bench: ValidatedBench): Promise<void> {
    for (const workspace of bench.workspaces) {
        const text = render(workspace, await measure(workspace, bench));
        console.log(`\n${text}`);
        writeSection(bench.out, `validated ${workspace.name}`, text);
    }
}

async function measure(workspace: NamedWorkspace, bench: ValidatedBench): Promise<Outcome[]> {
    const place = path.join(bench.scratch, "validated", workspace.name);
    return withEngineOnRepository(workspace.root, place, resolveHere, async (engine, here) => {
        const outcomes: Outcome[] = [];
        for (const wish of chooseWishes(here, bench.count)) {
            const text = here.texts.get(wish.candidate.path) ?? "";
            const { line, column } = new LineIndex(text).position(wish.candidate.offset);
            const at = { path: wish.candidate.path, line, column };
            const symbol = { kind: "place", place: at } as const;
            const first = costOf(await tryRename(engine, wish, symbol));
            const again = { ...wish, newName: `${wish.newName}2` };
            forgetDumps(place);
            const warm = await tryRename(engine, again, symbol);
            const third = { ...wish, newName: `${wish.newName}3` };
            const last = costOf(await tryRename(engine, third, symbol));
            const outcome = { ...warm, first, last };
            outcomes.push(outcome);
            console.log(
                `${workspace.name} ${outcomes.length}/${bench.count}: ${outcome.name}: plain ${outcome.plain}, ` +
                    `validated ${outcome.validated}, check ${outcome.check} of ${outcome.total} ms (first ${first.check} of ${first.own} ms, last ${last.check} of ${last.own} ms)`,
            );
        }
        return outcomes;
    });
}

/** Removes what was compared of the crates as they are: another rename would find other copies of them. */
function forgetDumps(place: string): void {
    const folder = path.join(place, "cache/ferrograph/executor");
    for (const name of readdirSync(folder)) {
        rmSync(path.join(folder, name, "validate/dumps"), { recursive: true, force: true });
    }
}

function chooseWishes(here: Parameters<typeof orderTrials>[0], count: number): Wish[] {
    const chosen: Wish[] = [];
    for (const turn of orderTrials(here, FIXED_SEEDS)) {
        chosen.push(...turn.filter(({ mode }) => mode === "fresh"));
        if (chosen.length >= count) {
            break;
        }
    }
    return chosen.slice(0, count);
}

async function tryRename(
    engine: Engine,
    { candidate, newName }: Wish,
    symbol: Parameters<Engine["renameImpact"]>[1]["symbol"],
): Promise<Omit<Outcome, "first" | "last">> {
    const asked = { symbol, newName, accept: ACCEPT };
    const plan = await engine.renameImpact(CONTEXT, { ...asked, planOnly: true });
    const plain = "kind" in plan ? plan.code : describeStanding(plan.plan);
    const start = performance.now();
    const done = await engine.patches.validate(CONTEXT, asked);
    const total = Math.round(performance.now() - start);
    if ("kind" in done) {
        console.log(`${candidate.display}: ${done.message}\n${done.candidates.join("\n")}`);
    }
    const base = { name: candidate.display, stratum: candidate.stratum, plain, total };
    return { ...base, ...describeOutcome(done) };
}

function costOf({ check, total, separate }: Omit<Outcome, "first" | "last">): Cost {
    return { check, own: total - separate };
}

function describeStanding(plan: Parameters<typeof standingOf>[0]): string {
    const { kind, reason } = standingOf(plan);
    return kind === "answered" ? "answered" : `refused (${reason})`;
}

function describeOutcome(
    done: ValidateRenameResult | Refusal,
): Omit<Outcome, "first" | "last" | "name" | "plain" | "stratum" | "total"> {
    if ("kind" in done) {
        const none = { rounds: 0, bindings: 0, bodies: 0, check: 0, compare: 0, separate: 0 };
        return { validated: done.code, ...none };
    }
    const { rounds, bindings, mir, durations, checks } = done.evidence;
    const spent = (...stages: readonly string[]): number =>
        durations
            .filter(({ stage }) => stages.includes(stage))
            .reduce((sum, { milliseconds }) => sum + milliseconds, 0);
    return {
        validated: "passed",
        rounds: rounds.length,
        bindings: bindings.compared,
        bodies: mir.bodies,
        // Cargo's own time: what we do before it begins, or beside it, is what is measured by it.
        check: checks
            .filter(({ command }) => command.startsWith("cargo check"))
            .reduce((sum, one) => sum + one.millisecondsBefore + one.milliseconds, 0),
        compare: spent("comparing bindings"),
        separate: spent("documentation links", "documentation tests", "linking"),
    };
}

function render(workspace: NamedWorkspace, outcomes: readonly Outcome[]): string {
    const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(1);
    const rows = outcomes.map((one) => [
        `${one.stratum}: \`${one.name}\``,
        one.plain,
        one.validated,
        one.rounds,
        one.bindings,
        one.bodies,
        ...[one.check, one.compare, one.separate, one.total, one.first.check, one.first.own].map(
            seconds,
        ),
        ...[one.last.check, one.last.own].map(seconds),
    ]);
    const warm = outcomes.filter(({ validated }) => validated === "passed");
    const ratio = (costs: readonly Cost[]): string =>
        costs.length === 0 ? "none" : median(costs.map(({ own, check }) => own / check)).toFixed(2);
    const passed = outcomes.filter(({ validated }) => validated === "passed").length;
    return [
        `${workspace.name}: ${passed} of ${outcomes.length} pass. Beside the \`cargo check\` in it, without the separate checks, the median:`,
        `${ratio(warm.map(costOf))} times on warm caches, ${ratio(warm.map(({ last }) => last))} times where the symbol is renamed to another name than it was validated for, ${ratio(warm.slice(UNBUILT).map(({ first }) => first))} times where a crate is validated for the first time (those after the first ${UNBUILT}, before which nothing was built).`,
        "",
        renderTable(
            [
                ...["rename", "plain", "validated", "rounds", "bindings", "bodies"],
                ...["check s", "comparison s", "separate s", "all s"],
                ...["first time: check s", "and all but separate s"],
                ...["third name: check s", "and all but separate s"],
            ],
            rows,
        ),
    ].join("\n");
}

/** Renames whose first time also builds what everything depends on. */
const UNBUILT = 2;
