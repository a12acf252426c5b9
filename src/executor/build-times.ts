// Keeps Cargo's caches warm between worktrees at one place. Cargo takes a file for unchanged by its time of
// change, which a new worktree gives anew: a file that has the content of last time gets the time of last time.
// The record is taken away before any content changes and written when nothing runs any more, so that after a
// crash all files are new; changed content never has an old time.

import { join } from "node:path";

import { OperatingError } from "../base/index.ts";
import type { GitEntry, GitRepository } from "../git/index.ts";
import {
    hashFileIfThere,
    readBytes,
    removeFile,
    setModified,
    statFile,
    writeFileAtomic,
} from "../platform/index.ts";

/** Content, size, and milliseconds since 1970, by path. */
type Times = Readonly<Record<string, readonly [string, number, number]>>;

interface Recorded {
    readonly format: "ferrograph-build-times/1";
    /** Place of the worktree: Cargo's caches speak of it. */
    readonly worktree: string;
    readonly files: Times;
}

/** Files that are looked at together. */
const AT_ONCE = 64;

/** What git knows of a worktree. */
export interface WorktreeState {
    readonly entries: readonly GitEntry[];
    /** Files that are otherwise than in its index. */
    readonly unstaged: readonly string[];
}

/** The record of one place. */
export class BuildTimes {
    readonly #path: string;

    constructor(folder: string) {
        this.#path = join(folder, "build-times.json");
    }

    /**
     * Gives files of a fresh worktree their old times, and takes the record away; tells how many. `brought` are files
     * that no commit has; `checkedOut` what git has, where that was asked already.
     */
    async restore(
        repository: GitRepository,
        brought: readonly string[] = [],
        checkedOut?: readonly GitEntry[],
    ): Promise<number> {
        const known = await this.#read();
        await removeFile(this.#path);
        if (known?.worktree !== repository.top) {
            return 0;
        }
        const own = checkedOut ?? (await repository.entries());
        const entries = [...own, ...(await hashed(repository, brought))];
        // Attributes say how content becomes files.
        const attributes = entries.filter(({ path }) => path.endsWith(".gitattributes"));
        if (attributes.some(({ path, blob }) => known.files[path]?.[0] !== blob)) {
            return 0;
        }
        let restored = 0;
        await inParts(entries, async ({ path, blob, kind }) => {
            const [content, size, time] = known.files[path] ?? [];
            if (kind !== "file" || content !== blob || time === undefined) {
                return;
            }
            const file = join(repository.top, path);
            if ((await statFile(file))?.size === size) {
                await setModified(file, time);
                restored += 1;
            }
        });
        return restored;
    }

    /** Records the files of a worktree that are as git knows them; `state` is what git knows, where it was asked. */
    async record(
        repository: GitRepository,
        brought: readonly string[] = [],
        state?: WorktreeState,
    ): Promise<void> {
        const known = state ?? (await readState(repository));
        const changed = new Set(known.unstaged);
        const files: Record<string, readonly [string, number, number]> = {};
        const entries = [...known.entries, ...(await hashed(repository, brought))];
        await inParts(entries, async ({ path, blob, kind }) => {
            const stat =
                kind === "file" && !changed.has(path)
                    ? await statFile(join(repository.top, path))
                    : undefined;
            if (stat !== undefined) {
                files[path] = [blob, stat.size, Number(stat.mtimeNs / 1_000_000n)];
            }
        });
        const recorded: Recorded = {
            format: "ferrograph-build-times/1",
            worktree: repository.top,
            files,
        };
        await writeFileAtomic(this.#path, Buffer.from(JSON.stringify(recorded), "utf8"));
    }

    /** Says that the files are about to change, or may have. */
    forget(): Promise<void> {
        return removeFile(this.#path);
    }

    async #read(): Promise<Recorded | undefined> {
        try {
            const bytes = await readBytes(this.#path);
            const value = JSON.parse(Buffer.from(bytes).toString("utf8")) as Partial<Recorded>;
            return value.format === "ferrograph-build-times/1" ? (value as Recorded) : undefined;
        } catch (thrown) {
            if (thrown instanceof SyntaxError || thrown instanceof OperatingError) {
                return undefined; // A record that cannot be read costs time, and nothing else.
            }
            throw thrown;
        }
    }
}

/** Asks git what it knows of a worktree. */
export async function readState(repository: GitRepository): Promise<WorktreeState> {
    const [entries, unstaged] = await Promise.all([
        repository.entries(),
        repository.unstagedFiles(),
    ]);
    return { entries, unstaged };
}

/** Files that git does not know, as if it did. */
async function hashed(
    { top }: GitRepository,
    paths: readonly string[],
): Promise<{ readonly path: string; readonly blob: string; readonly kind: "file" }[]> {
    const found: { path: string; blob: string; kind: "file" }[] = [];
    await inParts(paths, async (path) => {
        found.push({ path, blob: await hashFileIfThere(join(top, path)), kind: "file" });
    });
    return found;
}

async function inParts<T>(all: readonly T[], each: (one: T) => Promise<void>): Promise<void> {
    for (let at = 0; at < all.length; at += AT_ONCE) {
        await Promise.all(all.slice(at, at + AT_ONCE).map(each));
    }
}
