// An associated type and a variant of one name: what a path behind the enum means is an error by default, the lint
// `ambiguous_associated_items`, wherever it stands for a type.

import type { SymbolIndex, SymbolInfo } from "../resolve/index.ts";
import type { RenameContext } from "./context.ts";
import { FileSyntax } from "./file-syntax.ts";
import type { FoundConflict } from "./model.ts";
import { placeAt } from "./places.ts";
import { selfTypeOf } from "./self-type.ts";
import type { Subject } from "./subject.ts";

/** The first associated type of an enum that would have the name of one of its variants. */
export function findTypesBesideVariants(
    context: RenameContext,
    { members }: Subject,
    newName: string,
): FoundConflict[] {
    const { resolution } = context;
    const named = resolution.findByName(newName).map((index) => resolution.symbol(index));
    const isOf = (variant: SymbolInfo, type: SymbolInfo): boolean =>
        variant.kind === "variant" &&
        type.kind === "assoc-type" &&
        variant.parent !== undefined &&
        selfTypesAround(context, type).includes(variant.parent);
    const found = members.find((one) =>
        named.some((other) => isOf(one, other) || isOf(other, one)),
    );
    const { file, nameSpan } = found ?? {};
    return file === undefined || nameSpan === undefined
        ? []
        : [
              {
                  kind: "type-beside-variant",
                  grade: "unproved",
                  message: `an enum would have a variant and an associated type \`${newName}\`, between which \`Self::${newName}\` does not choose`,
                  at: [placeAt(context.textOf(file), file, nameSpan.start)],
              },
          ];
}

/** The types that the impl around an item's name is of; none for what is in no impl. */
function selfTypesAround(context: RenameContext, symbol: SymbolInfo): readonly SymbolIndex[] {
    const { file: path, nameSpan } = symbol;
    const file = path === undefined ? undefined : FileSyntax.of(context, path);
    const name = nameSpan === undefined ? undefined : file?.tree.nodeAt(nameSpan.start);
    const impl = name === undefined ? undefined : file?.around(name, "impl_item");
    return file === undefined || impl === undefined
        ? []
        : selfTypeOf(context.resolution, file, impl);
}
