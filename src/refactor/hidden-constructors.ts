// Constructors of tuple structs with fields that not everybody sees: where an item moves, who uses them may see them no
// more. Bindings do not tell, since the type keeps its name.

import type { Occurrence, SymbolIndex, SymbolInfo } from "../resolve/index.ts";
import type { RenameContext } from "./context.ts";
import { FileSyntax } from "./file-syntax.ts";
import type { FoundConflict } from "./model.ts";
import { isWithinModule, moduleAt } from "./module-at.ts";
import type { MovedItem } from "./moved-item.ts";
import { placeAt } from "./places.ts";

/** Uses of constructors that would not be seen after an item has moved to a module. */
export function hiddenConstructors(
    context: RenameContext,
    item: SymbolInfo,
    moved: MovedItem,
    to: SymbolIndex,
): FoundConflict[] {
    const { resolution } = context;
    const inside = moved
        .occurrences()
        .filter(({ binding }) => binding.kind === "symbol" && !binding.symbols.includes(item.index))
        .filter((use) => isHidden(context, use, { to: undefined, from: to }));
    const outside = resolution.occurrencesOf(item.index).filter(
        (use) =>
            !moved.holds(use.file, use.span.start) &&
            isHidden(context, use, {
                to,
                from: moduleAt(resolution, use.file, use.span.start, use.crate),
            }),
    );
    return [...inside, ...outside].slice(0, 1).map((use) => ({
        kind: "hidden-constructor",
        grade: "error",
        message: `the constructor \`${use.name}\` has a private field, and would not be seen any more`,
        at: [placeAt(context.textOf(use.file), use.file, use.span.start)],
    }));
}

/** Whether a use in a module could not see the constructor of a type that lies, or comes to lie, in another. */
function isHidden(
    context: RenameContext,
    { binding, role }: Occurrence,
    { to, from }: { readonly to: SymbolIndex | undefined; readonly from: SymbolIndex | undefined },
): boolean {
    const { resolution } = context;
    if (binding.kind !== "symbol" || !CONSTRUCTING.has(role) || from === undefined) {
        return false;
    }
    return binding.symbols.some((index) => {
        const type = resolution.symbol(index);
        const home = to ?? type.parent;
        return (
            type.kind === "struct" &&
            home !== undefined &&
            privatePositions(context, type).length > 0 &&
            !isWithinModule(resolution, from, home)
        );
    });
}

const CONSTRUCTING: ReadonlySet<string> = new Set(["call", "pattern", "value"]);

/** Positions of a tuple struct's fields that are not seen in the whole crate. */
export function privatePositions(
    context: RenameContext,
    { file: path, nameSpan }: SymbolInfo,
): number[] {
    const file = path === undefined ? undefined : FileSyntax.of(context, path);
    const name =
        nameSpan === undefined
            ? undefined
            : file?.nodeStartingAt(nameSpan.start, "type_identifier");
    const body =
        file === undefined || name === undefined
            ? undefined
            : file.child(file.parent(name), "body");
    if (
        file === undefined ||
        body === undefined ||
        !file.is(body, "ordered_field_declaration_list")
    ) {
        return [];
    }
    const found: number[] = [];
    let isShown = false;
    let position = 0;
    for (const node of file.parts(body)) {
        if (file.is(node, "visibility_modifier")) {
            isShown = /^pub(?:\s*\(\s*crate\s*\))?$/u.test(file.textOf(node));
        } else if (!file.is(node, "doc_comment")) {
            found.push(...(isShown ? [] : [position]));
            position += 1;
            isShown = false;
        }
    }
    return found;
}
