// Impls that `#[derive]` would make of traits of std, written out with bodies that hold nothing: what a derived body
// names are the fields and variants of its type, and what std has.

import type { DeclaredType } from "../item-tokens.ts";
import { TOKEN, type RustTokens } from "../dump/rust-tokens.ts";
import { hasWord } from "./compared-crates.ts";
import { NOTHING, replace, type Replacement } from "./replaced-tokens.ts";

/** What stands for a derived impl of a type: the trait, and its method. */
const IMPLS: ReadonlyMap<string, readonly [string, string]> = new Map([
    ["Clone", ["clone::Clone", "fn clone(&self)->Self{loop{}}"]],
    [
        "Debug",
        [
            "fmt::Debug",
            "fn fmt(&self,_:&mut ::core::fmt::Formatter<'_>)->::core::fmt::Result{loop{}}",
        ],
    ],
    ["Default", ["default::Default", "fn default()->Self{loop{}}"]],
    ["Eq", ["cmp::Eq", ""]],
    ["Hash", ["hash::Hash", "fn hash<H: ::core::hash::Hasher>(&self,_:&mut H){loop{}}"]],
    ["Ord", ["cmp::Ord", "fn cmp(&self,_:&Self)->::core::cmp::Ordering{loop{}}"]],
    ["PartialEq", ["cmp::PartialEq", "fn eq(&self,_:&Self)->bool{loop{}}"]],
    [
        "PartialOrd",
        [
            "cmp::PartialOrd",
            "fn partial_cmp(&self,_:&Self)->::core::option::Option<::core::cmp::Ordering>{loop{}}",
        ],
    ],
]);

/** Attributes of a type that say nothing of what is derived. */
const ON_TYPES: ReadonlySet<string> = new Set(
    "allow warn deny forbid expect doc deprecated must_use non_exhaustive repr rustfmt clippy".split(
        " ",
    ),
);

/** The same of its fields and variants. */
const ON_FIELDS: ReadonlySet<string> = new Set(
    "allow warn deny expect doc deprecated cfg".split(" "),
);

/** What must stay. */
export interface DeriveReduction {
    readonly words: readonly string[];
    /** Whether it is std that derives a trait of this name. */
    readonly derivesOfStd: (trait: string) => boolean;
    /** Words in constants. */
    readonly inConstants: ReadonlySet<string>;
}

const CONSTANT = /\bconst\s+\w+\s*:[^;]{0,400}/gu;

/** Words that stand in constants, near enough to their beginning. */
export function wordsOfConstants(texts: readonly string[]): ReadonlySet<string> {
    const constants = texts.flatMap((text) => text.match(CONSTANT) ?? []);
    return new Set(constants.flatMap((constant) => constant.match(/\w+/gu) ?? []));
}

interface Derive {
    /** Its tokens, `end` exclusive. */
    readonly from: number;
    readonly end: number;
    readonly traits: readonly string[];
}

/** Writes out what types derive, where that is surely std's; nothing where it is not, or holds a name. */
export function writeDerived(
    tokens: RustTokens,
    types: readonly DeclaredType[],
    reduction: DeriveReduction,
): Replacement[] {
    const hasSelf = types.length > 0 && wordsOfConstants([tokens.text]).has("Self");
    return types.flatMap((type) => writeImpls(tokens, type, reduction, hasSelf));
}

function writeImpls(
    tokens: RustTokens,
    { from, word, end }: DeclaredType,
    { words, derivesOfStd, inConstants }: DeriveReduction,
    hasSelf: boolean,
): Replacement[] {
    const derives = readDerives(tokens, from, word);
    const isClear =
        derives.length > 0 &&
        isWithoutParameters(tokens, word) &&
        areFieldsPlain(tokens, word, end) &&
        isLastInLine(tokens, end) &&
        derives.every(({ traits }) => traits.every(derivesOfStd));
    if (!isClear) {
        return [];
    }
    const name = tokens.text.slice(tokens.starts[word + 1], tokens.ends[word + 1]);
    // Constants may be patterns, for which the derived impl is a sign: without it, whole crates would be compared.
    const mayBePattern =
        tokens.name(word) === "struct" || inConstants.has(tokens.name(word + 1)) || hasSelf;
    const isWritten = (trait: string): boolean =>
        IMPLS.has(trait) && !(trait === "PartialEq" && mayBePattern);
    const written = derives.flatMap(({ traits }) => traits.filter(isWritten));
    const impls = written.map((trait) => {
        const [path, method] = IMPLS.get(trait) ?? ["", ""];
        return ` impl ::core::${path} for ${name}{${method}}`;
    });
    const whole = tokens.text.slice(tokens.starts[from], tokens.ends[end - 1]) + impls.join("");
    if (written.length === 0 || hasWord(whole, words)) {
        return [];
    }
    const shorter = derives.flatMap(({ from: first, end: last, traits }) => {
        const kept = traits.filter((trait) => !isWritten(trait));
        const put = kept.length === 0 ? "" : `#[derive(${kept.join(",")})]`;
        return replace(tokens, [first, last], { ...NOTHING, put });
    });
    const at = tokens.ends[end - 1] ?? 0;
    const bodies = written.filter((trait) => trait !== "Eq").length;
    const added = { start: at, end: at, text: impls.join(""), bodies };
    return shorter.length === derives.length ? [...shorter, added] : [];
}

/** The `#[derive(…)]` of a type; none where one names what has no one word, or another attribute may matter. */
function readDerives(tokens: RustTokens, from: number, word: number): Derive[] {
    const found: Derive[] = [];
    for (let at = from; at < word && tokens.isPunctuation(at, "#");) {
        const end = tokens.endOfGroup(at + 1, word);
        const name = tokens.name(at + 2);
        if (name === "derive") {
            const traits = readTraits(tokens, at + 3, end - 1);
            if (traits === undefined) {
                return [];
            }
            found.push({ from: at, end, traits });
        } else if (!ON_TYPES.has(name)) {
            return [];
        }
        at = end;
    }
    return found;
}

/** Words in `(A, B)`, all of them traits that std derives. */
function readTraits(tokens: RustTokens, open: number, end: number): string[] | undefined {
    const traits: string[] = [];
    for (let at = open + 1; at < end - 1; at++) {
        const isSeparator = tokens.isPunctuation(at, ",") && !tokens.isPunctuation(at - 1, ",");
        const name = tokens.name(at);
        if (tokens.kinds[at] === TOKEN.ident && (IMPLS.has(name) || name === "Copy")) {
            traits.push(name);
        } else if (!isSeparator) {
            return undefined;
        }
    }
    return traits;
}

/** `struct A {`, `struct A(`, `struct A;` */
function isWithoutParameters(tokens: RustTokens, word: number): boolean {
    return (
        tokens.kinds[word + 1] === TOKEN.ident &&
        ["{", "(", ";"].some((sign) => tokens.isPunctuation(word + 2, sign))
    );
}

/** Whether the fields hold no attribute that a derive reads, and call no macro. */
function areFieldsPlain(tokens: RustTokens, word: number, end: number): boolean {
    for (let at = word; at < end; at++) {
        const isAttribute = tokens.isPunctuation(at, "#") && tokens.isPunctuation(at + 1, "[");
        if (isAttribute ? !ON_FIELDS.has(tokens.name(at + 2)) : tokens.isPunctuation(at, "!")) {
            return false;
        }
    }
    return true;
}

/** Whether nothing that has a place comes after a token in its line. */
function isLastInLine({ text, ends }: RustTokens, end: number): boolean {
    const [rest = ""] = text.slice(ends[end - 1]).split("\n", 1);
    return /^\s*(?:\/\/(?![/!]).*)?$/u.test(rest);
}
