// Statements of generated programs: what prints, and what stands around it.

import { TYPES, recordOf, type Declared, type Module, type Thing } from "./declared.ts";
import { InnerItemWriter } from "./draw-inner-items.ts";
import type { ItemWriter } from "./draw-items.ts";
import type { Part } from "./part.ts";

/** Where a statement stands. */
interface Place {
    readonly module: Module;
    readonly locals: readonly string[];
    readonly depth: number;
}

/** Writes statements. */
export class StatementWriter {
    readonly #declared: Declared;
    readonly #items: ItemWriter;
    readonly #inners: InnerItemWriter;

    constructor(declared: Declared, items: ItemWriter) {
        this.#declared = declared;
        this.#items = items;
        this.#inners = new InnerItemWriter(declared);
    }

    /** Statements of a body. */
    body(module: Module, count: number): Part[] {
        return this.#block({ module, locals: [], depth: 0 }, count);
    }

    #block(place: Place, count: number): Part[] {
        const parts: Part[] = [];
        const locals = [...place.locals];
        for (let left = count; left > 0; left--) {
            parts.push(...this.#statement({ ...place, locals }, locals));
        }
        return parts;
    }

    #statement(place: Place, locals: string[]): Part[] {
        const { draw } = this.#declared;
        const deeper = place.depth < 3 ? 1 : 0;
        const write = draw.way<() => Part[]>([
            [14, () => [this.#print(this.#expression(place), place)]],
            [3, () => this.#let(place, locals)],
            [2, () => this.#capture(place)],
            [4, () => this.#typed(place)],
            [9, () => this.#method(place)],
            [4, () => this.#generic(place)],
            [5, () => this.#pattern(place, locals)],
            [2 * deeper, () => this.#match(place)],
            [4 * deeper, () => this.#scope(place)],
            [0.7 * deeper, () => this.#closure(place)],
            [0.5 * deeper, () => this.#loop(place)],
            [0.8 * deeper, () => this.#nested(place)],
            [3, () => this.#inners.write(place.module, (one) => this.#print(one, place))],
            [1.5, () => this.#localMacro(place)],
            [1, () => this.#std(place)],
            [2, () => this.#destructure(place, locals)],
        ]);
        return write();
    }

    #print(expression: string, { module }: Place): Part {
        const trace = this.#declared.trace(module);
        return {
            head: this.#declared.draw.way([
                [6, `${trace}::zp(${expression});`],
                [2, `println!("{}", ${expression});`],
                [1, `println!("{x}", x = ${expression});`],
                [0.5, `assert_eq!(${trace}::zp(${expression}), ());`],
            ]),
        };
    }

    #thing(kinds: readonly Thing["kind"][], { module }: Place): Thing | undefined {
        return this.#declared.draw.find(this.#declared.thingsFor(module, kinds));
    }

    #value(place: Place): string {
        const type = this.#thing(TYPES, place);
        const made = type === undefined ? undefined : this.#declared.valueOf(type, place.module);
        return made ?? String(this.#declared.number());
    }

    #path(kinds: readonly Thing["kind"][], place: Place): string {
        const thing = this.#thing(kinds, place);
        return thing === undefined
            ? this.#declared.name()
            : this.#declared.pathTo(thing, place.module);
    }

    #expression(place: Place): string {
        const { draw } = this.#declared;
        const name = this.#declared.name();
        const local = draw.find(place.locals) ?? name;
        const plain = String(this.#declared.number());
        const write = draw.way<() => string>([
            [1.5, () => local],
            [1.5, () => name],
            [1, () => `${name}()`],
            [7, () => `${this.#path(["function"], place)}()`],
            [7, () => this.#path(["const", "static", "unit"], place)],
            [8, () => this.#member(place)],
            [4, () => this.#field(place)],
            [3, () => this.#value(place)],
            [6, () => this.#macroCall(place)],
            [1, () => `{ let ${name} = ${plain}; ${name} + ${local} }`],
            [1, () => `(|${name}: u32| ${name} + ${local})(${plain})`],
            [0.7, () => `match ${plain}u32 { ${name} => ${name} }`],
            [0.7, () => `if ${local} == ${name} { ${plain} } else { ${name} }`],
            [0.5, () => `(${name} as fn() -> u32)()`],
            [0.5, () => `[1u32, 2].iter().map(|${name}| *${name} + ${local}).sum::<u32>()`],
            [0.5, () => `format!("{${local}} {}", ${name}).len()`],
        ]);
        return write();
    }

    #member(place: Place): string {
        const { draw } = this.#declared;
        const type = this.#thing([...TYPES, "trait"], place);
        const member = draw.find(type?.members ?? []);
        if (type === undefined || member === undefined) {
            return `${this.#value(place)}.${this.#declared.name()}()`;
        }
        const path = this.#declared.pathTo(type, place.module);
        const value = type.kind === "trait" ? "5u32" : this.#declared.valueOf(type, place.module);
        if (member.kind === "const") {
            return `${path}::${member.name}`;
        }
        if (member.receiver === "") {
            return `${path}::${member.name}()`;
        }
        const reference = { "&self": "&", self: "", "&mut self": "&mut " }[member.receiver];
        return draw.chance(0.6)
            ? `${value ?? ""}.${member.name}()`
            : `${path}::${member.name}(${reference}${value ?? ""})`;
    }

    #field(place: Place): string {
        const type = this.#thing(["record", "tuple"], place);
        const value = type === undefined ? undefined : this.#declared.valueOf(type, place.module);
        const name = this.#declared.draw.find(type?.fields ?? []) ?? "0";
        return `${value ?? "x"}.${type?.kind === "tuple" ? "0" : name}`;
    }

    #macroCall(place: Place): string {
        const macro = this.#thing(["macro"], place);
        if (macro === undefined) {
            return `${this.#declared.name()}!()`;
        }
        const path = this.#declared.pathTo(macro, place.module);
        return `${path}!(${this.#macroInput(macro.input, place)})`;
    }

    #macroInput(input: string, place: Place): string {
        const { draw } = this.#declared;
        const name = draw.find(place.locals) ?? this.#declared.name();
        switch (input) {
            case "EXPR":
                return draw.pick([name, `${name} + 1`, this.#path(["const"], place)]);
            case "NAME":
                return draw.pick([name, this.#declared.name()]);
            case "VALUE . NAME":
                return `${this.#value(place)} ; ${this.#declared.name()}`;
            case "TYPE":
                return this.#path(TYPES, place);
            case "PATH":
                return this.#path(["const", "unit", "static"], place);
            case "TOKENS":
                return draw.pick([name, `${this.#declared.name()}()`, this.#member(place)]);
            default:
                return "";
        }
    }

    #let(place: Place, locals: string[]): Part[] {
        const { draw } = this.#declared;
        const name = this.#declared.name();
        const value = draw.chance(0.5) ? `${this.#declared.number()}u32` : this.#expression(place);
        locals.push(name);
        const mutable = draw.chance(0.1) ? "mut " : "";
        return [{ head: `let ${mutable}${name} = ${value};` }];
    }

    #capture(place: Place): Part[] {
        const { draw } = this.#declared;
        const name = draw.find(place.locals) ?? this.#declared.name();
        const other = draw.find(place.locals) ?? this.#declared.name();
        return [
            {
                head: draw.pick([
                    `println!("{${name}}");`,
                    `println!("{${name}:?} {${other}}");`,
                    `println!("{:1$} {${name}}", ${other}, 3);`,
                    `println!("{${name}} {}", ${other}, ${name} = ${this.#declared.number()});`,
                    `println!("{0:${name}$}", 5, ${name} = 4);`,
                    `println!("{}", format_args!("{${name}}"));`,
                ]),
            },
        ];
    }

    #typed(place: Place): Part[] {
        const trace = this.#declared.trace(place.module);
        const path = this.#path(TYPES, place);
        const name = this.#declared.name();
        const member = this.#declared.name();
        return [
            {
                head: this.#declared.draw.pick([
                    `${trace}::zp(${trace}::zt::<${path}>());`,
                    `${trace}::zp(${trace}::zt::<${name}>());`,
                    `${trace}::zp(<${path}>::${member}());`,
                    `${trace}::zp(<${path} as ${this.#path(["trait"], place)}>::${member}());`,
                    `${trace}::zp(<u32 as ${this.#path(["trait"], place)}>::${member});`,
                    `let _: ${path} = ${this.#value(place)};`,
                    `${trace}::zp(<${path}>::${member});`,
                    `${trace}::zp(<${name}>::${member});`,
                ]),
            },
        ];
    }

    // A method of a trait, often with the trait brought into a scope of its own.
    #method(place: Place): Part[] {
        const { draw } = this.#declared;
        const { module } = place;
        const one = draw.find(
            this.#declared.implementations.filter(
                ({ of, type }) =>
                    (of.module.crate === module.crate || module.crate === "main") &&
                    (type === undefined ||
                        type.module.crate === module.crate ||
                        module.crate === "main"),
            ),
        );
        const member = draw.find(one?.of.members ?? []);
        if (one === undefined || member === undefined) {
            return [this.#print(this.#member(place), place)];
        }
        const value =
            one.type === undefined ? one.value : (this.#declared.valueOf(one.type, module) ?? "");
        const trait = this.#declared.pathTo(one.of, module);
        const around = draw.way([
            [5, (text: string) => text],
            [1, (text: string) => `(&${text})`],
            [0.5, (text: string) => `Box::new(${text})`],
            [0.5, (text: string) => `std::rc::Rc::new(${text})`],
            [0.5, (text: string) => `(&&${text})`],
            [0.5, (text: string) => `(&${text} as &dyn ${trait})`],
            [0.3, (text: string) => `{ let z: Box<dyn ${trait}> = Box::new(${text}); z }`],
        ]);
        const call = this.#print(`${around(value)}.${member.name}()`, place);
        return draw.chance(0.5)
            ? [call]
            : [
                  {
                      head: "{",
                      body: [
                          { head: draw.chance(0.6) ? `use ${trait};` : `use ${trait} as _;` },
                          call,
                      ],
                  },
              ];
    }

    #generic(place: Place): Part[] {
        const { draw } = this.#declared;
        const { module } = place;
        const one = draw.find(this.#declared.implementations);
        const member = draw.find(one?.of.members ?? []);
        if (one === undefined || member === undefined) {
            return [];
        }
        const value =
            one.type === undefined ? one.value : (this.#declared.valueOf(one.type, module) ?? "");
        const trait = this.#declared.pathTo(one.of, module);
        const parameter = this.#declared.name();
        const given = this.#declared.name();
        const use =
            member.kind === "const"
                ? `${parameter}::${member.name}`
                : member.receiver === ""
                  ? `${parameter}::${member.name}()`
                  : `${given}.${member.name}()`;
        const mutable = member.receiver === "&mut self" ? "mut " : "";
        const head = draw.pick([
            `fn z<${parameter}: ${trait}>(${mutable}${given}: ${parameter}) -> u32 { ${use} }`,
            `fn z<${parameter}>(${mutable}${given}: ${parameter}) -> u32 where ${parameter}: ${trait} { ${use} }`,
            `fn z(${mutable}${given}: impl ${trait}) -> u32 { ${given}.${member.name}() }`,
            `fn z(${mutable}${given}: impl ${trait} + Copy) -> u32 { ${given}.${member.name}() }`,
        ]);
        return [{ head: "{", body: [{ head }, this.#print(`z(${value})`, place)] }];
    }

    #pattern(place: Place, locals: string[]): Part[] {
        const { draw } = this.#declared;
        const name = this.#declared.name();
        const path = this.#path(["const", "unit"], place);
        const value = this.#declared.number();
        const print = this.#print(name, place);
        const type = this.#thing(["enum"], place);
        const variant = draw.find(type?.variants ?? []);
        const made = type === undefined ? "x" : (this.#declared.valueOf(type, place.module) ?? "x");
        const whole = type === undefined ? name : this.#declared.pathTo(type, place.module);
        const inner = { unit: "", tuple: `(${name})`, record: " { a }" }[variant?.shape ?? "unit"];
        const variantName = `${draw.chance(0.6) ? `${whole}::` : ""}${variant?.name ?? name}`;
        return draw.pick<() => Part[]>([
            () => [{ head: `if let ${path} = ${value} {`, body: [print], tail: "}" }],
            () => [{ head: `if let Some(${name}) = Some(${value}u32) {`, body: [print] }],
            () => [{ head: `if let ${variantName}${inner} = ${made} {`, body: [print] }],
            () => [{ head: `if let ${variantName}${inner} = ${made} {`, body: [print] }],
            () => [{ head: `while let Some(${name}) = None::<u32> {`, body: [print] }],
            () => {
                locals.push(name);
                return [{ head: `let Some(${name}) = Some(${value}u32) else { return };` }];
            },
            () => {
                locals.push(name);
                return [{ head: `let (${name}, _) = (${value}u32, 1);` }];
            },
            () => {
                locals.push(name);
                return [{ head: `let ${name} @ _ = ${value}u32;` }];
            },
        ])();
    }

    #match(place: Place): Part[] {
        const { draw } = this.#declared;
        const arms: Part[] = [];
        for (let count = 1 + draw.below(2); count > 0; count--) {
            const name = this.#declared.name();
            const inside = { ...place, locals: [...place.locals, name], depth: place.depth + 1 };
            const guard = draw.chance(0.2) ? ` if ${this.#expression(inside)} > 0` : "";
            const pattern = draw.pick([name, name, `${name} @ _`, this.#path(["const"], place)]);
            arms.push({ head: `${pattern}${guard} => {`, body: this.#block(inside, 1) });
        }
        const value = draw.chance(0.5) ? this.#expression(place) : `${this.#declared.number()}u32`;
        return [
            {
                head: `match ${value} {`,
                body: [...arms, { head: "#[allow(unreachable_patterns)] _ => {}" }],
            },
        ];
    }

    #scope(place: Place): Part[] {
        const { draw } = this.#declared;
        const inside = { ...place, depth: place.depth + 1 };
        const body: Part[] = [];
        for (let count = draw.below(3); count > 0; count--) {
            body.push(this.#inner(inside));
        }
        body.push(...this.#block(inside, 1 + draw.below(3)));
        const head = draw.way([
            [6, "{"],
            [1, "const { "],
            [1, "unsafe {"],
        ]);
        return [{ head: head.trim(), body }];
    }

    /** An item that only a block sees. */
    #inner({ module }: Place): Part {
        const { draw } = this.#declared;
        const name = this.#declared.name();
        const value = this.#declared.number();
        const trace = this.#declared.trace(module);
        return draw.way<() => Part>([
            [6, () => ({ head: this.#items.importText(module) })],
            [1, () => ({ head: `fn ${name}() -> u32 { ${value} }` })],
            [1, () => ({ head: `const ${name}: u32 = ${value};` })],
            [
                1,
                () => ({
                    head: `struct ${name}; impl ${trace}::Zs for ${name} { fn zs(&self) -> u32 { ${value} } }`,
                }),
            ],
            [
                0.5,
                () => ({
                    head: `mod ${name} { pub fn ${this.#declared.name()}() -> u32 { ${value} } }`,
                }),
            ],
            [
                0.5,
                () => ({
                    head: `trait ${name} { fn ${this.#declared.name()}(&self) -> u32 { ${value} } } impl<T> ${name} for T {}`,
                }),
            ],
            [0.7, () => ({ head: `macro_rules! ${name} { () => { ${value} }; }` })],
            [
                0.5,
                () => ({
                    head: `type ${name} = ${this.#path(TYPES, { module, locals: [], depth: 0 })};`,
                }),
            ],
        ])();
    }

    #closure(place: Place): Part[] {
        const name = this.#declared.name();
        const local = this.#declared.name();
        const inside = { ...place, locals: [...place.locals, name], depth: place.depth + 1 };
        return [
            {
                head: "{",
                body: [
                    {
                        head: `let ${local} = |${name}: u32| {`,
                        body: this.#block(inside, 2),
                        tail: "};",
                    },
                    { head: `${local}(${this.#declared.number()});` },
                ],
            },
        ];
    }

    #loop(place: Place): Part[] {
        const { draw } = this.#declared;
        const label = this.#declared.name();
        const inner = this.#declared.name();
        const name = this.#declared.name();
        const inside = { ...place, locals: [...place.locals, name], depth: place.depth + 1 };
        return [
            {
                head: `'${label}: for ${name} in 0..2u32 {`,
                body: [
                    ...this.#block(inside, 1),
                    {
                        head: `'${inner}: for _ in 0..2u32 {`,
                        body: [
                            this.#print(name, place),
                            { head: `${draw.pick(["break", "continue"])} '${label};` },
                            { head: `break '${inner};` },
                        ],
                    },
                ],
            },
        ];
    }

    #nested(place: Place): Part[] {
        const { draw } = this.#declared;
        const name = this.#declared.name();
        const [one, other] = draw.some(this.#declared.alphabet, 2);
        const inside = { module: place.module, locals: [one ?? "x"], depth: place.depth + 1 };
        const value = this.#declared.number();
        const generic = draw.pick([
            "",
            `<${other ?? "T"}>`,
            `<'${other ?? "a"}>`,
            `<const ${other ?? "N"}: usize>`,
        ]);
        const end = generic.startsWith("<const")
            ? "::<3>"
            : generic.includes("'") || generic === ""
              ? ""
              : "::<u32>";
        const body = this.#block(inside, 2);
        const more = generic.startsWith("<const") ? [this.#print(other ?? "N", place)] : [];
        return [
            {
                head: "{",
                body: [
                    {
                        head: `fn ${name}${generic}(${one ?? "x"}: u32) {`,
                        body: [...more, ...body],
                    },
                    { head: `${name}${end}(${value});` },
                ],
            },
        ];
    }

    #localMacro(place: Place): Part[] {
        const { draw } = this.#declared;
        const name = this.#declared.name();
        const local = draw.find(place.locals) ?? this.#declared.name();
        const other = this.#declared.name();
        const value = this.#declared.number();
        const [rule, input] = draw.pick([
            [`() => { ${local} }`, ""],
            [`($x:expr) => { { let ${local} = ${value}; $x + ${local} } }`, other],
            [`($x:ident) => { { let $x = ${value}; $x + ${local} } }`, local],
            [`($x:ident) => { $x() }`, local],
            [`($x:ident) => { { macro_rules! z { () => { $x } } z!() } }`, local],
            [`($($x:tt)*) => { { $($x)* } }`, `let ${other} = ${value}; ${local} + ${other}`],
            [`($x:pat) => { match ${value}u32 { $x => 1, _ => 2 } }`, local],
            [`(${local}) => { 1 }; ($x:ident) => { $x }`, local],
            [`($x:literal) => { $x + ${local} }`, String(value)],
            [`($x:block) => { $x }`, `{ ${local} }`],
            [`($x:ty) => { <$x>::${other}() }`, this.#path(TYPES, place)],
            [`($x:lifetime) => { $x: loop { break $x ${local} } }`, `'${other}`],
        ] as const);
        return [
            {
                head: "{",
                body: [
                    { head: `macro_rules! ${name} { ${rule} }` },
                    this.#print(`${name}!(${input})`, place),
                ],
            },
        ];
    }

    // What std's names mean where the program may have them, too.
    #std(place: Place): Part[] {
        const { draw } = this.#declared;
        const value = this.#declared.number();
        const local = draw.find(place.locals) ?? String(value);
        return [
            this.#print(
                draw.pick([
                    `Some(${local}).map(|${this.#declared.name()}| ${local}).unwrap_or(${value})`,
                    `vec![${local}, ${value}].len()`,
                    `String::from("${value}").len()`,
                    `Box::new(${local}).clone()`,
                    `<u32 as Default>::default() + ${local}`,
                    `u32::max(${local}, ${value})`,
                    `std::mem::size_of::<u32>()`,
                    `std::cmp::min(${local}, ${value})`,
                    `match Some(${local}) { Some(${this.#declared.name()}) => 1, None => 2 }`,
                    `Ok::<u32, ()>(${local}).is_ok()`,
                    `if let Some(${this.#declared.name()}) = Option::<u32>::None { 1 } else { 2 }`,
                    `u8::try_from(${value}u32).is_ok()`,
                    `[${local}].iter().count()`,
                    `"${value}".to_string().clone()`,
                    `(0..3u32).map(Some).count()`,
                    `drop(${value})`,
                    `${this.#value(place)}.clone()`,
                    `${this.#value(place)}.len()`,
                    `${this.#value(place)}.to_string()`,
                    `(*${this.#value(place)}).${this.#declared.name()}`,
                    `${this.#value(place)}.into_iter().count()`,
                    `${this.#value(place)} + ${this.#value(place)}`,
                ]),
                place,
            ),
        ];
    }

    #destructure(place: Place, locals: string[]): Part[] {
        const { draw } = this.#declared;
        const type = this.#thing(["record"], place);
        const field = draw.find(type?.fields ?? []);
        if (type === undefined || field === undefined) {
            return [];
        }
        const made = this.#declared.valueOf(type, place.module) ?? "x";
        const path = this.#declared.pathTo(type, place.module);
        const name = this.#declared.name();
        const value = this.#declared.number();
        const rest = recordOf(
            path,
            type.fields.filter((one) => one !== field),
            () => String(value),
        );
        const short = rest.replace("{ ", type.fields.length > 1 ? `{ ${field}, ` : `{ ${field} `);
        return draw.pick<() => Part[]>([
            () => {
                locals.push(field);
                return [{ head: `let ${path} { ${field}, .. } = ${made};` }];
            },
            () => {
                locals.push(name);
                return [{ head: `let ${path} { ${field}: ${name}, .. } = ${made};` }];
            },
            () => {
                locals.push(field);
                return [{ head: `let ${path} { ref ${field}, .. } = ${made};` }];
            },
            () => [
                { head: `let ${field} = ${value}u32;` },
                this.#print(`${short}.${field}`, place),
            ],
            () => [this.#print(`(${path} { ${field}: 3, ..${made} }).${field}`, place)],
            () => [
                {
                    head: "{",
                    body: [
                        { head: `let z = |${path} { ${field}, .. }: ${path}| ${field} + 1;` },
                        this.#print(`z(${made})`, place),
                    ],
                },
            ],
        ])();
    }
}
