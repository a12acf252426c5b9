// The addon's traversal against the contract. Not run where the addon is not built: `npm run build:native`.

import { describe } from "vitest";

import { nativeTraversal } from "../../../src/csr/index.ts";
import { loadNative } from "../../../src/native/index.ts";
import { traversalContract } from "../traversal.ts";

const native = loadNative();

describe.runIf(native.ok)("the addon", () => {
    traversalContract(
        "C++",
        () => {
            if (!native.ok) {
                throw new Error(native.reason);
            }
            // Every graph goes to the addon, however small.
            return nativeTraversal(native.addon, { edgesMin: 0 });
        },
        { nodeCountMax: 40, runs: 200 },
    );
});
