// Ids and texts of symbols: canonical paths made unique, and display paths. Computed when first asked for;
// externals that are made later get theirs then.

import { encodeCanonicalPath, nodeIdOf, type NodeId } from "../graph/index.ts";
import type { Semantics } from "./semantics.ts";
import { canonicalOf, displayOf, implHeader } from "./symbol-paths.ts";

/** Identities of a program's symbols, by index. */
export class Identities {
    readonly #semantics: Semantics;
    readonly #ids: NodeId[] = [];
    readonly #paths: string[] = [];
    readonly #displays: (string | undefined)[] = [];
    readonly #counts = new Map<string, number>();
    readonly #byId = new Map<NodeId, number>();
    readonly #duplicates = new Set<number>();
    readonly #cratePaths = new Map<number, string>();

    constructor(semantics: Semantics) {
        this.#semantics = semantics;
    }

    id(index: number): NodeId {
        this.#extend(index);
        return this.#ids[index] ?? (0n as NodeId);
    }

    path(index: number): string {
        // Externals and crates have no ordinals that the symbols before them decide.
        switch (this.#semantics.program.symbolAt(index).kind) {
            case "external":
                return encodeCanonicalPath(canonicalOf(this.#semantics, index));
            case "crate":
                return this.#cratePath(index);
            default:
                this.#extend(index);
                return this.#paths[index] ?? "";
        }
    }

    /** Whether another symbol before it has the same path but for the ordinal. */
    isDuplicate(index: number): boolean {
        this.#extend(index);
        return this.#duplicates.has(index);
    }

    /** Crates have paths of their own kind, without segments: only another crate can have the same one. */
    #cratePath(index: number): string {
        if (this.#cratePaths.size === 0) {
            for (const { symbol } of this.#semantics.program.crates) {
                this.#cratePaths.set(
                    symbol,
                    encodeCanonicalPath(canonicalOf(this.#semantics, symbol)),
                );
            }
        }
        return this.#cratePaths.get(index) ?? "";
    }

    display(index: number): string {
        let display = this.#displays[index];
        if (display === undefined) {
            const isImpl = this.#semantics.program.symbolAt(index).kind === "impl";
            display = isImpl
                ? implHeader(this.#semantics, index)
                : displayOf(this.#semantics, index);
            this.#displays[index] = display;
        }
        return display;
    }

    findById(id: NodeId): number | undefined {
        this.#extend(this.#semantics.program.symbols.length - 1);
        return this.#byId.get(id);
    }

    /** Symbols are identified in order, so that ordinals of duplicates follow the source. */
    #extend(upTo: number): void {
        for (let index = this.#ids.length; index <= upTo; index++) {
            const symbol = this.#semantics.program.symbolAt(index);
            const path = this.#unique(index, symbol.kind === "external");
            const id = nodeIdOf(path);
            this.#paths.push(path);
            this.#ids.push(id);
            this.#byId.set(id, index);
        }
    }

    /** True duplicates (invalid code, macro output, blocks) get an ordinal; they are never merged. */
    #unique(index: number, isExternal: boolean): string {
        const canonical = canonicalOf(this.#semantics, index);
        const path = encodeCanonicalPath(canonical);
        const count = (this.#counts.get(path) ?? 0) + 1;
        this.#counts.set(path, count);
        const last = canonical.segments[canonical.segments.length - 1];
        if (count === 1 || last === undefined || isExternal) {
            return path;
        }
        this.#duplicates.add(index);
        const segments = [...canonical.segments.slice(0, -1), { ...last, ordinal: count }];
        return encodeCanonicalPath({ ...canonical, segments });
    }
}
