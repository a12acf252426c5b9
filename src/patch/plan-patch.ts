// Plans a patch: matches its patterns, orders what they ask for, plans each operation on the state that the
// ones before it leave, and puts all of it together as edits of the texts as they are.

import { setImmediate as nextTurn } from "node:timers/promises";

import {
    checkCancelled,
    LineIndex,
    refuse,
    type CancelSignal,
    type Refusal,
} from "../base/index.ts";
import { formatNodeId } from "../graph/index.ts";
import type { RiskDto } from "../protocol/index.ts";
import {
    isApplicable,
    type Conflict,
    type RenameContext,
    type RenamePlan,
} from "../refactor/index.ts";
import { assemblePlan } from "./assemble-plan.ts";
import { checkOperation, checkSize } from "./constraints.ts";
import { makeOperation, intentOf } from "./make-operations.ts";
import type { Operation, PatchWorld, PlannedOperation, PlanState, Tracked } from "./model.ts";
import { orderOperations } from "./order-operations.ts";
import { planAction } from "./plan-action.ts";
import type { PatchPlan } from "./patch-plan.ts";
import type { PatchAction, PatchPattern, SemanticPatch } from "./patch-schema.ts";
import { checkExpected, selectItems, targetAt } from "./select-items.ts";
import { follow } from "./track.ts";
import { weighOperation } from "./risk.ts";
import { Workpiece } from "./workpiece.ts";

/** What is planned, and on what. */
export interface PatchInput {
    readonly patch: SemanticPatch;
    readonly state: PlanState;
    readonly world: PatchWorld;
    /** Root of the graph that the state is of, hex. */
    readonly graphRoot: string;
    readonly signal?: CancelSignal | undefined;
    /** Told before each operation. */
    readonly onOperation?: ((done: number, known: number) => void) | undefined;
}

/** Plans a patch, or says why it cannot be made. */
export async function planPatch(input: PatchInput): Promise<PatchPlan | Refusal> {
    const planning = new PatchPlanning(input);
    const refusal = await planning.run();
    if (refusal !== undefined) {
        return refusal;
    }
    const { workpiece, planned, risks } = planning;
    if (planned.length === 0) {
        return refuse("PATCH_NOTHING", "the patch changes nothing: all is as it asks already");
    }
    await workpiece.format(planning.state.context.resolution, input.world);
    const plan = assemblePlan({ ...input, workpiece, planned, risks });
    const edits = plan.files.reduce((sum, file) => sum + file.edits.length, 0);
    const tooLarge = checkSize(input.patch.constraints ?? {}, { files: plan.files.length, edits });
    return tooLarge ?? plan;
}

interface Waiting {
    readonly pattern: number;
    readonly items: readonly Tracked[];
}

class PatchPlanning {
    readonly workpiece: Workpiece;
    readonly planned: PlannedOperation[] = [];
    readonly risks: RiskDto[] = [];
    state: PlanState;
    readonly #input: PatchInput;
    readonly #bindings = new Map<string, readonly Tracked[]>();
    /** Matched and not yet made, by pattern. */
    #waiting: Waiting[] = [];

    constructor(input: PatchInput) {
        this.#input = input;
        this.state = input.state;
        this.workpiece = new Workpiece(input.state);
    }

    async run(): Promise<Refusal | undefined> {
        const { patterns } = this.#input.patch;
        // What is matched at first is matched in the workspace as it is, whatever comes before it.
        for (const [at, { match }] of patterns.entries()) {
            const waits = "bound" in match || "pattern" in match;
            const refusal = waits ? undefined : await this.#match(at, true);
            if (refusal !== undefined) {
                return refusal;
            }
        }
        for (const at of patterns.keys()) {
            if (!this.#waiting.some(({ pattern }) => pattern === at)) {
                const refusal = (await this.#makeBefore(at)) ?? (await this.#match(at, false));
                if (refusal !== undefined) {
                    return refusal;
                }
            }
        }
        return this.#makeBefore(patterns.length);
    }

    /** Matches a pattern; one that finds nothing at first is left for when those before it are made. */
    async #match(at: number, isFirst: boolean): Promise<Refusal | undefined> {
        const pattern = this.#input.patch.patterns[at];
        if (pattern === undefined) {
            return undefined;
        }
        const { match, action } = pattern;
        const { world } = this.#input;
        const { state } = this;
        const as = intentOf(action);
        const found = await selectItems(match, { world, state, bindings: this.#bindings, as });
        if (found.kind === "refusal") {
            return within(at, found);
        }
        const { items } = found;
        if (isFirst && items.length === 0) {
            return undefined;
        }
        const unexpected = checkExpected(state.context.resolution, at, match, items);
        if (unexpected !== undefined) {
            return unexpected;
        }
        this.#waiting.push({ pattern: at, items });
        if ("bind" in match && match.bind !== undefined) {
            this.#bindings.set(match.bind, items);
        }
        return undefined;
    }

    /** Makes all that waits of patterns before one. */
    async #makeBefore(end: number): Promise<Refusal | undefined> {
        const ready = this.#waiting.filter(({ pattern }) => pattern < end);
        this.#waiting = this.#waiting.filter(({ pattern }) => pattern >= end);
        const operations = this.#operationsOf(ready);
        if ("code" in operations) {
            return operations;
        }
        const ordered = orderOperations(this.state.context.resolution, operations);
        if (ordered.kind === "refusal") {
            return ordered;
        }
        let left = [...ordered.operations];
        for (let next = left.shift(); next !== undefined; next = left.shift()) {
            this.#input.onOperation?.(this.planned.length, this.planned.length + left.length + 1);
            const made = await this.#make(next);
            if (made.kind === "refusal") {
                return within(next.pattern, made);
            }
            left = left.map((each) => ({ ...each, tracked: follow(each.tracked, made) }));
            await nextTurn(); // Others have the loop between two operations.
            checkCancelled(this.#input.signal);
        }
        return undefined;
    }

    #operationsOf(waiting: readonly Waiting[]): Operation[] | Refusal {
        const made = new Map<string, Operation>();
        for (const { pattern, items } of [...waiting].sort((a, b) => a.pattern - b.pattern)) {
            const asked = this.#input.patch.patterns[pattern];
            for (const tracked of items) {
                const operation =
                    asked === undefined ? undefined : this.#operation(pattern, asked, tracked);
                if (operation === undefined) {
                    continue;
                }
                if ("code" in operation) {
                    return within(pattern, operation);
                }
                const key = keyOf(operation);
                const known = made.get(key);
                if (known !== undefined && !isSame(known, operation)) {
                    return contradiction(known, operation);
                }
                made.set(key, known ?? operation);
            }
        }
        return [...made.values()];
    }

    #operation(
        pattern: number,
        asked: PatchPattern,
        tracked: Tracked,
    ): Operation | Refusal | undefined {
        return makeOperation(this.state.context.resolution, pattern, asked, tracked);
    }

    async #make(operation: Operation): Promise<RenamePlan | Refusal> {
        const { patch, world } = this.#input;
        const { context } = this.state;
        const { resolution } = context;
        const constraints = patch.constraints ?? {};
        const isOfItem = !("pattern_rewrite" in operation.action);
        const target = isOfItem ? targetAt(resolution, operation.tracked) : undefined;
        if (isOfItem && target === undefined) {
            return refuse("PATCH_LOST", `\`${operation.path}\` cannot be followed any further`);
        }
        const plan = this.state.atOnce(() => planAction(context, operation, target));
        if (plan.kind === "refusal") {
            return plan;
        }
        const accepted = new Set(
            constraints.only_if_no_conflicts === false ? (constraints.accept ?? []) : [],
        );
        if (!isApplicable(plan, accepted)) {
            return refuseConflicts(operation, plan, context);
        }
        const excluded = checkOperation(resolution, constraints, plan, `\`${operation.path}\``);
        if (excluded !== undefined) {
            return excluded;
        }
        const ids = plan.target.kind === "local" ? [] : idsOf(this.state, plan.target.symbol);
        const reach = await world.reachOf(ids);
        const checksConfigurations = (constraints.cfg_matrix ?? []).length > 0;
        this.risks.push(weighOperation({ resolution, plan, reach, checksConfigurations }));
        const { changes, moves } = this.workpiece.take(this.state, plan, this.planned.length);
        this.planned.push({ operation, plan, context });
        this.state = this.state.after(changes, moves);
        for (const [name, items] of this.#bindings) {
            this.#bindings.set(
                name,
                items.map((item) => follow(item, plan)),
            );
        }
        this.#waiting = this.#waiting.map(({ pattern, items }) => ({
            pattern,
            items: items.map((item) => follow(item, plan)),
        }));
        return plan;
    }
}

function idsOf({ context: { resolution } }: PlanState, symbol: number): string[] {
    return resolution
        .renameFamily(symbol)
        .map((index) => formatNodeId(resolution.symbol(index).id));
}

function kindOf(action: PatchAction): string {
    return Object.keys(action)[0] ?? "";
}

/** What an operation changes: two that change the same thing must be the same. */
function keyOf({ action, tracked, path }: Operation): string {
    const { as, file, start } = tracked;
    return "pattern_rewrite" in action
        ? `pattern ${path}`
        : `${kindOf(action)} ${as} ${file}:${start}`;
}

function isSame(a: Operation, b: Operation): boolean {
    return a.newName === b.newName && JSON.stringify(rest(a)) === JSON.stringify(rest(b));
}

/** Of a rename only the name counts, however it is written. */
function rest({ action }: Operation): unknown {
    return "rename" in action ? {} : action;
}

function contradiction(first: Operation, second: Operation): Refusal {
    return refuse("PATCH_CONTRADICTION", `two patterns ask different things of \`${first.path}\``, {
        candidates: [first, second].map(
            ({ pattern, action }) => `patterns[${pattern}]: ${JSON.stringify(action)}`,
        ),
    });
}

/** Says which pattern a refusal is of. */
function within(pattern: number, refusal: Refusal): Refusal {
    return { ...refusal, message: `patterns[${pattern}]: ${refusal.message}` };
}

const PLACES_SHOWN = 3;

function refuseConflicts(
    { path }: Operation,
    plan: RenamePlan,
    { treeOf, textOf }: Pick<RenameContext, "textOf" | "treeOf">,
): Refusal {
    const { conflicts, unproved, proof } = plan;
    const said = conflicts.map(({ grade, message }: Conflict) => `${grade}: ${message}`);
    const open = unproved.map(({ path: file, span, reason }) => {
        if (treeOf(file) === undefined) {
            return `unproved in ${file}: ${reason}`;
        }
        const { line, column } = new LineIndex(textOf(file)).position(span.start);
        return `unproved at ${file}:${line + 1}:${column + 1}: ${reason}`;
    });
    const acceptable = conflicts.every(
        ({ grade }) => grade === "breaks-api" || grade === "changes-output",
    );
    const count = `${conflicts.length} conflicts and ${unproved.length} unproved places`;
    return refuse("PATCH_CONFLICT", `\`${path}\`: ${count}; ${proof.verdict}`, {
        at: conflicts.flatMap(({ at }) => at).slice(0, PLACES_SHOWN),
        candidates: [...said, ...open].slice(0, 2 * PLACES_SHOWN),
        advice:
            acceptable && unproved.length === 0 && conflicts.length > 0
                ? "agree in the patch: `only_if_no_conflicts` false, and `accept` what is meant"
                : "choose another name, or leave this item out",
    });
}
