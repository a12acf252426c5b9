// A real disk whose reads and writes do a part of what they were asked for, and whose reads are
// interrupted, as the system may.

import { open } from "node:fs/promises";

import { CallPace, realDisk, type Disk } from "../../src/platform/index.ts";
import { logFileOver, rawFileOf, type RawFile } from "../../src/platform/log-file.ts";
import { seededNumbers } from "./trie-records.ts";

/** A real disk that reads and writes in small pieces; a quick one is called on this thread. */
export function shortDisk(seed: number, pace = new CallPace()): Disk {
    const random = seededNumbers(seed);
    const disk = realDisk();
    return {
        ...disk,
        openFile: async (path, mode) => {
            if (mode === "create") {
                // Made by the real one, so that an error is the real one's too.
                await (await disk.openFile(path, mode)).close();
            }
            const file = await disk.openFile(path, mode === "create" ? "write" : mode);
            await file.close();
            const handle = await open(path, mode === "read-only" ? "r" : "r+");
            const { size } = await handle.stat();
            return logFileOver(path, shortFile(handle, random), size, { pace });
        },
    };
}

type Handle = Awaited<ReturnType<typeof open>>;

function shortFile(handle: Handle, random: () => number): RawFile {
    const part = (length: number): number => Math.max(1, Math.ceil(random() * length));
    const whole = rawFileOf(handle);
    return {
        ...whole,
        read: (async (buffer: Uint8Array, offset: number, length: number, position: number) => {
            // Node hands on that a read was interrupted; other calls it makes again by itself.
            if (random() < 0.2) {
                throw Object.assign(new Error("interrupted system call"), { code: "EINTR" });
            }
            return handle.read(buffer, offset, part(length), position);
        }) as RawFile["read"],
        write: ((
            buffer: Uint8Array,
            offset: number,
            length: number | undefined,
            position: number,
        ) =>
            handle.write(
                buffer,
                offset,
                part(length ?? buffer.length - offset),
                position,
            )) as RawFile["write"],
        writeNow: (bytes, from, at) =>
            whole.writeNow(bytes.subarray(0, from + part(bytes.length - from)), from, at),
    };
}
