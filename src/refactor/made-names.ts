// Names that a macro from outside may have made of an item's name: `FooBuilder` of a struct `Foo` that is derived,
// `set_size` of a field. Only tokens that nothing is known to define are such names.

import type { Binding, Occurrence, SymbolInfo } from "../resolve/index.ts";
import type { SyntaxTree } from "../syntax/index.ts";
import { attributesOf, derivesOf, type AttributeText } from "./attributes.ts";
import type { RenameContext } from "./context.ts";
import { canReachCrate } from "./crate-reach.ts";
import { isByAbsence } from "./find-target.ts";
import type { UnprovedPlace } from "./model.ts";
import type { Subject } from "./subject.ts";

/** Derives that make no names: those of std, and well-known ones. */
const SILENT: ReadonlySet<string> = new Set(
    (
        "Clone Copy Debug Default Eq Hash Ord PartialEq PartialOrd Serialize Deserialize Error " +
        "Parser Subcommand Args ValueEnum Arbitrary Zeroize ZeroizeOnDrop Display From Into"
    ).split(" "),
);

/** Attributes of dependencies that leave an item as it is named. */
const KEEPING =
    /^(?:serde|error|clap|arg|command|test_case|rstest|tokio::test|tokio::main|.*::test)$/u;

/** Finds tokens that contain the old name, mean nothing that is known, and that a macro may have made of it. */
export function findMadeNames(context: RenameContext, subject: Subject): UnprovedPlace[] {
    const makers = subject.members.filter((member) => makerOf(context, member) !== undefined);
    const [first] = makers;
    const by = first === undefined ? undefined : makerOf(context, first);
    if (first === undefined || by === undefined) {
        return [];
    }
    const reason = `${by} may have made this name of \`${subject.oldName}\``;
    const crates = new Set(makers.flatMap(({ crate }) => (crate === undefined ? [] : [crate])));
    const places: UnprovedPlace[] = [];
    for (const name of namesMadeOf(context, subject.oldName)) {
        for (const occurrence of context.resolution.occurrencesNamed(name)) {
            const { file, span, crate } = occurrence;
            const isNear =
                crate !== undefined &&
                [...crates].some((to) =>
                    canReachCrate(context.model, context.resolution, crate, to),
                );
            if (isNear && isUndefined(context, occurrence)) {
                places.push({ path: file, span, reason });
            }
        }
    }
    return places;
}

/** The macro that reads an item, or the type around it, and may make anything of its name. */
function makerOf(context: RenameContext, member: SymbolInfo): string | undefined {
    for (let at: SymbolInfo | undefined = member; at !== undefined;) {
        if (at.kind === "crate" || at.kind === "module") {
            return undefined;
        }
        const maker = attributesOf(context, at)
            .map((attribute) => makerIn(context, at?.file ?? "", attribute))
            .find((one) => one !== undefined);
        if (maker !== undefined) {
            return maker;
        }
        at = at.parent === undefined ? undefined : context.resolution.symbol(at.parent);
    }
    return undefined;
}

function makerIn(
    context: RenameContext,
    file: string,
    attribute: AttributeText,
): string | undefined {
    const derive = derivesOf([attribute]).find((name) => !SILENT.has(name));
    if (derive !== undefined) {
        return `\`derive(${derive})\``;
    }
    const { path, span } = attribute;
    const last = span.start + path.length;
    const found = context.resolution
        .occurrencesAt(file, last)
        .filter((one) => one.span.end === last && one.role === "attribute");
    return found.length === 0 ||
        KEEPING.test(path) ||
        found.some(({ binding }) => !isMacro(binding))
        ? undefined
        : `\`#[${path}]\``;
}

/** Whether an attribute means a macro from outside the language; a helper of a derive means nothing. */
function isMacro(binding: Binding): boolean {
    return binding.kind === "symbol" || binding.kind === "external";
}

const WORD = /[\p{XID_Start}_]\p{XID_Continue}*/gu;

/** A name in the styles that macros change it to: cases, and an ending that some take off (snafu's `Error`). */
function stylesOf(name: string): readonly string[] {
    const stems = [name, name.replace(/(?<=\p{L})Error$/u, "")];
    const styles = stems.flatMap((stem) => {
        const snake = stem.replace(/(?<=[\p{Ll}\p{Nd}])(?=\p{Lu})/gu, "_").toLowerCase();
        const camel = snake.replace(/(?:^|_)(\p{L})/gu, (_, letter: string) =>
            letter.toUpperCase(),
        );
        return [stem, snake, camel, snake.toUpperCase()];
    });
    return [...new Set(styles)].filter((one) => one.replaceAll("_", "") !== "");
}

/** Names of the workspace that contain a name, in any of its styles. */
function namesMadeOf(context: RenameContext, name: string): ReadonlySet<string> {
    const styles = stylesOf(name);
    const parts = styles.map((one) => new RegExp(`(?<![\\p{L}])${one}|${one}(?![\\p{Ll}])`, "u"));
    const held = new Set<string>();
    for (const path of context.model.rustFiles) {
        const tree = context.treeOf(path);
        const words = tree === undefined ? wordsOf([context.textOf(path)]) : wordsIn(tree);
        for (const style of styles) {
            collectHolding(words, style, held);
        }
    }
    held.delete(name);
    return new Set([...held].filter((word) => parts.some((part) => part.test(word))));
}

const knownWords = new WeakMap<SyntaxTree, string>();

/**
 * The words that tokens of a file spell, one in a line: every rename asks for them in every file. A word of a
 * comment that no token spells has no occurrence.
 */
function wordsIn(tree: SyntaxTree): string {
    let words = knownWords.get(tree);
    if (words === undefined) {
        words = wordsOf(tree.columns.names);
        knownWords.set(tree, words);
    }
    return words;
}

function wordsOf(texts: readonly string[]): string {
    const words = new Set<string>();
    for (const text of texts) {
        for (const [word] of text.matchAll(WORD)) {
            words.add(word);
        }
    }
    return `\n${[...words].join("\n")}\n`;
}

/** Collects those of the words that contain a text. */
function collectHolding(words: string, part: string, held: Set<string>): void {
    for (let at = words.indexOf(part); at !== -1;) {
        const end = words.indexOf("\n", at);
        held.add(words.slice(words.lastIndexOf("\n", at) + 1, end));
        at = words.indexOf(part, end);
    }
}

/** Whether nothing that is known defines what a token names. */
function isUndefined({ resolution }: RenameContext, occurrence: Occurrence): boolean {
    const { binding, name, role } = occurrence;
    if (binding.kind !== "unresolved" && binding.kind !== "opaque" && !isByAbsence(binding)) {
        return false;
    }
    const isSure = binding.kind === "unresolved" && role !== "method-call" && role !== "field";
    return (
        isSure ||
        resolution.findByName(name).every((one) => resolution.symbol(one).kind === "external")
    );
}
