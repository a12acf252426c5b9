// Types as definitions declare them, each path in them replaced by what it resolves to.

import { formatNodeId, type SymbolKind } from "../graph/index.ts";
import { BIND, OCCURRENCE_FLAG } from "../resolve/index.ts";
import type { TableRows } from "../tables/index.ts";
import { hashId, type FileToIndex } from "./file-to-index.ts";
import { nodeWithSpan } from "./node-finder.ts";
import { oneLine } from "./signature.ts";

/** A type where a definition has it. */
interface DeclaredType {
    readonly role: "field" | "parameter" | "return" | "value" | "target" | "self";
    readonly position: number;
    readonly node: number;
}

/** A token in a type, and what is written in its place. */
interface NamedPart {
    readonly start: number;
    readonly end: number;
    readonly written: string;
    readonly ids: readonly bigint[];
}

/** Adds the declared types of a file's symbols. */
export function declaredTypes(rows: TableRows, file: FileToIndex): void {
    const parts = namedParts(file);
    for (const index of file.view.symbolsOf(file.path)) {
        const { id, kind, extent } = file.view.source.symbol(index);
        if (extent === undefined) {
            continue;
        }
        const node = nodeWithSpan(file.capture.tree, extent.start, extent.end);
        for (const type of node === undefined ? [] : typesOf(file, kind, node)) {
            const { canonical, written, ids } = spell(file, type.node, parts);
            rows.push(
                hashId(canonical),
                id,
                file.fileId,
                type.role,
                type.position,
                canonical,
                JSON.stringify({
                    written,
                    symbols: ids.map((each) => formatNodeId(each as never)),
                }),
                "syntax",
            );
        }
    }
}

function typesOf({ capture }: FileToIndex, kind: SymbolKind, node: number): DeclaredType[] {
    const { tree } = capture;
    const single = (role: DeclaredType["role"]): DeclaredType[] => {
        const type = tree.findChild(node, "type");
        return type === undefined ? [] : [{ role, position: 0, node: type }];
    };
    switch (kind) {
        case "field":
            return single("field");
        case "const":
        case "static":
        case "assoc-const":
            return single("value");
        case "type-alias":
        case "assoc-type":
            return single("target");
        case "impl":
            return single("self");
        case "function":
        case "method": {
            const list = tree.findChild(node, "parameters");
            const given = list === undefined ? [] : tree.childrenOf(list);
            const types = given.flatMap((each) => tree.findChild(each, "type") ?? []);
            const returned = tree.findChild(node, "return_type");
            return [
                ...types.map((each, position) => ({
                    role: "parameter" as const,
                    position,
                    node: each,
                })),
                ...(returned === undefined
                    ? []
                    : [{ role: "return" as const, position: 0, node: returned }]),
            ];
        }
        default:
            return [];
    }
}

/** All tokens of a file that name something in a type, in the order in which they stand. */
function namedParts({ view, path }: FileToIndex): NamedPart[] {
    const { source } = view;
    const parts: NamedPart[] = [];
    const [owned] = view.tablesOf(path);
    if (owned === undefined) {
        return parts;
    }
    const { table } = owned;
    for (let row = 0; row < table.start.length; row++) {
        const bind = table.bind[row];
        const target = table.target[row] ?? 0;
        if (bind === BIND.symbol || bind === BIND.external) {
            const isSet = ((table.flags[row] ?? 0) & OCCURRENCE_FLAG.set) !== 0;
            const one = isSet ? (table.sets[target]?.[0] ?? target) : target;
            const [start, end] = [table.start[row] ?? 0, table.end[row] ?? 0];
            const ids = source.externalPath(one) === "" ? [source.idOf(one)] : [];
            parts.push({ start, end, written: source.displayOf(one), ids });
        }
    }
    return parts;
}

/** A type with the last name of every path written in full, and what stands before it left out. */
function spell(
    { capture, text }: FileToIndex,
    node: number,
    parts: readonly NamedPart[],
): { readonly canonical: string; readonly written: string; readonly ids: readonly bigint[] } {
    const { start, end } = capture.tree.columns;
    const [from, to] = [start[node] ?? 0, end[node] ?? 0];
    let canonical = "";
    let at = from;
    const ids: bigint[] = [];
    for (let index = firstFrom(parts, from); index < parts.length; index++) {
        const part = parts[index];
        if (part === undefined || part.end > to) {
            break;
        }
        if (part.start < at || /^\s*::/u.test(text.slice(part.end, to))) {
            continue; // A step on the way to the name that counts.
        }
        canonical += text.slice(at, part.start).replace(PATH_BEFORE, "") + part.written;
        at = part.end;
        ids.push(...part.ids);
    }
    canonical += text.slice(at, to);
    return { canonical: oneLine(canonical), written: oneLine(text.slice(from, to)), ids };
}

/** Steps of a path, at the end of a text. */
const PATH_BEFORE = /(?:::\s*)?(?:[\w$#]+\s*::\s*)*$/u;

function firstFrom(parts: readonly NamedPart[], offset: number): number {
    let low = 0;
    let high = parts.length;
    while (low < high) {
        const middle = (low + high) >> 1;
        if ((parts[middle]?.start ?? 0) < offset) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}
