// Tables of the graph in an embedded database: kept, asked, exported.

export type { AnswerColumn } from "./arrow-stream.ts";
export { ExportedTables } from "./read-export.ts";
export { copyTo, writeParquet } from "./export-tables.ts";
export {
    registerGraphFunctions,
    type DominatorRow,
    type GraphAnswers,
    type ReachedRow,
    type ReachRow,
} from "./graph-functions.ts";
export {
    LiveTables,
    TABLES_VERSION,
    type EdgeRow,
    type IndexedFile,
    type TablesState,
    type TablesWriter,
} from "./live-tables.ts";
export {
    checkStatement,
    Deadline,
    QueryCursor,
    type BytesPage,
    type RowsPage,
} from "./run-query.ts";
export { SnapshotTables } from "./snapshot-tables.ts";
export { listOf, structOf, TableRows, timestampOf, uuidOf } from "./table-rows.ts";
export { TABLES, type TableName } from "./table-schema.ts";
