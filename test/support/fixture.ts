// Workspaces written as one text. A line `//- /src/lib.rs crate:app edition:2021 deps:util,serde` begins a
// file; `crate:` makes it the root of a target, whose kind its path tells; `deps:u=util` renames a dependency.
// `lints:warnings=deny,unused=allow` are those of its manifest. `kind:proc-macro` says what kind of target it is where the path does not. `$0` marks the cursor.

import { createHash } from "node:crypto";

import { absPath, repoPath, type RepoPath } from "../../src/base/index.ts";
import type {
    Dependency,
    Edition,
    LintSetting,
    Package,
    Target,
    TargetKind,
    WorkspaceModel,
} from "../../src/workspace/index.ts";

/** A parsed fixture. */
export interface Fixture {
    /** Text by path, the cursor mark taken out. */
    readonly files: ReadonlyMap<string, string>;
    readonly cursor: { readonly path: string; readonly offset: number } | undefined;
    readonly model: WorkspaceModel;
}

interface Root {
    readonly path: string;
    readonly crate: string;
    readonly edition: Edition;
    readonly deps: readonly string[];
    readonly publish: boolean;
    readonly kind: TargetKind;
    readonly lints: readonly LintSetting[];
}

const HEADER = /^\/\/- \/(\S+)(.*)$/u;

/** Parses a fixture; a text without headers is `/src/lib.rs` of the crate `main`. */
export function parseFixture(text: string): Fixture {
    const files = new Map<string, string>();
    const roots: Root[] = [];
    const sections = text.trimStart().startsWith("//- ")
        ? text.split(/^(?=\/\/- )/mu).filter((section) => section.trim() !== "")
        : [`//- /src/lib.rs crate:main\n${text}`];
    let cursor: Fixture["cursor"];
    for (const section of sections) {
        const end = section.indexOf("\n");
        const header = HEADER.exec(section.slice(0, end).trimEnd());
        if (header === null) {
            throw new Error(`no fixture header: ${section.slice(0, end)}`);
        }
        const path = header[1]!;
        let content = section.slice(end + 1);
        const mark = content.indexOf("$0");
        if (mark !== -1) {
            cursor = { path, offset: mark };
            content = content.slice(0, mark) + content.slice(mark + 2);
        }
        files.set(path, content);
        const options = new Map(
            header[2]!
                .trim()
                .split(/\s+/u)
                .map((word) => word.split(":") as [string, string]),
        );
        const crate = options.get("crate");
        if (crate !== undefined) {
            roots.push({
                path,
                crate,
                edition: (options.get("edition") ?? "2021") as Edition,
                deps: options.get("deps")?.split(",") ?? [],
                publish: options.get("publish") === "true",
                lints: (options.get("lints")?.split(",") ?? []).map((lint) => {
                    const [name = "", level = ""] = lint.split("=");
                    return { name, level };
                }),
                kind: (options.get("kind") as TargetKind | undefined) ?? targetKind(path),
            });
        }
    }
    return {
        files,
        cursor,
        model: modelOf(
            roots,
            [...files.keys()].filter((path) => path.endsWith(".rs")),
        ),
    };
}

/** Writes files as a fixture again, the headers' options left out. */
export function renderFiles(files: ReadonlyMap<string, string>): string {
    return [...files]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([path, text]) => `//- /${path}\n${text}`)
        .join("");
}

/** SHA-256 of a text, hex. */
export function hashText(text: string): string {
    return createHash("sha256").update(text, "utf8").digest("hex");
}

/** The model as it is after files have moved. */
export function moveFiles(
    model: WorkspaceModel,
    moves: readonly { readonly from: string; readonly to: string }[],
): WorkspaceModel {
    const targets = new Map(moves.map((move) => [move.from, move.to]));
    const rustFiles = model.rustFiles.map((path) => repoPath(targets.get(path) ?? path)).sort();
    const at = (path: string): RepoPath => repoPath(targets.get(path) ?? path);
    return {
        ...model,
        rustFiles,
        packages: model.packages.map((each) => ({
            ...each,
            targets: each.targets.map((target) => ({ ...target, rootFile: at(target.rootFile) })),
        })),
    };
}

function modelOf(roots: readonly Root[], files: readonly string[]): WorkspaceModel {
    const folders = [...new Set(roots.map((root) => packageFolder(root.path)))];
    const libraries = new Map<string, number>();
    for (const root of roots) {
        if (targetKind(root.path) === "lib") {
            libraries.set(root.crate, folders.indexOf(packageFolder(root.path)));
        }
    }
    return {
        root: absPath("/w"),
        source: "cargo-metadata",
        packages: folders.map((folder) =>
            packageOf(
                folder,
                roots.filter((root) => packageFolder(root.path) === folder),
                libraries,
            ),
        ),
        rustFiles: files.map(repoPath).sort(),
        problems: [],
    };
}

function packageOf(
    folder: string,
    roots: readonly Root[],
    libraries: ReadonlyMap<string, number>,
): Package {
    const edition = roots[0]!.edition;
    const targets = roots.map((root): Target => ({
        kind: root.kind,
        name: root.crate,
        crateName: root.crate.replaceAll("-", "_"),
        rootFile: repoPath(root.path),
        edition: root.edition,
        requiredFeatures: [],
    }));
    const names = [...new Set(roots.flatMap((root) => root.deps))];
    return {
        name: roots[0]!.crate,
        version: "0.1.0",
        edition,
        folder: repoPath(folder),
        manifest: repoPath(folder === "" ? "Cargo.toml" : `${folder}/Cargo.toml`),
        targets,
        dependencies: names.map((name) => dependencyOf(name, libraries)),
        features: {},
        workspaceFolder: repoPath(""),
        publishable: roots.some((root) => root.publish),
        lints: roots.flatMap((root) => root.lints),
    };
}

/** A dependency by its crate's name, or as `alias=crate`. */
function dependencyOf(name: string, libraries: ReadonlyMap<string, number>): Dependency {
    const [externName, packageName = externName] = name.split("=") as [string, string?];
    const local = libraries.get(packageName);
    return {
        externName,
        packageName,
        kind: "normal",
        target: "",
        optional: false,
        local,
        version: local === undefined ? "1.0.0" : "",
        source: "",
    };
}

/** Folder of the manifest of a target's root file, by Cargo's usual layout. */
function packageFolder(path: string): string {
    return path
        .replace(/(?:^|\/)(?:src|tests|examples|benches)\/.*$|[^/]+$/u, "")
        .replace(/\/$/u, "");
}

function targetKind(path: string): TargetKind {
    if (path.endsWith("src/main.rs") || path.includes("src/bin/")) {
        return "bin";
    }
    if (/(?:^|\/)tests\//u.test(path)) {
        return "test";
    }
    return /(?:^|\/)examples\//u.test(path) ? "example" : "lib";
}
