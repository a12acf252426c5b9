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

/** Calls back once when a process takes more memory than it may; answers with what stops looking. */
export function watchProcessMemory(
    pid: number,
    bytesMax: number,
    over: (bytes: number) => void,
): () => void {
    const timer = setInterval(() => {
        residentBytesOf(pid).then(
            (bytes) => {
                if (bytes !== undefined && bytes > bytesMax) {
                    clearInterval(timer);
                    over(bytes);
                }
            },
            () => undefined, // Gone while it was looked at.
        );
    }, POLL_MS);
    timer.unref();
    return () => {
        clearInterval(timer);
    };
}
