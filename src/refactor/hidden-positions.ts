// Fields of tuple structs by their positions (`it.0`), where an item moves: no name shows whose field it is, so that
// the proof does not compare it. Who sees a private one may not see it any more.

import type { SymbolIndex, SymbolInfo } from "../resolve/index.ts";
import type { RenameContext } from "./context.ts";
import { FileSyntax } from "./file-syntax.ts";
import { privatePositions } from "./hidden-constructors.ts";
import type { UnprovedPlace } from "./model.ts";
import { isWithinModule, moduleAt, modulePath } from "./module-at.ts";
import type { MovedItem } from "./moved-item.ts";
import { lastBefore } from "./places.ts";
import { selfTypeOf } from "./self-type.ts";

/** A struct with private fields that some see before the move, and not after it. */
interface Hidden {
    readonly type: SymbolInfo;
    readonly positions: readonly number[];
}

/** Places that may use such a field, after an item has moved to a module. */
export function hiddenPositions(
    context: RenameContext,
    item: SymbolInfo,
    moved: MovedItem,
    to: SymbolIndex,
): UnprovedPlace[] {
    const { resolution } = context;
    const { file: path, parent: home } = item;
    if (path === undefined || home === undefined) {
        return [];
    }
    const left = leftBehind(context, item, to);
    const found = positionsIn(context, path, left).filter(({ span }) =>
        moved.holds(path, span.start),
    );
    const positions = item.kind === "struct" ? privatePositions(context, item) : [];
    if (positions.length === 0) {
        return found;
    }
    const own = [{ type: item, positions }];
    const isHome = (module: SymbolIndex): boolean => isWithinModule(resolution, module, home);
    const files = resolution
        .files()
        .filter((file) => file.path === path || file.modules.some(isHome));
    const outside = files
        .flatMap((file) => positionsIn(context, file.path, own))
        .filter(({ path: file, span }) => {
            const from = moduleAt(resolution, file, span.start, item.crate);
            const isSeen = from !== undefined && isHome(from);
            return (
                isSeen && !isWithinModule(resolution, from, to) && !moved.holds(file, span.start)
            );
        });
    return [...found, ...outside];
}

/** Structs whose private fields the item sees where it lies, and would not see where it moves. */
function leftBehind(context: RenameContext, item: SymbolInfo, to: SymbolIndex): Hidden[] {
    const { resolution } = context;
    const around = item.parent === undefined ? [] : modulePath(resolution, item.parent);
    return around
        .filter((module) => !isWithinModule(resolution, to, module))
        .flatMap((module) => resolution.childrenOf(module))
        .map((child) => resolution.symbol(child))
        .filter(({ kind, index }) => kind === "struct" && index !== item.index)
        .map((type) => ({ type, positions: privatePositions(context, type) }))
        .filter(({ positions }) => positions.length > 0);
}

/** Where a file uses a field by one of the positions, on something that may be one of the structs. */
function positionsIn(
    context: RenameContext,
    path: string,
    hidden: readonly Hidden[],
): UnprovedPlace[] {
    const file = hidden.length === 0 ? undefined : FileSyntax.of(context, path);
    if (file === undefined) {
        return [];
    }
    const found: UnprovedPlace[] = [];
    for (let field = 1; field < file.tree.count; field++) {
        if (!file.is(field, "integer_literal") || !isField(file, field)) {
            continue;
        }
        const position = Number(file.textOf(field));
        const meant = hidden.find(
            ({ type, positions }) =>
                positions.includes(position) && mayBe(context, file, { field, type: type.index }),
        );
        if (meant !== undefined) {
            const reason = `\`.${position}\` may be the private field of \`${meant.type.display}\`, which is not seen there any more`;
            found.push({ path, span: file.span(field), reason });
        }
    }
    return found;
}

/** Whether a number follows a dot, among a macro's tokens, too. */
function isField(file: FileSyntax, number: number): boolean {
    const before = lastBefore(file.text, file.start(number));
    return file.text[before] === "." && file.text[before - 1] !== ".";
}

/** How far before a dot `self` is looked for, blanks included. */
const SELF_REACH = 64;

/** Of `self` it is known what it is; of any other value it is not. */
function mayBe(
    { resolution }: RenameContext,
    file: FileSyntax,
    { field, type }: { readonly field: number; readonly type: SymbolIndex },
): boolean {
    const dot = lastBefore(file.text, file.start(field));
    if (
        !/(?<![\p{XID_Continue}.])self\s*$/u.test(
            file.text.slice(Math.max(0, dot - SELF_REACH), dot),
        )
    ) {
        return true;
    }
    const impl = file.around(field, "impl_item", "trait_item");
    return (
        impl === undefined ||
        !file.is(impl, "impl_item") ||
        selfTypeOf(resolution, file, impl).includes(type)
    );
}
