// What a cursor means: the thing to be renamed, or why nothing there can be.

import { refuse, type Refusal, type Span } from "../base/index.ts";
import { NODE_FLAG } from "../graph/index.ts";
import {
    isGivenToMacro,
    SEVERAL_IN_SCOPE,
    type Binding,
    type LocalInfo,
    type Occurrence,
    type Resolution,
} from "../resolve/index.ts";
import type { RenameContext, RenameStart } from "./context.ts";
import type { RenameTarget } from "./model.ts";
import { lastBefore, placeAt, wordAt, type WordToken } from "./places.ts";
import { isKeyword, isPrimitiveType } from "./rust-names.ts";

/** Finds what is meant at an offset of a file. */
export function findRenameTarget(
    context: Pick<RenameContext, "resolution" | "textOf">,
    file: string,
    offset: number,
): RenameStart | Refusal {
    const text = context.textOf(file);
    const token = wordAt(text, offset);
    const deny = (code: string, message: string, advice = ""): Refusal =>
        refuse(code, message, { at: [placeAt(text, file, token?.span.start ?? offset)], advice });
    if (token === undefined) {
        return deny("RENAME_NO_NAME", "there is no name here");
    }
    const occurrences = context.resolution
        .occurrencesAt(file, token.span.end)
        .filter((found) => found.span.start === token.span.start);
    const implicit = implicitLocal(file, token);
    if (implicit !== undefined) {
        return {
            kind: "start",
            target: { kind: "local", local: implicit },
            span: token.span,
            name: token.name,
        };
    }
    const word = refuseWord(text, token, occurrences, deny);
    if (word !== undefined) {
        return word;
    }
    const meant = preferValue(occurrences);
    const targets = new Map<string, RenameTarget>();
    for (const occurrence of meant) {
        const target = targetOf(context.resolution, occurrence, deny);
        if (target.kind === "refusal") {
            return target;
        }
        targets.set(targetKey(context.resolution, target), target);
    }
    const [target, ...others] = targets.values();
    if (target === undefined) {
        return deny("RENAME_NO_NAME", `nothing is known of \`${token.name}\` here`);
    }
    if (others.length > 0) {
        return refuse("RENAME_AMBIGUOUS", `\`${token.name}\` means several things here`, {
            at: [placeAt(text, file, token.span.start)],
            candidates: [...targets.values()].map((one) => describe(context.resolution, one)),
        });
    }
    return { kind: "start", target, span: token.span, name: meant[0]?.name ?? token.name };
}

/**
 * What has no name yet and can be given one: `self`, which becomes a parameter, and `'_`, which becomes a
 * lifetime parameter. A plan says whether it can be there.
 */
function implicitLocal(
    file: string,
    { span, name, raw, quoted }: WordToken,
): LocalInfo | undefined {
    if (raw || (quoted ? name !== "_" : name !== "self")) {
        return undefined;
    }
    const kind = quoted ? "lifetime" : "parameter";
    return { kind, name, file, nameSpan: span, scope: span };
}

type Deny = (code: string, message: string, advice?: string) => Refusal;

/** Refuses what the characters alone show to be no renameable name. */
function refuseWord(
    text: string,
    token: WordToken,
    occurrences: readonly Occurrence[],
    deny: Deny,
): Refusal | undefined {
    const { name } = token;
    if (token.isNumber) {
        return text[lastBefore(text, token.span.start)] === "."
            ? deny("RENAME_TUPLE_FIELD", `\`.${name}\` is a tuple field: its name is its position`)
            : deny("RENAME_NO_NAME", "a number is no name");
    }
    if (token.quoted && name === "static") {
        return deny("RENAME_KEYWORD", "`'static` has a meaning of its own");
    }
    if (token.raw) {
        return undefined;
    }
    if (name === "Self") {
        return deny("RENAME_KEYWORD", "`Self` is the type around it", "Rename the type itself.");
    }
    if (name === "super" || name === "crate" || name === "_") {
        return deny("RENAME_KEYWORD", `\`${name}\` is a keyword`);
    }
    if (occurrences.length === 0 && isPrimitiveType(name)) {
        return deny("RENAME_BUILTIN", `\`${name}\` is a primitive type`);
    }
    // A name that only later editions reserve may stand unescaped in an older crate.
    return occurrences.length === 0 && isKeyword(name, "2024")
        ? deny("RENAME_KEYWORD", `\`${name}\` is a keyword`)
        : undefined;
}

/** Of a shorthand token the value is meant: the local, not the field. */
function preferValue(occurrences: readonly Occurrence[]): readonly Occurrence[] {
    const values = occurrences.filter((found) => found.shorthand !== "field");
    return values.length > 0 ? values : occurrences;
}

function targetOf(resolution: Resolution, found: Occurrence, deny: Deny): RenameTarget | Refusal {
    const { binding, name } = found;
    if (found.viaAlias || found.role === "import-alias") {
        return deny(
            "RENAME_ALIAS",
            `\`${name}\` is an alias that an import gave`,
            "Rename the item where it is defined; an alias is changed in its `use`.",
        );
    }
    switch (binding.kind) {
        case "local":
            return { kind: "local", local: binding.local };
        case "symbol":
            return symbolTarget(resolution, binding.symbols, name, deny);
        case "external":
            return deny("RENAME_EXTERNAL", externalMessage(binding.path));
        case "builtin":
            return deny("RENAME_BUILTIN", builtinMessage(found));
        case "ambiguous":
            return refuse("RENAME_AMBIGUOUS", `\`${name}\` is not decided: ${binding.reason}`, {
                candidates: binding.candidates.map((one) => resolution.symbol(one).display),
            });
        case "unresolved":
        case "opaque":
            if (mayBeMade(resolution, name)) {
                const { file, span } = found;
                return {
                    kind: "local",
                    local: { kind: "local", name, file, nameSpan: span, scope: span },
                };
            }
            return deny(
                "RENAME_UNRESOLVED",
                `what \`${name}\` means is not known: ${binding.reason}`,
            );
    }
}

/** Whether a macro is given a token of the name, and may define something of it: planning finds out. */
function mayBeMade(resolution: Resolution, name: string): boolean {
    return resolution.occurrencesNamed(name).some(({ binding }) => isGivenToMacro(binding));
}

function symbolTarget(
    resolution: Resolution,
    symbols: readonly number[],
    name: string,
    deny: Deny,
): RenameTarget | Refusal {
    const first = symbols[0];
    if (first === undefined) {
        return deny("RENAME_UNRESOLVED", `what \`${name}\` means is not known`);
    }
    const family = new Set(resolution.renameFamily(first));
    const stranger = symbols.find((one) => !family.has(one));
    if (stranger !== undefined) {
        return refuse("RENAME_AMBIGUOUS", `\`${name}\` means several things here`, {
            candidates: symbols.map((one) => resolution.symbol(one).display),
        });
    }
    const refusal = refuseSymbol(resolution, first);
    return refusal ?? { kind: "symbol", symbol: first };
}

/** Refuses symbols that have no name in the workspace that could be changed. */
export function refuseSymbol(resolution: Resolution, index: number): Refusal | undefined {
    const symbol = resolution.symbol(index);
    if (symbol.kind === "external" || (symbol.flags & NODE_FLAG.external) !== 0) {
        return refuse("RENAME_EXTERNAL", externalMessage(symbol.display));
    }
    if (symbol.kind === "crate") {
        return refuse(
            "RENAME_CRATE",
            `\`${symbol.name}\` is a crate: its name stands in its manifest`,
            {
                advice: "Rename the package or target in Cargo.toml.",
            },
        );
    }
    if (symbol.kind === "impl") {
        return refuse("RENAME_NO_NAME", `\`${symbol.display}\` is an impl and has no name`);
    }
    if (/^\d+$/u.test(symbol.name)) {
        return refuse(
            "RENAME_TUPLE_FIELD",
            `\`${symbol.display}\` is a tuple field: its name is its position`,
        );
    }
    return undefined;
}

function externalMessage(path: string): string {
    const crate = path.split("::")[0] ?? path;
    return crate === path
        ? `\`${path}\` is a crate outside the workspace`
        : `\`${path}\` belongs to the crate \`${crate}\`, outside the workspace`;
}

function builtinMessage(found: Occurrence): string {
    const { name, role } = found;
    if (isPrimitiveType(name) && role !== "macro-call") {
        return `\`${name}\` is a primitive type`;
    }
    if (role === "macro-call") {
        return `\`${name}!\` is built into the language`;
    }
    if (role === "attribute") {
        return `\`${name}\` is a built-in attribute`;
    }
    return `\`${name}\` is built into the language`;
}

/** A text that is equal for two targets exactly when a rename of the one is a rename of the other. */
function targetKey(resolution: Resolution, target: RenameTarget): string {
    return target.kind === "local"
        ? localKey(target.local)
        : `symbol:${resolution.renameFamily(target.symbol).join(",")}`;
}

/** Identity of a local. */
export function localKey(local: { readonly file: string; readonly nameSpan: Span }): string {
    return `local:${local.file}:${local.nameSpan.start}`;
}

/** A target as a person would call it. */
export function describe(resolution: Resolution, target: RenameTarget): string {
    if (target.kind === "local") {
        return `${target.local.kind} \`${target.local.name}\``;
    }
    const symbol = resolution.symbol(target.symbol);
    return `${symbol.kind} \`${symbol.display}\``;
}

/**
 * Whether a binding says only that no definition of the workspace has this name: a member of an external
 * type that is not known. Such a word holds as long as the workspace has no such name.
 */
export function isByAbsence(binding: Binding): boolean {
    return binding.kind === "external" && binding.path.startsWith("_::");
}

/** Whether a binding leaves open only which of a scope's definitions a configuration has. */
export function isSeveral(
    binding: Binding | undefined,
): binding is Extract<Binding, { kind: "ambiguous" }> {
    return binding?.kind === "ambiguous" && binding.reason === SEVERAL_IN_SCOPE;
}

/** Whether a binding leaves open what a token means. */
export function isUndecided(
    binding: Binding,
): binding is Extract<Binding, { kind: "ambiguous" | "unresolved" | "opaque" }> {
    return (
        binding.kind === "ambiguous" || binding.kind === "unresolved" || binding.kind === "opaque"
    );
}
