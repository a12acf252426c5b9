// Types that reach a place without being named there: by the result of a function, the type of a field or constant, an
// alias, an associated type. Whoever uses these must be allowed to see the type all the same.

import type { Occurrence, Resolution, SymbolInfo } from "../resolve/index.ts";
import type { RenameContext } from "./context.ts";
import { FileSyntax } from "./file-syntax.ts";
import type { FoundConflict } from "./model.ts";
import { isBeyond } from "./module-at.ts";
import { placeAt } from "./places.ts";
import { selfTypeOf } from "./self-type.ts";

/** What shows a type: an item of whose declaration it is part. */
interface Shower {
    readonly symbol: SymbolInfo;
    /** Symbols whose users meet the type. */
    readonly met: readonly number[];
}

/** Uses, outside of a module, of what shows a type; `uses` are the tokens that name the type. */
export function shownBeyond(
    context: RenameContext,
    uses: readonly Occurrence[],
    module: number,
): FoundConflict[] {
    const { resolution } = context;
    const seen = new Set<number>();
    for (const use of uses) {
        const shower = showerOf(context, use);
        if (shower === undefined || seen.has(shower.symbol.index)) {
            continue;
        }
        seen.add(shower.symbol.index);
        const at = shower.met
            .flatMap((index) => [...resolution.occurrencesOf(index)])
            .filter((one) => one.role !== "import" && isBeyond(resolution, one, module));
        if (at.length > 0) {
            return [
                {
                    kind: "not-visible",
                    grade: "error",
                    message: `\`${shower.symbol.display}\` shows it where it could not be seen`,
                    at: at.map(({ file, span }) => placeAt(context.textOf(file), file, span.start)),
                },
            ];
        }
    }
    return [];
}

/** The item whose declaration, its body and value left out, names a type. */
function showerOf(
    context: RenameContext,
    { role, file: path, span, enclosing, binding }: Occurrence,
): Shower | undefined {
    const file =
        role === "import" || role === "definition" ? undefined : FileSyntax.of(context, path);
    const start = file?.tree.nodeAt(span.start);
    if (file === undefined || start === undefined || enclosing === undefined) {
        return undefined;
    }
    const { resolution } = context;
    const symbol = resolution.symbol(enclosing);
    if (isBound(context, file, { start, binding })) {
        return undefined;
    }
    for (let at = start; at !== 0; at = file.parent(at)) {
        const item = file.parent(at);
        if (file.is(at, "block", "impl_item", "mod_item", "use_declaration")) {
            return undefined;
        }
        if (file.is(item, "const_item", "static_item")) {
            return file.child(item, "type") === at
                ? { symbol, met: resolution.renameFamily(enclosing) }
                : undefined;
        }
        if (file.is(at, ...SHOWING)) {
            return { symbol, met: metThrough(resolution, file, { at, enclosing }) };
        }
    }
    return undefined;
}

/** Whether a trait is asked for only, as a bound of a parameter: its users choose a type, and meet no trait. */
function isBound(
    { resolution }: RenameContext,
    file: FileSyntax,
    { start, binding }: { readonly start: number } & Pick<Occurrence, "binding">,
): boolean {
    const [symbol] = binding.kind === "symbol" ? binding.symbols : [];
    if (symbol === undefined || resolution.symbol(symbol).kind !== "trait") {
        return false;
    }
    const type = file.around(start, "abstract_type", "dynamic_type", "function_item");
    const isGiven =
        type !== undefined &&
        file.is(type, "abstract_type") &&
        file.around(type, "parameters", "function_item") !== file.around(type, "function_item");
    return type === undefined || file.is(type, "function_item") || isGiven;
}

const SHOWING = [
    "associated_type",
    "enum_item",
    "field_declaration",
    "function_item",
    "function_signature_item",
    "struct_item",
    "trait_item",
    "type_item",
    "union_item",
] as const;

/** An associated type is met by whoever uses what has the trait; all else by its name. */
function metThrough(
    resolution: Resolution,
    file: FileSyntax,
    { at, enclosing }: { readonly at: number; readonly enclosing: number },
): readonly number[] {
    const impl = file.parent(file.parent(at));
    return file.is(at, "type_item") && file.is(impl, "impl_item")
        ? selfTypeOf(resolution, file, impl)
        : resolution.renameFamily(enclosing);
}
