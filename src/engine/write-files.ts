// Writes many files and moves: all of it, or nothing. If any write fails, what was written is put back.

import { join } from "node:path";

import { OperatingError, refuse, type Refusal } from "../base/index.ts";
import {
    findRealPath,
    moveFile,
    readBytes,
    statFile,
    writeFileAtomic,
    type Logger,
} from "../platform/index.ts";
import type { FileMove } from "../refactor/index.ts";
import { hashBytes } from "./source-table.ts";

/** Where files are written. */
export interface WritePlace {
    readonly root: string;
    readonly logger: Logger;
}

/** One file with its bytes before and after. */
export interface FileWrite {
    /** Before any move. */
    readonly path: string;
    readonly before: Uint8Array;
    readonly after: Uint8Array;
}

/** Writes files, then moves files. */
export async function writeFiles(
    { root, logger }: WritePlace,
    writes: readonly FileWrite[],
    moves: readonly FileMove[],
): Promise<Refusal | undefined> {
    const blocked = await findBlockedMove(root, moves);
    if (blocked !== undefined) {
        return blocked;
    }
    const written: FileWrite[] = [];
    const moved: FileMove[] = [];
    try {
        for (const write of writes) {
            // Noted first: a write that fails may have happened.
            written.push(write);
            await writeFileAtomic(join(root, write.path), write.after);
        }
        for (const move of moves) {
            await moveFile(join(root, move.from), join(root, move.to));
            moved.push(move);
        }
        return undefined;
    } catch (cause) {
        await rollBack({ root, logger }, written, moved);
        throw cause;
    }
}

/** A link may lead out of the workspace; nothing out there is ever written. */
export function refuseOutside(root: string, path: string): Refusal | undefined {
    const real = findRealPath(join(root, path));
    const realRoot = findRealPath(root) ?? root;
    if (real === undefined || real.startsWith(`${realRoot}/`) || real.startsWith(`${realRoot}\\`)) {
        return undefined;
    }
    return refuse("RENAME_OUTSIDE", `${path} is a link to ${real}, outside the workspace`);
}

async function findBlockedMove(
    root: string,
    moves: readonly FileMove[],
): Promise<Refusal | undefined> {
    for (const { from, to } of moves) {
        const isSameFile = findRealPath(join(root, to)) === findRealPath(join(root, from));
        if ((await statFile(join(root, to))) !== undefined && !isSameFile) {
            return refuse("RENAME_TARGET_EXISTS", `${to} exists already`, {
                advice: "move it away, or choose another name",
            });
        }
    }
    return undefined;
}

async function rollBack(
    { root, logger }: WritePlace,
    written: readonly FileWrite[],
    moved: readonly FileMove[],
): Promise<void> {
    const failed: string[] = [];
    for (const { from, to } of [...moved].reverse()) {
        await moveFile(join(root, to), join(root, from)).catch(() => failed.push(to));
    }
    for (const { path, before } of [...written].reverse()) {
        const file = join(root, path);
        const now = await readBytes(file).catch(() => undefined);
        if (now === undefined || hashBytes(now) !== hashBytes(before)) {
            await writeFileAtomic(file, before).catch(() => failed.push(path));
        }
    }
    if (failed.length > 0) {
        logger.error({ failed, root }, "some files could not be put back");
        throw new OperatingError(
            "RENAME_ROLLBACK_FAILED",
            `writing failed, and these files could not be put back: ${failed.join(", ")}`,
            { advice: "restore them from version control" },
        );
    }
}
