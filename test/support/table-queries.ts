// An engine with a real store whose tables a test asks.

import { spawnSync } from "node:child_process";

import type { QueryParams } from "../../src/protocol/index.ts";
import type { WorkspaceEngine } from "../../src/engine/workspace-engine.ts";
import { openTestEngine, type TestWorkspace } from "./engine-fixture.ts";

/** Opens an engine whose graph and tables lie on disk. */
export function openTablesEngine(workspace: TestWorkspace): WorkspaceEngine {
    return openTestEngine(workspace, (ports) => ({
        openGraph: (folder) => ports.openGraph(folder),
    })).engine;
}

/** All rows of an answer. */
export async function ask(
    engine: WorkspaceEngine,
    sql: string,
    params: Partial<QueryParams> = {},
): Promise<readonly (readonly unknown[])[]> {
    const context = { client: "test" };
    let page: Awaited<ReturnType<typeof engine.tables.next>> = await engine.tables.query(context, {
        sql,
        ...params,
    });
    const rows = [...page.rows];
    while (page.next !== undefined) {
        page = await engine.tables.next(context, { cursor: page.next });
        rows.push(...page.rows);
    }
    return rows;
}

/** All bytes of an answer in another format. */
export async function askBytes(
    engine: WorkspaceEngine,
    sql: string,
    format: "arrow" | "parquet",
): Promise<Uint8Array> {
    const context = { client: "test" };
    let page: Awaited<ReturnType<typeof engine.tables.next>> = await engine.tables.query(context, {
        sql,
        format,
    });
    const parts = [Buffer.from(page.data, "base64")];
    while (page.next !== undefined) {
        page = await engine.tables.next(context, { cursor: page.next });
        parts.push(Buffer.from(page.data, "base64"));
    }
    return new Uint8Array(Buffer.concat(parts));
}

/** Runs git in a folder. */
export function git(folder: string, ...args: readonly string[]): string {
    const done = spawnSync("git", args, {
        cwd: folder,
        encoding: "utf8",
        env: {
            ...process.env,
            GIT_CONFIG_GLOBAL: "/dev/null",
            GIT_AUTHOR_NAME: "A",
            GIT_AUTHOR_EMAIL: "a@example.org",
            GIT_COMMITTER_NAME: "A",
            GIT_COMMITTER_EMAIL: "a@example.org",
        },
    });
    if (done.status !== 0) {
        throw new Error(`git ${args.join(" ")}: ${done.stderr}`);
    }
    return done.stdout.trim();
}
