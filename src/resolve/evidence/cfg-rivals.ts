// Where the meaning of code depends on a cfg. rust-analyzer sees one configuration: a type that another cfg
// replaces has members that another cfg replaces, too, also where the resolver cannot tell the type. What it
// says of these decides nothing.

import type { Span, Steps } from "../../base/index.ts";
import type { ResolutionSource } from "../resolution-source.ts";
import {
    BIND,
    OCCURRENCE_FLAG,
    ROLE_CODE,
    type OccurrenceTable,
} from "../walk/occurrence-table.ts";

/** Symbols that another cfg has another of in their place, and what the definitions of these are made of. */
export class CfgRivals {
    readonly #source: ResolutionSource;
    readonly #rivals = new Set<number>();
    /** Names of members of symbols in whose place another cfg has something outside of the workspace. */
    readonly #names = new Set<string>();

    constructor(source: ResolutionSource) {
        this.#source = source;
    }

    /** Looks through all symbols and tokens; to be done first. */
    *prepare(): Steps<void> {
        const twins = this.#twins();
        yield;
        const withOutside = new Set<number>();
        for (const [number, { path, crate }] of this.#source.files.entries()) {
            if (crate !== -1) {
                this.#read(this.#source.table(number), twins.get(path) ?? [], withOutside);
                yield;
            }
        }
        for (let index = 0; index < this.#source.symbolCount; index++) {
            if (withOutside.has(this.#source.symbol(index).parent ?? -1)) {
                this.#names.add(this.#source.symbol(index).name);
            }
        }
    }

    /** Whether a symbol, or what it is a part of, may have another in its place. */
    has(symbol: number): boolean {
        for (
            let one: number | undefined = symbol;
            one !== undefined;
            one = this.#source.symbol(one).parent
        ) {
            if (this.#rivals.has(one)) {
                return true;
            }
        }
        return false;
    }

    /** Whether what is outside of the workspace may have a member of the workspace in its place. */
    hasName(name: string): boolean {
        return this.#names.has(name);
    }

    /** Definitions of one name in one place under a cfg, by file. */
    #twins(): ReadonlyMap<string, readonly Span[]> {
        const { symbolCount } = this.#source;
        const groups = new Map<string, number[]>();
        for (let index = 0; index < symbolCount; index++) {
            const { file, parent, kind, name, crate } = this.#source.symbol(index);
            if (file !== undefined && kind !== "crate") {
                const key = `${parent ?? -1} ${crate ?? -1} ${kind} ${name}`;
                groups.set(key, [...(groups.get(key) ?? []), index]);
            }
        }
        const spans = new Map<string, Span[]>();
        for (const group of groups.values()) {
            const all = group.map((one) => this.#source.symbol(one));
            if (group.length === 1 || all.every(({ cfg }) => cfg === "")) {
                continue;
            }
            for (const { index, file = "", extent, kind } of all) {
                if (kind !== "impl") {
                    this.#rivals.add(index);
                }
                if (extent !== undefined && kind !== "module") {
                    spans.set(file, [...(spans.get(file) ?? []), extent]);
                }
            }
        }
        return spans;
    }

    #read(table: OccurrenceTable, twins: readonly Span[], withOutside: Set<number>): void {
        for (let row = 0; row < table.start.length; row++) {
            const target = table.target[row] ?? 0;
            const isSet = ((table.flags[row] ?? 0) & OCCURRENCE_FLAG.set) !== 0;
            const bind = table.bind[row];
            if (isSet && SCOPED.has(table.role[row] ?? 0)) {
                this.#readSet(table.sets[target] ?? [], withOutside);
            } else if (bind === BIND.symbol && table.role[row] === ROLE_CODE.type) {
                const at = table.start[row] ?? 0;
                if (twins.some(({ start, end }) => start <= at && at < end)) {
                    this.#rivals.add(target);
                }
            }
        }
    }

    #readSet(symbols: readonly number[], withOutside: Set<number>): void {
        const spaces = symbols.map((one) => nameSpaceOf(this.#source.kindOf(one)));
        const isOutside = symbols.some((one) => this.#source.externalPath(one) !== "");
        symbols.forEach((one, at) => {
            const isRival = spaces.some((space, other) => other !== at && space === spaces[at]);
            if (isRival || isOutside) {
                this.#rivals.add(one);
            }
            if (isOutside) {
                withOutside.add(one);
            }
        });
    }
}

/** Roles whose several candidates are several definitions in scope, not several types of a receiver. */
const SCOPED: ReadonlySet<number> = new Set([
    ROLE_CODE.type,
    ROLE_CODE.value,
    ROLE_CODE.call,
    ROLE_CODE.module,
    ROLE_CODE.import,
    ROLE_CODE["import-alias"],
    ROLE_CODE.pattern,
    ROLE_CODE["macro-call"],
]);

const VALUES: ReadonlySet<string> = new Set([
    "function",
    "const",
    "static",
    "method",
    "assoc-const",
]);

/** Name space of a kind; what is in two is in that of types. */
export function nameSpaceOf(kind: string): "type" | "value" | "macro" {
    return kind === "macro" ? "macro" : VALUES.has(kind) ? "value" : "type";
}
