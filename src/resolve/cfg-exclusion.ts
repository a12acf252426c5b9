// Whether two predicates of conditional compilation can hold at once, by their form and by what rustc sets.

/** A predicate over numbered options. */
type Formula =
    | { readonly kind: "all" | "any"; readonly parts: readonly Formula[] }
    | { readonly kind: "not"; readonly part: Formula }
    | { readonly kind: "option"; readonly option: number }
    | { readonly kind: "constant"; readonly value: boolean };

/** Options with which predicates are tried in all combinations; with more of them nothing is said. */
const OPTIONS_MAX = 12;

/** Keys of which rustc sets exactly one value. */
const SINGLE_VALUED = new Set([
    "panic",
    "target_arch",
    "target_endian",
    "target_env",
    "target_os",
    "target_pointer_width",
    "target_vendor",
]);

/** Names that no target has both of. */
const NEVER_TOGETHER: readonly (readonly [string, string])[] = [
    ["unix", "windows"],
    ["unix", 'target_os="windows"'],
    ["windows", 'target_os="linux"'],
    ["windows", 'target_os="macos"'],
];

/**
 * Whether no configuration fulfils both canonical predicates. Says no where that is not known; an empty
 * predicate always holds.
 */
export function areExclusive(one: string, other: string): boolean {
    if (one === "" || other === "") {
        return false;
    }
    const options = new Map<string, number>();
    const formulas = [one, other].map((text) => new Reader(text, options).read());
    if (options.size > OPTIONS_MAX || formulas.includes(undefined)) {
        return false;
    }
    const [a, b] = formulas as Formula[];
    const clashes = clashesOf(options);
    for (let set = 0; set < 1 << options.size; set++) {
        const isPossible = clashes.every((both) => (set & both) !== both);
        if (isPossible && a && b && holds(a, set) && holds(b, set)) {
            return false;
        }
    }
    return true;
}

/** Pairs of options, as bits, that are never set together. */
function clashesOf(options: ReadonlyMap<string, number>): number[] {
    const found = NEVER_TOGETHER.flatMap(([a, b]) => {
        const [first, second] = [options.get(a), options.get(b)];
        return first === undefined || second === undefined ? [] : [(1 << first) | (1 << second)];
    });
    const names = [...options.keys()];
    for (const [at, name] of names.entries()) {
        const key = name.slice(0, name.indexOf("=") + 1);
        if (SINGLE_VALUED.has(key.slice(0, -1))) {
            for (let other = at + 1; other < names.length; other++) {
                if (names[other]?.startsWith(key) === true) {
                    found.push((1 << at) | (1 << other));
                }
            }
        }
    }
    return found;
}

function holds(formula: Formula, set: number): boolean {
    switch (formula.kind) {
        case "all":
            return formula.parts.every((part) => holds(part, set));
        case "any":
            return formula.parts.some((part) => holds(part, set));
        case "not":
            return !holds(formula.part, set);
        case "option":
            return (set & (1 << formula.option)) !== 0;
        case "constant":
            return formula.value;
    }
}

/** Reads the canonical form that `cfg.ts` writes. */
class Reader {
    readonly #text: string;
    readonly #options: Map<string, number>;
    #at = 0;

    constructor(text: string, options: Map<string, number>) {
        this.#text = text;
        this.#options = options;
    }

    /** Undefined where the text is no predicate, or one of too many options. */
    read(): Formula | undefined {
        const formula = this.#one();
        return this.#at === this.#text.length && this.#options.size <= OPTIONS_MAX
            ? formula
            : undefined;
    }

    #one(): Formula | undefined {
        const word = /^[\w:]+/u.exec(this.#text.slice(this.#at))?.[0];
        if (word === undefined) {
            return undefined;
        }
        this.#at += word.length;
        switch (this.#text[this.#at]) {
            case "(":
                return this.#operator(word);
            case "=": {
                // A value is written as it is, quotes around it: nothing in it is escaped anew.
                const value = /^="[^"]*"/u.exec(this.#text.slice(this.#at))?.[0];
                this.#at += value?.length ?? 0;
                return value === undefined ? undefined : this.#option(word + value);
            }
            default:
                return word === "true" || word === "false"
                    ? { kind: "constant", value: word === "true" }
                    : this.#option(word);
        }
    }

    #option(name: string): Formula {
        const known = this.#options.get(name) ?? this.#options.size;
        this.#options.set(name, known);
        return { kind: "option", option: known };
    }

    #operator(word: string): Formula | undefined {
        const parts: Formula[] = [];
        this.#at += 1;
        while (this.#text[this.#at] !== ")") {
            const part = this.#one();
            if (part === undefined) {
                return undefined;
            }
            parts.push(part);
            if (this.#text[this.#at] === ",") {
                this.#at += 1;
            } else if (this.#text[this.#at] !== ")") {
                return undefined;
            }
        }
        this.#at += 1;
        if (word === "all" || word === "any") {
            return { kind: word, parts };
        }
        const [part, ...more] = parts;
        return word === "not" && part !== undefined && more.length === 0
            ? { kind: "not", part }
            : undefined;
    }
}
