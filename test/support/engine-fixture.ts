// A copy of the small workspace in a folder of its own, and an engine on it whose graph is in memory.

import {
    cpSync,
    mkdirSync,
    mkdtempSync,
    readFileSync,
    realpathSync,
    rmSync,
    writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { absPath } from "../../src/base/index.ts";
import type { EnginePorts } from "../../src/engine/ports.ts";
import { realPorts } from "../../src/engine/real-ports.ts";
import type { EngineOptions } from "../../src/engine/engine-options.ts";
import { WorkspaceEngine } from "../../src/engine/workspace-engine.ts";
import type { Logger } from "../../src/platform/index.ts";
import { MemoryGraph } from "./memory-graph.ts";

const SMALL = fileURLToPath(new URL("../fixtures/workspaces/small", import.meta.url));

/** A logger that keeps what it is told. */
export class KeptLog implements Logger {
    readonly lines: { level: string; fields: object; message: string }[] = [];
    readonly debug = this.#keep("debug");
    readonly info = this.#keep("info");
    readonly warn = this.#keep("warn");
    readonly error = this.#keep("error");

    #keep(level: string): Logger["debug"] {
        return (fields, message) => {
            const isText = typeof fields === "string";
            this.lines.push({
                level,
                fields: isText ? {} : fields,
                message: isText ? fields : (message ?? ""),
            });
        };
    }
}

/** A workspace on disk that a test may change. */
export class TestWorkspace {
    readonly root: string;

    constructor() {
        this.root = realpathSync(mkdtempSync(join(tmpdir(), "ferrograph-test-")));
        cpSync(SMALL, this.root, { recursive: true });
    }

    read(path: string): string {
        return readFileSync(join(this.root, path), "utf8");
    }

    write(path: string, text: string | Uint8Array): void {
        writeFileSync(join(this.root, path), text);
    }

    makeFolder(path: string): void {
        mkdirSync(join(this.root, path), { recursive: true });
    }

    remove(): void {
        rmSync(this.root, { recursive: true, force: true });
    }
}

/** What an engine test works with. */
export interface EngineFixture {
    readonly engine: WorkspaceEngine;
    readonly graph: MemoryGraph;
    readonly log: KeptLog;
}

/** Opens an engine on a workspace; the manifests are read without Cargo. */
export function openTestEngine(
    workspace: TestWorkspace,
    change: (ports: EnginePorts) => Partial<EnginePorts> = () => ({}),
    graph = new MemoryGraph(),
    options: Partial<EngineOptions> = {},
): EngineFixture {
    const log = new KeptLog();
    const real = realPorts();
    const ports = { ...real, openGraph: () => Promise.resolve(graph), ...change(real) };
    const engine = new WorkspaceEngine(
        {
            root: absPath(workspace.root),
            storeFolder: undefined,
            trusted: false,
            watch: false,
            logger: log,
            ...options,
        },
        ports,
    );
    return { engine, graph, log };
}
