// From what the compiler says of edited text to what it says of tokens: each token that the resolver left open
// means what is renamed, or does not.

import { appendTo, LineIndex, type Span } from "../base/index.ts";
import type { Diagnostic, DiagnosticSpan } from "../cargo/index.ts";
import type { Occurrence } from "../resolve/index.ts";
import { applyEdits } from "./apply-edits.ts";
import type { RenameContext } from "./context.ts";
import { isUndecided } from "./find-target.ts";
import type { RenamePlan, TextEdit } from "./model.ts";
import type { TokenPart } from "./planned-edit.ts";
import { findName, repairRule, type RepairRule } from "./repair-rules.ts";

/** What the compiler says of a token. */
export interface Repair {
    readonly path: string;
    /** Of the text before. */
    readonly span: Span;
    readonly part: TokenPart;
    readonly relation: "is-other" | "is-subject";
    /** The compiler's code. */
    readonly code: string;
}

/** Names a token, or one of the names of a shorthand token. */
export function repairKey(path: string, start: number, part: TokenPart): string {
    return `${path}:${start}:${part ?? ""}`;
}

/**
 * Reads diagnostics of a plan's text after. Files of their places are relative to the root, and as they are
 * after its moves.
 */
export function readRepairs(
    context: Pick<RenameContext, "resolution" | "textOf">,
    plan: RenamePlan,
    diagnostics: readonly Diagnostic[],
): Repair[] {
    const texts = new EditedTexts(context, plan);
    const repairs = new Map<string, Repair>();
    for (const { code, message, level, spans } of diagnostics) {
        const rule = repairRule(code, message);
        if (rule === undefined || (level === "warning") !== (rule.anyPlace === true)) {
            continue;
        }
        for (const place of placesOf(rule, spans)) {
            for (const repair of texts.read(rule, place)) {
                const key = repairKey(repair.path, repair.span.start, repair.part);
                repairs.set(key, repairs.get(key) ?? { ...repair, code });
            }
        }
    }
    return [...repairs.values()];
}

/** Places that a rule looks at: in the body of a macro also where the macro was called. */
function placesOf(
    rule: RepairRule,
    spans: readonly DiagnosticSpan[],
): Omit<DiagnosticSpan, "calls" | "isPrimary" | "label">[] {
    return spans
        .filter(({ isPrimary }) => isPrimary || rule.anyPlace === true)
        .flatMap((span) => [span, ...span.calls]);
}

interface EditedText {
    /** Path before the moves. */
    readonly path: string;
    readonly text: string;
    readonly lines: LineIndex;
    readonly tokens: readonly EditedToken[];
}

/** A token that is open, where it is in the text after. */
interface EditedToken {
    readonly before: Span;
    readonly after: Span;
    /** Names of a shorthand token; one without a part for all others. */
    readonly parts: readonly TokenPart[];
    /** The token as it is written now. */
    readonly written: string;
}

class EditedTexts {
    readonly #context: Pick<RenameContext, "resolution" | "textOf">;
    readonly #plan: RenamePlan;
    readonly #open = new Map<string, Occurrence[]>();
    readonly #edits = new Map<string, TextEdit[]>();
    readonly #texts = new Map<string, EditedText | undefined>();

    constructor(context: Pick<RenameContext, "resolution" | "textOf">, plan: RenamePlan) {
        this.#context = context;
        this.#plan = plan;
        for (const found of context.resolution.occurrencesNamed(plan.oldName)) {
            if (isUndecided(found.binding)) {
                appendTo(this.#open, found.file, found);
            }
        }
        for (const edit of plan.edits) {
            appendTo(this.#edits, edit.path, edit);
        }
    }

    /** What a place of a diagnostic says. */
    *read(
        rule: RepairRule,
        place: Omit<DiagnosticSpan, "calls" | "isPrimary" | "label">,
    ): Iterable<Omit<Repair, "code">> {
        const edited = this.#text(place.file);
        if (edited === undefined) {
            return;
        }
        const start = edited.lines.offset({ line: place.line, column: place.column });
        const end = edited.lines.offset({ line: place.endLine, column: place.endColumn });
        const text = edited.text.slice(start, end);
        for (const [name, relation] of [
            [this.#plan.oldName, "is-subject"],
            [this.#plan.newName, "is-other"],
        ] as const) {
            const at = findName(rule, text, name);
            const token =
                at === undefined
                    ? undefined
                    : edited.tokens.find(
                          ({ after }) => after.start <= start + at && start + at < after.end,
                      );
            const isOne = rule.place === "item" || end - start <= NAMED_MAX;
            if (token !== undefined && at !== undefined && isOne) {
                const part = partAt(rule, token, start + at - token.after.start);
                yield { path: edited.path, span: token.before, part, relation };
            }
        }
    }

    #text(after: string): EditedText | undefined {
        if (!this.#texts.has(after)) {
            this.#texts.set(after, this.#make(after));
        }
        return this.#texts.get(after);
    }

    #make(after: string): EditedText | undefined {
        const path = this.#plan.moves.find(({ to }) => to === after)?.from ?? after;
        const open = this.#open.get(path);
        if (open === undefined) {
            return undefined;
        }
        const before = this.#context.textOf(path);
        const edits = this.#edits.get(path) ?? [];
        const text = applyEdits(before, edits);
        const groups = new Map<number, Occurrence[]>();
        for (const one of open) {
            appendTo(groups, one.span.start, one);
        }
        const tokens = [...groups.values()].flatMap((group) => {
            const [first] = group;
            if (first === undefined) {
                return [];
            }
            const span = spanAfter(edits, first.span);
            const parts = [...new Set(group.map(({ shorthand }) => shorthand))];
            const written = text.slice(span.start, span.end);
            return [{ before: first.span, after: span, parts, written }];
        });
        return { path, text, lines: new LineIndex(text), tokens };
    }
}

/** A longer place is about something else than a name. */
const NAMED_MAX = 200;

/** Where a token is after edits: what is written for it, if it is edited. */
function spanAfter(edits: readonly TextEdit[], span: Span): Span {
    let shift = 0;
    for (const edit of edits) {
        if (edit.span.end <= span.start && edit.span.start < span.start) {
            shift += edit.newText.length - (edit.span.end - edit.span.start);
        }
    }
    const own = edits.find((edit) => edit.span.start <= span.start && span.start < edit.span.end);
    return own === undefined
        ? { start: span.start + shift, end: span.end + shift }
        : { start: own.span.start + shift, end: own.span.start + shift + own.newText.length };
}

/** Which name of a shorthand token a place speaks of. */
function partAt(rule: RepairRule, { parts, written }: EditedToken, offset: number): TokenPart {
    if (parts.length === 1 && parts[0] === undefined) {
        return undefined;
    }
    const colon = written.indexOf(":");
    return colon < 0 ? rule.part : offset < colon ? "field" : "value";
}

/** A token where it is after a plan: line and columns from 1, in characters. */
export interface TokenAfter {
    readonly before: { readonly path: string; readonly span: Span };
    /** After moves. */
    readonly path: string;
    readonly line: number;
    readonly start: number;
    readonly end: number;
}

/** Where tokens are after a plan; each of the names that are written for a shorthand token. */
export function tokensAfter(
    context: Pick<RenameContext, "textOf">,
    plan: RenamePlan,
    places: readonly { readonly path: string; readonly span: Span }[],
): TokenAfter[] {
    const texts = new Map<string, { edits: TextEdit[]; text: string; lines: LineIndex }>();
    return places.flatMap((before) => {
        const known = texts.get(before.path) ?? textAfter(context, plan, before.path);
        texts.set(before.path, known);
        const { text, lines } = known;
        const span = spanAfter(known.edits, before.span);
        const written = text.slice(span.start, span.end);
        const path = plan.moves.find(({ from }) => from === before.path)?.to ?? before.path;
        return [...written.matchAll(WORD)].map((word) => {
            const from = span.start + word.index;
            const { line } = lines.position(from);
            const column = (offset: number): number =>
                Array.from(text.slice(lines.lineStart(line), offset)).length + 1;
            const end = column(from + word[0].length);
            return { before, path, line: line + 1, start: column(from), end };
        });
    });
}

const WORD = /(?:r#)?[\p{XID_Start}_]\p{XID_Continue}*/gu;

function textAfter(
    { textOf }: Pick<RenameContext, "textOf">,
    plan: RenamePlan,
    path: string,
): { edits: TextEdit[]; text: string; lines: LineIndex } {
    const edits = plan.edits.filter((edit) => edit.path === path);
    const text = applyEdits(textOf(path), edits);
    return { edits, text, lines: new LineIndex(text) };
}
