// Words that every layer uses: assertions, errors, positions, paths, cancellation.

export { assert, InvariantError, required } from "./assert.ts";
export { absPath, repoPath, type AbsPath, type Brand, type RepoPath } from "./brand.ts";
export { checkCancelled, type CancelSignal, type ProgressSink } from "./cancellation.ts";
export {
    CancelledError,
    isRefusal,
    OperatingError,
    refuse,
    type Place,
    type Problem,
    type Refusal,
} from "./errors.ts";
export { appendTo } from "./grouping.ts";
export { compareText } from "./order.ts";
export { finishSteps, takeTurns, type Pause, type Steps } from "./steps.ts";
export { LineIndex, type ColumnEncoding, type LineColumn, type Span } from "./text.ts";
export { splitPlace } from "./written-place.ts";
export { doubled } from "./typed-arrays.ts";
