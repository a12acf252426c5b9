// Structural rewriting: every call that means what the pattern's path names, with arguments that fit, becomes
// what the template says. A path matches what it resolves to, however it is written, and a method call matches
// its function. Metavariables (`$x`) take whole expressions along.

import { appendTo, refuse, type Place, type Refusal } from "../base/index.ts";
import type { Occurrence, Resolution, SymbolIndex } from "../resolve/index.ts";
import { groupByFile } from "./apply-edits.ts";
import { NO_DIFFERENCE } from "./binding-proof.ts";
import { absentItems } from "./absent-items.ts";
import { absentSysroot } from "./absent-sysroot.ts";
import type { RenameContext } from "./context.ts";
import { commute, effectOf } from "./effects.ts";
import { FileSyntax } from "./file-syntax.ts";
import { finishPlan } from "./finish-plan.ts";
import { joinEdits } from "./join-edits.ts";
import { removedTokens } from "./left-tokens.ts";
import { movedText, namesIn, type MovedText } from "./list-slots.ts";
import type { FoundConflict, RenamePlan } from "./model.ts";
import { PatternMatcher, type Match } from "./pattern-matcher.ts";
import { placeAt } from "./places.ts";
import type { EditedToken, PlannedEdit } from "./planned-edit.ts";
import { placeKey } from "./proof-view.ts";
import { refuseGenerated } from "./rename-item.ts";
import { isPrimary, readSnippet, type Snippet } from "./snippet.ts";

/** What a pattern's path names. */
export interface PatternAnchor {
    readonly kind: "anchor";
    readonly symbols: readonly SymbolIndex[];
    /** Path outside of the workspace, when it is none of its items. */
    readonly external: string | undefined;
    readonly name: string;
}

const RECEIVER_MESSAGE =
    "a method call borrows its receiver by itself, which the template does not";

/** Plans the rewriting of all that matches; refuses when nothing does. */
export function rewritePattern(
    context: RenameContext,
    patternText: string,
    templateText: string,
): RenamePlan | Refusal {
    const pattern = readSnippet(context, patternText);
    const template = readSnippet(context, templateText);
    const broken = "code" in pattern ? pattern : "code" in template ? template : undefined;
    if (broken !== undefined || "code" in pattern || "code" in template) {
        return broken ?? refuse("REWRITE_SNIPPET", "the pattern cannot be read");
    }
    const unknown = template.variables.find(
        ({ name }) => !pattern.variables.some((one) => one.name === name),
    );
    if (unknown !== undefined) {
        return refuse("REWRITE_VARIABLE", `\`$${unknown.name}\` is not in the pattern`);
    }
    const anchor = anchorOf(context.resolution, pattern);
    if (anchor.kind === "refusal") {
        return anchor;
    }
    const { matches, left } = findMatches(context, { pattern, template }, anchor);
    const [first] = matches;
    if (first === undefined) {
        return left.length > 0
            ? refuse("REWRITE_RECEIVER", RECEIVER_MESSAGE, {
                  at: left,
                  advice: "write the variable of the receiver before a dot in the template",
              })
            : refuse("REWRITE_NOTHING", `nothing matches \`${patternText}\``);
    }
    const effects = matches.filter((match) => !keepsEffects(match, pattern, template));
    const edits = new Rewriting(context, matches, template).edits();
    const files = groupByFile(edits);
    const symbol = anchor.symbols[0];
    const nearest = context.resolution.occurrencesAt(first.file.path, first.nameStart)[0]
        ?.enclosing;
    return (
        refuseGenerated(context, files) ??
        finishPlan(
            context,
            {
                target: { kind: "symbol", symbol: symbol ?? nearest ?? 0 },
                oldName: anchor.name,
                newName: anchor.name,
                files,
                moves: [],
                names: [anchor.name],
                expected: {
                    ...NO_DIFFERENCE,
                    removed: removedTokens(context.resolution, edits),
                },
                couldMean: () => false,
            },
            [
                ...conflictsOf(effects, left),
                ...absentInTemplate(context, template, matches),
                ...absentSysroot(context, edits),
            ],
            [],
        )
    );
}

/** Items that the template names by their whole paths, and that are not there where it comes to stand. */
function absentInTemplate(
    context: RenameContext,
    { source }: Snippet,
    matches: readonly Match[],
): FoundConflict[] {
    const { resolution } = context;
    const uses = matches.flatMap(({ file, nameStart }) =>
        resolution.occurrencesAt(file.path, nameStart).slice(0, 1),
    );
    const paths = new Set(source.replace(/\s+/gu, "").match(/\w+(?:::\w+)+/gu));
    return [...paths].flatMap((path) => {
        const crates = path.startsWith("crate::") ? uses.map((use) => use.crate) : [undefined];
        return [...new Set(crates)].flatMap((crate) => {
            const whole =
                crate === undefined ? path : path.replace("crate", resolution.symbol(crate).name);
            return resolution
                .findByPath(whole)
                .map((index) => resolution.symbol(index))
                .filter(({ display, file }) => display === whole && file !== undefined)
                .slice(0, 1)
                .flatMap((item) => absentItems(context, item, uses));
        });
    });
}

/** What the path that the pattern calls names. */
function anchorOf(resolution: Resolution, pattern: Snippet): PatternAnchor | Refusal {
    const { file, root } = pattern;
    const callee = file.is(root, "call_expression") ? file.child(root, "function") : undefined;
    if (callee === undefined || !file.is(callee, "identifier", "scoped_identifier")) {
        return refuse("REWRITE_ANCHOR", "a pattern is a call of a function by its path", {
            advice: "write krate::module::function($a, $b), or krate::Type::method($receiver, $a)",
        });
    }
    const path = file.textOf(callee).replace(/\s+/gu, "");
    const name = path.split("::").at(-1) ?? path;
    const found = resolution
        .findByPath(path)
        .filter((index) => resolution.symbol(index).display === path);
    const own = found.filter((index) => resolution.symbol(index).file !== undefined);
    const [first] = own;
    if (first === undefined) {
        return path.includes("::")
            ? { kind: "anchor", symbols: [], external: path, name }
            : refuse("REWRITE_ANCHOR", `\`${path}\` names no function of the workspace`, {
                  advice: "write its whole path, from its crate",
              });
    }
    return {
        kind: "anchor",
        symbols: [...new Set(own.flatMap((index) => [...resolution.renameFamily(index)]))],
        external: undefined,
        name,
    };
}

interface Found {
    readonly matches: readonly Match[];
    /** Calls that mean it and cannot be rewritten. */
    readonly left: readonly Place[];
}

/** A receiver is borrowed by the call: only as a receiver it can be written again as it is. */
function writesReceiver({ receiver }: Match, { variables }: Snippet): boolean {
    return variables.every(({ name, isReceiver }) => name !== receiver || isReceiver);
}

function findMatches(
    context: RenameContext,
    { pattern, template }: { readonly pattern: Snippet; readonly template: Snippet },
    anchor: PatternAnchor,
): Found {
    const matcher = new PatternMatcher(context, pattern);
    const matches = new Map<string, Match>();
    const left: Place[] = [];
    for (const occurrence of occurrencesOf(context.resolution, anchor)) {
        const { file: path, span } = occurrence;
        const key = placeKey(path, span.start);
        const isCall = occurrence.role === "call" || occurrence.role === "method-call";
        if (matches.has(key) || !isCall) {
            continue;
        }
        const file = FileSyntax.of(context, path);
        const match = file === undefined ? undefined : matcher.matchCall(file, occurrence);
        if (match === "unfit" || (match !== undefined && !writesReceiver(match, template))) {
            left.push(placeAt(context.textOf(path), path, span.start));
        } else if (match !== undefined) {
            matches.set(key, match);
        }
    }
    return { matches: [...matches.values()], left };
}

function occurrencesOf(resolution: Resolution, anchor: PatternAnchor): readonly Occurrence[] {
    const { symbols, external, name } = anchor;
    return external === undefined
        ? symbols.flatMap((symbol) => [...resolution.occurrencesOf(symbol)])
        : resolution
              .occurrencesNamed(name)
              .filter(({ binding }) => binding.kind === "external" && binding.path === external);
}

/** Whether what the variables took is evaluated as often, and in an order that makes no difference. */
function keepsEffects({ file, taken }: Match, pattern: Snippet, template: Snippet): boolean {
    const order = (snippet: Snippet): string[] =>
        snippet.variables.map(({ name }) => name).filter((name) => taken.has(name));
    const before = order(pattern);
    const after = order(template);
    const effect = (name: string): ReturnType<typeof effectOf> =>
        effectOf(file, taken.get(name) ?? 0);
    return before.every((name, at) => {
        const uses = after.filter((one) => one === name).length;
        const isOnce =
            uses === 1 || effect(name) === "constant" || (uses === 0 && effect(name) === "reads");
        const later = after.slice(after.indexOf(name) + 1);
        const crossed = before.slice(0, at).filter((one) => later.includes(one));
        return isOnce && crossed.every((one) => commute(effect(one), effect(name)));
    });
}

function conflictsOf(effects: readonly Match[], left: readonly Place[]): FoundConflict[] {
    const acting: FoundConflict[] =
        effects.length === 0
            ? []
            : [
                  {
                      kind: "effects",
                      grade: "changes-meaning",
                      message:
                          "what acts would be evaluated more or less often, or in another order",
                      at: effects.map(({ file, node }) =>
                          placeAt(file.text, file.path, file.start(node)),
                      ),
                  },
              ];
    const unfit: FoundConflict[] =
        left.length === 0
            ? []
            : [
                  {
                      kind: "receiver",
                      grade: "error",
                      message:
                          "a method call takes its receiver in a way that the template cannot write",
                      at: left,
                  },
              ];
    return [...acting, ...unfit];
}

/** Writes the template for each match; a match in what another one takes along is rewritten in there. */
class Rewriting {
    readonly #context: RenameContext;
    readonly #matches: readonly Match[];
    readonly #template: Snippet;

    constructor(context: RenameContext, matches: readonly Match[], template: Snippet) {
        this.#context = context;
        this.#matches = matches;
        this.#template = template;
    }

    edits(): PlannedEdit[] {
        return this.#outermost(this.#matches).map((match) => this.#editOf(match));
    }

    #outermost(matches: readonly Match[]): Match[] {
        const byFile = new Map<string, Match[]>();
        for (const match of matches) {
            appendTo(byFile, match.file.path, match);
        }
        return [...byFile.values()].flatMap((group) =>
            group.filter((inner) => !group.some((outer) => outer !== inner && holds(outer, inner))),
        );
    }

    #editOf(match: Match): PlannedEdit {
        const { file, node } = match;
        const { text, tokens, added } = this.#write(match);
        return {
            path: file.path,
            span: file.span(node),
            oldText: file.textOf(node),
            newText: text,
            role: "call",
            precision: "syntactic",
            tokens,
            added: added.map((at) => ({ at })),
        };
    }

    #write(match: Match): MovedText {
        const { source, variables } = this.#template;
        let text = "";
        let position = 0;
        const tokens: EditedToken[] = [];
        const added: number[] = [];
        const put = (piece: string): void => {
            added.push(...namesIn(piece).map((at) => at + text.length));
            text += piece;
        };
        for (const { name, start, end, isTight } of variables) {
            put(source.slice(position, start));
            const node = match.taken.get(name) ?? 0;
            const content = this.#contentOf(match, node);
            const isWrapped = isTight && !isPrimary(match.file, node);
            text += isWrapped ? "(" : "";
            const shift = text.length;
            tokens.push(...content.tokens.map((token) => ({ ...token, at: token.at + shift })));
            added.push(...content.added.map((at) => at + shift));
            text += content.text + (isWrapped ? ")" : "");
            position = end;
        }
        put(source.slice(position));
        return { text, tokens, added };
    }

    #contentOf({ file }: Match, node: number): MovedText {
        const occurrences = this.#context.resolution.occurrencesIn(file.path);
        const whole = movedText(file, node, occurrences);
        const offset = file.start(node);
        const inner = this.#matches.filter(
            (match) =>
                match.file.path === file.path &&
                offset <= file.start(match.node) &&
                file.end(match.node) <= file.end(node),
        );
        const edits = this.#outermost(inner)
            .map((match) => this.#editOf(match))
            .sort((a, b) => a.span.start - b.span.start);
        return joinEdits(whole, offset, edits);
    }
}

function holds(outer: Match, inner: Match): boolean {
    const { file } = outer;
    return (
        file.start(outer.node) <= file.start(inner.node) &&
        file.end(inner.node) <= file.end(outer.node) &&
        file.end(outer.node) - file.start(outer.node) >
            file.end(inner.node) - file.start(inner.node)
    );
}
