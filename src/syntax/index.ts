// Syntax of one file: parsing, flattening, hashes.

export type { FileCapture } from "./capture.ts";
export {
    FLAG,
    KIND,
    ROLE,
    SYNTAX_KINDS,
    SYNTAX_ROLES,
    type SyntaxKind,
    type SyntaxRole,
} from "./kinds.ts";
export { openSyntax, SyntaxParser, type ReadText } from "./syntax-parser.ts";
export { SyntaxTree, type SyntaxColumns } from "./tree.ts";
