// All tables as Parquet files in a folder of the user's, with a manifest of what they are.

import { join } from "node:path";

import { OperatingError, type ProgressSink } from "../../base/index.ts";
import {
    makeFolder,
    readBytes,
    removeFile,
    statFile,
    writeFileAtomic,
} from "../../platform/index.ts";
import type { ExportedTableDto } from "../../protocol/index.ts";
import { TABLES, TABLES_VERSION, writeParquet } from "../../tables/index.ts";
import type { FreshTables } from "./tables-host.ts";

/** Name of the manifest. */
const MANIFEST = "manifest.json";

/** Writes the tables; files of an earlier export are replaced one by one, the manifest last. */
export async function exportTables(
    { tables, staging, snapshot }: FreshTables,
    folder: string,
    options: { readonly withSyntax: boolean; readonly onProgress?: ProgressSink | undefined },
): Promise<ExportedTableDto[]> {
    const { state } = tables;
    if (state === undefined) {
        throw new OperatingError("TABLES_EMPTY", "the tables hold no state yet");
    }
    await makeFolder(folder);
    const connection = await tables.connect();
    const written: ExportedTableDto[] = [];
    const wanted = TABLES.filter(({ name }) => name !== "ast_nodes" || options.withSyntax);
    try {
        for (const [at, schema] of wanted.entries()) {
            options.onProgress?.("exporting", at, wanted.length);
            const name = `${schema.name}.parquet`;
            const staged = join(staging, name);
            await writeParquet(connection, schema, {
                file: staged,
                state,
                version: TABLES_VERSION,
            });
            const bytes = await readBytes(staged);
            await writeFileAtomic(join(folder, name), bytes);
            await removeFile(staged);
            const rows = await connection.runAndReadAll(
                `SELECT count(*)::INTEGER FROM "${schema.name}"`,
            );
            const [[count]] = rows.getRows() as [[number]];
            written.push({ name: schema.name, file: name, rows: count, bytes: bytes.length });
        }
    } finally {
        connection.closeSync();
    }
    const manifest = {
        tablesVersion: TABLES_VERSION,
        graphRoot: snapshot.graphRoot,
        stateRoot: snapshot.stateRoot,
        deltaCount: snapshot.deltaCount,
        tables: written,
    };
    const text = `${JSON.stringify(manifest, null, 2)}\n`;
    await writeFileAtomic(join(folder, MANIFEST), Buffer.from(text));
    await removeLeftOver(folder, options.withSyntax);
    return written;
}

/** Syntax of an earlier export would speak of another state. */
async function removeLeftOver(folder: string, withSyntax: boolean): Promise<void> {
    const file = join(folder, "ast_nodes.parquet");
    if (!withSyntax && (await statFile(file)) !== undefined) {
        await removeFile(file);
    }
}
