// What is wrong with arguments, and which command it is about.

import type { CommandName } from "./command-line.ts";

/** Something is wrong with the arguments. */
export class UsageError extends Error {
    override readonly name = "UsageError";
    readonly topic: CommandName | undefined;

    constructor(message: string, topic?: CommandName) {
        super(message);
        this.topic = topic;
    }
}
