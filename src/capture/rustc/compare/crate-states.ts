// What a crate's dumps follow from, as a hash: its command, its files, and the states of the crates of the same
// workspace that it is compiled against. Equal states, equal dumps.

import { createHash } from "node:crypto";

import { readBytesIfThere } from "../../../platform/index.ts";
import { recordNameOf, type CompilationRecord } from "../compilation-record.ts";
import { readCommand } from "../rustc-arguments.ts";
import { commandParts } from "../unit-views.ts";
import { filesOf, type ListedFiles } from "./compared-crates.ts";

/** Raised when dumps are compared in another way. */
export const COMPARISON_FORMAT = 2;

/** States of crates, as the files are now. */
export class CrateStates {
    readonly #root: string;
    readonly #compiler: string;
    readonly #byName: ReadonlyMap<string, CompilationRecord>;
    readonly #states = new Map<string, Promise<string>>();
    readonly #files = new Map<string, Promise<string>>();
    readonly #listed: ListedFiles | undefined;

    /** `records` are all of the workspace; `compiler` is the commit of the compiler. */
    constructor(
        root: string,
        compiler: string,
        records: readonly CompilationRecord[],
        listed?: ListedFiles,
    ) {
        this.#listed = listed;
        this.#root = root;
        this.#compiler = compiler;
        this.#byName = new Map(records.map((record) => [record.name, record]));
    }

    /** The state of one crate, in hex digits. */
    of(record: CompilationRecord): Promise<string> {
        const known = this.#states.get(record.name) ?? this.#stateOf(record);
        this.#states.set(record.name, known);
        return known;
    }

    async #stateOf(record: CompilationRecord): Promise<string> {
        const files = this.#listed?.get(record.name) ?? (await filesOf(record));
        const hashes = await Promise.all(files.map((file) => this.#hashOf(file)));
        const externs: string[] = [];
        for (const [name, path] of readCommand(record.args).externs) {
            const other = this.#byName.get(recordNameOf(path));
            const isMember = other !== undefined && other !== record;
            externs.push(`${name} ${isMember ? await this.of(other) : path}`);
        }
        const parts = [COMPARISON_FORMAT, this.#compiler, ...commandParts(this.#root, record)];
        return createHash("sha256")
            .update(JSON.stringify([...parts, files, hashes, externs.sort()]))
            .digest("hex")
            .slice(0, 24);
    }

    #hashOf(file: string): Promise<string> {
        const known =
            this.#files.get(file) ??
            readBytesIfThere(file).then((bytes) =>
                createHash("sha256")
                    .update(bytes ?? "")
                    .digest("hex"),
            );
        this.#files.set(file, known);
        return known;
    }
}
