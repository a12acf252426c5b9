// `npm run bench -- --landing N`: a plan of N edits or more, of renames by seeded choice, landed again and again on a
// copy of a workspace that is a git repository of its own. Says what an operation costs beside the `cargo check`
// in it, once the caches are warm.

import { loadavg } from "node:os";
import path from "node:path";

import type { Engine } from "../../src/engine/index.ts";
import type { PatchPlanDto } from "../../src/protocol/index.ts";
import { resolveHere } from "../accuracy/resolve-here.ts";
import { FIXED_SEEDS, orderTrials } from "../accuracy/trial-order.ts";
import { withEngineOnRepository } from "../measure/engine-on-repository.ts";
import { median } from "../measure/statistics.ts";
import { renderTable } from "../report/markdown-table.ts";
import { writeSection } from "../report/write-section.ts";
import type { NamedWorkspace } from "../workspaces.ts";

/** How landing is measured. */
export interface LandingBench {
    readonly scratch: string;
    readonly workspaces: readonly NamedWorkspace[];
    /** Edits of the plan, at least. */
    readonly edits: number;
    readonly out: string | undefined;
}

/** What one operation took, in milliseconds. */
interface Run {
    readonly before: number;
    readonly check: number;
    readonly all: number;
    readonly compiled: number;
}

const CONTEXT = { client: "bench" };
const ACCEPT = ["changes-output", "breaks-api"];
/** Operations: the first one fills the caches, and is not measured. */
const RUNS = 6;
/** Renames that are tried for the plan. */
const TRIED_MAX = 400;

/** Measures, prints, and writes the section where it is wanted. */
export async function runLandingBench(bench: LandingBench): Promise<void> {
    for (const workspace of bench.workspaces) {
        const text = await measure(workspace, bench);
        console.log(`\n${text}`);
        writeSection(bench.out, `landing ${workspace.name}`, text);
    }
}

async function measure(workspace: NamedWorkspace, bench: LandingBench): Promise<string> {
    const place = path.join(bench.scratch, "landing", workspace.name);
    return withEngineOnRepository(workspace.root, place, chooseNames, async (engine, names) => {
        const plan = await makePlan(engine, names, bench.edits);
        const runs: Run[] = [];
        for (let run = 0; run < RUNS; run++) {
            runs.push(await landOnce(engine, plan));
            console.log(`${workspace.name} ${run + 1}/${RUNS}: ${JSON.stringify(runs.at(-1))}`);
        }
        return render(workspace, plan, runs);
    });
}

/** Paths of items with the new names that they get, in seeded order. */
async function chooseNames(root: string): Promise<ReadonlyMap<string, string>> {
    const here = await resolveHere(root);
    const names = new Map<string, string>();
    for (const turn of orderTrials(here, FIXED_SEEDS)) {
        for (const { candidate, newName, mode } of turn) {
            if (mode === "fresh" && /^\w+(?:::\w+)+$/u.test(candidate.display)) {
                names.set(candidate.display, newName);
            }
        }
        if (names.size >= TRIED_MAX) {
            break;
        }
    }
    return names;
}

/** Puts renames together that can be made until they come to so many edits. */
async function makePlan(
    engine: Engine,
    names: ReadonlyMap<string, string>,
    edits: number,
): Promise<PatchPlanDto> {
    const patterns: object[] = [];
    let best: PatchPlanDto | undefined;
    for (const [symbol, newName] of names) {
        const tried = [...patterns, { match: { symbol }, action: { rename: newName } }];
        const constraints = { only_if_no_conflicts: false, accept: ACCEPT };
        const patch = { id: "bench", patterns: tried, constraints };
        const planned = await engine.patches.plan(CONTEXT, { patch: JSON.stringify(patch) });
        if (!("kind" in planned)) {
            patterns.splice(0, patterns.length, ...tried);
            best = planned.plan;
            if (editsOf(best) >= edits) {
                return best;
            }
        }
    }
    if (best === undefined) {
        throw new Error("none of the renames can be made");
    }
    return best;
}

function editsOf({ files }: PatchPlanDto): number {
    return files.reduce((sum, file) => sum + file.edits.length, 0);
}

async function landOnce(engine: Engine, plan: PatchPlanDto): Promise<Run> {
    const start = performance.now();
    const done = await engine.patches.apply(CONTEXT, { plan: JSON.stringify(plan), land: "patch" });
    const all = Math.round(performance.now() - start);
    if ("kind" in done) {
        throw new Error(`${done.code}: ${done.message}\n${done.candidates.join("\n")}`);
    }
    const checks = done.landed?.checks ?? [];
    const sum = (of: (one: (typeof checks)[number]) => number): number =>
        checks.reduce((total, one) => total + of(one), 0);
    return {
        all,
        before: sum(({ millisecondsBefore }) => millisecondsBefore),
        check: sum(({ milliseconds }) => milliseconds),
        compiled: sum(({ compiled }) => compiled),
    };
}

function render(workspace: NamedWorkspace, plan: PatchPlanDto, runs: readonly Run[]): string {
    const warm = runs.slice(1);
    const ratio = median(warm.map(({ all, check }) => all / check)).toFixed(2);
    const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(1);
    const load = loadavg()[0]?.toFixed(1) ?? "";
    return [
        `${workspace.name}: a plan of ${editsOf(plan)} edits in ${plan.files.length} files, by ${plan.operations.length} renames. Beside the \`cargo check\` in it, the median of the operations`,
        `after the first: ${ratio} times. Load of the machine at the end: ${load}.`,
        "",
        renderTable(
            ["operation", "check before s", "check s", "targets compiled", "all s"],
            runs.map(({ before, check, all, compiled }, at) => [
                at + 1,
                ...[before, check].map(seconds),
                compiled,
                seconds(all),
            ]),
        ),
    ].join("\n");
}
