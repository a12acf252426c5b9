// Tests that need something of the machine: where it is not there they do not run, and their name in the
// list of what did not run says why.

import { describe } from "vitest";

/** A group of tests that runs only where what it needs is there. */
export function describeWith(
    need: { readonly isThere: boolean; readonly what: string },
    name: string,
    body: () => void,
): void {
    const { isThere, what } = need;
    describe.runIf(isThere)(isThere ? name : `${name} [not run: needs ${what}]`, body);
}
