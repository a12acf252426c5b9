// A file's text with some macro calls replaced by what they give, and the way back from its offsets to the
// tokens that were written.

import type { Span } from "../base/index.ts";
import type { HygieneMark, MacroToken, RenderedTokens } from "../syntax/index.ts";

/** One call's replacement. */
export interface Splice extends Span {
    readonly rendered: RenderedTokens;
    /** Parentheses, where the call stands for a value. */
    readonly frame: readonly [string, string];
}

/** What stands at an offset of the expanded text. */
export interface WrittenAt {
    /** Number of the text that holds the token; undefined for the file's own. */
    readonly source: number | undefined;
    readonly start: number;
    readonly mark: HygieneMark | undefined;
    /** The token, where a macro's output holds it. */
    readonly token: MacroToken | undefined;
}

interface Region extends Span {
    readonly splice: Splice;
    /** Where the rendered tokens begin. */
    readonly first: number;
}

/** A text with calls expanded. */
export class ExpandedFile {
    readonly text: string;
    readonly #regions: readonly Region[];

    /** `splices` do not overlap, and are in the order of the text. */
    constructor(before: string, splices: readonly Splice[]) {
        const regions: Region[] = [];
        let text = "";
        let at = 0;
        for (const splice of splices) {
            text += before.slice(at, splice.start);
            const start = text.length;
            const [open, close] = splice.frame;
            const first = start + open.length;
            text += `${open}${splice.rendered.text}${close}`;
            regions.push({ start, end: text.length, splice, first });
            at = splice.end;
        }
        this.text = text + before.slice(at);
        this.#regions = regions;
    }

    /** Where the token at an offset was written; undefined for what only the expansion has. */
    writtenAt(offset: number): WrittenAt | undefined {
        const at = this.#lastBefore(offset);
        const region = this.#regions[at];
        if (region === undefined || offset >= region.end) {
            const shift = region === undefined ? 0 : region.end - region.splice.end;
            return { source: undefined, start: offset - shift, mark: undefined, token: undefined };
        }
        const origin = region.splice.rendered.originAt(offset - region.first);
        return (
            origin && {
                source: origin.source,
                start: origin.offset,
                mark: origin.token.mark,
                token: origin.token,
            }
        );
    }

    /** The number of the last replacement that begins at an offset or before; -1 for none. */
    #lastBefore(offset: number): number {
        let low = 0;
        let high = this.#regions.length;
        while (low < high) {
            const middle = (low + high) >> 1;
            if ((this.#regions[middle]?.start ?? 0) <= offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low - 1;
    }

    /** The number of the splice that an offset lies in; -1 outside of all. */
    spliceAt(offset: number): number {
        const at = this.#lastBefore(offset);
        return offset < (this.#regions[at]?.end ?? 0) ? at : -1;
    }

    /** Where the replacements stand, in the order of the splices. */
    get regions(): readonly Span[] {
        return this.#regions;
    }

    /** Where a place of the text before stands; undefined where a call stood. */
    offsetOf(before: number): number | undefined {
        let shift = 0;
        for (const { end, splice } of this.#regions) {
            if (before < splice.start) {
                break;
            }
            if (before < splice.end) {
                return undefined;
            }
            shift = end - splice.end;
        }
        return before + shift;
    }
}
