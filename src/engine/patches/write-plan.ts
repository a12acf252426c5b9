// Makes a plan's edits and moves in the workspace: the bytes of every file are compared with the plan's
// before the first write.

import { join } from "node:path";

import { refuse, type Refusal } from "../../base/index.ts";
import { applyToFile, movesOf, type PatchPlan } from "../../patch/index.ts";
import { readBytesIfThere } from "../../platform/index.ts";
import { writeFiles, type FileWrite, type WritePlace } from "../write-files.ts";

/** Writes a plan, all of it or nothing. */
export async function writePlan(
    place: WritePlace,
    plan: Pick<PatchPlan, "files">,
): Promise<Refusal | undefined> {
    const writes: FileWrite[] = [];
    for (const file of plan.files) {
        const before = await readBytesIfThere(join(place.root, file.path));
        if (before === undefined) {
            return refuse("PLAN_STALE_FILE", `${file.path} is not there any more`, {
                advice: "plan the patch again",
            });
        }
        const after = applyToFile(file, before);
        if (after.kind === "refusal") {
            return after;
        }
        if (file.edits.length > 0) {
            writes.push({ path: file.path, before, after: after.bytes });
        }
    }
    return writeFiles(place, writes, movesOf(plan));
}
