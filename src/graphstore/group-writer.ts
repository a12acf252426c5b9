// Brings what is ready to be written together: whoever waits while a group is being written forms the
// next one. Other work on the files has its turn between two groups.
// Invariants: one thing at a time, in the order of the calls; after a failure whoever waits fails.

import { setImmediate as nextTurn } from "node:timers/promises";

/** What writes groups. */
export interface GroupPort<T> {
    /** Bytes that a thing takes. */
    readonly bytesOf: (item: T) => number;
    /** How many of the waiting things the next group takes, from the first on; at least one. */
    readonly countOf: (waiting: readonly T[]) => number;
    /** Whether others come soon, for whom the next group waits a turn: a quick disk gives them no other. */
    readonly areMoreComing: () => boolean;
    /** Writes a group. */
    readonly write: (group: readonly T[]) => Promise<void>;
}

interface Waiting<T> {
    readonly item: T;
    readonly resolve: () => void;
    readonly reject: (cause: unknown) => void;
}

/** Writes things in groups. */
export class GroupWriter<T> {
    readonly #port: GroupPort<T>;
    #waiting: Waiting<T>[] = [];
    #waitingBytes = 0;
    #turn: Promise<unknown> = Promise.resolve();

    constructor(port: GroupPort<T>) {
        this.#port = port;
    }

    /** Number of things that wait. */
    get length(): number {
        return this.#waiting.length;
    }

    /** Bytes of all that wait. */
    get waitingBytes(): number {
        return this.#waitingBytes;
    }

    /** Adds a thing; resolves when it is written. */
    add(item: T): Promise<void> {
        return new Promise((resolve, reject) => {
            this.#waiting.push({ item, resolve, reject });
            this.#waitingBytes += this.#port.bytesOf(item);
            void this.exclusive(() => this.#writeGroup()).catch(() => undefined);
        });
    }

    /** Does something between two groups. */
    exclusive<R>(work: () => Promise<R>): Promise<R> {
        const done = this.#turn.then(work);
        this.#turn = done.catch(() => undefined);
        return done;
    }

    /** Waits until nothing is being written. */
    async settled(): Promise<void> {
        await this.#turn;
    }

    async #writeGroup(): Promise<void> {
        if (this.#waiting.length === 0) {
            return; // Taken along by an earlier group.
        }
        if (this.#port.areMoreComing()) {
            await nextTurn();
        }
        const count = this.#port.countOf(this.#waiting.map(({ item }) => item));
        const group = this.#take(count);
        try {
            await this.#port.write(group.map(({ item }) => item));
        } catch (cause) {
            const failed = [...group, ...this.#take(this.#waiting.length)];
            failed.forEach(({ reject }) => {
                reject(cause);
            });
            return;
        }
        group.forEach(({ resolve }) => {
            resolve();
        });
    }

    /** Takes the first things that wait. */
    #take(count: number): Waiting<T>[] {
        const taken = this.#waiting.splice(0, count);
        for (const { item } of taken) {
            this.#waitingBytes -= this.#port.bytesOf(item);
        }
        return taken;
    }
}
