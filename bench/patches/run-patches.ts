// `npm run bench -- --patches N`: each action of semantic patches so many times by seeded choice, alone and in
// chains, on a copy of a workspace. What is planned is made, checked by cargo and by the tests, and taken back.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

import { openEngine, type Engine } from "../../src/engine/index.ts";
import { createLogger } from "../../src/platform/index.ts";
import type { PatchPlanDto } from "../../src/protocol/index.ts";
import { CargoJudge, type Verdict } from "../accuracy/cargo-judge.ts";
import { ResultStore } from "../accuracy/result-store.ts";
import { WorkspaceCopy } from "../accuracy/workspace-copy.ts";
import { builtKey } from "../accuracy/workspace-key.ts";
import { renderTable } from "../report/markdown-table.ts";
import { writeSection } from "../report/write-section.ts";
import type { NamedWorkspace } from "../workspaces.ts";
import {
    ACTIONS,
    choosePatches,
    type ActionName,
    type ChosenPatch,
    type PatchSeries,
} from "./choose-patches.ts";
import { TestJudge } from "./judge-tests.ts";

/** How patches are measured. */
export interface PatchesBench {
    readonly repository: string;
    readonly scratch: string;
    readonly workspaces: readonly NamedWorkspace[];
    /** Patches of each action at least: where hardly any of them can be made, more are tried. */
    readonly each: number;
    /** Names of actions to be tried now; of the others what earlier runs of the same product have found is shown. */
    readonly actions: readonly string[];
    /** The tests that passed before are run, too. */
    readonly withTests: boolean;
    /** No further patch is tried after so long, in each workspace. */
    readonly minutes: number | undefined;
    readonly out: string | undefined;
}

/** What became of one patch. */
interface Outcome {
    readonly action: ActionName;
    readonly patch: string;
    readonly result:
        "changes tests" | "compiles" | "compiles, warns" | "does not compile" | "refused";
    /** Code of the refusal, or the compiler's first complaint. */
    readonly reason: string;
    readonly edits: number;
    /** Tests that were run: those that the patch had Cargo compile anew. */
    readonly tests?: number;
    readonly planMs: number;
    /** Every file is as it was, once the patch is taken back. */
    readonly isTraceless: boolean;
}

const SEED = 8;

/** Of an action's patches one in so many is to be made; for that, so many times as many are tried at the most. */
const MADE_PART = 4;
const MORE = 5;

const CONTEXT = { client: "bench" };

/** Measures, prints, and writes the section where it is wanted. */
export async function runPatchesBench(bench: PatchesBench): Promise<void> {
    for (const workspace of bench.workspaces) {
        const text = render(workspace, bench, await measure(workspace, bench));
        console.log(`\n${text}`);
        writeSection(bench.out, `patches ${workspace.name}`, text);
    }
}

async function measure(workspace: NamedWorkspace, bench: PatchesBench): Promise<Outcome[]> {
    const place = path.join(bench.scratch, "patches", workspace.name);
    mkdirSync(place, { recursive: true });
    rmSync(path.join(place, "store"), { recursive: true, force: true });
    const copy = new WorkspaceCopy(workspace.root, path.join(place, "copy"));
    const judge = new CargoJudge(copy.root, path.join(place, "target"));
    const logger = createLogger({ level: "error", destination: "stderr" });
    const engine = openEngine({
        ...{ root: copy.root, storeFolder: path.join(place, "store") },
        ...{ trusted: false, watch: false, logger },
    });
    try {
        await engine.ready;
        const { rows } = await engine.tables.query(CONTEXT, {
            sql: "SELECT crate_name FROM cargo_metadata",
        });
        await judge.prepare(rows.map(([name]) => String(name)));
        const tests = bench.withTests
            ? new TestJudge(copy.root, path.join(place, "target-tests"))
            : undefined;
        const passing = await tests?.prepare();
        console.log(`${workspace.name}: ${passing ?? "no"} tests pass before`);
        const wanted = new Set<string>(bench.actions.length > 0 ? bench.actions : ACTIONS);
        const store = new ResultStore<Outcome>(path.join(place, "outcomes.jsonl"));
        const product = builtKey(bench.repository);
        const { stateRoot } = await engine.status(CONTEXT);
        const found: Outcome[] = [];
        const ended = new Set<ActionName>();
        const isEnough = (action: ActionName): boolean =>
            ended.has(action) || isTriedEnough(found, action, bench.each);
        const end = performance.now() + (bench.minutes ?? Infinity) * 60_000;
        for (const one of inTurns(await choosePatches(engine, SEED), isEnough)) {
            const question = JSON.stringify([one.patch, bench.withTests]);
            const key = { product, workspace: stateRoot, subject: one.action, question };
            const known = store.get(key);
            if (known === undefined && (!wanted.has(one.action) || performance.now() > end)) {
                ended.add(one.action);
                continue;
            }
            const outcome =
                known ?? (await tryPatch(engine, { one, root: copy.root, judge, tests }));
            found.push(outcome);
            if (known !== undefined) {
                continue;
            }
            store.put(key, outcome);
            const { action, patch, result, reason, planMs } = outcome;
            const shown = result === "does not compile" || result === "changes tests" ? patch : "";
            console.log(
                `${workspace.name} ${found.length}: ${action}: ${result} ${reason.split("\n")[0] ?? ""} ${planMs} ms ${outcome.tests ?? 0} tests ${shown}`,
            );
        }
        return found;
    } finally {
        await engine.close();
    }
}

/** Whether an action was tried so often, and a part of that was made or is not to be had. */
function isTriedEnough(outcomes: readonly Outcome[], action: ActionName, each: number): boolean {
    const own = outcomes.filter((one) => one.action === action);
    const made = own.filter(({ result }) => result !== "refused");
    const isMade = made.length >= Math.ceil(each / MADE_PART) || own.length >= each * MORE;
    return own.length >= each && isMade;
}

/** One patch of each action after the other, so that a run that ends early has some of all. */
function* inTurns(
    series: readonly PatchSeries[],
    isEnough: (action: ActionName) => boolean,
): Generator<ChosenPatch> {
    let left = series;
    while (left.length > 0) {
        const next: PatchSeries[] = [];
        for (const one of left) {
            const drawn = isEnough(one.action) ? undefined : one.patches.next().value;
            if (drawn !== undefined) {
                yield drawn;
                next.push(one);
            }
        }
        left = next;
    }
}

/** What patches are tried with. */
interface Trial {
    readonly one: ChosenPatch;
    readonly root: string;
    readonly judge: CargoJudge;
    readonly tests: TestJudge | undefined;
}

async function tryPatch(engine: Engine, { one, root, judge, tests }: Trial): Promise<Outcome> {
    const { action } = one;
    const patch = JSON.stringify(one.patch);
    const start = performance.now();
    const planned = await engine.patches.plan(CONTEXT, { patch });
    const planMs = Math.round(performance.now() - start);
    const base = { action, patch, planMs };
    if ("kind" in planned) {
        const reason = `${planned.code}: ${planned.message}`;
        return { ...base, result: "refused", reason, edits: 0, isTraceless: true };
    }
    const { plan } = planned;
    const edits = plan.files.reduce((sum, file) => sum + file.edits.length, 0);
    const before = plan.files.map(
        (file) => [file.path, readFileSync(path.join(root, file.path))] as const,
    );
    const done = await engine.patches.apply(CONTEXT, { plan: JSON.stringify(plan), inPlace: true });
    if ("kind" in done) {
        return {
            ...base,
            result: "refused",
            reason: `${done.code}: ${done.message}`,
            edits,
            isTraceless: isAsBefore(root, plan),
        };
    }
    const verdict = await judgeAll(judge, tests);
    takeBack(root, plan, before);
    return { ...base, ...verdict, edits, isTraceless: isAsBefore(root, plan) };
}

/** What the compiler says, and then the tests. */
async function judgeAll(
    judge: CargoJudge,
    tests: TestJudge | undefined,
): Promise<Pick<Outcome, "reason" | "result" | "tests">> {
    const verdict = await judge.judge();
    const result = resultOf(verdict);
    if (tests === undefined || result === "does not compile") {
        return { result, reason: verdict.first };
    }
    const { run, failed, isBroken } = await tests.judge();
    return isBroken
        ? { result: "does not compile", reason: "the tests do not compile", tests: 0 }
        : failed.length > 0
          ? { result: "changes tests", reason: failed.join("\n"), tests: run }
          : { result, reason: verdict.first, tests: run };
}

/** A warning that was not there before: of an import that nothing needs any more, say. */
function resultOf({ ok, first }: Verdict): Outcome["result"] {
    return ok ? "compiles" : first.startsWith("warning") ? "compiles, warns" : "does not compile";
}

function takeBack(
    root: string,
    plan: PatchPlanDto,
    before: readonly (readonly [string, Buffer])[],
): void {
    for (const { path: from, pathAfter } of plan.files) {
        if (from !== pathAfter) {
            rmSync(path.join(root, pathAfter), { force: true });
        }
    }
    for (const [file, bytes] of before) {
        mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
        writeFileSync(path.join(root, file), bytes);
    }
}

function isAsBefore(root: string, plan: PatchPlanDto): boolean {
    return plan.files.every((file) => {
        const place = path.join(root, file.path);
        const isLeft = file.path !== file.pathAfter && existsSync(path.join(root, file.pathAfter));
        const bytes = existsSync(place) ? readFileSync(place) : Buffer.alloc(0);
        return !isLeft && createHash("sha256").update(bytes).digest("hex") === file.before;
    });
}

function render(
    workspace: NamedWorkspace,
    { each, withTests, minutes }: PatchesBench,
    outcomes: readonly Outcome[],
): string {
    const rows = ACTIONS.map((action) => {
        const own = outcomes.filter((one) => one.action === action);
        const count = (result: Outcome["result"]): number =>
            own.filter((one) => one.result === result).length;
        const traces = own.filter((one) => !one.isTraceless).length;
        const edits = own.reduce((sum, one) => sum + one.edits, 0);
        return [
            action,
            own.length,
            count("refused"),
            count("compiles"),
            count("compiles, warns"),
            count("does not compile"),
            count("changes tests"),
            own.reduce((sum, one) => sum + (one.tests ?? 0), 0),
            edits,
            traces,
        ];
    });
    const header = [
        "action",
        "tried",
        "refused",
        "made, compiles",
        "made, warns anew",
        "made, does not compile",
        "made, other tests fail",
        "tests run",
        "edits",
        "left a trace",
    ];
    const reasons = new Map<string, number>();
    for (const { result, reason } of outcomes) {
        const first = (reason.split("\n")[0] ?? "")
            .replace(/`[^`]*`/gu, "…")
            .replace(/ under (?:no )?cfg.*$/u, " under …")
            .replace(/\d+/gu, "N");
        if (result !== "compiles") {
            const key = `${result}: ${first}`;
            reasons.set(key, (reasons.get(key) ?? 0) + 1);
        }
    }
    const listed = [...reasons]
        .sort((a, b) => b[1] - a[1])
        .map(([reason, times]) => [reason, times]);
    const tests = withTests ? " --with-tests" : "";
    const limit = minutes === undefined ? "" : ` --minutes ${minutes}`;
    return [
        `### Semantic patches on \`${workspace.name}\``,
        "",
        `\`npm run bench -- --patches ${each} --recipe ${workspace.name}${tests}${limit}\`, seed ${SEED}.`,
        "",
        renderTable(header, rows),
        "",
        renderTable(["what stood against it", "times"], listed),
    ].join("\n");
}
