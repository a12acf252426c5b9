// What the `ferrograph` command does: reads the command line, runs it, and ends with the right status.

import process from "node:process";
import { fileURLToPath } from "node:url";

import { CancelledError, OperatingError } from "../base/index.ts";
import { packageVersion } from "../platform/index.ts";
import type { CommandLine } from "./command-line.ts";
import { EXIT, type ExitStatus } from "./exit-status.ts";
import { renderHelp } from "./help-text.ts";
import { parseCommandLine } from "./parse-command-line.ts";
import { renderFailure } from "./render-refusal.ts";
import { runCommand } from "./run-command.ts";
import { openTerminal, type Terminal } from "./terminal.ts";

/** How the program was started. */
export interface Start {
    /** URL of the command's own module. */
    readonly main: string;
    /** Stores the code that V8 has made of the program by now. */
    readonly keepCode: () => void;
}

async function main(args: readonly string[], start: Start): Promise<ExitStatus> {
    const line = parseCommandLine(args);
    const terminal = openTerminal(line.kind === "run" ? line.common.color : "auto");
    switch (line.kind) {
        case "version":
            terminal.print([`ferrograph ${packageVersion()}`]);
            return EXIT.done;
        case "help":
            terminal.print(renderHelp(line.topic));
            return EXIT.done;
        case "usage": {
            const topic = line.topic === undefined ? "" : ` ${line.topic}`;
            terminal.complain([`ferrograph: ${line.message}`, `try \`ferrograph help${topic}\``]);
            return EXIT.usage;
        }
        case "run":
            return runGuarded(line, terminal, start);
    }
}

async function runGuarded(
    line: Extract<CommandLine, { kind: "run" }>,
    terminal: Terminal,
    { main: url, keepCode }: Start,
): Promise<ExitStatus> {
    const { command, common } = line;
    const giveUp = new AbortController();
    if (command.name !== "daemon" && command.name !== "lsp") {
        process.once("SIGINT", () => {
            giveUp.abort();
        });
    }
    const self = [process.execPath, ...process.execArgv, fileURLToPath(url)];
    try {
        return await runCommand(command, {
            ...{ common, terminal, self, keepCode },
            signal: giveUp.signal,
        });
    } catch (error) {
        return reportError(error, terminal, common.json);
    }
}

function reportError(error: unknown, terminal: Terminal, asJson: boolean): ExitStatus {
    if (error instanceof CancelledError) {
        terminal.complain(["cancelled"]);
        return EXIT.interrupted;
    }
    if (!(error instanceof OperatingError)) {
        const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
        terminal.complain([`ferrograph has a bug, please report it: ${stack}`]);
        return EXIT.worldFailed;
    }
    if (asJson) {
        const { code, message, advice } = error;
        terminal.print([JSON.stringify({ error: { code, message, advice } }, null, 2)]);
    } else {
        terminal.complain(renderFailure(error, terminal.errorPaint));
    }
    return EXIT.worldFailed;
}

/** Runs a command line, and ends the process with its status. */
export async function runMain(args: readonly string[], start: Start): Promise<void> {
    // `ferrograph impact … | head` closes the pipe early; that is no failure.
    process.stdout.on("error", (error: NodeJS.ErrnoException) => {
        process.exit(error.code === "EPIPE" ? EXIT.done : EXIT.worldFailed);
    });
    const status = await main(args, start);
    // Output to a pipe may still be on its way; the process ends when it is out.
    process.stdout.write("", () => {
        if (args[0] !== "daemon") {
            start.keepCode(); // A daemon has done so once it had answered.
        }
        process.exit(status);
    });
}
