// What git knows of a workspace.

export {
    readHistory,
    type GitCommit,
    type GitHistory,
    type ReadHistoryOptions,
} from "./read-history.ts";
