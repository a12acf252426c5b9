// The old name in texts that no compiler reads: comments, string literals, Markdown, TOML. Nothing says that it
// means the item there, so these are edited only where a person asks for it.

import { TOKEN, TokenScanner } from "../syntax/index.ts";
import type { RenameContext } from "./context.ts";
import type { FoundConflict, TextEdit } from "./model.ts";
import { placeAt } from "./places.ts";
import type { PlannedEdit } from "./planned-edit.ts";
import type { Subject } from "./subject.ts";

/** What is found. */
export interface TextFinds {
    /** In Rust files, among their edits. */
    readonly edits: readonly PlannedEdit[];
    /** In other files. */
    readonly plain: readonly TextEdit[];
    /** A literal is what the program says. */
    readonly conflicts: readonly FoundConflict[];
}

const NONE: TextFinds = { edits: [], plain: [], conflicts: [] };

/** Finds the words that are the old name and that no other edit touches. */
export function findTexts(
    context: RenameContext,
    subject: Subject,
    newName: string,
    edits: readonly TextEdit[],
): TextFinds {
    if (context.isTextIncluded !== true || !/^[\p{XID_Start}_]\p{XID_Continue}+$/u.test(newName)) {
        return NONE;
    }
    const { oldName, local } = subject;
    const word = new RegExp(`(?<![\\p{XID_Continue}#])${oldName}(?!\\p{XID_Continue})`, "gu");
    const found: PlannedEdit[] = [];
    const conflicts: FoundConflict[] = [];
    const paths = local === undefined ? context.model.rustFiles : [local.file];
    const scanner = new TokenScanner();
    for (const path of paths) {
        const text = context.textOf(path);
        const starts = [...text.matchAll(word)].map(({ index }) => index);
        if (starts.length === 0) {
            continue;
        }
        const taken = edits.filter((edit) => edit.path === path).map(({ span }) => span);
        const { code, literals } = readTokens(scanner, text);
        for (const start of starts) {
            const end = start + oldName.length;
            const isOutside =
                local !== undefined && (start < local.scope.start || end > local.scope.end);
            const isTaken = taken.some((span) => span.start < end && start < span.end);
            if (isOutside || isTaken || code.has(start)) {
                continue;
            }
            found.push({ ...textEdit(path, start, oldName, newName), tokens: [] });
            const isLiteral = literals.some((one) => one.start <= start && start < one.end);
            if (isLiteral && conflicts.length === 0) {
                conflicts.push({
                    kind: "changes-output",
                    grade: "changes-output",
                    message: "the name stands in literals, and so in what the program puts out",
                    at: [placeAt(text, path, start)],
                });
            }
        }
    }
    const isTaken = ({ path, span }: TextEdit): boolean =>
        edits.some((edit) => edit.path === path && edit.span.start === span.start);
    const plain = local === undefined ? findInPlain(context, word, oldName, newName) : [];
    return { edits: found, plain: plain.filter((each) => !isTaken(each)), conflicts };
}

/** Where words of code begin, and where literals are. */
function readTokens(
    scanner: TokenScanner,
    text: string,
): { code: ReadonlySet<number>; literals: readonly { start: number; end: number }[] } {
    const { count, kind, start, end } = scanner.scan(text);
    const code = new Set<number>();
    const literals: { start: number; end: number }[] = [];
    for (let at = 0; at < count; at++) {
        const from = start[at] ?? 0;
        if (kind[at] === TOKEN.word) {
            code.add(from);
        } else if (kind[at] === TOKEN.lifetime) {
            code.add(from + 1);
        } else if (kind[at] === TOKEN.text) {
            literals.push({ start: from, end: end[at] ?? 0 });
        }
    }
    return { code, literals };
}

function findInPlain(
    context: RenameContext,
    word: RegExp,
    oldName: string,
    newName: string,
): TextEdit[] {
    return (context.plainFiles ?? []).flatMap((path) => {
        const text = context.readPlain?.(path) ?? "";
        return [...text.matchAll(word)].map(({ index }) => textEdit(path, index, oldName, newName));
    });
}

function textEdit(path: string, start: number, oldText: string, newText: string): TextEdit {
    const span = { start, end: start + oldText.length };
    return { path, span, oldText, newText, role: "text", precision: "textual" };
}
