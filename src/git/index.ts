// What git knows of a workspace.

export {
    filesChangedSince,
    readHistory,
    textAt,
    type GitCommit,
    type GitHistory,
    type ReadHistoryOptions,
} from "./read-history.ts";
