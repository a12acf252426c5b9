// Ties declared dependencies to packages of the folder, or to the version that was resolved.
// Order of belief: Cargo's resolution, a path, the lock file, a [patch] that leads to a folder.

import type { Problem, RepoPath } from "../base/index.ts";
import type { CargoLock } from "./cargo-lock.ts";
import { toCrateName } from "./manifest-targets.ts";
import type { Dependency, Package } from "./model.ts";
import type { DeclaredDependency, PackageDraft } from "./package-draft.ts";

/** A [patch] entry whose folder lies inside the root. */
export interface LocalPatch {
    /** `crates-io`, a registry's name, or a git URL. */
    readonly source: string;
    readonly packageName: string;
    readonly folder: RepoPath;
}

/** What a Cargo workspace adds to its packages' declarations. */
export interface WorkspaceResolution {
    readonly lock: CargoLock | undefined;
    readonly patches: readonly LocalPatch[];
}

const UNRESOLVED: WorkspaceResolution = { lock: undefined, patches: [] };

/** Ties the dependencies of all packages; drafts are in the order of the model. */
export function linkDependencies(
    drafts: readonly PackageDraft[],
    resolutions: ReadonlyMap<RepoPath, WorkspaceResolution>,
): { readonly packages: readonly Package[]; readonly problems: readonly Problem[] } {
    const indexOf = new Map(drafts.map((draft, index) => [draft.folder, index]));
    const outside = new Set<string>();
    const missing: Problem[] = [];
    const link = (draft: PackageDraft, declared: DeclaredDependency): Dependency => {
        const resolution = resolutions.get(draft.workspaceFolder) ?? UNRESOLVED;
        const folder = findFolder(draft, declared, { resolution, drafts });
        const local = folder === undefined ? undefined : indexOf.get(folder);
        if (declared.path === "outside") {
            outside.add(declared.packageName);
        } else if (declared.path !== undefined && local === undefined) {
            missing.push(missingPath(draft, declared, declared.path));
        }
        const locked = resolution.lock?.findDependency(draft, declared.packageName);
        const target = local === undefined ? undefined : drafts[local];
        return {
            externName: externName(declared, target),
            packageName: declared.packageName,
            kind: declared.kind,
            target: declared.target,
            optional: declared.optional,
            local,
            version: target?.version ?? declared.resolved?.version ?? locked?.version ?? "",
            source:
                target === undefined
                    ? (declared.resolved?.source ?? locked?.source ?? declared.git)
                    : "",
        };
    };
    const packages = drafts.map((draft): Package => {
        const { declared, ...rest } = draft;
        return { ...rest, dependencies: declared.map((each) => link(draft, each)).sort(compare) };
    });
    return { packages, problems: [...missing, ...outsideProblem(outside)] };
}

/** Cargo and the manifests name dependencies in different orders; the model has one. */
function compare(a: Dependency, b: Dependency): number {
    const [first, second] = [a, b].map((each) =>
        [each.externName, each.kind, each.target, each.packageName].join("\n"),
    );
    return first === second ? 0 : (first ?? "") < (second ?? "") ? -1 : 1;
}

function findFolder(
    draft: PackageDraft,
    declared: DeclaredDependency,
    from: { readonly resolution: WorkspaceResolution; readonly drafts: readonly PackageDraft[] },
): RepoPath | undefined {
    const { resolution, drafts } = from;
    if (declared.resolved !== undefined) {
        return declared.resolved.folder;
    }
    if (declared.path !== undefined) {
        return declared.path === "outside" ? undefined : declared.path;
    }
    const patches = resolution.patches.filter(
        (patch) => patch.packageName === declared.packageName && patchesSource(patch, declared),
    );
    const locked = resolution.lock?.findDependency(draft, declared.packageName);
    if (locked !== undefined && locked.source !== "") {
        return undefined; // The patch is there, but Cargo did not take it.
    }
    const fitting = patches.filter(
        (patch) =>
            locked === undefined ||
            drafts.find((each) => each.folder === patch.folder)?.version === locked.version,
    );
    return fitting[0]?.folder;
}

/** A registry's own name or URL in [patch] counts for any registry dependency. */
function patchesSource(patch: LocalPatch, declared: DeclaredDependency): boolean {
    if (declared.git === "") {
        return true;
    }
    return stripGit(declared.git) === stripGit(patch.source);
}

function stripGit(url: string): string {
    return url
        .replace(/^git\+/, "")
        .replace(/[?#].*$/, "")
        .replace(/(\.git)?\/?$/, "");
}

/** Without a rename the name in the source is the library's own, which a manifest may set. */
function externName(declared: DeclaredDependency, target: PackageDraft | undefined): string {
    if (declared.rename !== undefined) {
        return toCrateName(declared.rename);
    }
    const lib = target?.targets.find((each) => each.kind === "lib" || each.kind === "proc-macro");
    return lib?.crateName ?? declared.resolved?.externName ?? toCrateName(declared.packageName);
}

function missingPath(draft: PackageDraft, declared: DeclaredDependency, folder: RepoPath): Problem {
    return {
        code: "DEPENDENCY_MISSING",
        message:
            `${draft.manifest} depends on ${declared.packageName} in ${folder === "" ? "the root" : folder}, ` +
            "where no package was found; its names stay unresolved",
        path: draft.manifest,
    };
}

function outsideProblem(names: ReadonlySet<string>): Problem[] {
    if (names.size === 0) {
        return [];
    }
    const list = [...names].sort().join(", ");
    return [
        {
            code: "DEPENDENCY_OUTSIDE_ROOT",
            message:
                `path dependencies outside the root folder are treated as externals: ${list}; ` +
                "open a folder that holds them to rename across",
        },
    ];
}
