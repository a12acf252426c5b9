// A package before its dependencies are tied to other packages: the form in which manifests and
// `cargo metadata` meet.

import type { Problem, RepoPath } from "../base/index.ts";
import type { Package } from "./model.ts";

/** A dependency as declared, not yet looked up. */
export interface DeclaredDependency {
    /** The name given to it in the manifest, when it differs from the package's. */
    readonly rename: string | undefined;
    readonly packageName: string;
    readonly kind: "normal" | "dev" | "build";
    readonly target: string;
    readonly optional: boolean;
    /** Folder of a path dependency inside the root; `outside` for one that leaves it. */
    readonly path: RepoPath | "outside" | undefined;
    /** `git+URL` of a git dependency; empty for a registry's. */
    readonly git: string;
    /** What `cargo metadata` resolved it to, when it did. */
    readonly resolved: ResolvedDependency | undefined;
}

/** Cargo's own word on a dependency. */
export interface ResolvedDependency {
    readonly externName: string;
    readonly version: string;
    /** Empty for a package on disk. */
    readonly source: string;
    /** Folder of a package on disk inside the root. */
    readonly folder: RepoPath | undefined;
}

/** A package with declared dependencies. */
export interface PackageDraft extends Omit<Package, "dependencies"> {
    readonly declared: readonly DeclaredDependency[];
}

/** Packages read, and what was wrong with them. */
export interface DraftBatch {
    readonly drafts: readonly PackageDraft[];
    readonly problems: readonly Problem[];
}
