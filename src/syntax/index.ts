// Syntax of one file: parsing, flattening, hashes.

export type { FileCapture } from "./capture.ts";
export type { RenamedText } from "./capture-renamed.ts";
export {
    FLAG,
    KIND,
    ROLE,
    SYNTAX_KINDS,
    SYNTAX_ROLES,
    type SyntaxKind,
    type SyntaxRole,
} from "./kinds.ts";
export { captureFromMessage, captureToMessage, type CaptureMessage } from "./capture-message.ts";
export {
    createCaptureHandler,
    type CaptureAnswer,
    type CaptureJob,
    type CaptureOutcome,
} from "./capture-worker.ts";
export { findFormatCaptures, type FormatCapture } from "./format-captures.ts";
export { hashText } from "./content-hash.ts";
export { decodeText, type DecodedText } from "./decode-text.ts";
export { describeMacro, type MacroDescription } from "./macro-rules/describe-macro.ts";
export {
    expandMacro,
    MACRO_LIMITS,
    type Expansion,
    type ExpansionLimits,
    type MacroCall,
} from "./macro-rules/expand-macro.ts";
export { lexMacroTokens, type LexedPart } from "./macro-rules/lex-macro-tokens.ts";
export { isRepeated, type MacroBinding } from "./macro-rules/match-rules.ts";
export {
    isMacroProblem,
    MACRO_TOKEN,
    type FragmentKind,
    type HygieneMark,
    type MacroDefinition,
    type MacroProblem,
    type MacroToken,
} from "./macro-rules/model.ts";
export {
    parseMacroDefinition,
    parseMacroTokens,
    type DefinitionText,
} from "./macro-rules/parse-macro-definition.ts";
export {
    renderTokens,
    type MacroPosition,
    type RenderedTokens,
} from "./macro-rules/render-tokens.ts";
export type { SyntaxDocument } from "./syntax-document.ts";
export { openCapturer, type FileCapturer } from "./open-capturer.ts";
export type { ReadText } from "./query-files.ts";
export { CAPTURE_WORKER_URL, openSyntax, SyntaxParser } from "./syntax-parser.ts";
export { decodeTree, encodeTree, SYNTAX_CACHE_VERSION } from "./tree-codec.ts";
export { TOKEN, TokenScanner, type ScannedTokens } from "./scan-tokens.ts";
export { isReceiver, isSelfPattern } from "./receiver.ts";
export { SyntaxTree, type SyntaxColumns } from "./tree.ts";
