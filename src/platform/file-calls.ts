// Calls of the operating system that Node does not offer, as a port: whoever may know the addon gives them
// (native), and everything here does without them where there are none.

/** A file mapped for reading. A file that is cut or fails beneath it is an answer, not a signal. */
export interface MappedBytes {
    /** Fills bytes from an offset on; false where some could not be had. */
    readInto(offset: number, bytes: Uint8Array): boolean;
    close(): void;
}

/** What an addon can do with open files. */
export interface FileCalls {
    /** Takes the kernel's lock of an open file without waiting; closing the file gives it back. */
    tryFlock(descriptor: number, isShared: boolean): "held" | "taken" | "unsupported";
    /** Gives a file's first bytes blocks of their own, its size unchanged; false where that cannot be done. */
    reserve(descriptor: number, byteCount: number): Promise<boolean>;
    /** Maps the first bytes of an open file; throws what the system says. */
    map(descriptor: number, byteCount: number): MappedBytes;
}

/**
 * Reads at once by a mapping. A copy out of it takes a tenth to a half of the processor time of a read by Node's
 * threads, up to about this many bytes; more would keep others waiting.
 */
const MAPPED_READ_BYTES_MAX = 1 << 20;

/** The bytes that a file had when it was opened, mapped as long as that goes well. */
export class MappedStart {
    readonly #byteCount: number;
    #mapped: MappedBytes | undefined;

    constructor(calls: FileCalls, descriptor: number, byteCount: number) {
        this.#byteCount = byteCount;
        try {
            this.#mapped = calls.map(descriptor, byteCount);
        } catch {
            this.#mapped = undefined; // Not every file can be mapped; all can be read.
        }
    }

    /** Fills bytes; false where they are to be read by other means, which then say what is wrong. */
    readInto(offset: number, bytes: Uint8Array): boolean {
        const isHere =
            bytes.length <= MAPPED_READ_BYTES_MAX &&
            offset + bytes.length <= this.#byteCount &&
            bytes.buffer instanceof ArrayBuffer;
        if (this.#mapped === undefined || !isHere) {
            return false;
        }
        const isWhole = this.#mapped.readInto(offset, bytes);
        if (!isWhole) {
            this.close();
        }
        return isWhole;
    }

    close(): void {
        this.#mapped?.close();
        this.#mapped = undefined;
    }
}
