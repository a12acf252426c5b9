// `ferrograph stop`: ends the daemon, whatever its version; one that is not running is no error.

import { endDaemon } from "../server/index.ts";
import type { CommandContext } from "./command-context.ts";
import { EXIT, type ExitStatus } from "./exit-status.ts";

/** Stops the daemon of a workspace. */
export async function stopDaemon(
    root: string,
    context: Pick<CommandContext, "common" | "terminal">,
): Promise<ExitStatus> {
    const stopped = await endDaemon(root);
    const said = stopped ? "stopped the daemon" : "no daemon is running";
    context.terminal.print([context.common.json ? JSON.stringify({ stopped }) : said]);
    return EXIT.done;
}
