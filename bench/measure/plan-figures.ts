// What the plan of a rename with its proof costs, in this process: no protocol, no ripple, one name after the
// other. Time by the clock is what a person waits; on a shared machine only the processor's says much. What an editor's
// `prepareRename` lets us make ahead of the new name is measured apart, and never taken for the answer's time.

import { assert, LineIndex, repoPath } from "../../src/base/index.ts";
import {
    findRenameTarget,
    planRename,
    prepareRename,
    type RenameAhead,
    type RenameContext,
    type RenamePlan,
    type RenameTarget,
} from "../../src/refactor/index.ts";
import { Resolver } from "../../src/resolve/index.ts";
import { openSyntax } from "../../src/syntax/index.ts";
import { freshName } from "../accuracy/fresh-name.ts";
import type { ResolvedHere } from "../accuracy/resolve-here.ts";
import { drawInShares, type Drawn } from "../accuracy/sample.ts";
import { listCandidates, type Candidate } from "../accuracy/strata.ts";
import { renderTable, type Cell } from "../report/markdown-table.ts";
import { contextInMemory } from "./rename-context.ts";
import { quantile } from "./statistics.ts";

/** One rename. */
export interface PlanFigure {
    readonly stratum: string;
    readonly name: string;
    readonly path: string;
    /** From 1. */
    readonly line: number;
    /** Verdict of the proof, or the code of the refusal. */
    readonly outcome: string;
    readonly processorMs: number;
    /** By the clock. */
    readonly elapsedMs: number;
    readonly edits: number;
    /** Tokens that the proof compared. */
    readonly tokens: number;
    /** Digest of the proof: two ways to make it must give the same one. */
    readonly digest: string;
    /** What was made before the new name was known; the other times do not have it in them. */
    readonly ahead: WorkAhead | undefined;
}

/** Work between where a rename begins and its new name. */
export interface WorkAhead {
    readonly processorMs: number;
    readonly elapsedMs: number;
    /** The longest piece in which nothing else gets a turn, by the clock. */
    readonly sliceMs: number;
}

/** Rounds over the same names. */
export interface PlanRounds {
    /** With the name known from the beginning: nothing resolved but what choosing the names has. */
    readonly first: readonly PlanFigure[];
    /** With all that the first has left. */
    readonly second: readonly PlanFigure[];
    /** On a resolver of its own again: what does not hang on the new name is made ahead. */
    readonly prepared: readonly PlanFigure[];
    /** With all that this one has left. */
    readonly preparedAgain: readonly PlanFigure[];
}

interface Rounds {
    readonly here: ResolvedHere;
    readonly drawn: readonly Drawn<Candidate>[];
    readonly taken: ReadonlySet<string>;
}

/** Plans renames into names that nothing has: equal shares of all kinds of names, the same ones every time. */
export async function measurePlans(here: ResolvedHere, count: number): Promise<PlanRounds> {
    const { model, captures, texts } = here;
    const syntax = await openSyntax();
    const openContext = (): RenameContext =>
        contextInMemory({
            ...{ model, captures, syntax, resolver: new Resolver() },
            textOf: (path) => texts.get(path) ?? "",
        });
    const everything = [...texts.values()].join("\n");
    const names = [...new Set(everything.match(/[\p{XID_Start}_]\p{XID_Continue}*/gu) ?? [])];
    const taken = new Set(names);
    const drawn = drawInShares(listCandidates(here), count, SEED);
    const rounds = { here, drawn, taken };
    const plain = openContext();
    const first = takeRound(plain, rounds, false);
    const second = takeRound(plain, rounds, false);
    const context = openContext();
    const prepared = takeRound(context, rounds, true);
    const preparedAgain = takeRound(context, rounds, true);
    for (const [at, { digest, outcome, edits, name }] of first.entries()) {
        for (const other of [second, prepared, preparedAgain].map((round) => round[at])) {
            const isSame =
                other?.digest === digest && other.outcome === outcome && other.edits === edits;
            assert(isSame, `the plan of \`${name}\` is the same in every round`);
        }
    }
    return { first, second, prepared, preparedAgain };
}

function takeRound(
    context: RenameContext,
    { here, drawn, taken }: Rounds,
    isPrepared: boolean,
): PlanFigure[] {
    return drawn.map(({ group, item }): PlanFigure => {
        const newName = freshName(item, (name) => taken.has(name));
        const find = (): ReturnType<typeof findRenameTarget> =>
            findRenameTarget(context, repoPath(item.path), item.offset);
        const begunAt = isPrepared ? find() : undefined;
        const prepared =
            begunAt?.kind === "start" ? prepareInSlices(context, begunAt.target) : undefined;
        const begun = performance.now();
        const before = process.cpuUsage();
        const start = begunAt ?? find();
        const plan =
            start.kind === "refusal"
                ? start
                : planRename(context, start.target, newName, { ahead: prepared?.ahead });
        const { user, system } = process.cpuUsage(before);
        const elapsedMs = performance.now() - begun;
        const made: RenamePlan | undefined = plan.kind === "plan" ? plan : undefined;
        return {
            stratum: group,
            name: item.name,
            path: item.path,
            line: new LineIndex(here.texts.get(item.path) ?? "").position(item.offset).line + 1,
            outcome: plan.kind === "plan" ? plan.proof.verdict : plan.code,
            processorMs: (user + system) / 1000,
            elapsedMs,
            edits: made?.edits.length ?? 0,
            tokens: made?.proof.tokens ?? 0,
            digest: made?.proof.digest ?? "",
            ahead: prepared?.work,
        };
    });
}

/** What the daemon does after `prepareRename`, without the turns that others get in between. */
function prepareInSlices(
    context: RenameContext,
    target: RenameTarget,
): { readonly ahead: RenameAhead | undefined; readonly work: WorkAhead } {
    const begun = performance.now();
    const before = process.cpuUsage();
    const steps = prepareRename(context, target);
    for (let sliceMs = 0; ;) {
        const sliceBegun = performance.now();
        const step = steps.next();
        const now = performance.now();
        sliceMs = Math.max(sliceMs, now - sliceBegun);
        if (step.done === true) {
            const { user, system } = process.cpuUsage(before);
            const processorMs = (user + system) / 1000;
            return {
                ahead: step.value,
                work: { processorMs, elapsedMs: now - begun, sliceMs },
            };
        }
    }
}

const SEED = 1;

/** Renders the figures of one round, by kind of name and of all. */
export function renderPlans(figures: readonly PlanFigure[]): string {
    return renderTimes(figures, [
        ["processor ms", ({ processorMs }) => processorMs],
        ["ms by the clock", ({ elapsedMs }) => elapsedMs],
    ]);
}

/** Renders what was made ahead of them. */
export function renderAhead(figures: readonly PlanFigure[]): string {
    return renderTimes(figures, [
        ["processor ms", ({ ahead }) => ahead?.processorMs ?? 0],
        ["ms by the clock", ({ ahead }) => ahead?.elapsedMs ?? 0],
        ["ms in one piece", ({ ahead }) => ahead?.sliceMs ?? 0],
    ]);
}

type Time = readonly [unit: string, of: (figure: PlanFigure) => number];

function renderTimes(figures: readonly PlanFigure[], times: readonly Time[]): string {
    const strata = [...new Set(figures.map((one) => one.stratum))].sort();
    const row = (name: string, group: readonly PlanFigure[]): Cell[] => {
        const cells = times.flatMap(([, of]) =>
            [0.5, 0.95, 1].map((share) => Math.round(quantile(group.map(of), share))),
        );
        return [name, group.length, ...cells];
    };
    const groupOf = (stratum: string): PlanFigure[] =>
        figures.filter((each) => each.stratum === stratum);
    return renderTable(
        ["renames of", "number", ...times.flatMap(([unit]) => [`p50, ${unit}`, "p95", "most"])],
        [...strata.map((one) => row(one, groupOf(one))), row("all", figures)],
    );
}
