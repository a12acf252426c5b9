// Evidence on disk, beside the derived cache: a file for each compilation unit, and one with what is known
// of files' contents. Nothing is believed without its hash; what is missing or damaged waits for the next
// capture. Format: docs/formats/evidence.md.

import { createHash } from "node:crypto";
import { join } from "node:path";

import {
    listFolder,
    makeFolder,
    packageVersion,
    readBytes,
    removeFile,
    writeFileAtomic,
    type Logger,
} from "../platform/index.ts";
import type { UnitEvidence } from "../resolve/index.ts";

/** Name of the evidence in the store's folder. */
export const EVIDENCE_FOLDER = "evidence";

const CONTENTS_FILE = "contents.json";
const UNIT_ENDING = ".unit";

/** What is known of files' contents, and by which version of the program. */
interface Contents {
    readonly program: string;
    /** When the facts were captured, milliseconds since 1970. */
    readonly capturedAt: number;
    readonly outside: readonly (readonly [contentHash: string, outsideHash: string])[];
}

/** A unit as it is stored. */
export interface StoredEvidence {
    readonly unit: UnitEvidence;
    readonly bytes: Uint8Array;
}

/** All that is stored. */
export interface LoadedEvidence {
    readonly units: ReadonlyMap<string, StoredEvidence>;
    /** Hash of a file's tokens outside function bodies, by the hash of its content. */
    readonly outside: ReadonlyMap<string, string>;
    /** Milliseconds since 1970; undefined when nothing is stored. */
    readonly capturedAt: number | undefined;
}

/** How units are read. */
export type DecodeUnit = (bytes: Uint8Array) => UnitEvidence | undefined;

/** The evidence folder of one store. */
export class EvidenceStore {
    readonly #folder: string;
    readonly #logger: Logger;

    constructor(storeFolder: string, logger: Logger) {
        this.#folder = join(storeFolder, EVIDENCE_FOLDER);
        this.#logger = logger;
    }

    /** Reads what can be believed. */
    async load(decode: DecodeUnit): Promise<LoadedEvidence> {
        const units = new Map<string, StoredEvidence>();
        const contents = await this.#loadContents();
        if (contents === undefined) {
            return { units, outside: new Map(), capturedAt: undefined };
        }
        for (const name of await this.#unitFiles()) {
            const bytes = await readBytes(join(this.#folder, name)).catch(() => undefined);
            const unit = bytes === undefined ? undefined : decode(bytes);
            if (bytes === undefined || unit === undefined) {
                this.#logger.warn({ name }, "stored evidence is damaged and waits to be made anew");
            } else {
                units.set(unit.key, { unit, bytes });
            }
        }
        const { outside, capturedAt } = contents;
        return { units, outside: new Map(outside), capturedAt };
    }

    /** Stores units that changed and what is known of contents; removes the units that are not kept. */
    async save(
        changed: ReadonlyMap<string, Uint8Array>,
        kept: ReadonlySet<string>,
        { outside, capturedAt }: Pick<LoadedEvidence, "outside"> & { readonly capturedAt: number },
    ): Promise<void> {
        await makeFolder(this.#folder);
        for (const [key, bytes] of changed) {
            await writeFileAtomic(join(this.#folder, fileOf(key)), bytes);
        }
        const wanted = new Set([...kept, ...changed.keys()].map(fileOf));
        for (const name of await this.#unitFiles()) {
            if (!wanted.has(name)) {
                await removeFile(join(this.#folder, name));
            }
        }
        const program = packageVersion();
        const contents: Contents = { program, capturedAt, outside: [...outside] };
        const body = Buffer.from(JSON.stringify(contents), "utf8");
        const head = Buffer.from(`${hashOf(body)}\n`, "latin1");
        await writeFileAtomic(join(this.#folder, CONTENTS_FILE), Buffer.concat([head, body]));
    }

    async #unitFiles(): Promise<string[]> {
        const names = await listFolder(this.#folder).catch(() => []);
        return names.filter((name) => name.endsWith(UNIT_ENDING)).sort();
    }

    async #loadContents(): Promise<Contents | undefined> {
        const bytes = await readBytes(join(this.#folder, CONTENTS_FILE)).catch(() => undefined);
        if (bytes === undefined) {
            return undefined;
        }
        const end = bytes.indexOf(10);
        const body = bytes.subarray(end + 1);
        if (Buffer.from(bytes.subarray(0, end)).toString("latin1") !== hashOf(body)) {
            this.#logger.warn({ file: CONTENTS_FILE }, "stored evidence is damaged");
            return undefined;
        }
        // The hash was right, so that what is inside is what was written.
        const contents = JSON.parse(Buffer.from(body).toString("utf8")) as Contents;
        // Ids of symbols are those of the version that stored them.
        return contents.program === packageVersion() ? contents : undefined;
    }
}

/** Keys are file names already; what is not safe in one is replaced all the same. */
function fileOf(key: string): string {
    return `${key.replace(/[^\w.-]/gu, "_")}${UNIT_ENDING}`;
}

function hashOf(bytes: Uint8Array): string {
    return createHash("sha256").update(bytes).digest("hex");
}
