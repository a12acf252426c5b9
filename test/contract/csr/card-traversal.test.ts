// The card's traversal against the contract: over the emulated driver, and over a card where there is one; else the name of
// what is not run says why.

import { afterAll, beforeAll, describe } from "vitest";

import { nativeTraversal, type Traversal } from "../../../src/csr/index.ts";
import {
    describeCard,
    loadNative,
    openCard,
    type NativeAddon,
    type NativeCard,
} from "../../../src/native/index.ts";
import { hasEmulatedCard, openEmulatedCard } from "../../support/emulated-card.ts";
import { traversalContract } from "../traversal.ts";

const native = loadNative();
const isEmulated = await hasEmulatedCard();
const real = await openCard(native, { measure: false });

/** Sends every graph to the card; a failure of it is one of the test. */
function everythingOn(addon: NativeAddon, card: NativeCard): Traversal {
    const always = { ...card, bfsEdgesMin: 0, manyEdgesMin: 0 };
    return nativeTraversal(addon, { edgesMin: 0, cardEdgesMin: 0, card: () => always });
}

describe.runIf(isEmulated)("the emulated card", () => {
    let backend: Traversal;

    beforeAll(async () => {
        const { addon, card } = await openEmulatedCard();
        backend = everythingOn(addon, card);
    });

    afterAll(() => {
        if (native.ok) {
            native.addon.stopCard();
        }
    });

    traversalContract("CUDA, emulated", () => backend, { nodeCountMax: 40, runs: 60 });
});

const reason = real.phase === "ready" ? "" : ` (not run: ${describeCard(real)})`;

describe.runIf(real.phase === "ready")(`the card${reason}`, () => {
    beforeAll(async () => {
        // Opened again: the emulated one was open meanwhile.
        await openCard(native, { measure: false });
    });

    traversalContract(
        "CUDA",
        () => {
            if (!native.ok || real.phase !== "ready") {
                throw new Error(reason);
            }
            return everythingOn(native.addon, real.card);
        },
        { nodeCountMax: 40, runs: 200 },
    );
});
