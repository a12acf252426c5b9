// Items of generated programs: types, traits and their impls, functions, constants, macros, imports.

import {
    TYPES,
    type Declared,
    type Implementation,
    type Member,
    type Module,
    type Receiver,
    type Thing,
} from "./declared.ts";
import type { Part } from "./part.ts";

const RECEIVERS: readonly Receiver[] = ["&self", "&self", "self", "&mut self", ""];

const STD_GLOBS = [
    ...["std::fmt", "std::io", "std::io::prelude", "std::ops", "std::cmp", "std::convert"],
    ...["std::borrow", "std::collections", "std::rc", "std::mem", "std::iter", "std::hash"],
    ...[
        "std::any",
        "std::clone",
        "std::default",
        "std::marker",
        "std::cell",
        "std::option::Option",
    ],
    ...["std::prelude::v1", "std::result::Result", "std::cmp::Ordering", "core::fmt", "std"],
] as const;

const STD_ITEMS = [
    ...[
        "std::fmt",
        "std::mem",
        "std::io::Write",
        "std::fmt::Write",
        "std::io::Read",
        "std::rc::Rc",
    ],
    ...[
        "std::borrow::Borrow",
        "std::ops::Add",
        "std::ops::Deref",
        "std::mem::swap",
        "std::any::Any",
    ],
    ...["std::cmp::min", "std::cmp::Ordering", "std::hash::Hash", "std::collections::HashMap"],
    ...[
        "std::convert::TryInto",
        "std::iter::FromIterator",
        "std::option::Option::Some",
        "std::vec",
    ],
] as const;

/** What `impl` may be for besides the program's types, and a value of it. */
const STD_TYPES = [
    ["u32", "7u32"],
    ["&str", '"q"'],
    ["Vec<u32>", "vec![1u32, 2]"],
    ["Option<u32>", "Some(3u32)"],
    ["String", "String::new()"],
    ["Box<u32>", "Box::new(4u32)"],
    ["[u32; 2]", "[1u32, 2]"],
    ["()", "()"],
    ["(u32, u32)", "(1u32, 2u32)"],
] as const;

/** Writes items. */
export class ItemWriter {
    readonly #declared: Declared;

    constructor(declared: Declared) {
        this.#declared = declared;
    }

    visibility(): string {
        return this.#declared.draw.way([
            [9, "pub "],
            [2, ""],
            [1, "pub(crate) "],
            [0.5, "pub(super) "],
        ]);
    }

    /** Adds an item with what belongs to it. */
    addItem(module: Module): void {
        const { draw } = this.#declared;
        const add = draw.way([
            [
                4,
                () => {
                    this.#addFunction(module);
                },
            ],
            [
                2,
                () => {
                    this.#addConstant(module);
                },
            ],
            [
                5,
                () => {
                    this.#addType(module);
                },
            ],
            [
                3,
                () => {
                    this.#addTrait(module);
                },
            ],
            [
                1.5,
                () => {
                    this.#addMacro(module);
                },
            ],
        ]);
        add();
    }

    #declare(
        module: Module,
        kind: Thing["kind"],
        part: Part,
        more: Partial<Omit<Thing, "kind" | "module" | "part">> & { readonly name: string },
    ): Thing {
        const nothing = { fields: [], variants: [], members: [], input: "", isExported: false };
        const thing: Thing = { ...nothing, ...more, kind, module, part };
        this.#declared.things.push(thing);
        return thing;
    }

    /** Puts a part somewhere into a module; macros reach what stands after them. */
    #put(module: Module, ...parts: readonly Part[]): void {
        const { draw } = this.#declared;
        const first = module.body.findIndex(({ isFixed }) => isFixed !== true);
        const from = first === -1 ? module.body.length : first;
        module.body.splice(from + draw.below(module.body.length - from + 1), 0, ...parts);
    }

    #twin(): string {
        return this.#declared.draw.way([
            [30, ""],
            [1, "#[cfg(zx)] "],
            [1, "#[cfg(not(zx))] "],
            [0.3, "#[cfg(any(zx, not(zx)))] "],
        ]);
    }

    #addFunction(module: Module): void {
        const name = this.#declared.freeName(module, "function");
        const begin = `${this.#twin()}${this.visibility()}${this.#declared.draw.chance(0.2) ? "const " : ""}`;
        const part = { head: `${begin}fn ${name}() -> u32 { ${this.#declared.number()} }` };
        this.#declare(module, "function", part, { name });
        this.#put(module, part);
    }

    #addConstant(module: Module): void {
        const kind = this.#declared.draw.pick(["const", "const", "static"] as const);
        const name = this.#declared.freeName(module, kind);
        const value = this.#declared.number();
        const head = `${this.#twin()}${this.visibility()}${kind} ${name}: u32 = ${value};`;
        this.#declare(module, kind, { head }, { name });
        this.#put(module, this.#declared.things.at(-1)!.part);
    }

    #addType(module: Module): void {
        const { draw } = this.#declared;
        const kind = draw.pick(TYPES);
        const fields = draw.some(this.#declared.alphabet, 1 + draw.below(2));
        const variants = draw.some(this.#declared.alphabet, 1 + draw.below(3)).map((name) => ({
            name,
            shape: draw.pick(["unit", "unit", "tuple", "record"] as const),
        }));
        const name = this.#declared.freeName(module, kind);
        const derive = draw.way([
            [5, "#[derive(Clone, Copy)] "],
            [1, "#[derive(Clone, Copy, PartialEq, PartialOrd)] "],
            [1, "#[derive(Clone, Copy, Hash, PartialEq, Eq)] "],
            [1, ""],
        ]);
        const begin = `${this.#twin()}${derive}${this.visibility()}`;
        const parameters = kind === "generic" ? `<${this.#declared.name()}>` : "";
        const parameter = parameters.slice(1, -1);
        const shapes = {
            unit: `struct ${name};`,
            tuple: `struct ${name}(pub u32);`,
            generic: `struct ${name}${parameters}(pub ${parameter});`,
            record: `struct ${name} { ${fields.map((field) => `pub ${field}: u32`).join(", ")} }`,
            enum: `enum ${name} { ${variants.map(({ name: variant, shape }) => variantText(variant, shape)).join(", ")} }`,
        };
        const self = kind === "generic" ? `${name}<u32>` : name;
        const trace = this.#declared.trace(module);
        const value = this.#declared.number();
        const part = { head: begin + (shapes as Record<string, string>)[kind]! };
        this.#declare(module, kind, part, { name, fields, variants });
        this.#put(
            module,
            part,
            { head: `impl ${trace}::Zs for ${self} { fn zs(&self) -> u32 { ${value} } }` },
            { head: `impl ${trace}::Zt for ${self} { const ZT: u32 = ${value}; }` },
        );
    }

    /** Adds an impl without a trait for a type of the program. */
    addInherent(module: Module): void {
        const { draw } = this.#declared;
        const type = draw.find(this.#declared.thingsFor(module, TYPES));
        if (type === undefined) {
            return;
        }
        const body: Part[] = [];
        for (let count = 1 + draw.below(3); count > 0; count--) {
            const member = this.#member(false);
            if (type.members.every((one) => one.name !== member.name)) {
                const part = { head: `pub ${this.#memberText(member, type)}` };
                type.members.push({ ...member, part });
                body.push(part);
            }
        }
        this.#put(module, { head: `impl ${this.#selfOf(type, module)} {`, body });
    }

    #selfOf(type: Thing, from: Module): string {
        const path = this.#declared.pathTo(type, from);
        return type.kind === "generic" ? `${path}<u32>` : path;
    }

    #member(isOfTrait: boolean): Omit<Member, "part"> {
        const { draw } = this.#declared;
        const kind = draw.way<Member["kind"]>([
            [6, "function"],
            [2, "const"],
            [isOfTrait ? 1 : 0, "type"],
        ]);
        return {
            name: this.#declared.name(),
            kind,
            receiver: kind === "function" ? draw.pick(RECEIVERS) : "",
        };
    }

    #memberText(member: Omit<Member, "part">, type: Thing | undefined): string {
        const { name, kind, receiver } = member;
        if (kind === "const") {
            return `const ${name}: u32 = ${this.#declared.number()};`;
        }
        if (kind === "type") {
            return `type ${name} = ${this.#declared.draw.pick(["u32", "u32", "bool", this.#declared.name()])};`;
        }
        return `fn ${name}(${receiver}) -> u32 { ${this.#bodyOf(member, type)} }`;
    }

    #bodyOf({ receiver }: Omit<Member, "part">, type: Thing | undefined): string {
        const { draw } = this.#declared;
        const value = this.#declared.number();
        const other = draw.find(type?.members ?? []);
        return draw.way([
            [9, String(value)],
            [1, `let ${this.#declared.name()} = ${value}; ${this.#declared.name()}`],
            [receiver === "" || type?.kind !== "record" ? 0 : 2, `self.${type?.fields[0] ?? ""}`],
            [other?.kind === "const" ? 2 : 0, `Self::${other?.name ?? ""} + ${value}`],
            [0.5, `${this.#declared.name()} + ${value}`],
            [0.5, `${this.#declared.name()}() + ${value}`],
        ]);
    }

    #addTrait(module: Module): void {
        const { draw } = this.#declared;
        const name = this.#declared.freeName(module, "trait");
        const above = draw.chance(0.25)
            ? draw.find(this.#declared.thingsFor(module, ["trait"]))
            : undefined;
        const bound = above === undefined ? "" : `: ${this.#declared.pathTo(above, module)}`;
        const members: Member[] = [];
        const body: Part[] = [];
        for (let count = 1 + draw.below(2); count > 0; count--) {
            const member = this.#member(true);
            if (members.every((one) => one.name !== member.name)) {
                const part = { head: this.#traitMember(member) };
                members.push({ ...member, part });
                body.push(part);
            }
        }
        const part = { head: `${this.visibility()}trait ${name}${bound} {`, body };
        this.#declare(module, "trait", part, { name, members });
        this.#put(module, part);
    }

    #traitMember(member: Omit<Member, "part">): string {
        const { name, kind, receiver } = member;
        const { draw } = this.#declared;
        if (kind === "type") {
            return `type ${name};`;
        }
        if (kind === "const") {
            return `const ${name}: u32${draw.chance(0.5) ? ` = ${this.#declared.number()}` : ""};`;
        }
        const sized = receiver === "self" ? " where Self: Sized" : "";
        const end = draw.chance(0.4) ? ";" : ` { ${this.#declared.number()} }`;
        return `fn ${name}(${receiver}) -> u32${sized}${end}`;
    }

    /** Adds an impl of a trait of the program. */
    addImplementation(module: Module): void {
        const { draw } = this.#declared;
        const trait = draw.find(this.#declared.thingsFor(module, ["trait"]));
        if (trait === undefined) {
            return;
        }
        const type = draw.chance(0.7)
            ? draw.find(this.#declared.thingsFor(module, TYPES))
            : undefined;
        const body: Part[] = trait.members
            .filter(() => draw.chance(0.97))
            .map((member) => ({ head: this.#memberText(member, type) }));
        const path = this.#declared.pathTo(trait, module);
        const parameter = this.#declared.name();
        if (type !== undefined) {
            const reference = draw.chance(0.15) ? "&" : "";
            const head = `impl ${path} for ${reference}${this.#selfOf(type, module)} {`;
            this.#implement(module, { of: trait, type, value: "", part: { head, body } });
        } else if (draw.chance(0.3)) {
            const bound = draw.pick(["Copy", "Clone", "Sized", "?Sized", this.#declared.name()]);
            const to = draw.pick(["", "&", "Box", "Vec"]);
            const self = to === "" || to === "&" ? `${to}${parameter}` : `${to}<${parameter}>`;
            const head = `impl<${parameter}: ${bound}> ${path} for ${self} {`;
            this.#implement(module, { of: trait, type, value: "8u32", part: { head, body } });
        } else {
            const [self, value] = draw.pick(STD_TYPES);
            const head = `impl ${path} for ${self} {`;
            this.#implement(module, { of: trait, type, value, part: { head, body } });
        }
    }

    #implement(module: Module, one: Implementation): void {
        this.#declared.implementations.push(one);
        this.#put(module, one.part);
    }

    /** Adds an impl of a trait of std. */
    addStdImplementation(module: Module): void {
        const { draw } = this.#declared;
        const type = draw.find(this.#declared.thingsFor(module, TYPES));
        const target = draw.find(this.#declared.thingsFor(module, TYPES));
        if (type === undefined || target === undefined) {
            return;
        }
        const self = this.#selfOf(type, module);
        const to = this.#selfOf(target, module);
        const made = this.#declared.valueOf(target, module) ?? "";
        const value = this.#declared.number();
        const lines = draw.pick([
            [
                `impl std::ops::Deref for ${self} {`,
                `type Target = ${to};`,
                `fn deref(&self) -> &Self::Target { static Z: ${to} = ${made}; &Z }`,
            ],
            [`impl Drop for ${self} {`, `fn drop(&mut self) { println!("{}", ${value}) }`],
            [
                `impl std::ops::Add for ${self} {`,
                `type Output = u32;`,
                `fn add(self, _: Self) -> u32 { ${value} }`,
            ],
            [
                `impl Iterator for ${self} {`,
                `type Item = u32;`,
                `fn next(&mut self) -> Option<u32> { None }`,
            ],
            [`impl From<${to}> for ${self} {`, `fn from(_: ${to}) -> Self { todo!() }`],
            [
                `impl std::fmt::Display for ${self} {`,
                `fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str("${value}") }`,
            ],
            [
                `impl Default for ${self} {`,
                `fn default() -> Self { ${this.#declared.valueOf(type, module) ?? ""} }`,
            ],
            [`impl AsRef<${to}> for ${self} {`, `fn as_ref(&self) -> &${to} { todo!() }`],
        ]);
        const [head = "", ...body] = lines;
        this.#put(module, { head, body: body.map((line) => ({ head: line })) });
    }

    /** Adds another name of a type. */
    addAlias(module: Module): void {
        const type = this.#declared.draw.find(this.#declared.thingsFor(module, TYPES));
        if (type !== undefined) {
            const self = this.#selfOf(type, module);
            const name = this.#declared.freeName(module, "record");
            const part = { head: `${this.visibility()}type ${name} = ${self};` };
            const { fields, variants } = type;
            const kind = type.kind === "enum" ? "enum" : "record";
            this.#declare(module, kind, part, { name, fields, variants });
            this.#put(module, part);
        }
    }

    #addMacro(module: Module): void {
        const { draw } = this.#declared;
        const name = this.#declared.freeName(module, "macro");
        const other = this.#declared.name();
        const value = this.#declared.number();
        const trace = this.#declared.trace(module).replace("crate", "$crate");
        const inner = draw.find(
            this.#declared.thingsFor(module, ["function", "const", "unit", "macro"]),
        );
        const path = inner === undefined ? other : this.#declared.pathTo(inner, module);
        const reach = path.replace(/^crate::/u, "$crate::");
        const end = { function: "()", macro: "!()" }[inner?.kind as string] ?? "";
        const [input, rule] = draw.pick([
            ["", `() => { ${value} };`],
            ["", `() => { ${other} };`],
            ["", `() => { ${reach}${end} };`],
            ["", `() => { { let ${other} = ${value}; ${other} } };`],
            ["EXPR", `($x:expr) => { { let ${other} = ${value}; ${other} + $x } };`],
            ["EXPR", `($x:expr) => { $x + ${other} };`],
            ["NAME", `($x:ident) => { $x };`],
            ["NAME", `($x:ident) => { $x() };`],
            ["NAME", `($x:ident) => { { let $x = ${value}; ${other} + $x } };`],
            ["NAME", `($x:ident) => { { fn $x() -> u32 { ${value} } $x() } };`],
            ["NAME", `(${other}) => { ${value} }; ($x:ident) => { $x + ${value} };`],
            ["VALUE . NAME", `($y:expr ; $x:ident) => { $y.$x() };`],
            ["VALUE . NAME", `($y:expr ; $x:ident) => { $y.$x };`],
            [
                "VALUE . NAME",
                `($y:expr ; $x:ident) => { { #[allow(unused)] use ${trace}::Zs as _; $y.zs() + $y.$x() } };`,
            ],
            ["TYPE", `($x:ty) => { ${trace}::zt::<$x>() };`],
            ["TYPE", `($x:ty) => { <$x>::${other}() };`],
            ["PATH", `($x:path) => { $x };`],
            ["PATH", `($x:path) => { { use $x as z; z } };`],
            ["TOKENS", `($($x:tt)*) => { $($x)* };`],
            ["ITEM", `($x:ident) => { pub fn $x() -> u32 { ${value} } };`],
            ["ITEM", `($x:ident) => { pub mod $x { pub fn ${other}() -> u32 { ${value} } } };`],
            ["ITEM", `($x:ident) => { pub const $x: u32 = ${value}; };`],
            [
                "ITEM",
                `($x:ident) => { pub struct $x; impl $x { pub fn ${other}() -> u32 { ${value} } } };`,
            ],
            ["ITEM0", `() => { pub fn ${other}() -> u32 { ${value} } };`],
            ["ITEM0", `() => { use ${reach}; };`],
        ] as const);
        const isExported = draw.chance(0.3);
        const use = draw.chance(0.3) ? [{ head: `pub(crate) use ${name};` }] : [];
        const begin = isExported ? "#[macro_export] " : "";
        const part = { head: `${begin}macro_rules! ${name} { ${rule} }` };
        this.#declare(module, "macro", part, { name, input, isExported });
        this.#put(module, part, ...use);
    }

    /** Adds a call of a macro that gives items. */
    addMacroItem(module: Module): void {
        const { draw } = this.#declared;
        const macros = this.#declared
            .thingsFor(module, ["macro"])
            .filter(({ input }) => input.startsWith("ITEM"));
        const macro = draw.find(macros);
        if (macro !== undefined) {
            const made = this.#declared.name();
            const given = macro.input === "ITEM" ? made : "";
            const kind = draw.pick(["function", "const", "unit"] as const);
            const part = { head: `${this.#declared.pathTo(macro, module)}! { ${given} }` };
            this.#declare(module, kind, part, { name: made });
            this.#put(module, part);
        }
    }

    /** Adds an import to a module. */
    addImport(module: Module): void {
        this.#put(module, {
            head: `${this.visibility().replace("pub(super) ", "pub ")}${this.importText(module)}`,
        });
    }

    /** An import, as it may stand in a module or a block. */
    importText(module: Module): string {
        const { draw } = this.#declared;
        const kinds = ["function", "const", "static", "trait", "macro", ...TYPES] as const;
        const thing = draw.find(this.#declared.thingsFor(module, kinds));
        const place = draw.pick(
            this.#declared.modules.filter(
                ({ crate }) => crate === module.crate || module.crate === "main",
            ),
        );
        const whole = this.#declared.pathToModule(place, module);
        const [one, other] = [this.#declared.name(), this.#declared.name()];
        const path = thing === undefined ? one : this.#declared.pathTo(thing, module);
        const type = draw.find(this.#declared.thingsFor(module, ["enum"]));
        const variants = type === undefined ? whole : this.#declared.pathTo(type, module);
        const variant = draw.find(type?.variants ?? [])?.name ?? one;
        return draw.way([
            [6, `use ${path};`],
            [3, `use ${path} as ${this.#declared.name()};`],
            [thing?.kind === "trait" ? 4 : 0, `use ${path} as _;`],
            [6, `use ${whole}::*;`],
            [2, `use ${whole}::{${one}, ${other}};`],
            [1, `use ${whole}::{self, ${one} as ${other}};`],
            [1, `use ${whole}::{self as ${one}};`],
            [1, `use {${whole}::${one}, ${path} as ${other}};`],
            [3, `use ${variants}::*;`],
            [1, `use ${variants}::${variant};`],
            [1, `use ${variants}::{${variant} as ${one}};`],
            [2, `use ${draw.pick(STD_GLOBS)}::*;`],
            [1, `use ${draw.pick(STD_ITEMS)};`],
            [0.7, `use ${draw.pick(STD_ITEMS)} as ${one};`],
            [0.5, `use ${draw.pick(["std", "core", "self", "crate"])} as ${one};`],
            [0.4, `extern crate ${draw.pick(["std", "core", "alloc", "self"])} as ${one};`],
            [
                0.3,
                `use std::{fmt::{self, ${draw.pick(["Write", "Display", "Debug"])}}, mem as ${one}};`,
            ],
        ]);
    }
}

function variantText(name: string, shape: "unit" | "tuple" | "record"): string {
    return shape === "unit" ? name : shape === "tuple" ? `${name}(u32)` : `${name} { a: u32 }`;
}
