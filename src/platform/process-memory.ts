// Resident memory of another process, where the system tells it (Linux).

import { readBytesIfThere } from "./files.ts";

const POLL_MS = 1_000;
const KIB = 1_024;

/** Resident bytes of a process; undefined where that is not told, or there is no such process. */
async function residentBytesOf(pid: number): Promise<number | undefined> {
    const status = await readBytesIfThere(`/proc/${pid}/status`);
    const text = Buffer.from(status ?? new Uint8Array(0)).toString("latin1");
    const kib = /^VmRSS:\s*(?<kib>\d+) kB$/mu.exec(text)?.groups?.["kib"];
    return kib === undefined ? undefined : Number(kib) * KIB;
}

/** A watch over the memory of a process. */
export interface MemoryWatch {
    /** Looks now, besides each second. */
    readonly look: () => Promise<void>;
    readonly stop: () => void;
}

/** Calls back once when a process takes more memory than it may. */
export function watchProcessMemory(
    pid: number,
    bytesMax: number,
    over: (bytes: number) => void,
): MemoryWatch {
    let isWatching = true;
    const stop = (): void => {
        isWatching = false;
        clearInterval(timer);
    };
    const look = async (): Promise<void> => {
        // Gone while it was looked at: nothing to tell.
        const bytes = await residentBytesOf(pid).catch(() => undefined);
        if (isWatching && bytes !== undefined && bytes > bytesMax) {
            stop();
            over(bytes);
        }
    };
    const timer = setInterval(() => void look(), POLL_MS);
    timer.unref();
    return { look, stop };
}
