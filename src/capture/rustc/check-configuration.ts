// One `cargo check` of a configuration: what compiled, with the records of how, and what did not.

import { dirname, join, resolve } from "node:path";

import {
    runCargoCheck,
    type CargoArtifact,
    type CargoCheckResult,
    type CargoError,
    type Diagnostic,
} from "../../cargo/index.ts";
import { removeFile } from "../../platform/index.ts";
import { relativePath } from "./capture-snapshot.ts";
import type { CompilationRecord } from "./compilation-record.ts";
import type { CompilationUnit } from "./facts.ts";
import type { CaptureConfiguration, CompileError, MultiCaptureOptions } from "./model.ts";
import { readCommand } from "./rustc-arguments.ts";
import { findRecord, targetKindOf } from "./unit-views.ts";

/** What is checked. */
export interface CheckInput {
    readonly root: string;
    /** Relative to the root. */
    readonly cargoFolder: string;
    readonly configuration: CaptureConfiguration;
    readonly wrapper: string;
    /** Manifests of the workspace's members, absolute. */
    readonly members: ReadonlySet<string>;
    readonly options: MultiCaptureOptions;
    /** How many targets compiled last time, for the progress. */
    readonly expected: number;
    /** Packages to check; all members by default. */
    readonly packages?: readonly string[] | undefined;
    /** Keeps what the compiler says. */
    readonly withDiagnostics?: boolean;
    /** Told of each file that Cargo has had made, or found fresh. */
    readonly onOutput?: ((file: string) => void) | undefined;
    /** Told when Cargo runs. */
    readonly onStarted?: (() => void) | undefined;
}

/** A compiled target and how it was compiled. */
export interface CheckedUnit {
    readonly record: CompilationRecord;
    readonly unit: CompilationUnit;
}

/** What a check found. */
export interface Checked {
    readonly compiles: boolean;
    readonly units: readonly CheckedUnit[];
    /** Compiled, but how is not known. */
    readonly unrecorded: readonly CompilationUnit[];
    readonly errorCount: number;
    readonly firstError: CompileError | undefined;
    /** Errors and warnings, where they were asked for. */
    readonly diagnostics: readonly Diagnostic[];
    /** Targets of members that were compiled, those that were fresh left out. */
    readonly compiled: number;
    /** Milliseconds of Cargo, from its start to its end. */
    readonly milliseconds: number;
}

/** Cargo's target folder inside our folder. */
export function targetFolderOf(folder: string): string {
    return join(folder, "target");
}

/** Checks a configuration. */
export async function checkConfiguration(input: CheckInput): Promise<Checked> {
    let diagnostics: Diagnostic[] = [];
    let result = await runCheck(input, diagnostics);
    let milliseconds = result.milliseconds;
    let found = await findRecords(input, result.artifacts);
    const lost = found.unrecorded.flatMap(({ artifact }) => artifact.filenames);
    if (lost.length > 0) {
        // Cargo compiles again what has lost its output, and the wrapper sees it this time.
        await Promise.all(lost.map(removeFile));
        diagnostics = [];
        result = await runCheck(input, diagnostics);
        milliseconds += result.milliseconds;
        found = await findRecords(input, result.artifacts);
    }
    const firstError = result.errors[0];
    return {
        compiles: result.compiles,
        units: found.units,
        unrecorded: found.unrecorded.map(({ unit }) => unit),
        errorCount: result.errors.length + (result.complaint === undefined ? 0 : 1),
        firstError:
            firstError === undefined
                ? complaintError(result.complaint)
                : compileError(input, firstError),
        diagnostics,
        compiled: result.artifacts.filter(
            ({ isFresh, manifestPath }) => !isFresh && input.members.has(manifestPath),
        ).length,
        milliseconds,
    };
}

async function runCheck(input: CheckInput, diagnostics: Diagnostic[]): Promise<CargoCheckResult> {
    const { options, expected, members, packages } = input;
    let done = 0;
    return runCargoCheck({
        folder: join(input.root, input.cargoFolder),
        targetFolder: targetFolderOf(options.folder),
        wrapper: input.wrapper,
        packages,
        selection: selectionOf(input.configuration),
        signal: options.signal,
        onStarted: input.onStarted,
        onArtifact: (artifact) => {
            artifact.filenames.forEach((file) => input.onOutput?.(file));
            if (members.has(artifact.manifestPath)) {
                done += 1;
                options.onProgress?.("rustc check", done, Math.max(done, expected));
            }
        },
        ...(input.withDiagnostics === true && {
            onDiagnostic: (diagnostic: Diagnostic) => diagnostics.push(diagnostic),
        }),
    });
}

/** Arguments of Cargo that stand for a configuration. */
export function selectionOf(configuration: CaptureConfiguration): string[] {
    return [
        ...(configuration.allTargets ? ["--all-targets"] : []),
        ...(configuration.allFeatures ? ["--all-features"] : []),
        ...(configuration.noDefaultFeatures ? ["--no-default-features"] : []),
        ...(configuration.features.length > 0
            ? ["--features", configuration.features.join(",")]
            : []),
        ...(configuration.target === undefined ? [] : ["--target", configuration.target]),
    ];
}

interface Found {
    readonly units: readonly CheckedUnit[];
    readonly unrecorded: readonly {
        readonly artifact: CargoArtifact;
        readonly unit: CompilationUnit;
    }[];
}

async function findRecords(input: CheckInput, artifacts: readonly CargoArtifact[]): Promise<Found> {
    const units: CheckedUnit[] = [];
    const unrecorded: { artifact: CargoArtifact; unit: CompilationUnit }[] = [];
    for (const artifact of artifacts) {
        const kind = targetKindOf(artifact);
        if (kind === undefined || !input.members.has(artifact.manifestPath)) {
            continue;
        }
        const record = await findRecord(input.options.folder, artifact);
        if (record === undefined) {
            unrecorded.push({ artifact, unit: describeUnit(input, artifact, kind) });
        } else {
            units.push({ record, unit: describeUnit(input, artifact, kind, record) });
        }
    }
    return { units, unrecorded };
}

function describeUnit(
    input: CheckInput,
    artifact: CargoArtifact,
    targetKind: CompilationUnit["targetKind"],
    record?: CompilationRecord,
): CompilationUnit {
    const command = readCommand(record?.args ?? []);
    const folder = relativePath(input.root, dirname(artifact.manifestPath));
    const name = artifact.targetName;
    return {
        packageFolder: folder,
        packageName: record?.env["CARGO_PKG_NAME"] ?? name,
        crateName: record === undefined ? name.replaceAll("-", "_") : command.crateName,
        targetKind,
        targetName: name,
        isTest: artifact.isTest,
        features: artifact.features,
        configuration: input.configuration.name,
    };
}

function complaintError(complaint: string | undefined): CompileError | undefined {
    if (complaint === undefined) {
        return undefined;
    }
    const nowhere = { code: undefined, packageFolder: undefined, targetName: undefined };
    return { ...nowhere, message: complaint, path: undefined, line: 0, column: 0 };
}

function compileError(input: CheckInput, error: CargoError): CompileError {
    const { message, code, targetName, line, column, file, manifestPath } = error;
    const folder = join(input.root, input.cargoFolder);
    return {
        message,
        code,
        packageFolder: relativePath(input.root, dirname(manifestPath)),
        targetName,
        path: file === undefined ? undefined : relativePath(input.root, resolve(folder, file)),
        line,
        column,
    };
}
