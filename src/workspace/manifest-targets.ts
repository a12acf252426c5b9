// Finds a package's targets by Cargo's rules, from its manifest and the list of files.

import type { Problem, RepoPath } from "../base/index.ts";
import { below, resolveFrom } from "./folder-path.ts";
import type { ListedKind, PackageTable, TargetTable } from "./manifest.ts";
import type { Edition, Target, TargetKind } from "./model.ts";

/** The files of a workspace, asked for by folder. */
export interface FileTree {
    has(path: RepoPath): boolean;
    /** Names of the files and folders directly in a folder. */
    namesIn(folder: RepoPath): readonly string[];
}

/** A package's folder, manifest and edition: what its targets are found from. */
export interface TargetContext {
    readonly folder: RepoPath;
    readonly manifest: RepoPath;
    readonly table: PackageTable;
    readonly edition: Edition;
    readonly files: FileTree;
}

interface Candidate {
    readonly name: string;
    readonly path: RepoPath;
}

const FOLDERS: Readonly<Record<ListedKind, string>> = {
    bin: "src/bin",
    example: "examples",
    test: "tests",
    bench: "benches",
};

const LISTED_KINDS: readonly ListedKind[] = ["bin", "example", "test", "bench"];

/** Builds a file tree from a list of paths. */
export function buildFileTree(paths: Iterable<RepoPath>): FileTree {
    const all = new Set<RepoPath>();
    const names = new Map<string, Set<string>>();
    for (const path of paths) {
        all.add(path);
        for (let rest: string = path; rest !== "";) {
            const cut = rest.lastIndexOf("/");
            const folder = rest.slice(0, Math.max(0, cut));
            const known = names.get(folder);
            if (known?.add(rest.slice(cut + 1)) === undefined) {
                names.set(folder, new Set([rest.slice(cut + 1)]));
            }
            rest = folder;
        }
    }
    return {
        has: (path) => all.has(path),
        namesIn: (folder) => [...(names.get(folder) ?? [])].sort(),
    };
}

/** Finds the targets of a package; one that lies outside the root is a problem and left out. */
export function findTargets(context: TargetContext): {
    readonly targets: readonly Target[];
    readonly problems: readonly Problem[];
} {
    const found = [
        findLib(context),
        ...LISTED_KINDS.flatMap((kind) => findListed(context, kind)),
        findBuildScript(context),
    ].filter((target) => target !== undefined);
    const targets = found.filter((target) => target !== "outside");
    const outside: Problem = {
        code: "TARGET_OUTSIDE_ROOT",
        message: `a target of ${context.table.name} lies outside the root folder and is left out`,
        path: context.manifest,
    };
    return { targets, problems: targets.length < found.length ? [outside] : [] };
}

/** Reads an edition; one that is not known counts as the newest. */
export function toEdition(text: string | undefined): Edition {
    switch (text) {
        case undefined:
        case "2015":
            return "2015";
        case "2018":
            return "2018";
        case "2021":
            return "2021";
        default:
            return "2024";
    }
}

/** Name in Rust source of a target or package. */
export function toCrateName(name: string): string {
    return name.replaceAll("-", "_");
}

type Found = Target | "outside" | undefined;

function findLib(context: TargetContext): Found {
    const { folder, table, files } = context;
    const inferred = below(folder, "src/lib.rs");
    const discovers = table.discovers.lib !== false && files.has(inferred);
    if (table.lib === undefined && !discovers) {
        return undefined;
    }
    const kind = table.lib?.procMacro === true ? "proc-macro" : "lib";
    const name = table.lib?.name ?? toCrateName(table.name);
    const path = table.lib?.path;
    const rootFile = path === undefined ? inferred : resolveFrom(folder, path);
    return makeTarget(context, kind, { ...emptyTable, ...table.lib, name }, rootFile);
}

function findListed(context: TargetContext, kind: ListedKind): Found[] {
    const { folder, table } = context;
    const inferred = inferTargets(context, kind);
    const tables = table.listed[kind];
    const explicit = tables.map((entry) => ({
        entry,
        path:
            entry.path === undefined
                ? pathByName(inferred, entry.name, below(folder, FOLDERS[kind]))
                : resolveFrom(folder, entry.path),
    }));
    const names = new Set(tables.map((entry) => entry.name));
    const paths = new Set(explicit.map((each) => each.path));
    // In edition 2015, one target written down switches the discovery of its kind off.
    const discovers = table.discovers[kind] ?? (context.edition !== "2015" || tables.length === 0);
    const rest = discovers
        ? inferred.filter((each) => !names.has(each.name) && !paths.has(each.path))
        : [];
    return [
        ...explicit.map(({ entry, path }) => makeTarget(context, kind, entry, path)),
        ...rest.map(({ name, path }) => makeTarget(context, kind, { ...emptyTable, name }, path)),
    ];
}

function inferTargets(context: TargetContext, kind: ListedKind): Candidate[] {
    const { folder, files, table } = context;
    const base = below(folder, FOLDERS[kind]);
    const found: Candidate[] = [];
    const main = below(folder, "src/main.rs");
    if (kind === "bin" && files.has(main)) {
        found.push({ name: table.name, path: main });
    }
    for (const name of files.namesIn(base)) {
        const path = below(base, name);
        if (name.startsWith(".")) {
            continue;
        }
        if (name.endsWith(".rs") && files.has(path)) {
            found.push({ name: name.slice(0, -3), path });
        } else if (files.has(below(path, "main.rs"))) {
            found.push({ name, path: below(path, "main.rs") });
        }
    }
    return found;
}

function pathByName(
    inferred: readonly Candidate[],
    name: string | undefined,
    folder: RepoPath,
): RepoPath {
    const found = inferred.find((each) => each.name === name);
    return found?.path ?? below(folder, `${name ?? "main"}.rs`);
}

function findBuildScript(context: TargetContext): Found {
    const { folder, table, files } = context;
    const inferred = below(folder, "build.rs");
    if (table.build === false || (table.build === undefined && !files.has(inferred))) {
        return undefined;
    }
    const rootFile = table.build === undefined ? inferred : resolveFrom(folder, table.build);
    const stem = /([^/]*?)(\.rs)?$/.exec(rootFile ?? "build")?.[1] ?? "build";
    const name = `build-script-${stem}`;
    return makeTarget(context, "build", { ...emptyTable, name }, rootFile);
}

const emptyTable: TargetTable = {
    name: undefined,
    path: undefined,
    edition: undefined,
    procMacro: false,
    requiredFeatures: [],
};

function makeTarget(
    context: TargetContext,
    kind: TargetKind,
    table: TargetTable,
    rootFile: RepoPath | undefined,
): Found {
    if (rootFile === undefined) {
        return "outside";
    }
    const name = table.name ?? context.table.name;
    return {
        kind,
        name,
        crateName: toCrateName(name),
        rootFile,
        edition: table.edition === undefined ? context.edition : toEdition(table.edition),
        requiredFeatures: table.requiredFeatures,
    };
}
