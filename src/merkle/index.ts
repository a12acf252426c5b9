// Roots of a state: canonical radix tries over records, their hashes, state and graph root; proofs of
// keys; differences of tries; root headers and the log over them.

export { diffTries, type HashedTrie, type TrieDifference } from "./diff-tries.ts";
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
export {
    HeaderLog,
    rootOfInclusion,
    verifyConsistency,
    type ConsistencyClaim,
} from "./header-log.ts";
export { nativePageHasher } from "./native-page-hasher.ts";
export { PAGE_BYTES, PAGE_CAPACITY, PREFIX_BYTES, writePage, writePrefix } from "./page.ts";
export { proveKey, type KeyProof, type ProofEnd, type ProofFork } from "./prove-key.ts";
export {
    isLong,
    RECORD_BYTES_MAX,
    sortRecords,
    sortRecordsInSteps,
    writeKey,
    writeRecord,
    type RecordSource,
} from "./record-source.ts";
export {
    decodeRootHeader,
    encodeRootHeader,
    NO_HEADER,
    ROOT_HEADER_BYTES,
    rootHeaderHash,
    type RootHeader,
} from "./root-header.ts";
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
export {
    decodePage,
    findPage,
    pagesOf,
    rootOfPages,
    type DecodedPage,
    type HashedPage,
    type PageRecord,
} from "./trie-pages.ts";
export { verifyKey, type KeyVerdict, type RecordShape } from "./verify-key.ts";
