// Crates of fuzz targets, which cargo-fuzz makes beside the crates that they are for.

import { join } from "node:path";

import type { GitRepository } from "../git/index.ts";
import { readBytesIfThere } from "../platform/index.ts";
import type { EditPlace } from "./model.ts";

/** Manifests of fuzz crates in a worktree, relative to the workspace. */
export async function fuzzManifests({
    worktree,
    edits: { folder, prefix },
}: {
    readonly worktree: GitRepository;
    readonly edits: EditPlace;
}): Promise<string[]> {
    const found: string[] = [];
    for (const { path, kind } of await worktree.entries()) {
        if (kind === "file" && path.startsWith(prefix) && /(?:^|\/)Cargo\.toml$/u.test(path)) {
            const manifest = path.slice(prefix.length);
            const bytes = await readBytesIfThere(join(folder, manifest));
            const text = Buffer.from(bytes ?? []).toString("utf8");
            if (/^\s*cargo-fuzz\s*=\s*true\b/mu.test(text)) {
                found.push(manifest);
            }
        }
    }
    return found.sort();
}
