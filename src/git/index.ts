// What git knows of a workspace.

export { GitRepository, type GitEntry, type GitHead } from "./git-repository.ts";
export { mergeTexts, type TextsToMerge } from "./merge-texts.ts";
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
