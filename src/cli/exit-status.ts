// With what the process ends.

/** Exit statuses of the command. */
export const EXIT = {
    done: 0,
    refused: 1,
    usage: 2,
    worldFailed: 3,
    /** As shells report a process that was interrupted. */
    interrupted: 130,
} as const;

/** An exit status of the command. */
export type ExitStatus = (typeof EXIT)[keyof typeof EXIT];
