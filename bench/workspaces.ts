// The workspaces that the tools of this folder run on: given ones, assembled ones, the demo.

import { existsSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { OperatingError } from "../src/base/index.ts";
import { assemble } from "./corpora/assemble.ts";
import { RECIPES } from "./corpora/recipes.ts";

/** A workspace to run on. */
export interface NamedWorkspace {
    readonly name: string;
    readonly about: string;
    readonly root: string;
}

/** Which workspaces are asked for. */
export interface WorkspaceWish {
    /** Folders. */
    readonly folders: readonly string[];
    /** Names of recipes. */
    readonly recipes: readonly string[];
    /** Install what recipes need. */
    readonly install: boolean;
    /** Folder for copies, indexes and compiled files. */
    readonly scratch: string;
    readonly repository: string;
}

/** Where copies and compiled files are kept between runs, unless another folder is named. */
export function defaultScratch(): string {
    return path.join(tmpdir(), "ferrograph-bench");
}

/** Finds or assembles the wished workspaces; the demo when nothing is wished. */
export async function findWorkspaces(wish: WorkspaceWish): Promise<NamedWorkspace[]> {
    const found: NamedWorkspace[] = wish.folders.map((folder) => {
        const root = path.resolve(folder);
        return { name: path.basename(root), about: "a folder that was given", root };
    });
    for (const name of wish.recipes) {
        const recipe = RECIPES.get(name);
        if (recipe === undefined) {
            const names = [...RECIPES.keys()].join(", ");
            throw new OperatingError(
                "BENCH_RECIPE_UNKNOWN",
                `there is no recipe ${name}: ${names}`,
            );
        }
        const root = path.join(wish.scratch, "corpora", name);
        if (!existsSync(path.join(root, ".git"))) {
            await assemble(recipe, root, { install: wish.install });
        }
        found.push({ name, about: recipe.about, root });
    }
    return found.length > 0 ? found : listDemos(wish.repository);
}

function listDemos(repository: string): NamedWorkspace[] {
    const folder = path.join(repository, "examples");
    const names = existsSync(folder) ? readdirSync(folder).sort() : [];
    return names
        .map((name) => ({ name, about: "the demo", root: path.join(folder, name) }))
        .filter(({ root }) => existsSync(path.join(root, "Cargo.toml")));
}
