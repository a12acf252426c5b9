// Canonical paths of symbols as text, ordinals left out: what ids are made of. Each is its parent's text and a
// segment of its own, so that none is written twice.

import {
    encodeChildPath,
    encodeOriginPath,
    type Namespace,
    type PathOrigin,
    type PathSegment,
} from "../graph/index.ts";
import { allOf } from "./cfg.ts";
import { NS } from "./file-items.ts";
import type { Meaning } from "./meaning.ts";
import type { Program } from "./program.ts";
import { displayOf } from "./symbol-paths.ts";
import type { Sym } from "./symbols.ts";

/** The texts of one program's symbols. */
export class CanonicalTexts {
    readonly #meaning: Meaning;
    readonly #texts: (string | undefined)[] = [];
    /** Texts of inherent impls as their members have them: without the predicate, which goes to the member. */
    readonly #owners: (string | undefined)[] = [];
    readonly #origins = new Map<number, string>();

    constructor(meaning: Meaning) {
        this.#meaning = meaning;
    }

    /** The text of a symbol. */
    of(index: number): string {
        return (this.#texts[index] ??= this.#write(this.#meaning.program.symbolAt(index)));
    }

    #write(symbol: Sym): string {
        if (symbol.external !== "") {
            return writeExternal(symbol.external);
        }
        if (symbol.parent === -1) {
            return this.#originOf(symbol.crate);
        }
        if (symbol.kind === "impl") {
            // A type's members hang below the crate, wherever the impl block stands.
            return this.#writeImpl(symbol, symbol.cfg);
        }
        const parent = this.#meaning.program.symbolAt(symbol.parent);
        const isMember = parent.kind === "impl" && parent.parent !== -1;
        if (!isMember || this.#meaning.implOf(parent.index)?.isTraitImpl === true) {
            return encodeChildPath(this.of(parent.index), segment(symbol, symbol.name, symbol.cfg));
        }
        // An inherent impl is its type.
        const owner = (this.#owners[parent.index] ??= this.#writeImpl(parent, ""));
        const cfg = parent.cfg === "" ? symbol.cfg : allOf(symbol.cfg, parent.cfg);
        return encodeChildPath(owner, segment(symbol, symbol.name, cfg));
    }

    #writeImpl(impl: Sym, cfg: string): string {
        const name = displayOf(this.#meaning, impl.index);
        return encodeChildPath(this.#originOf(impl.crate), segment(impl, name, cfg));
    }

    #originOf(crate: number): string {
        let text = this.#origins.get(crate);
        if (text === undefined) {
            text = encodeOriginPath(originOf(this.#meaning.program, crate));
            this.#origins.set(crate, text);
        }
        return text;
    }
}

function writeExternal(path: string): string {
    const [first = "", ...rest] = path.split("::");
    let text = encodeOriginPath({ kind: "external", package: first, version: "", source: "" });
    for (const name of rest) {
        text = encodeChildPath(text, { kind: "external", namespace: "none", name });
    }
    return text;
}

function segment(symbol: Sym, name: string, cfg: string): PathSegment {
    const base = { kind: symbol.kind, namespace: namespaceOf(symbol), name };
    return cfg === "" ? base : { ...base, cfg };
}

function namespaceOf(symbol: Sym): Namespace {
    if ((symbol.namespaces & NS.type) !== 0) {
        return "type";
    }
    if ((symbol.namespaces & NS.value) !== 0) {
        return "value";
    }
    return (symbol.namespaces & NS.macro) !== 0 ? "macro" : "none";
}

function originOf(program: Program, crateSymbol: number): PathOrigin {
    const crate = program.crateOfSymbol.get(crateSymbol);
    const pkg = crate === undefined ? undefined : program.model.packages[crate.package];
    return {
        kind: "workspace",
        folder: pkg === undefined || pkg.folder === "" ? "." : pkg.folder,
        package: pkg?.name ?? "",
        targetKind: crate?.targetKind ?? "",
        targetName: crate?.targetName ?? "",
    };
}
