// Which names before a `::` can lead to an item: the name of what holds it, and whatever may stand for that.

import {
    isLanguageName,
    type Occurrence,
    type Resolution,
    type SymbolInfo,
} from "../resolve/index.ts";
import type { RenameContext } from "./context.ts";
import { isUndecided } from "./find-target.ts";
import { isBeforeColons } from "./places.ts";
import { isBeforeGlob, hasUnknownGlob } from "./variants-in-scope.ts";

type HolderContext = Pick<RenameContext, "resolution" | "model" | "textOf" | "treeOf">;

const known = new WeakMap<Resolution, Map<string, boolean>>();

/** Remembers what is asked of a resolution. */
function once(resolution: Resolution, question: string, answer: () => boolean): boolean {
    const all = known.get(resolution) ?? new Map<string, boolean>();
    known.set(resolution, all);
    let found = all.get(question);
    if (found === undefined) {
        found = answer();
        all.set(question, found);
    }
    return found;
}

/** Words that name a module by where they stand. */
const PLACES: ReadonlySet<string> = new Set(["crate", "self", "super"]);

/**
 * Whether a path may reach an item of a module right behind a name: that of a module which has the item, or imports
 * it. Where a glob may bring the item elsewhere, any name may do.
 */
export function mayHoldItem(context: HolderContext, item: SymbolInfo, name: string): boolean {
    const { resolution } = context;
    const isFree = item.kind === "macro" || PLACES.has(name);
    const holders = isFree ? undefined : holdersOf(context, item);
    return (
        holders === undefined ||
        holders.some((holder) => {
            const question = `stands ${holder.index} ${name}`;
            return (
                name === holder.name ||
                once(resolution, question, () => mayStandFor(context, name, holder))
            );
        })
    );
}

const holding = new WeakMap<Resolution, Map<number, readonly SymbolInfo[] | undefined>>();

function holdersOf(context: HolderContext, item: SymbolInfo): readonly SymbolInfo[] | undefined {
    const known = holding.get(context.resolution) ?? new Map<number, readonly SymbolInfo[]>();
    holding.set(context.resolution, known);
    if (!known.has(item.index)) {
        known.set(item.index, findHolders(context, item));
    }
    return known.get(item.index);
}

/** The modules whose names lead to an item; undefined where they are not all known. */
function findHolders(context: HolderContext, item: SymbolInfo): readonly SymbolInfo[] | undefined {
    const { resolution } = context;
    const holders = new Map<number, SymbolInfo>();
    const add = (module: SymbolInfo | undefined): boolean => {
        if (module?.kind === "module") {
            holders.set(module.index, module);
        }
        return module?.kind === "module";
    };
    const isSeen =
        add(moduleAround(resolution, item.parent)) &&
        [...resolution.occurrencesOf(item.index)].every(
            ({ role, viaAlias, enclosing }) =>
                !viaAlias &&
                role !== "import-alias" &&
                (role !== "import" || add(moduleAround(resolution, enclosing))),
        ) &&
        resolution
            .occurrencesNamed(item.name)
            .filter((one) => isUndecided(one.binding))
            .every((one) =>
                one.role === "import"
                    ? add(moduleAround(resolution, one.enclosing))
                    : !mayBeImported(context, one),
            ) &&
        !hasUnknownGlob(context);
    const found = [...holders.values()];
    return isSeen && !found.some((one) => isGlobbed(context, one)) ? found : undefined;
}

/** Whether a glob may bring elsewhere what a module has. */
function isGlobbed(context: HolderContext, { index, name }: SymbolInfo): boolean {
    const { resolution } = context;
    const named = [
        ...resolution.occurrencesOf(index),
        ...resolution.occurrencesNamed(name).filter((one) => isUndecided(one.binding)),
    ];
    return (
        named.some((one) => one.viaAlias || isBeforeGlob(context, one)) ||
        // `super::*` in a module inside brings it without the module's name.
        resolution.childrenOf(index).some((one) => resolution.symbol(one).kind === "module")
    );
}

/** The module, or the crate's root, that a symbol is or stands in. */
export function moduleAround(
    resolution: Resolution,
    start: number | undefined,
): SymbolInfo | undefined {
    for (let at = start; at !== undefined; at = resolution.symbol(at).parent) {
        const symbol = resolution.symbol(at);
        if (symbol.kind === "module" || symbol.kind === "crate") {
            return symbol;
        }
    }
    return undefined;
}

/** Whether a token may stand in an import. */
function mayBeImported({ textOf }: HolderContext, { file, span }: Occurrence): boolean {
    const before = textOf(file).slice(Math.max(0, span.start - STATEMENT), span.start);
    return /\buse\s+[\p{XID_Continue}:{},*#\s]*$/u.test(before);
}

const STATEMENT = 400;

/**
 * Whether a name is known not to lead to an item of a trait or of its impl: all that has it are modules, enums
 * that have a variant of the item's name, which comes first, or types that the impl is not for.
 */
export function isNoHolder(context: HolderContext, name: string, member: SymbolInfo): boolean {
    return once(context.resolution, `none ${name} ${member.index}`, () =>
        hasNoMember(context, name, member),
    );
}

function hasNoMember(context: HolderContext, name: string, member: SymbolInfo): boolean {
    const { resolution } = context;
    const type = typeOfImpl(resolution, member);
    const symbols = resolution.findByName(name).map((one) => resolution.symbol(one));
    const isPlain = ({ kind, index }: SymbolInfo): boolean =>
        PLAIN.has(kind) ||
        (DATA.has(kind) && type !== undefined && type !== name) ||
        (kind === "enum" &&
            resolution
                .childrenOf(index)
                .map((one) => resolution.symbol(one))
                .some((one) => one.kind === "variant" && one.name === member.name));
    return (
        symbols.length > 0 &&
        symbols.every(isPlain) &&
        resolution.occurrencesNamed(name).every((one) => {
            const { binding, file, span } = one;
            switch (binding.kind) {
                case "symbol":
                    return binding.symbols.every((each) => isPlain(resolution.symbol(each)));
                case "ambiguous":
                case "unresolved":
                case "opaque":
                    // What stands before `::` defines nothing.
                    return isBeforeColons(context.textOf(file), span.end);
                case "local":
                    return binding.local.kind !== "type-parameter";
                case "external":
                case "builtin":
                    return false;
            }
        })
    );
}

/** Modules, and what no path goes on behind. */
const PLAIN: ReadonlySet<SymbolInfo["kind"]> = new Set([
    "module",
    "crate",
    "function",
    "method",
    "field",
    "variant",
    "const",
    "static",
    "macro",
]);

const DATA: ReadonlySet<SymbolInfo["kind"]> = new Set(["struct", "enum", "union"]);

/**
 * The name of the type that an associated type's impl is for, the trait's own name for its declaration; undefined
 * where that may be any type. Only of types: what has a body may be a trait's default, which the impl does not say.
 */
function typeOfImpl(
    resolution: Resolution,
    { kind, parent, display }: SymbolInfo,
): string | undefined {
    const holder = parent === undefined ? undefined : resolution.symbol(parent);
    if (kind !== "assoc-type" || holder === undefined) {
        return undefined;
    }
    if (holder.kind === "trait") {
        return holder.name;
    }
    const path = /^<([\w:]+)(?:<.*>)? as /u.exec(display)?.[1];
    const name = path?.slice(path.lastIndexOf(":") + 1);
    // What has no path is a parameter of the impl, but for types of the language.
    return name !== undefined && (name !== path || isLanguageName(name)) ? name : undefined;
}

/** Whether a name may stand for a type of another name: an `as`, an alias, one that a macro makes. */
export function mayStandFor(context: HolderContext, name: string, type: SymbolInfo): boolean {
    const { resolution } = context;
    const isAlias = resolution
        .findByName(name)
        .map((one) => resolution.symbol(one).kind)
        .some((kind) => kind === "type-alias" || kind === "assoc-type");
    return (
        isAlias ||
        resolution.occurrencesNamed(name).some(({ binding, file, span }) => {
            switch (binding.kind) {
                case "symbol":
                    return binding.symbols.includes(type.index);
                case "ambiguous":
                    return binding.candidates.includes(type.index);
                case "unresolved":
                case "opaque":
                    return /\b(?:as|type)\s+$/u.test(
                        context.textOf(file).slice(Math.max(0, span.start - WINDOW), span.start),
                    );
                case "local":
                case "external":
                case "builtin":
                    return false;
            }
        })
    );
}

const WINDOW = 16;
