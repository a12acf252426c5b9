// The capture of a workspace: for each configuration one `cargo check` into a target folder of our own, then
// the dumps of those compilations whose sources, command or view of other crates have changed.

import { dirname, join, resolve } from "node:path";

import { assert, checkCancelled, OperatingError, required } from "../../base/index.ts";
import { readCargoTargets, type CargoTarget } from "../../cargo/index.ts";
import { makeFolder, removeFolder } from "../../platform/index.ts";
import { CapturePool, jobsAtOnce } from "./capture-pool.ts";
import type { CaptureJob } from "./capture-job.ts";
import { relativePath } from "./capture-snapshot.ts";
import { checkConfiguration, targetFolderOf, type Checked } from "./check-configuration.ts";
import { CompilerGuard } from "./compiler-guard.ts";
import {
    describeUnits,
    isUnitWhole,
    readConfigurations,
    readEntries,
    removeUnits,
    writeConfigurations,
    writeUnit,
    type EncodedUnit,
    type StoredConfiguration,
    type UnitEntry,
} from "./fact-store.ts";
import type { CompilationUnit } from "./facts.ts";
import type {
    CaptureConfiguration,
    CaptureWorkspace,
    ConfigurationOutcome,
    MultiCaptureOptions,
    MultiCaptureResult,
    StaleReason,
} from "./model.ts";
import { writeWrapper } from "./rustc-wrapper.ts";
import { SourceHashes } from "./source-hashes.ts";
import { Fingerprints, viewUnit, type UnitView } from "./unit-views.ts";

/**
 * Captures a workspace in all given configurations. What the compiler or Cargo lacks, and what does not
 * compile, is part of the result; throws CancelledError, and OperatingErrors of the disk.
 */
export async function multiCapture(
    workspace: CaptureWorkspace,
    options: MultiCaptureOptions,
): Promise<MultiCaptureResult> {
    assert(options.trusted, "only a trusted workspace is compiled: its programs run");
    checkCancelled(options.signal);
    await makeFolder(options.folder);
    const run = new CaptureRun(workspace, options);
    try {
        return await run.all();
    } finally {
        await run.close();
    }
}

/** Progress of one configuration. */
interface Outcome {
    readonly captured: string[];
    readonly reused: string[];
    readonly stale: Record<string, StaleReason>;
    readonly failed: { readonly unit: CompilationUnit; readonly reason: string }[];
}

class CaptureRun {
    readonly #workspace: CaptureWorkspace;
    readonly #options: MultiCaptureOptions;
    readonly #guard: CompilerGuard;
    readonly #pool: CapturePool;
    #hashes: SourceHashes | undefined;
    #entries = new Map<string, UnitEntry>();
    #configurations: StoredConfiguration[] = [];

    constructor(workspace: CaptureWorkspace, options: MultiCaptureOptions) {
        this.#workspace = workspace;
        this.#options = options;
        this.#guard = new CompilerGuard(options.folder, options.signal);
        this.#pool = new CapturePool(jobsAtOnce(options.jobsMax));
    }

    async all(): Promise<MultiCaptureResult> {
        const { folder } = this.#options;
        const entries = await readEntries(folder);
        this.#entries = new Map(entries.map((entry) => [entry.key, entry]));
        this.#configurations = await readConfigurations(folder);
        const { root, cargoFolders } = this.#workspace;
        const judged = await this.#guard.judgeDefault(join(root, cargoFolders[0] ?? ""));
        const outcomes: ConfigurationOutcome[] = [];
        if (judged.compiler !== undefined) {
            this.#hashes = await SourceHashes.open(folder);
            const wrapper = await writeWrapper(folder);
            for (const cargoFolder of cargoFolders) {
                outcomes.push(...(await this.#cargoWorkspace(cargoFolder, wrapper)));
            }
            await this.#hashes.save();
            await this.#collectGarbage();
        }
        return {
            frontend: judged.state,
            configurations: outcomes,
            units: describeUnits([...this.#entries.values()], this.#configurations),
        };
    }

    async close(): Promise<void> {
        await this.#pool.close();
        await removeFolder(this.#scratch);
    }

    get #scratch(): string {
        return join(this.#options.folder, "scratch");
    }

    /** Hashes of the files as they were at the last check. */
    get #sources(): SourceHashes {
        return required(this.#hashes, "files are hashed in a run");
    }

    async #cargoWorkspace(cargoFolder: string, wrapper: string): Promise<ConfigurationOutcome[]> {
        const targets = await this.#memberTargets(cargoFolder);
        const outcomes: ConfigurationOutcome[] = [];
        for (const configuration of this.#options.configurations) {
            checkCancelled(this.#options.signal);
            outcomes.push(
                await this.#configuration({ cargoFolder, configuration, targets, wrapper }),
            );
        }
        return outcomes;
    }

    /** Targets of the members, or why Cargo cannot say. */
    async #memberTargets(cargoFolder: string): Promise<readonly CargoTarget[] | OperatingError> {
        const { signal } = this.#options;
        try {
            return await readCargoTargets(join(this.#workspace.root, cargoFolder), signal);
        } catch (error) {
            if (error instanceof OperatingError) {
                return error;
            }
            throw error;
        }
    }

    async #configuration(input: {
        readonly cargoFolder: string;
        readonly configuration: CaptureConfiguration;
        readonly targets: readonly CargoTarget[] | OperatingError;
        readonly wrapper: string;
    }): Promise<ConfigurationOutcome> {
        const { cargoFolder, configuration, targets } = input;
        const before = this.#configurations.find(
            (each) => each.name === configuration.name && each.cargoFolder === cargoFolder,
        );
        const checked =
            targets instanceof OperatingError
                ? notChecked(targets)
                : await checkConfiguration({
                      root: this.#workspace.root,
                      cargoFolder,
                      configuration,
                      wrapper: input.wrapper,
                      members: new Set(targets.map((target) => target.manifestPath)),
                      options: this.#options,
                      expected: before?.keys.length ?? 0,
                  });
        const outcome: Outcome = { captured: [], reused: [], stale: {}, failed: [] };
        await this.#capture(checked, outcome);
        this.#keepOld({ before, targets, checked, outcome });
        const stale = Object.keys(outcome.stale);
        const { captured, reused, failed } = outcome;
        await this.#remember(before, {
            name: configuration.name,
            cargoFolder,
            keys: [...captured, ...reused, ...stale].sort(),
            stale: outcome.stale,
        });
        const { compiles, errorCount, firstError } = checked;
        const told = { compiles, errorCount, firstError, captured, reused, stale, failed };
        return { name: configuration.name, cargoFolder, ...told };
    }

    async #remember(
        before: StoredConfiguration | undefined,
        now: StoredConfiguration,
    ): Promise<void> {
        const others = this.#configurations.filter((each) => each !== before);
        this.#configurations = [...others, now];
        await writeConfigurations(this.#options.folder, this.#configurations);
    }

    /** Captures what has changed, the longest first, so that cores end at about the same time. */
    async #capture(checked: Checked, outcome: Outcome): Promise<void> {
        const { signal, onProgress } = this.#options;
        for (const unit of checked.unrecorded) {
            outcome.failed.push({ unit, reason: "Cargo did not run the compiler for it" });
        }
        this.#sources.refresh();
        const views = await Promise.all(
            checked.units.map(({ record, unit }) => viewUnit(record, unit, this.#sources)),
        );
        const jobs = await this.#plan(await this.#guarded(views, outcome), outcome);
        jobs.sort((a, b) => b.view.weight - a.view.weight);
        const total = jobs.length;
        let done = 0;
        onProgress?.("rustc facts", done, total);
        const queue = jobs.values();
        const work = async (): Promise<void> => {
            for (const { view, job } of queue) {
                checkCancelled(signal);
                await this.#captureOne(view, job, outcome);
                done += 1;
                onProgress?.("rustc facts", done, total);
            }
        };
        await allSettled(Array.from({ length: this.#pool.size }, work));
    }

    /** The units whose compiler is understood, with its commit. */
    async #guarded(
        views: readonly UnitView[],
        outcome: Outcome,
    ): Promise<ReadonlyMap<UnitView, string>> {
        const compilers = new Map<UnitView, string>();
        for (const view of views) {
            const { rustc, cwd, env } = view.record;
            const judged = await this.#guard.judge(rustc, cwd, env);
            if (judged.compiler === undefined) {
                this.#fail(view, judged.state.message, outcome);
            } else {
                compilers.set(view, judged.compiler.commitHash);
            }
        }
        return compilers;
    }

    /** What must be captured; the rest is as it was. */
    async #plan(
        compilers: ReadonlyMap<UnitView, string>,
        outcome: Outcome,
    ): Promise<{ readonly view: UnitView; readonly job: CaptureJob }[]> {
        const prints = new Fingerprints(this.#workspace.root, compilers);
        const jobs: { view: UnitView; job: CaptureJob }[] = [];
        for (const view of distinctUnits([...compilers.keys()])) {
            const hashes = { command: prints.command(view), seen: await prints.seen(view) };
            if (await this.#isUnchanged(view.record.name, hashes)) {
                outcome.reused.push(view.record.name);
            } else {
                jobs.push({ view, job: this.#job(view, compilers.get(view) ?? "", hashes) });
            }
        }
        return jobs;
    }

    async #captureOne(view: UnitView, job: CaptureJob, outcome: Outcome): Promise<void> {
        const key = view.record.name;
        let encoded: EncodedUnit;
        try {
            encoded = await this.#pool.run(job, this.#options.signal);
        } catch (error) {
            if (!(error instanceof OperatingError)) {
                throw error;
            }
            this.#fail(view, error.message, outcome);
            return;
        }
        this.#entries.set(key, await writeUnit(this.#options.folder, key, encoded));
        outcome.captured.push(key);
    }

    #fail(view: UnitView, reason: string, outcome: Outcome): void {
        if (this.#entries.has(view.record.name)) {
            outcome.stale[view.record.name] = "dump failed";
        }
        outcome.failed.push({ unit: view.unit, reason });
    }

    #job(
        view: UnitView,
        compiler: string,
        hashes: { readonly command: string; readonly seen: string },
    ): CaptureJob {
        const { record, unit, files } = view;
        return {
            ...hashes,
            entry: {
                unit,
                compiler,
                rustc: record.rustc,
                cwd: record.cwd,
                root: this.#workspace.root,
                scratch: join(this.#scratch, record.name),
                targetFolder: targetFolderOf(this.#options.folder),
                withMir: this.#options.withMir === true,
            },
            args: record.args,
            env: record.env,
            planned: files,
        };
    }

    /** Whether the facts in the store are what a capture would find. */
    async #isUnchanged(
        key: string,
        hashes: { readonly command: string; readonly seen: string },
    ): Promise<boolean> {
        const inputs = this.#entries.get(key)?.header.inputs;
        if (inputs === undefined || !inputs.isWhole) {
            return false;
        }
        const hasAll = inputs.withMir || this.#options.withMir !== true;
        if (!hasAll || inputs.command !== hashes.command || inputs.seen !== hashes.seen) {
            return false;
        }
        const now = await Promise.all(
            inputs.files.map((file) =>
                this.#sources.hash(resolve(this.#workspace.root, file.path)),
            ),
        );
        return (
            now.every((hash, index) => hash?.contentHash === inputs.files[index]?.contentHash) &&
            (await isUnitWhole(this.#options.folder, key))
        );
    }

    /** Keeps the facts of what does not compile now, as hints; drops those of what is no more. */
    #keepOld(input: {
        readonly before: StoredConfiguration | undefined;
        readonly targets: readonly CargoTarget[] | OperatingError;
        readonly checked: Checked;
        readonly outcome: Outcome;
    }): void {
        const { before, targets, checked, outcome } = input;
        if (checked.compiles) {
            return;
        }
        const current = new Set(checked.units.map(({ unit }) => targetKey(unit)));
        for (const key of before?.keys ?? []) {
            const unit = this.#entries.get(key)?.header.unit;
            if (unit === undefined || current.has(targetKey(unit))) {
                continue;
            }
            const isThere =
                targets instanceof OperatingError ||
                targets.some(
                    (target) =>
                        target.name === unit.targetName &&
                        relativePath(this.#workspace.root, dirname(target.manifestPath)) ===
                            unit.packageFolder,
                );
            if (isThere) {
                outcome.stale[key] = "does not compile";
            }
        }
    }

    /** Removes units that no configuration has any more. */
    async #collectGarbage(): Promise<void> {
        const used = new Set(this.#configurations.flatMap((each) => each.keys));
        const unused = [...this.#entries.keys()].filter((key) => !used.has(key));
        await removeUnits(this.#options.folder, unused);
        for (const key of unused) {
            this.#entries.delete(key);
        }
    }
}

function notChecked(error: OperatingError): Checked {
    return {
        compiles: false,
        units: [],
        unrecorded: [],
        errorCount: 1,
        milliseconds: 0,
        firstError: {
            message: error.message,
            code: undefined,
            packageFolder: undefined,
            targetName: undefined,
            path: undefined,
            line: 0,
            column: 0,
        },
        diagnostics: [],
        compiled: 0,
    };
}

function targetKey(unit: CompilationUnit): string {
    return [unit.packageFolder, unit.targetKind, unit.targetName, unit.isTest].join("\n");
}

/** A target that members' build scripts use too is compiled twice: the plain check of it is enough. */
function distinctUnits(views: readonly UnitView[]): UnitView[] {
    const distinct = new Map<string, UnitView>();
    for (const view of views) {
        const key = `${targetKey(view.unit)}\n${view.unit.features.join(",")}`;
        const known = distinct.get(key);
        if (known === undefined || known.command.emits.includes("link")) {
            distinct.set(key, view);
        }
    }
    return [...distinct.values()];
}

/** Waits for all, then fails as the first did: nothing goes on behind the caller's back. */
async function allSettled(work: readonly Promise<void>[]): Promise<void> {
    await Promise.allSettled(work);
    await Promise.all(work);
}
