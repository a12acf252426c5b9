// What is known of a Cargo workspace: packages, targets, dependencies, features. Plain data.

import type { AbsPath, Problem, RepoPath } from "../base/index.ts";

/** Edition of the Rust language. */
export type Edition = "2015" | "2018" | "2021" | "2024";

/** Kind of a Cargo target, as `cargo metadata` names it. */
export type TargetKind = "lib" | "proc-macro" | "bin" | "example" | "test" | "bench" | "build";

/** One thing that Cargo compiles: a crate. */
export interface Target {
    readonly kind: TargetKind;
    /** Name as in the manifest. */
    readonly name: string;
    /** Name as in Rust source: `-` replaced by `_`. */
    readonly crateName: string;
    /** The crate's root file; the file may be missing on disk. */
    readonly rootFile: RepoPath;
    readonly edition: Edition;
    readonly requiredFeatures: readonly string[];
}

/** A dependency as one package declares it. */
export interface Dependency {
    /** Name in Rust source: the rename if there is one, `-` replaced by `_`. */
    readonly externName: string;
    /** Name of the package depended on. */
    readonly packageName: string;
    readonly kind: "normal" | "dev" | "build";
    /** `cfg(...)` or target triple it is limited to, as text; empty when none. */
    readonly target: string;
    readonly optional: boolean;
    /** Index into WorkspaceModel.packages when it is a package of the workspace; else undefined. */
    readonly local: number | undefined;
    /** Resolved version of an external, empty when not known. */
    readonly version: string;
    /** Registry or git URL of an external, empty when not known. */
    readonly source: string;
}

/** The level that a manifest gives to a lint, or to a group of them. */
export interface LintSetting {
    readonly name: string;
    readonly level: string;
}

/** A package of the workspace folder (member, or path dependency inside it). */
export interface Package {
    readonly name: string;
    readonly version: string;
    readonly edition: Edition;
    /** Folder of the manifest, relative to the root; `.` is written as the empty path. */
    readonly folder: RepoPath;
    readonly manifest: RepoPath;
    readonly targets: readonly Target[];
    readonly dependencies: readonly Dependency[];
    readonly features: Readonly<Record<string, readonly string[]>>;
    /** Folder of the Cargo workspace it belongs to (a folder may hold several workspaces). */
    readonly workspaceFolder: RepoPath;
    /** Levels of the compiler's lints by `[lints.rust]` and `rustflags`, as Cargo passes them: of two the later counts. */
    readonly lints?: readonly LintSetting[];
    /** Whether `publish` allows publishing; a public API then has users outside the workspace. */
    readonly publishable: boolean;
}

/** A Cargo workspace, or a folder with several. */
export interface WorkspaceModel {
    readonly root: AbsPath;
    /** Where the facts come from; `manifests` and `mixed` are less certain and carry problems that say why. */
    readonly source: "cargo-metadata" | "manifests" | "mixed";
    readonly packages: readonly Package[];
    /** Relative paths of all `.rs` files under the root that git does not ignore, sorted. */
    readonly rustFiles: readonly RepoPath[];
    /** What is uncertain or broken, each with what to do. */
    readonly problems: readonly Problem[];
}
