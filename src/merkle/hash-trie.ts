// Hashes of tries and of a whole state. Format: docs/formats/state-root.md.
// Dirty pages are laid one after the other and hashed in batches, so that another hasher (many lanes
// of a processor, or a graphics card) can take the node's own place.

import { hash } from "node:crypto";

import { assert, finishSteps, type Steps } from "../base/index.ts";
import { PAGE_BYTES, PREFIX_BYTES, writePage, writePrefix } from "./page.ts";
import type { RecordSource } from "./record-source.ts";
import { sampleRecord, type Inner, type Leaf, type Trie, type TrieNode } from "./trie.ts";

/** Version of records, pages and roots. */
export const STATE_SCHEMA_VERSION = 1;

/** Hashes contiguous pages: SHA-256(0x00 ‖ page) of each, 32 bytes after 32 bytes. */
export interface PageHasher {
    (pages: Uint8Array, pageCount: number): Uint8Array;
    /** How many pages are best hashed at once, when so many are to be hashed; some tens where it does not say. */
    readonly batchPages?: (dirtyPages: number) => number;
    /** Hashes contiguous messages of one length, where that is faster than one by one. */
    readonly hashMessages?: (messages: Uint8Array, messageCount: number) => Uint8Array;
}

/** Hash of an empty trie. */
const EMPTY_ROOT = new Uint8Array(32);

const BATCH_PAGES = 64;

/** Where pages are laid out; nothing of it is needed once they are hashed. */
const usualPages = Buffer.alloc(BATCH_PAGES * PAGE_BYTES);

/** Fewer forks than these are hashed one by one: finding out which can be hashed together costs as much. */
const TOGETHER_MIN = 64;
const BATCH_FORKS = 512;
const pageInput = new Uint8Array(1 + PAGE_BYTES);

const LEAF_MARK = 0;
const INNER_MARK = 1;
const STATE_MARK = 2;
const GRAPH_MARK = 3;

/** Hashes what is not hashed yet; returns the trie's root. */
export function hashTrie(
    source: RecordSource,
    trie: Trie,
    hashPages: PageHasher = hashPagesByCrypto,
): Uint8Array {
    return finishSteps(hashTrieInSteps(source, trie, hashPages));
}

/** The same, with turns for others in between. */
export function* hashTrieInSteps(
    source: RecordSource,
    trie: Trie,
    hashPages: PageHasher = hashPagesByCrypto,
): Steps<Uint8Array> {
    if (trie === undefined) {
        return EMPTY_ROOT;
    }
    const leaves = dirtyLeaves(trie);
    yield* hashLeaves(source, leaves, hashPages);
    yield;
    if (hashPages.hashMessages !== undefined && leaves.length >= TOGETHER_MIN) {
        yield* hashForks(source, trie, hashPages.hashMessages);
    }
    return Buffer.from(hashNode(source, trie), "latin1");
}

/** Hashes pages one by one with node:crypto. */
export function hashPagesByCrypto(pages: Uint8Array, pageCount: number): Uint8Array {
    const hashes = new Uint8Array(pageCount * 32);
    pageInput[0] = LEAF_MARK;
    for (let page = 0; page < pageCount; page++) {
        pageInput.set(pages.subarray(page * PAGE_BYTES, (page + 1) * PAGE_BYTES), 1);
        hashes.set(hash("sha256", pageInput, "buffer"), page * 32);
    }
    return hashes;
}

/** What a state root is made of. */
export interface StateParts {
    readonly nodeRoot: Uint8Array;
    readonly edgeRoot: Uint8Array;
    readonly fileRoot: Uint8Array;
    readonly nodeCount: number;
    readonly edgeCount: number;
    readonly fileCount: number;
}

/** Root over nodes, edges and files. */
export function stateRootOf(parts: StateParts): Uint8Array {
    const counts = [parts.nodeCount, parts.edgeCount, parts.fileCount];
    return rootOf(STATE_MARK, [parts.nodeRoot, parts.edgeRoot, parts.fileRoot], counts);
}

/** Root over nodes and edges alone: equal for graphs that differ in their files' texts only. */
export function graphRootOf(parts: StateParts): Uint8Array {
    return rootOf(GRAPH_MARK, [parts.nodeRoot, parts.edgeRoot], [parts.nodeCount, parts.edgeCount]);
}

function rootOf(mark: number, roots: readonly Uint8Array[], counts: readonly number[]): Uint8Array {
    const input = Buffer.alloc(9 + roots.length * 32 + counts.length * 8);
    input.writeUInt8(mark, 0);
    input.writeUInt32LE(STATE_SCHEMA_VERSION, 1);
    let at = input.writeUInt32LE(PAGE_BYTES, 5);
    for (const root of roots) {
        assert(root.length === 32, "a root has 32 bytes");
        input.set(root, at);
        at += 32;
    }
    for (const count of counts) {
        at = input.writeBigUInt64LE(BigInt(count), at);
    }
    return hash("sha256", input, "buffer");
}

function dirtyLeaves(trie: TrieNode): Leaf[] {
    const dirty: Leaf[] = [];
    const visit = (node: TrieNode): void => {
        if (node.hash !== undefined) {
            return;
        }
        if (node.kind === "leaf") {
            dirty.push(node);
        } else {
            visit(node.left);
            visit(node.right);
        }
    };
    visit(trie);
    return dirty;
}

function* hashLeaves(
    source: RecordSource,
    leaves: readonly Leaf[],
    hashPages: PageHasher,
): Steps<void> {
    const most = hashPages.batchPages?.(leaves.length) ?? BATCH_PAGES;
    const room = most <= BATCH_PAGES ? usualPages : Buffer.alloc(most * PAGE_BYTES);
    for (let start = 0; start < leaves.length; start += most) {
        const batch = leaves.slice(start, start + most);
        for (const [page, leaf] of batch.entries()) {
            writePage(source, leaf, room, page * PAGE_BYTES);
            if ((page + 1) % BATCH_PAGES === 0 && page + 1 < batch.length) {
                yield;
            }
        }
        const pages = room.subarray(0, batch.length * PAGE_BYTES);
        const hashes = Buffer.from(hashPages(pages, batch.length));
        assert(hashes.length === batch.length * 32, "a hasher answers for every page");
        batch.forEach((leaf, page) => {
            leaf.hash = hashes.toString("latin1", page * 32, (page + 1) * 32);
        });
        if (start + most < leaves.length) {
            yield;
        }
    }
}

const INNER_BYTES = 1 + 2 + PREFIX_BYTES + 64;
const innerInput = Buffer.alloc(INNER_BYTES);

function hashNode(source: RecordSource, node: TrieNode): string {
    if (node.hash !== undefined) {
        return node.hash;
    }
    assert(node.kind === "inner", "pages are hashed before forks");
    node.hash = hashInner(source, node);
    return node.hash;
}

function hashInner(source: RecordSource, node: Inner): string {
    hashNode(source, node.left);
    hashNode(source, node.right);
    writeInner(source, node, innerInput, 0);
    return hash("sha256", innerInput, "binary");
}

/** Writes what the hash of a fork is taken of; both of its sides are hashed. */
function writeInner(source: RecordSource, node: Inner, into: Buffer, at: number): void {
    const { left, right, prefixBits } = node;
    assert(left.hash !== undefined && right.hash !== undefined, "both sides of a fork are hashed");
    into.writeUInt8(INNER_MARK, at);
    into.writeUInt16LE(prefixBits, at + 1);
    writePrefix(source, sampleRecord(node), prefixBits, { into, at: at + 3 });
    into.write(left.hash, at + 3 + PREFIX_BYTES, "latin1");
    into.write(right.hash, at + 35 + PREFIX_BYTES, "latin1");
}

/** Hashes forks side by side: those of one height do not depend on each other. */
function* hashForks(
    source: RecordSource,
    trie: TrieNode,
    hashMessages: NonNullable<PageHasher["hashMessages"]>,
): Steps<void> {
    const room = Buffer.alloc(BATCH_FORKS * INNER_BYTES);
    for (const forks of dirtyForks(trie)) {
        for (let start = 0; start < forks.length; start += BATCH_FORKS) {
            const batch = forks.slice(start, start + BATCH_FORKS);
            batch.forEach((fork, at) => {
                writeInner(source, fork, room, at * INNER_BYTES);
            });
            const messages = room.subarray(0, batch.length * INNER_BYTES);
            const hashes = Buffer.from(hashMessages(messages, batch.length));
            assert(hashes.length === batch.length * 32, "a hasher answers for every message");
            batch.forEach((fork, at) => {
                fork.hash = hashes.toString("latin1", at * 32, (at + 1) * 32);
            });
            yield;
        }
    }
}

/** Forks without a hash by their height above what has one. */
function dirtyForks(trie: TrieNode): Inner[][] {
    const levels: Inner[][] = [];
    const visit = (node: TrieNode): number => {
        if (node.kind === "leaf" || node.hash !== undefined) {
            return 0;
        }
        const height = Math.max(visit(node.left), visit(node.right));
        (levels[height] ??= []).push(node);
        return height + 1;
    };
    visit(trie);
    return levels;
}
