// Roots of a state: canonical radix tries over records, their hashes, state and graph root.

export {
    graphRootOf,
    hashPagesByCrypto,
    hashTrie,
    hashTrieInSteps,
    STATE_SCHEMA_VERSION,
    stateRootOf,
    type PageHasher,
    type StateParts,
} from "./hash-trie.ts";
export { PAGE_CAPACITY } from "./page.ts";
export { sortRecords, sortRecordsInSteps, type RecordSource } from "./record-source.ts";
export {
    buildTrie,
    countRecords,
    renumberTrie,
    updateTrie,
    updateTrieInSteps,
    type Inner,
    type Leaf,
    type Trie,
    type TrieChange,
    type TrieNode,
} from "./trie.ts";
