// Reads packages from the JSON of `cargo metadata --format-version 1`, with or without `--no-deps`.

import { repoPath, type Problem, type RepoPath } from "../base/index.ts";
import { folderOf, relativeTo } from "./folder-path.ts";
import { asTable, flagAt, tableAt, tablesAt, textAt, textsAt, type Table } from "./json-view.ts";
import { toCrateName, toEdition } from "./manifest-targets.ts";
import type { Edition, Target, TargetKind } from "./model.ts";
import type {
    DeclaredDependency,
    DraftBatch,
    PackageDraft,
    ResolvedDependency,
} from "./package-draft.ts";

interface Source {
    readonly root: string;
    readonly workspaceFolder: RepoPath;
    readonly byId: ReadonlyMap<string, Table>;
    /** What each package was resolved to depend on; empty with `--no-deps`. */
    readonly nodes: ReadonlyMap<string, readonly Table[]>;
}

/** Reads the packages that lie inside the root folder; undefined when the JSON is of another form. */
export function draftFromMetadata(root: string, json: unknown): DraftBatch | undefined {
    const table = asTable(json);
    const workspaceRoot = textAt(table, "workspace_root");
    if (table?.["version"] !== 1 || workspaceRoot === undefined) {
        return undefined;
    }
    const packages = tablesAt(table, "packages");
    const nodes = tablesAt(tableAt(table, "resolve"), "nodes");
    const source: Source = {
        root,
        workspaceFolder: relativeTo(root, workspaceRoot) ?? repoPath(""),
        byId: new Map(packages.map((each) => [textAt(each, "id") ?? "", each])),
        nodes: new Map(nodes.map((node) => [textAt(node, "id") ?? "", tablesAt(node, "deps")])),
    };
    const drafts: PackageDraft[] = [];
    const problems: Problem[] = [];
    for (const each of packages) {
        const manifest = relativeTo(root, textAt(each, "manifest_path") ?? "");
        if (textAt(each, "source") === undefined && manifest !== undefined) {
            const batch = draftPackage(source, each, manifest);
            drafts.push(...batch.drafts);
            problems.push(...batch.problems);
        }
    }
    return { drafts, problems };
}

function draftPackage(source: Source, table: Table, manifest: RepoPath): DraftBatch {
    const name = textAt(table, "name") ?? "";
    const edition = toEdition(textAt(table, "edition"));
    const tables = tablesAt(table, "targets");
    const targets = tables
        .map((target) => readTarget(source.root, target, edition))
        .filter((target) => target !== undefined);
    const outside: Problem = {
        code: "TARGET_OUTSIDE_ROOT",
        message: `a target of ${name} lies outside the root folder and is left out`,
        path: manifest,
    };
    const deps = source.nodes.get(textAt(table, "id") ?? "") ?? [];
    const features = tableAt(table, "features") ?? {};
    const draft: PackageDraft = {
        name,
        version: textAt(table, "version") ?? "0.0.0",
        edition,
        folder: folderOf(manifest),
        manifest,
        targets,
        features: Object.fromEntries(
            Object.keys(features).map((key) => [key, textsAt(features, key)]),
        ),
        workspaceFolder: source.workspaceFolder,
        publishable: !Array.isArray(table["publish"]) || textsAt(table, "publish").length > 0,
        declared: tablesAt(table, "dependencies").map((each) => declare(source, each, deps)),
    };
    return { drafts: [draft], problems: targets.length < tables.length ? [outside] : [] };
}

const KINDS: Readonly<Record<string, TargetKind>> = {
    bin: "bin",
    example: "example",
    test: "test",
    bench: "bench",
    "custom-build": "build",
    "proc-macro": "proc-macro",
};

function readTarget(root: string, table: Table, packageEdition: Edition): Target | undefined {
    const rootFile = relativeTo(root, textAt(table, "src_path") ?? "");
    if (rootFile === undefined) {
        return undefined;
    }
    const name = textAt(table, "name") ?? "";
    const edition = textAt(table, "edition");
    return {
        // Every other kind (`rlib`, `cdylib`, …) is a crate type of the library.
        kind: KINDS[textsAt(table, "kind")[0] ?? ""] ?? "lib",
        name,
        crateName: toCrateName(name),
        rootFile,
        edition: edition === undefined ? packageEdition : toEdition(edition),
        requiredFeatures: textsAt(table, "required-features"),
    };
}

function declare(source: Source, table: Table, deps: readonly Table[]): DeclaredDependency {
    const kind = textAt(table, "kind");
    const path = textAt(table, "path");
    const registry = textAt(table, "source") ?? "";
    const declared = {
        rename: textAt(table, "rename"),
        packageName: textAt(table, "name") ?? "",
        kind: kind === "dev" || kind === "build" ? kind : ("normal" as const),
        target: textAt(table, "target") ?? "",
        optional: flagAt(table, "optional") === true,
        path: path === undefined ? undefined : (relativeTo(source.root, path) ?? "outside"),
        git: registry.startsWith("git+") ? registry : "",
    } as const;
    return { ...declared, resolved: findResolved(source, declared, deps) };
}

/** Finds Cargo's own answer: the resolved dependency of the same package, kind and platform. */
function findResolved(
    source: Source,
    declared: Omit<DeclaredDependency, "resolved">,
    deps: readonly Table[],
): ResolvedDependency | undefined {
    const matches = deps.filter((dep) => {
        const found = source.byId.get(textAt(dep, "pkg") ?? "");
        const extern = textAt(dep, "name");
        return (
            textAt(found, "name") === declared.packageName &&
            (declared.rename === undefined || extern === toCrateName(declared.rename)) &&
            tablesAt(dep, "dep_kinds").some(
                (each) =>
                    (textAt(each, "kind") ?? "normal") === declared.kind &&
                    (textAt(each, "target") ?? "") === declared.target,
            )
        );
    });
    const [dep] = matches;
    if (dep === undefined || matches.length > 1) {
        return undefined;
    }
    const found = source.byId.get(textAt(dep, "pkg") ?? "");
    const manifest = relativeTo(source.root, textAt(found, "manifest_path") ?? "");
    const from = textAt(found, "source") ?? "";
    return {
        externName: textAt(dep, "name") ?? toCrateName(declared.packageName),
        version: textAt(found, "version") ?? "",
        source: from,
        folder: from === "" && manifest !== undefined ? folderOf(manifest) : undefined,
    };
}
