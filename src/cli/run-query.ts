// `ferrograph query`: SQL over the tables of a workspace, or over tables that were exported, printed or
// written page by page.

import { createWriteStream, readdirSync } from "node:fs";
import { once } from "node:events";
import path from "node:path";
import type { Writable } from "node:stream";

import { isRefusal, OperatingError, type Refusal } from "../base/index.ts";
import { loadTables } from "../engine/index.ts";
import { cpuCount } from "../platform/index.ts";
import { METHOD, type QueryPage } from "../protocol/index.ts";
import { type DaemonClient } from "../server/index.ts";
import type { CommandContext } from "./command-context.ts";
import type { QueryCommand, QueryOutput } from "./command-line.ts";
import { EXIT, type ExitStatus } from "./exit-status.ts";
import { csvWriter, jsonWriter, tableWriter, type RowsWriter } from "./write-rows.ts";

/** An answer as it comes. */
interface Answer {
    readonly columns: readonly { readonly name: string; readonly type: string }[];
    /** Parts of it, the first included. */
    readonly pages: AsyncIterable<Pick<QueryPage, "rows" | "data">>;
}

/** Bytes of memory that exported tables may be asked with. */
const MEMORY_BYTES = 1024 * 1024 * 1024;
const TIMEOUT_MS = 30_000;

/** Asks the daemon. */
export async function runQuery(
    command: QueryCommand,
    client: DaemonClient,
    context: CommandContext,
): Promise<ExitStatus | Refusal> {
    const format = sentAs(command.format);
    const { signal, terminal } = context;
    const options = { signal, onProgress: terminal.onProgress };
    const first = await client.request(
        METHOD.query,
        {
            sql: command.sql,
            format,
            ...(command.timeoutMs === undefined ? {} : { timeoutMs: command.timeoutMs }),
            ...(command.at === undefined ? {} : { at: command.at }),
        },
        options,
    );
    if (isRefusal(first)) {
        return first;
    }
    async function* pages(): AsyncIterable<QueryPage> {
        let page: QueryPage = first as QueryPage;
        yield page;
        while (page.next !== undefined) {
            const next = await client.request(METHOD.queryNext, { cursor: page.next }, options);
            if (isRefusal(next)) {
                throw new OperatingError("QUERY_FAILED", next.message);
            }
            page = next;
            yield page;
        }
    }
    return writeAnswer(command, { columns: first.columns, pages: pages() }, context);
}

/** Asks tables in a folder, without a daemon. */
export async function runQueryOnExport(
    command: QueryCommand,
    folder: string,
    context: CommandContext,
): Promise<ExitStatus> {
    const asked = await loadTables();
    const files = listNames(folder);
    if (!files.some((name) => name.endsWith(".parquet"))) {
        throw new OperatingError("EXPORT_NOT_FOUND", `${folder} holds no exported tables`, {
            advice: "make them with `ferrograph export DIR`",
        });
    }
    if (command.format === "parquet") {
        throw new OperatingError("QUERY_FORMAT", "exported tables are not asked for Parquet", {
            advice: "they are Parquet files; use --format arrow, or ask the workspace",
        });
    }
    const limits = { memoryBytes: MEMORY_BYTES, threads: cpuCount() };
    const tables = await asked.ExportedTables.open(path.resolve(folder), files, limits);
    try {
        const timeoutMs = command.timeoutMs ?? TIMEOUT_MS;
        const cursor = await asked.QueryCursor.begin(await tables.connect(), command.sql, {
            timeoutMs,
        });
        const isArrow = sentAs(command.format) === "arrow";
        async function* pages(): AsyncIterable<Pick<QueryPage, "rows" | "data">> {
            for (let isLast = false; !isLast;) {
                if (isArrow) {
                    const page = await cursor.nextArrow();
                    isLast = page.isLast;
                    yield { rows: [], data: Buffer.from(page.bytes).toString("base64") };
                } else {
                    const page = await cursor.nextRows();
                    isLast = page.isLast;
                    yield { rows: page.rows, data: "" };
                }
            }
        }
        return await writeAnswer(command, { columns: cursor.columns, pages: pages() }, context);
    } finally {
        tables.close();
    }
}

function sentAs(format: QueryOutput): "rows" | "arrow" | "parquet" {
    return format === "arrow" || format === "parquet" ? format : "rows";
}

function listNames(folder: string): string[] {
    try {
        return readdirSync(folder);
    } catch (cause) {
        throw new OperatingError("FILE_NOT_FOUND", `${folder} cannot be read`, { cause });
    }
}

async function writeAnswer(
    { format, out }: QueryCommand,
    { columns, pages }: Answer,
    { terminal }: CommandContext,
): Promise<ExitStatus> {
    const isBinary = sentAs(format) !== "rows";
    if (isBinary && out === undefined && process.stdout.isTTY) {
        throw new OperatingError("QUERY_FORMAT", `${format} is no text for a terminal`, {
            advice: "write it to a file with --out FILE, or pipe it",
        });
    }
    const to: Writable = out === undefined ? process.stdout : createWriteStream(path.resolve(out));
    const writer = isBinary ? undefined : writerOf(format, columns);
    const put = async (bytes: string | Uint8Array): Promise<void> => {
        terminal.clear();
        if (bytes.length > 0 && !to.write(bytes)) {
            await once(to, "drain");
        }
    };
    for await (const { rows, data } of pages) {
        await put(writer === undefined ? Buffer.from(data, "base64") : writer.rows(rows));
    }
    await put(writer?.end() ?? "");
    if (out !== undefined) {
        to.end();
        await once(to, "finish");
    }
    return EXIT.done;
}

function writerOf(format: QueryOutput, columns: Answer["columns"]): RowsWriter {
    switch (format) {
        case "json":
            return jsonWriter(columns);
        case "csv":
            return csvWriter(columns);
        default:
            return tableWriter(columns);
    }
}
