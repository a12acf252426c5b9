// An occurrence table as bytes, for the derived cache.

import type { LocalInfo } from "./model.ts";
import type { OccurrenceTable } from "./walk/occurrence-table.ts";
import { bytesOf, packSections, unpackSections, viewAs } from "./section-file.ts";

/** What is not a column. */
interface Rest {
    readonly names: readonly string[];
    readonly reasons: readonly string[];
    readonly sets: readonly (readonly number[])[];
    readonly locals: readonly (readonly [string, string, number, number, number, number])[];
}

/** Encodes a table. Names that no row uses are left out. */
export function encodeTable(table: OccurrenceTable): Uint8Array {
    const used = new Map<number, number>();
    const names: string[] = [];
    const name = table.name.map((old) => {
        let next = used.get(old);
        if (next === undefined) {
            next = names.length;
            used.set(old, next);
            names.push(table.names[old] ?? "");
        }
        return next;
    });
    const rest: Rest = {
        names,
        reasons: table.reasons,
        sets: table.sets,
        locals: table.locals.map((local) => [
            local.kind,
            local.name,
            local.nameSpan.start,
            local.nameSpan.end,
            local.scope.start,
            local.scope.end,
        ]),
    };
    return packSections({
        start: bytesOf(table.start),
        end: bytesOf(table.end),
        name: bytesOf(name),
        role: table.role,
        bind: table.bind,
        flags: table.flags,
        target: bytesOf(table.target),
        reason: bytesOf(table.reason),
        enclosing: bytesOf(table.enclosing),
        rest: new TextEncoder().encode(JSON.stringify(rest)),
    });
}

/** Decodes a table of the given file. */
export function decodeTable(bytes: Uint8Array, file: string): OccurrenceTable {
    const section = unpackSections(bytes);
    const rest = JSON.parse(new TextDecoder().decode(section("rest"))) as Rest;
    return {
        start: viewAs(section("start"), Uint32Array),
        end: viewAs(section("end"), Uint32Array),
        name: viewAs(section("name"), Uint32Array),
        role: section("role"),
        bind: section("bind"),
        flags: section("flags"),
        target: viewAs(section("target"), Uint32Array),
        reason: viewAs(section("reason"), Uint16Array),
        enclosing: viewAs(section("enclosing"), Uint32Array),
        names: rest.names,
        reasons: rest.reasons,
        sets: rest.sets,
        locals: rest.locals.map(([kind, name, start, end, from, to]): LocalInfo => ({
            kind: kind as LocalInfo["kind"],
            name,
            file,
            nameSpan: { start, end },
            scope: { start: from, end: to },
        })),
    };
}
