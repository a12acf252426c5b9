// Checks a workspace in a folder of its own, configuration by configuration, with records of how each crate was
// compiled and all that the compiler says of it.

import { join, resolve } from "node:path";

import { appendTo, type ProgressSink } from "../../../base/index.ts";
import { isTellingWarning, readCargoTargets, type Diagnostic } from "../../../cargo/index.ts";
import { makeFolder, monotonicMs } from "../../../platform/index.ts";
import { relativePath } from "../capture-snapshot.ts";
import { checkConfiguration, type Checked } from "../check-configuration.ts";
import { recordNameOf, type CompilationRecord } from "../compilation-record.ts";
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
    readonly milliseconds: number;
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
        const guarded = await guard.judgeDefault(join(root, cargoFolders[0] ?? ""));
        const packages = new Map<string, ReadonlyMap<string, string>>();
        for (const cargoFolder of cargoFolders) {
            const targets = await readCargoTargets(join(root, cargoFolder), signal);
            packages.set(
                cargoFolder,
                new Map(targets.map((target) => [target.manifestPath, target.packageName])),
            );
        }
        return new WorkspaceChecker(parts, await writeWrapper(folder), packages, guarded);
    }

    /** Names of all packages. */
    get packages(): string[] {
        return [...this.#packages.values()].flatMap((names) => [...new Set(names.values())]);
    }

    /** Checks a configuration: of all packages, or of some. `onCompiled` is told each crate's name in its record. */
    async check(
        configuration: CaptureConfiguration,
        packages?: ReadonlySet<string>,
        onCompiled?: (crate: string) => void,
    ): Promise<CheckedWorkspace> {
        const start = monotonicMs();
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
                        onCompiled,
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
            milliseconds: Math.round(monotonicMs() - start),
        };
    }

    async #checkFolder(
        cargoFolder: string,
        configuration: CaptureConfiguration,
        packages: readonly string[] | undefined,
        onCompiled: ((crate: string) => void) | undefined,
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
            milliseconds: 0,
        };
    }
}
