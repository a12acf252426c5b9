// Our own daemon, as a user's tools reach it: started on demand, asked over its socket.

import { readFileSync } from "node:fs";
import path from "node:path";

import { isRefusal, OperatingError, type Refusal } from "../../src/base/index.ts";
import { connectDaemon, type DaemonClient } from "../../src/server/index.ts";
import type { RequestMap } from "../../src/protocol/index.ts";

/** Program and first arguments of the command that the package of a repository installs. */
export function shippedCommand(repository: string): readonly string[] {
    const manifest = JSON.parse(readFileSync(path.join(repository, "package.json"), "utf8")) as {
        readonly bin: { readonly ferrograph: string };
    };
    return [process.execPath, path.join(repository, manifest.bin.ferrograph)];
}

/** Starts a daemon of the present build on a workspace; its store is in a folder of ours. */
export async function openSubject(root: string, storeFolder: string): Promise<DaemonClient> {
    await stopLeftover(root, storeFolder);
    return connectDaemon({ ...optionsOf(root, storeFolder), autoStart: true });
}

/** Ends the daemon that an interrupted run has left: it would answer as it was built then. */
export async function stopLeftover(root: string, storeFolder: string): Promise<void> {
    let client: DaemonClient;
    try {
        client = await connectDaemon({ ...optionsOf(root, storeFolder), autoStart: false });
    } catch (error) {
        if (error instanceof OperatingError && error.code === "DAEMON_NOT_RUNNING") {
            return;
        }
        throw error;
    }
    await stopSubject(client);
}

function optionsOf(
    root: string,
    storeFolder: string,
): Omit<Parameters<typeof connectDaemon>[0], "autoStart"> {
    const command = shippedCommand(process.cwd());
    const backgroundFacts = false;
    return { root, storeFolder, trusted: true, backgroundFacts, clientName: "bench", command };
}

/** Ends the daemon, and returns when it is gone. */
export async function stopSubject(client: DaemonClient): Promise<void> {
    const { pid } = client.server;
    await client.request("rename-impact/stop", {}).catch((error: unknown) => {
        // On a busy machine it may be gone before its answer is read.
        if (!(error instanceof OperatingError && error.code === "DAEMON_GONE")) {
            throw error;
        }
    });
    await client.close();
    while (isAlive(pid)) {
        await new Promise((resolve) => setTimeout(resolve, 10));
    }
}

function isAlive(pid: number): boolean {
    try {
        process.kill(pid, 0);
        return true;
    } catch {
        return false;
    }
}

/** Asks for what must be answered. */
export async function demand<M extends keyof RequestMap>(
    client: DaemonClient,
    method: M,
    params: RequestMap[M][0],
): Promise<RequestMap[M][1]> {
    const answer: RequestMap[M][1] | Refusal = await client.request(method, params);
    if (isRefusal(answer)) {
        throw new Error(`${method} was refused: ${answer.code}: ${answer.message}`);
    }
    return answer;
}
