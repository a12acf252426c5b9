// An engine on a copy of a workspace that is a git repository of its own, for what lands or is validated.

import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";

import { openEngine, type Engine } from "../../src/engine/index.ts";
import { createLogger } from "../../src/platform/index.ts";
import { WorkspaceCopy } from "../accuracy/workspace-copy.ts";

/** Uses an engine on a new copy in a folder; `begin` sees the copy before the engine does. */
export async function withEngineOnRepository<B, T>(
    root: string,
    folder: string,
    begin: (copy: string) => Promise<B>,
    use: (engine: Engine, begun: B) => Promise<T>,
): Promise<T> {
    mkdirSync(folder, { recursive: true });
    // Nothing is known of an earlier run.
    for (const name of ["store", "cache"]) {
        rmSync(path.join(folder, name), { recursive: true, force: true });
    }
    process.env["XDG_CACHE_HOME"] = path.resolve(folder, "cache");
    const copy = new WorkspaceCopy(root, path.join(folder, "copy"));
    makeRepository(copy.root);
    const begun = await begin(copy.root);
    const engine = openEngine({
        ...{ root: copy.root, storeFolder: path.join(folder, "store") },
        ...{ trusted: true, watch: false },
        logger: createLogger({ level: "error", destination: "stderr" }),
    });
    try {
        await engine.ready;
        return await use(engine, begun);
    } finally {
        await engine.close();
    }
}

/** Makes a folder a repository with one commit of all that it has. */
export function makeRepository(root: string): void {
    const git = (...args: string[]): void => {
        execFileSync("git", args, { cwd: root, stdio: "ignore" });
    };
    git("init", "-q", "-b", "main");
    git("config", "user.name", "Bench");
    git("config", "user.email", "bench@example.org");
    git("add", "--all", "--force");
    git("commit", "-qm", "as it is");
}
