// What a generated program declares, as far as the generator knows: which paths may lead where. What a name
// means where names clash is not known here, and need not be.

import type { Draw } from "./draw.ts";
import type { Part, Program } from "./part.ts";

/** A module, or the root of a crate. */
export interface Module {
    readonly name: string;
    readonly parent: Module | undefined;
    readonly crate: "zl" | "main";
    readonly body: Part[];
    /** Undefined for a root. */
    readonly part: Part | undefined;
}

/** A way to write a function's receiver; empty for none. */
export type Receiver = "&self" | "self" | "&mut self" | "";

/** Something that a type or a trait has. */
export interface Member {
    readonly name: string;
    readonly kind: "function" | "const" | "type";
    readonly receiver: Receiver;
    readonly part: Part;
}

/** Something that is declared. */
export interface Thing {
    readonly kind:
        | "function"
        | "const"
        | "static"
        | "unit"
        | "tuple"
        | "record"
        | "enum"
        | "generic"
        | "trait"
        | "macro"
        | "module";
    readonly name: string;
    readonly module: Module;
    readonly fields: readonly string[];
    readonly variants: readonly {
        readonly name: string;
        readonly shape: "unit" | "tuple" | "record";
    }[];
    members: Member[];
    /** How a macro is called: the input with `EXPR`, `NAME`, `TYPE`, `PATH` for what is given. */
    readonly input: string;
    readonly isExported: boolean;
    readonly part: Part;
}

/** A trait's impl for a type of the program, or for one of std. */
export interface Implementation {
    readonly of: Thing;
    /** Undefined for a type of std, which `value` is of. */
    readonly type: Thing | undefined;
    readonly value: string;
    readonly part: Part;
}

/** Names that clash: letters, and some of std's. */
const LETTERS = ["a", "b", "c", "x", "A", "B", "C", "T"] as const;

/** Names that std has: of types, traits, variants, macros, methods. */
export const STD_NAMES = [
    ...["Some", "None", "Ok", "Err", "Option", "Result", "Vec", "String", "Box", "Clone", "Copy"],
    ...[
        "Default",
        "Iterator",
        "Into",
        "From",
        "Drop",
        "Fn",
        "Send",
        "Sized",
        "ToString",
        "Display",
    ],
    ...["Debug", "Write", "Read", "Add", "Deref", "Eq", "PartialEq", "Ord", "AsRef", "Future"],
    ...["TryFrom", "FromIterator", "Borrow", "Hash", "Any", "Rc", "Cell", "Error", "Formatter"],
    ...["len", "clone", "next", "drop", "into", "from", "default", "iter", "map", "count", "min"],
    ...["fmt", "write", "read", "get", "take", "swap", "borrow", "deref", "eq", "cmp", "hash"],
    ...["to_string", "to_owned", "try_into", "from_iter", "push", "is_empty", "as_ref", "add"],
    ...["u32", "str", "bool", "usize", "i32", "char", "std", "core", "alloc", "vec", "println"],
    ...["format", "matches", "assert", "assert_eq", "write_str", "mem", "main", "test", "union"],
    ...["auto", "derive", "cfg", "inline", "Self_", "zl", "async", "gen", "r#try", "prelude"],
] as const;

/** Everything that a program has been given so far. */
export class Declared {
    readonly draw: Draw;
    readonly edition: Program["edition"];
    modules: Module[] = [];
    things: Thing[] = [];
    implementations: Implementation[] = [];
    readonly alphabet: readonly string[];
    #number = 10;

    constructor(draw: Draw, edition: Program["edition"]) {
        this.draw = draw;
        this.edition = edition;
        const odd = STD_NAMES.filter((name) => !["r#try", "gen", "async", "Self_"].includes(name));
        this.alphabet = [
            ...draw.some(LETTERS, 3 + draw.below(3)),
            ...draw.some(odd, draw.below(3)),
        ];
    }

    /** Forgets what the compiler did not take. */
    forget(isThere: (part: Part) => boolean): void {
        this.modules = this.modules.filter(({ part }) => part === undefined || isThere(part));
        this.things = this.things.filter(({ part }) => isThere(part));
        this.implementations = this.implementations.filter(
            ({ part, of, type }) =>
                isThere(part) && isThere(of.part) && (type === undefined || isThere(type.part)),
        );
        for (const thing of this.things) {
            thing.members = thing.members.filter(({ part }) => isThere(part));
        }
    }

    /** A name of the alphabet. */
    name(): string {
        return this.draw.pick(this.alphabet);
    }

    /** A number that nothing else of the program has. */
    number(): number {
        this.#number += 1;
        return this.#number;
    }

    /** Where traces are printed from. */
    trace(from: Module): string {
        const isOfLibrary =
            from.crate === "zl" || !this.modules.some(({ crate }) => crate === "zl");
        return isOfLibrary ? "crate::zz" : "::zl::zz";
    }

    /** Things of some kinds that a module may name. */
    thingsFor(from: Module, kinds: readonly Thing["kind"][]): Thing[] {
        return this.things.filter(
            ({ kind, module }) =>
                kinds.includes(kind) && (module.crate === from.crate || from.crate === "main"),
        );
    }

    /** A path that may lead to a thing. */
    pathTo({ name, module, kind, isExported }: Thing, from: Module): string {
        const place = kind === "macro" && isExported ? rootOf(module) : module;
        return this.pathIn(place, name, from);
    }

    /** A path that may lead to a name of a module. */
    pathIn(place: Module, name: string, from: Module): string {
        const { draw } = this;
        const names = namesOf(place);
        if (draw.chance(0.4)) {
            if (place !== from && draw.chance(0.6)) {
                this.#bring(place, name, from);
            }
            return name;
        }
        if (place.crate !== from.crate) {
            return ["zl", ...names, name].join("::");
        }
        if (draw.chance(0.3)) {
            return ["crate", ...names, name].join("::");
        }
        if (draw.chance(0.25) && names.length > 0) {
            return [...names.slice(-1 - draw.below(names.length)), name].join("::");
        }
        return relative(place, from, name);
    }

    // Brings a name of another module to where it is named without a path.
    #bring(place: Module, name: string, from: Module): void {
        const { draw } = this;
        const begin = place.crate === from.crate ? "crate" : "zl";
        const path = [begin, ...namesOf(place)].join("::");
        const last = draw.way([
            [3, name],
            [3, "*"],
            [1, `{${name}, ${this.name()}}`],
        ]);
        const visibility = draw.chance(0.3) ? "pub " : "";
        from.body.splice(draw.below(from.body.length + 1), 0, {
            head: `${visibility}use ${path}::${last};`,
        });
    }

    /** A name that nothing of the same name space has in a module yet, if there is one. */
    freeName(module: Module, kind: Thing["kind"]): string {
        for (let left = 6; left > 0; left--) {
            const name = this.name();
            const isTaken = this.things.some(
                (one) =>
                    one.module === module &&
                    one.name === name &&
                    spacesOf(one.kind).some((space) => spacesOf(kind).includes(space)),
            );
            if (!isTaken) {
                return name;
            }
        }
        return this.name();
    }

    /** A path to a module itself. */
    pathToModule(place: Module, from: Module): string {
        if (place.parent === undefined) {
            return place.crate === from.crate ? "crate" : "zl";
        }
        return this.pathIn(place.parent, place.name, from);
    }

    /** An expression that makes a value of a type; undefined for what is no type. */
    valueOf(type: Thing, from: Module): string | undefined {
        const path = this.pathTo(type, from);
        const { draw } = this;
        switch (type.kind) {
            case "unit":
                return path;
            case "tuple":
            case "generic":
                return `${path}(${this.number()})`;
            case "record":
                return recordOf(path, type.fields, () => String(this.number()));
            case "enum": {
                const { name, shape } = draw.pick(type.variants);
                const variant = draw.chance(0.75) ? `${path}::${name}` : name;
                return shape === "unit"
                    ? variant
                    : shape === "tuple"
                      ? `${variant}(${this.number()})`
                      : recordOf(variant, ["a"], () => String(this.number()));
            }
            default:
                return undefined;
        }
    }
}

/** Kinds of things that are types with values. */
export const TYPES: readonly Thing["kind"][] = ["unit", "tuple", "record", "enum", "generic"];

/** A record's literal. */
export function recordOf(path: string, fields: readonly string[], value: () => string): string {
    return `(${path} { ${fields.map((field) => `${field}: ${value()}`).join(", ")} })`;
}

/** The crate root above a module. */
export function rootOf(module: Module): Module {
    return module.parent === undefined ? module : rootOf(module.parent);
}

function spacesOf(kind: Thing["kind"]): readonly string[] {
    switch (kind) {
        case "function":
        case "const":
        case "static":
            return ["value"];
        case "unit":
        case "tuple":
        case "generic":
            return ["type", "value"];
        case "record":
        case "enum":
        case "trait":
        case "module":
            return ["type"];
        case "macro":
            return ["macro"];
    }
}

function namesOf(module: Module): string[] {
    return module.parent === undefined ? [] : [...namesOf(module.parent), module.name];
}

function relative(place: Module, from: Module, name: string): string {
    const chain: Module[] = [];
    for (let at: Module | undefined = place; at !== undefined; at = at.parent) {
        chain.unshift(at);
    }
    const steps: string[] = [];
    for (let at: Module | undefined = from; at !== undefined; at = at.parent) {
        const index = chain.indexOf(at);
        if (index !== -1) {
            const rest = chain.slice(index + 1).map((one) => one.name);
            return [...(steps.length === 0 ? ["self"] : steps), ...rest, name].join("::");
        }
        steps.push("super");
    }
    return name;
}
