// The type that an `impl` is of.

import type { Resolution, SymbolIndex } from "../resolve/index.ts";
import type { FileSyntax } from "./file-syntax.ts";

/** What the self type of an `impl` means, as each crate sees it; empty where it is no path to an item. */
export function selfTypeOf(
    resolution: Resolution,
    file: FileSyntax,
    impl: number,
): readonly SymbolIndex[] {
    let type = file.child(impl, "type");
    while (type !== undefined && file.is(type, "generic_type", "scoped_type_identifier")) {
        type = file.child(type, file.is(type, "generic_type") ? "type" : "name");
    }
    const start = type === undefined ? -1 : file.start(type);
    return resolution
        .occurrencesAt(file.path, start)
        .filter(({ span }) => span.start === start)
        .flatMap(({ binding }) => (binding.kind === "symbol" ? binding.symbols : []));
}
