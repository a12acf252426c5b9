// The repository as the tidy tests see it: what git tracks or would track, and its texts.

import { spawnSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's folder. */
export const REPOSITORY = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");

/** Paths of all files that git tracks or would add, relative to the repository, sorted. */
export function listRepositoryFiles(): string[] {
    const done = spawnSync("git", ["ls-files", "-z", "-co", "--exclude-standard"], {
        cwd: REPOSITORY,
        encoding: "utf8",
        maxBuffer: 1 << 26,
    });
    if (done.status !== 0) {
        throw new Error(`git ls-files failed: ${done.stderr}`);
    }
    const names = new Set(done.stdout.split("\0").filter((name) => name !== ""));
    return [...names].filter((name) => sizeOf(name) !== undefined).sort();
}

/** Size of a file in bytes; undefined when it is not there. */
export function sizeOf(name: string): number | undefined {
    return statSync(path.join(REPOSITORY, name), { throwIfNoEntry: false })?.size;
}

/** Text of a file of the repository. */
export function readRepositoryFile(name: string): string {
    return readFileSync(path.join(REPOSITORY, name), "utf8");
}
