// Brings the tables to a state of the workspace: the rows of files that mean something else now are made
// again, and edges come and go as the graph's did. All of it is one transaction.

import { join } from "node:path";

import {
    checkCancelled,
    repoPath,
    type CancelSignal,
    type ProgressSink,
} from "../../base/index.ts";
import { historyStamp, readHistory, type GitHistory } from "../../git/index.ts";
import { edgesBetween, type GraphSnapshot } from "../../graphstore/index.ts";
import {
    addFileRows,
    commitRows,
    edgeRows,
    externalRows,
    externalsOf,
    fileIdOf,
    IndexView,
    operationRows,
    type OwnedTable,
    packageRows,
    RowSet,
} from "../../indexer/index.ts";
import type { OperationRecord } from "../../oplog/index.ts";
import { readBytesSync, type Logger } from "../../platform/index.ts";
import type { LiveTables, TablesWriter } from "../../tables/index.ts";
import { originOf } from "../../resolve/index.ts";
import type { WorkspaceModel } from "../../workspace/index.ts";
import type { Pace } from "../pace.ts";
import { decodeText, hashBytes } from "../source-table.ts";
import { StaleFiles } from "../view.ts";
import type { InferredTypesStore } from "./inferred-types-store.ts";
import type { StateToFollow } from "./state-to-follow.ts";

/** What following stands on. */
export interface FollowerParts {
    readonly root: string;
    readonly tables: LiveTables;
    readonly pace: Pace;
    readonly logger: Logger;
    /** Operations so far; they are only ever added to. */
    readonly operations: () => Promise<readonly OperationRecord[]>;
    /** What tools told of types. */
    readonly inferred: InferredTypesStore;
}

/** How a state is followed. */
export interface FollowOptions {
    /** Whether `ast_nodes` is wanted. */
    readonly withSyntax: boolean;
    readonly signal?: CancelSignal | undefined;
    readonly onProgress?: ProgressSink | undefined;
}

/** What a file's digest was made from, when it was last made. */
interface KnownDigest {
    readonly from: readonly unknown[];
    readonly digest: string;
}

/** What was followed last: where all of it is the same, the tables are in step. */
interface Followed {
    readonly snapshot: GraphSnapshot;
    readonly model: WorkspaceModel;
    readonly resolution: StateToFollow["resolution"];
    readonly types: number;
    readonly operations: number;
    /** Undefined where only git itself can tell whether its history has moved. */
    readonly history: string | undefined;
}

/** What the tables hold of what is written only where it changed. */
interface Written {
    /** Symbols of other packages that the graph has, by their ids. */
    readonly externals: ReadonlyMap<bigint, number>;
    /** Number of operations. */
    readonly operations: number;
}

/** Rows that are given to the database at a time. */
const ROWS_AT_ONCE = 65_536;
/** Commits that are read of a history. */
const COMMITS_MAX = 200_000;

/** Follows the states of one workspace, one after the other. */
export class TablesFollower {
    readonly #parts: FollowerParts;
    readonly #digests = new Map<string, KnownDigest>();
    #last: Followed | undefined;
    /** Unknown before the first run. */
    #written: Written | undefined;
    /** Why git history is missing, or only a part of it; empty when all is well. */
    gitProblem = "";

    constructor(parts: FollowerParts) {
        this.#parts = parts;
    }

    /** Brings the tables to a state; throws StaleFiles when the disk holds another text by now. */
    async follow(state: StateToFollow, options: FollowOptions): Promise<void> {
        const { tables, pace, logger, root } = this.#parts;
        const start = performance.now();
        await this.#parts.inferred.load();
        const now = await this.#describe(state);
        const hasSyntax = tables.state?.hasSyntax === true;
        if (this.#isInStep(now) && (hasSyntax || !options.withSyntax)) {
            return;
        }
        const view = new IndexView(state);
        await pace.pause();
        const digests = await this.#digestsOf(view, state);
        const withSyntax = options.withSyntax || tables.state?.hasSyntax === true;
        const isAnew = tables.state?.hasSyntax === false && withSyntax;
        const changed = [...digests].filter(
            ([path, digest]) => isAnew || tables.files.get(path)?.digest !== digest,
        );
        const removed = [...tables.files.keys()].filter((path) => !digests.has(path));
        const history = this.#hasMoved(now)
            ? readHistory(root, { known: await this.#knownCommit(), commitsMax: COMMITS_MAX })
            : Promise.resolve({ commits: [], continues: true, problem: this.gitProblem });
        history.catch(() => undefined); // Thrown where it is awaited.
        let written: Written | undefined;
        await tables.change(async (writer) => {
            await writer.removeFiles([...removed, ...changed.map(([path]) => path)]);
            await this.#writeFiles(writer, view, changed, { ...options, withSyntax });
            const externals = await this.#writeGraph(writer, view, state);
            if (this.#last?.model !== state.model) {
                await writer.clear("cargo_metadata");
                await writer.append(packageRows(state.model));
            }
            written = { externals, operations: await this.#writeOperations(writer) };
            const isNews = await this.#writeHistory(writer, await history);
            await (isNews
                ? writer.setModified()
                : writer.keepModified(changed.map(([path]) => path)));
            const { stateRoot, graphRoot, deltaCount } = state.snapshot;
            return { stateRoot, graphRoot, deltaCount, hasSyntax: withSyntax };
        });
        this.#last = now;
        this.#written = written;
        const ms = Math.round(performance.now() - start);
        logger.info({ files: changed.length, removed: removed.length, ms }, "tables follow");
    }

    async #describe({ snapshot, model, resolution }: StateToFollow): Promise<Followed> {
        const { inferred, root } = this.#parts;
        const operations = (await this.#parts.operations()).length;
        const history = await historyStamp(root);
        return { snapshot, model, resolution, types: inferred.generation, operations, history };
    }

    /** Whether git has to be asked: starting it takes longer than all the rest of a saved file. */
    #hasMoved({ history }: Followed): boolean {
        return history === undefined || history !== this.#last?.history;
    }

    #isInStep(now: Followed): boolean {
        const last = this.#last;
        return (
            last !== undefined &&
            now.history !== undefined &&
            now.history === last.history &&
            now.snapshot === last.snapshot &&
            now.model === last.model &&
            now.resolution === last.resolution &&
            now.types === last.types &&
            now.operations === last.operations
        );
    }

    /** Digests of all files by path; one whose parts are the very same objects as before is known. */
    async #digestsOf(view: IndexView, state: StateToFollow): Promise<Map<string, string>> {
        const { basis, isDerived } = view.source;
        const digests = new Map<string, string>();
        for (const path of view.paths()) {
            const owned = view.tablesOf(path);
            const capture = state.captures.get(path);
            const inferred = this.#parts.inferred.of(path, capture?.contentHash).digest;
            const from = [
                areOwned(owned) && !isDerived ? undefined : basis,
                ...[capture, inferred],
                ...owned.map(({ table }) => originOf(table)),
            ];
            const known = this.#digests.get(path);
            const isKnown =
                known?.from.length === from.length &&
                from.every((each, at) => known.from[at] === each);
            const digest = isKnown ? known.digest : `${view.digestOf(path)}${inferred}`;
            this.#digests.set(path, { from, digest });
            digests.set(path, digest);
            await this.#parts.pace.pause();
        }
        for (const path of this.#digests.keys()) {
            if (!digests.has(path)) {
                this.#digests.delete(path);
            }
        }
        return digests;
    }

    async #writeFiles(
        writer: TablesWriter,
        view: IndexView,
        changed: readonly (readonly [string, string])[],
        options: FollowOptions,
    ): Promise<void> {
        let rows = new RowSet();
        const flush = async (): Promise<void> => {
            for (const each of rows.all()) {
                await writer.append(each);
            }
            rows = new RowSet();
        };
        let done = 0;
        for (const [path, digest] of changed) {
            const hash = view.input.captures.get(path)?.contentHash;
            const text = this.#readText(path, hash);
            const inferred = this.#parts.inferred.of(path, hash).types;
            addFileRows(rows, view, path, { text, withSyntax: options.withSyntax, inferred });
            writer.noteFile(path, { fileId: fileIdOf(path), digest });
            if (rows.length >= ROWS_AT_ONCE) {
                await flush();
            }
            done += 1;
            options.onProgress?.("filling tables", done, changed.length);
            checkCancelled(options.signal);
            await this.#parts.pace.pause();
        }
        await flush();
    }

    /** The text of a file, which must be the captured one. */
    #readText(path: string, contentHash: string | undefined): string {
        const bytes = readBytesSync(join(this.#parts.root, path));
        const text = decodeText(bytes);
        if (text === undefined || hashBytes(bytes) !== contentHash) {
            throw new StaleFiles([repoPath(path)]);
        }
        return text;
    }

    /** Writes what changed in the graph; gives the symbols of other packages that it has. */
    async #writeGraph(
        writer: TablesWriter,
        view: IndexView,
        { snapshot }: StateToFollow,
    ): Promise<Written["externals"]> {
        const last = this.#last?.snapshot;
        const known = this.#written?.externals;
        const isSameNodes = last?.roots.nodeRoot === snapshot.roots.nodeRoot;
        const externals = isSameNodes && known !== undefined ? known : externalsOf(view, snapshot);
        await writeExternals(writer, view, { known, now: externals });
        if (last?.roots.edgeRoot === snapshot.roots.edgeRoot) {
            return externals;
        }
        const between = last === undefined ? undefined : edgesBetween(last, snapshot);
        if (between === undefined) {
            await writer.clear("edges");
            for (const rows of edgeRows(snapshot)) {
                await writer.append(rows);
                await this.#parts.pace.pause();
            }
            return externals;
        }
        await writer.removeEdges(between.removed);
        await writer.addEdges(between.added);
        return externals;
    }

    async #writeOperations(writer: TablesWriter): Promise<number> {
        const operations = await this.#parts.operations();
        if (operations.length !== this.#written?.operations) {
            await writer.clear("operation_log");
            await writer.append(operationRows(operations));
        }
        return operations.length;
    }

    async #knownCommit(): Promise<string | undefined> {
        return (await this.#parts.tables.newestCommit()).hash;
    }

    /** Adds commits that are new; says whether there were any. */
    async #writeHistory(
        writer: TablesWriter,
        history: Pick<GitHistory, "commits" | "continues" | "problem">,
    ): Promise<boolean> {
        this.gitProblem = history.problem;
        const { count } = await this.#parts.tables.newestCommit();
        if (!history.continues && count > 0) {
            await writer.clear("git_commits");
        }
        await writer.append(commitRows(history.commits, history.continues ? count : 0));
        return history.commits.length > 0;
    }
}

/** Whether all that is said of a file is in its tables' tokens and symbols: else other files' bodies may decide it. */
function areOwned(tables: readonly OwnedTable[]): boolean {
    return tables.length > 0 && tables.every(({ isOwned }) => isOwned);
}

/** Symbols of other packages come and go as nodes of the graph; nothing else of them changes. */
async function writeExternals(
    writer: TablesWriter,
    view: IndexView,
    {
        known,
        now,
    }: { readonly known: Written["externals"] | undefined; readonly now: Written["externals"] },
): Promise<void> {
    if (known === now) {
        return;
    }
    if (known === undefined) {
        await writer.clear("symbols", "def_file_id IS NULL");
    } else {
        await writer.removeExternals([...known.keys()].filter((id) => !now.has(id)));
    }
    const added = [...now].filter(([id]) => known?.has(id) !== true).map(([, index]) => index);
    await writer.append(externalRows(view, added));
}
