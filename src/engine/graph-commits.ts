// Brings the graph up to the states of the workspace, one commit after the other, in the background:
// what names mean is answered from a state's resolution, which needs no graph. A crash in between
// loses only what is computed again from the files.

import { takeTurns, type Steps } from "../base/index.ts";
import type { GraphContent } from "../graph/index.ts";
import { monotonicMs, type Logger } from "../platform/index.ts";
import type { Pace } from "./pace.ts";
import type { CommittedGraph, GraphPort } from "./ports.ts";

/** The graph of one state: committed, or on its way. */
export interface StateGraph {
    /** Root of the state, hex; undefined until it is committed. */
    readonly stateRoot: string | undefined;
    /** What making and committing it took; 0 until then. */
    readonly milliseconds: number;
    /** Resolves once the commit is durable; throws what is wrong with the store. */
    committed(): Promise<CommittedGraph>;
}

/** What commits need. */
export interface GraphCommitsParts {
    readonly graph: GraphPort;
    readonly pace: Pace;
    readonly logger: Logger;
}

/** All commits of one engine. */
export class GraphCommits {
    readonly #parts: GraphCommitsParts;
    #last: Promise<unknown> = Promise.resolve();

    constructor(parts: GraphCommitsParts) {
        this.#parts = parts;
    }

    /** The graph of a state that was committed in an earlier session. */
    known(stateRoot: string): StateGraph {
        const { graph } = this.#parts;
        return {
            stateRoot,
            milliseconds: 0,
            committed: async () => (await graph.load()).current(),
        };
    }

    /** Begins the commit of a state, which follows those begun before; its steps begin in a later turn. */
    begin(content: () => Steps<GraphContent>): StateGraph {
        let stateRoot: string | undefined;
        let milliseconds = 0;
        const noted = this.#last.then(async () => {
            const start = monotonicMs();
            const committed = await this.#commit(content);
            milliseconds = monotonicMs() - start;
            stateRoot = committed.stateRoot;
            return committed;
        });
        this.#last = noted.catch((err: unknown) => {
            this.#parts.logger.warn({ err }, "a state could not be committed");
        });
        return {
            get stateRoot() {
                return stateRoot;
            },
            get milliseconds() {
                return milliseconds;
            },
            committed: () => noted,
        };
    }

    /** Resolves when no commit is under way, failed ones included. */
    async settled(): Promise<void> {
        let last: unknown;
        while (last !== this.#last) {
            last = this.#last;
            await last;
        }
    }

    async #commit(content: () => Steps<GraphContent>): Promise<CommittedGraph> {
        const { graph, pace, logger } = this.#parts;
        await pace.turn();
        const start = monotonicMs();
        const made = await takeTurns(content(), pace.pause);
        const contentMs = monotonicMs() - start;
        const committed = await (await graph.load()).commitContent(made, pace.pause);
        const { deltas } = committed;
        const ms = monotonicMs() - start;
        logger.info(
            {
                deltas,
                contentMs: Math.round(contentMs),
                commitMs: Math.round(ms - contentMs),
            },
            "state committed",
        );
        return committed;
    }
}
