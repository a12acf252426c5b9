// What a live session says of one symbol. Graphs and tables ask for every symbol after a change, and for a few of its
// properties each: all but what lies at hand is worked out when it is asked for, as ids, paths and duplicates need
// those of all symbols before, and places need the version of the file.

import type { Span } from "../base/index.ts";
import { NODE_FLAG, type NodeId, type SymbolKind } from "../graph/index.ts";
import type { FileCapture } from "../syntax/index.ts";
import { allOf } from "./cfg.ts";
import { inheritedCfg, type FileItems } from "./file-items.ts";
import type { Identities } from "./identities.ts";
import type { SymbolInfo, Visibility } from "./model.ts";
import { passedCfg } from "./passed-calls.ts";
import type { Program } from "./program.ts";
import type { Sym } from "./symbols.ts";

/** What symbols are described from: a session, as one set of captures sees it. */
export interface DescribedFrom {
    readonly session: {
        readonly program: Program;
        readonly identities: Identities;
        itemsOf(capture: FileCapture): FileItems;
    };
    readonly captures: ReadonlyMap<string, FileCapture>;
    graphParentOf(index: number): number;
}

/** A symbol of a session. */
export class DescribedSymbol implements SymbolInfo {
    readonly index: number;
    readonly #from: DescribedFrom;
    readonly #symbol: Sym;
    #place: Pick<SymbolInfo, "nameSpan" | "extent"> | undefined;

    constructor(from: DescribedFrom, index: number) {
        this.index = index;
        this.#from = from;
        this.#symbol = from.session.program.symbolAt(index);
    }

    get id(): NodeId {
        return this.#from.session.identities.id(this.index);
    }

    get kind(): SymbolKind {
        return this.#symbol.kind;
    }

    get name(): string {
        return this.kind === "impl" ? this.display : this.#symbol.name;
    }

    get path(): string {
        return this.#from.session.identities.path(this.index);
    }

    get display(): string {
        return this.#from.session.identities.display(this.index);
    }

    get file(): string | undefined {
        return this.#symbol.external === "" ? this.#symbol.inst?.path : undefined;
    }

    get nameSpan(): Span | undefined {
        return this.#placed().nameSpan;
    }

    get extent(): Span | undefined {
        return this.#placed().extent;
    }

    get parent(): number | undefined {
        const parent = this.#from.graphParentOf(this.index);
        return parent === -1 ? undefined : parent;
    }

    get crate(): number | undefined {
        return this.#symbol.crate === -1 ? undefined : this.#symbol.crate;
    }

    get visibility(): Visibility {
        return this.#symbol.visibility;
    }

    get flags(): number {
        const isDuplicate = this.#from.session.identities.isDuplicate(this.index);
        return this.#symbol.flags | (isDuplicate ? NODE_FLAG.duplicate : 0);
    }

    get cfg(): string {
        const { inst, item, cfg } = this.#symbol;
        const { program } = this.#from.session;
        return inst === undefined || item === -1
            ? ""
            : allOf(
                  inst.cfg,
                  cfg,
                  inheritedCfg(inst.items, item, (each) => passedCfg(program, inst, each)),
              );
    }

    #placed(): Pick<SymbolInfo, "nameSpan" | "extent"> {
        return (this.#place ??= placeOf(this.#from, this.#symbol));
    }
}

/** Spans of a definition in its file's version of these captures. */
function placeOf(
    { session, captures }: DescribedFrom,
    symbol: Sym,
): Pick<SymbolInfo, "nameSpan" | "extent"> {
    const capture = symbol.inst === undefined ? undefined : captures.get(symbol.inst.path);
    const item = capture === undefined ? undefined : session.itemsOf(capture).items[symbol.item];
    if (capture === undefined || item === undefined) {
        return { nameSpan: undefined, extent: undefined };
    }
    const { start, end } = capture.tree.columns;
    const span = (node: number): Span => ({ start: start[node] ?? 0, end: end[node] ?? 0 });
    return {
        nameSpan: item.nameNode === -1 ? undefined : span(item.nameNode),
        extent: span(item.node),
    };
}
