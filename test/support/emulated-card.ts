// The addon's card over the emulated driver, which runs kernels on the processor: logic, not races, and no card.

import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { loadNative, openCard, type NativeAddon, type NativeCard } from "../../src/native/index.ts";

/** The library with the driver's names; made by `npm run build:native`. */
export const EMULATED_DRIVER = fileURLToPath(
    new URL("../../native/build/addon/emulated_driver.so", import.meta.url),
);

/** Whether the addon is built, with kernels and beside the emulated driver. */
export async function hasEmulatedCard(): Promise<boolean> {
    const native = loadNative();
    if (!native.ok || !existsSync(EMULATED_DRIVER)) {
        return false;
    }
    const state = await openCard(native, { library: EMULATED_DRIVER, measure: false });
    native.addon.stopCard();
    return state.phase === "ready";
}

/** Opens the emulated card, which then counts as faster for every graph. */
export async function openEmulatedCard(): Promise<{ addon: NativeAddon; card: NativeCard }> {
    const native = loadNative();
    const state = await openCard(native, { library: EMULATED_DRIVER, measure: false });
    if (!native.ok || state.phase !== "ready") {
        throw new Error("no emulated card");
    }
    const always = { bfsEdgesMin: 0, manyEdgesMin: 0, pagesMin: 0 };
    return { addon: native.addon, card: { ...state.card, ...always } };
}
