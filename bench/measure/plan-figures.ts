// What the plan of a rename with its proof costs, in this process: no protocol, no ripple, one name after the
// other. Time by the clock is what a person waits; on a shared machine only the processor's says much.

import { LineIndex, repoPath } from "../../src/base/index.ts";
import {
    findRenameTarget,
    planRename,
    type RenameContext,
    type RenamePlan,
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
}

/**
 * Plans renames into names that nothing has: equal shares of all kinds of names, the same ones every time.
 * The first round finds nothing resolved but what choosing the names has; the second has all that the first left.
 */
export async function measurePlans(here: ResolvedHere, count: number): Promise<PlanFigure[][]> {
    const { model, captures, texts } = here;
    const context = contextInMemory({
        ...{ model, captures, resolver: new Resolver(), syntax: await openSyntax() },
        textOf: (path) => texts.get(path) ?? "",
    });
    const everything = [...texts.values()].join("\n");
    const names = [...new Set(everything.match(/[\p{XID_Start}_]\p{XID_Continue}*/gu) ?? [])];
    const taken = new Set(names);
    const drawn = drawInShares(listCandidates(here), count, SEED);
    return [1, 2].map(() => takeRound(context, here, drawn, taken));
}

function takeRound(
    context: RenameContext,
    here: ResolvedHere,
    drawn: readonly Drawn<Candidate>[],
    taken: ReadonlySet<string>,
): PlanFigure[] {
    return drawn.map(({ group, item }): PlanFigure => {
        const newName = freshName(item, (name) => taken.has(name));
        const begun = performance.now();
        const before = process.cpuUsage();
        const start = findRenameTarget(context, repoPath(item.path), item.offset);
        const plan = start.kind === "refusal" ? start : planRename(context, start.target, newName);
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
        };
    });
}

const SEED = 1;

/** Renders the figures of one round, by kind of name and of all. */
export function renderPlans(figures: readonly PlanFigure[]): string {
    const strata = [...new Set(figures.map((one) => one.stratum))].sort();
    const row = (name: string, group: readonly PlanFigure[]): Cell[] => {
        const times = [group.map((one) => one.processorMs), group.map((one) => one.elapsedMs)];
        const cells = times.flatMap((ms) =>
            [0.5, 0.95, 1].map((share) => Math.round(quantile(ms, share))),
        );
        return [name, group.length, ...cells];
    };
    return renderTable(
        [
            ...["renames of", "number", "p50, processor ms", "p95", "most"],
            ...["p50, ms by the clock", "p95", "most"],
        ],
        [
            ...strata.map((one) =>
                row(
                    one,
                    figures.filter((each) => each.stratum === one),
                ),
            ),
            row("all", figures),
        ],
    );
}
