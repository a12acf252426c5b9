// From what a pattern matches to definitions: by kind and name, by path, by a query, by an earlier binding.

import { refuse, type Refusal } from "../base/index.ts";
import { parseNodeId, SYMBOL_KINDS, type SymbolKind } from "../graph/index.ts";
import type { RenameTarget } from "../refactor/index.ts";
import type { Occurrence, Resolution, SymbolInfo } from "../resolve/index.ts";
import type { PatchWorld, PlanState, Tracked } from "./model.ts";
import type { PatchMatch } from "./patch-schema.ts";

/** What a pattern matched. */
export interface Selected {
    readonly kind: "selected";
    readonly items: readonly Tracked[];
}

/** What selecting needs. */
export interface SelectParts {
    readonly world: PatchWorld;
    readonly state: PlanState;
    /** What earlier patterns kept, where it stands in this state. */
    readonly bindings: ReadonlyMap<string, readonly Tracked[]>;
    readonly as: Tracked["as"];
}

type ByNode = Extract<PatchMatch, { readonly node: string }>;

const CANDIDATES_SHOWN = 10;

/** What stands for the whole workspace. */
const EVERYWHERE: Tracked = { file: "", start: 0, groups: [], as: "item" };

const KINDS: Readonly<Record<Exclude<ByNode["node"], "Path">, readonly SymbolKind[]>> = {
    Item: SYMBOL_KINDS.filter((kind) => kind !== "crate" && kind !== "impl" && kind !== "external"),
    Type: ["struct", "enum", "union", "type-alias"],
    Function: ["function"],
    Method: ["method"],
    Struct: ["struct"],
    Enum: ["enum"],
    Union: ["union"],
    Variant: ["variant"],
    Field: ["field"],
    Trait: ["trait", "trait-alias"],
    Module: ["module"],
    Const: ["const"],
    Static: ["static"],
    TypeAlias: ["type-alias"],
    AssocType: ["assoc-type"],
    AssocConst: ["assoc-const"],
    Macro: ["macro"],
};

/** Finds what a pattern matches in a state; items that are renamed together count once. */
export async function selectItems(
    match: PatchMatch,
    parts: SelectParts,
): Promise<Selected | Refusal> {
    if ("bound" in match) {
        return { kind: "selected", items: parts.bindings.get(match.bound) ?? [] };
    }
    if ("pattern" in match) {
        return { kind: "selected", items: [EVERYWHERE] };
    }
    if ("symbol" in match) {
        return selectWritten(match.symbol, parts);
    }
    if ("sql" in match) {
        const ids = await parts.world.queryIds(match.sql);
        return "kind" in ids ? ids : selectIds(ids, parts.state.context.resolution);
    }
    return selectByNode(match, parts);
}

function selectWritten(written: string, { state, as }: SelectParts): Selected | Refusal {
    const target = state.select(written, as);
    if ("code" in target) {
        // A name that nothing has is no match; anything else is said.
        return target.code === "SYMBOL_NOT_FOUND" ? { kind: "selected", items: [] } : target;
    }
    const place = placeOf(state.context.resolution, target);
    return place === undefined
        ? refuse("PATCH_NO_DEFINITION", `\`${written}\` has no definition in the workspace`)
        : { kind: "selected", items: [{ ...place, groups: [], as }] };
}

/** Where a target's definition token stands. */
function placeOf(
    resolution: Resolution,
    target: RenameTarget,
): Pick<Tracked, "file" | "start"> | undefined {
    switch (target.kind) {
        case "local":
            return { file: target.local.file, start: target.local.nameSpan.start };
        case "import":
            return { file: target.file, start: target.start };
        case "symbol": {
            const { file, nameSpan } = resolution.symbol(target.symbol);
            return file === undefined || nameSpan === undefined
                ? undefined
                : { file, start: nameSpan.start };
        }
    }
}

function selectIds(ids: readonly string[], resolution: Resolution): Selected | Refusal {
    const found = new Map<number, Tracked["groups"]>();
    for (const id of ids) {
        const index = resolution.findById(parseNodeId(id));
        if (index === undefined) {
            return refuse(
                "PATCH_QUERY_STALE",
                `the query gives the symbol ${id}, which is not there`,
                {
                    advice: "capture the workspace, and plan again",
                },
            );
        }
        found.set(index, []);
    }
    return { kind: "selected", items: itemsOf(resolution, found) };
}

function selectByNode(match: ByNode, { state, as }: SelectParts): Selected | Refusal {
    const { resolution } = state.context;
    const name = nameTest(match.ident);
    if (name.kind === "refusal") {
        return name;
    }
    const found = new Map<number, Tracked["groups"]>();
    if (match.node === "Path") {
        const ident = match.ident;
        if (typeof ident !== "string") {
            return refuse("PATCH_PATH_IDENT", "a `Path` is matched by one whole `ident`");
        }
        const refusal = collectPathMeanings(resolution, ident, found);
        if (refusal !== undefined) {
            return refusal;
        }
    } else {
        const kinds = new Set(KINDS[match.node]);
        for (let index = 0; index < resolution.symbolCount; index++) {
            const symbol = resolution.symbol(index);
            const groups = kinds.has(symbol.kind) ? name.test(symbol.name) : undefined;
            if (groups !== undefined) {
                found.set(index, groups);
            }
        }
    }
    for (const index of [...found.keys()]) {
        if (!isWithin(resolution, resolution.symbol(index), match)) {
            found.delete(index);
        }
    }
    const items = itemsOf(resolution, found);
    return { kind: "selected", items: items.map((item) => ({ ...item, as })) };
}

type NameTest = (name: string) => readonly (string | undefined)[] | undefined;

function nameTest(
    ident: ByNode["ident"],
): { readonly kind: "test"; readonly test: NameTest } | Refusal {
    if (ident === undefined) {
        return { kind: "test", test: () => [] };
    }
    if (typeof ident === "string") {
        const wanted = ident.replace(/^r#/u, "");
        return { kind: "test", test: (name) => (name === wanted ? [name] : undefined) };
    }
    try {
        const pattern = new RegExp(`^(?:${ident.regex})$`, "u");
        return { kind: "test", test: (name) => pattern.exec(name) ?? undefined };
    } catch (cause) {
        const message = cause instanceof Error ? cause.message : String(cause);
        return refuse("PATCH_REGEX", message);
    }
}

/** What paths so written mean; one that means something outside cannot be changed with them. */
function collectPathMeanings(
    resolution: Resolution,
    ident: string,
    found: Map<number, Tracked["groups"]>,
): Refusal | undefined {
    let outside: string | undefined;
    for (const occurrence of resolution.occurrencesNamed(ident.replace(/^r#/u, ""))) {
        const isPath = occurrence.role !== "definition" && !occurrence.viaAlias;
        const { binding } = occurrence;
        if (isPath && binding.kind === "symbol") {
            binding.symbols.forEach((symbol) => found.set(symbol, [ident]));
        } else if (isPath && isUnknown(occurrence)) {
            return refuse(
                "PATCH_PATH_UNDECIDED",
                `what \`${ident}\` means in ${occurrence.file} is not decided`,
                { advice: "match the item itself; the plan then says what is open" },
            );
        } else if (isPath && binding.kind === "external") {
            outside ??= binding.path;
        }
    }
    return found.size === 0 && outside !== undefined
        ? refuse(
              "PATCH_PATH_EXTERNAL",
              `\`${ident}\` means \`${outside}\`, outside the workspace`,
              {
                  advice: "what is outside keeps its name; its uses can be replaced by a path",
              },
          )
        : undefined;
}

function isUnknown({ binding }: Occurrence): boolean {
    return binding.kind === "ambiguous" && binding.candidates.length > 0;
}

function isWithin(resolution: Resolution, symbol: SymbolInfo, match: ByNode): boolean {
    if (symbol.file === undefined || symbol.nameSpan === undefined) {
        return false;
    }
    if (match.visibility !== undefined && symbol.visibility !== match.visibility) {
        return false;
    }
    if (match.crate !== undefined) {
        const crate = symbol.crate === undefined ? undefined : resolution.symbol(symbol.crate);
        if (crate?.name !== match.crate) {
            return false;
        }
    }
    const within = match.in;
    if (within === undefined) {
        return true;
    }
    for (let at = symbol.parent; at !== undefined; at = resolution.symbol(at).parent) {
        const { display } = resolution.symbol(at);
        if (display === within || display.endsWith(`::${within}`)) {
            return true;
        }
    }
    return false;
}

/** One entry for all that is renamed together, at the first of its definitions, in their order. */
function itemsOf(resolution: Resolution, found: ReadonlyMap<number, Tracked["groups"]>): Tracked[] {
    const items = new Map<string, Tracked & { readonly order: number }>();
    const taken = new Set<number>();
    for (const index of [...found.keys()].sort((a, b) => a - b)) {
        if (taken.has(index)) {
            continue;
        }
        const family = resolution.renameFamily(index);
        family.forEach((member) => taken.add(member));
        const head = [index, ...family].find((member) => placed(resolution, member) !== undefined);
        const place = head === undefined ? undefined : placed(resolution, head);
        if (place !== undefined) {
            const key = `${place.file}:${place.start}`;
            const groups = found.get(index) ?? [];
            items.set(key, items.get(key) ?? { ...place, groups, as: "item", order: index });
        }
    }
    return [...items.values()]
        .sort((a, b) => a.order - b.order)
        .map(({ file, start, groups, as }) => ({ file, start, groups, as }));
}

function placed(
    resolution: Resolution,
    index: number,
): Pick<Tracked, "file" | "start"> | undefined {
    const { file, nameSpan } = resolution.symbol(index);
    return file === undefined || nameSpan === undefined
        ? undefined
        : { file, start: nameSpan.start };
}

/** What stands at a followed definition token in a state. */
export function targetAt(resolution: Resolution, tracked: Tracked): RenameTarget | undefined {
    const here = resolution
        .occurrencesAt(tracked.file, tracked.start)
        .filter((one) => one.span.start === tracked.start);
    const found = here.find((one) => one.role === "definition") ?? here[0];
    if (found?.binding.kind === "local") {
        return { kind: "local", local: found.binding.local };
    }
    const symbol = found?.binding.kind === "symbol" ? found.binding.symbols[0] : undefined;
    if (symbol === undefined) {
        return undefined;
    }
    const { file, start, as } = tracked;
    return as === "item" ? { kind: "symbol", symbol } : { kind: "import", symbol, file, start, as };
}

/** Refuses a number of matches that the pattern does not expect. */
export function checkExpected(
    resolution: Resolution,
    at: number,
    match: PatchMatch,
    items: readonly Tracked[],
): Refusal | undefined {
    const { min, max } = expected(match);
    if (min <= items.length && items.length <= max) {
        return undefined;
    }
    const wanted =
        min === max ? String(min) : max === Infinity ? `${min} or more` : `${min} to ${max}`;
    return refuse(
        "PATCH_EXPECTATION",
        `patterns[${at}] matches ${items.length} items and expects ${wanted}`,
        {
            candidates: items.slice(0, CANDIDATES_SHOWN).map((item) => showItem(resolution, item)),
            advice:
                items.length === 0
                    ? "nothing is so called there: look at the name, the kind, and `in`"
                    : "say more of what is meant, or say how many with `expect`",
        },
    );
}

function expected(match: PatchMatch): { readonly min: number; readonly max: number } {
    const expect = "pattern" in match ? undefined : match.expect;
    if (typeof expect === "number") {
        return { min: expect, max: expect };
    }
    if (expect !== undefined) {
        return { min: expect.min ?? 0, max: expect.max ?? Infinity };
    }
    const isMany = "bound" in match || ("node" in match && typeof match.ident !== "string");
    return isMany ? { min: 1, max: Infinity } : { min: 1, max: 1 };
}

/** An item as a person knows it. */
export function showItem(resolution: Resolution, tracked: Tracked): string {
    const target = targetAt(resolution, tracked);
    if (target === undefined) {
        return `${tracked.file}:${tracked.start}`;
    }
    return target.kind === "local"
        ? `${target.local.kind} ${target.local.name} in ${target.local.file}`
        : `${resolution.symbol(target.symbol).display} (${resolution.symbol(target.symbol).kind})`;
}
