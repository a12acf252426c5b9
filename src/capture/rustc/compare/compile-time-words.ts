// Words whose values may reach a type: those in lengths, discriminants, arguments of generics, blocks and functions that are `const`,
// patterns, and what these name, constant by constant. By tokens and not by names' bindings, so rather too many than too few.

import { TOKEN, type RustTokens } from "../dump/rust-tokens.ts";

/** Where a word goes: to what reaches types, to what a constant names, or nowhere. */
type Sink = Set<string> | undefined;

/** A group of tokens that is open. */
interface Frame {
    /** `items`: outside of bodies; `code`: expressions; `fixed`: all goes where the group's words go. */
    readonly kind: "code" | "fixed" | "items";
    /** Where words go but in what is told apart. */
    readonly usual: Sink;
    isBracket: boolean;
    /** It is what an arm of a `match` does. */
    isArm: boolean;
    sink: Sink;
    /** The word that the item begins with; empty where none has begun. */
    head: string;
    /** What the item's body names, where it is a constant function. */
    constant: Sink;
    /** Where the arm of a `match` would begin. */
    arm: number;
    /** A `<` stands in it: what follows a comma may be an argument. */
    isGeneric: boolean;
}

const ITEM_WORDS: ReadonlySet<string> = new Set(
    "fn mod impl trait enum struct union use extern macro_rules macro type".split(" "),
);

/** Those whose braces hold items. */
const HOLDS_ITEMS: ReadonlySet<string> = new Set(["mod", "impl", "trait", "extern"]);

/** Macros of std whose arguments run. */
const RUNS: ReadonlySet<string> = new Set(
    `assert assert_eq assert_ne debug_assert debug_assert_eq debug_assert_ne eprint eprintln format panic print
     println todo unimplemented unreachable vec write writeln`.split(/\s+/u),
);

/** Finds the words in sources that are compiled together; two names of one thing count as one word. */
export function wordsAtCompileTime(
    sources: readonly RustTokens[],
    names: readonly { readonly oldName: string; readonly newName: string }[],
): ReadonlySet<string> {
    const found = new Set<string>();
    const constants = new Map<string, Set<string>>();
    for (const tokens of sources) {
        new Walker(tokens, found, constants).walk();
    }
    // What is added meanwhile is visited, too.
    for (const word of found) {
        constants.get(word)?.forEach((other) => found.add(other));
        for (const { oldName, newName } of names) {
            if (word === oldName || word === newName) {
                found.add(oldName).add(newName);
            }
        }
    }
    return found;
}

class Walker {
    readonly #tokens: RustTokens;
    readonly #found: Set<string>;
    readonly #constants: Map<string, Set<string>>;
    readonly #open: Frame[] = [];
    #frame: Frame;

    constructor(tokens: RustTokens, found: Set<string>, constants: Map<string, Set<string>>) {
        this.#tokens = tokens;
        this.#found = found;
        this.#constants = constants;
        this.#frame = frameOf("items", found, 0);
    }

    walk(): void {
        const { kinds, count, text, starts } = this.#tokens;
        for (let at = 0; at < count; at++) {
            if (kinds[at] === TOKEN.ident) {
                this.#word(at);
            } else if (kinds[at] === TOKEN.punctuation) {
                this.#sign(at, text[starts[at] ?? 0] ?? "");
            }
        }
    }

    #word(at: number): void {
        const tokens = this.#tokens;
        const frame = this.#frame;
        const word = tokens.name(at);
        if (frame.kind !== "fixed" && frame.sink === frame.usual && frame.head !== "const") {
            if (word === "const" || word === "static") {
                this.#constant(at);
            } else if (word === "let") {
                frame.sink = this.#found;
            } else if (frame.head === "" && this.#beginsItem(at, word)) {
                frame.head = word;
            }
        }
        if (frame.head === "use") {
            this.#imported(at, word);
            return;
        }
        if (this.#isDeclared(at)) {
            return;
        }
        frame.sink?.add(word);
        if (this.#isArgument(at)) {
            this.#found.add(word);
        }
    }

    /** Whether a word is the name of the constant or the function that begins here. */
    #isDeclared(at: number): boolean {
        const before = this.#tokens.name(at - 1);
        const isStatic = before === "mut" && this.#tokens.name(at - 2) === "static";
        return before === "const" || before === "static" || before === "fn" || isStatic;
    }

    /** `fn(…)` and `impl Trait` are types; `union` and `macro` may be names. */
    #beginsItem(at: number, word: string): boolean {
        const tokens = this.#tokens;
        if (!ITEM_WORDS.has(word)) {
            return false;
        }
        return word === "impl" || word === "use" || word === "macro_rules" || word === "extern"
            ? true
            : tokens.kinds[at + 1] === TOKEN.ident;
    }

    /** `const NAME: …`, `static mut NAME: …`, `const fn name`; not `*const T`, nor a parameter. */
    #constant(at: number): void {
        const tokens = this.#tokens;
        const frame = this.#frame;
        const name = tokens.name(at + 1) === "mut" ? at + 2 : at + 1;
        const isParameter = ["<", ",", "*"].some((sign) => tokens.isPunctuation(at - 1, sign));
        if (isParameter) {
            return;
        }
        if (tokens.kinds[name] === TOKEN.ident && tokens.isPunctuation(name + 1, ":")) {
            frame.sink = this.#found;
            frame.constant = this.#namedBy(tokens.name(name));
            frame.head = "const";
            return;
        }
        for (let word = at + 1; word < at + 5; word++) {
            if (tokens.name(word) === "fn") {
                frame.constant = this.#namedBy(tokens.name(word + 1));
            }
        }
    }

    #namedBy(constant: string): Set<string> {
        const named = this.#constants.get(constant) ?? new Set();
        this.#constants.set(constant, named);
        return named;
    }

    /** `use a::B as C`: what C reaches, B does. */
    #imported(at: number, word: string): void {
        if (this.#tokens.name(at - 1) === "as") {
            this.#namedBy(word).add(this.#tokens.name(at - 2));
        }
    }

    /** Whether a word may stand alone as the argument of something generic. */
    #isArgument(at: number): boolean {
        const tokens = this.#tokens;
        const isEnd = tokens.isPunctuation(at + 1, ">") || tokens.isPunctuation(at + 1, ",");
        if (!isEnd || tokens.isPunctuation(at - 1, "<")) {
            return isEnd;
        }
        return this.#frame.isGeneric && tokens.isPunctuation(at - 1, ",");
    }

    #sign(at: number, sign: string): void {
        switch (sign) {
            case "(":
            case "[":
            case "{":
                this.#enter(at, sign);
                return;
            case ")":
            case "]":
            case "}":
                this.#leave(at, sign);
                return;
            case ";":
                this.#semicolon(at);
                return;
            case "=":
                this.#equal(at);
                return;
            case "<":
                this.#frame.isGeneric = true;
                return;
            case ",":
                // What follows in a list of arguments belongs to what is before it.
                this.#frame.arm = this.#frame.isGeneric ? this.#frame.arm : at + 1;
        }
    }

    #semicolon(at: number): void {
        if (this.#frame.isBracket) {
            this.#frame.sink = this.#found; // The length follows.
        } else {
            this.#endItem(at);
        }
    }

    /** The value of a constant or of a `let`, or an arm of a `match`. */
    #equal(at: number): void {
        const tokens = this.#tokens;
        const frame = this.#frame;
        const isJoined = (other: string): boolean =>
            tokens.isPunctuation(at + 1, other) && tokens.ends[at] === tokens.starts[at + 1];
        if (frame.kind === "fixed") {
            return;
        }
        if (isJoined(">") && frame.kind === "code") {
            for (let word = frame.arm; word < at; word++) {
                if (tokens.kinds[word] === TOKEN.ident) {
                    this.#found.add(tokens.name(word));
                }
            }
            frame.arm = at + 2;
            frame.isGeneric = false;
            return;
        }
        const isOperator =
            isJoined("=") ||
            ["=", "!", "<", ">", "."].some(
                (other) =>
                    tokens.isPunctuation(at - 1, other) &&
                    tokens.ends[at - 1] === tokens.starts[at],
            );
        if (!isOperator && !frame.isBracket) {
            frame.sink = frame.head === "const" ? frame.constant : frame.usual;
        }
    }

    #enter(at: number, sign: string): void {
        const tokens = this.#tokens;
        const frame = this.#frame;
        this.#open.push(frame);
        const isArm =
            tokens.isPunctuation(at - 1, ">") &&
            tokens.isPunctuation(at - 2, "=") &&
            tokens.ends[at - 2] === tokens.starts[at - 1];
        const inside = this.#inside(at, sign);
        this.#frame = frameOf(...inside, at + 1);
        this.#frame.isBracket = sign === "[";
        this.#frame.isArm = isArm;
        this.#frame.head = frame.head === "use" ? frame.head : "";
    }

    /** What a group is, and where its words go. */
    #inside(at: number, sign: string): readonly [Frame["kind"], Sink] {
        const tokens = this.#tokens;
        const { kind, sink, head, constant, usual } = this.#frame;
        const found = this.#found;
        if (kind === "fixed" || head === "use") {
            return ["fixed", sink];
        }
        if (head === "const" || sink !== usual) {
            return [sink === found ? "fixed" : "code", sink];
        }
        if (tokens.isPunctuation(at - 1, "!") && !RUNS.has(tokens.name(at - 2))) {
            return ["fixed", found]; // `!(a)`, too.
        }
        const isOfCode = kind === "code" && head === "";
        if (sign !== "{") {
            return isOfCode ? ["code", usual] : ["fixed", found];
        }
        if (["<", ","].some((before) => tokens.isPunctuation(at - 1, before))) {
            return ["fixed", found];
        }
        if (head === "fn") {
            return ["code", constant];
        }
        if (HOLDS_ITEMS.has(head)) {
            return ["items", found];
        }
        return isOfCode && tokens.name(at - 1) !== "const" ? ["code", usual] : ["fixed", found];
    }

    #leave(at: number, sign: string): void {
        const left = this.#frame;
        this.#frame = this.#open.pop() ?? this.#frame;
        const frame = this.#frame;
        if (left.isArm) {
            frame.arm = at + 1;
            frame.isGeneric = false;
        }
        // `fn f(a: A<{ 1 }>)`: the body is still to come.
        const isOver =
            frame.kind !== "fixed" &&
            frame.sink === frame.usual &&
            frame.head !== "const" &&
            frame.head !== "use" &&
            !(frame.head === "fn" && left.kind === "fixed");
        if (sign === "}" && isOver) {
            this.#endItem(left.isArm ? at : frame.arm - 1);
        }
    }

    #endItem(at: number): void {
        const frame = this.#frame;
        if (frame.kind !== "fixed") {
            frame.sink = frame.usual;
        }
        frame.head = "";
        frame.constant = undefined;
        frame.arm = at + 1;
        frame.isGeneric = false;
    }
}

function frameOf(kind: Frame["kind"], usual: Sink, arm: number): Frame {
    const sink = usual;
    return {
        kind,
        usual,
        sink,
        arm,
        head: "",
        constant: undefined,
        isBracket: false,
        isArm: false,
        isGeneric: false,
    };
}
