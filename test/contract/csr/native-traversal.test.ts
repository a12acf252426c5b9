// The addon's traversal against the contract: as it comes, with every answer handed over without copying, and with
// every answer copied. Not run where the addon is not built: `npm run build:native`.

import { afterAll, beforeAll, describe } from "vitest";

import { nativeTraversal } from "../../../src/csr/index.ts";
import { HANDED_OVER_BYTES, loadNative, type NativeAddon } from "../../../src/native/index.ts";
import { traversalContract } from "../traversal.ts";

const native = loadNative();

function requireAddon(): NativeAddon {
    if (!native.ok) {
        throw new Error(native.reason);
    }
    return native.addon;
}

describe.runIf(native.ok).each([
    ["", HANDED_OVER_BYTES, 200],
    [", all answers handed over", 0, 60],
    [", all answers copied", Number.MAX_SAFE_INTEGER, 60],
])("the addon%s", (name, byteCount, runs) => {
    beforeAll(() => {
        requireAddon().handOverFrom(byteCount);
    });

    afterAll(() => {
        requireAddon().handOverFrom(HANDED_OVER_BYTES);
    });

    traversalContract(
        `C++${name}`,
        // Every graph goes to the addon, however small.
        () => nativeTraversal(requireAddon(), { edgesMin: 0 }),
        { nodeCountMax: 40, runs },
    );
});
