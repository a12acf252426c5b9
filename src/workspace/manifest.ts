// A Cargo.toml as data: what it says itself, with `….workspace = true` still to be filled in.

import { parse, TomlError } from "smol-toml";

import type { Problem, RepoPath } from "../base/index.ts";
import { folderOf } from "./folder-path.ts";
import type { LintSetting } from "./model.ts";
import { asTable, flagAt, tableAt, tablesAt, textAt, textsAt, type Table } from "./json-view.ts";

/** A value of a package that may be inherited from the Cargo workspace. */
export type Inheritable<T> = T | "inherited" | undefined;

/** One `[lib]`, `[[bin]]`, … table. */
export interface TargetTable {
    readonly name: string | undefined;
    readonly path: string | undefined;
    readonly edition: string | undefined;
    readonly procMacro: boolean;
    readonly requiredFeatures: readonly string[];
}

/** One entry of a dependency table. */
export interface DependencySpec {
    /** The key: the name in the source unless the library is named otherwise. */
    readonly key: string;
    readonly kind: "normal" | "dev" | "build";
    /** The `cfg(...)` or triple of its table; empty when none. */
    readonly target: string;
    readonly inherited: boolean;
    readonly package: string | undefined;
    readonly path: string | undefined;
    readonly git: string | undefined;
    readonly optional: boolean;
}

/** The kinds of target that a package may have several of. */
export type ListedKind = "bin" | "example" | "test" | "bench";

/** The `[package]` part of a manifest. */
export interface PackageTable {
    readonly name: string;
    readonly version: Inheritable<string>;
    readonly edition: Inheritable<string>;
    readonly publish: Inheritable<boolean>;
    /** `package.workspace`: path of the workspace root when it is no parent folder. */
    readonly workspacePath: string | undefined;
    /** A path, `false` for none, undefined for `build.rs` if it is there. */
    readonly build: string | false | undefined;
    readonly lib: TargetTable | undefined;
    readonly listed: Readonly<Record<ListedKind, readonly TargetTable[]>>;
    /** `autolib`, `autobins`, …: undefined when the edition decides. */
    readonly discovers: Readonly<Record<ListedKind | "lib", boolean | undefined>>;
    readonly dependencies: readonly DependencySpec[];
    readonly features: Readonly<Record<string, readonly string[]>>;
    /** `[lints.rust]`. */
    readonly lints: readonly LintSetting[] | "inherited";
}

/** The `[workspace]` part of a manifest. */
export interface WorkspaceTable {
    readonly members: readonly string[];
    readonly exclude: readonly string[];
    /** `[workspace.package]`. */
    readonly package: Table;
    /** `[workspace.dependencies]`, by key. */
    readonly dependencies: ReadonlyMap<string, DependencySpec>;
    /** `[workspace.lints.rust]`. */
    readonly lints: readonly LintSetting[];
}

/** A `[patch]` entry that leads to a folder. */
export interface PatchSpec {
    /** `crates-io`, a registry's name, or a git URL. */
    readonly source: string;
    readonly packageName: string;
    readonly path: string;
}

/** A parsed Cargo.toml. */
export interface Manifest {
    readonly path: RepoPath;
    readonly folder: RepoPath;
    readonly package: PackageTable | undefined;
    readonly workspace: WorkspaceTable | undefined;
    readonly patches: readonly PatchSpec[];
}

/** Parses a manifest; a broken one gives a problem that names the line. */
export function parseManifest(
    path: RepoPath,
    text: string,
): { readonly manifest: Manifest | undefined; readonly problems: readonly Problem[] } {
    let root: Table;
    try {
        root = parse(text);
    } catch (error) {
        if (!(error instanceof TomlError)) {
            throw error;
        }
        const reason = (error.message.split("\n")[0] ?? "").replace("Invalid TOML document: ", "");
        return invalid(path, `is no valid TOML: ${reason}`, error.line - 1);
    }
    const packageTable = tableAt(root, "package") ?? tableAt(root, "project");
    const workspaceTable = tableAt(root, "workspace");
    const name = textAt(packageTable, "name");
    if (packageTable !== undefined && (name === undefined || !isPackageName(name))) {
        return invalid(path, "has a [package] without a valid name");
    }
    if (packageTable === undefined && workspaceTable === undefined) {
        return invalid(path, "has neither [package] nor [workspace]");
    }
    const manifest: Manifest = {
        path,
        folder: folderOf(path),
        package:
            packageTable === undefined || name === undefined
                ? undefined
                : readPackage(root, packageTable, name),
        workspace: workspaceTable === undefined ? undefined : readWorkspace(workspaceTable),
        patches: readPatches(root),
    };
    return { manifest, problems: [] };
}

/** Reads the names and versions of `Cargo.lock`, see lock-file.ts, as an untrusted table. */
export function parseTomlTable(text: string): Table | undefined {
    try {
        return parse(text);
    } catch (error) {
        if (error instanceof TomlError) {
            return undefined;
        }
        throw error;
    }
}

function invalid(
    path: RepoPath,
    what: string,
    line?: number,
): { readonly manifest: undefined; readonly problems: readonly Problem[] } {
    const at = line === undefined ? {} : { line };
    const message = `${path} ${what}; its package is left out`;
    return { manifest: undefined, problems: [{ code: "MANIFEST_INVALID", message, path, ...at }] };
}

function isPackageName(name: string): boolean {
    return /^[\p{XID_Start}_0-9][\p{XID_Continue}-]*$/u.test(name);
}

function readPackage(root: Table, table: Table, name: string): PackageTable {
    const build = table["build"];
    return {
        name,
        version: inheritable(table, "version", textAt(table, "version")),
        edition: inheritable(table, "edition", textAt(table, "edition")),
        publish: inheritable(table, "publish", readPublish(table["publish"])),
        workspacePath: textAt(table, "workspace"),
        build: typeof build === "string" || build === false ? build : undefined,
        lib: mapTable(tableAt(root, "lib"), readTarget),
        listed: {
            bin: tablesAt(root, "bin").map(readTarget),
            example: tablesAt(root, "example").map(readTarget),
            test: tablesAt(root, "test").map(readTarget),
            bench: tablesAt(root, "bench").map(readTarget),
        },
        discovers: {
            lib: flagAt(table, "autolib"),
            bin: flagAt(table, "autobins"),
            example: flagAt(table, "autoexamples"),
            test: flagAt(table, "autotests"),
            bench: flagAt(table, "autobenches"),
        },
        dependencies: readAllDependencies(root),
        features: readFeatures(tableAt(root, "features") ?? {}),
        lints: flagAt(tableAt(root, "lints"), "workspace") === true ? "inherited" : readLints(root),
    };
}

function inheritable<T>(table: Table, key: string, own: T | undefined): Inheritable<T> {
    return flagAt(tableAt(table, key), "workspace") === true ? "inherited" : own;
}

function readPublish(value: unknown): boolean | undefined {
    if (Array.isArray(value)) {
        return value.length > 0;
    }
    return typeof value === "boolean" ? value : undefined;
}

/** Reads `publish` of `[workspace.package]` or of a package. */
export function publishOf(table: Table): boolean | undefined {
    return readPublish(table["publish"]);
}

function readTarget(table: Table): TargetTable {
    const crateTypes = [...textsAt(table, "crate-type"), ...textsAt(table, "crate_type")];
    return {
        name: textAt(table, "name"),
        path: textAt(table, "path"),
        edition: textAt(table, "edition"),
        procMacro:
            (flagAt(table, "proc-macro") ?? flagAt(table, "proc_macro")) === true ||
            crateTypes.includes("proc-macro"),
        requiredFeatures: textsAt(table, "required-features"),
    };
}

function readAllDependencies(root: Table): DependencySpec[] {
    const found = readDependencyTables(root, "");
    for (const [target, table] of Object.entries(tableAt(root, "target") ?? {})) {
        found.push(...readDependencyTables(asTable(table) ?? {}, target));
    }
    return found;
}

function readDependencyTables(table: Table, target: string): DependencySpec[] {
    const kinds = [
        ["normal", tableAt(table, "dependencies")],
        ["dev", tableAt(table, "dev-dependencies") ?? tableAt(table, "dev_dependencies")],
        ["build", tableAt(table, "build-dependencies") ?? tableAt(table, "build_dependencies")],
    ] as const;
    return kinds.flatMap(([kind, entries]) =>
        Object.entries(entries ?? {}).map(([key, spec]) => ({
            ...readDependency(key, spec),
            kind,
            target,
        })),
    );
}

function readDependency(key: string, spec: unknown): DependencySpec {
    const table = asTable(spec);
    return {
        key,
        kind: "normal",
        target: "",
        inherited: flagAt(table, "workspace") === true,
        package: textAt(table, "package"),
        path: textAt(table, "path"),
        git: textAt(table, "git"),
        optional: flagAt(table, "optional") === true,
    };
}

function readFeatures(table: Table): Record<string, readonly string[]> {
    return Object.fromEntries(Object.keys(table).map((name) => [name, textsAt(table, name)]));
}

function readWorkspace(table: Table): WorkspaceTable {
    const dependencies = Object.entries(tableAt(table, "dependencies") ?? {});
    return {
        members: textsAt(table, "members"),
        exclude: textsAt(table, "exclude"),
        package: tableAt(table, "package") ?? {},
        dependencies: new Map(dependencies.map(([key, spec]) => [key, readDependency(key, spec)])),
        lints: readLints(table),
    };
}

/** Levels of rustc's lints in the order of the flags that Cargo makes of them: by priority, then backwards by name. */
function readLints(table: Table): LintSetting[] {
    const settings = Object.entries(tableAt(tableAt(table, "lints"), "rust") ?? {}).map(
        ([key, value]) => {
            const priority = asTable(value)?.["priority"];
            return {
                name: key.replaceAll("-", "_"),
                level: typeof value === "string" ? value : (textAt(asTable(value), "level") ?? ""),
                priority: typeof priority === "number" ? priority : 0,
            };
        },
    );
    return settings
        .sort((a, b) => a.priority - b.priority || (a.name < b.name ? 1 : -1))
        .map(({ name, level }) => ({ name, level }));
}

function readPatches(root: Table): PatchSpec[] {
    const found: PatchSpec[] = [];
    for (const [source, entries] of Object.entries(tableAt(root, "patch") ?? {})) {
        for (const [key, spec] of Object.entries(asTable(entries) ?? {})) {
            const path = textAt(asTable(spec), "path");
            if (path !== undefined) {
                found.push({ source, packageName: textAt(asTable(spec), "package") ?? key, path });
            }
        }
    }
    return found;
}

function mapTable<T>(table: Table | undefined, read: (table: Table) => T): T | undefined {
    return table === undefined ? undefined : read(table);
}
