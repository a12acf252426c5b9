// Where the text of a module ends, so that something can be put there.

import type { RenameContext } from "./context.ts";
import { FileSyntax } from "./file-syntax.ts";

/** A module's text. */
export interface ModuleBody {
    readonly file: FileSyntax;
    /** Offset at which something can be added at its end. */
    readonly end: number;
    /** It stands in braces. */
    readonly isInline: boolean;
}

/** Finds the body of a module or crate; undefined where its text is not at hand. */
export function bodyOf(context: RenameContext, module: number): ModuleBody | undefined {
    const { resolution } = context;
    const owned = resolution.files().find(({ modules }) => modules.includes(module));
    if (owned !== undefined) {
        const file = FileSyntax.of(context, owned.path);
        return file === undefined ? undefined : { file, end: file.text.length, isInline: false };
    }
    const { file: path, nameSpan } = resolution.symbol(module);
    const file = path === undefined ? undefined : FileSyntax.of(context, path);
    const name =
        nameSpan === undefined ? undefined : file?.nodeStartingAt(nameSpan.start, "identifier");
    const item = file === undefined || name === undefined ? undefined : file.parent(name);
    const isInline = file !== undefined && item !== undefined && file.is(item, "mod_item");
    return isInline && file.text[file.end(item) - 1] === "}"
        ? { file, end: file.end(item) - 1, isInline: true }
        : undefined;
}
