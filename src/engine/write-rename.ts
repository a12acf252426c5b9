// Writes a plan to the disk: all of it, or nothing. The bytes of every file are compared with the
// plan's before the first write; if any write fails, what was written is put back.

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
import type { FileMove, RenamePlan, TextEdit } from "../refactor/index.ts";
import type { PlannerPort } from "./ports.ts";
import { decodeText, hashBytes } from "./source-table.ts";

/** What writing needs. */
export interface WriteParts {
    readonly root: string;
    readonly planner: Pick<PlannerPort, "applyEdits">;
    readonly logger: Logger;
}

interface PendingWrite {
    readonly path: string;
    readonly before: Uint8Array;
    readonly after: Uint8Array;
}

/** Writes a plan; refuses when a file is not as the plan was made for. */
export async function writeRename(
    parts: WriteParts,
    plan: RenamePlan,
): Promise<Refusal | undefined> {
    const writes = await prepareWrites(parts, plan);
    if ("kind" in writes) {
        return writes;
    }
    const blocked = await findBlockedMove(parts.root, plan.moves);
    if (blocked !== undefined) {
        return blocked;
    }
    const written: PendingWrite[] = [];
    const moved: FileMove[] = [];
    try {
        for (const write of writes) {
            // Noted first: a write that fails may have happened.
            written.push(write);
            await writeFileAtomic(join(parts.root, write.path), write.after);
        }
        for (const move of plan.moves) {
            await moveFile(join(parts.root, move.from), join(parts.root, move.to));
            moved.push(move);
        }
        return undefined;
    } catch (cause) {
        await rollBack(parts, written, moved);
        throw cause;
    }
}

/** Reads, checks and edits every file in memory. */
async function prepareWrites(
    { root, planner }: WriteParts,
    plan: RenamePlan,
): Promise<PendingWrite[] | Refusal> {
    const byPath = new Map<string, TextEdit[]>();
    for (const edit of plan.edits) {
        const list = byPath.get(edit.path) ?? [];
        list.push(edit);
        byPath.set(edit.path, list);
    }
    const writes: PendingWrite[] = [];
    for (const [path, hash] of plan.fileHashes) {
        const outside = refuseOutside(root, path);
        if (outside !== undefined) {
            return outside;
        }
        const before = await readBytes(join(root, path));
        const text = decodeText(before);
        if (text === undefined || hashBytes(before) !== hash) {
            return staleFile(path);
        }
        const edits = byPath.get(path);
        if (edits !== undefined) {
            const after = Buffer.from(planner.applyEdits(text, edits), "utf8");
            writes.push({ path, before, after });
            byPath.delete(path);
        }
    }
    const [unpinned] = byPath.keys();
    return unpinned === undefined ? writes : staleFile(unpinned);
}

/** Says that a file is not as the plan was made for. */
export function staleFile(path: string): Refusal {
    return refuse("RENAME_STALE_FILE", `${path} has changed on disk since the rename was planned`, {
        advice: "preview the rename again",
    });
}

/** A link may lead out of the workspace; nothing out there is ever written. */
function refuseOutside(root: string, path: string): Refusal | undefined {
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
    { root, logger }: WriteParts,
    written: readonly PendingWrite[],
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
