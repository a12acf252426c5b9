// Shards of control flow on disk, beside the evidence: one for each compilation unit, read when somebody
// asks. Format: docs/formats/control-flow.md.

import { join } from "node:path";

import {
    listFolder,
    makeFolder,
    readBytes,
    removeFile,
    writeFileAtomic,
} from "../platform/index.ts";

/** Name of the shards' folder in the store's folder. */
export const FLOW_FOLDER = "flow";

const ENDING = ".flow";

/** The shards of one store. */
export class FlowStore {
    readonly #folder: string;

    constructor(storeFolder: string) {
        this.#folder = join(storeFolder, FLOW_FOLDER);
    }

    /** Writes shards, and removes those of units that are not kept. */
    async save(changed: ReadonlyMap<string, Uint8Array>, kept: ReadonlySet<string>): Promise<void> {
        if (changed.size > 0) {
            await makeFolder(this.#folder);
        }
        for (const [key, bytes] of changed) {
            await writeFileAtomic(join(this.#folder, fileOf(key)), bytes);
        }
        const wanted = new Set([...kept].map(fileOf));
        for (const name of await listFolder(this.#folder).catch(() => [])) {
            if (name.endsWith(ENDING) && !wanted.has(name)) {
                await removeFile(join(this.#folder, name));
            }
        }
    }

    /** Whether there is a shard for each unit. */
    async hasAll(keys: readonly string[]): Promise<boolean> {
        const names = new Set(await listFolder(this.#folder).catch(() => []));
        return keys.every((key) => names.has(fileOf(key)));
    }

    /** The stored bytes of a unit's shard; undefined when there is none. */
    load(key: string): Promise<Uint8Array | undefined> {
        return readBytes(join(this.#folder, fileOf(key))).catch(() => undefined);
    }
}

/** Keys are file names already; what is not safe in one is replaced all the same. */
function fileOf(key: string): string {
    return `${key.replace(/[^\w.-]/gu, "_")}${ENDING}`;
}
