// Plans semantic patches on what a client sees, and makes plans in the workspace itself.

import { refuse, type Refusal } from "../../base/index.ts";
import { formatNodeId, parseNodeId, type NodeId } from "../../graph/index.ts";
import type { PatchPlan, PatchWorld } from "../../patch/index.ts";
import type {
    ApplyPlanParams,
    ApplyPlanResult,
    OperationsParams,
    OperationsResult,
    PlanParams,
    PlanResult,
    ReplayParams,
    RollbackParams,
    RollbackResult,
    ValidateRenameParams,
    ValidateRenameResult,
} from "../../protocol/index.ts";
import type { RequestContext } from "../engine.ts";
import { RIPPLE_EDGES } from "../measure-impact.ts";
import { findStale } from "../plan-rename.ts";
import type { EnginePorts } from "../ports.ts";
import { StaleFiles, type View } from "../view.ts";
import { refuseOutside } from "../write-files.ts";
import {
    changeOfPlan,
    Execution,
    resultOf,
    type ChangeOf,
    type ExecutionParts,
} from "./execute-plan.ts";
import { RustFormatter } from "./format-rust.ts";
import { PastOperations } from "./past-operations.ts";
import type { AppliedPlan, PlanToApply } from "./plan-to-apply.ts";
import { ViewState } from "./view-state.ts";

/** What patches are planned with. */
export interface PatchParts extends ExecutionParts {
    readonly ports: EnginePorts;
    /** Asks a view; captures anew and asks again when files turn out to have changed on disk. */
    readonly query: <T>(context: RequestContext, ask: (view: View) => Promise<T>) => Promise<T>;
    /** First column of all rows of a query. */
    readonly firstColumn: (context: RequestContext, sql: string) => Promise<readonly unknown[]>;
    /** Writes a plan while nothing else changes the committed state. */
    readonly write: (plan: PlanToApply) => Promise<AppliedPlan | Refusal>;
}

/** Patches of one workspace. */
export class PatchService {
    readonly #parts: PatchParts;
    readonly #execution: Execution;
    readonly #past: PastOperations;

    constructor(parts: PatchParts) {
        this.#parts = parts;
        this.#execution = new Execution(parts);
        this.#past = new PastOperations({ ...parts, execution: this.#execution });
    }

    log(params: OperationsParams): Promise<OperationsResult> {
        return this.#past.log(params);
    }

    rollback(context: RequestContext, params: RollbackParams): Promise<RollbackResult | Refusal> {
        return this.#past.rollback(context, params);
    }

    /** Plans the patch of an operation on what is there now. */
    async replay(context: RequestContext, params: ReplayParams): Promise<PlanResult | Refusal> {
        const patch = await this.#past.patchOf(params.opId);
        return "kind" in patch ? patch : this.plan(context, { patch: patch.text });
    }

    /** Begins to clean up what a crash left, which nothing but an operation waits for. */
    recover(): void {
        this.#execution.recover().catch((err: unknown) => {
            this.#parts.logger.warn({ err }, "an interrupted operation could not be cleaned up");
        });
    }

    /** Cancels what is under way. */
    close(): Promise<void> {
        return this.#execution.close();
    }

    /** Plans a patch on what is saved. */
    async plan(context: RequestContext, params: PlanParams): Promise<PlanResult | Refusal> {
        const { parsePatch, planPatch, diffOfPlan } = await import("../../patch/index.ts");
        const parsed = parsePatch(params.patch);
        if (parsed.kind === "refusal") {
            return parsed;
        }
        await this.#parts.refresh();
        return this.#parts.query(context, async (view) => {
            const { ports } = this.#parts;
            await Promise.all([ports.parser.load(), ports.resolver.load(), ports.planner.load()]);
            const source = await view.ripple();
            const plan = await planPatch({
                patch: parsed.patch,
                state: new ViewState(
                    ports,
                    view,
                    await view.loadCaptures(),
                    await view.made?.(context),
                ),
                world: this.#world(context, view),
                graphRoot: source.graphRoot,
                signal: context.signal,
                onOperation: (done, known) => context.onProgress?.("planning", done, known),
            });
            if ("kind" in plan) {
                return plan;
            }
            const unsaved = plan.files.find(({ path }) => view.unsaved.includes(path));
            if (unsaved !== undefined) {
                return refuse("PATCH_UNSAVED_FILE", `${unsaved.path} has unsaved changes`, {
                    advice: "save it first: a plan is of what is saved",
                });
            }
            await refuseStale(view, plan);
            return { plan, diff: diffOfPlan(plan, (path) => view.text(path)) };
        });
    }

    /** Makes a plan: on a branch of its own, or in the workspace itself. */
    async apply(
        context: RequestContext,
        params: ApplyPlanParams,
    ): Promise<ApplyPlanResult | Refusal> {
        const { decodePlan } = await import("../../patch/index.ts");
        const read = decodePlan(params.plan);
        if (read.kind === "refusal") {
            return read;
        }
        const { plan } = read;
        const outside = plan.files
            .flatMap(({ path, pathAfter }) => [path, pathAfter])
            .map((path) => (isPlain(path) ? refuseOutside(this.#parts.root, path) : strange(path)))
            .find((refusal) => refusal !== undefined);
        if (outside !== undefined) {
            return outside;
        }
        if (params.inPlace !== true) {
            const tests: ChangeOf["affectedTests"] = () => this.#affectedTests(context, plan);
            const change = changeOfPlan(plan, tests, () => this.#comparisons(context, plan));
            const keep = params.keep === true || plan.patch.on_failure === "keep";
            const asked = { ...params, keep };
            const executed = await this.#execution.execute(context, asked, change, params.plan);
            return "kind" in executed ? executed : resultOf(plan, executed);
        }
        const operation = {
            patchId: plan.patch.id,
            description: plan.patch.description ?? plan.operations[0]?.description ?? "",
            planFingerprint: plan.fingerprint,
        };
        const done = await this.#parts.write({ operation, plan });
        const edits = plan.files.reduce((sum, file) => sum + file.edits.length, 0);
        return "kind" in done ? done : { ...done, edits };
    }

    /** Has a rename validated in a worktree. */
    async validate(
        context: RequestContext,
        params: ValidateRenameParams,
    ): Promise<ValidateRenameResult | Refusal> {
        const { validateRename } = await import("../validate/validate-rename.ts");
        return validateRename({ ...this.#parts, execution: this.#execution }, context, params);
    }

    #affectedTests(context: RequestContext, plan: PatchPlan): Promise<string[][] | undefined> {
        return this.#parts.query(context, async (view) => {
            const [{ measureChanges }, { changesOfPlan, testRuns }] = await Promise.all([
                import("../affected/measure-affected.ts"),
                import("./test-runs.ts"),
            ]);
            const reading = Promise.resolve(changesOfPlan(plan, view));
            const { signal } = context;
            const affected = await measureChanges(view, { since: "", start: 0, reading, signal });
            return "kind" in affected ? undefined : testRuns(affected, plan);
        });
    }

    async #comparisons(
        context: RequestContext,
        plan: PatchPlan,
    ): ReturnType<NonNullable<ChangeOf["comparisons"]>> {
        const { query, ports } = this.#parts;
        const { deepComparisons } = await import("./deep-comparisons.ts");
        const cargoFolders = await query(context, ({ model }) =>
            Promise.resolve(model.packages.map((one) => String(one.workspaceFolder))),
        );
        return deepComparisons({
            ...{ ports, plan, cargoFolders: [...new Set(cargoFolders)].sort() },
            query: (ask) => query(context, ask),
        });
    }

    #world(context: RequestContext, view: View): PatchWorld {
        const formatter = new RustFormatter(this.#parts.root);
        return {
            queryIds: async (sql) => {
                const values = await this.#parts.firstColumn(context, sql);
                const ids = values.map(idOf);
                const wrong = values.find((_, at) => ids[at] === undefined);
                return wrong === undefined
                    ? ids.filter((id) => id !== undefined)
                    : refuse("PATCH_QUERY_COLUMN", "the query's first column is no symbol_id", {
                          advice: "select symbol_id first: SELECT symbol_id FROM symbols WHERE …",
                      });
            },
            format: (path, text, edition) => formatter.format(path, text, edition),
            reachOf: async (ids) => {
                const source = await view.ripple();
                const targets = ids.map((id) => parseNodeId(id));
                const options = { edges: RIPPLE_EDGES, depth: undefined };
                const reached = source.reaching(targets, options);
                const crates = new Set(
                    reached.flatMap(({ id }) => {
                        const index = view.resolution.findById(id);
                        const crate =
                            index === undefined ? undefined : view.resolution.symbol(index).crate;
                        return crate === undefined ? [] : [crate];
                    }),
                );
                return { symbols: reached.length, crates: crates.size };
            },
        };
    }
}

/** A symbol's id as hex digits, from a number of 64 bits or its text. */
function idOf(value: unknown): string | undefined {
    const isNumber = typeof value === "bigint" || typeof value === "number";
    const text = isNumber || typeof value === "string" ? String(value) : "";
    return /^[0-9]{1,20}$/u.test(text) ? formatNodeId(BigInt(text) as NodeId) : undefined;
}

/** Whether a path stays below the root by its letters; links are looked at besides. */
function isPlain(path: string): boolean {
    const isInside = !path.startsWith("/") && !/^[A-Za-z]:|\\/u.test(path);
    return (
        isInside && path.split("/").every((part) => part !== "" && part !== "." && part !== "..")
    );
}

function strange(path: string): Refusal {
    return refuse("PLAN_PATH", `${path} is no path of a file in the workspace`);
}

/** Throws where a file that the plan rests on is not on the disk as it was captured. */
async function refuseStale(view: View, plan: PatchPlan): Promise<void> {
    const fileHashes = new Map(plan.files.map(({ path, before }) => [path, before]));
    const stale = await findStale(view, { fileHashes });
    if (stale.length > 0) {
        throw new StaleFiles(stale);
    }
}
