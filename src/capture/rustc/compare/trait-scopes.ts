// Whether other names can bring a trait into some scope, or out of it. A trait that is in scope is used without its name,
// by every method call there: two things of one name, of which one is a trait, and one hides the other.

import { TOKEN, type RustTokens } from "../dump/rust-tokens.ts";
import { readItems } from "../item-tokens.ts";
import type { ComparedCrate } from "./compared-crates.ts";
import { STD_CRATES, type PlainMacros } from "./plain-macros.ts";

/** Types that std's prelude has in scope everywhere. */
const PRELUDE_TYPES: ReadonlySet<string> = new Set(["Box", "Option", "Result", "String", "Vec"]);

/** Traits that it has. */
const PRELUDE_TRAITS: ReadonlySet<string> = new Set(
    `AsMut AsRef AsyncFn AsyncFnMut AsyncFnOnce Clone Copy Default DoubleEndedIterator Drop Eq ExactSizeIterator Extend
     Fn FnMut FnOnce From FromIterator Into IntoIterator Iterator Ord PartialEq PartialOrd Send Sized Sync ToOwned
     ToString TryFrom TryInto Unpin`.split(/\s+/u),
);

const DECLARING: ReadonlySet<string> = new Set([
    ...["struct", "enum", "union", "trait", "type", "mod"],
]);

/** What the texts have under a name where a trait can be. */
interface NamedThings {
    count: number;
    /** One of them is a trait, or may be. */
    hasTrait: boolean;
}

/** Whether one of some renames can hide a trait somewhere, or show one. */
export function mayMoveTraits(
    crates: readonly ComparedCrate[],
    pairs: readonly { readonly oldName: string; readonly newName: string }[],
    macros: PlainMacros,
): boolean {
    return pairs.some(({ oldName, newName }) => {
        const [before, after] = [oldName, newName].map((name) => thingsOf(crates, name, macros));
        if (before === undefined || after === undefined || before.count === 0) {
            return false; // Nothing of the old name stands where a trait can.
        }
        const isAnyName = macros.mayHaveAnyName;
        return [
            // What is renamed is beside all that has the new name.
            { count: after.count + 1, hasTrait: after.hasTrait || before.hasTrait, name: newName },
            { ...before, name: oldName },
        ].some(({ count, hasTrait, name }) => {
            const isOfPrelude = PRELUDE_TYPES.has(name) || PRELUDE_TRAITS.has(name);
            const others = count - 1 + (isOfPrelude ? 1 : 0) + (isAnyName ? 1 : 0);
            return others > 0 && (hasTrait || PRELUDE_TRAITS.has(name) || isAnyName);
        });
    });
}

function thingsOf(
    crates: readonly ComparedCrate[],
    name: string,
    macros: PlainMacros,
): NamedThings {
    const found: NamedThings = { count: 0, hasTrait: false };
    const seen = new Set<string>();
    for (const crate of crates) {
        crate.files.forEach((file, at) => {
            const text = crate.texts[at] ?? "";
            if (file.endsWith(".rs") && !seen.has(file) && text.includes(name)) {
                seen.add(file);
                addThings(macros.tokensOf(text), name, macros.foreignNames(crate), found);
            }
        });
    }
    return found;
}

function addThings(
    tokens: RustTokens,
    name: string,
    foreign: ReadonlySet<string>,
    found: NamedThings,
): void {
    const add = (isTrait: boolean): void => {
        found.count += 1;
        found.hasTrait ||= isTrait;
    };
    for (let at = 0; at < tokens.count; at++) {
        if (tokens.kinds[at] !== TOKEN.ident) {
            continue;
        }
        const word = tokens.name(at);
        if (word === "use") {
            at = addImports(tokens, at, { name, foreign }, add);
        } else if (word === "enum" && tokens.name(at + 1) !== name) {
            addVariants(tokens, at, name, add);
        } else if (word === name && DECLARING.has(tokens.name(at - 1))) {
            add(tokens.name(at - 1) === "trait");
        } else if (word === name && tokens.isPunctuation(at - 1, "$")) {
            add(true);
        }
    }
    // What a macro makes of a name is not read.
    for (const call of readItems(tokens).calls) {
        for (let at = call.name + 1; at < call.end; at++) {
            if (tokens.kinds[at] === TOKEN.ident && tokens.name(at) === name) {
                add(true);
                break;
            }
        }
    }
}

/** Counts imports of the name that lead out of the workspace, or that give it; returns where the import ends. */
function addImports(
    tokens: RustTokens,
    use: number,
    { name, foreign }: { readonly name: string; readonly foreign: ReadonlySet<string> },
    add: (isTrait: boolean) => void,
): number {
    const root = tokens.name(tokens.isPathSeparator(use + 1) ? use + 3 : use + 1);
    const isOut = tokens.isPunctuation(use + 1, "{") || STD_CRATES.has(root) || foreign.has(root);
    let at = use + 1;
    for (; at < tokens.count && !tokens.isPunctuation(at, ";"); at++) {
        const isLast = tokens.name(at) === name && !tokens.isPathSeparator(at + 1);
        if (isLast && (isOut || tokens.name(at - 1) === "as")) {
            add(true);
        }
    }
    return at;
}

/** Counts variants of the name: with all that an enum has, they can be imported. */
function addVariants(
    tokens: RustTokens,
    from: number,
    name: string,
    add: (isTrait: boolean) => void,
): void {
    let depth = 0;
    for (let at = from + 1; at < tokens.count; at++) {
        if (tokens.kinds[at] === TOKEN.punctuation) {
            const sign = tokens.name(at);
            if (depth === 0 && sign === ";") {
                return;
            }
            depth += "{([".includes(sign) ? 1 : "})]".includes(sign) ? -1 : 0;
            if (depth === 0 && sign === "}") {
                return;
            }
        } else if (depth === 1 && tokens.name(at) === name) {
            add(false);
        }
    }
}
