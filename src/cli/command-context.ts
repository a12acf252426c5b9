// What every command is handed.

import type { CommonOptions } from "./command-line.ts";
import type { Terminal } from "./terminal.ts";

/** What a command runs with. */
export interface CommandContext {
    readonly common: CommonOptions;
    readonly terminal: Terminal;
    /** Program and first arguments of this very command. */
    readonly self: readonly string[];
    /** Stores the code that V8 has made of the program by now, for the next process. */
    readonly keepCode: () => void;
    /** Fires when the user gives up. */
    readonly signal: AbortSignal;
}
