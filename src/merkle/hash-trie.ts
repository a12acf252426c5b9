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
export type PageHasher = (pages: Uint8Array, pageCount: number) => Uint8Array;

/** Hash of an empty trie. */
const EMPTY_ROOT = new Uint8Array(32);

const BATCH_PAGES = 64;

/** Where pages are laid out; nothing of it is needed once they are hashed. */
const batchPages = Buffer.alloc(BATCH_PAGES * PAGE_BYTES);
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
    yield* hashLeaves(source, dirtyLeaves(trie), hashPages);
    yield;
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
    for (let start = 0; start < leaves.length; start += BATCH_PAGES) {
        const batch = leaves.slice(start, start + BATCH_PAGES);
        batch.forEach((leaf, page) => {
            writePage(source, leaf, batchPages, page * PAGE_BYTES);
        });
        const pages = batchPages.subarray(0, batch.length * PAGE_BYTES);
        const hashes = Buffer.from(hashPages(pages, batch.length));
        assert(hashes.length === batch.length * 32, "a hasher answers for every page");
        batch.forEach((leaf, page) => {
            leaf.hash = hashes.toString("latin1", page * 32, (page + 1) * 32);
        });
        if (start + BATCH_PAGES < leaves.length) {
            yield;
        }
    }
}

const innerInput = Buffer.alloc(1 + 2 + PREFIX_BYTES + 64);

function hashNode(source: RecordSource, node: TrieNode): string {
    if (node.hash !== undefined) {
        return node.hash;
    }
    assert(node.kind === "inner", "pages are hashed before forks");
    node.hash = hashInner(source, node);
    return node.hash;
}

function hashInner(source: RecordSource, node: Inner): string {
    const left = hashNode(source, node.left);
    const right = hashNode(source, node.right);
    innerInput.writeUInt8(INNER_MARK, 0);
    innerInput.writeUInt16LE(node.prefixBits, 1);
    writePrefix(source, sampleRecord(node), node.prefixBits, { into: innerInput, at: 3 });
    innerInput.write(left, 3 + PREFIX_BYTES, "latin1");
    innerInput.write(right, 35 + PREFIX_BYTES, "latin1");
    return hash("sha256", innerInput, "binary");
}
