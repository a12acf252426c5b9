// The two servers that are measured: ours, and rust-analyzer.

import { connectDaemon } from "../../src/server/index.ts";
import type { StdSources } from "../corpora/std-sources.ts";
import type { LanguageClient } from "../peers/language-client.ts";
import { shippedCommand, stopSubject } from "../peers/subject.ts";
import type { MeasuredServer } from "./server-figures.ts";

const POLL_MS = 5;
const READY_MS_MAX = 30 * 60_000;

/** Our server, as an editor starts it: a bridge, and behind it the daemon of the workspace. */
export function ourServer(repository: string, root: string, storeFolder: string): MeasuredServer {
    const [program = "", ...first] = shippedCommand(repository);
    const connect = { root, storeFolder, trusted: true, autoStart: false, clientName: "bench" };
    return {
        name: "ferrograph",
        command: {
            program,
            args: [...first, "lsp", "--workspace", root, "--store", storeFolder, "--trust"],
            env: {},
            initializationOptions: {},
        },
        // Requests wait until the workspace is captured.
        untilReady: async () => Promise.resolve(),
        pidOf: async () => {
            const client = await connectDaemon(connect);
            await client.close();
            return client.server.pid;
        },
        stop: async (client) => {
            const daemon = await connectDaemon(connect);
            await client.stop();
            await stopSubject(daemon);
        },
    };
}

/** rust-analyzer, without what competes with its answers: no cargo check, no priming of caches. */
export function rustAnalyzer(std: StdSources | undefined): MeasuredServer {
    return {
        name: "rust-analyzer",
        command: {
            program: "rust-analyzer",
            args: [],
            env: std?.env ?? {},
            initializationOptions: { checkOnSave: false, cachePriming: { enable: false } },
        },
        untilReady: async (client) => untilQuiescent(client),
        pidOf: async (client) => Promise.resolve(client.process.pid),
        stop: async (client) => client.stop(),
    };
}

async function untilQuiescent(client: LanguageClient): Promise<void> {
    for (let waited = 0; !client.isQuiescent; waited += POLL_MS) {
        if (waited > READY_MS_MAX) {
            throw new Error("rust-analyzer did not load the workspace");
        }
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
}
