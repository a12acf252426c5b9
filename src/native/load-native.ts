// Finds the addon. That it is absent is a normal state: everything has a twin in TypeScript.

import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

import { NATIVE_NAMES, SURFACE, type NativeAddon } from "./binding.ts";

/** The addon, or why there is none. */
export type NativeState =
    | { readonly ok: true; readonly addon: NativeAddon; readonly path: string }
    | { readonly ok: false; readonly reason: string };

/** Command that makes the addon. */
export const BUILD_COMMAND = "npm run build:native";

/** Loads the addon of this platform, once; FERROGRAPH_NATIVE=off in the environment leaves it out. */
export function loadNative(): NativeState {
    state ??=
        process.env["FERROGRAPH_NATIVE"] === "off"
            ? { ok: false, reason: "FERROGRAPH_NATIVE=off leaves it out" }
            : loadNativeFrom(nativePath());
    return state;
}

let state: NativeState | undefined;

/** Where the addon of this platform lies. */
export function nativePath(): string {
    // From src/native, from dist/native and from dist/bundle alike, the package is two folders up.
    const place = `../../prebuilds/${process.platform}-${process.arch}/ferrograph.node`;
    return fileURLToPath(new URL(place, import.meta.url));
}

/** Loads an addon from a file. */
export function loadNativeFrom(path: string): NativeState {
    if (!existsSync(path)) {
        return {
            ok: false,
            reason: `none is built for ${process.platform}-${process.arch}`,
        };
    }
    let loaded: unknown;
    try {
        loaded = createRequire(import.meta.url)(path);
    } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        return { ok: false, reason: `it cannot be loaded: ${message.split("\n")[0] ?? ""}` };
    }
    return isAddon(loaded)
        ? { ok: true, addon: loaded, path }
        : { ok: false, reason: "it belongs to another version of ferrograph" };
}

function isAddon(loaded: unknown): loaded is NativeAddon {
    return (
        typeof loaded === "object" &&
        loaded !== null &&
        "surface" in loaded &&
        loaded.surface === SURFACE &&
        NATIVE_NAMES.addon.every((name) => name in loaded)
    );
}
