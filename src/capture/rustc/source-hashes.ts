// Hashes of source files: of their bytes, and of what other crates see of them. The second are kept between
// runs by the first, because finding them takes a scan of the text.

import { createHash } from "node:crypto";
import { join } from "node:path";

import { readBytes, readBytesIfThere, writeFileAtomic } from "../../platform/index.ts";
import { hashInterface } from "./interface-tokens.ts";

/** Hashes of one file. */
export interface SourceHash {
    readonly contentHash: string;
    /** Of what other crates can see of it. */
    readonly interfaceHash: string;
}

const FILE = "interfaces.json";
/** Raised when what counts as visible changes. */
const FORMAT = 1;

/** Hashes files, each once in its life. */
export class SourceHashes {
    readonly #folder: string;
    readonly #known: ReadonlyMap<string, string>;
    readonly #used = new Map<string, string>();
    readonly #byPath = new Map<string, Promise<SourceHash | undefined>>();

    private constructor(folder: string, known: ReadonlyMap<string, string>) {
        this.#folder = folder;
        this.#known = known;
    }

    static async open(folder: string): Promise<SourceHashes> {
        try {
            const text = Buffer.from(await readBytes(join(folder, FILE))).toString("utf8");
            const value = JSON.parse(text) as { format?: number; hashes?: Record<string, string> };
            const hashes = value.format === FORMAT ? (value.hashes ?? {}) : {};
            return new SourceHashes(folder, new Map(Object.entries(hashes)));
        } catch {
            return new SourceHashes(folder, new Map()); // None yet, or a file that was cut off.
        }
    }

    /** Hashes of a file as it was when first asked for; undefined when it is not there. */
    hash(path: string): Promise<SourceHash | undefined> {
        const known = this.#byPath.get(path) ?? this.#hash(path);
        this.#byPath.set(path, known);
        return known;
    }

    /** Forgets what files were like: they may have changed. */
    refresh(): void {
        this.#byPath.clear();
    }

    /** Keeps what was used. */
    async save(): Promise<void> {
        if ([...this.#used.keys()].every((hash) => this.#known.has(hash))) {
            return;
        }
        const value = { format: FORMAT, hashes: Object.fromEntries(this.#used) };
        await writeFileAtomic(join(this.#folder, FILE), Buffer.from(JSON.stringify(value), "utf8"));
    }

    async #hash(path: string): Promise<SourceHash | undefined> {
        const bytes = await readBytesIfThere(path);
        if (bytes === undefined) {
            return undefined;
        }
        const contentHash = createHash("sha256").update(bytes).digest("hex");
        let interfaceHash = contentHash;
        if (path.endsWith(".rs")) {
            interfaceHash =
                this.#used.get(contentHash) ??
                this.#known.get(contentHash) ??
                hashInterface(new TextDecoder().decode(bytes));
            this.#used.set(contentHash, interfaceHash);
        }
        return { contentHash, interfaceHash };
    }
}
