// A name, with the path before it, written as another path.

import type { Occurrence } from "../resolve/index.ts";
import type { FileSyntax } from "./file-syntax.ts";
import { namesIn } from "./list-slots.ts";
import type { PlannedEdit } from "./planned-edit.ts";

/** Where the path begins whose last segment a name is. */
export function startOfPath(file: FileSyntax, name: number): number {
    const above = file.parent(name);
    const isLast =
        file.is(above, "scoped_identifier", "scoped_type_identifier") &&
        file.child(above, "name") === name;
    return file.start(isLast ? above : name);
}

/** Writes a path from an offset to the end of a token, which becomes the path's last name. */
export function pathEdit(
    file: FileSyntax,
    { span, role, precision }: Occurrence,
    start: number,
    newText: string,
): PlannedEdit {
    const { length } = newText.split("::").at(-1) ?? newText;
    const at = newText.length - length;
    return {
        path: file.path,
        span: { start, end: span.end },
        oldText: file.text.slice(start, span.end),
        newText,
        role,
        precision,
        tokens: [{ before: span, part: undefined, partAfter: undefined, at, length }],
        added: namesIn(newText)
            .filter((offset) => offset < at)
            .map((offset) => ({ at: offset })),
    };
}
