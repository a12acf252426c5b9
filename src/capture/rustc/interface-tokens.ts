// What of a crate's source other crates can see, as a hash: its tokens without comments, without the
// bodies of functions, and without private functions. A body counts where its contents are seen from
// outside: of `const fn`, of functions that return `impl Trait`, with impls or macros in it.
// Whatever is not surely invisible counts, so that equal hashes mean an equal view.

import { createHash } from "node:crypto";

import { RustTokens } from "./dump/rust-tokens.ts";
import { readItems } from "./item-tokens.ts";

/** Hash of what other crates can see of a file. */
export function hashInterface(text: string): string {
    const tokens = new RustTokens(text);
    const kept: string[] = [];
    const keep = (from: number, to: number): void => {
        for (let i = from; i < to; i++) {
            kept.push(tokens.text.slice(tokens.starts[i], tokens.ends[i]));
        }
    };
    let at = 0;
    for (const { from, open, end, isVisible } of readItems(tokens).bodies) {
        keep(at, isVisible ? open : from);
        at = end;
    }
    keep(at, tokens.count);
    return createHash("sha256").update(kept.join("\n"), "utf8").digest("hex");
}
