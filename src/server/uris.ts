// Between the editor's URIs and the workspace's relative paths. The editor may know the root by
// another path (a link) and spell URIs its own way: what it said is what it gets back.

import { join, relative, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { findRealPath } from "../platform/index.ts";

/** Translates for one client. */
export class UriMap {
    readonly #root: string;
    /** The root as the client spells it. */
    #clientRoot: string;
    /** URIs of open documents, by path. */
    readonly #spelled = new Map<string, string>();

    constructor(root: string) {
        this.#root = root;
        this.#clientRoot = root;
    }

    /** Learns how the client spells the root, from the folders that it has opened. */
    learnRoot(folderUris: readonly string[]): void {
        for (const uri of folderUris) {
            const folder = pathOfUri(uri);
            if (folder === undefined) {
                continue;
            }
            const real = findRealPath(folder);
            const inner = real === undefined ? undefined : relative(this.#root, real);
            if (inner === "") {
                this.#clientRoot = folder;
                return;
            }
        }
    }

    /** Remembers the URI by which the client calls a file. */
    learnFile(path: string, uri: string): void {
        this.#spelled.set(path, uri);
    }

    forgetFile(path: string): void {
        this.#spelled.delete(path);
    }

    /** Path relative to the root; undefined for what is not a file below it. */
    toPath(uri: string): string | undefined {
        const file = pathOfUri(uri);
        if (file === undefined) {
            return undefined;
        }
        const direct = inside(this.#root, file) ?? inside(this.#clientRoot, file);
        if (direct !== undefined) {
            return direct;
        }
        const real = findRealPath(file);
        return real === undefined ? undefined : inside(this.#root, real);
    }

    /** URI of a file of the workspace. */
    toUri(path: string): string {
        return this.#spelled.get(path) ?? pathToFileURL(join(this.#clientRoot, path)).href;
    }
}

/** File system path of a file URI; undefined for any other. */
export function pathOfUri(uri: string): string | undefined {
    try {
        return uri.startsWith("file:") ? fileURLToPath(uri) : undefined;
    } catch {
        return undefined;
    }
}

function inside(root: string, file: string): string | undefined {
    const local = relative(root, file);
    const outside = local === "" || local === ".." || local.startsWith(`..${sep}`);
    return outside || join(root, local) !== file ? undefined : local.split(sep).join("/");
}
