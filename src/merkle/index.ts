// Roots of a state: canonical radix tries over records, their hashes, state and graph root.

export {
    EMPTY_ROOT,
    graphRootOf,
    hashPagesByCrypto,
    hashTrie,
    STATE_SCHEMA_VERSION,
    stateRootOf,
    type PageHasher,
    type StateParts,
} from "./hash-trie.ts";
export { PAGE_BYTES, PAGE_CAPACITY, PAGE_HEADER_BYTES, writePage } from "./page.ts";
export { RECORD_BYTES_MAX, sortRecords, type RecordSource } from "./record-source.ts";
export {
    buildTrie,
    countRecords,
    renumberTrie,
    updateTrie,
    type Inner,
    type Leaf,
    type Trie,
    type TrieNode,
} from "./trie.ts";
