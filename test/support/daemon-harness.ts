// The built program on a copy of the small workspace: `ferrograph lsp` as an editor starts it, and its
// daemon behind it, with sockets and caches in a folder of the test's own.

import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { LspClient } from "./lsp-client.ts";
import { TestWorkspace } from "./engine-fixture.ts";

const MAIN = fileURLToPath(new URL("../../dist/bundle/main.js", import.meta.url));

/** What a finished command said. */
export interface CommandResult {
    readonly status: number | null;
    readonly stdout: string;
    readonly stderr: string;
}

/** One workspace with its own daemon. */
export class DaemonHarness {
    readonly workspace = new TestWorkspace();
    readonly #home = realpathSync(mkdtempSync(join(tmpdir(), "ferrograph-home-")));
    readonly #children: ChildProcessWithoutNullStreams[] = [];

    constructor() {
        if (!existsSync(MAIN)) {
            throw new Error("protocol tests run the built program: `npm run build` first");
        }
    }

    /** Starts an editor's end: `ferrograph lsp`. */
    editor(...args: readonly string[]): {
        client: LspClient;
        child: ChildProcessWithoutNullStreams;
    } {
        const child = this.#spawn(["lsp", ...args]);
        const streams = { input: child.stdout, output: child.stdin };
        return { client: new LspClient(streams, this.workspace.root), child };
    }

    /** Runs a command to its end. */
    async run(...args: readonly string[]): Promise<CommandResult> {
        const child = this.#spawn(args);
        let stdout = "";
        let stderr = "";
        child.stdout.on("data", (chunk) => (stdout += String(chunk)));
        child.stderr.on("data", (chunk) => (stderr += String(chunk)));
        const status = await exitOf(child);
        return { status, stdout, stderr };
    }

    /** A folder without a workspace in it. */
    emptyFolder(): string {
        return mkdtempSync(join(this.#home, "empty-"));
    }

    /** The socket that the daemon listens on. */
    socketPath(): string {
        const folder = join(this.#home, "ferrograph");
        const name = readdirSync(folder).find((each) => each.endsWith(".sock"));
        return join(folder, name ?? "");
    }

    /** The daemon's log so far. */
    log(): string {
        const path = join(this.workspace.root, ".ferrograph/daemon.log");
        return existsSync(path) ? readFileSync(path, "utf8") : "";
    }

    async close(): Promise<void> {
        await this.run("stop");
        for (const child of this.#children) {
            child.kill();
        }
        this.workspace.remove();
        rmSync(this.#home, { recursive: true, force: true });
    }

    #spawn(args: readonly string[]): ChildProcessWithoutNullStreams {
        const child = spawn(process.execPath, [MAIN, ...args], {
            cwd: this.workspace.root,
            env: { ...process.env, XDG_RUNTIME_DIR: this.#home, XDG_CACHE_HOME: this.#home },
        });
        this.#children.push(child);
        return child;
    }
}

/** Waits for the end of a process. */
export function exitOf(child: ChildProcessWithoutNullStreams): Promise<number | null> {
    return new Promise((resolve) => {
        if (child.exitCode !== null) {
            resolve(child.exitCode);
        } else {
            child.once("close", resolve);
        }
    });
}
