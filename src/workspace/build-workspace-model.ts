// Builds the WorkspaceModel from manifests, what `cargo metadata` said, lock files and the list of
// files: plain data in, plain data out. Reading and running is done by capture.

import type { AbsPath, Problem, RepoPath } from "../base/index.ts";
import { lintsOfConfig } from "./cargo-config.ts";
import { parseCargoLock } from "./cargo-lock.ts";
import { findMembers, findMissingMembers, type CargoWorkspace } from "./cargo-workspaces.ts";
import { draftFromManifests } from "./draft-from-manifest.ts";
import { draftFromMetadata } from "./draft-from-metadata.ts";
import { resolveFrom } from "./folder-path.ts";
import {
    linkDependencies,
    type LocalPatch,
    type WorkspaceResolution,
} from "./link-dependencies.ts";
import { buildFileTree, type FileTree } from "./manifest-targets.ts";
import type { Manifest } from "./manifest.ts";
import type { LintSetting, Package, Target, TargetKind, WorkspaceModel } from "./model.ts";
import type { PackageDraft } from "./package-draft.ts";

/** One Cargo workspace and what is known of it beyond its manifests. */
export interface WorkspaceFacts {
    readonly group: CargoWorkspace;
    /** JSON of `cargo metadata`, when it was run and succeeded. */
    readonly metadata: unknown;
    /** Text of its `Cargo.lock`, when there is one. */
    readonly lockText: string | undefined;
    /** Text of its `.cargo/config.toml`, when there is one. */
    readonly configText?: string | undefined;
}

/** All that a model is built from. */
export interface ModelInput {
    readonly root: AbsPath;
    readonly workspaces: readonly WorkspaceFacts[];
    /** All `.rs` files that git does not ignore, sorted. */
    readonly rustFiles: readonly RepoPath[];
    /** Problems met before. */
    readonly problems: readonly Problem[];
}

/** Builds the model; what is uncertain or broken becomes a problem, never an exception. */
export function buildWorkspaceModel(input: ModelInput): WorkspaceModel {
    const files = buildFileTree(input.rustFiles);
    const drafts = new Map<RepoPath, PackageDraft>();
    const problems: Problem[] = [...input.problems];
    const resolutions = new Map<RepoPath, WorkspaceResolution>();
    let fromMetadata = 0;
    let fromManifests = 0;
    for (const facts of input.workspaces) {
        const { group } = facts;
        resolutions.set(group.folder, resolutionOf(facts));
        const metadata = draftFromMetadata(input.root, facts.metadata);
        for (const draft of metadata?.drafts ?? []) {
            // A path dependency may be met from several Cargo workspaces; its own one counts.
            if (!drafts.has(draft.folder) && ownsFolder(group, draft.folder)) {
                drafts.set(draft.folder, { ...draft, workspaceFolder: group.folder });
                fromMetadata++;
            }
        }
        const rest = group.packages.filter((each) => !drafts.has(each.folder));
        const read = draftFromManifests(group, rest, files);
        for (const draft of read.drafts) {
            drafts.set(draft.folder, draft);
            fromManifests++;
        }
        const flags = lintsOfConfig(facts.configText ?? "");
        for (const manifest of group.packages) {
            const draft = drafts.get(manifest.folder);
            const lints = [...lintsOfManifest(manifest, group), ...flags];
            if (draft !== undefined && lints.length > 0) {
                drafts.set(manifest.folder, { ...draft, lints });
            }
        }
        problems.push(...(metadata?.problems ?? []), ...read.problems);
        problems.push(...missingMembers(group), ...strangers(group));
    }
    const sorted = [...drafts.values()].sort((a, b) => (a.folder < b.folder ? -1 : 1));
    const linked = linkDependencies(sorted.map(sortTargets), resolutions);
    problems.push(...linked.problems, ...missingTargets(linked.packages, files));
    problems.push(...withoutLock(input.workspaces, linked.packages));
    return {
        root: input.root,
        source: sourceOf(fromMetadata, fromManifests),
        packages: linked.packages,
        rustFiles: input.rustFiles,
        problems,
    };
}

/** The levels that a manifest gives to lints, or its Cargo workspace does. */
function lintsOfManifest(
    manifest: Manifest,
    { rootManifest }: CargoWorkspace,
): readonly LintSetting[] {
    const own = manifest.package?.lints ?? [];
    return own === "inherited" ? (rootManifest.workspace?.lints ?? []) : own;
}

/** Names the Cargo workspaces whose externals have no version for want of a lock file. */
function withoutLock(
    workspaces: readonly WorkspaceFacts[],
    packages: readonly Package[],
): Problem[] {
    const unknown = new Set(
        packages
            .filter((each) =>
                each.dependencies.some((dep) => dep.local === undefined && dep.version === ""),
            )
            .map((each) => each.workspaceFolder),
    );
    const bare = workspaces
        .filter((each) => each.lockText === undefined && unknown.has(each.group.folder))
        .map((each) => each.group.rootManifest.path);
    const [path] = bare;
    if (path === undefined) {
        return [];
    }
    const more = bare.length > 1 ? ` and ${bare.length - 1} more` : "";
    const message =
        `there is no Cargo.lock beside ${path}${more}; the versions of its external dependencies ` +
        "are not known (`cargo generate-lockfile` makes one)";
    return [{ code: "WORKSPACE_NO_LOCK", message, path }];
}

function sourceOf(fromMetadata: number, fromManifests: number): WorkspaceModel["source"] {
    if (fromManifests === 0 && fromMetadata > 0) {
        return "cargo-metadata";
    }
    return fromMetadata === 0 ? "manifests" : "mixed";
}

function ownsFolder(group: CargoWorkspace, folder: RepoPath): boolean {
    return group.packages.some((manifest) => manifest.folder === folder);
}

function resolutionOf(facts: WorkspaceFacts): WorkspaceResolution {
    const { rootManifest } = facts.group;
    const patches: LocalPatch[] = [];
    for (const { source, packageName, path } of rootManifest.patches) {
        const folder = resolveFrom(rootManifest.folder, path);
        if (folder !== undefined) {
            patches.push({ source, packageName, folder });
        }
    }
    return {
        lock: facts.lockText === undefined ? undefined : parseCargoLock(facts.lockText),
        patches,
    };
}

function missingMembers(group: CargoWorkspace): Problem[] {
    return findMissingMembers(group).map((member) => ({
        code: "WORKSPACE_MEMBER_MISSING",
        message: `${group.rootManifest.path} names the member ${member}, where no package was found`,
        path: group.rootManifest.path,
    }));
}

/** Packages that lie under a Cargo workspace without being members: Cargo refuses to build them. */
function strangers(group: CargoWorkspace): Problem[] {
    if (group.rootManifest.workspace === undefined) {
        return [];
    }
    const members = findMembers(group);
    const names = group.packages
        .filter((manifest) => !members.has(manifest.folder))
        .map((manifest) => manifest.folder);
    if (names.length === 0) {
        return [];
    }
    const shown = names.slice(0, 3).join(", ") + (names.length > 3 ? ", …" : "");
    return [
        {
            code: "WORKSPACE_NOT_A_MEMBER",
            message:
                `${names.length} packages lie under ${group.rootManifest.path} without being its ` +
                `members (${shown}); they are read from their manifests, Cargo does not build them`,
            path: group.rootManifest.path,
        },
    ];
}

const KIND_ORDER: readonly TargetKind[] = [
    "lib",
    "proc-macro",
    "bin",
    "example",
    "test",
    "bench",
    "build",
];

function sortTargets(draft: PackageDraft): PackageDraft {
    const rank = (target: Target): number => KIND_ORDER.indexOf(target.kind);
    const targets = [...draft.targets].sort(
        (a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : Number(a.name > b.name)),
    );
    return { ...draft, targets };
}

function missingTargets(packages: readonly Package[], files: FileTree): Problem[] {
    return packages.flatMap((each) =>
        each.targets
            .filter((target) => !files.has(target.rootFile))
            .map((target) => ({
                code: "TARGET_FILE_MISSING",
                message:
                    `${target.rootFile}, the root of ${target.kind} ${target.name}, ` +
                    "is missing, a link, or ignored by git",
                path: each.manifest,
            })),
    );
}
