// A plan's edits in a worktree: the bytes of every file are compared with the plan's first, and nothing is
// written outside of it.

import { join } from "node:path";

import { refuse, type Refusal } from "../base/index.ts";
import { applyToFile, type PatchPlan } from "../patch/index.ts";
import {
    moveFile,
    readBytes,
    readBytesIfThere,
    statFile,
    writeFileAtomic,
} from "../platform/index.ts";
import type { PlanFileDto } from "../protocol/index.ts";
import type { Edited, EditedPlace, EditPlace } from "./model.ts";
import { leadsOut } from "./place.ts";

/** Refuses a worktree whose files are not those that a plan was made for. */
export async function verifyPlan(
    place: EditPlace,
    plan: Pick<PatchPlan, "files">,
): Promise<Refusal | undefined> {
    const moved = new Set(plan.files.map(({ path }) => path));
    for (const file of plan.files) {
        const strange = [file.path, file.pathAfter].find((path) =>
            leadsOut(place.worktree, join(place.folder, path)),
        );
        if (strange !== undefined) {
            return refuse("EXECUTOR_OUTSIDE", `${strange} leads out of the repository by a link`);
        }
        const bytes = await readBytesIfThere(join(place.folder, file.path));
        if (bytes === undefined) {
            return refuse("EXECUTOR_NOT_COMMITTED", `${file.path} is not under version control`, {
                advice: "add and commit it; ignored files are edited with --in-place only",
            });
        }
        const applied = applyToFile(file, bytes);
        if (applied.kind === "refusal") {
            return applied;
        }
        const { path, pathAfter } = file;
        const isTaken = path !== pathAfter && !moved.has(pathAfter);
        if (isTaken && (await statFile(join(place.folder, pathAfter))) !== undefined) {
            return refuse("EXECUTOR_TARGET_EXISTS", `${pathAfter} exists already`, {
                advice: "move it away, or choose another name",
            });
        }
    }
    return undefined;
}

/** Makes a plan in a worktree. */
export async function editPlan(
    place: EditPlace,
    plan: Pick<PatchPlan, "files" | "operations">,
): Promise<Edited | Refusal> {
    const places: EditedPlace[] = [];
    const written: { readonly file: PlanFileDto; readonly bytes: Uint8Array }[] = [];
    for (const file of plan.files) {
        const before = await readBytes(join(place.folder, file.path));
        const applied = applyToFile(file, before);
        if (applied.kind === "refusal") {
            return applied;
        }
        written.push({ file, bytes: applied.bytes });
        places.push(...placesOf(file, before, plan));
    }
    const moves = plan.files.filter(({ path, pathAfter }) => path !== pathAfter);
    // By way of names that nothing has: a file may take another one's place.
    for (const [at, { path }] of moves.entries()) {
        await moveFile(join(place.folder, path), join(place.folder, `.ferrograph-${at}`));
    }
    for (const [at, { pathAfter }] of moves.entries()) {
        const from = join(place.folder, `.ferrograph-${at}`);
        await moveFile(from, join(place.folder, pathAfter));
    }
    await Promise.all(
        written.map(async ({ file, bytes }) => {
            if (file.edits.length > 0) {
                await writeFileAtomic(join(place.folder, file.pathAfter), bytes);
            }
        }),
    );
    const touched = plan.files.flatMap(({ path, pathAfter }) => [path, pathAfter]);
    return {
        kind: "edited",
        paths: [...new Set(touched)].map((path) => `${place.prefix}${path}`),
        moved: new Map(plan.files.map(({ path, pathAfter }) => [path, pathAfter])),
        places,
    };
}

/** Lines of the edited file that each edit made. */
function placesOf(
    file: PlanFileDto,
    before: Uint8Array,
    { operations }: Pick<PatchPlan, "operations">,
): EditedPlace[] {
    let line = 0;
    let from = 0;
    return [...file.edits].reverse().map((edit) => {
        line += lineBreaks(before.subarray(from, edit.start));
        const first = line;
        line += lineBreaks(Buffer.from(edit.newText, "utf8"));
        from = edit.end;
        return {
            path: file.pathAfter,
            from: first,
            to: line,
            operations: edit.operations.map((at) => operations[at]?.description ?? ""),
        };
    });
}

function lineBreaks(bytes: Uint8Array): number {
    let count = 0;
    for (const byte of bytes) {
        count += byte === 10 ? 1 : 0;
    }
    return count;
}
