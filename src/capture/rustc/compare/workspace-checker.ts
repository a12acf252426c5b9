// Checks a workspace in a folder of its own, configuration by configuration, with records of how each crate was
// compiled and all that the compiler says of it.

import { join, resolve } from "node:path";

import { appendTo, type ProgressSink } from "../../../base/index.ts";
import { isTellingWarning, readCargoTargets, type Diagnostic } from "../../../cargo/index.ts";
import { makeFolder } from "../../../platform/index.ts";
import { relativePath } from "../capture-snapshot.ts";
import { checkConfiguration, type Checked } from "../check-configuration.ts";
import { recordNameOf, type CompilationRecord } from "../compilation-record.ts";
import type { Compiler } from "../compiler.ts";
import { CompilerGuard, type Guarded } from "../compiler-guard.ts";
import type { CaptureConfiguration } from "../model.ts";
import { writeWrapper } from "../rustc-wrapper.ts";

/** What is checked, and where. */
export interface CheckerParts {
    /** Root of the workspace, absolute. */
    readonly root: string;
    /** Folders of the root manifests of its Cargo workspaces, relative to the root. */
    readonly cargoFolders: readonly string[];
    /** Our own folder: target folder and records, which stay. */
    readonly folder: string;
    readonly signal?: AbortSignal | undefined;
    readonly onProgress?: ProgressSink | undefined;
}

/** What a checker asks Cargo and the compiler when it is opened. */
export interface CheckedTools {
    readonly compiler: Compiler;
    /** Names of packages by manifest, for each Cargo workspace. */
    readonly packages: readonly (readonly [string, readonly (readonly [string, string])[]])[];
}

/** What a check of one configuration found. */
export interface CheckedWorkspace {
    readonly compiles: boolean;
    /** The first error, or Cargo's complaint; empty where there is none. */
    readonly firstError: string;
    /** Errors with places, and warnings that can betray a changed meaning. Files are relative to the root. */
    readonly errors: readonly Diagnostic[];
    readonly warnings: readonly Diagnostic[];
    /** Texts of those warnings by lint. */
    readonly byLint: ReadonlyMap<string, readonly string[]>;
    readonly records: readonly CompilationRecord[];
    /** Names of packages with errors. */
    readonly broken: ReadonlySet<string>;
    /** Targets that were compiled, those left out that were fresh. */
    readonly compiled: number;
    /** Of Cargo, from its start to its end. */
    readonly milliseconds: number;
}

/** What is told while a check runs. */
export interface CheckEvents {
    /** Cargo runs. */
    readonly onStarted?: (() => void) | undefined;
    /** Each crate that is compiled, or was found fresh: its name in its record. */
    readonly onCompiled?: ((crate: string) => void) | undefined;
}

/** Checks one workspace. */
export class WorkspaceChecker {
    readonly #parts: CheckerParts;
    readonly #wrapper: string;
    /** Names of packages by manifest, for each Cargo workspace. */
    readonly #packages: ReadonlyMap<string, ReadonlyMap<string, string>>;
    /** Targets of the last check, for the progress. */
    #expected = 0;
    /** The compiler, if its dumps are understood; or why not. */
    readonly guarded: Guarded;

    private constructor(
        parts: CheckerParts,
        wrapper: string,
        packages: ReadonlyMap<string, ReadonlyMap<string, string>>,
        guarded: Guarded,
    ) {
        this.#parts = parts;
        this.#wrapper = wrapper;
        this.#packages = packages;
        this.guarded = guarded;
    }

    static async open(parts: CheckerParts): Promise<WorkspaceChecker> {
        const { root, folder, cargoFolders, signal } = parts;
        await makeFolder(folder);
        const guard = new CompilerGuard(folder, signal);
        const asked = cargoFolders.map(async (cargoFolder) => {
            const targets = await readCargoTargets(join(root, cargoFolder), signal);
            const names = targets.map((one) => [one.manifestPath, one.packageName] as const);
            return [cargoFolder, new Map(names)] as const;
        });
        const all = Promise.all(asked);
        all.catch(() => undefined); // Thrown where it is awaited.
        const guarded = await guard.judgeDefault(join(root, cargoFolders[0] ?? ""));
        const wrapper = await writeWrapper(folder);
        return new WorkspaceChecker(parts, wrapper, new Map(await all), guarded);
    }

    /** Opens it with what Cargo and the compiler have said before, and asks neither. */
    static async reopen(
        parts: CheckerParts,
        { compiler, packages }: CheckedTools,
    ): Promise<WorkspaceChecker> {
        const { folder, signal } = parts;
        const guarded = await new CompilerGuard(folder, signal).judgeKnown(compiler);
        const names = packages.map(([at, own]) => [at, new Map(own)] as const);
        return new WorkspaceChecker(parts, await writeWrapper(folder), new Map(names), guarded);
    }

    /** What it was told when it was opened; undefined where the compiler is not understood. */
    get tools(): CheckedTools | undefined {
        const { compiler } = this.guarded;
        const packages = [...this.#packages].map(([at, names]) => [at, [...names]] as const);
        return compiler === undefined ? undefined : { compiler, packages };
    }

    /** Names of all packages. */
    get packages(): string[] {
        return [...this.#packages.values()].flatMap((names) => [...new Set(names.values())]);
    }

    /** Checks a configuration: of all packages, or of some. */
    async check(
        configuration: CaptureConfiguration,
        packages?: ReadonlySet<string>,
        told: CheckEvents = {},
    ): Promise<CheckedWorkspace> {
        const parts: CheckedWorkspace[] = [];
        for (const [cargoFolder, names] of this.#packages) {
            const own = [...new Set(names.values())].filter(
                (name) => packages?.has(name) !== false,
            );
            if (own.length > 0) {
                parts.push(
                    await this.#checkFolder(
                        cargoFolder,
                        configuration,
                        packages === undefined ? undefined : own,
                        told,
                    ),
                );
            }
        }
        const byLint = new Map<string, string[]>();
        for (const [lint, texts] of parts.flatMap((part) => [...part.byLint])) {
            byLint.set(lint, [...(byLint.get(lint) ?? []), ...texts]);
        }
        this.#expected = parts.reduce((sum, { records }) => sum + records.length, 0);
        return {
            compiles: parts.every(({ compiles }) => compiles),
            firstError: parts.find(({ firstError }) => firstError !== "")?.firstError ?? "",
            errors: parts.flatMap(({ errors }) => errors),
            warnings: parts.flatMap(({ warnings }) => warnings),
            byLint,
            records: parts.flatMap(({ records }) => records),
            broken: new Set(parts.flatMap(({ broken }) => [...broken])),
            compiled: parts.reduce((sum, { compiled }) => sum + compiled, 0),
            milliseconds: parts.reduce((sum, { milliseconds }) => sum + milliseconds, 0),
        };
    }

    async #checkFolder(
        cargoFolder: string,
        configuration: CaptureConfiguration,
        packages: readonly string[] | undefined,
        { onStarted, onCompiled }: CheckEvents,
    ): Promise<CheckedWorkspace> {
        const { root, folder, signal, onProgress } = this.#parts;
        const names = this.#packages.get(cargoFolder) ?? new Map<string, string>();
        const checked = await checkConfiguration({
            root,
            cargoFolder,
            configuration,
            wrapper: this.#wrapper,
            members: new Set(names.keys()),
            packages,
            withDiagnostics: true,
            onOutput: (file) => onCompiled?.(recordNameOf(file)),
            onStarted,
            expected: this.#expected,
            options: {
                ...{ trusted: true, folder, configurations: [] },
                ...(signal === undefined ? {} : { signal }),
                ...(onProgress === undefined ? {} : { onProgress }),
            },
        });
        return this.#describe(checked, cargoFolder, names);
    }

    #describe(
        checked: Checked,
        cargoFolder: string,
        names: ReadonlyMap<string, string>,
    ): CheckedWorkspace {
        const { root } = this.#parts;
        const local = <T extends { readonly file: string }>(span: T): T => ({
            ...span,
            file: relativePath(root, resolve(join(root, cargoFolder), span.file)),
        });
        const diagnostics = checked.diagnostics.map((one) => ({
            ...one,
            spans: one.spans.map((span) => ({ ...local(span), calls: span.calls.map(local) })),
        }));
        const errors = diagnostics.filter(({ level }) => level === "error");
        const warnings = diagnostics.filter(
            ({ level, code, message }) => level === "warning" && isTellingWarning(code, message),
        );
        const byLint = new Map<string, string[]>();
        for (const { code, rendered } of warnings) {
            appendTo(byLint, code, rendered);
        }
        return {
            compiles: checked.compiles,
            firstError: checked.firstError?.message ?? "",
            errors,
            warnings,
            byLint,
            records: checked.units.map(({ record }) => record),
            broken: new Set(errors.flatMap(({ manifestPath }) => names.get(manifestPath) ?? [])),
            compiled: checked.compiled,
            milliseconds: checked.milliseconds,
        };
    }
}
