// Parquet files of the tables beside each checkpoint of the store: written in the background, moved into
// place as a whole, the ones before removed. Nothing waits for them.

import { join } from "node:path";

import { storePaths } from "../../graphstore/index.ts";
import {
    listFolder,
    makeFolder,
    moveFile,
    readBytes,
    removeFolder,
    statFile,
    type Logger,
} from "../../platform/index.ts";
import type { TablesStatus } from "../../protocol/index.ts";
import type { LiveTables } from "../../tables/index.ts";
import { MANIFEST, type ExportManifest } from "./export-manifest.ts";

/** Folder in the store's folder; its only subfolder is named after the number of deltas. */
export const CHECKPOINT_TABLES_FOLDER = "parquet";
const MAKING = "making";
/** A file of this name in the store's folder turns them off. */
const SWITCHED_OFF = "parquet.off";

/** What exports are made from. */
export interface CheckpointExportsParts {
    readonly storeFolder: () => string;
    readonly logger: Logger;
}

/** The exports of one store. */
export class CheckpointExports {
    readonly #parts: CheckpointExportsParts;
    #running: Promise<void> | undefined;
    /** The checkpoint that is known to have an export. */
    #exported: string | undefined;

    constructor(parts: CheckpointExportsParts) {
        this.#parts = parts;
    }

    /** Exports in the background if there is a checkpoint that has no export yet. */
    follow(tables: LiveTables): void {
        this.#running ??= this.#export(tables)
            .catch((err: unknown) => {
                this.#parts.logger.warn({ err }, "no tables beside the checkpoint");
            })
            .finally(() => {
                this.#running = undefined;
            });
    }

    /** Resolves when nothing is being written. */
    async idle(): Promise<void> {
        await this.#running;
    }

    /** The newest one. */
    async newest(): Promise<TablesStatus["checkpoint"]> {
        const found = await this.#newest();
        if (found === undefined) {
            return undefined;
        }
        const { folder, manifest } = found;
        const bytes = manifest.tables.reduce((sum, table) => sum + table.bytes, 0);
        return { folder, root: manifest.graphRoot, k: manifest.deltaCount, bytes };
    }

    async #export(tables: LiveTables): Promise<void> {
        const store = this.#parts.storeFolder();
        const stat = await statFile(storePaths(store).checkpoint);
        const checkpoint = stat === undefined ? undefined : `${stat.mtimeNs} ${stat.size}`;
        if (checkpoint === undefined || checkpoint === this.#exported) {
            return;
        }
        if ((await statFile(join(store, SWITCHED_OFF))) !== undefined) {
            return;
        }
        const newest = await this.#newest();
        if (newest?.manifest.checkpoint === checkpoint) {
            this.#exported = checkpoint;
            return;
        }
        const start = performance.now();
        const home = join(store, CHECKPOINT_TABLES_FOLDER);
        const making = join(home, MAKING);
        await removeFolder(making);
        await makeFolder(making);
        const staging = join(store, STAGING_FOLDER);
        // With the database's binary, which a daemon without tables never loads.
        const { exportTables } = await import("./export-folder.ts");
        const { deltaCount } = await exportTables({ tables, staging }, making, {
            withSyntax: false,
            checkpoint,
        });
        const place = join(home, String(deltaCount));
        await removeFolder(place);
        await moveFile(making, place);
        for (const name of await listFolder(home)) {
            if (name !== String(deltaCount)) {
                await removeFolder(join(home, name));
            }
        }
        this.#exported = checkpoint;
        const ms = Math.round(performance.now() - start);
        this.#parts.logger.info({ deltaCount, ms }, "tables beside the checkpoint");
    }

    async #newest(): Promise<
        { readonly folder: string; readonly manifest: ExportManifest } | undefined
    > {
        const home = join(this.#parts.storeFolder(), CHECKPOINT_TABLES_FOLDER);
        const names = (await listFolder(home).catch(() => [])).filter((name) =>
            /^\d+$/u.test(name),
        );
        const [name] = names.sort((a, b) => Number(b) - Number(a));
        if (name === undefined) {
            return undefined;
        }
        const folder = join(home, name);
        const bytes = await readBytes(join(folder, MANIFEST)).catch(() => undefined);
        return bytes === undefined
            ? undefined
            : { folder, manifest: JSON.parse(new TextDecoder().decode(bytes)) as ExportManifest };
    }
}

/** The only folder of which SQL may read and write files; empty between two exports. */
export const STAGING_FOLDER = "staging";
