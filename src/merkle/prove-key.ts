// Proofs that a key is in a hashed trie, or that it is not: the page that owns the key, or the fork
// that leaves its prefix, and the way there. Format: docs/formats/proof.md. Checked in verify-key.ts.

import { assert, required } from "../base/index.ts";
import { PAGE_BYTES, PREFIX_BYTES, writePage, writePrefix } from "./page.ts";
import type { HashedTrie } from "./diff-tries.ts";
import type { RecordSource } from "./record-source.ts";
import { sampleRecord, type Inner, type TrieNode } from "./trie.ts";

/** A fork above the proof's end: how many bits its prefix has, and the hash of its other side. */
export interface ProofFork {
    readonly prefixBits: number;
    readonly sibling: Uint8Array;
}

/** Where the way of a key ends. */
export type ProofEnd =
    /** The page under whose prefix the key falls; it has the key, or nothing has. */
    | { readonly kind: "page"; readonly page: Uint8Array }
    /** A fork whose prefix is not the key's: nothing has the key. */
    | {
          readonly kind: "fork";
          readonly prefixBits: number;
          /** 32 bytes, zero after the prefix. */
          readonly prefix: Uint8Array;
          readonly left: Uint8Array;
          readonly right: Uint8Array;
      }
    /** The trie has no records. */
    | { readonly kind: "empty" };

/** The way of a key through a trie. */
export interface KeyProof {
    /** From the root down. */
    readonly forks: readonly ProofFork[];
    readonly end: ProofEnd;
}

/** Proves that a trie has a key, or that it has not. */
export function proveKey({ source, trie }: HashedTrie, key: Uint8Array): KeyProof {
    assert(key.length === source.keyBytes, "a key has the length of its trie's keys");
    const forks: ProofFork[] = [];
    if (trie === undefined) {
        return { forks, end: { kind: "empty" } };
    }
    let node: TrieNode = trie;
    while (node.kind === "inner") {
        if (sharedWithKey(source, sampleRecord(node), key) < node.prefixBits) {
            return { forks, end: forkEnd(source, node) };
        }
        const isRight = bitOfKey(key, node.prefixBits) === 1;
        const sibling = isRight ? node.left : node.right;
        forks.push({ prefixBits: node.prefixBits, sibling: hashOf(sibling) });
        node = isRight ? node.right : node.left;
    }
    const page = Buffer.alloc(PAGE_BYTES);
    writePage(source, node, page, 0);
    return { forks, end: { kind: "page", page } };
}

function forkEnd(source: RecordSource, node: Inner): ProofEnd {
    const prefix = Buffer.alloc(PREFIX_BYTES);
    writePrefix(source, sampleRecord(node), node.prefixBits, { into: prefix, at: 0 });
    const { prefixBits, left, right } = node;
    return { kind: "fork", prefixBits, prefix, left: hashOf(left), right: hashOf(right) };
}

function hashOf(node: TrieNode): Uint8Array {
    return Buffer.from(required(node.hash, "a trie is hashed before it proves"), "latin1");
}

function sharedWithKey(source: RecordSource, record: number, key: Uint8Array): number {
    for (let at = 0; at < key.length; at++) {
        const word = source.keyWord(record, at >>> 2);
        const byte = (word >>> (24 - 8 * (at & 3))) & 0xff;
        const difference = byte ^ (key[at] ?? 0);
        if (difference !== 0) {
            return at * 8 + Math.clz32(difference) - 24;
        }
    }
    return key.length * 8;
}

/** A bit of a key, from the left. */
export function bitOfKey(key: Uint8Array, bit: number): number {
    return ((key[bit >>> 3] ?? 0) >>> (7 - (bit & 7))) & 1;
}
