// The tables: names, columns, and what they mean. docs/tables.md is pinned to this file.

/** Types of columns, as DuckDB writes them. */
export type ColumnType =
    | "UBIGINT"
    | "UINTEGER"
    | "BIGINT"
    | "BOOLEAN"
    | "VARCHAR"
    | "VARCHAR[]"
    | "TIMESTAMP"
    | "UUID"
    | `STRUCT(${string})[]`;

/** One column of a table. */
export interface Column {
    readonly name: string;
    readonly type: ColumnType;
    /** What a value says, in one line. */
    readonly doc: string;
}

/** How the rows of a table are replaced: those of one file at a time, or all at once. */
export type TableScope = "file" | "whole";

/** One table. */
export interface TableSchema {
    readonly name: TableName;
    readonly doc: string;
    readonly scope: TableScope;
    readonly columns: readonly Column[];
    /** Columns that an export is sorted by: rows in the order of these are rows in one order. */
    readonly order: readonly string[];
    /** Rows of a group in an export: a filter skips groups whose least and largest values rule it out. */
    readonly groupRows: number;
}

/** Names of the tables, in the order in which they are made. */
export const TABLE_NAMES = [
    "files",
    "ast_nodes",
    "symbols",
    "references",
    "types",
    "edges",
    "tests",
    "git_commits",
    "cargo_metadata",
    "operation_log",
] as const;

/** Tables whose exports say the number of deltas; those of equal graphs are equal without it. */
export const TABLES_WITH_HISTORY: readonly TableName[] = ["git_commits", "operation_log"];

/** Name of a table. */
export type TableName = (typeof TABLE_NAMES)[number];

function column(name: string, type: ColumnType, doc: string): Column {
    return { name, type, doc };
}

const DEPENDENCY =
    "STRUCT(name VARCHAR, package VARCHAR, kind VARCHAR, version VARCHAR, source VARCHAR, target VARCHAR, optional BOOLEAN, workspace BOOLEAN)[]";
const FEATURE = "STRUCT(name VARCHAR, enables VARCHAR[])[]";

/** Rows of a group; fewer where a row has a whole text in it, as a group is put together in memory. */
export const GROUP_ROWS = 65_536;
const GROUP_FILES = 2048;

const SCHEMAS: Readonly<Record<TableName, Omit<TableSchema, "groupRows" | "name">>> = {
    files: {
        doc: "Every captured file, and every text of it that the other tables speak of.",
        scope: "file",
        columns: [
            column("file_id", "UBIGINT", "First 8 bytes of SHA-256 over the path."),
            column("path", "VARCHAR", "Relative to the workspace's root, with `/`."),
            column("content_hash", "VARCHAR", "SHA-256 of the bytes, hex."),
            column("text", "VARCHAR", "The whole text."),
            column("size", "UINTEGER", "Bytes."),
            column("lines", "UINTEGER", "Lines."),
            column("crates", "VARCHAR[]", "Crates that the file is part of; empty when none is."),
            column("cfg", "VARCHAR", "Predicate under which it is part of them; empty: always."),
            column(
                "last_modified_commit",
                "VARCHAR",
                "Newest known git commit that changed it; NULL when git says nothing of it.",
            ),
        ],
        order: ["path"],
    },
    ast_nodes: {
        doc: "Named syntax nodes, arguments of well-known macros included. Made when first asked for.",
        scope: "file",
        columns: [
            column("node_id", "UBIGINT", "`file_id` plus the node's number in preorder."),
            column("file_id", "UBIGINT", "File that it stands in."),
            column("kind", "VARCHAR", "Kind of the node in tree-sitter-rust."),
            column("start_byte", "UINTEGER", "First byte."),
            column("end_byte", "UINTEGER", "Byte after the last."),
            column("parent_id", "UBIGINT", "The node around it; NULL for the file's own."),
            column("token_text", "VARCHAR", "Text of a node without children; else NULL."),
            column("node_json", "VARCHAR", "Role in its parent and name, as a JSON object."),
        ],
        order: ["file_id", "node_id"],
    },
    symbols: {
        doc: "Nodes of the graph: definitions of the workspace, and externals that it uses.",
        scope: "file",
        columns: [
            column("symbol_id", "UBIGINT", "Node id: 8 bytes of SHA-256 over `canonical_path`."),
            column("name", "VARCHAR", "Identifier; the header of an impl; the name of a crate."),
            column("kind", "VARCHAR", "`function`, `method`, `struct`, … or `external`."),
            column("path", "VARCHAR", "As people write it: `krate::module::Type::method`."),
            column("canonical_path", "VARCHAR", "What the id is made from."),
            column("parent_id", "UBIGINT", "Symbol that contains it; NULL for crates."),
            column("def_node_id", "UBIGINT", "Syntax node of the definition; NULL for externals."),
            column("def_file_id", "UBIGINT", "File of the definition; NULL for externals."),
            column("start_byte", "UINTEGER", "First byte of the definition, attributes left out."),
            column("end_byte", "UINTEGER", "Byte after its last."),
            column("start_line", "UINTEGER", "Line of its name, from 1."),
            column("type_signature", "VARCHAR", "Header as written, in one line; NULL when none."),
            column("visibility", "VARCHAR", "`public`, `crate`, `restricted` or `private`."),
            column("crate_name", "VARCHAR", "Crate that defines it; for externals the package."),
            column("cfg", "VARCHAR", "Own and inherited predicate; empty when none."),
            column("flags", "VARCHAR[]", "`test`, `unsafe`, `public-api`, `entry-point`, …"),
        ],
        order: ["crate_name", "path", "symbol_id"],
    },
    references: {
        doc: "Tokens that name a symbol, and tokens of which it is not known what they name.",
        scope: "file",
        columns: [
            column("ref_id", "UBIGINT", "`file_id` plus the row's number in the file."),
            column("symbol_id", "UBIGINT", "What it names; NULL where that is not decided."),
            column("file_id", "UBIGINT", "File that the token stands in."),
            column("start_byte", "UINTEGER", "First byte of the token."),
            column("end_byte", "UINTEGER", "Byte after its last."),
            column("start_line", "UINTEGER", "Its line, from 1."),
            column("name", "VARCHAR", "Spelling, raw prefix left out."),
            column("context_node_id", "UBIGINT", "Innermost syntax node around the token."),
            column("in_symbol_id", "UBIGINT", "Symbol in whose definition it stands."),
            column("ref_kind", "VARCHAR", "`definition`, `call`, `type`, `import`, …"),
            column("precision", "VARCHAR", "`exact`, `syntactic`; `unknown` where not decided."),
            column("reason", "VARCHAR", "Why it is not decided; NULL where it is."),
            column("cfg", "VARCHAR", "Predicate of the definition it stands in; empty when none."),
        ],
        order: ["file_id", "ref_id"],
    },
    types: {
        doc: "Types that definitions have: as declared, and as tools say that were asked.",
        scope: "file",
        columns: [
            column("type_id", "UBIGINT", "First 8 bytes of SHA-256 over `canonical`."),
            column("symbol_id", "UBIGINT", "Symbol that has the type, or whose local has it."),
            column("file_id", "UBIGINT", "File that declares it."),
            column(
                "role",
                "VARCHAR",
                "`field`, `parameter`, `return`, `value`, `target`, `self`, `local`.",
            ),
            column(
                "position",
                "UINTEGER",
                "Number of the parameter; byte of the local's name; else 0.",
            ),
            column("canonical", "VARCHAR", "The type with resolved paths, in one spelling."),
            column("type_json", "VARCHAR", "As written, and the ids of the symbols in it; JSON."),
            column("inferred_by", "VARCHAR", "Who says so: `syntax`, `rustdoc`, `rust-analyzer`."),
        ],
        order: ["file_id", "symbol_id", "role", "position", "inferred_by"],
    },
    edges: {
        doc: "Edges of the graph.",
        scope: "whole",
        columns: [
            column("source", "UBIGINT", "Symbol that it leads from."),
            column("target", "UBIGINT", "Symbol that it leads to."),
            column("kind", "VARCHAR", "`contains`, `call`, `reference`, `implements`."),
        ],
        order: ["source", "target", "kind"],
    },
    tests: {
        doc: "Functions that a test harness runs.",
        scope: "file",
        columns: [
            column("symbol_id", "UBIGINT", "The function."),
            column("path", "VARCHAR", "Its path with the crate's name."),
            column("test_name", "VARCHAR", "Its name for the harness: the path within the crate."),
            column("kind", "VARCHAR", "Kind of the target: `lib`, `bin`, `test`, …"),
            column("target", "VARCHAR", "Name of the target as in the manifest."),
            column("package", "VARCHAR", "Package of the target."),
            column("file", "VARCHAR", "Path of its file."),
            column("file_id", "UBIGINT", "Its file."),
        ],
        order: ["path", "symbol_id"],
    },
    git_commits: {
        doc: "History of the branch that is checked out, as far as git has it.",
        scope: "whole",
        columns: [
            column("commit_hash", "VARCHAR", "Object name, hex."),
            column("parent_hashes", "VARCHAR[]", "Its parents."),
            column("timestamp", "TIMESTAMP", "When it was committed, UTC."),
            column("sequence", "UINTEGER", "Its place among them: the oldest is 0."),
            column("author", "VARCHAR", "Name of the author."),
            column("subject", "VARCHAR", "First line of its message."),
            column("modified_files", "VARCHAR[]", "Paths that it changed, relative to the root."),
        ],
        order: ["sequence"],
    },
    cargo_metadata: {
        doc: "Packages of the workspace.",
        scope: "whole",
        columns: [
            column("crate_name", "VARCHAR", "Name of the package."),
            column("manifest_path", "VARCHAR", "Its manifest, relative to the root."),
            column("version", "VARCHAR", "Its version."),
            column("edition", "VARCHAR", "Its edition."),
            column("targets", "VARCHAR[]", "Its targets, as `kind:name`."),
            column("dependencies", DEPENDENCY, "What it depends on."),
            column("features", FEATURE, "Its features, and what each enables."),
        ],
        order: ["manifest_path"],
    },
    operation_log: {
        doc: "Operations on the workspace that were asked for, made or not.",
        scope: "whole",
        columns: [
            column("op_id", "UUID", "The operation."),
            column("patch_id", "VARCHAR", "The patch that it ran; `rename` for a plain rename."),
            column("description", "VARCHAR", "What it was to do."),
            column("precondition_passed", "BOOLEAN", "Whether it was allowed to begin."),
            column("applied_commit", "VARCHAR", "Git commit that it made; NULL when none."),
            column("timestamp", "TIMESTAMP", "When it ended, UTC."),
            column("result", "VARCHAR", "`applied`, `refused` or `failed`."),
            column("plan_fingerprint", "VARCHAR", "SHA-256 of its plan, hex; NULL without one."),
            column("root_before", "VARCHAR", "Graph root before it, hex."),
            column("root_after", "VARCHAR", "Graph root after it, hex; NULL when not applied."),
            column("diagnostics", "VARCHAR", "Why it was refused, or failed; NULL when applied."),
        ],
        order: ["timestamp", "op_id"],
    },
};

/** The tables, in the order of TABLE_NAMES. */
export const TABLES: readonly TableSchema[] = TABLE_NAMES.map((name) => schemaOf(name));

/** The schema of a table. */
export function schemaOf(name: TableName): TableSchema {
    return { name, groupRows: name === "files" ? GROUP_FILES : GROUP_ROWS, ...SCHEMAS[name] };
}

/** A name as SQL takes it whatever it is (`references` is a keyword). */
export function quoteName(name: string): string {
    return `"${name.replaceAll('"', '""')}"`;
}

/** The statement that makes a table. */
export function createStatement({ name, columns }: TableSchema): string {
    const parts = columns.map((each) => `${quoteName(each.name)} ${each.type}`);
    return `CREATE TABLE ${quoteName(name)} (${parts.join(", ")})`;
}
