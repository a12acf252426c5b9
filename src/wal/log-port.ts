// What logs and stores need of a disk. The platform's Disk is one; a simulated one in tests is another.

/** A file that is written at offsets, synced, and cut. */
export interface LogPort {
    readonly path: string;
    readonly size: number;
    writeAt(offset: number, bytes: Uint8Array): Promise<void>;
    datasync(): Promise<void>;
    /** Reads into room that the caller has, or its own; the caller takes what is returned. */
    readAt(offset: number, byteCount: number, room?: Uint8Array): Promise<Uint8Array>;
    readAll(): Promise<Uint8Array>;
    /** Sees to it that the file can grow to a size without asking for room; where that cannot be done, nothing. */
    reserve(size: number): Promise<void>;
    truncate(size: number): Promise<void>;
    close(): Promise<void>;
}
