// `ferrograph stop`: asks the daemon to end; one that is not running is no error.

import { OperatingError } from "../base/index.ts";
import { METHOD } from "../protocol/index.ts";
import { connectDaemon, isRefusal, type DaemonClient } from "../server/index.ts";
import type { CommandContext } from "./command-context.ts";
import { EXIT, type ExitStatus } from "./exit-status.ts";

/** Stops the daemon of a workspace. */
export async function stopDaemon(
    where: { readonly root: string; readonly trusted: boolean; readonly storeFolder?: string },
    context: Pick<CommandContext, "common" | "terminal">,
): Promise<ExitStatus> {
    const client = await findDaemon(where);
    const stopped = client !== undefined;
    if (client !== undefined) {
        try {
            const answer = await client.request(METHOD.stop, {});
            if (isRefusal(answer)) {
                throw new OperatingError(answer.code, answer.message, { advice: answer.advice });
            }
        } finally {
            await client.close();
        }
    }
    const said = stopped ? `stopped process ${client.server.pid}` : "no daemon is running";
    const pid = client?.server.pid;
    context.terminal.print([context.common.json ? JSON.stringify({ stopped, pid }) : said]);
    return EXIT.done;
}

async function findDaemon(where: {
    readonly root: string;
    readonly trusted: boolean;
}): Promise<DaemonClient | undefined> {
    try {
        return await connectDaemon({ ...where, clientName: "cli", autoStart: false });
    } catch (error) {
        if (error instanceof OperatingError && error.code === "DAEMON_NOT_RUNNING") {
            return undefined;
        }
        throw error;
    }
}
