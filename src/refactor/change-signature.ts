// Adds, takes away and orders anew the parameters of a function or method, and the arguments of all its
// calls: of a trait's method in every impl. A parameter that is still used is not taken away; an argument
// that does more than give a value is neither left out nor evaluated at another time.

import { refuse, type Place, type Refusal } from "../base/index.ts";
import { NODE_FLAG } from "../graph/index.ts";
import type { Occurrence } from "../resolve/index.ts";
import { isReceiver } from "../syntax/index.ts";
import { absentSysroot } from "./absent-sysroot.ts";
import type { RenameContext } from "./context.ts";
import { commute, effectOf } from "./effects.ts";
import { FileSyntax } from "./file-syntax.ts";
import { refuseSymbol } from "./find-target.ts";
import { finishEdits } from "./finish-edits.ts";
import { movedText, rewriteList, type ListSyntax } from "./list-slots.ts";
import { publishedConflicts } from "./meaningful-names.ts";
import type { FoundConflict, RenamePlan } from "./model.ts";
import { placeAt } from "./places.ts";
import type { AddedToken, PlannedEdit } from "./planned-edit.ts";
import { placeKey } from "./proof-view.ts";
import { rewriteCalls, type Call } from "./rewrite-calls.ts";
import { layOut, type NewParameter, type SignatureLayout } from "./signature-layout.ts";
import { prepareSubject, type Subject } from "./subject.ts";

/** A function as it is written. */
interface Definition {
    readonly file: FileSyntax;
    readonly list: ListSyntax;
    /** Names of its parameters; undefined for a pattern. */
    readonly names: readonly (string | undefined)[];
}

/** Plans a new signature of a function, and of all that must have the same. */
export function changeSignature(
    context: RenameContext,
    symbol: number,
    wanted: readonly NewParameter[],
): RenamePlan | Refusal {
    const { resolution } = context;
    const refusal = refuseSymbol(resolution, symbol) ?? refuseFixed(context, symbol);
    if (refusal !== undefined) {
        return refusal;
    }
    const subject = prepareSubject(resolution, { kind: "symbol", symbol });
    const definitions = readDefinitions(context, subject, symbol);
    if ("code" in definitions) {
        return definitions;
    }
    const layout = layOut(definitions[0]?.names ?? [], wanted);
    if (layout.kind === "refusal") {
        return layout;
    }
    const used = usedParameters(context, definitions, layout);
    if (used.length > 0) {
        return refuse("SIGNATURE_PARAMETER_USED", "a parameter that would go is used", {
            at: used,
        });
    }
    const calls = readCalls(context, subject, definitions[0]?.list.elements.length ?? 0);
    const edits = [
        ...definitions.flatMap((one) => editDefinition(context, one, layout)),
        ...rewriteCalls(context, calls.calls, layout.arguments),
    ];
    return finishEdits(context, subject, {
        edits,
        conflicts: [
            ...calls.conflicts,
            ...absentSysroot(context, edits),
            ...effectConflicts(calls.calls, layout),
            ...publishedConflicts(
                context,
                subject.members,
                `\`${subject.oldName}\` is public in a library that can be published`,
            ),
        ],
    });
}

/** What somebody outside decides the signature of. */
function refuseFixed(context: RenameContext, index: number): Refusal | undefined {
    const { resolution } = context;
    const symbol = resolution.symbol(index);
    if (symbol.kind !== "function" && symbol.kind !== "method") {
        return refuse(
            "SIGNATURE_NONE",
            `\`${symbol.display}\` is a ${symbol.kind}: it has no signature`,
        );
    }
    const trait = resolution.externalTraitOf(index);
    if (trait !== undefined) {
        return refuse("SIGNATURE_FOREIGN", `\`${symbol.display}\` is as \`${trait}\` says`);
    }
    const isCalledFromOutside =
        (symbol.flags & (NODE_FLAG.test | NODE_FLAG.entryPoint | NODE_FLAG.noMangle)) !== 0;
    return isCalledFromOutside
        ? refuse(
              "SIGNATURE_FOREIGN",
              `\`${symbol.display}\` is called from outside of Rust's sources`,
          )
        : undefined;
}

function readDefinitions(
    context: RenameContext,
    subject: Subject,
    first: number,
): Definition[] | Refusal {
    const found = new Map<string, Definition>();
    const members = [...subject.members].sort((a, b) =>
        a.index === first ? -1 : b.index === first ? 1 : a.index - b.index,
    );
    for (const { file: path, nameSpan, display } of members) {
        const file = path === undefined ? undefined : FileSyntax.of(context, path);
        if (path === undefined || nameSpan === undefined || file === undefined) {
            continue;
        }
        const definition = readDefinition(file, nameSpan.start);
        if (definition === undefined) {
            return refuse(
                "SIGNATURE_UNREADABLE",
                `\`${display}\` is not written as a plain function`,
                {
                    at: [placeAt(file.text, path, nameSpan.start)],
                },
            );
        }
        found.set(placeKey(path, nameSpan.start), definition);
    }
    const all = [...found.values()];
    const count = all[0]?.list.elements.length;
    const other = all.find(({ list }) => list.elements.length !== count);
    return other === undefined
        ? all
        : refuse("SIGNATURE_UNREADABLE", "its definitions take different numbers of parameters", {
              at: [placeAt(other.file.text, other.file.path, other.file.start(other.list.list))],
          });
}

function readDefinition(file: FileSyntax, start: number): Definition | undefined {
    const name = file.nodeStartingAt(start, "identifier");
    const item = name === undefined ? undefined : file.parent(name);
    const list =
        item !== undefined && file.is(item, "function_item", "function_signature_item")
            ? file.child(item, "parameters")
            : undefined;
    if (list === undefined) {
        return undefined;
    }
    const parts = file.tree.childrenOf(list);
    const isPlain = parts.every((part) => file.is(part, "self_parameter", "parameter"));
    const [first] = parts;
    const hasHead = first !== undefined && isReceiver(file.tree, first);
    const elements = hasHead ? parts.slice(1) : parts;
    return isPlain
        ? {
              file,
              list: { file, list, elements, hasHead },
              names: elements.map((one) => nameOfParameter(file, one)),
          }
        : undefined;
}

function nameOfParameter(file: FileSyntax, node: number): string | undefined {
    const pattern = file.child(node, "pattern");
    return pattern !== undefined && file.is(pattern, "identifier")
        ? file.tree.nameOf(pattern)
        : undefined;
}

/** Uses of parameters that would go. */
function usedParameters(
    { resolution }: RenameContext,
    definitions: readonly Definition[],
    { removed }: SignatureLayout,
): Place[] {
    return definitions.flatMap(({ file, list }) =>
        [...removed].flatMap((position) => {
            const node = list.elements[position];
            const span = node === undefined ? undefined : file.span(node);
            return span === undefined
                ? []
                : resolution
                      .occurrencesIn(file.path)
                      .filter(
                          ({ binding, span: own }) =>
                              binding.kind === "local" &&
                              isIn(binding.local.nameSpan.start, span) &&
                              !isIn(own.start, span),
                      )
                      .map((use) => placeAt(file.text, file.path, use.span.start));
        }),
    );
}

function isIn(offset: number, span: { readonly start: number; readonly end: number }): boolean {
    return span.start <= offset && offset < span.end;
}

function editDefinition(
    { resolution }: RenameContext,
    { file, list }: Definition,
    layout: SignatureLayout,
): PlannedEdit[] {
    const occurrences = resolution.occurrencesIn(file.path);
    const edits = rewriteList(list, layout.parameters, (node) =>
        movedText(file, node, occurrences),
    );
    return edits.map((edit) => ({
        ...edit,
        role: "definition" as const,
        added: (edit.added ?? []).map((token) => defining(edit, token)),
    }));
}

/** A new parameter's name defines a local; what else is written means what is there. */
function defining({ path, span, newText }: PlannedEdit, token: AddedToken): AddedToken {
    const isName = /^(?:r#)?[\p{XID_Continue}]+:(?!:)/u.test(newText.slice(token.at));
    return isName ? { ...token, defines: `${path}:${span.start}:${token.at}` } : token;
}

interface ReadCalls {
    readonly calls: readonly Call[];
    readonly conflicts: readonly FoundConflict[];
}

/** All calls, and the uses that are none. */
function readCalls(context: RenameContext, subject: Subject, parameters: number): ReadCalls {
    const calls = new Map<string, Call>();
    const others = new Map<string, Place>();
    for (const { index } of subject.members) {
        for (const occurrence of context.resolution.occurrencesOf(index)) {
            const key = placeKey(occurrence.file, occurrence.span.start);
            if (!HARMLESS.has(occurrence.role)) {
                const call = readCall(context, occurrence, parameters);
                if (call === undefined) {
                    const text = context.textOf(occurrence.file);
                    others.set(key, placeAt(text, occurrence.file, occurrence.span.start));
                } else {
                    calls.set(key, call);
                }
            }
        }
    }
    return { calls: [...calls.values()], conflicts: otherUses([...others.values()]) };
}

/** Roles that say nothing of parameters. */
const HARMLESS: ReadonlySet<Occurrence["role"]> = new Set([
    "definition",
    "doc-link",
    "import",
    "import-alias",
    "visibility",
]);

function otherUses(at: readonly Place[]): FoundConflict[] {
    return at.length === 0
        ? []
        : [
              {
                  kind: "used-as-value",
                  grade: "error",
                  message: "it is used otherwise than by a call whose arguments could be changed",
                  at,
              },
          ];
}

function readCall(
    context: RenameContext,
    occurrence: Occurrence,
    parameters: number,
): Call | undefined {
    const file = FileSyntax.of(context, occurrence.file);
    const { start } = occurrence.span;
    const isMethod = occurrence.role === "method-call";
    const name = file?.nodeStartingAt(start, isMethod ? "field_identifier" : "identifier");
    if (file === undefined || name === undefined || file.isMacroToken(name)) {
        return undefined;
    }
    let at = name;
    while (file.is(file.parent(at), "field_expression", "generic_function", "scoped_identifier")) {
        at = file.parent(at);
    }
    const node = file.parent(at);
    const list = file.is(node, "call_expression") ? file.child(node, "arguments") : undefined;
    if (list === undefined || file.child(node, "function") !== at) {
        return undefined;
    }
    const parts = file.tree.childrenOf(list);
    const head = parts.length - parameters;
    const isWhole = head === 0 || (head === 1 && !isMethod);
    return !isWhole || parts.some((part) => file.is(part, "attribute_item"))
        ? undefined
        : {
              node,
              list: { file, list, elements: parts.slice(head), hasHead: head === 1 },
          };
}

/** Arguments that would be lost, or evaluated in another order, and do more than give a value. */
function effectConflicts(calls: readonly Call[], layout: SignatureLayout): FoundConflict[] {
    const at = calls.flatMap(({ list: { file, elements, list } }) => {
        const effects = elements.map((node) => effectOf(file, node));
        const isLost = [...layout.removed].some((position) => effects[position] === "acts");
        return isLost ||
            !keepsOrder(
                layout.reordered.map((one) => effects[one] ?? "acts"),
                layout.reordered,
            )
            ? [placeAt(file.text, file.path, file.start(list))]
            : [];
    });
    return at.length === 0
        ? []
        : [
              {
                  kind: "effects",
                  grade: "changes-meaning",
                  message: "arguments that act would be lost, or evaluated in another order",
                  at,
              },
          ];
}

function keepsOrder(
    effects: readonly ReturnType<typeof effectOf>[],
    positions: readonly number[],
): boolean {
    return effects.every((effect, later) =>
        effects
            .slice(0, later)
            .every(
                (before, sooner) =>
                    (positions[sooner] ?? 0) < (positions[later] ?? 0) || commute(before, effect),
            ),
    );
}
