// A tree as bytes: for the cache of captures, and between threads.
//
// Format: ten 32-bit words little-endian (magic, version, rows, names' bytes, flagged rows, width of name
// numbers, total bytes, distinct names, two reserved), then start[rows] and end[rows] (u32), rows with
// flags and their flags (u32), names (u16 or u32), depths (u16), kinds and roles (u8), and
// the names as JSON in UTF-8. `next` and `parent` follow from the depths.

import { assert, OperatingError } from "../base/index.ts";
import { SYNTAX_KINDS, SYNTAX_ROLES } from "./kinds.ts";
import { SyntaxTree, type SyntaxColumns } from "./tree.ts";

/** Version of the layout and of what the columns mean; a cache of another version is not read. */
export const SYNTAX_CACHE_VERSION = 10;

const MAGIC = 0x54535946;
const HEADER_WORDS = 10;
const DEPTH_MAX = 0xffff;

interface Layout {
    readonly rows: number;
    readonly flagged: number;
    readonly nameWidth: number;
    readonly start: number;
    readonly end: number;
    readonly flagRow: number;
    readonly flagValue: number;
    readonly depth: number;
    readonly name: number;
    readonly kind: number;
    readonly role: number;
    readonly names: number;
}

/** Encodes a tree. */
export function encodeTree(tree: SyntaxTree): Uint8Array<ArrayBuffer> {
    const { columns } = tree;
    const rows = columns.kind.length;
    const names = new TextEncoder().encode(JSON.stringify(columns.names));
    const flagged = columns.flags.reduce((sum, flags) => sum + (flags === 0 ? 0 : 1), 0);
    const nameWidth = columns.names.length > 0x10000 ? 4 : 2;
    const at = layOut(rows, flagged, nameWidth);
    const total = at.names + names.length;
    const bytes = new Uint8Array(total);
    const { buffer } = bytes;
    const header = [MAGIC, SYNTAX_CACHE_VERSION, rows, names.length, flagged, nameWidth, total];
    const words = new Uint32Array(buffer, 0, HEADER_WORDS);
    words.set([...header, columns.names.length, 0, 0]);
    new Uint32Array(buffer, at.start, rows).set(columns.start);
    new Uint32Array(buffer, at.end, rows).set(columns.end);
    encodeFlags(columns.flags, buffer, at);
    const depth = new Uint16Array(buffer, at.depth, rows);
    for (let row = 1; row < rows; row++) {
        const level = (depth[columns.parent[row] ?? 0] ?? 0) + 1;
        assert(level <= DEPTH_MAX, "a tree's depth fits 16 bits");
        depth[row] = level;
    }
    const name =
        nameWidth === 4
            ? new Uint32Array(buffer, at.name, rows)
            : new Uint16Array(buffer, at.name, rows);
    name.set(columns.name);
    bytes.set(columns.kind, at.kind);
    bytes.set(columns.role, at.role);
    bytes.set(names, at.names);
    return bytes;
}

/** Decodes a tree; throws SYNTAX_CACHE_DAMAGED on bytes that hold none. */
export function decodeTree(bytes: Uint8Array): SyntaxTree {
    // Typed arrays want their offset aligned.
    const own = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
    check(own.byteLength >= HEADER_WORDS * 4, "too short");
    const { buffer, byteOffset } = own;
    const words = new Uint32Array(buffer, byteOffset, HEADER_WORDS);
    const [magic, version, rows = 0, nameBytes = 0, flagged = 0, nameWidth = 0, total] = words;
    check(magic === MAGIC, "wrong magic number");
    check(version === SYNTAX_CACHE_VERSION, "other version");
    check(nameWidth === 2 || nameWidth === 4, "wrong width of names");
    const at = layOut(rows, flagged, nameWidth);
    check(total === own.byteLength && total === at.names + nameBytes, "wrong length");
    const bytesAt = (offset: number): Uint8Array =>
        new Uint8Array(buffer, byteOffset + offset, rows);
    const halvesAt = (offset: number): Uint16Array =>
        new Uint16Array(buffer, byteOffset + offset, rows);
    const wordsAt = (offset: number): Uint32Array =>
        new Uint32Array(buffer, byteOffset + offset, rows);
    const names = decodeNames(own.subarray(at.names), words[7] ?? 0);
    const name = nameWidth === 4 ? wordsAt(at.name) : halvesAt(at.name);
    const columns: SyntaxColumns = {
        kind: bytesAt(at.kind),
        role: bytesAt(at.role),
        flags: decodeFlags(own, at),
        start: wordsAt(at.start),
        end: wordsAt(at.end),
        ...linkRows(halvesAt(at.depth)),
        name: Uint32Array.from(name),
        names,
    };
    checkColumns(columns);
    return new SyntaxTree(columns);
}

function layOut(rows: number, flagged: number, nameWidth: number): Layout {
    const start = HEADER_WORDS * 4;
    const end = start + rows * 4;
    const flagRow = end + rows * 4;
    const flagValue = flagRow + flagged * 4;
    // Names before depths: a 32-bit column wants its offset aligned.
    const name = flagValue + flagged * 4;
    const depth = name + rows * nameWidth;
    const kind = depth + rows * 2;
    const role = kind + rows;
    const names = role + rows;
    const columns = { start, end, flagRow, flagValue, depth, name, kind, role, names };
    return { rows, flagged, nameWidth, ...columns };
}

function encodeFlags(flags: Uint32Array, buffer: ArrayBuffer, at: Layout): void {
    const flagRow = new Uint32Array(buffer, at.flagRow, at.flagged);
    const flagValue = new Uint32Array(buffer, at.flagValue, at.flagged);
    let next = 0;
    flags.forEach((value, row) => {
        if (value !== 0) {
            flagRow[next] = row;
            flagValue[next] = value;
            next += 1;
        }
    });
}

function decodeFlags(bytes: Uint8Array, at: Layout): Uint32Array {
    const { buffer, byteOffset } = bytes;
    const flagRow = new Uint32Array(buffer, byteOffset + at.flagRow, at.flagged);
    const flagValue = new Uint32Array(buffer, byteOffset + at.flagValue, at.flagged);
    const flags = new Uint32Array(at.rows);
    flagRow.forEach((row, index) => {
        check(row < at.rows, "flags of a row that is not there");
        flags[row] = flagValue[index] ?? 0;
    });
    return flags;
}

function decodeNames(bytes: Uint8Array, count: number): readonly string[] {
    let names: unknown;
    try {
        names = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    } catch (cause) {
        throw damaged("names do not parse", cause);
    }
    check(Array.isArray(names) && names.length === count, "wrong number of names");
    const isText = (name: unknown): name is string => typeof name === "string";
    const list = names as unknown[];
    check(list[0] === "" && list.every(isText), "names are not texts");
    return list as string[];
}

function linkRows(depth: Uint16Array): Pick<SyntaxColumns, "next" | "parent"> {
    const count = depth.length;
    const next = new Uint32Array(count).fill(count);
    const parent = new Uint32Array(count);
    const open: number[] = [];
    for (let row = 0; row < count; row++) {
        const level = depth[row] ?? 0;
        check(level <= open.length && (level === 0) === (row === 0), "depths make no tree");
        while (open.length > level) {
            next[open.pop() ?? 0] = row;
        }
        parent[row] = open[level - 1] ?? 0;
        open.push(row);
    }
    return { next, parent };
}

function checkColumns(columns: SyntaxColumns): void {
    const { kind, role, start, end, name, names } = columns;
    check(kind.length > 0, "no rows");
    for (let row = 0; row < kind.length; row++) {
        check((kind[row] ?? 0) < SYNTAX_KINDS.length, "unknown kind");
        check((role[row] ?? 0) < SYNTAX_ROLES.length, "unknown role");
        check((start[row] ?? 0) <= (end[row] ?? 0), "a node ends before it starts");
        check((name[row] ?? 0) < names.length, "a name that is not there");
    }
}

function check(holds: boolean, message: string): void {
    if (!holds) {
        throw damaged(message);
    }
}

function damaged(message: string, cause?: unknown): OperatingError {
    return new OperatingError("SYNTAX_CACHE_DAMAGED", `cached syntax is damaged: ${message}`, {
        cause,
        advice: "the cache is made again from the files",
    });
}
