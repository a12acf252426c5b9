// Code that `quote!` and its like write for elsewhere: all of their input, or what follows a span and `=>`.

import { QUOTED_REASON, SPANNED_REASON, type Occurrence } from "../resolve/index.ts";
import { isMacroProblem, KIND, lexMacroTokens, type SyntaxTree } from "../syntax/index.ts";
import type { RenameContext } from "./context.ts";

/** Whether a token is code that is written for elsewhere. */
export function isQuoted(
    context: Pick<RenameContext, "resolution" | "textOf" | "treeOf">,
    { file, span, binding }: Pick<Occurrence, "file" | "span" | "binding">,
): boolean {
    if (binding.kind !== "opaque" || binding.reason !== SPANNED_REASON) {
        return binding.kind === "opaque" && binding.reason === QUOTED_REASON;
    }
    const tree = context.treeOf(file);
    if (tree === undefined) {
        return false;
    }
    const { kind, parent, start } = tree.columns;
    for (let at = tree.nodeAt(span.start) ?? 0; at !== 0; at = parent[at] ?? 0) {
        const name = kind[at] === KIND.macro_invocation ? nameOf(tree, at) : undefined;
        const found = name === undefined ? [] : context.resolution.occurrencesAt(file, name);
        // A call inside of quoted code is not read as one.
        if (found.length > 0 && found.every((one) => one.binding.kind !== "opaque")) {
            return isBehindArrow(context.textOf(file), start[at] ?? 0, span.start);
        }
    }
    return false;
}

/** Where the last segment of a call's path begins. */
function nameOf(tree: SyntaxTree, call: number): number | undefined {
    const path = tree.findChild(call, "macro");
    const name = path === undefined ? undefined : (tree.findChild(path, "name") ?? path);
    return name === undefined ? undefined : tree.columns.start[name];
}

/** Whether `=>` stands between a call's opening bracket and a token, outside of brackets inside. */
function isBehindArrow(text: string, call: number, token: number): boolean {
    const open = /[([{]/u.exec(text.slice(call, token))?.index;
    const tokens =
        open === undefined
            ? []
            : lexMacroTokens({ text, start: call + open + 1, end: token, source: 0 });
    if (isMacroProblem(tokens)) {
        return false;
    }
    let depth = 0;
    return tokens.some(({ text: sign }) => {
        depth += /^[([{]$/u.test(sign) ? 1 : /^[)\]}]$/u.test(sign) ? -1 : 0;
        return depth === 0 && sign === "=>";
    });
}
