// From a state of the workspace to rows of the tables.

export { addFileRows, RowSet } from "./file-rows.ts";
export { fileIdOf, type InferredType } from "./file-to-index.ts";
export { IndexView, type IndexInput, type OwnedTable } from "./index-view.ts";
export { PAST_TABLES, pastRows } from "./past-rows.ts";
export {
    commitRows,
    edgeRows,
    externalRows,
    externalsOf,
    operationRows,
    packageRows,
} from "./whole-rows.ts";
