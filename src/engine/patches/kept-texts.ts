// Keeps a plan that is about to be made in the workspace itself, and files as they were before: with them it
// can be undone even when the files have been changed since.

import { join } from "node:path";

import type { PatchPlan } from "../../patch/index.ts";
import { makeFolder, readBytesIfThere, writeFileAtomic } from "../../platform/index.ts";

/** Writes down what undoes an operation, before anything else is written. */
export async function keepForUndo(
    folder: string,
    opId: string,
    root: string,
    plan: PatchPlan,
): Promise<void> {
    const { encodePlan } = await import("../../patch/index.ts");
    await makeFolder(folder);
    const kept = Buffer.from(encodePlan(plan), "utf8");
    await writeFileAtomic(join(folder, `${opId}.plan.json`), kept);
    await keepBefore(folder, opId, root, plan);
}

/** Writes down the files of a plan; one that is not there is left out, and refused later. */
async function keepBefore(
    folder: string,
    opId: string,
    root: string,
    { files }: Pick<PatchPlan, "files">,
): Promise<void> {
    const kept: Record<string, string> = {};
    for (const { path } of files) {
        const bytes = await readBytesIfThere(join(root, path));
        if (bytes !== undefined) {
            kept[path] = Buffer.from(bytes).toString("base64");
        }
    }
    const text = `${JSON.stringify({ format: FORMAT, files: kept })}\n`;
    await writeFileAtomic(fileOf(folder, opId), Buffer.from(text, "utf8"));
}

/** Files as they were, by path; undefined where none were kept. */
export async function readBefore(
    folder: string,
    opId: string,
): Promise<ReadonlyMap<string, Uint8Array> | undefined> {
    const bytes = await readBytesIfThere(fileOf(folder, opId));
    if (bytes === undefined) {
        return undefined;
    }
    const value = JSON.parse(Buffer.from(bytes).toString("utf8")) as {
        readonly format?: string;
        readonly files?: Readonly<Record<string, string>>;
    };
    return value.format === FORMAT
        ? new Map(
              Object.entries(value.files ?? {}).map(([path, coded]) => [
                  path,
                  Buffer.from(coded, "base64"),
              ]),
          )
        : undefined;
}

const FORMAT = "ferrograph-before/1";

function fileOf(folder: string, opId: string): string {
    return join(folder, `${opId}.before.json`);
}
