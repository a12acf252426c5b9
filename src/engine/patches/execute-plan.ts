// Makes changes land by way of the executor: one service for plans, roll-backs and what a crash left.

import { dirname, join } from "node:path";

import {
    type AbsPath,
    type CancelSignal,
    isRefusal,
    type Refusal,
    refuse,
} from "../../base/index.ts";
import type {
    ChangeToLand,
    Executed,
    ExecuteOptions,
    Executor,
    Trial,
    TrialPlace,
} from "../../executor/index.ts";
import { movesOf, type PatchPlan } from "../../patch/index.ts";
import { cacheFolder, makeFolder, writeFileAtomic, type Logger } from "../../platform/index.ts";
import type { ApplyPlanParams, ApplyPlanResult, LandedDto } from "../../protocol/index.ts";
import type { RequestContext } from "../engine.ts";
import type { Operations, OperationToRun } from "../operations.ts";

/** What plans are executed with. */
export interface ExecutionParts {
    readonly root: AbsPath;
    /** Whether cargo may be run in the workspace. */
    readonly trusted: boolean;
    readonly logger: Logger;
    readonly operations: Operations;
    /** Resolves when the store is open. */
    readonly opened: () => Promise<void>;
    /** Root of the newest graph, hex. */
    readonly graphRoot: () => Promise<string>;
    /** Captures what has changed on disk. */
    readonly refresh: () => Promise<void>;
}

/** How long it takes at most until a client's wish to cancel is seen. */
const CANCEL_POLL_MS = 100;

/** What the log says of an operation that a crash cut short. */
const INTERRUPTED = "EXECUTOR_INTERRUPTED";

/** A change without what only its operation knows. */
export type ChangeOf = Omit<ChangeToLand, "opId" | "rootBefore">;

/** A trial without what only its operation knows. */
export interface TrialOf<T> extends Pick<
    Trial<T>,
    "description" | "patchId" | "planFingerprint" | "touches"
> {
    readonly withUncommitted: boolean;
    readonly bring: readonly string[];
    readonly work: (place: TrialPlace, signal: AbortSignal) => Promise<T | Refusal>;
}

/** Options as requests give them. */
export type ExecutionParams = Pick<
    ApplyPlanParams,
    "bring" | "fresh" | "keep" | "land" | "push" | "validate" | "withUncommitted"
>;

/** What was executed, and as which operation. */
export interface ExecutedOperation {
    readonly opId: string;
    readonly root: string;
    readonly executed: Executed;
}

/** Executes changes of one workspace. */
export class Execution {
    readonly #parts: ExecutionParts;
    readonly #abort = new AbortController();
    #recovering: Promise<void> | undefined;
    #running: Promise<unknown> = Promise.resolve();

    constructor(parts: ExecutionParts) {
        this.#parts = parts;
    }

    /** Cleans up what a crash left; looks once. */
    recover(): Promise<void> {
        this.#recovering ??= this.#recover().catch((err: unknown) => {
            this.#recovering = undefined;
            throw err;
        });
        return this.#recovering;
    }

    /** Cancels what is under way, and waits until it has cleaned up. */
    async close(): Promise<void> {
        this.#abort.abort();
        await this.#running.catch(() => undefined);
        await this.#recovering?.catch(() => undefined);
    }

    /** Executes a change as an operation of the log. */
    async execute(
        context: RequestContext,
        params: ExecutionParams,
        change: ChangeOf,
        kept?: string,
    ): Promise<ExecutedOperation | Refusal> {
        const { operations, graphRoot, trusted, refresh } = this.#parts;
        await this.recover();
        const rootBefore = await graphRoot();
        const { patchId, description, planFingerprint } = change;
        const operation = { patchId, description, planFingerprint, rootBefore };
        return this.#run(context, operation, async (executor, opId, signal) => {
            if (!trusted) {
                return untrusted();
            }
            if (kept !== undefined) {
                await keepPlan(operations, opId, kept);
            }
            const options = optionsOf(params, context, signal);
            const done = await executor.execute({ ...change, opId, rootBefore }, options);
            if (done.kind === "refusal") {
                return done;
            }
            if (done.landing === "fast-forward") {
                await refresh();
            }
            const { commit, compared } = done;
            const note = compared.length === 0 ? {} : { note: compared.join("\n") };
            return { opId, root: await graphRoot(), executed: done, commit, ...note };
        });
    }

    /** Tries something out in a worktree, as an operation of the log. */
    async tryOut<T extends object>(
        context: RequestContext,
        trial: TrialOf<T>,
    ): Promise<(T & { readonly opId: string; readonly root: string }) | Refusal> {
        const { graphRoot } = this.#parts;
        await this.recover();
        const rootBefore = await graphRoot();
        const { patchId, description, planFingerprint, touches, work } = trial;
        const { withUncommitted, bring } = trial;
        const operation = { patchId, description, planFingerprint, rootBefore };
        return this.#run(context, operation, async (executor, opId, signal) => {
            const verify = (): Promise<undefined> => Promise.resolve(undefined);
            const done = await executor.tryOut<T>(
                { ...operation, opId, touches, verify, work: (place) => work(place, signal) },
                { withUncommitted, bring, signal, onProgress: undefined },
            );
            return isRefusal(done) ? done : { ...done, opId, root: rootBefore };
        });
    }

    async #run<T extends { readonly root: string; readonly commit?: string }>(
        context: RequestContext,
        operation: OperationToRun,
        work: (executor: Executor, opId: string, signal: AbortSignal) => Promise<T | Refusal>,
    ): Promise<T | Refusal> {
        const executor = await this.#executor();
        const run = this.#parts.operations.run(operation, async (opId) => {
            const follow = followCancel(context.signal, this.#abort.signal);
            try {
                return await work(executor, opId, follow.signal);
            } finally {
                follow.stop();
            }
        });
        this.#running = run;
        try {
            return await run;
        } finally {
            if (!(await executor.finish())) {
                this.#recovering = undefined;
            }
        }
    }

    async #executor(): Promise<Executor> {
        const executor = await import("../../executor/index.ts");
        const { root, logger } = this.#parts;
        const storeFolder = this.#storeFolder();
        return new executor.Executor({ root, logger, storeFolder, cacheFolder: cacheFolder() });
    }

    #storeFolder(): string {
        return dirname(this.#parts.operations.folder());
    }

    async #recover(): Promise<void> {
        const { recover } = await import("../../executor/index.ts");
        const { operations, logger, opened } = this.#parts;
        await opened();
        const found = await recover(this.#storeFolder(), logger, async (asked) =>
            (await operations.records()).some(
                ({ opId, result }) => opId === asked && result === "applied",
            ),
        );
        if (found === undefined) {
            return;
        }
        const { entry, hasLanded } = found;
        const { opId, patchId, description, planFingerprint, rootBefore, commit, step } = entry;
        await operations.addInterrupted({
            ...{ opId, patchId, description, planFingerprint, rootBefore },
            appliedCommit: hasLanded ? commit : null,
            diagnostics: hasLanded ? null : `${INTERRUPTED}: it was cut short at \`${step}\``,
        });
        await (await this.#executor()).finish();
    }
}

/** The change that a plan is. */
export function changeOfPlan(
    plan: PatchPlan,
    affectedTests: ChangeOf["affectedTests"],
    comparisons?: ChangeOf["comparisons"],
): ChangeOf {
    const { patch, operations, files, fingerprint } = plan;
    const first = operations[0]?.description ?? patch.id;
    const others = operations.length - 1;
    const title = patch.description ?? (others > 0 ? `${first}, and ${others} more` : first);
    return {
        patchId: patch.id,
        description: patch.description ?? first,
        planFingerprint: fingerprint,
        title,
        body: bodyOf(
            operations.map(({ description }) => description),
            title,
        ),
        trailers: [],
        touches: [...new Set(files.flatMap(({ path, pathAfter }) => [path, pathAfter]))],
        verify: async (place) => {
            const { verifyPlan } = await import("../../executor/index.ts");
            return verifyPlan(place, plan);
        },
        edit: async (place) => {
            const { editPlan } = await import("../../executor/index.ts");
            return editPlan(place, plan);
        },
        parts: async () => {
            const { partsOfPlan } = await import("../../executor/index.ts");
            return partsOfPlan(plan);
        },
        configurations: patch.constraints?.cfg_matrix,
        postchecks: patch.postchecks ?? [],
        affectedTests,
        ...(comparisons === undefined ? {} : { comparisons }),
    };
}

/** Operations that a commit's message names. */
const NAMED_MAX = 20;

function bodyOf(descriptions: readonly string[], title: string): string[] {
    const told = descriptions.filter((each) => each !== title);
    const more = told.length - NAMED_MAX;
    return [...told.slice(0, NAMED_MAX), ...(more > 0 ? [`and ${more} more`] : [])];
}

/** What was made of a plan. */
export function resultOf(
    plan: Pick<PatchPlan, "files">,
    { opId, root, executed }: ExecutedOperation,
): ApplyPlanResult {
    return {
        files: plan.files.map(({ path }) => path),
        moves: movesOf(plan),
        edits: plan.files.reduce((sum, file) => sum + file.edits.length, 0),
        root,
        opId,
        landed: landedOf(executed),
    };
}

/** Where a commit is, for people. */
export function landedOf(executed: Executed): LandedDto {
    const { commit, base, uncommitted, landing, branch, pushed, patchFile, textFile } = executed;
    return {
        ...{ commit, base, landing, checks: executed.checks, notes: executed.notes },
        ...(uncommitted === undefined ? {} : { uncommitted }),
        ...(branch === undefined ? {} : { branch }),
        ...(pushed === undefined ? {} : { pushed }),
        ...(patchFile === undefined ? {} : { patchFile }),
        ...(textFile === undefined ? {} : { textFile }),
    };
}

async function keepPlan(operations: Operations, opId: string, plan: string): Promise<void> {
    const folder = operations.folder();
    await makeFolder(folder);
    await writeFileAtomic(join(folder, `${opId}.plan.json`), Buffer.from(plan, "utf8"));
}

function optionsOf(
    params: ExecutionParams,
    { onProgress }: RequestContext,
    signal: AbortSignal,
): ExecuteOptions {
    const {
        validate = "check",
        land = "branch",
        push,
        withUncommitted,
        bring,
        keep,
        fresh,
    } = params;
    return {
        level: validate,
        landing: land,
        push,
        withUncommitted: withUncommitted === true,
        bring: bring ?? [],
        keep: keep === true,
        fresh: fresh === true,
        signal,
        onProgress,
    };
}

function untrusted(): Refusal {
    return refuse(
        "EXECUTOR_UNTRUSTED",
        "checking runs cargo, which runs the workspace's own code",
        {
            advice: "start the daemon with --trust (`ferrograph stop` ends one that runs), or use --in-place",
        },
    );
}

/** A client's wish to cancel as a signal. */
function followCancel(
    cancel: CancelSignal | undefined,
    closing: AbortSignal,
): { readonly signal: AbortSignal; stop(): void } {
    const abort = new AbortController();
    const poll = setInterval(() => {
        if (cancel?.aborted === true || closing.aborted) {
            abort.abort();
        }
    }, CANCEL_POLL_MS);
    poll.unref();
    return {
        signal: abort.signal,
        stop: () => {
            clearInterval(poll);
        },
    };
}

/** Ids are long: their beginning will do where only one begins so. */
export function findOperation<T extends { readonly opId: string }>(
    records: readonly T[],
    written: string,
): T | Refusal {
    const found = /^[0-9a-f-]{4,36}$/u.test(written)
        ? records.filter(({ opId }) => opId.startsWith(written))
        : [];
    const [only] = found;
    if (only === undefined) {
        return refuse("OPERATION_UNKNOWN", `there is no operation \`${written}\` in the log`, {
            advice: "`ferrograph log` lists them; four signs of an id are the least",
        });
    }
    return found.length === 1
        ? only
        : refuse("OPERATION_AMBIGUOUS", `several operations begin with \`${written}\``, {
              candidates: found.map(({ opId }) => opId),
          });
}

/** A plan that was kept for an operation; its absence is told. */
export function noPlanKept(opId: string): Refusal {
    return refuse("OPERATION_NO_PLAN", `no plan was kept for the operation ${opId}`, {
        advice: "renames by themselves, and roll-backs, are not planned from patches",
    });
}
