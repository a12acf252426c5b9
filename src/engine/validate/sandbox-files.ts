// The files of a worktree that plans are made in, one after the other, and taken back. What is written is always
// younger than what was compiled from it before.

import { join } from "node:path";

import { refuse, type Refusal } from "../../base/index.ts";
import { moveFile, readBytesIfThere, writeFileAtomic } from "../../platform/index.ts";
import type { FileMove, RenamePlan, TextEdit } from "../../refactor/index.ts";
import { decodeText, hashBytes } from "../source-table.ts";

/** Makes edits in a text. */
type ApplyEdits = (text: string, edits: readonly TextEdit[]) => string;

/** Files of one worktree. */
export class SandboxFiles {
    readonly #folder: string;
    readonly #applyEdits: ApplyEdits;
    /** Bytes as they were, by path before moves. */
    readonly #original = new Map<string, Uint8Array>();
    /** What lies there now, where that is something else. */
    readonly #written = new Map<string, Uint8Array>();
    #moved: readonly FileMove[] = [];

    constructor(folder: string, applyEdits: ApplyEdits) {
        this.#folder = folder;
        this.#applyEdits = applyEdits;
    }

    /** Puts unsaved texts where the saved ones lie: they are what plans are made for. */
    async put(texts: ReadonlyMap<string, string>): Promise<void> {
        for (const [path, text] of texts) {
            await writeFileAtomic(join(this.#folder, path), Buffer.from(text, "utf8"));
        }
    }

    /** Makes a plan in the place of the one before; refuses files that it was not made for. */
    async make(plan: RenamePlan): Promise<Refusal | undefined> {
        const wanted = new Map<string, Uint8Array>();
        for (const [path, hash] of plan.fileHashes) {
            const before = await this.#read(path);
            const text = before === undefined ? undefined : decodeText(before);
            if (before === undefined || text === undefined || hashBytes(before) !== hash) {
                return notThere(path);
            }
            const edits = plan.edits.filter((edit) => edit.path === path);
            wanted.set(path, Buffer.from(this.#applyEdits(text, edits), "utf8"));
        }
        await this.#write(wanted, plan.moves);
        return undefined;
    }

    /** Takes everything back. */
    async restore(): Promise<void> {
        await this.#write(new Map(), []);
    }

    /** Bytes before any plan. */
    async #read(path: string): Promise<Uint8Array | undefined> {
        const known =
            this.#original.get(path) ?? (await readBytesIfThere(join(this.#folder, path)));
        if (known !== undefined) {
            this.#original.set(path, known);
        }
        return known;
    }

    async #write(
        wanted: ReadonlyMap<string, Uint8Array>,
        moves: readonly FileMove[],
    ): Promise<void> {
        const isMoved = JSON.stringify(moves) !== JSON.stringify(this.#moved);
        if (isMoved) {
            for (const { from, to } of [...this.#moved].reverse()) {
                await moveFile(join(this.#folder, to), join(this.#folder, from));
            }
            for (const { from, to } of moves) {
                await moveFile(join(this.#folder, from), join(this.#folder, to));
            }
        }
        const places = new Map(moves.map(({ from, to }) => [from, to]));
        const before = new Set([...this.#moved, ...moves].map(({ from }) => from));
        this.#moved = moves;
        for (const path of new Set([...this.#written.keys(), ...wanted.keys()])) {
            const bytes = wanted.get(path) ?? this.#original.get(path);
            const now = this.#written.get(path) ?? this.#original.get(path);
            const isSame = bytes !== undefined && now !== undefined && isEqual(bytes, now);
            // A file that moved has an old time, and Cargo would take what is stale for fresh.
            if (bytes !== undefined && (!isSame || (isMoved && before.has(path)))) {
                await writeFileAtomic(join(this.#folder, places.get(path) ?? path), bytes);
                this.#written.set(path, bytes);
            }
        }
    }
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
    return Buffer.compare(a, b) === 0;
}

function notThere(path: string): Refusal {
    return refuse("VALIDATE_NOT_COMMITTED", `${path} is not committed as it is in the workspace`, {
        advice: "commit it, or take uncommitted work along: --with-uncommitted",
    });
}
