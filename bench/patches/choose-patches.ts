// Patches by seeded choice, over the items of a workspace: each action alone, and chains of three.

import { required } from "../../src/base/index.ts";
import type { Engine } from "../../src/engine/index.ts";
import type { SemanticPatch } from "../../src/patch/index.ts";
import { seededRandom, shuffle } from "../accuracy/sample.ts";

type Pattern = SemanticPatch["patterns"][number];

/** What is tried, by name. */
export const ACTIONS = [
    "rename",
    "change_visibility",
    "change_signature: add",
    "change_signature: reorder",
    "change_signature: remove",
    "replace_path",
    "move_item",
    "pattern_rewrite",
    "chains of three",
] as const;

/** One of ACTIONS. */
export type ActionName = (typeof ACTIONS)[number];

/** A patch that is to be tried. */
export interface ChosenPatch {
    readonly action: ActionName;
    readonly patch: SemanticPatch;
}

/** An item that patterns can mean. */
interface Item {
    /** Decimal. */
    readonly id: string;
    readonly path: string;
    readonly name: string;
    readonly kind: string;
    readonly visibility: string;
    readonly signature: string;
    /** Something calls it, or names it. */
    readonly isUsed: boolean;
}

const ITEMS_SQL = `
    SELECT symbol_id, path, name, kind, visibility, type_signature,
        symbol_id IN (SELECT target FROM edges WHERE kind IN ('call', 'reference')) AS is_used
    FROM symbols
    WHERE def_file_id IS NOT NULL AND kind <> 'impl' ORDER BY symbol_id`;

const VISIBILITIES = ["private", "pub(crate)", "pub(super)", "pub"];

/** Patches of one action in the order in which they are tried. */
export interface PatchSeries {
    readonly action: ActionName;
    readonly patches: Iterator<ChosenPatch, undefined>;
}

/** Series of patches, each over the items in an order of its own; the same for the same workspace and seed. */
export async function choosePatches(engine: Engine, seed: number): Promise<PatchSeries[]> {
    const items = await readItems(engine);
    return ACTIONS.map((action, number) => ({
        action,
        patches: seriesOf(action, items, seededRandom(seed + number)),
    }));
}

function* seriesOf(
    action: ActionName,
    all: readonly Item[],
    random: () => number,
): Generator<ChosenPatch, undefined> {
    const items = shuffle(all, random);
    const make = required(MAKERS.get(action), "each action has its maker");
    let count = 0;
    for (let at = 0; at < items.length; at++) {
        const patterns = make(items, at, random);
        if (patterns !== undefined) {
            count += 1;
            const id = `${action.replace(/\W+/gu, "-")}-${count}`;
            yield { action, patch: { id, patterns, constraints: AGREED } };
        }
    }
    return undefined;
}

async function readItems(engine: Engine): Promise<Item[]> {
    const context = { client: "bench" };
    const first = await engine.tables.query(context, { sql: ITEMS_SQL });
    const items = first.rows.map(itemOf);
    for (let { next } = first; next !== undefined;) {
        const page = await engine.tables.next(context, { cursor: next });
        items.push(...page.rows.map(itemOf));
        next = page.next;
    }
    return items;
}

/** Users outside, and what derived code prints, are for a person to judge. */
const AGREED = {
    only_if_no_conflicts: false,
    accept: ["changes-output" as const, "breaks-api" as const],
};

type Maker = (items: readonly Item[], at: number, random: () => number) => Pattern[] | undefined;

const MAKERS: ReadonlyMap<ActionName, Maker> = new Map<ActionName, Maker>([
    ["rename", (items, at) => one(items[at], renamed)],
    ["change_visibility", (items, at, random) => one(items[at], (item) => seenBy(item, random))],
    ["change_signature: add", (items, at, random) => one(items[at], (item) => added(item, random))],
    ["change_signature: reorder", (items, at) => one(items[at], reordered)],
    ["change_signature: remove", (items, at, random) => withoutOne(items[at], random)],
    ["replace_path", (items, at) => one(items[at], (item) => replaced(item, items))],
    ["move_item", (items, at, random) => one(items[at], (item) => movedTo(item, items, random))],
    ["pattern_rewrite", (items, at) => rewritten(items[at])],
    ["chains of three", chained],
]);

/** Three patterns of three items that follow each other, each by chance; what a trait says is no item of its own. */
function chained(items: readonly Item[], at: number, random: () => number): Pattern[] | undefined {
    // No item is in two chains: one that nothing can be done with would be refused three times.
    const own = items.slice(at * CHAIN, (at + 1) * CHAIN);
    if (own.some(({ path }) => path.startsWith("<"))) {
        return undefined;
    }
    const patterns = own.map((item) => {
        const wishes = shuffle(
            [
                one(item, renamed),
                one(item, (each) => seenBy(each, random)),
                one(item, (each) => added(each, random)),
                one(item, (each) => movedTo(each, items, random)),
                rewritten(item),
            ],
            random,
        );
        return wishes.find((each) => each !== undefined);
    });
    return patterns.length === CHAIN && patterns.every((each) => each !== undefined)
        ? patterns.flat()
        : undefined;
}

const CHAIN = 3;

function one(
    item: Item | undefined,
    make: (item: Item) => Pattern["action"] | undefined,
): Pattern[] | undefined {
    const action = item === undefined ? undefined : make(item);
    return item === undefined || action === undefined
        ? undefined
        : [{ match: { sql: `SELECT ${item.id}::UBIGINT`, expect: 1 }, action }];
}

const CAMEL = new Set(["struct", "enum", "union", "trait", "type-alias", "assoc-type", "variant"]);

function renamed({ name, kind }: Item): Pattern["action"] | undefined {
    const suffix = CAMEL.has(kind) ? "Anew" : name === name.toUpperCase() ? "_ANEW" : "_anew";
    return /^[0-9]/u.test(name) || kind === "impl" || kind === "crate"
        ? undefined
        : { rename: `{name}${suffix}` };
}

function seenBy({ kind, visibility }: Item, random: () => number): Pattern["action"] | undefined {
    const hasOne = [
        "function",
        "method",
        "struct",
        "enum",
        "const",
        "static",
        "field",
        "type-alias",
    ];
    const current = visibility === "public" ? "pub" : visibility;
    const others = VISIBILITIES.filter((each) => each !== current);
    const wanted = others[Math.floor(random() * others.length)];
    return !hasOne.includes(kind) || wanted === undefined
        ? undefined
        : { change_visibility: wanted };
}

function added(item: Item, random: () => number): Pattern["action"] | undefined {
    const count = parametersOf(item);
    if (count === undefined) {
        return undefined;
    }
    const more = { add: "_added_anew", type: "u8", argument: "0" };
    const kept = numbers(count);
    const parameters = random() < 0.5 ? [more, ...kept] : [...kept, more];
    return { change_signature: { parameters } };
}

function reordered(item: Item): Pattern["action"] | undefined {
    const count = parametersOf(item) ?? 0;
    return count < 2 ? undefined : { change_signature: { parameters: numbers(count).reverse() } };
}

/** A parameter that nothing uses goes; where there is none, one is put in first, and the name changes too. */
function withoutOne(item: Item | undefined, random: () => number): Pattern[] | undefined {
    const count = item === undefined ? undefined : parametersOf(item);
    if (item === undefined || count === undefined) {
        return undefined;
    }
    const unused = parametersIn(item)?.findIndex((part) => part.startsWith("_")) ?? -1;
    if (unused >= 0) {
        const parameters = numbers(count).filter((_, at) => at !== unused);
        return one(item, () => ({ change_signature: { parameters } }));
    }
    const add = added(item, random);
    const match = { sql: `SELECT ${item.id}::UBIGINT`, expect: 1, bind: "it" };
    const isFirst =
        add !== undefined &&
        "change_signature" in add &&
        typeof add.change_signature.parameters[0] === "object";
    const left = numbers(count + 1).filter((_, at) => at !== (isFirst ? 0 : count));
    const rename = renamed(item);
    return add === undefined || rename === undefined
        ? undefined
        : [
              { match, action: add },
              { match: { bound: "it" }, action: { change_signature: { parameters: left } } },
              { match: { bound: "it" }, action: rename },
          ];
}

/** All calls go through a function that gives back what it gets. */
function rewritten(item: Item | undefined): Pattern[] | undefined {
    const parts = item?.isUsed === true ? parametersIn(item, true) : undefined;
    if (item === undefined || parts === undefined || item.path.includes("<")) {
        return undefined;
    }
    const names = parts.map((_, at) => `$v${at}`);
    const [receiver = "", ...rest] = names;
    const isMethod = parts[0] !== undefined && isReceiver(parts[0]);
    const call = isMethod
        ? `${receiver}.${item.name}(${rest.join(", ")})`
        : `crate::${item.path.split("::").slice(1).join("::")}(${names.join(", ")})`;
    return [
        {
            match: { pattern: `${item.path}(${names.join(", ")})` },
            action: { pattern_rewrite: `std::convert::identity(${call})` },
        },
    ];
}

function replaced(item: Item, items: readonly Item[]): Pattern["action"] | undefined {
    if (!item.isUsed || (item.kind !== "function" && item.kind !== "const")) {
        return undefined;
    }
    const shape = ({ signature, name }: Item): string =>
        signature.replace(name, "").replace(/^pub(\([^)]*\))?\s+/u, "");
    const other = items.find(
        (each) =>
            each.path !== item.path &&
            each.kind === item.kind &&
            shape(each) === shape(item) &&
            each.path.split("::")[0] === item.path.split("::")[0],
    );
    return other === undefined ? undefined : { replace_path: other.path };
}

/** Modules that are there for tests alone. */
const TESTS = /::tests?\b/u;

function movedTo(
    { kind, path }: Item,
    items: readonly Item[],
    random: () => number,
): Pattern["action"] | undefined {
    const movable = ["function", "const", "static", "struct", "enum", "trait", "type-alias"];
    const crate = path.split("::")[0];
    const around = path.split("::").slice(0, -1).join("::");
    const all = items.filter((each) => each.kind === "module");
    const isInModule = around === crate || all.some((each) => each.path === around);
    const modules = all.filter(
        (each) =>
            each.path.split("::")[0] === crate && each.path !== around && !TESTS.test(each.path),
    );
    const to = modules[Math.floor(random() * modules.length)];
    return !movable.includes(kind) || to === undefined || !isInModule || TESTS.test(path)
        ? undefined
        : { move_item: to.path };
}

function numbers(count: number): string[] {
    return Array.from({ length: count }, (_, at) => `#${at + 1}`);
}

/** Number of parameters of a function, its receiver left out; undefined for what is none. */
function parametersOf(item: Item): number | undefined {
    return parametersIn(item)?.length;
}

/** Parameters of a function as they are written, its receiver left out unless it is wanted. */
function parametersIn({ kind, signature }: Item, withReceiver = false): string[] | undefined {
    if (kind !== "function" && kind !== "method") {
        return undefined;
    }
    const start = /\bfn\s+[^(<]+/u.exec(signature);
    if (start === null) {
        return undefined;
    }
    const parts: string[] = [""];
    let depth = 0;
    for (const sign of afterGenerics(signature.slice(start.index + start[0].length))) {
        depth += "([{<".includes(sign) ? 1 : ")]}>".includes(sign) ? -1 : 0;
        if (depth === 0) {
            break;
        }
        if (depth === 1 && sign === ",") {
            parts.push("");
        } else if (depth > 1 || sign !== "(") {
            parts.push(`${parts.pop() ?? ""}${sign}`);
        }
    }
    return parts
        .map((part) => part.trim())
        .filter((part) => part !== "" && (withReceiver || !isReceiver(part)));
}

function isReceiver(part: string): boolean {
    return /^(?:&\s*)?(?:'\w+\s+)?(?:mut\s+)?self\b/u.test(part);
}

/** The text from the parameter list on; arrows are no brackets. */
function afterGenerics(text: string): string {
    const plain = text.replace(/->|=>/gu, "  ");
    if (!plain.startsWith("<")) {
        return plain;
    }
    let depth = 0;
    for (const [at, sign] of plain.split("").entries()) {
        depth += sign === "<" ? 1 : sign === ">" ? -1 : 0;
        if (depth === 0) {
            return plain.slice(at + 1);
        }
    }
    return plain;
}

function itemOf(row: readonly unknown[]): Item {
    const [id = "", path = "", name = "", kind = "", visibility = "", signature = ""] = row.map(
        (value) => (["string", "number", "bigint"].includes(typeof value) ? (value as string) : ""),
    );
    return { id, path, name, kind, visibility, signature, isUsed: row[6] === true };
}
