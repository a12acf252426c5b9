// The tables of an open workspace: opened when first asked for, or when they lie in the store already,
// and kept in step with the graph from then on.

import { join } from "node:path";

import { OperatingError, type RepoPath } from "../../base/index.ts";
import type { GraphSnapshot } from "../../graphstore/index.ts";
import { cpuCount, makeFolder, removeFolder, statFile, type Logger } from "../../platform/index.ts";
import type { LiveTables } from "../../tables/index.ts";
import { filesChanging, StaleFiles } from "../view.ts";
import { loadTables } from "./load-tables.ts";
import { OperationQueue } from "../operation-queue.ts";
import type { Pace } from "../pace.ts";
import type {
    FollowerParts,
    FollowOptions,
    StateToFollow,
    TablesFollower,
} from "./follow-state.ts";

/** Name of the database in the store's folder. */
export const TABLES_FILE = "tables.duckdb";
/** The only folder of which SQL may read and write files; empty between two exports. */
const STAGING_FOLDER = "staging";
/** Most memory of the database. */
const MEMORY_BYTES = 512 * 1024 * 1024;

/** What tables are kept from. */
export interface TablesHostParts {
    readonly root: string;
    readonly storeFolder: () => string;
    readonly pace: Pace;
    readonly logger: Logger;
    readonly operations: FollowerParts["operations"];
    /** The newest state, its graph committed. */
    readonly newestState: () => Promise<StateToFollow>;
    /** Captures files again that have changed on disk. */
    readonly refresh: (paths: readonly RepoPath[]) => Promise<void>;
}

/** What can be asked. */
export type Askable = Pick<LiveTables, "connect">;

/** Tables of a state, and the graph of that state. */
export interface TablesOf<T extends Askable> {
    readonly tables: T;
    readonly snapshot: GraphSnapshot;
    /** Folder for files on their way out. */
    readonly staging: string;
    /** Lets go of tables that were made for one question. */
    readonly close?: () => void;
}

/** Tables that hold the newest state. */
export type FreshTables = TablesOf<LiveTables>;

/** How often files may turn out to have changed. */
const ATTEMPTS_MAX = 4;

interface Open {
    readonly tables: LiveTables;
    readonly follower: TablesFollower;
}

/** The tables of one engine. */
export class TablesHost {
    readonly #parts: TablesHostParts;
    readonly #following: OperationQueue;
    #open: Promise<Open> | undefined;
    #snapshot: GraphSnapshot | undefined;
    /** What the run that comes next is asked for. */
    #wanted: FollowOptions = { withSyntax: false };
    #resuming: Promise<void> | undefined;
    #isClosed = false;

    constructor(parts: TablesHostParts) {
        this.#parts = parts;
        this.#following = new OperationQueue(() => this.#follow());
    }

    /** Whether the tables are open, and follow. */
    get isOpen(): boolean {
        return this.#open !== undefined;
    }

    /** Where history of git is missing, why; empty when all is well, or nobody asked. */
    async gitProblem(): Promise<string> {
        return this.#open === undefined ? "" : (await this.#open).follower.gitProblem;
    }

    /** Tables brought to the newest state. */
    async fresh(options: FollowOptions): Promise<FreshTables> {
        this.#wanted = {
            ...options,
            withSyntax: options.withSyntax || this.#wanted.withSyntax,
        };
        await this.#parts.pace.hurry(this.#followed());
        const { tables } = await this.#opened();
        const snapshot = this.#snapshot;
        if (snapshot === undefined) {
            throw new OperatingError("ENGINE_CLOSED", "the workspace is closed");
        }
        return { tables, snapshot, staging: this.#staging() };
    }

    async #followed(): Promise<void> {
        for (let attempt = 1; ; attempt++) {
            try {
                await this.#following.request("asked");
                return;
            } catch (thrown) {
                if (!(thrown instanceof StaleFiles)) {
                    throw thrown;
                }
                if (attempt === ATTEMPTS_MAX) {
                    throw filesChanging(thrown);
                }
                await this.#parts.refresh(thrown.paths);
            }
        }
    }

    /** Tables of a past state, for one question. */
    async past(snapshot: GraphSnapshot): Promise<TablesOf<Askable>> {
        const tablesModule = await loadTables();
        const indexer = await import("../../indexer/index.ts");
        const staging = this.#staging();
        await makeFolder(staging);
        const tables = await tablesModule.SnapshotTables.make(
            indexer.PAST_TABLES,
            indexer.pastRows(snapshot),
            {
                memoryBytes: MEMORY_BYTES,
                threads: cpuCount(),
                folder: staging,
            },
        );
        return {
            tables,
            snapshot,
            staging,
            close: () => {
                tables.close();
            },
        };
    }

    /** Follows a change in the background, if the tables are open. */
    noteChange(): void {
        if (this.isOpen && !this.#isClosed) {
            this.#following.request("changed").catch((err: unknown) => {
                this.#parts.logger.debug({ err }, "tables follow later");
            });
        }
    }

    /** Opens tables that an earlier session has made, when all is quiet, so that they are in step when they are asked. */
    resumeSoon(): void {
        const { pace, logger } = this.#parts;
        this.#resuming ??= pace
            .quiet()
            .then(async () => {
                if (!this.#isClosed && (await statFile(this.#file())) !== undefined) {
                    await this.#following.request("resumed");
                }
            })
            .catch((err: unknown) => {
                logger.debug({ err }, "tables are opened when they are asked");
            });
    }

    async close(): Promise<void> {
        this.#isClosed = true;
        await this.#resuming;
        await this.#following.idle();
        const open = await this.#open?.catch(() => undefined);
        open?.tables.close();
    }

    #file(): string {
        return join(this.#parts.storeFolder(), TABLES_FILE);
    }

    #staging(): string {
        return join(this.#parts.storeFolder(), STAGING_FOLDER);
    }

    #opened(): Promise<Open> {
        this.#open ??= this.#openNow();
        this.#open.catch(() => {
            this.#open = undefined;
        });
        return this.#open;
    }

    async #openNow(): Promise<Open> {
        const tablesModule = await loadTables();
        const followers = await import("./follow-state.ts");
        const staging = this.#staging();
        await removeFolder(staging);
        await makeFolder(staging);
        const tables = await tablesModule.LiveTables.open({
            file: this.#file(),
            memoryBytes: MEMORY_BYTES,
            threads: cpuCount(),
            folders: [staging],
            spillFolder: join(staging, "spilled"),
        });
        const { root, pace, logger, operations } = this.#parts;
        return {
            tables,
            follower: new followers.TablesFollower({ root, tables, pace, logger, operations }),
        };
    }

    async #follow(): Promise<void> {
        if (this.#isClosed) {
            throw new OperatingError("ENGINE_CLOSED", "the workspace is closed");
        }
        const wanted = this.#wanted;
        this.#wanted = { withSyntax: false };
        // First, as it waits until the store is open.
        const state = await this.#parts.newestState();
        const { tables, follower } = await this.#opened();
        await follower.follow(state, wanted);
        this.#snapshot = state.snapshot;
        this.#parts.logger.debug({ files: tables.files.size }, "tables are in step");
    }
}
