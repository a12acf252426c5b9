// An import that brings several things of one name, of which one is renamed: it becomes an import of each.

import type { Occurrence } from "../resolve/index.ts";
import type { RenameContext } from "./context.ts";
import { exactNamespaces } from "./duplicates.ts";
import { FileSyntax } from "./file-syntax.ts";
import type { PlannedEdit } from "./planned-edit.ts";
import type { Subject, TokenGroup } from "./subject.ts";

/** Whether an import brings the subject and something else of its name, from another name space. */
export function bringsMore(context: RenameContext, subject: Subject, found: Occurrence): boolean {
    const { binding, role } = found;
    if (role !== "import" || binding.kind !== "ambiguous") {
        return false;
    }
    const spaces = (symbols: readonly number[]): readonly string[] =>
        symbols.flatMap((one) => exactNamespaces(context, context.resolution.symbol(one)));
    const own = new Set(spaces(binding.candidates.filter((one) => subject.family.has(one))));
    const others = spaces(binding.candidates.filter((one) => !subject.family.has(one)));
    const areApart = own.size > 0 && others.length > 0 && !others.some((one) => own.has(one));
    return areApart && !isNarrowed(context, found, binding.candidates);
}

/**
 * Whether an import may be seen further than one of the things that it brings: together they are brought, each as far as it
 * may, and that one alone is refused by the compiler.
 */
function isNarrowed(
    context: RenameContext,
    { file: path, span }: Occurrence,
    candidates: readonly number[],
): boolean {
    const file = FileSyntax.of(context, path);
    const node = file?.tree.nodeAt(span.start);
    const use = node === undefined ? undefined : file?.around(node, "use_declaration");
    const seen = new Set(candidates.map((one) => context.resolution.symbol(one).visibility));
    const isShared =
        use === undefined || file?.tree.findKind(use, "visibility_modifier") !== undefined;
    return isShared && (seen.size > 1 || !seen.has("public"));
}

/** Writes the import of both; undefined where the import's syntax is not at hand. */
export function partImport(
    context: RenameContext,
    group: TokenGroup,
    spelled: string,
): PlannedEdit | undefined {
    const file = FileSyntax.of(context, group.file);
    const node = file?.nodeStartingAt(group.span.start, "identifier", "type_identifier");
    const occurrence = group.occurrences[0];
    if (file === undefined || node === undefined || occurrence === undefined) {
        return undefined;
    }
    const isScoped = file.is(file.parent(node), "scoped_identifier");
    const leaf = isScoped ? file.parent(node) : node;
    const clause = file.parent(leaf);
    const alias = file.is(clause, "use_as_clause") ? file.child(clause, "alias") : undefined;
    const end = alias === undefined ? group.span.end : file.end(alias);
    const rest = file.text.slice(group.span.end, end);
    const old = file.text.slice(group.span.start, group.span.end);
    const holder = alias === undefined ? clause : file.parent(clause);
    const isListed = !isScoped && file.is(holder, "use_list");
    const open = isListed ? "" : "{";
    const first = `${open}${spelled}${rest}, `;
    const aliasAt = alias === undefined ? undefined : file.start(alias) - group.span.end;
    return {
        path: group.file,
        span: { start: group.span.start, end },
        oldText: `${old}${rest}`,
        newText: `${first}${old}${rest}${isListed ? "" : "}"}`,
        role: "import",
        precision: occurrence.precision,
        tokens: [
            token(group.span, open.length, spelled.length),
            ...(alias === undefined || aliasAt === undefined
                ? []
                : [
                      token(
                          file.span(alias),
                          open.length + spelled.length + aliasAt,
                          file.end(alias) - file.start(alias),
                      ),
                  ]),
        ],
        added: [
            { at: first.length },
            ...(aliasAt === undefined ? [] : [{ at: first.length + old.length + aliasAt }]),
        ],
        parted: true,
    };
}

function token(before: PlannedEdit["span"], at: number, length: number): PlannedEdit["tokens"][0] {
    return { before, part: undefined, partAfter: undefined, at, length };
}
