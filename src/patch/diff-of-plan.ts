// A plan as a unified diff.

import type { PatchPlanDto } from "../protocol/index.ts";
import { renderUnifiedDiff, type ShownEdit } from "../refactor/index.ts";
import { movesOf } from "./patch-plan.ts";

/** Shows all of a plan's edits and moves; texts are asked for by the path before. */
export function diffOfPlan(
    { files }: Pick<PatchPlanDto, "files">,
    textOf: (path: string) => string,
): string {
    const edits: ShownEdit[] = files.flatMap((file) => {
        const bytes = Buffer.from(textOf(file.path), "utf8");
        const offset = (at: number): number => bytes.toString("utf8", 0, at).length;
        return file.edits.map(({ start, end, newText }) => ({
            path: file.path,
            span: { start: offset(start), end: offset(end) },
            newText,
        }));
    });
    return renderUnifiedDiff(edits, movesOf({ files }), textOf);
}
