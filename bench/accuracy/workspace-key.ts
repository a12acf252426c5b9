// What a result rests on: the built product, and the texts of a workspace.

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

import { runProcess } from "../../src/platform/index.ts";

const DIGITS = 12;

/** Commit of the repository, and a hash of what is built: a changed tree is another product. */
export async function productKey(root: string): Promise<string> {
    const asked = await runProcess("git", ["rev-parse", "--short=12", "HEAD"], { cwd: root });
    const commit = asked.code === 0 ? asked.stdout.trim() : "no-commit";
    return `${commit}+${builtKey(root)}`;
}

/** Hash of what is built: the same for commits that change documents, tests or benches alone. */
export function builtKey(root: string): string {
    const built = path.join(root, "dist");
    const files = readdirSync(built, { recursive: true, encoding: "utf8" })
        .filter((name) => /\.(js|scm)$/u.test(name))
        .sort();
    const hash = createHash("sha256");
    for (const name of files) {
        hash.update(`${name}\0`).update(readFileSync(path.join(built, name)));
    }
    return hash.digest("hex").slice(0, DIGITS);
}

/** Hash of the texts of a workspace. */
export function workspaceKey(texts: ReadonlyMap<string, string>): string {
    const hash = createHash("sha256");
    for (const [file, text] of [...texts].sort(([a], [b]) => (a < b ? -1 : 1))) {
        hash.update(`${file}\0${text}\0`);
    }
    return hash.digest("hex").slice(0, DIGITS);
}
