// What two sources of evidence say together, made once for the same two.

import type { Evidence } from "../resolve/index.ts";

/** Joins evidence, and remembers the last join. */
export class JoinedEvidence {
    #joined: { readonly of: readonly Evidence[]; readonly all: Evidence } | undefined;

    /** All that either says; undefined where there is neither. */
    of(one: Evidence | undefined, other: Evidence | undefined): Evidence | undefined {
        if (one === undefined || other === undefined) {
            return one ?? other;
        }
        if (this.#joined?.of[0] !== one || this.#joined.of[1] !== other) {
            this.#joined = { of: [one, other], all: one.with(other) };
        }
        return this.#joined.all;
    }
}
