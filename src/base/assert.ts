// Assertions: a broken promise inside the program, never bad input. They stay on in production.

/** Signals a bug: an invariant of the program does not hold. Carries no code. */
export class InvariantError extends Error {
    override readonly name = "InvariantError";
}

/** Throws an InvariantError unless the condition holds. */
export function assert(condition: boolean, message: string): asserts condition {
    if (!condition) {
        throw new InvariantError(message);
    }
}

/** Returns the value, or throws an InvariantError when it is undefined or null. */
export function required<T>(value: T | undefined | null, message: string): T {
    if (value === undefined || value === null) {
        throw new InvariantError(message);
    }
    return value;
}
