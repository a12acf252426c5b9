// Long answers in parts. What is not shown yet waits here under a cursor, so that all parts are of one answer.

import { refuse, type Refusal } from "../base/index.ts";

/** What comes after the items that are known. */
export type More<T> = () => Promise<Source<T> | Refusal>;

/** Items, and how to have those after them. */
export interface Source<T> {
    readonly items: readonly T[];
    readonly more?: More<T> | undefined;
}

/** One part, with what is said of the whole. */
export interface Page<H, T> {
    readonly head: H;
    readonly items: readonly T[];
    readonly nextCursor: string | undefined;
}

/** A whole answer. */
export interface Answer<H, T> {
    readonly head: H;
    readonly source: Source<T>;
}

/** Which part is wanted, of an answer of which tool. */
export interface Wanted {
    readonly tool: string;
    readonly cursor: string | undefined;
    readonly size: number;
}

interface Waiting {
    readonly tool: string;
    readonly head: unknown;
    readonly source: Source<unknown>;
    readonly size: number;
}

/** So many answers wait for more to be asked of them. */
const WAITING_MAX = 32;

/** Answers that were not read to their end. */
export class Pages {
    readonly #waiting = new Map<string, Waiting>();
    #count = 0;

    /** The part that a cursor stands for; without one, the first part of what is asked now. */
    async page<H, T>(
        { tool, cursor, size }: Wanted,
        ask: () => Promise<Answer<H, T> | Refusal>,
    ): Promise<Page<H, T> | Refusal> {
        if (cursor === undefined) {
            const answer = await ask();
            return "kind" in answer ? answer : this.#take<H, T>({ tool, size, ...answer });
        }
        const waiting = this.#waiting.get(cursor);
        if (waiting?.tool !== tool) {
            return refuse("MCP_NO_CURSOR", `there is no cursor ${cursor}`, {
                advice: "ask again without a cursor: of many answers only the newest are kept",
            });
        }
        this.#waiting.delete(cursor);
        return this.#take<H, T>(waiting);
    }

    async #take<H, T>({ tool, head, source, size }: Waiting): Promise<Page<H, T> | Refusal> {
        let { items, more } = source as Source<T>;
        while (items.length < size && more !== undefined) {
            const further: Source<T> | Refusal = await more();
            if ("kind" in further) {
                return further;
            }
            items = [...items, ...further.items];
            ({ more } = further);
        }
        const rest = { items: items.slice(size), more };
        const isOver = rest.items.length === 0 && more === undefined;
        return {
            head: head as H,
            items: items.slice(0, size),
            nextCursor: isOver ? undefined : this.#keep({ tool, head, source: rest, size }),
        };
    }

    #keep(waiting: Waiting): string {
        const cursor = `${waiting.tool}-${(this.#count += 1)}`;
        this.#waiting.set(cursor, waiting);
        for (const oldest of this.#waiting.keys()) {
            if (this.#waiting.size <= WAITING_MAX) {
                break;
            }
            this.#waiting.delete(oldest);
        }
        return cursor;
    }
}
