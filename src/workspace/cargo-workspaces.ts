// Groups the manifests of a folder into Cargo workspaces, by Cargo's own rule: the nearest
// `[workspace]` above a package that does not exclude it, or the one that the package names.

import type { RepoPath } from "../base/index.ts";
import { below, folderOf, isWithin, resolveFrom } from "./folder-path.ts";
import type { Manifest } from "./manifest.ts";

/** A Cargo workspace, or a package that stands alone. */
export interface CargoWorkspace {
    readonly folder: RepoPath;
    /** The manifest that rules: patches, inherited values, the lock file lie beside it. */
    readonly rootManifest: Manifest;
    /** Manifests of its packages. */
    readonly packages: readonly Manifest[];
}

/** Groups manifests; every manifest with a package is in exactly one group. */
export function groupWorkspaces(manifests: readonly Manifest[]): CargoWorkspace[] {
    const byFolder = new Map(manifests.map((manifest) => [manifest.folder, manifest]));
    const groups = new Map<RepoPath, Manifest[]>();
    for (const manifest of manifests) {
        if (manifest.workspace !== undefined && !groups.has(manifest.folder)) {
            groups.set(manifest.folder, []);
        }
        if (manifest.package !== undefined) {
            const root = findRootManifest(manifest, byFolder);
            groups.set(root.folder, [...(groups.get(root.folder) ?? []), manifest]);
        }
    }
    return [...groups]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .flatMap(([folder, packages]) => {
            const rootManifest = byFolder.get(folder);
            return rootManifest === undefined ? [] : [{ folder, rootManifest, packages }];
        });
}

/** Finds the manifest of the Cargo workspace that a package belongs to; itself when it is alone. */
export function findRootManifest(
    manifest: Manifest,
    byFolder: ReadonlyMap<RepoPath, Manifest>,
): Manifest {
    if (manifest.workspace !== undefined) {
        return manifest;
    }
    const named = manifest.package?.workspacePath;
    if (named !== undefined) {
        const folder = resolveFrom(manifest.folder, named);
        return (folder === undefined ? undefined : byFolder.get(folder)) ?? manifest;
    }
    for (let folder = manifest.folder; folder !== "";) {
        folder = folderOf(folder);
        const above = byFolder.get(folder);
        if (above?.workspace !== undefined && coversFolder(above, manifest.folder)) {
            return above;
        }
    }
    return manifest;
}

/** Whether a workspace's root does not exclude a folder; naming it as a member is stronger. */
function coversFolder(root: Manifest, folder: RepoPath): boolean {
    const excluded = (root.workspace?.exclude ?? []).some((path) => {
        const resolved = resolveFrom(root.folder, path);
        return resolved !== undefined && isWithin(folder, resolved);
    });
    return !excluded || isNamedMember(root, folder);
}

/** Whether `members` names a folder, by itself or by a pattern. */
function isNamedMember(root: Manifest, folder: RepoPath): boolean {
    return (root.workspace?.members ?? []).some((pattern) => {
        const resolved = resolveFrom(root.folder, pattern);
        return resolved !== undefined && matchesGlob(resolved, folder);
    });
}

/** Finds the members: the root package, the named ones, and path dependencies among the packages. */
export function findMembers(group: CargoWorkspace): ReadonlySet<RepoPath> {
    const root = group.rootManifest;
    const byFolder = new Map(group.packages.map((manifest) => [manifest.folder, manifest]));
    const members = new Set<RepoPath>();
    const pending = group.packages.filter(
        (manifest) => manifest === root || isNamedMember(root, manifest.folder),
    );
    for (let manifest = pending.pop(); manifest !== undefined; manifest = pending.pop()) {
        if (members.has(manifest.folder)) {
            continue;
        }
        members.add(manifest.folder);
        for (const spec of manifest.package?.dependencies ?? []) {
            const inherited = root.workspace?.dependencies.get(spec.key);
            const base = spec.inherited ? root.folder : manifest.folder;
            const path = spec.inherited ? inherited?.path : spec.path;
            const folder = path === undefined ? undefined : resolveFrom(base, path);
            const next = folder === undefined ? undefined : byFolder.get(folder);
            if (next !== undefined) {
                pending.push(next);
            }
        }
    }
    return members;
}

/** Members that are named without a pattern, but where no manifest was found. */
export function findMissingMembers(group: CargoWorkspace): string[] {
    const root = group.rootManifest;
    const known = new Set(group.packages.map((manifest) => manifest.folder));
    return (root.workspace?.members ?? []).filter((member) => {
        const folder = resolveFrom(root.folder, member);
        return !PATTERN.test(member) && (folder === undefined || !known.has(folder));
    });
}

const PATTERN = /[*?[]/;

/** The lock file of a Cargo workspace. */
export function lockFileOf(workspaceFolder: RepoPath): RepoPath {
    return below(workspaceFolder, "Cargo.lock");
}

function matchesGlob(pattern: string, path: string): boolean {
    if (!PATTERN.test(pattern)) {
        return pattern === path;
    }
    const source = pattern
        .split("/")
        .map((part) => (part === "**" ? ".*" : globPart(part)))
        .join("/")
        .replaceAll("/.*/", "/(?:.*/)?");
    return new RegExp(`^${source}$`, "u").test(path);
}

function globPart(part: string): string {
    return part
        .replace(/[.+^${}()|\\]/g, "\\$&")
        .replaceAll("*", "[^/]*")
        .replaceAll("?", "[^/]")
        .replaceAll("[!", "[^");
}
