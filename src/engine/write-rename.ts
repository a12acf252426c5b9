// Writes a plan to the disk: all of it, or nothing. The bytes of every file are compared with the
// plan's before the first write; if any write fails, what was written is put back.

import { join } from "node:path";

import { refuse, type Refusal } from "../base/index.ts";
import { readBytes } from "../platform/index.ts";
import type { RenamePlan, TextEdit } from "../refactor/index.ts";
import type { PlannerPort } from "./ports.ts";
import { decodeText, hashBytes } from "./source-table.ts";
import { refuseOutside, writeFiles, type FileWrite, type WritePlace } from "./write-files.ts";

/** What writing needs. */
export interface WriteParts extends WritePlace {
    readonly planner: Pick<PlannerPort, "applyEdits">;
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
    return writeFiles(parts, writes, plan.moves);
}

/** Reads, checks and edits every file in memory. */
async function prepareWrites(
    { root, planner }: WriteParts,
    plan: RenamePlan,
): Promise<FileWrite[] | Refusal> {
    const byPath = new Map<string, TextEdit[]>();
    for (const edit of plan.edits) {
        const list = byPath.get(edit.path) ?? [];
        list.push(edit);
        byPath.set(edit.path, list);
    }
    const writes: FileWrite[] = [];
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
