// A log file in memory that knows which bytes were synced, and fails when told to.

import { OperatingError } from "../../src/base/index.ts";

/** What goes wrong, and at which call (0 = the next one). */
export interface SimFault {
    readonly at: "write" | "sync";
    readonly call: number;
    /** Bytes that a failing write leaves behind. */
    readonly partial?: number;
}

/** A log file in memory. Fits the platform's LogFile. */
export class SimLog {
    readonly path: string;
    /** Content as a reader sees it now. */
    content: Buffer;
    /** Content as it was at the last successful sync. */
    durable: Buffer;
    fault: SimFault | undefined;
    writes = 0;
    syncs = 0;
    closed = false;

    constructor(content: Uint8Array = new Uint8Array(), path = "sim.graph.log") {
        this.path = path;
        this.content = Buffer.from(content);
        this.durable = Buffer.from(content);
    }

    get size(): number {
        return this.content.length;
    }

    async append(bytes: Uint8Array): Promise<number> {
        const at = this.size;
        await this.writeAt(at, bytes);
        return at;
    }

    async writeAt(offset: number, bytes: Uint8Array): Promise<void> {
        await Promise.resolve();
        const failing = this.#fails("write", this.writes++);
        const kept = failing ? bytes.subarray(0, this.fault?.partial ?? 0) : bytes;
        const grown = Buffer.alloc(Math.max(this.size, offset + kept.length));
        this.content.copy(grown);
        grown.set(kept, offset);
        this.content = grown;
        if (failing) {
            throw new OperatingError("DISK_FULL", "cannot write: no space");
        }
    }

    async datasync(): Promise<void> {
        await Promise.resolve();
        if (this.#fails("sync", this.syncs++)) {
            throw new OperatingError("DISK_IO", "cannot sync: input/output error");
        }
        this.durable = Buffer.from(this.content);
    }

    async readAt(offset: number, byteCount: number): Promise<Uint8Array> {
        await Promise.resolve();
        return Uint8Array.from(this.content.subarray(offset, offset + byteCount));
    }

    async readAll(): Promise<Uint8Array> {
        return this.readAt(0, this.size);
    }

    async truncate(size: number): Promise<void> {
        await Promise.resolve();
        this.content = Buffer.from(this.content.subarray(0, size));
    }

    async close(): Promise<void> {
        await Promise.resolve();
        this.closed = true;
    }

    #fails(at: "write" | "sync", call: number): boolean {
        return this.fault?.at === at && this.fault.call === call;
    }
}
