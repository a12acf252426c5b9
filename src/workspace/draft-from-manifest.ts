// Reads the packages of a Cargo workspace from its manifests alone.

import type { Problem, RepoPath } from "../base/index.ts";
import type { CargoWorkspace } from "./cargo-workspaces.ts";
import { resolveFrom } from "./folder-path.ts";
import { textAt } from "./json-view.ts";
import { publishOf, type DependencySpec, type Manifest, type PackageTable } from "./manifest.ts";
import { findTargets, toEdition, type FileTree } from "./manifest-targets.ts";
import type { DeclaredDependency, DraftBatch, PackageDraft } from "./package-draft.ts";

/** Reads some packages of a group; the root manifest gives what they inherit. */
export function draftFromManifests(
    group: CargoWorkspace,
    packages: readonly Manifest[],
    files: FileTree,
): DraftBatch {
    const drafts: PackageDraft[] = [];
    const problems: Problem[] = [];
    for (const manifest of packages) {
        if (manifest.package !== undefined) {
            const batch = draftPackage(group, manifest, { table: manifest.package, files });
            drafts.push(...batch.drafts);
            problems.push(...batch.problems);
        }
    }
    return { drafts, problems };
}

function draftPackage(
    group: CargoWorkspace,
    manifest: Manifest,
    from: { readonly table: PackageTable; readonly files: FileTree },
): DraftBatch {
    const { table, files } = from;
    const { path, folder } = manifest;
    const shared = group.rootManifest.workspace?.package ?? {};
    const inherit = <T>(
        own: T | "inherited" | undefined,
        fallback: T | undefined,
    ): T | undefined => (own === "inherited" ? fallback : own);
    const edition = toEdition(inherit(table.edition, textAt(shared, "edition")));
    const version = inherit(table.version, textAt(shared, "version"));
    const publish = inherit(table.publish, publishOf(shared));
    const found = findTargets({ folder, manifest: path, table, edition, files });
    const draft: PackageDraft = {
        name: table.name,
        version: version ?? "0.0.0",
        edition,
        folder,
        manifest: path,
        targets: found.targets,
        features: withImplicitFeatures(table),
        workspaceFolder: group.folder,
        // Without a version a package cannot be published, whatever else it says.
        publishable: publish ?? version !== undefined,
        declared: table.dependencies.map((spec) => declare(group, manifest, spec)),
    };
    return { drafts: [draft], problems: [...found.problems, ...missingInherited(group, manifest)] };
}

function declare(
    group: CargoWorkspace,
    manifest: Manifest,
    spec: DependencySpec,
): DeclaredDependency {
    const shared = spec.inherited
        ? group.rootManifest.workspace?.dependencies.get(spec.key)
        : undefined;
    const effective = shared ?? spec;
    const packageName = effective.package ?? spec.key;
    const base = shared === undefined ? manifest.folder : group.folder;
    return {
        rename: packageName === spec.key ? undefined : spec.key,
        packageName,
        kind: spec.kind,
        target: spec.target,
        optional: spec.optional,
        path: resolvePath(base, effective.path),
        git: effective.git === undefined ? "" : `git+${effective.git}`,
        resolved: undefined,
    };
}

function resolvePath(base: RepoPath, path: string | undefined): RepoPath | "outside" | undefined {
    return path === undefined ? undefined : (resolveFrom(base, path) ?? "outside");
}

function missingInherited(group: CargoWorkspace, manifest: Manifest): Problem[] {
    const known = group.rootManifest.workspace?.dependencies;
    return (manifest.package?.dependencies ?? [])
        .filter((spec) => spec.inherited && known?.has(spec.key) !== true)
        .map((spec) => ({
            code: "MANIFEST_INVALID",
            message:
                `${manifest.path} inherits the dependency ${spec.key}, ` +
                "which its Cargo workspace does not name",
            path: manifest.path,
        }));
}

/** An optional dependency is a feature of its own name unless a feature says `dep:name`. */
function withImplicitFeatures(table: PackageTable): Record<string, readonly string[]> {
    const features: Record<string, readonly string[]> = { ...table.features };
    const named = new Set(Object.values(table.features).flat());
    for (const spec of table.dependencies) {
        if (spec.optional && !named.has(`dep:${spec.key}`) && !(spec.key in features)) {
            features[spec.key] = [`dep:${spec.key}`];
        }
    }
    return features;
}
