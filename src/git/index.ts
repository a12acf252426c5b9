// What git knows of a workspace.

export {
    readChanges,
    type ChangedFile,
    type ChangeStatus,
    type GitChanges,
} from "./read-changes.ts";
export { historyStamp } from "./history-stamp.ts";
export {
    readHistory,
    type GitCommit,
    type GitHistory,
    type ReadHistoryOptions,
} from "./read-history.ts";
