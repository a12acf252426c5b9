// All tables as Parquet files in a folder, with a manifest of what they are.

import { join } from "node:path";

import {
    checkCancelled,
    OperatingError,
    type CancelSignal,
    type ProgressSink,
} from "../../base/index.ts";
import {
    copyFileAtomic,
    makeFolder,
    removeFile,
    statFile,
    writeFileAtomic,
} from "../../platform/index.ts";
import type { ExportedTableDto } from "../../protocol/index.ts";
import { TABLES, TABLES_VERSION, writeParquet, type LiveTables } from "../../tables/index.ts";
import { MANIFEST, type ExportManifest } from "./export-manifest.ts";

/** How tables are exported. */
export interface ExportOptions {
    readonly withSyntax: boolean;
    readonly signal?: CancelSignal | undefined;
    readonly onProgress?: ProgressSink | undefined;
    readonly checkpoint?: string;
}

/** What is exported from. */
export interface ExportedFrom {
    readonly tables: LiveTables;
    /** The only folder of which SQL may write files. */
    readonly staging: string;
}

/** The last export of each tables, or one that is to come: two at once would take twice the memory that there is. */
const exports = new WeakMap<LiveTables, Promise<unknown>>();

/**
 * Writes the tables as they are at one moment, whatever follows meanwhile; files of an earlier export are
 * replaced one by one, the manifest last. Waits for other exports of these tables.
 */
export async function exportTables(
    from: ExportedFrom,
    folder: string,
    options: ExportOptions,
): Promise<ExportManifest> {
    const before = exports.get(from.tables) ?? Promise.resolve();
    const own = before.then(() => exportAlone(from, folder, options));
    exports.set(
        from.tables,
        own.catch(() => undefined),
    );
    return own;
}

async function exportAlone(
    { tables, staging }: ExportedFrom,
    folder: string,
    { withSyntax, signal, onProgress, checkpoint }: ExportOptions,
): Promise<ExportManifest> {
    await makeFolder(folder);
    const { connection, state } = await tables.connectAt();
    const written: ExportedTableDto[] = [];
    const wanted = TABLES.filter(({ name }) => name !== "ast_nodes" || withSyntax);
    try {
        if (state === undefined) {
            throw new OperatingError("TABLES_EMPTY", "the tables hold no state yet");
        }
        for (const [at, schema] of wanted.entries()) {
            checkCancelled(signal);
            onProgress?.("exporting", at, wanted.length);
            const name = `${schema.name}.parquet`;
            const staged = join(staging, name);
            await writeParquet(connection, schema, {
                file: staged,
                state,
                version: TABLES_VERSION,
            });
            const bytes = (await statFile(staged))?.size ?? 0;
            await copyFileAtomic(staged, join(folder, name));
            await removeFile(staged);
            const rows = await connection.runAndReadAll(
                `SELECT count(*)::INTEGER FROM "${schema.name}"`,
            );
            const [[count]] = rows.getRows() as [[number]];
            written.push({ name: schema.name, file: name, rows: count, bytes });
        }
    } finally {
        connection.closeSync();
    }
    const manifest: ExportManifest = {
        tablesVersion: TABLES_VERSION,
        graphRoot: state.graphRoot,
        stateRoot: state.stateRoot,
        deltaCount: state.deltaCount,
        ...(checkpoint === undefined ? {} : { checkpoint }),
        tables: written,
    };
    const text = `${JSON.stringify(manifest, null, 2)}\n`;
    await writeFileAtomic(join(folder, MANIFEST), Buffer.from(text));
    await removeLeftOver(folder, withSyntax);
    return manifest;
}

/** Syntax of an earlier export would speak of another state. */
async function removeLeftOver(folder: string, withSyntax: boolean): Promise<void> {
    const file = join(folder, "ast_nodes.parquet");
    if (!withSyntax && (await statFile(file)) !== undefined) {
        await removeFile(file);
    }
}
