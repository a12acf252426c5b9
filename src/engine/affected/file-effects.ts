// What a changed file that is not compiled as Rust, or that Cargo finds by itself, may do to packages.

import type { Resolution } from "../../resolve/index.ts";
import type { WorkspaceModel } from "../../workspace/index.ts";

/** What follows from a file as a whole. */
export interface FileEffect {
    readonly what: string;
    readonly effect: string;
    /** Packages of the model, all of whose tests are met. */
    readonly packages: readonly number[];
    readonly everything: boolean;
}

/** What effects are found from. */
export interface EffectInput {
    readonly model: WorkspaceModel;
    readonly resolution: Resolution;
    /** Rust files whose text has a word. */
    readonly filesNaming: (word: string) => readonly string[];
}

const WHOLE_WORKSPACE =
    /^(?:Cargo\.toml|Cargo\.lock|rust-toolchain(?:\.toml)?|\.config\/nextest\.toml)$|(?:^|\/)\.cargo\//u;
/** Files that no build and no test reads unless some text names them. */
const INERT =
    /(?:^|\/)(?:LICEN[CS]E[^/]*|COPYING[^/]*|AUTHORS[^/]*|NOTICE[^/]*|\.git[^/]*|\.editorconfig|\.?rustfmt\.toml|\.?clippy\.toml|deny\.toml)$|\.md$|^\.(?:github|vscode|idea)\//u;

/** What a changed file other than a compiled one may do. */
export function effectOfFile(path: string, input: EffectInput): FileEffect {
    if (WHOLE_WORKSPACE.test(path)) {
        return every(path, "everything: Cargo builds by it");
    }
    const name = path.slice(path.lastIndexOf("/") + 1);
    const naming = input.filesNaming(name);
    const owners = naming.flatMap((file) => packagesOwning(file, input));
    if (INERT.test(path) && naming.length === 0) {
        return {
            what: "file",
            effect: "none: no Rust text names it",
            packages: [],
            everything: false,
        };
    }
    const own = packageAround(path, input.model);
    const packages = [...new Set([...(own === undefined ? [] : [own]), ...owners])];
    if (packages.length === 0) {
        return every(
            "file",
            "everything: it belongs to no package, and what reads it is not known",
        );
    }
    const isManifest = name === "Cargo.toml";
    const effect = "all tests of its package and of those that depend on it";
    return { what: isManifest ? "manifest" : "file", effect, packages, everything: false };
}

/** What a compiled file does beyond its items; undefined for nothing. */
export function effectOfSource(
    path: string,
    status: "added" | "changed" | "removed",
    { model }: Pick<EffectInput, "model">,
): FileEffect | undefined {
    const packages: number[] = [];
    let reason = "";
    model.packages.forEach((one, index) => {
        for (const target of one.targets) {
            if (target.rootFile === path && (status !== "changed" || target.kind === "build")) {
                packages.push(index);
                reason =
                    target.kind === "build"
                        ? "all tests of its package: it is the build script"
                        : "all tests of its package: it is a target's root, new or gone";
            }
        }
    });
    const around = packageAround(path, model);
    if (status === "removed" && packages.length === 0 && around !== undefined) {
        const { folder } = model.packages[around] ?? { folder: "" };
        const inside = folder === "" ? path : path.slice(folder.length + 1);
        if (!inside.startsWith("src/") || /(?:^|\/)(?:lib|main|mod)\.rs$/u.test(path)) {
            packages.push(around);
            reason = "all tests of its package: what it was to Cargo is not known any more";
        }
    }
    return packages.length === 0
        ? undefined
        : { what: "file", effect: reason, packages, everything: false };
}

function every(what: string, effect: string): FileEffect {
    return { what, effect, packages: [], everything: true };
}

/** The package in whose folder a path lies, the innermost. */
function packageAround(path: string, model: WorkspaceModel): number | undefined {
    let found: number | undefined;
    let depth = -1;
    model.packages.forEach(({ folder }, index) => {
        const isInside = folder === "" || path.startsWith(`${folder}/`);
        if (isInside && folder.length > depth) {
            found = index;
            depth = folder.length;
        }
    });
    return found;
}

function packagesOwning(path: string, { model }: EffectInput): number[] {
    const around = packageAround(path, model);
    return around === undefined ? [] : [around];
}
