// Names that are taken already by something that could collide with what is renamed.

import type { Binding, LocalInfo, Occurrence, SymbolInfo } from "../../src/resolve/index.ts";
import type { ResolvedHere } from "./resolve-here.ts";
import { shuffle } from "./sample.ts";
import type { Candidate, Stratum } from "./strata.ts";

/** By what a new name is taken. */
export type ClashKind =
    /** Something else that the same scope declares. */
    | "same scope"
    /** A member of the same type that another impl, or its own fields, give it. */
    | "same type"
    /** A member that std gives to many types. */
    | "member of std"
    /** A local that can be seen where the renamed item is used. */
    | "local at a use"
    /** An item that is used where the renamed local can be seen. */
    | "item in its scope"
    /** A name of the prelude, a primitive type, or one of std's crates and macros. */
    | "prelude"
    /** A name that a glob import, or an outer scope, brings to the same file. */
    | "from elsewhere";

/** A taken name. */
export interface Clash {
    readonly name: string;
    readonly kind: ClashKind;
}

const STD_MEMBERS = [
    "as_mut",
    "as_ref",
    "borrow",
    "clone",
    "cmp",
    "contains",
    "eq",
    "extend",
    "fmt",
    "from",
    "get",
    "hash",
    "insert",
    "into",
    "is_empty",
    "iter",
    "len",
    "map",
    "next",
    "poll",
    "push",
    "read",
    "to_owned",
    "to_string",
    "try_into",
    "write_fmt",
];

const PRELUDE: Readonly<Partial<Record<Stratum, readonly string[]>>> = {
    function: ["Err", "None", "Ok", "Some", "drop"],
    variant: ["Err", "None", "Ok", "Some"],
    type: ["Box", "Option", "Result", "String", "Vec", "bool", "char", "str", "u8", "usize"],
    trait: ["Clone", "Default", "Drop", "From", "Into", "Iterator", "Send", "ToString"],
    module: ["alloc", "core", "std", "u8"],
    macro: ["assert", "assert_eq", "format", "matches", "println", "vec", "write"],
    generic: ["Option", "String", "Vec", "u8", "usize"],
    local: ["None", "drop"],
};

/** Every taken name that a candidate may be given, by the kind of what has it. */
export class TakenNames {
    readonly #here: ResolvedHere;
    readonly #membersByType = new Map<string, Set<string>>();

    constructor(here: ResolvedHere) {
        this.#here = here;
        for (let index = 0; index < here.resolution.symbolCount; index++) {
            const symbol = here.resolution.symbol(index);
            if (MEMBERS.has(symbol.kind) && symbol.file !== undefined) {
                for (const type of typesOf(symbol)) {
                    const names = this.#membersByType.get(type) ?? new Set();
                    this.#membersByType.set(type, names.add(symbol.name));
                }
            }
        }
    }

    /** Draws a taken name: every kind that there is has the same chance. */
    draw(candidate: Candidate, random: () => number): Clash | undefined {
        for (const kind of shuffle(CLASH_KINDS, random)) {
            const names = [...new Set(this.#namesOf(kind, candidate))]
                .filter((name) => isUsable(name, candidate))
                .sort();
            const name = names[Math.floor(random() * names.length)];
            if (name !== undefined) {
                return { name, kind };
            }
        }
        return undefined;
    }

    #namesOf(kind: ClashKind, candidate: Candidate): Iterable<string> {
        switch (kind) {
            case "same scope":
                return this.#siblings(candidate);
            case "same type":
                return this.#members(candidate);
            case "member of std":
                return isMember(candidate) ? STD_MEMBERS : [];
            case "local at a use":
                return this.#localsAtUses(candidate);
            case "item in its scope":
                return this.#itemsInScope(candidate);
            case "prelude":
                return candidate.kind === "label" || candidate.kind === "lifetime"
                    ? []
                    : (PRELUDE[candidate.stratum] ?? []);
            case "from elsewhere":
                return this.#fromElsewhere(candidate);
        }
    }

    #symbolOf(candidate: Candidate): SymbolInfo | undefined {
        return candidate.is.kind === "symbol"
            ? this.#here.resolution.symbol(candidate.is.symbol)
            : undefined;
    }

    #siblings(candidate: Candidate): string[] {
        const { resolution } = this.#here;
        if (candidate.is.kind === "local") {
            const { local } = candidate.is;
            return this.#locals(candidate.path)
                .filter((one) => spaceOf(one.kind) === spaceOf(local.kind))
                .filter((one) => overlaps(one.scope, local.scope))
                .map(({ name }) => name);
        }
        const { parent } = resolution.symbol(candidate.is.symbol);
        return parent === undefined
            ? []
            : resolution
                  .childrenOf(parent)
                  .map((index) => resolution.symbol(index))
                  .filter(({ kind }) => spaceOf(kind) === spaceOf(candidate.kind))
                  .map(({ name }) => name);
    }

    #members(candidate: Candidate): string[] {
        const symbol = this.#symbolOf(candidate);
        return symbol === undefined || !isMember(candidate)
            ? []
            : typesOf(symbol).flatMap((type) => [...(this.#membersByType.get(type) ?? [])]);
    }

    #localsAtUses(candidate: Candidate): string[] {
        const symbol = this.#symbolOf(candidate);
        if (symbol === undefined || !["function", "const", "static"].includes(symbol.kind)) {
            return [];
        }
        const names: string[] = [];
        for (const { file, span } of this.#here.resolution.occurrencesOf(symbol.index)) {
            for (const local of this.#locals(file)) {
                if (spaceOf(local.kind) === "value" && overlaps(local.scope, span)) {
                    names.push(local.name);
                }
            }
        }
        return names;
    }

    #itemsInScope(candidate: Candidate): string[] {
        if (candidate.is.kind !== "local") {
            return [];
        }
        const { scope, kind } = candidate.is.local;
        return this.#here.resolution
            .occurrencesIn(candidate.path)
            .filter(({ span }) => overlaps(span, scope))
            .filter((one) => this.#isPlainItem(candidate.path, one, spaceOf(kind)))
            .map(({ name }) => name);
    }

    #fromElsewhere(candidate: Candidate): string[] {
        if (candidate.is.kind === "local" || isMember(candidate)) {
            return [];
        }
        const own = this.#symbolOf(candidate)?.parent;
        const { resolution } = this.#here;
        return resolution
            .occurrencesIn(candidate.path)
            .filter((one) => this.#isPlainItem(candidate.path, one, spaceOf(candidate.kind)))
            .filter(({ binding }) => {
                const parent = parentsOf(binding, (index) => resolution.symbol(index).parent);
                return parent.length > 0 && !parent.includes(own);
            })
            .map(({ name }) => name);
    }

    // A name that stands alone, not after `.` or `::`, and means an item of the workspace.
    #isPlainItem(path: string, one: Occurrence, space: string): boolean {
        const { binding } = one;
        if (binding.kind !== "symbol" || one.role === "definition" || one.role === "import") {
            return false;
        }
        const before = this.#here.texts.get(path)?.slice(0, one.span.start).trimEnd() ?? "";
        const [first] = binding.symbols;
        return (
            !/(\.|::)$/u.test(before) &&
            first !== undefined &&
            spaceOf(this.#here.resolution.symbol(first).kind) === space
        );
    }

    #locals(path: string): LocalInfo[] {
        const found = new Map<number, LocalInfo>();
        for (const { binding } of this.#here.resolution.occurrencesIn(path)) {
            if (binding.kind === "local") {
                found.set(binding.local.nameSpan.start, binding.local);
            }
        }
        return [...found.values()];
    }
}

const CLASH_KINDS: readonly ClashKind[] = [
    "same scope",
    "same type",
    "member of std",
    "local at a use",
    "item in its scope",
    "prelude",
    "from elsewhere",
];

const MEMBERS: ReadonlySet<string> = new Set(["field", "method", "function", "assoc-const"]);

function isMember({ stratum, kind }: Candidate): boolean {
    return ["field", "inherent method", "trait method"].includes(stratum) || kind === "assoc-const";
}

// `Type` of `krate::Type::method` and of `<Type as Trait>::method`.
function typesOf({ display }: SymbolInfo): string[] {
    const qualified = /^<(.*) as .*>::/u.exec(display)?.[1];
    return [qualified ?? display.replace(/::[^:]*$/u, "")];
}

function parentsOf<T>(binding: Binding, parent: (symbol: number) => T): T[] {
    return binding.kind === "symbol" ? binding.symbols.map(parent) : [];
}

function spaceOf(kind: string): string {
    switch (kind) {
        case "local":
        case "parameter":
        case "function":
        case "const":
        case "static":
        case "const-parameter":
            return "value";
        case "struct":
        case "enum":
        case "union":
        case "trait":
        case "trait-alias":
        case "type-alias":
        case "module":
        case "type-parameter":
            return "type";
        default:
            return kind;
    }
}

function isUsable(name: string, candidate: Candidate): boolean {
    return (
        name !== candidate.name &&
        /^[\p{XID_Start}_]\p{XID_Continue}*$/u.test(name) &&
        !["self", "Self", "super", "crate", "_"].includes(name)
    );
}

function overlaps(
    one: { start: number; end: number },
    other: { start: number; end: number },
): boolean {
    return one.start < other.end && other.start < one.end;
}
