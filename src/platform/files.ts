// Whole files: reading, durable replacing, moving, removing. Paths are those of the operating system.

import { createHash, randomBytes } from "node:crypto";
import { constants, readFileSync, realpathSync, statSync, type BigIntStats } from "node:fs";
import {
    chmod,
    copyFile,
    mkdir,
    mkdtemp,
    open,
    readdir,
    readFile,
    realpath,
    rename,
    rm,
    stat,
    utimes,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";

import { OperatingError } from "../base/index.ts";
import { errnoOf, readError, writeError } from "./system-error.ts";

/** What is known of a file without reading it; equal stats mean an unchanged file in practice. */
export interface FileStat {
    readonly size: number;
    readonly mtimeNs: bigint;
    readonly inode: bigint;
}

/** Reads a whole file; throws FILE_NOT_FOUND or DISK_IO. */
export async function readBytes(path: string): Promise<Uint8Array> {
    try {
        return await readFile(path);
    } catch (cause) {
        throw readError(cause, path);
    }
}

/** Reads a whole file; undefined where there is none; throws DISK_IO. */
export async function readBytesIfThere(path: string): Promise<Uint8Array | undefined> {
    try {
        return await readBytes(path);
    } catch (thrown) {
        if (thrown instanceof OperatingError && thrown.code === "FILE_NOT_FOUND") {
            return undefined;
        }
        throw thrown;
    }
}

/** Reads at most the first bytes of a file; throws FILE_NOT_FOUND or DISK_IO. */
export async function readBytesAtMost(path: string, length: number): Promise<Uint8Array> {
    try {
        const handle = await open(path, "r");
        try {
            const { buffer, bytesRead } = await handle.read(new Uint8Array(length), 0, length, 0);
            return buffer.subarray(0, bytesRead);
        } finally {
            await handle.close();
        }
    } catch (cause) {
        throw readError(cause, path);
    }
}

/** Reads a file piece by piece, so that no more than a piece of it is in memory; throws FILE_NOT_FOUND or DISK_IO. */
export async function* readPieces(path: string, length: number): AsyncGenerator<Uint8Array> {
    try {
        const handle = await open(path, "r");
        try {
            for (;;) {
                const { buffer, bytesRead } = await handle.read(new Uint8Array(length), 0, length);
                if (bytesRead === 0) {
                    return;
                }
                yield buffer.subarray(0, bytesRead);
            }
        } finally {
            await handle.close();
        }
    } catch (cause) {
        throw readError(cause, path);
    }
}

/** Reads a whole file at once, for workers and start-up; throws FILE_NOT_FOUND or DISK_IO. */
export function readBytesSync(path: string | URL): Uint8Array {
    try {
        return readFileSync(path);
    } catch (cause) {
        throw readError(cause, String(path));
    }
}

/** Reads a UTF-8 file of the program itself (queries, templates) at once. */
export function readTextSync(path: string | URL): string {
    return Buffer.from(readBytesSync(path)).toString("utf8");
}

/** Describes a regular file; undefined when there is none at the path. */
export async function statFile(path: string): Promise<FileStat | undefined> {
    try {
        return describeStats(await stat(path, { bigint: true }));
    } catch (cause) {
        throwUnlessAbsent(cause, path);
        return undefined;
    }
}

/** Describes a regular file at once; undefined when there is none at the path. */
export function statFileSync(path: string): FileStat | undefined {
    try {
        return describeStats(statSync(path, { bigint: true }));
    } catch (cause) {
        throwUnlessAbsent(cause, path);
        return undefined;
    }
}

function describeStats(found: BigIntStats): FileStat | undefined {
    return found.isFile()
        ? { size: Number(found.size), mtimeNs: found.mtimeNs, inode: found.ino }
        : undefined;
}

function throwUnlessAbsent(cause: unknown, path: string): void {
    const errno = errnoOf(cause);
    if (errno !== "ENOENT" && errno !== "ENOTDIR") {
        throw readError(cause, path);
    }
}

/**
 * Replaces a file so that a crash leaves the old content or the new one, and makes it durable.
 * Writes through symbolic links, keeps the file's mode, and creates parent folders.
 */
export async function writeFileAtomic(path: string, bytes: Uint8Array): Promise<void> {
    await replaceFile(path, async (temporary, mode) => {
        const handle = await open(temporary, "wx", mode ?? 0o666);
        try {
            if (mode !== undefined) {
                await handle.chmod(mode);
            }
            await handle.writeFile(bytes);
            await handle.sync();
        } finally {
            await handle.close();
        }
    });
}

/** As `writeFileAtomic`, with what another file holds, which is not read into memory. */
export async function copyFileAtomic(from: string, path: string): Promise<void> {
    await replaceFile(path, async (temporary, mode) => {
        await copyFile(from, temporary, constants.COPYFILE_EXCL);
        const handle = await open(temporary, "r+");
        try {
            if (mode !== undefined) {
                await handle.chmod(mode);
            }
            await handle.sync();
        } finally {
            await handle.close();
        }
    });
}

/** Puts a file into the place of another; `make` makes it durable under a name for the time being. */
async function replaceFile(
    path: string,
    make: (temporary: string, mode: number | undefined) => Promise<void>,
): Promise<void> {
    const target = await followLinks(path);
    const folder = dirname(target);
    const temporary = join(folder, `.${basename(target)}.${randomBytes(6).toString("hex")}.tmp`);
    try {
        await mkdir(folder, { recursive: true });
        await make(temporary, await modeOf(target));
        await rename(temporary, target);
    } catch (cause) {
        await rm(temporary, { force: true }).catch(() => undefined);
        throw writeError(cause, path);
    }
    await syncFolder(folder);
}

/** Makes the names in a folder durable. */
export async function syncFolder(path: string): Promise<void> {
    if (process.platform === "win32") {
        return; // Windows cannot open a folder for flushing; NTFS journals names by itself.
    }
    try {
        const handle = await open(path, "r");
        try {
            await handle.sync();
        } finally {
            await handle.close();
        }
    } catch (cause) {
        throw writeError(cause, path);
    }
}

/** Writes a program that can be run, whole or not at all. */
export async function writeProgram(path: string, text: string): Promise<void> {
    await writeFileAtomic(path, Buffer.from(text, "utf8"));
    try {
        await chmod(path, 0o755);
    } catch (cause) {
        throw writeError(cause, path);
    }
}

/** Sets when a file was last changed; in whole milliseconds, which no file system rounds. */
export async function setModified(path: string, modifiedMs: number): Promise<void> {
    try {
        await utimes(path, modifiedMs / 1000, modifiedMs / 1000);
    } catch (cause) {
        throw writeError(cause, path);
    }
}

/** Names of the entries of a folder, sorted. */
export async function listFolder(path: string): Promise<string[]> {
    try {
        return (await readdir(path)).sort();
    } catch (cause) {
        throw readError(cause, path);
    }
}

/** Creates a folder and its parents; an existing one is left as it is. */
export async function makeFolder(path: string, mode = 0o777): Promise<void> {
    try {
        await mkdir(path, { recursive: true, mode });
    } catch (cause) {
        throw writeError(cause, path);
    }
}

/** Creates an empty folder of the system's temporary ones, for this user alone; whoever asks removes it. */
export async function makeTemporaryFolder(prefix: string): Promise<string> {
    try {
        return await mkdtemp(join(tmpdir(), prefix));
    } catch (cause) {
        throw writeError(cause, tmpdir());
    }
}

/** Removes a file; one that is not there is no error. */
export async function removeFile(path: string): Promise<void> {
    try {
        await rm(path, { force: true });
    } catch (cause) {
        throw writeError(cause, path);
    }
}

/** Keeps the newest of some files, by their time of change, and removes the others. */
export async function keepNewest(paths: readonly string[], count: number): Promise<void> {
    if (paths.length <= count) {
        return;
    }
    const files = await Promise.all(
        paths.map(async (path) => ({ path, time: (await statFile(path))?.mtimeNs ?? 0n })),
    );
    const old = files.sort((a, b) => (a.time > b.time ? -1 : 1)).slice(count);
    await Promise.all(old.map(({ path }) => removeFile(path)));
}

/** SHA-256 of a file's bytes, hex; empty when there is none. */
export async function hashFileIfThere(path: string): Promise<string> {
    const bytes = await readBytesIfThere(path);
    return bytes === undefined ? "" : createHash("sha256").update(bytes).digest("hex");
}

/** Removes a folder with all that it holds; one that is not there is no error. */
export async function removeFolder(path: string): Promise<void> {
    try {
        await rm(path, { recursive: true, force: true });
    } catch (cause) {
        throw writeError(cause, path);
    }
}

/** Moves a file, creates the parent folders of its new place, and makes both names durable. */
export async function moveFile(from: string, to: string): Promise<void> {
    try {
        await mkdir(dirname(to), { recursive: true });
        await rename(from, to);
    } catch (cause) {
        throw writeError(cause, from);
    }
    await syncFolder(dirname(to));
    if (dirname(from) !== dirname(to)) {
        await syncFolder(dirname(from));
    }
}

/** Resolves symbolic links of an existing path; undefined when nothing is there. */
export function findRealPath(path: string): string | undefined {
    try {
        return realpathSync(path);
    } catch {
        return undefined;
    }
}

async function followLinks(path: string): Promise<string> {
    try {
        return await realpath(path);
    } catch {
        return path;
    }
}

async function modeOf(path: string): Promise<number | undefined> {
    try {
        return (await stat(path)).mode & 0o777;
    } catch {
        return undefined;
    }
}
