// The tables of an open workspace: opened when first asked for, or when they lie in the store already,
// and kept in step with the graph from then on.

import { join } from "node:path";

import { OperatingError, type RepoPath } from "../../base/index.ts";
import type { TypeSource } from "../../capture/index.ts";
import type { GraphSnapshot } from "../../graphstore/index.ts";
import { cpuCount, makeFolder, removeFolder, statFile, type Logger } from "../../platform/index.ts";
import type { TablesStatus, TypesStatus } from "../../protocol/index.ts";
import type { LiveTables } from "../../tables/index.ts";
import type { RequestContext } from "../engine.ts";
import { filesChanging, StaleFiles } from "../view.ts";
import { CheckpointExports, STAGING_FOLDER } from "./checkpoint-exports.ts";
import { InferredTypesStore } from "./inferred-types-store.ts";
import { loadTables } from "./load-tables.ts";
import type { StateToFollow } from "./state-to-follow.ts";
import { OperationQueue } from "../operation-queue.ts";
import type { Pace } from "../pace.ts";
import type { FollowerParts, FollowOptions, TablesFollower } from "./follow-state.ts";

/** Name of the database in the store's folder. */
export const TABLES_FILE = "tables.duckdb";
/** Most memory of the database. */
const MEMORY_BYTES = 512 * 1024 * 1024;
/** With less it cannot take in a file. */
const MEMORY_BYTES_MIN = 64 * 1024 * 1024;
/** Its part of the limit of the whole process. */
const MEMORY_SHARE = 4;

/** What tables are kept from. */
export interface TablesHostParts {
    readonly root: string;
    /** Whether tools may be run that run code of the workspace. */
    readonly trusted: boolean;
    readonly storeFolder: () => string;
    readonly pace: Pace;
    readonly logger: Logger;
    /** Limit of the whole process, of which the database takes its part. */
    readonly memoryLimitBytes?: number;
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
    readonly #types: InferredTypesStore;
    readonly #exports: CheckpointExports;
    #open: Promise<Open> | undefined;
    /** Why they could not follow the last time. */
    #error = "";
    #snapshot: GraphSnapshot | undefined;
    /** What the run that comes next is asked for. */
    #wanted: FollowOptions = { withSyntax: false };
    #resuming: Promise<void> | undefined;
    #isClosed = false;

    constructor(parts: TablesHostParts) {
        this.#parts = parts;
        this.#following = new OperationQueue(() => this.#follow());
        this.#types = new InferredTypesStore(parts);
        this.#exports = new CheckpointExports(parts);
    }

    /** Whether the tables are open, and follow. */
    get isOpen(): boolean {
        return this.#open !== undefined;
    }

    /** What there is, and which state it is of. */
    async report(): Promise<TablesStatus> {
        const stat = await statFile(this.#file());
        const open = await this.#open?.catch(() => undefined);
        const held = open?.tables.state;
        const isThere = stat === undefined ? "none" : "stored";
        return {
            state: this.#error !== "" ? "failed" : held === undefined ? isThere : "open",
            rows: held === undefined ? {} : ((await open?.tables.countRows()) ?? {}),
            root: held?.graphRoot ?? "",
            k: held?.deltaCount ?? 0,
            bytes: stat?.size ?? 0,
            error: this.#error,
            gitProblem: open?.follower.gitProblem ?? "",
            types: await this.#types.report(),
            checkpoint: await this.#exports.newest(),
        };
    }

    #memoryBytes(): number {
        const { memoryLimitBytes } = this.#parts;
        return memoryLimitBytes === undefined
            ? MEMORY_BYTES
            : Math.max(MEMORY_BYTES_MIN, Math.min(MEMORY_BYTES, memoryLimitBytes / MEMORY_SHARE));
    }

    /** Asks a tool for types about the newest state; the tables take them over at once. */
    async askTypes(source: TypeSource, context: RequestContext): Promise<TypesStatus> {
        const told = await this.#types.ask(source, await this.#parts.newestState(), context);
        this.noteChange();
        return told;
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
                memoryBytes: this.#memoryBytes(),
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
        await this.#exports.idle();
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
            memoryBytes: this.#memoryBytes(),
            threads: cpuCount(),
            folders: [staging],
            spillFolder: join(staging, "spilled"),
        });
        const { root, pace, logger, operations } = this.#parts;
        const inferred = this.#types;
        const parts = { root, tables, pace, logger, operations, inferred };
        return { tables, follower: new followers.TablesFollower(parts) };
    }

    async #follow(): Promise<void> {
        if (this.#isClosed) {
            throw new OperatingError("ENGINE_CLOSED", "the workspace is closed");
        }
        const wanted = this.#wanted;
        this.#wanted = { withSyntax: false };
        // First, as it waits until the store is open.
        const state = await this.#parts.newestState();
        try {
            const { tables, follower } = await this.#opened();
            await follower.follow(state, wanted);
            this.#snapshot = state.snapshot;
            this.#error = "";
            this.#parts.logger.debug({ files: tables.files.size }, "tables are in step");
            this.#exports.follow(tables);
        } catch (thrown) {
            // Files that changed meanwhile are captured and followed again.
            if (!(thrown instanceof StaleFiles)) {
                this.#error = thrown instanceof Error ? thrown.message : String(thrown);
            }
            throw thrown;
        }
    }
}
