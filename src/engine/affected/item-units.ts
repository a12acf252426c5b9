// A file's items as units that are compared between two texts: each item with its own tokens, those of the
// items inside it left out; what belongs to no item is its container's. Pure.

import {
    TOKEN,
    TokenScanner,
    type FileCapture,
    type SyntaxKind,
    type SyntaxTree,
} from "../../syntax/index.ts";

/** Kinds of nodes that are units of their own wherever items stand. */
const UNIT_KINDS: ReadonlySet<SyntaxKind> = new Set([
    "function_item",
    "function_signature_item",
    "struct_item",
    "enum_item",
    "union_item",
    "const_item",
    "static_item",
    "type_item",
    "associated_type",
    "trait_item",
    "impl_item",
    "mod_item",
    "macro_definition",
    "macro_invocation",
    "use_declaration",
    "extern_crate_declaration",
    "foreign_mod_item",
]);

/** Those whose body holds units again. */
const CONTAINER_KINDS: ReadonlySet<SyntaxKind> = new Set([
    "trait_item",
    "impl_item",
    "mod_item",
    "foreign_mod_item",
]);

/** One item of a text. */
export interface ItemUnit {
    /** Names of the items around it and its own, the same in both texts for what counts as one item. */
    readonly key: string;
    /** `source_file` for what belongs to no item. */
    readonly kind: SyntaxKind;
    readonly name: string;
    /** From its first attribute or doc comment to its end. */
    readonly start: number;
    readonly end: number;
    /** Position of the unit around it; -1 for the file's. */
    readonly container: number;
    /** Its own tokens, comments that document nothing left out. */
    readonly tokens: readonly string[];
    /** Its own comments that document something. */
    readonly docs: readonly string[];
}

/** How an item differs. */
export interface ItemChange {
    readonly how: "added" | "changed" | "removed";
    readonly before: ItemUnit | undefined;
    readonly after: ItemUnit | undefined;
    /** Only its documentation differs. */
    readonly docsOnly: boolean;
}

interface DraftUnit {
    kind: SyntaxKind;
    name: string;
    start: number;
    end: number;
    container: number;
    tokens: string[];
    docs: string[];
}

/** Lists a file's units; the first is the file's own, containers come before what they contain. */
export function itemUnitsOf(text: string, { tree }: Pick<FileCapture, "tree">): ItemUnit[] {
    const units: DraftUnit[] = [draft("source_file", "", { start: 0, end: text.length }, -1)];
    collect(tree, 0, { units, container: 0 });
    assignTokens(text, units);
    const keys: string[] = [];
    return units.map((unit, index) => {
        const own =
            unit.kind === "impl_item" || unit.name === "" ? headerOf(unit.tokens) : unit.name;
        const around = keys[unit.container] ?? "";
        const key = index === 0 ? "" : `${around}\n${unit.kind} ${own}`;
        keys.push(key);
        return { ...unit, key };
    });
}

function draft(
    kind: SyntaxKind,
    name: string,
    span: { readonly start: number; readonly end: number },
    container: number,
): DraftUnit {
    return { kind, name, ...span, container, tokens: [], docs: [] };
}

function collect(
    tree: SyntaxTree,
    holder: number,
    place: { readonly units: DraftUnit[]; readonly container: number },
): void {
    const { start, end } = tree.columns;
    let first: number | undefined;
    for (const child of tree.childrenOf(holder)) {
        const kind = tree.kindOf(child);
        const [from, to] = [start[child] ?? 0, end[child] ?? 0];
        if (kind === "attribute_item" || kind === "doc_comment") {
            first ??= from;
            continue;
        }
        const node = kind === "expression_statement" ? (tree.childrenOf(child)[0] ?? child) : child;
        const unitKind = tree.kindOf(node);
        if (UNIT_KINDS.has(unitKind)) {
            const span = { start: first ?? from, end: to };
            const number = place.units.length;
            place.units.push(draft(unitKind, nameOfItem(tree, node), span, place.container));
            const body = tree.findChild(node, "body") ?? tree.findKind(node, "declaration_list");
            if (CONTAINER_KINDS.has(unitKind) && body !== undefined) {
                collect(tree, body, { units: place.units, container: number });
            }
        }
        first = undefined;
    }
}

/** A use declaration or a macro's call has no name: its tokens tell it apart. */
function nameOfItem(tree: SyntaxTree, node: number): string {
    const kind = tree.kindOf(node);
    const name = tree.findChild(node, "name");
    return kind === "use_declaration" || kind === "macro_invocation" || name === undefined
        ? ""
        : tree.nameOf(name);
}

/** Each token goes to the innermost unit around it. Units are in order of their starts, and nest. */
function assignTokens(text: string, units: readonly DraftUnit[]): void {
    const scanned = new TokenScanner().scan(text);
    const open: DraftUnit[] = [];
    /** Outer documentation, which belongs to what follows. */
    const docs: string[] = [];
    let next = 0;
    for (let at = 0; at < scanned.count; at++) {
        const from = scanned.start[at] ?? 0;
        while ((open.at(-1)?.end ?? Infinity) <= from) {
            open.pop();
        }
        for (let unit = units[next]; unit !== undefined && unit.start <= from; unit = units[next]) {
            next += 1;
            if (unit.end > from) {
                open.push(unit);
            }
        }
        const token = text.slice(from, scanned.end[at] ?? 0);
        const owner = open.at(-1);
        if (scanned.kind[at] !== TOKEN.doc) {
            owner?.tokens.push(token);
            owner?.docs.push(...docs.splice(0));
        } else if (/^\/[/*]!/u.test(token)) {
            owner?.docs.push(token);
        } else {
            docs.push(token);
        }
    }
    units[0]?.docs.push(...docs);
}

/** An impl's tokens before its body, its attributes left out. */
function headerOf(tokens: readonly string[]): string {
    const from = tokens[0] === "#" ? tokens.findIndex((token) => token === "impl") : 0;
    const brace = tokens.indexOf("{", Math.max(0, from));
    return tokens.slice(Math.max(0, from), brace === -1 ? tokens.length : brace).join(" ");
}

/** Compares two texts item by item. Of items with one key, each is compared with that of the same position. */
export function compareItems(
    before: readonly ItemUnit[],
    after: readonly ItemUnit[],
): ItemChange[] {
    const changes: ItemChange[] = [];
    const old = groupByKey(before);
    const now = groupByKey(after);
    for (const [key, units] of now) {
        const were = old.get(key) ?? [];
        // Several of one key are told apart by their order only: all differ where their number does.
        const isSameNumber = were.length === units.length;
        units.forEach((unit, index) => {
            const was = were[index];
            if (was === undefined) {
                changes.push({ how: "added", before: undefined, after: unit, docsOnly: false });
            } else if (!isSameNumber || !sameTexts(was.tokens, unit.tokens)) {
                changes.push({ how: "changed", before: was, after: unit, docsOnly: false });
            } else if (!sameTexts(was.docs, unit.docs)) {
                changes.push({ how: "changed", before: was, after: unit, docsOnly: true });
            }
        });
    }
    for (const [key, units] of old) {
        for (const unit of units.slice(now.get(key)?.length ?? 0)) {
            changes.push({ how: "removed", before: unit, after: undefined, docsOnly: false });
        }
    }
    return changes;
}

function groupByKey(units: readonly ItemUnit[]): Map<string, ItemUnit[]> {
    const groups = new Map<string, ItemUnit[]>();
    for (const unit of units) {
        const group = groups.get(unit.key);
        if (group === undefined) {
            groups.set(unit.key, [unit]);
        } else {
            group.push(unit);
        }
    }
    return groups;
}

function sameTexts(a: readonly string[], b: readonly string[]): boolean {
    return a.length === b.length && a.every((each, index) => each === b[index]);
}
