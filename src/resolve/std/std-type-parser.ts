// Reads types, bounds, generics, signatures and impl headers as the summary of std writes them: Rust text
// with absolute paths. Gives trees; std-lowering.ts gives them a meaning. Lifetimes are left out.

import type {
    AssociatedSyntax,
    BindingSyntax,
    BoundsSyntax,
    BoundSyntax,
    ImplSyntax,
    ParameterSyntax,
    PayloadSyntax,
    ReceiverSyntax,
    SegmentSyntax,
    SignatureSyntax,
    TypeSyntax,
    WhereSyntax,
} from "./std-syntax.ts";

const TOKEN = /\s*('\w+'?|'\\?.'|(?:r#)?\w+|"[^"]*"|->|=>|::|\.\.\.|[^\s])/uy;

class SyntaxFailure extends Error {}

/** Reads one text whole; undefined where it is not understood. */
function readWhole<T>(text: string, read: (tokens: Tokens) => T): T | undefined {
    try {
        const tokens = new Tokens(text);
        const value = read(tokens);
        return tokens.isAtEnd() ? value : undefined;
    } catch (error) {
        if (error instanceof SyntaxFailure) {
            return undefined;
        }
        throw error;
    }
}

/** Reads a type. */
export function parseType(text: string): TypeSyntax | undefined {
    return readWhole(text, (tokens) => readType(tokens));
}

/** Reads `<'a, T: Bound = Default, const N: usize>`, or nothing. */
export function parseGenerics(text: string): readonly ParameterSyntax[] | undefined {
    return readWhole(text, readGenerics);
}

/** Reads `A<T> + B where …`. */
export function parseBounds(text: string): BoundsSyntax | undefined {
    return readWhole(text, (tokens) => ({ bounds: readBounds(tokens), where: readWhere(tokens) }));
}

/** Reads a function's signature. */
export function parseSignature(text: string): SignatureSyntax | undefined {
    return readWhole(text, (tokens) => {
        tokens.expect("fn");
        tokens.name();
        const generics = readGenerics(tokens);
        tokens.expect("(");
        const receiver = readReceiver(tokens);
        const params: TypeSyntax[] = [];
        while (!tokens.take(")")) {
            tokens.expect("_");
            tokens.expect(":");
            params.push(readType(tokens));
            if (!tokens.take(",") && tokens.peek() !== ")") {
                tokens.fail();
            }
        }
        const result = tokens.take("->") ? readType(tokens) : undefined;
        return { generics, receiver, params, result, where: readWhere(tokens) };
    });
}

/** Reads an impl's header. */
export function parseImpl(text: string): ImplSyntax | undefined {
    return readWhole(text, (tokens) => {
        tokens.expect("impl");
        const generics = readGenerics(tokens);
        const negative = tokens.take("!");
        const first = readType(tokens);
        if (!tokens.take("for")) {
            return { generics, negative, trait: undefined, self: first, where: readWhere(tokens) };
        }
        if (first.k !== "path") {
            return tokens.fail();
        }
        const self = readType(tokens);
        return {
            generics,
            negative,
            trait: { segments: first.segments },
            self,
            where: readWhere(tokens),
        };
    });
}

/** Reads the declaration of an associated type (`type Item: Bound`) or constant (`const MAX: Self`). */
export function parseAssociated(text: string): AssociatedSyntax | undefined {
    return readWhole(text, (tokens) => {
        if (tokens.take("const")) {
            tokens.name();
            tokens.expect(":");
            return { bounds: [], type: readType(tokens) };
        }
        tokens.expect("type");
        tokens.name();
        readGenerics(tokens);
        const bounds = tokens.take(":") ? readBounds(tokens) : [];
        const type = tokens.take("=") ? readType(tokens) : undefined;
        readWhere(tokens);
        return { bounds, type };
    });
}

/** Reads the payload of a variant: empty, `(A, B)` or `{a: A}`. */
export function parsePayload(text: string): PayloadSyntax | undefined {
    return readWhole(text, (tokens) => {
        const types: TypeSyntax[] = [];
        if (tokens.take("(")) {
            while (!tokens.take(")")) {
                types.push(readType(tokens));
                tokens.take(",");
            }
            return { names: undefined, types };
        }
        if (!tokens.take("{")) {
            return { names: undefined, types };
        }
        const names: string[] = [];
        while (!tokens.take("}")) {
            names.push(tokens.name());
            tokens.expect(":");
            types.push(readType(tokens));
            tokens.take(",");
        }
        return { names, types };
    });
}

class Tokens {
    readonly #tokens: string[] = [];
    #at = 0;

    constructor(text: string) {
        TOKEN.lastIndex = 0;
        for (;;) {
            const token = TOKEN.exec(text)?.[1];
            if (token === undefined) {
                return;
            }
            this.#tokens.push(token);
        }
    }

    isAtEnd(): boolean {
        return this.#at >= this.#tokens.length;
    }

    peek(ahead = 0): string {
        return this.#tokens[this.#at + ahead] ?? "";
    }

    next(): string {
        const token = this.peek();
        this.#at += 1;
        return token;
    }

    take(token: string): boolean {
        if (this.peek() === token && token !== "") {
            this.#at += 1;
            return true;
        }
        return false;
    }

    expect(token: string): void {
        if (!this.take(token)) {
            this.fail();
        }
    }

    name(): string {
        const token = this.next();
        return /^(?:r#)?\w+$/u.test(token) ? token.replace(/^r#/u, "") : this.fail();
    }

    isLifetime(): boolean {
        return /^'\w+$/u.test(this.peek());
    }

    fail(): never {
        throw new SyntaxFailure(`unexpected ${this.peek()} at token ${this.#at}`);
    }
}

function readGenerics(tokens: Tokens): readonly ParameterSyntax[] {
    const parameters: ParameterSyntax[] = [];
    if (!tokens.take("<")) {
        return parameters;
    }
    while (!tokens.take(">")) {
        if (tokens.isLifetime()) {
            tokens.next();
            if (tokens.take(":")) {
                readBounds(tokens);
            }
        } else if (tokens.take("const")) {
            const name = tokens.name();
            tokens.expect(":");
            readType(tokens);
            const fallback = tokens.take("=") ? readArgument(tokens) : undefined;
            parameters.push({ name, isConst: true, bounds: [], fallback });
        } else {
            const name = tokens.name();
            const bounds = tokens.take(":") ? readBounds(tokens) : [];
            const fallback = tokens.take("=") ? readType(tokens) : undefined;
            parameters.push({ name, isConst: false, bounds, fallback });
        }
        if (!tokens.take(",") && tokens.peek() !== ">") {
            tokens.fail();
        }
    }
    return parameters;
}

function readReceiver(tokens: Tokens): ReceiverSyntax | undefined {
    let ahead = 0;
    const isRef = tokens.peek() === "&";
    if (isRef) {
        ahead = tokens.peek(1).startsWith("'") ? 2 : 1;
    }
    const isMut = tokens.peek(ahead) === "mut";
    ahead += isMut ? 1 : 0;
    if (tokens.peek(ahead) !== "self") {
        return undefined;
    }
    for (let i = 0; i <= ahead; i++) {
        tokens.next();
    }
    const type = tokens.take(":") ? readType(tokens) : undefined;
    if (!tokens.take(",") && tokens.peek() !== ")") {
        tokens.fail();
    }
    if (type !== undefined) {
        return { kind: "typed", type };
    }
    return { kind: isRef ? (isMut ? "mut" : "ref") : "value", type };
}

function readWhere(tokens: Tokens): readonly WhereSyntax[] {
    const predicates: WhereSyntax[] = [];
    if (!tokens.take("where")) {
        return predicates;
    }
    while (!tokens.isAtEnd()) {
        skipBinder(tokens);
        if (tokens.isLifetime()) {
            tokens.next();
            tokens.expect(":");
            readBounds(tokens);
        } else {
            const type = readType(tokens);
            tokens.expect(":");
            predicates.push({ type, bounds: readBounds(tokens) });
        }
        if (!tokens.take(",") && !tokens.isAtEnd()) {
            tokens.fail();
        }
    }
    return predicates;
}

/** Bounds joined by `+`; lifetimes, `?Sized` and `use<…>` are read and left out. */
function readBounds(tokens: Tokens): BoundSyntax[] {
    const bounds: BoundSyntax[] = [];
    while (isBoundStart(tokens)) {
        const bound = readBound(tokens);
        if (bound !== undefined) {
            bounds.push(bound);
        }
        if (!tokens.take("+")) {
            break;
        }
    }
    return bounds;
}

function isBoundStart(tokens: Tokens): boolean {
    return /^(?:'\w+|(?:r#)?\w+|[?([~])$/u.test(tokens.peek()) && tokens.peek() !== "where";
}

function readBound(tokens: Tokens): BoundSyntax | undefined {
    if (tokens.isLifetime()) {
        tokens.next();
        return undefined;
    }
    if (tokens.take("(")) {
        const inner = readBound(tokens);
        tokens.expect(")");
        return inner;
    }
    skipBinder(tokens);
    const isMaybe = tokens.take("?");
    if (tokens.take("[")) {
        tokens.expect("const");
        tokens.expect("]");
    } else if (tokens.take("~") || tokens.peek() === "const") {
        tokens.expect("const");
    }
    if (tokens.peek() === "async" && /^Fn/u.test(tokens.peek(1))) {
        tokens.next();
    }
    if (tokens.peek() === "use" && tokens.peek(1) === "<") {
        tokens.next();
        readGenericArguments(tokens);
        return undefined;
    }
    const segments = readSegments(tokens);
    return isMaybe ? undefined : { segments };
}

/** Skips `for<'a, 'b>`. */
function skipBinder(tokens: Tokens): void {
    if (tokens.peek() === "for" && tokens.peek(1) === "<") {
        tokens.next();
        readGenerics(tokens);
    }
}

function readType(tokens: Tokens): TypeSyntax {
    switch (tokens.peek()) {
        case "&":
            return readRef(tokens);
        case "*":
            return readPointer(tokens);
        case "(":
            return readTuple(tokens);
        case "[":
            return readSliceOrArray(tokens);
        case "!":
            tokens.next();
            return { k: "never" };
        case "_":
            tokens.next();
            return { k: "infer" };
        case "dyn":
        case "impl": {
            const form = tokens.next() === "dyn" ? "dyn" : "impl";
            return { k: "bound", form, bounds: readBounds(tokens) };
        }
        case "<":
            return readQualified(tokens);
        case "for":
            skipBinder(tokens);
            return readType(tokens);
        case "unsafe":
        case "extern":
        case "fn":
            return readFunction(tokens);
        case "cfg_select":
            return readSelection(tokens);
        default:
            return { k: "path", segments: readSegments(tokens) };
    }
}

/** `cfg_select!{target_os = "uefi" => usize, _ => i32, }`: the last arm is that of most targets. */
function readSelection(tokens: Tokens): TypeSyntax {
    tokens.expect("cfg_select");
    tokens.expect("!");
    tokens.expect("{");
    while (!(tokens.peek() === "_" && tokens.peek(1) === "=>")) {
        if (tokens.isAtEnd()) {
            tokens.fail();
        }
        tokens.next();
    }
    tokens.next();
    tokens.next();
    const type = readType(tokens);
    tokens.take(",");
    tokens.expect("}");
    return type;
}

function readRef(tokens: Tokens): TypeSyntax {
    tokens.expect("&");
    if (tokens.isLifetime()) {
        tokens.next();
    }
    const mutable = tokens.take("mut");
    return { k: "ref", inner: readType(tokens), mutable };
}

function readPointer(tokens: Tokens): TypeSyntax {
    tokens.expect("*");
    if (!tokens.take("const")) {
        tokens.expect("mut");
    }
    return { k: "pointer", inner: readType(tokens) };
}

function readTuple(tokens: Tokens): TypeSyntax {
    tokens.expect("(");
    const items: TypeSyntax[] = [];
    let isTuple = tokens.peek() === ")";
    while (!tokens.take(")")) {
        items.push(readType(tokens));
        if (tokens.take(",")) {
            isTuple = true;
        } else if (tokens.peek() !== ")") {
            tokens.fail();
        }
    }
    const [only] = items;
    return isTuple || items.length !== 1 || only === undefined ? { k: "tuple", items } : only;
}

function readSliceOrArray(tokens: Tokens): TypeSyntax {
    tokens.expect("[");
    const inner = readType(tokens);
    if (tokens.take("]")) {
        return { k: "slice", inner };
    }
    tokens.expect(";");
    for (let depth = 1; depth > 0;) {
        if (tokens.isAtEnd()) {
            tokens.fail();
        }
        const token = tokens.next();
        depth += token === "[" ? 1 : token === "]" ? -1 : 0;
    }
    return { k: "array", inner };
}

/** `<T as Trait>::Name`, `<T>::Name`. */
function readQualified(tokens: Tokens): TypeSyntax {
    tokens.expect("<");
    const self = readType(tokens);
    const trait = tokens.take("as") ? { segments: readSegments(tokens) } : undefined;
    tokens.expect(">");
    const rest: string[] = [];
    while (tokens.take("::")) {
        rest.push(tokens.name());
        if (tokens.peek() === "<") {
            readGenericArguments(tokens);
        }
    }
    return rest.length === 0 ? tokens.fail() : { k: "qualified", self, trait, rest };
}

function readFunction(tokens: Tokens): TypeSyntax {
    tokens.take("unsafe");
    if (tokens.take("extern") && tokens.peek().startsWith('"')) {
        tokens.next();
    }
    tokens.expect("fn");
    tokens.expect("(");
    const params: TypeSyntax[] = [];
    while (!tokens.take(")")) {
        if (!tokens.take("...")) {
            if (tokens.peek(1) === ":") {
                tokens.next();
                tokens.next();
            }
            params.push(readType(tokens));
        }
        if (!tokens.take(",") && tokens.peek() !== ")") {
            tokens.fail();
        }
    }
    return { k: "function", params, result: tokens.take("->") ? readType(tokens) : undefined };
}

function readSegments(tokens: Tokens): readonly SegmentSyntax[] {
    tokens.take("::");
    const segments: SegmentSyntax[] = [];
    do {
        const name = tokens.name();
        if (tokens.peek() === "::" && tokens.peek(1) === "<") {
            tokens.next();
        }
        if (tokens.peek() === "<") {
            segments.push({ name, ...readGenericArguments(tokens) });
        } else if (tokens.peek() === "(") {
            segments.push({ name, ...readCall(tokens) });
        } else {
            segments.push({ name, args: [], bindings: [] });
        }
    } while (tokens.take("::"));
    return segments;
}

/** `(A, B) -> C` behind the name of a function trait. */
function readCall(tokens: Tokens): Omit<SegmentSyntax, "name"> {
    tokens.expect("(");
    const items: TypeSyntax[] = [];
    while (!tokens.take(")")) {
        items.push(readType(tokens));
        if (!tokens.take(",") && tokens.peek() !== ")") {
            tokens.fail();
        }
    }
    const type: TypeSyntax = tokens.take("->") ? readType(tokens) : { k: "tuple", items: [] };
    return { args: [{ k: "tuple", items }], bindings: [{ name: "Output", type, bounds: [] }] };
}

function readGenericArguments(tokens: Tokens): Omit<SegmentSyntax, "name"> {
    const args: TypeSyntax[] = [];
    const bindings: BindingSyntax[] = [];
    tokens.expect("<");
    while (!tokens.take(">")) {
        const after = /^\w+$/u.test(tokens.peek()) ? bindingSign(tokens) : "";
        if (tokens.isLifetime()) {
            tokens.next();
        } else if (after === "") {
            args.push(readArgument(tokens));
        } else {
            let name = tokens.name();
            while (tokens.take("::")) {
                name = tokens.name();
            }
            if (tokens.peek() === "<") {
                readGenericArguments(tokens);
            }
            tokens.next();
            const type = after === "=" ? readType(tokens) : undefined;
            bindings.push({ name, type, bounds: after === ":" ? readBounds(tokens) : [] });
        }
        if (!tokens.take(",") && tokens.peek() !== ">") {
            tokens.fail();
        }
    }
    return { args, bindings };
}

/**
 * `=` or `:` behind the name that comes, with lifetimes in between or not; empty if it is no binding. The
 * summary has whole paths for some names (`std::str::pattern::Searcher<'a>: Clone`).
 */
function bindingSign(tokens: Tokens): string {
    let ahead = 1;
    while (tokens.peek(ahead) === "::" && /^\w+$/u.test(tokens.peek(ahead + 1))) {
        ahead += 2;
    }
    if (tokens.peek(ahead) === "<") {
        while (/^(?:<|,|'\w+)$/u.test(tokens.peek(ahead))) {
            ahead += 1;
        }
        ahead += tokens.peek(ahead) === ">" ? 1 : 0;
    }
    const sign = tokens.peek(ahead);
    return sign === "=" || sign === ":" ? sign : "";
}

/** A generic argument: a type, or a const expression. */
function readArgument(tokens: Tokens): TypeSyntax {
    const first = tokens.peek();
    if (first === "{") {
        for (let depth = 0; ;) {
            if (tokens.isAtEnd()) {
                tokens.fail();
            }
            const token = tokens.next();
            depth += token === "{" ? 1 : token === "}" ? -1 : 0;
            if (depth === 0) {
                return { k: "const" };
            }
        }
    }
    if (/^(?:\d|-|"|true$|false$|'.+'$)/u.test(first)) {
        tokens.take("-");
        tokens.next();
        return { k: "const" };
    }
    return readType(tokens);
}
