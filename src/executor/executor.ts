// Makes a change on a branch in a worktree of its own, checks it there, commits it and lands it, or leaves no
// trace. The user's files and index are not touched before a fast-forward that was asked for.
//
// Invariant: every branch and worktree that exists is named in the journal, or the operation is over.

import { dirname, join } from "node:path";

import { checkCancelled, isRefusal, OperatingError, refuse, type Refusal } from "../base/index.ts";
import type { GitEntry, GitRepository } from "../git/index.ts";
import {
    acquireLock,
    makeFolder,
    removeFile,
    wallClockMs,
    type Lock,
    type Logger,
} from "../platform/index.ts";
import { findBreakingStep, type BreakingStep } from "./bisect.ts";
import {
    bringAlong,
    bringLockFile,
    noteBrought,
    NOTHING_BROUGHT,
    refuseInSubmodule,
    type Brought,
} from "./bring-along.ts";
import { clearAway, sweepBefore } from "./clear-away.ts";
import { BuildTimes, readState, type WorktreeState } from "./build-times.ts";
import { ChangeComparisons } from "./change-comparisons.ts";
import { checkSteps, fuzzStep } from "./check-steps.ts";
import { commitChange } from "./commit-change.ts";
import { describeBroken } from "./describe-broken.ts";
import { fuzzManifests } from "./fuzz-manifests.ts";
import { Journal, type ExecutionStep, type JournalEntry } from "./journal.ts";
import { land } from "./land.ts";
import type {
    ChangeToLand,
    Edited,
    EditPlace,
    ExecuteOptions,
    Executed,
    OperationInWorktree,
    Trial,
} from "./model.ts";
import { choosePlace, executorFolder, type ExecutorPlace } from "./place.ts";
import { lookAhead, type Preflight } from "./preflight.ts";
import { push } from "./push.ts";
import { KnownBaselines } from "./known-baselines.ts";
import { OperationChecks, type Judged, type WhileUnedited } from "./run-checks.ts";
import { stateKey, Surroundings, type KeyedState } from "./state-key.ts";

/** What an executor works with. */
export interface ExecutorParts {
    /** Root of the workspace. */
    readonly root: string;
    readonly storeFolder: string;
    /** Folder for caches of all workspaces. */
    readonly cacheFolder: string;
    readonly logger: Logger;
    /** Told right before and right after each step; tests end the executor there. */
    readonly atStep?: (step: ExecutionStep, when: "after" | "before") => Promise<void>;
    /** Takes a lock, or throws STORE_LOCKED. */
    readonly lock?: (path: string) => Lock;
}

/** An operation that is under way. */
interface Run<C extends OperationInWorktree = OperationInWorktree> {
    readonly change: C;
    readonly options: ExecuteOptions;
    readonly ahead: Preflight;
    readonly place: ExecutorPlace;
    readonly times: BuildTimes;
    readonly known: KnownBaselines;
    readonly surroundings: Surroundings;
    brought: Brought;
    entry: JournalEntry;
}

/** What was found to make a change from. */
interface Prepared {
    readonly kind: "prepared";
    readonly worktree: GitRepository;
    readonly edits: EditPlace;
    readonly uncommitted: string | undefined;
    /** Key of the unedited files; undefined where outcomes follow from more than that. */
    readonly state: KeyedState | undefined;
}

/** A worktree as it was checked out. */
interface Checkout extends Pick<Prepared, "edits" | "worktree"> {
    readonly entries: readonly GitEntry[];
}

/** Executes changes of one workspace, one at a time. */
export class Executor {
    readonly #parts: ExecutorParts;
    readonly #journal: Journal;
    /** Something could not be removed: the journal stays for the next start. */
    #isUnclean = false;

    constructor(parts: ExecutorParts) {
        this.#parts = parts;
        this.#journal = new Journal(parts.storeFolder);
    }

    /**
     * Executes a change. The journal stays until `finish`, so that the operation can be logged first.
     * Whatever is refused, fails or is cancelled leaves nothing behind but what was asked to be kept.
     */
    execute(change: ChangeToLand, options: ExecuteOptions): Promise<Executed | Refusal> {
        return this.#executeAlone(change, options, (run) => this.#steps(run));
    }

    /**
     * Tries something out in a worktree, of which nothing lands. The journal stays until `finish`; nothing else is
     * left behind, whatever becomes of it.
     */
    tryOut<T extends object>(
        trial: Trial<T>,
        options: Pick<ExecuteOptions, "bring" | "onProgress" | "signal" | "withUncommitted">,
    ): Promise<T | Refusal> {
        const change = { ...trial, postchecks: [] };
        // What has landed as a patch keeps no branch.
        const own = { ...options, level: "check", landing: "patch", keep: false } as const;
        return this.#executeAlone(change, own, async (run) => {
            const done = await this.#try(run, trial.work);
            if (!isRefusal(done)) {
                await this.#cleared(run);
            }
            return done;
        });
    }

    async #try<T extends object>(run: Run, work: Trial<T>["work"]): Promise<T | Refusal> {
        const { ahead, options, place, times } = run;
        await this.#step(run, "begin", () => sweepBefore(ahead.repository, place));
        const prepared = await this.#prepare(run);
        if (prepared.kind === "refusal") {
            return prepared;
        }
        const left = options.withUncommitted ? 0 : ahead.uncommitted.length;
        const { worktree, edits } = prepared;
        const state = prepared.state?.key;
        try {
            return await this.#step(run, "trial", () =>
                work({ ...edits, cache: place.folder, left, state }),
            );
        } finally {
            // Nothing runs any more, however it ended.
            await times.record(worktree, run.brought.files);
        }
    }

    async #alone<T>(work: (folder: string) => Promise<T>): Promise<T | Refusal> {
        const folder = executorFolder(this.#parts.cacheFolder, this.#parts.root);
        await makeFolder(folder);
        let lock: Lock;
        try {
            lock = (this.#parts.lock ?? acquireLock)(join(folder, "lock"));
        } catch (thrown) {
            return busy(thrown);
        }
        try {
            return await work(folder);
        } finally {
            lock.release();
        }
    }

    /** Ends an operation that is in the log; tells whether nothing is left of it that it did not want to keep. */
    async finish(): Promise<boolean> {
        if (!this.#isUnclean) {
            await this.#journal.remove();
        }
        return !this.#isUnclean;
    }

    #executeAlone<C extends OperationInWorktree, T extends object>(
        change: C,
        options: ExecuteOptions,
        steps: (run: Run<C>) => Promise<T | Refusal>,
    ): Promise<T | Refusal> {
        return this.#alone(async (folder) => {
            options.onProgress?.("looking at the repository", 0, 0);
            const { root } = this.#parts;
            const ahead = await lookAhead(root, change, options, timestamp(wallClockMs()));
            if (ahead.kind === "refusal") {
                return ahead;
            }
            const place = await choosePlace(folder, ahead.repository);
            const run: Run<C> = {
                change,
                options,
                ahead,
                place,
                times: new BuildTimes(folder),
                known: new KnownBaselines(folder),
                surroundings: new Surroundings(place.sources),
                brought: NOTHING_BROUGHT,
                entry: firstEntry(change, options, ahead, place),
            };
            let done: T | Refusal;
            try {
                done = await steps(run);
            } catch (thrown) {
                await this.#giveUp(run, thrown);
                throw thrown;
            }
            if (isRefusal(done)) {
                await this.#giveUp(run, done);
            }
            return done;
        });
    }

    async #steps(run: Run<ChangeToLand>): Promise<Executed | Refusal> {
        const { change, options, ahead, place } = run;
        await this.#step(run, "begin", () => sweepBefore(ahead.repository, place));
        const prepared = await this.#prepare(run);
        if (prepared.kind === "refusal") {
            return prepared;
        }
        const { worktree, edits, uncommitted } = prepared;
        const { signal, onProgress } = options;
        const checks = await this.#checksOf(run, prepared);
        const comparisons = await comparisonsOf(run, prepared);
        const baselines = await this.#step(run, "baseline", async () => {
            const found = await checks.before();
            if (!("kind" in found)) {
                await comparisons.before();
            }
            return found;
        });
        if ("kind" in baselines) {
            return baselines;
        }
        checkCancelled(signal);
        onProgress?.("editing", 0, 0);
        const edited = await this.#step(run, "edit", () => change.edit(edits));
        if (edited.kind === "refusal") {
            return edited;
        }
        const aside = whileUnedited(worktree, edited, () => change.edit(edits));
        const judged = await this.#step(run, "check", async () => {
            const found = await checks.after(baselines, edited.moved, aside);
            return "code" in found ? found : comparisons.after(found);
        });
        if ("code" in judged) {
            return judged;
        }
        if (judged.broken.length > 0) {
            const step = await this.#bisect(run, prepared, { checks, judged, edited });
            await run.times.record(worktree, run.brought.files);
            return describeBroken({ judged, edited, step, kept: keptAt(run) });
        }
        await checks.remember();
        checkCancelled(signal);
        onProgress?.("committing", 0, 0);
        const commit = await this.#step(run, "commit", () =>
            commitChange(worktree, change, edited),
        );
        const state = await readState(worktree);
        const recorded = run.times.record(worktree, run.brought.files, state);
        await Promise.all([recorded, rememberAfter(run, prepared, judged, state)]);
        return this.#land(run, { commit, uncommitted, judged, edited });
    }

    /** What is to be run on the unedited files and on the edited ones, and what is remembered of it. */
    async #checksOf(run: Run<ChangeToLand>, prepared: Prepared): Promise<OperationChecks> {
        const { change, options, ahead, place } = run;
        const { signal, onProgress } = options;
        const tests = options.level === "tests" ? await change.affectedTests() : undefined;
        const { configurations = [] } = change;
        const steps = [
            ...checkSteps(options.level, configurations, tests, ahead.postchecks),
            ...(options.level === "deep" ? (await fuzzManifests(prepared)).map(fuzzStep) : []),
        ];
        const state = prepared.state?.key;
        const { folder } = prepared.edits;
        return new OperationChecks(
            { folder, targetFolder: place.targetFolder, signal, onProgress },
            steps,
            { known: run.known, state, isFresh: options.fresh === true },
        );
    }

    /** Which step of the change broke something. */
    async #bisect(
        { change }: Run<ChangeToLand>,
        { worktree, edits }: Prepared,
        found: {
            readonly checks: OperationChecks;
            readonly judged: Judged;
            readonly edited: Edited;
        },
    ): Promise<BreakingStep | undefined> {
        const { checks, judged, edited } = found;
        const parts = (await change.parts?.()) ?? [];
        return judged.failed === undefined || parts.length < 2
            ? undefined
            : findBreakingStep({
                  ...{ worktree, place: edits, parts, checks, edited, failed: judged.failed },
              });
    }

    /** Makes the worktree, and sees that it is what the change was made for. */
    async #prepare(run: Run): Promise<Prepared | Refusal> {
        const { change, ahead, options, place } = run;
        const { repository, base } = ahead;
        options.onProgress?.("making a worktree", 0, 0);
        const uncommitted = options.withUncommitted
            ? await this.#step(run, "uncommitted", () => commitUncommitted(run))
            : undefined;
        await this.#step(run, "worktree", async () => {
            await makeFolder(dirname(place.worktree));
            const made = repository.addWorktree(place.worktree, ahead.branch, uncommitted ?? base);
            run.surroundings.look();
            await made;
        });
        const worktree = repository.at(place.worktree);
        const folder = join(place.worktree, repository.prefix);
        const { prefix } = repository;
        const edits = { worktree: place.worktree, folder: folder.replace(/\/$/u, ""), prefix };
        if (options.bring === undefined || options.bring.length === 0) {
            // Asked meanwhile; what comes along could be settings of the tools.
            run.surroundings
                .describe({ ...edits, repository: worktree, signal: options.signal })
                .catch(() => undefined);
        }
        const entries = await worktree.entries();
        const found = { worktree, edits, entries };
        const unfit = (await change.verify(edits)) ?? (await this.#bring(run, found));
        if (unfit !== undefined) {
            return unfit;
        }
        await bringLockFile(this.#parts.root, edits.folder);
        const [state] = await Promise.all([
            keyOf(run, found),
            run.times.restore(worktree, run.brought.files, entries),
        ]);
        return { kind: "prepared", worktree, edits, uncommitted, state };
    }

    /** What the build needs beside the commit; what was right for the change must still be. */
    async #bring(run: Run, { worktree, edits, entries }: Checkout): Promise<Refusal | undefined> {
        const { change, options, ahead, place } = run;
        const { bring: asked = [], signal, onProgress } = options;
        const touched = change.touches.map((path) => `${edits.prefix}${path}`);
        const refused = refuseInSubmodule(entries, touched);
        if (refused !== undefined) {
            return refused;
        }
        if (asked.length > 0) {
            onProgress?.("bringing ignored files along", 0, 0);
        }
        const { repository } = ahead;
        const index = join(place.folder, "index");
        const { storeFolder } = this.#parts;
        const brought = await bringAlong({
            ...{ repository, worktree, entries, index, asked, storeFolder, signal },
        });
        if ("code" in brought) {
            return brought;
        }
        run.brought = brought;
        return brought.files.length + brought.links.length === 0 ? undefined : change.verify(edits);
    }

    async #land(
        run: Run<ChangeToLand>,
        made: {
            readonly commit: string;
            readonly uncommitted: string | undefined;
            readonly judged: Judged;
            readonly edited: Edited;
        },
    ): Promise<Executed | Refusal> {
        const { commit } = made;
        const { ahead, change, options } = run;
        run.entry = { ...run.entry, commit };
        options.onProgress?.("landing", 0, 0);
        const landed = await this.#step(run, "land", () =>
            land({
                ...{ ahead, change, options, commit, storeFolder: this.#parts.storeFolder },
                ...{ paths: made.edited.paths, reports: made.judged.reports },
            }),
        );
        if (landed.kind === "refusal") {
            return landed;
        }
        await this.#cleared(run);
        const pushed = await push(ahead.repository, landed.branch, options);
        const others = ahead.uncommitted.length;
        return {
            kind: "executed",
            commit,
            base: ahead.base,
            uncommitted: made.uncommitted,
            landing: options.landing,
            branch: landed.branch,
            pushed: pushed.to,
            patchFile: landed.patchFile,
            textFile: landed.textFile,
            checks: made.judged.reports,
            compared: made.judged.compared,
            notes: [
                ...made.judged.notes,
                ...(others > 0 && !options.withUncommitted
                    ? [`${others} uncommitted files are no part of what was checked`]
                    : []),
                ...noteBrought(run.brought),
                ...pushed.notes,
            ],
        };
    }

    /** Clears away what a thing that is done needed; the next start clears away what is left. */
    async #cleared(run: Run): Promise<void> {
        try {
            await this.#step(run, "landed", () => clearAway(run.entry, run.ahead.repository));
        } catch (err) {
            this.#isUnclean = true;
            const operation = run.change.opId;
            this.#parts.logger.warn({ err, operation }, "a worktree is left");
        }
    }

    /** Writes the journal, then does the step. */
    async #step<T>(run: Run, step: ExecutionStep, does: () => Promise<T>): Promise<T> {
        checkCancelled(step === "landed" ? undefined : run.options.signal);
        run.entry = { ...run.entry, step };
        await this.#journal.write(run.entry);
        await this.#parts.atStep?.(step, "before");
        const done = await does();
        await this.#parts.atStep?.(step, "after");
        return done;
    }

    /** Leaves nothing behind; keeps the worktree where that was asked for and there is something to see. */
    async #giveUp(run: Run, why: unknown): Promise<void> {
        const { logger } = this.#parts;
        try {
            if (keptAt(run) !== undefined && isBroken(why)) {
                const kept = run.place.kept(run.change.opId);
                await makeFolder(dirname(kept));
                await run.ahead.repository.moveWorktree(run.place.worktree, kept);
                return;
            }
            await clearAway({ ...run.entry, step: "begin" }, run.ahead.repository);
        } catch (err) {
            this.#isUnclean = true;
            logger.error({ err, operation: run.change.opId }, "a worktree could not be removed");
            throw err;
        }
    }
}

function isBroken(why: unknown): boolean {
    return (why as Partial<Refusal> | undefined)?.code === "EXECUTOR_BROKEN";
}

function keptAt({ options, place, change }: Run): string | undefined {
    return options.keep ? place.kept(change.opId) : undefined;
}

function busy(thrown: unknown): Refusal {
    if (thrown instanceof OperatingError && thrown.code === "STORE_LOCKED") {
        return refuse("EXECUTOR_BUSY", "another operation is being made in this workspace", {
            advice: "wait for it, or cancel it",
        });
    }
    throw thrown;
}

function firstEntry(
    change: OperationInWorktree,
    { landing }: ExecuteOptions,
    { repository, branch, base, head }: Preflight,
    { worktree }: ExecutorPlace,
): JournalEntry {
    const { opId, patchId, description, planFingerprint, rootBefore } = change;
    return {
        format: "ferrograph-executor/1",
        step: "begin",
        ...{ opId, patchId, description, planFingerprint, rootBefore },
        ...{ top: repository.top, worktree, branch, base, landing },
        onto: head.branch ?? null,
        commit: null,
    };
}

/** `20261121T164025Z`. */
function timestamp(milliseconds: number): string {
    const iso = new Date(milliseconds).toISOString();
    return `${iso.slice(0, 19).replaceAll(/[-:]/gu, "")}Z`;
}

async function commitUncommitted({ ahead, place, change }: Run): Promise<string | undefined> {
    const index = join(place.folder, "index");
    await removeFile(`${index}.lock`); // Of a git that was killed.
    try {
        return await ahead.repository.commitWorkingTree(
            ahead.base,
            `Uncommitted work before ${change.patchId}\n\nUncommitted-Before: ${change.opId}\n`,
            index,
        );
    } finally {
        await removeFile(index);
    }
}

/** What the level `deep` compares besides. */
async function comparisonsOf(
    { change, options, place, ahead, brought }: Run<ChangeToLand>,
    { edits, uncommitted }: Prepared,
): Promise<ChangeComparisons> {
    const all = options.level === "deep" ? ((await change.comparisons?.()) ?? []) : [];
    const { signal, onProgress } = options;
    const base = uncommitted ?? ahead.base;
    const along = [...brought.files, ...brought.links];
    return new ChangeComparisons(
        { ...edits, cache: place.folder, base, brought: along, signal, onProgress },
        all,
    );
}

/** Key of the worktree's state as its files are now; undefined where outcomes follow from more than that. */
function keyOf(
    { surroundings, options, brought }: Pick<Run, "brought" | "options" | "surroundings">,
    {
        worktree,
        edits,
        entries,
        state,
    }: Pick<Prepared, "edits" | "worktree"> & Partial<Checkout & Prepared>,
): Promise<KeyedState | undefined> {
    const { signal } = options;
    const earlier = state?.contents;
    return stateKey({
        ...{ repository: worktree, folder: edits.folder, surroundings, signal, earlier, brought },
        entries,
    });
}

/** What was found on the edited files is what the next operation begins with, once the commit is taken. */
async function rememberAfter(
    run: Run,
    prepared: Prepared,
    { outcomes }: Judged,
    { entries, unstaged }: WorktreeState,
): Promise<void> {
    // Beside the commit, another state lies there.
    const state = unstaged.length > 0 ? undefined : await keyOf(run, { ...prepared, entries });
    if (state === undefined) {
        return;
    }
    for (const { step, outcome } of outcomes) {
        await run.known.keep(state.key, step, outcome);
    }
}

/** Checks something on the files as they were before the edit, which is then made again. */
function whileUnedited(
    worktree: GitRepository,
    { paths, isStaged }: Edited,
    edit: () => Promise<Edited | Refusal>,
): WhileUnedited {
    return async (does) => {
        await worktree.discard(isStaged === true ? [] : paths);
        const done = await does();
        const again = await edit();
        return again.kind === "refusal" ? again : done;
    };
}
