// The disk of this machine, with what the addon adds to it where it is built: files mapped for reading, room that is
// reserved ahead, locks of the kernel. The files and what they hold are the same either way.

import type { NativeAddon } from "../native/index.ts";
import { loadNative } from "../native/index.ts";
import { realDisk, type Disk, type FileCalls } from "../platform/index.ts";

/** The real disk, by the addon's calls where there is one. */
export function diskHere(): Disk {
    const native = loadNative();
    return realDisk(native.ok ? fileCallsOf(native.addon) : undefined);
}

/** What the addon can do with open files, as the platform asks for it. */
export function fileCallsOf(addon: NativeAddon): FileCalls {
    return {
        tryFlock: (descriptor, isShared) => addon.tryFlock(descriptor, isShared),
        reserve: (descriptor, byteCount) => addon.reserveFileAsync(descriptor, byteCount),
        map: (descriptor, byteCount) => new addon.MappedFile(descriptor, byteCount),
    };
}
