// The Resolution of a program: answers by symbol, by token, by name. Files are resolved when first asked for.

import type { NodeId } from "../graph/index.ts";
import { idAt, identify, type Identities } from "./identities.ts";
import type {
    Binding,
    BindingCounts,
    FileOwnership,
    LocalInfo,
    Occurrence,
    Resolution,
    SymbolEdge,
    SymbolIndex,
    SymbolInfo,
} from "./model.ts";
import {
    BIND,
    BIND_NAMES,
    OCCURRENCE_FLAG,
    ROLES,
    ROLE_CODE,
    type OccurrenceTable,
} from "./occurrence-table.ts";
import { relate, structuralEdges, type Relations } from "./relations.ts";
import { resolveFile } from "./resolve-file.ts";
import type { Semantics } from "./semantics.ts";
import { itemOf, type FileInstance, type Sym } from "./symbols.ts";
import { inheritedCfg } from "./file-items.ts";
import { allOf } from "./cfg.ts";

/** Reason of occurrences in files that no target reaches. */
export const UNOWNED_REASON = "the file belongs to no target";

/** A resolution that is computed from a program. */
export class ResolvedWorkspace implements Resolution {
    readonly semantics: Semantics;
    readonly tables: (OccurrenceTable | undefined)[];
    readonly #identities: Identities;
    readonly #relations: Relations;
    readonly #byId = new Map<bigint, number>();
    readonly #children = new Map<number, number[]>();
    readonly #ownership: readonly FileOwnership[];

    constructor(
        semantics: Semantics,
        reusable?: (inst: FileInstance) => OccurrenceTable | undefined,
    ) {
        this.semantics = semantics;
        // Externals are made at first use: all files are resolved, and the externals' own trait items named,
        // before symbols are given identities.
        const { program } = semantics;
        this.tables = program.instances.map((inst) => reusable?.(inst));
        program.instances.forEach((_, i) => this.table(i));
        nameForeignItems(semantics);
        this.#identities = identify(semantics);
        this.#relations = relate(semantics, this.#identities);
        this.#identities.ids.forEach((id, index) => this.#byId.set(id, index));
        this.#relations.graphParent.forEach((parent, index) => {
            if (parent !== -1 && this.#relations.nodeOf[index] === index) {
                const list = this.#children.get(parent);
                if (list === undefined) {
                    this.#children.set(parent, [index]);
                } else {
                    list.push(index);
                }
            }
        });
        this.#ownership = ownershipOf(semantics);
    }

    get relations(): Relations {
        return this.#relations;
    }

    get identities(): Identities {
        return this.#identities;
    }

    get symbolCount(): number {
        return this.semantics.program.symbols.length;
    }

    table(instance: number): OccurrenceTable {
        const known = this.tables[instance];
        if (known !== undefined) {
            return known;
        }
        const inst = this.semantics.program.instances[instance];
        if (inst === undefined) {
            throw new RangeError(`no file instance ${instance}`);
        }
        const table = resolveFile(this.semantics, inst);
        this.tables[instance] = table;
        return table;
    }

    symbol(index: SymbolIndex): SymbolInfo {
        const symbol = this.semantics.program.symbolAt(index);
        const item = itemOf(symbol);
        const isOwn = symbol.external === "";
        const span = (node: number): { start: number; end: number } | undefined => {
            const columns = symbol.inst?.tree.columns;
            return columns === undefined || node === -1
                ? undefined
                : { start: columns.start[node] ?? 0, end: columns.end[node] ?? 0 };
        };
        const cfg =
            symbol.inst === undefined || symbol.item === -1
                ? ""
                : allOf(symbol.inst.cfg, symbol.cfg, inheritedCfg(symbol.inst.items, symbol.item));
        return {
            index,
            id: idAt(this.#identities, index),
            kind: symbol.kind,
            name: symbol.kind === "impl" ? (this.#identities.displays[index] ?? "") : symbol.name,
            path: this.#identities.paths[index] ?? "",
            display: this.#identities.displays[index] ?? "",
            file: isOwn ? symbol.inst?.path : undefined,
            nameSpan: item === undefined ? undefined : span(item.nameNode),
            extent: item === undefined ? undefined : span(item.node),
            parent: this.#parentOf(symbol),
            crate: symbol.crate === -1 ? undefined : symbol.crate,
            visibility: symbol.visibility,
            flags: symbol.flags,
            cfg,
        };
    }

    #parentOf(symbol: Sym): number | undefined {
        const parent = this.#relations.graphParent[symbol.index] ?? -1;
        return parent === -1 ? undefined : parent;
    }

    findById(id: NodeId): SymbolIndex | undefined {
        return this.#byId.get(id);
    }

    findByPath(path: string): readonly SymbolIndex[] {
        const name = path.slice(path.lastIndexOf("::") + 1).replace(/^:/u, "");
        const exact: number[] = [];
        const suffix: number[] = [];
        const loose: number[] = [];
        const plain = stripImpl(path);
        for (const index of this.findByName(name)) {
            const display = this.#identities.displays[index] ?? "";
            if (display === path) {
                exact.push(index);
            } else if (display.endsWith(`::${path}`)) {
                suffix.push(index);
            } else if (`::${stripImpl(display)}`.endsWith(`::${plain}`)) {
                loose.push(index);
            }
        }
        return [...exact, ...suffix, ...loose];
    }

    findByName(name: string): readonly SymbolIndex[] {
        return this.semantics.program.byName.get(name) ?? [];
    }

    occurrencesAt(file: string, offset: number): readonly Occurrence[] {
        const found: Occurrence[] = [];
        for (const inst of this.#instancesOf(file)) {
            const table = this.table(inst.index);
            for (let row = lowerBound(table.start, offset) - 1; row >= 0; row--) {
                if ((table.start[row] ?? 0) + NAME_LENGTH_MAX < offset) {
                    break;
                }
                if ((table.end[row] ?? 0) >= offset) {
                    found.unshift(this.#occurrence(inst, table, row));
                }
            }
            const from = lowerBound(table.start, offset);
            for (let row = from; table.start[row] === offset; row++) {
                found.push(this.#occurrence(inst, table, row));
            }
        }
        // A token that begins at the offset wins over one that ends there.
        const starting = found.filter((one) => one.span.start <= offset && offset < one.span.end);
        return starting.length > 0 ? starting : found;
    }

    occurrencesNamed(name: string): readonly Occurrence[] {
        const found: Occurrence[] = [];
        for (const inst of this.semantics.program.instances) {
            this.#collectNamed(inst, name, found);
        }
        return sortOccurrences(found);
    }

    #collectNamed(inst: FileInstance, name: string, found: Occurrence[]): void {
        const table = this.table(inst.index);
        const wanted = table.names.indexOf(name);
        if (wanted === -1) {
            return;
        }
        for (let row = 0; row < table.name.length; row++) {
            if (table.name[row] === wanted) {
                found.push(this.#occurrence(inst, table, row));
            }
        }
    }

    occurrencesIn(file: string): readonly Occurrence[] {
        const found: Occurrence[] = [];
        for (const inst of this.#instancesOf(file)) {
            const table = this.table(inst.index);
            for (let row = 0; row < table.start.length; row++) {
                found.push(this.#occurrence(inst, table, row));
            }
        }
        return sortOccurrences(found);
    }

    occurrencesOf(symbol: SymbolIndex): readonly Occurrence[] {
        const found: Occurrence[] = [];
        for (const inst of this.semantics.program.instances) {
            const table = this.table(inst.index);
            for (let row = 0; row < table.target.length; row++) {
                const bind = table.bind[row];
                if (bind !== BIND.symbol && bind !== BIND.external) {
                    continue;
                }
                const target = table.target[row] ?? 0;
                const isSet = ((table.flags[row] ?? 0) & OCCURRENCE_FLAG.set) !== 0;
                if (isSet ? table.sets[target]?.includes(symbol) === true : target === symbol) {
                    found.push(this.#occurrence(inst, table, row));
                }
            }
        }
        return sortOccurrences(found);
    }

    occurrencesOfLocal(local: LocalInfo): readonly Occurrence[] {
        return this.occurrencesIn(local.file).filter(
            (one) =>
                one.binding.kind === "local" &&
                one.binding.local.nameSpan.start === local.nameSpan.start,
        );
    }

    renameFamily(symbol: SymbolIndex): readonly SymbolIndex[] {
        const family = this.#relations.familyOf[symbol] ?? symbol;
        return this.#relations.families.get(family) ?? [symbol];
    }

    externalTraitOf(symbol: SymbolIndex): string | undefined {
        for (const member of this.renameFamily(symbol)) {
            const trait = this.#relations.foreignTrait.get(member);
            if (trait !== undefined) {
                return trait;
            }
        }
        return undefined;
    }

    childrenOf(symbol: SymbolIndex): readonly SymbolIndex[] {
        return this.#children.get(symbol) ?? [];
    }

    *edges(): Iterable<SymbolEdge> {
        yield* structuralEdges(this.#relations);
        for (const inst of this.semantics.program.instances) {
            yield* tokenEdges(this, inst);
        }
    }

    files(): readonly FileOwnership[] {
        return this.#ownership;
    }

    editionOf(file: string): "2015" | "2018" | "2021" | "2024" {
        const editions = this.#instancesOf(file).map((inst) => inst.crate.edition);
        return editions.sort()[0] ?? "2021";
    }

    counts(): BindingCounts {
        const counts = {
            symbol: 0,
            local: 0,
            external: 0,
            builtin: 0,
            ambiguous: 0,
            unresolved: 0,
            opaque: 0,
        };
        for (const inst of this.semantics.program.instances) {
            for (const bind of this.table(inst.index).bind) {
                const name = BIND_NAMES[bind];
                if (name !== undefined) {
                    counts[name] += 1;
                }
            }
        }
        return counts;
    }

    #instancesOf(file: string): readonly FileInstance[] {
        return this.semantics.program.instancesByPath.get(file) ?? [];
    }

    #occurrence(inst: FileInstance, table: OccurrenceTable, row: number): Occurrence {
        const flags = table.flags[row] ?? 0;
        const enclosing = this.#relations.nodeOf[table.enclosing[row] ?? 0] ?? -1;
        const isUnowned = inst.crate.index === -1;
        return {
            file: inst.path,
            span: { start: table.start[row] ?? 0, end: table.end[row] ?? 0 },
            name: table.names[table.name[row] ?? 0] ?? "",
            raw: (flags & OCCURRENCE_FLAG.raw) !== 0,
            role: ROLES[table.role[row] ?? 0] ?? "value",
            binding: this.#binding(table, row, flags),
            viaAlias: (flags & OCCURRENCE_FLAG.alias) !== 0,
            shorthand:
                (flags & OCCURRENCE_FLAG.shorthandField) !== 0
                    ? "field"
                    : (flags & OCCURRENCE_FLAG.shorthandValue) !== 0
                      ? "value"
                      : undefined,
            enclosing: enclosing === -1 || isUnowned ? undefined : enclosing,
            crate: isUnowned ? undefined : inst.crate.symbol,
            precision: "syntactic",
        };
    }

    #binding(table: OccurrenceTable, row: number, flags: number): Binding {
        const target = table.target[row] ?? 0;
        const reason = table.reasons[table.reason[row] ?? 0] ?? "";
        const symbols = (flags & OCCURRENCE_FLAG.set) !== 0 ? (table.sets[target] ?? []) : [target];
        switch (table.bind[row]) {
            case BIND.symbol:
                return { kind: "symbol", symbols };
            case BIND.local: {
                const local = table.locals[target];
                return local === undefined
                    ? { kind: "unresolved", reason: "a local that is not known" }
                    : { kind: "local", local };
            }
            case BIND.external:
                return { kind: "external", path: this.semantics.program.symbolAt(target).external };
            case BIND.builtin:
                return { kind: "builtin", name: table.names[table.name[row] ?? 0] ?? "" };
            case BIND.ambiguous:
                return { kind: "ambiguous", candidates: symbols, reason };
            case BIND.opaque:
                return { kind: "opaque", reason };
            default:
                return { kind: "unresolved", reason };
        }
    }
}

/** Makes the externals that impls of foreign traits implement. */
function nameForeignItems(semantics: Semantics): void {
    const { program } = semantics;
    for (const impl of semantics.impls.records) {
        const trait = impl.trait === undefined ? "" : program.symbolAt(impl.trait.symbol).external;
        if (trait !== "") {
            for (const name of impl.members.keys()) {
                program.external(`${trait}::${name}`);
            }
        }
    }
}

/** Longest token that a look-up by offset expects. */
const NAME_LENGTH_MAX = 4096;

function stripImpl(path: string): string {
    return path.replace(/<(.+?) as [^>]*>+/gu, "$1").replace(/<[^<>]*>/gu, "");
}

function lowerBound(column: Uint32Array, value: number): number {
    let low = 0;
    let high = column.length;
    while (low < high) {
        const middle = (low + high) >> 1;
        if ((column[middle] ?? 0) < value) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

function sortOccurrences(found: Occurrence[]): Occurrence[] {
    return found.sort((a, b) =>
        a.file === b.file ? a.span.start - b.span.start : a.file < b.file ? -1 : 1,
    );
}

const CALL_ROLES = new Set([ROLE_CODE.call, ROLE_CODE["method-call"]]);

/** Roles that name a symbol without using it: they give no edge. */
const SILENT_ROLES = new Set([
    ROLE_CODE.definition,
    ROLE_CODE.import,
    ROLE_CODE["import-alias"],
    ROLE_CODE["doc-link"],
    ROLE_CODE.visibility,
]);

/** Edges that the tokens of one file instance say. */
export function* tokenEdges(resolved: ResolvedWorkspace, inst: FileInstance): Iterable<SymbolEdge> {
    if (inst.crate.index === -1) {
        return;
    }
    const { nodeOf } = resolved.relations;
    const { program } = resolved.semantics;
    const table = resolved.table(inst.index);
    for (let row = 0; row < table.target.length; row++) {
        const bind = table.bind[row];
        const role = table.role[row] ?? 0;
        if ((bind !== BIND.symbol && bind !== BIND.external) || SILENT_ROLES.has(role)) {
            continue;
        }
        const source = nodeOf[table.enclosing[row] ?? 0] ?? -1;
        const target = table.target[row] ?? 0;
        const targets =
            ((table.flags[row] ?? 0) & OCCURRENCE_FLAG.set) !== 0
                ? (table.sets[target] ?? [])
                : [target];
        for (const one of targets) {
            const symbol = program.symbolAt(one);
            if (source === -1 || source === one || symbol.external.startsWith("_::")) {
                continue;
            }
            const isFunction =
                symbol.kind === "function" ||
                symbol.kind === "method" ||
                symbol.kind === "external";
            yield {
                source,
                target: one,
                kind: CALL_ROLES.has(role) && isFunction ? "call" : "reference",
            };
        }
    }
}

function ownershipOf(semantics: Semantics): FileOwnership[] {
    const { program } = semantics;
    const files: FileOwnership[] = [];
    for (const path of [...program.captures.keys()].sort()) {
        const owned = (program.instancesByPath.get(path) ?? []).filter(
            (inst) => inst.crate.index !== -1,
        );
        const owners = [...new Set(owned.map((inst) => inst.crate.symbol))].sort((a, b) => a - b);
        files.push({
            path,
            owners,
            cfg: owned[0]?.cfg ?? "",
            modules: owned.map((inst) => inst.rootScope.symbol),
        });
    }
    return files;
}
