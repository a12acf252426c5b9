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
}

const ITEMS_SQL = `
    SELECT symbol_id, path, name, kind, visibility, type_signature FROM symbols
    WHERE def_file_id IS NOT NULL AND kind <> 'impl' ORDER BY symbol_id`;

const VISIBILITIES = ["private", "pub(crate)", "pub(super)", "pub"];

/** Chooses so many patches of each action; the same for the same workspace and seed. */
export async function choosePatches(
    engine: Engine,
    { each, seed }: { readonly each: number; readonly seed: number },
): Promise<ChosenPatch[]> {
    const random = seededRandom(seed);
    const items = shuffle(await readItems(engine), random);
    const chosen: ChosenPatch[] = [];
    for (const action of ACTIONS) {
        const make = required(MAKERS.get(action), "each action has its maker");
        let count = 0;
        for (let at = 0; at < items.length && count < each; at++) {
            const patterns = make(items, at, random);
            if (patterns !== undefined) {
                count += 1;
                const id = `${action.replace(/\W+/gu, "-")}-${count}`;
                chosen.push({ action, patch: { id, patterns, constraints: AGREED } });
            }
        }
    }
    return chosen;
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
    [
        "change_signature: remove",
        (items, at, random) => one(items[at], (item) => withoutOne(item, random)),
    ],
    ["replace_path", (items, at) => one(items[at], (item) => replaced(item, items))],
    ["move_item", (items, at, random) => one(items[at], (item) => movedTo(item, items, random))],
    [
        "chains of three",
        (items, at, random) => {
            const patterns = [
                one(items[at], renamed),
                one(
                    items[(at + 1) % items.length],
                    (item) => seenBy(item, random) ?? renamed(item),
                ),
                one(items[(at + 2) % items.length], (item) => added(item, random) ?? renamed(item)),
            ];
            return patterns.every((each) => each !== undefined) ? patterns.flat() : undefined;
        },
    ],
]);

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

function withoutOne(item: Item, random: () => number): Pattern["action"] | undefined {
    const count = parametersOf(item) ?? 0;
    const gone = Math.floor(random() * count);
    return count === 0
        ? undefined
        : { change_signature: { parameters: numbers(count).filter((_, at) => at !== gone) } };
}

function replaced(item: Item, items: readonly Item[]): Pattern["action"] | undefined {
    if (item.kind !== "function" && item.kind !== "const") {
        return undefined;
    }
    const shape = ({ signature, name }: Item): string =>
        signature.replace(name, "").replace(/^pub(\([^)]*\))?\s+/u, "");
    const other = items.find(
        (each) =>
            each !== item &&
            each.kind === item.kind &&
            shape(each) === shape(item) &&
            each.path.split("::")[0] === item.path.split("::")[0],
    );
    return other === undefined ? undefined : { replace_path: other.path };
}

function movedTo(
    { kind, path }: Item,
    items: readonly Item[],
    random: () => number,
): Pattern["action"] | undefined {
    const movable = ["function", "const", "static", "struct", "enum", "trait", "type-alias"];
    const crate = path.split("::")[0];
    const modules = items.filter(
        (each) => each.kind === "module" && each.path.split("::")[0] === crate,
    );
    const to = modules[Math.floor(random() * modules.length)];
    return !movable.includes(kind) || to === undefined || path.startsWith("<")
        ? undefined
        : { move_item: to.path };
}

function numbers(count: number): string[] {
    return Array.from({ length: count }, (_, at) => `#${at + 1}`);
}

/** Number of parameters of a function, its receiver left out; undefined for what is none. */
function parametersOf({ kind, signature }: Item): number | undefined {
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
        .filter((part) => part !== "" && !/^(?:&\s*)?(?:'\w+\s+)?(?:mut\s+)?self\b/u.test(part))
        .length;
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
    return { id, path, name, kind, visibility, signature };
}
