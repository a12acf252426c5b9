// The built program on a copy of the small workspace: `ferrograph lsp` as an editor starts it, and its
// daemon behind it, with sockets and caches in a folder of the test's own.

import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import {
    cpSync,
    existsSync,
    mkdirSync,
    mkdtempSync,
    readdirSync,
    readFileSync,
    realpathSync,
    rmSync,
    symlinkSync,
    writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { LspClient } from "./lsp-client.ts";
import { TestWorkspace } from "./engine-fixture.ts";

const PACKAGE = fileURLToPath(new URL("../../", import.meta.url));
/** The built program. */
export const MAIN = join(PACKAGE, "dist/bundle/main.js");

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
        return this.editorOf(MAIN, ...args);
    }

    /** Starts an editor's end of another copy of the program. */
    editorOf(
        main: string,
        ...args: readonly string[]
    ): { client: LspClient; child: ChildProcessWithoutNullStreams } {
        const child = this.#spawn(["lsp", ...args], main);
        const streams = { input: child.stdout, output: child.stdin };
        return { client: new LspClient(streams, this.workspace.root), child };
    }

    /** Runs a command to its end. */
    run(...args: readonly string[]): Promise<CommandResult> {
        return this.runWith(MAIN, ...args);
    }

    /** The same program as if it were of another version: its `main.js`. */
    ofVersion(version: string): string {
        const folder = join(this.#home, `ferrograph-${version}`);
        const manifest = JSON.parse(readFileSync(join(PACKAGE, "package.json"), "utf8")) as object;
        mkdirSync(join(folder, "dist"), { recursive: true });
        writeFileSync(join(folder, "package.json"), JSON.stringify({ ...manifest, version }));
        cpSync(join(PACKAGE, "dist/bundle"), join(folder, "dist/bundle"), { recursive: true });
        symlinkSync(realpathSync(join(PACKAGE, "node_modules")), join(folder, "node_modules"));
        return join(folder, "dist/bundle/main.js");
    }

    /** Runs a command of another copy of the program to its end. */
    async runWith(main: string, ...args: readonly string[]): Promise<CommandResult> {
        const child = this.#spawn(args, main);
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

    /** Files that executors of this test keep. */
    keptFiles(): string[] {
        const folder = join(this.#home, "ferrograph/executor");
        return readdirSync(folder, { recursive: true }).map((name) => join(folder, String(name)));
    }

    /** Environment in which this test's daemon is found. */
    get environment(): NodeJS.ProcessEnv {
        return { ...process.env, XDG_RUNTIME_DIR: this.#home, XDG_CACHE_HOME: this.#home };
    }

    /** The daemon's log so far, what has moved aside included. */
    log(): string {
        const folder = join(this.workspace.root, ".ferrograph");
        const files = existsSync(folder) ? readdirSync(folder) : [];
        return files
            .filter((name) => name.startsWith("daemon.log"))
            .map((name) => readFileSync(join(folder, name), "utf8"))
            .join("");
    }

    async close(): Promise<void> {
        await this.run("stop");
        for (const child of this.#children) {
            child.kill();
        }
        this.workspace.remove();
        rmSync(this.#home, { recursive: true, force: true });
    }

    #spawn(args: readonly string[], main: string = MAIN): ChildProcessWithoutNullStreams {
        const child = spawn(process.execPath, [main, ...args], {
            cwd: this.workspace.root,
            env: this.environment,
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
