// From the compiler's names of bodies to the items that they are part of. A closure's body belongs to the
// function around it; a derived impl, which no token of the source makes, to the type that derives it.

import type { FactFile } from "../../capture/index.ts";
import type { NodeId } from "../../graph/index.ts";
import type { ResolutionSource } from "../resolution-source.ts";
import { tokenAt, type FileSegments } from "./file-segments.ts";
import type { EvidenceTarget } from "./model.ts";

/** What owners are looked for in. */
export interface OwnerInput {
    readonly source: ResolutionSource;
    /** What a DefPath names; undefined for one that no unit defines. */
    readonly definition: (path: string) => EvidenceTarget | undefined;
    /** Whether no token of the source makes a definition. */
    readonly isMade: (path: string) => boolean;
    readonly cut: (path: string) => FileSegments | undefined;
    readonly textOf: (path: string) => string | undefined;
}

/** The item that a body is part of. */
export interface BodyOwner {
    readonly symbol: number;
    /** What the body is of it: `{closure#0}`; empty for its own. */
    readonly part: string;
}

/** Where a token stands in terms of segments. */
export interface SegmentPlace {
    readonly file: string;
    readonly segment: number;
}

/** A place in the source, as facts have it. */
interface FactPlace {
    readonly files: readonly FactFile[];
    readonly file: number;
    readonly start: number;
}

/** Finds the owners of bodies. */
export class BodyOwners {
    readonly #input: OwnerInput;
    readonly #typesIn = new Map<string, readonly number[]>();

    constructor(input: OwnerInput) {
        this.#input = input;
    }

    /** The item whose body has the path, or is around the body that has it. */
    find(path: string): BodyOwner | undefined {
        let whole = path;
        const parts: string[] = [];
        for (;;) {
            const symbol = this.#symbolOf(this.#input.definition(whole));
            if (symbol !== undefined) {
                return { symbol, part: parts.join("::") };
            }
            const cut = whole.lastIndexOf("::{");
            const isInner = cut !== -1 && /^\{(?!impl)[^:]*\}$/u.test(whole.slice(cut + 2));
            if (!isInner) {
                return undefined;
            }
            parts.unshift(whole.slice(cut + 2));
            whole = whole.slice(0, cut);
        }
    }

    /** The type that derives the impl whose body has the path; the place is in or before the type. */
    findDeriving(path: string, place: FactPlace, crate: number): number | undefined {
        const impl = /^.*::\{impl#\d+\}(?=::)/u.exec(path)?.[0];
        const file = place.files[place.file]?.path;
        if (impl === undefined || file === undefined) {
            return undefined;
        }
        if (!this.#input.isMade(impl)) {
            return undefined;
        }
        const { source } = this.#input;
        const type = this.#typesOf(file).find((one) => {
            const { crate: owner, extent } = source.symbol(one);
            return owner === crate && (extent?.end ?? 0) > place.start;
        });
        const start = type === undefined ? undefined : source.symbol(type).extent?.start;
        const isInside = start !== undefined && start <= place.start;
        // Before the type it is what a derive names; else a macro made the impl.
        return isInside || this.#isInDerive(file, place.start) ? type : undefined;
    }

    #isInDerive(file: string, at: number): boolean {
        const before = this.#input.textOf(file)?.slice(Math.max(0, at - ATTRIBUTE_MAX), at) ?? "";
        return /#\[[^\]]*\bderive\s*\([^\]]*$/u.test(before);
    }

    /** The segment that holds a symbol's body. */
    segmentOf(symbol: number): SegmentPlace | undefined {
        const { file, extent } = this.#input.source.symbol(symbol);
        const cut = file === undefined ? undefined : this.#input.cut(file);
        const token = cut === undefined || extent === undefined ? -1 : tokenAt(cut, extent.end - 1);
        return file === undefined || token === -1
            ? undefined
            : { file, segment: cut?.segmentOf[token] ?? 0 };
    }

    #symbolOf(target: EvidenceTarget | undefined): number | undefined {
        const [id] = target?.kind === "symbols" ? target.ids : [];
        return id === undefined
            ? undefined
            : this.#input.source.findById(BigInt(`0x${id}`) as NodeId);
    }

    /** Types that are defined in a file, in order. */
    #typesOf(file: string): readonly number[] {
        if (this.#typesIn.size === 0) {
            this.#listTypes();
        }
        return this.#typesIn.get(file) ?? [];
    }

    #listTypes(): void {
        const { source } = this.#input;
        const all = new Map<string, { symbol: number; start: number }[]>();
        for (let symbol = 0; symbol < source.symbolCount; symbol++) {
            if (!DERIVING.has(source.kindOf(symbol))) {
                continue;
            }
            const { file = "", extent } = source.symbol(symbol);
            all.set(file, [...(all.get(file) ?? []), { symbol, start: extent?.start ?? 0 }]);
        }
        for (const [file, types] of all) {
            const sorted = types.sort((a, b) => a.start - b.start).map((one) => one.symbol);
            this.#typesIn.set(file, sorted);
        }
    }
}

/** Longest attribute that is looked through. */
const ATTRIBUTE_MAX = 2_000;

const DERIVING: ReadonlySet<string> = new Set(["struct", "enum", "union"]);
