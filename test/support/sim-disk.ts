// A disk in memory that is as unkind as a real one may be: what was not synced may be lost when it
// crashes, sector by sector and name by name; operations fail when told to. All of it from a seed.
// Fits the platform's Disk.

import { dirname } from "node:path";

import { OperatingError } from "../../src/base/index.ts";
import type { DirectFile, Disk, LogFile, LogFileMode } from "../../src/platform/index.ts";
import { seededNumbers } from "./trie-records.ts";

const SECTOR_BYTES = 512;

/** What goes wrong, and at which change of the disk (0 = the first). */
export interface DiskFault {
    readonly at: number;
    /** `crash` turns the machine off; `full` and `error` fail once; `read` counts reads instead. */
    readonly kind: "crash" | "error" | "full" | "read";
}

/** What a crash keeps of what was not synced. */
export type Survival = "all" | "none" | "some";

type Pending =
    | { readonly kind: "write"; readonly offset: number; readonly bytes: Buffer }
    | { readonly kind: "truncate"; readonly size: number };

interface Inode {
    content: Buffer;
    durable: Buffer;
    pending: Pending[];
}

/** Names that one operation changes: undefined takes a name away. */
type NameChange = readonly (readonly [string, Inode | undefined])[];

/** Signals that the machine went off. */
export class CrashError extends Error {
    override readonly name = "CrashError";
}

/** A disk in memory. */
export class SimDisk implements Disk {
    readonly seed: number;
    readonly #random: () => number;
    readonly #names = new Map<string, Inode>();
    readonly #durableNames = new Map<string, Inode>();
    readonly #pendingNames = new Map<string, NameChange[]>();
    readonly #locks = new Set<string>();
    /** What was changed, in order: `write path offset bytes`, `sync path`, `rename from to`… */
    readonly trace: string[] = [];
    fault: DiskFault | undefined;
    isReadOnly = false;
    /** Changes what is written, without a word: a disk that lies. */
    corrupts: ((path: string, bytes: Uint8Array) => void) | undefined;
    /** What opening a file throws; undefined where it does not. */
    opening: ((path: string) => Error | undefined) | undefined;
    reads = 0;
    #isOff = false;

    constructor(seed = 1) {
        this.seed = seed;
        this.#random = seededNumbers(seed);
    }

    /** Number of changes so far. */
    get changes(): number {
        return this.trace.length;
    }

    /** Number of syncs of files so far. */
    get syncs(): number {
        return this.trace.filter((line) => line.startsWith("sync ")).length;
    }

    /** Whether a crash has happened. */
    get isOff(): boolean {
        return this.#isOff;
    }

    async openFile(path: string, mode: LogFileMode): Promise<LogFile> {
        await Promise.resolve();
        const found = this.#names.get(path);
        const error = this.opening?.(path);
        if (error !== undefined) {
            throw error;
        }
        if (mode !== "read-only" && this.isReadOnly) {
            throw readOnly(path);
        }
        if (found === undefined) {
            if (mode === "read-only" || mode === "write") {
                throw new OperatingError("FILE_NOT_FOUND", `cannot read ${path}: it is not there`);
            }
            const made: Inode = { content: NONE, durable: NONE, pending: [] };
            this.#change(`create ${path}`, path);
            this.#rename(dirname(path), [[path, made]]);
            return new SimFile(this, path, made);
        }
        if (mode === "create") {
            throw new OperatingError("DISK_IO", `cannot write ${path}: it exists`);
        }
        return new SimFile(this, path, found);
    }

    openDirect(path: string): DirectFile {
        const found = this.#names.get(path);
        if (found === undefined) {
            throw new OperatingError("FILE_NOT_FOUND", `cannot read ${path}: it is not there`);
        }
        return {
            path,
            size: found.content.length,
            readInto: (offset, bytes) => {
                this.read(path);
                if (offset + bytes.length > found.content.length) {
                    throw new OperatingError("DISK_IO", `cannot read ${path}: it ends too early`);
                }
                bytes.set(found.content.subarray(offset, offset + bytes.length));
            },
            close: () => undefined,
        };
    }

    async fileSize(path: string): Promise<number | undefined> {
        await Promise.resolve();
        this.#assertOn();
        return this.#names.get(path)?.content.length;
    }

    async listFolder(path: string): Promise<string[]> {
        await Promise.resolve();
        this.#assertOn();
        return this.paths()
            .filter((name) => dirname(name) === path)
            .map((name) => name.slice(path.length + 1));
    }

    async makeFolder(path: string): Promise<void> {
        await Promise.resolve();
        if (this.isReadOnly) {
            throw readOnly(path);
        }
    }

    async rename(from: string, to: string): Promise<void> {
        await Promise.resolve();
        const inode = this.#names.get(from);
        if (inode === undefined) {
            throw new OperatingError("DISK_IO", `cannot write ${from}: it is not there`);
        }
        this.#change(`rename ${from} ${to}`, from);
        this.#rename(dirname(to), [
            [from, undefined],
            [to, inode],
        ]);
    }

    async remove(path: string): Promise<void> {
        await Promise.resolve();
        if (this.#names.has(path)) {
            this.#change(`remove ${path}`, path);
            this.#rename(dirname(path), [[path, undefined]]);
        }
    }

    async syncFolder(path: string): Promise<void> {
        await Promise.resolve();
        this.#change(`sync-folder ${path}`, path);
        for (const change of this.#pendingNames.get(path) ?? []) {
            applyNames(this.#durableNames, change);
        }
        this.#pendingNames.delete(path);
    }

    lock(path: string): { readonly path: string; release(): void } {
        if (this.isReadOnly) {
            throw readOnly(path);
        }
        if (this.#locks.has(path)) {
            throw new OperatingError("STORE_LOCKED", `${path} is locked by process 1`);
        }
        this.#locks.add(path);
        return { path, release: () => this.#locks.delete(path) };
    }

    lockOwner(path: string): number | undefined {
        return this.#locks.has(path) ? 1 : undefined;
    }

    /** Names of all files, sorted. */
    paths(): string[] {
        return [...this.#names.keys()].sort();
    }

    /** Content of a file as a reader sees it. */
    content(path: string): Buffer {
        const inode = this.#names.get(path);
        if (inode === undefined) {
            throw new Error(`${path} is not on the disk`);
        }
        return Buffer.from(inode.content);
    }

    /** Puts a file on the disk, durable. */
    put(path: string, bytes: Uint8Array): void {
        const content = Buffer.from(bytes);
        const inode = { content, durable: Buffer.from(content), pending: [] };
        this.#names.set(path, inode);
        this.#durableNames.set(path, inode);
    }

    /** Takes a file off the disk, durably. */
    drop(path: string): void {
        this.#names.delete(path);
        this.#durableNames.delete(path);
    }

    /** The disk after the machine was turned on again. */
    afterCrash(survival: Survival, seed = this.seed + 1): SimDisk {
        const next = new SimDisk(seed);
        const random = seededNumbers(seed * 7919 + 13);
        const names = new Map(this.#durableNames);
        for (const changes of this.#pendingNames.values()) {
            // Any of them, in order: nothing but a sync of the folder puts one before another.
            const chance = survival === "some" ? ([0, 0.5, 1][Math.floor(random() * 3)] ?? 0) : 0;
            const isKept = (): boolean => survival === "all" || random() < chance;
            changes.filter(isKept).forEach((change) => {
                applyNames(names, change);
            });
        }
        for (const [path, inode] of names) {
            next.put(path, survive(inode, survival, random));
        }
        return next;
    }

    /** The same content on a disk of its own, all of it durable. */
    copy(): SimDisk {
        const copy = new SimDisk(this.seed);
        for (const path of this.paths()) {
            copy.put(path, this.content(path));
        }
        return copy;
    }

    /** Counts a change, and fails it when it is its turn; for files. */
    change(line: string, path: string, onFailure: (random: () => number) => void): void {
        this.#change(line, path, onFailure);
    }

    /** Counts a read, and fails it when it is its turn; for files. */
    read(path: string): void {
        this.#assertOn();
        const { fault } = this;
        this.reads += 1;
        if (fault?.kind === "read" && fault.at === this.reads - 1) {
            throw new OperatingError("DISK_IO", `cannot read ${path}: input/output error`);
        }
    }

    #change(line: string, path: string, onFailure?: (random: () => number) => void): void {
        this.#assertOn();
        if (this.isReadOnly) {
            throw readOnly(path);
        }
        const { fault } = this;
        this.trace.push(line);
        if (fault === undefined || fault.kind === "read" || fault.at !== this.changes - 1) {
            return;
        }
        onFailure?.(this.#random);
        if (fault.kind === "crash") {
            this.#isOff = true;
            throw new CrashError(`the machine went off at ${line}`);
        }
        throw fault.kind === "full"
            ? new OperatingError("DISK_FULL", `cannot write ${path}: no space left`)
            : new OperatingError("DISK_IO", `cannot write ${path}: input/output error`);
    }

    #rename(folder: string, change: NameChange): void {
        applyNames(this.#names, change);
        const pending = this.#pendingNames.get(folder) ?? [];
        pending.push(change);
        this.#pendingNames.set(folder, pending);
    }

    #assertOn(): void {
        if (this.#isOff) {
            throw new CrashError("the machine is off");
        }
    }
}

class SimFile implements LogFile {
    readonly path: string;
    readonly #disk: SimDisk;
    readonly #inode: Inode;

    constructor(disk: SimDisk, path: string, inode: Inode) {
        this.#disk = disk;
        this.path = path;
        this.#inode = inode;
    }

    get size(): number {
        return this.#inode.content.length;
    }

    async append(bytes: Uint8Array): Promise<number> {
        const at = this.size;
        await this.writeAt(at, bytes);
        return at;
    }

    async writeAt(offset: number, bytes: Uint8Array): Promise<void> {
        await Promise.resolve();
        if (offset > this.size) {
            throw new Error(`a write at ${offset} leaves a hole in ${this.path}`);
        }
        const write = (part: Uint8Array): void => {
            const pending: Pending = { kind: "write", offset, bytes: Buffer.from(part) };
            this.#disk.corrupts?.(this.path, pending.bytes);
            this.#inode.content = applyPending(this.#inode.content, pending);
            this.#inode.pending.push(pending);
        };
        // A failing write leaves a part of what it should have written.
        this.#disk.change(`write ${this.path} ${offset} ${bytes.length}`, this.path, (random) => {
            write(bytes.subarray(0, Math.floor(random() * (bytes.length + 1))));
        });
        write(bytes);
    }

    async datasync(): Promise<void> {
        await Promise.resolve();
        const inode = this.#inode;
        // A failing sync loses pages, and the next one will not know of them.
        this.#disk.change(`sync ${this.path}`, this.path, (random) => {
            inode.durable = survive(inode, "some", random);
            inode.pending = [];
        });
        inode.durable = Buffer.from(inode.content);
        inode.pending = [];
    }

    async readAt(offset: number, byteCount: number): Promise<Uint8Array> {
        await Promise.resolve();
        this.#disk.read(this.path);
        return Uint8Array.from(this.#inode.content.subarray(offset, offset + byteCount));
    }

    async readAll(): Promise<Uint8Array> {
        return this.readAt(0, this.size);
    }

    async reserve(size: number): Promise<void> {
        await Promise.resolve();
        this.#disk.change(`reserve ${this.path} ${size}`, this.path, () => undefined);
    }

    async truncate(size: number): Promise<void> {
        await Promise.resolve();
        this.#disk.change(`truncate ${this.path} ${size}`, this.path, () => undefined);
        const pending: Pending = { kind: "truncate", size };
        this.#inode.content = applyPending(this.#inode.content, pending);
        this.#inode.pending.push(pending);
    }

    async close(): Promise<void> {
        await Promise.resolve();
    }
}

const NONE: Buffer = Buffer.alloc(0);

function readOnly(path: string): OperatingError {
    return new OperatingError("DISK_READ_ONLY", `cannot write ${path}: read-only file system`);
}

function applyNames(names: Map<string, Inode>, change: NameChange): void {
    for (const [path, inode] of change) {
        if (inode === undefined) {
            names.delete(path);
        } else {
            names.set(path, inode);
        }
    }
}

function applyPending(content: Buffer, pending: Pending): Buffer {
    if (pending.kind === "truncate") {
        return Buffer.from(content.subarray(0, pending.size));
    }
    const end = pending.offset + pending.bytes.length;
    // Files are copied on growth only: what is durable is a copy of its own.
    const target = end <= content.length ? content : Buffer.alloc(end);
    if (target !== content) {
        content.copy(target);
    }
    target.set(pending.bytes, pending.offset);
    return target;
}

/** What is left of a file: of every write any sectors, in any order. */
function survive(inode: Inode, survival: Survival, random: () => number): Buffer {
    if (survival === "all") {
        return Buffer.from(inode.content);
    }
    let content: Buffer = Buffer.from(inode.durable);
    if (survival === "none") {
        return content;
    }
    for (const pending of inode.pending) {
        const chance = [0, 0.5, 1][Math.floor(random() * 3)] ?? 0;
        if (pending.kind === "truncate") {
            content = random() < chance ? applyPending(content, pending) : content;
            continue;
        }
        const { offset, bytes } = pending;
        const end = offset + bytes.length;
        for (let at = offset; at < end;) {
            const next = Math.min(end, (Math.floor(at / SECTOR_BYTES) + 1) * SECTOR_BYTES);
            if (random() < chance) {
                const sector = bytes.subarray(at - offset, next - offset);
                content = applyPending(content, { kind: "write", offset: at, bytes: sector });
            }
            at = next;
        }
    }
    return content;
}
