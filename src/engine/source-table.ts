// The files of the workspace as they were when captured, and what has happened to them since. A file
// whose size, time and inode are the recorded ones counts as unchanged; any other is read and hashed.

import { isUtf8 } from "node:buffer";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";

import { checkCancelled, type CancelSignal, type Problem, type RepoPath } from "../base/index.ts";
import {
    listTree,
    readBytes,
    readBytesSync,
    monotonicMs,
    statFile,
    statFileSync,
    wallClockMs,
    type FileStat,
} from "../platform/index.ts";
import { isModelFile } from "../workspace/index.ts";

/** A captured file. */
export interface SourceEntry {
    readonly path: string;
    readonly stat: FileStat;
    /** SHA-256 of the bytes, hex. */
    readonly contentHash: string;
    /** Whether the file is captured; one that is not UTF-8 is left out. */
    readonly isCaptured: boolean;
    /** Why it is left out, or its first syntax errors. */
    readonly problems: readonly Problem[];
    readonly lineCount: number;
}

/** The workspace's files as listed now. */
export interface Listing {
    /** All files that the model of the workspace is built from, sorted. */
    readonly files: readonly RepoPath[];
    /** Rust files, sorted. */
    readonly rust: readonly string[];
    /** Files that shape the workspace (manifests, locks), with their stats as one comparable text. */
    readonly shape: string;
}

/** A file that was read because it may have changed. */
export interface ReadSource {
    readonly path: string;
    readonly stat: FileStat;
    readonly contentHash: string;
    /** Until they are given away to be captured. */
    readonly bytes: Uint8Array;
    readonly isText: boolean;
}

const SHAPING_FILES: ReadonlySet<string> = new Set([
    "Cargo.toml",
    "Cargo.lock",
    "rust-toolchain",
    "rust-toolchain.toml",
]);
/** Where Cargo's configuration of the workspace may lie. */
const CONFIGURATIONS = [".cargo/config", ".cargo/config.toml"];
const READS_AT_ONCE = 32;
/** A file that takes longer to read than this is not at hand. */
const SLOW_READ_MS = 2;
/** After so many of them, those that follow are taken to be none either: one alone may be another thread's doing. */
const SLOW_READS_MAX = 8;
/** The loop gets a turn after this long. */
const SLICE_MS = 15;

/**
 * A file written within this time of being read may be written again without its time changing: its
 * stat is not trusted later.
 */
const RACY_MS = 50;

/** Whether a path decides the workspace's shape. */
export function isShapingFile(path: string): boolean {
    return SHAPING_FILES.has(path.slice(path.lastIndexOf("/") + 1));
}

/** Lists Rust files and the state of what shapes the workspace. */
export async function listSources(root: string, signal?: CancelSignal): Promise<Listing> {
    const listed = await listTree(root, {
        accept: (path) => isModelFile(path) || isShapingFile(path),
        ...(signal === undefined ? {} : { signal }),
    });
    const shaping = listed.filter(isShapingFile);
    // A lock file is often ignored by git and still says which versions are meant; the configuration is hidden.
    const paths = [...new Set([...shaping, "Cargo.lock", ...CONFIGURATIONS])].sort();
    const stats = await Promise.all(paths.map((path) => statFile(join(root, path))));
    const shape = paths.map((path, index) => `${path} ${formatStat(stats[index])}`).join("\n");
    const files = listed.filter(isModelFile);
    return { files, rust: files.filter((path) => path.endsWith(".rs")), shape };
}

/** Finds which of the paths do not have the recorded stat any more; the removed ones apart. */
export async function findChanged(
    root: string,
    paths: readonly string[],
    known: ReadonlyMap<string, SourceEntry>,
): Promise<{ changed: string[]; removed: string[] }> {
    const changed: string[] = [];
    const removed: string[] = [];
    await inParallel(paths, async (path) => {
        const now = await statFile(join(root, path));
        const entry = known.get(path);
        if (now === undefined) {
            removed.push(path);
        } else if (entry === undefined || !isSameStat(entry.stat, now)) {
            changed.push(path);
        }
    });
    return { changed: changed.sort(), removed: removed.sort() };
}

/** Reads files; those that are gone by now are left out. */
export async function readSources(
    root: string,
    paths: readonly string[],
    signal?: CancelSignal,
): Promise<ReadSource[]> {
    const { read, rest } = await readAtHand(root, paths, signal);
    await inParallel(rest, async (path) => {
        checkCancelled(signal);
        const source = await readSource(root, path);
        if (source !== undefined) {
            read.push(source);
        }
    });
    return read.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * Reads files one after the other as long as each is there at once, as most are: that takes a fifth of what
 * asking for them side by side takes. Where they are slow to come, the rest is read side by side.
 */
async function readAtHand(
    root: string,
    paths: readonly string[],
    signal: CancelSignal | undefined,
): Promise<{ read: ReadSource[]; rest: readonly string[] }> {
    const read: ReadSource[] = [];
    let sliceStart = monotonicMs();
    let slow = 0;
    for (const [index, path] of paths.entries()) {
        checkCancelled(signal);
        const start = monotonicMs();
        const source = readSourceSync(root, path);
        if (source !== undefined) {
            read.push(source);
        }
        const now = monotonicMs();
        slow += now - start > SLOW_READ_MS ? 1 : 0;
        if (slow === SLOW_READS_MAX) {
            return { read, rest: paths.slice(index + 1) };
        }
        if (now - sliceStart > SLICE_MS) {
            await nextTurn();
            sliceStart = monotonicMs();
        }
    }
    return { read, rest: [] };
}

/** Reads one file; undefined when it is not there. */
export async function readSource(root: string, path: string): Promise<ReadSource | undefined> {
    const file = join(root, path);
    // The stat comes first: a write after it shows in the next comparison.
    const stat = await statFile(file);
    if (stat === undefined) {
        return undefined;
    }
    return sourceOf(path, stat, await readBytes(file));
}

function readSourceSync(root: string, path: string): ReadSource | undefined {
    const file = join(root, path);
    const stat = statFileSync(file);
    return stat === undefined ? undefined : sourceOf(path, stat, readBytesSync(file));
}

function sourceOf(path: string, stat: FileStat, bytes: Uint8Array): ReadSource {
    return {
        path,
        stat: trusted(stat),
        contentHash: hashBytes(bytes),
        bytes,
        isText: isUtf8(bytes),
    };
}

/** SHA-256 of bytes, hex. */
export function hashBytes(bytes: Uint8Array): string {
    return createHash("sha256").update(bytes).digest("hex");
}

/** Decodes UTF-8, a byte order mark kept; undefined for anything else. */
export function decodeText(bytes: Uint8Array): string | undefined {
    try {
        return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
        return undefined;
    }
}

/** The text of a file on disk, while its bytes have a hash. */
export function savedText(root: string, path: string, contentHash: string): string | undefined {
    try {
        const bytes = readBytesSync(join(root, path));
        return hashBytes(bytes) === contentHash ? decodeText(bytes) : undefined;
    } catch {
        return undefined; // Gone by now.
    }
}

/** Whether two stats are of the same unchanged file. */
export function isSameStat(a: FileStat, b: FileStat): boolean {
    return a.size === b.size && a.mtimeNs === b.mtimeNs && a.inode === b.inode;
}

function trusted(stat: FileStat): FileStat {
    const ageMs = wallClockMs() - Number(stat.mtimeNs / 1_000_000n);
    return ageMs > RACY_MS ? stat : { ...stat, mtimeNs: -1n };
}

function formatStat(stat: FileStat | undefined): string {
    return stat === undefined ? "-" : `${stat.size} ${stat.mtimeNs} ${stat.inode}`;
}

/** Runs an action on every item, a bounded number at once. */
async function inParallel<T>(
    items: readonly T[],
    action: (item: T) => Promise<void>,
): Promise<void> {
    let next = 0;
    const lane = async (): Promise<void> => {
        for (let item = items[next++]; item !== undefined; item = items[next++]) {
            await action(item);
        }
    };
    await Promise.all(Array.from({ length: READS_AT_ONCE }, lane));
}
