// Items in the bodies of generated programs that use names from around them: no local and no parameter of the outer
// item is seen there, all else is.

import { TYPES, type Declared, type Module } from "./declared.ts";
import type { Part } from "./part.ts";

/** Writes items for one body, each with a call that prints. */
export class InnerItemWriter {
    readonly #declared: Declared;

    constructor(declared: Declared) {
        this.#declared = declared;
    }

    /** An item and what prints by it; `print` makes the statement of an expression. */
    write(module: Module, print: (expression: string) => Part): Part[] {
        const { draw } = this.#declared;
        const name = this.#declared.name();
        const parameter = this.#declared.name();
        const member = this.#declared.name();
        const value = this.#declared.number();
        const outer = this.#outer(module);
        const more = this.#outer(module);
        const generic = draw.pick(["", `<${parameter}>`, `<const ${parameter}: usize>`]);
        const given = generic === "" ? "" : generic.startsWith("<const") ? "::<3>" : "::<u32>";
        const [items, use] = draw.way<readonly [readonly string[], string]>([
            [4, [[`fn ${name}${generic}() -> u32 { ${outer} }`], `${name}${given}()`]],
            [
                3,
                [
                    [
                        `fn ${name}(${member}: u32) -> u32 { fn z() -> u32 { ${outer} } z() + ${more} }`,
                    ],
                    `${name}(${value})`,
                ],
            ],
            [3, [[`const ${name}: u32 = ${outer};`], name]],
            [1, [[`static ${name}: u32 = ${outer};`], name]],
            [2, [[`const _: () = { let _ = ${outer}; };`], String(value)]],
            [
                1,
                [
                    [
                        `const ${name}: [u32; { ${outer} } as usize % 5] = [1; ${more} as usize % 5];`,
                    ],
                    `${name}.len()`,
                ],
            ],
            [
                1,
                [[`enum ${name} { ${member} = (${outer}) as isize }`], `${name}::${member} as u32`],
            ],
            [
                3,
                [
                    [
                        `struct ${name}${generic.startsWith("<const") ? "" : generic}${generic.startsWith("<") && !generic.startsWith("<const") ? `(${parameter});` : "(u32);"}`,
                        generic === `<${parameter}>`
                            ? `impl<${parameter}> ${name}<${parameter}> { fn ${member}(&self) -> u32 { fn z() -> u32 { ${outer} } z() } }`
                            : `impl ${name} { const Z: u32 = ${more}; fn ${member}(&self) -> u32 { fn z() -> u32 { ${outer} } z() + Self::Z + self.0 } }`,
                    ],
                    `${name}(${value}u32).${member}()`,
                ],
            ],
            [
                2,
                [
                    [
                        `trait ${name} { const Z: u32 = ${more}; fn ${member}(&self) -> u32 { ${outer} + Self::Z } }`,
                        `impl ${name} for u32 {}`,
                    ],
                    `${value}u32.${member}()`,
                ],
            ],
            [
                2,
                [
                    [
                        `mod ${name} { #[allow(unused)] use super::*; pub fn ${member}() -> u32 { ${outer} } }`,
                    ],
                    `${name}::${member}()`,
                ],
            ],
            [
                1,
                [
                    [
                        `mod ${name} { pub mod z { pub fn ${member}() -> u32 { ${outer} } } pub use self::z::*; }`,
                    ],
                    `${name}::${member}()`,
                ],
            ],
            [
                1,
                [
                    [
                        `fn ${name}<${parameter}>(${member}: ${parameter}) -> ${parameter} { let z: ${parameter} = ${member}; z }`,
                    ],
                    `${name}(${value}u32)`,
                ],
            ],
        ]);
        return [{ head: "{", body: [...items.map((head) => ({ head })), print(use)] }];
    }

    /** An expression of names that an item in a body may see. */
    #outer(module: Module): string {
        const { draw } = this.#declared;
        const [one, other] = [this.#declared.name(), this.#declared.name()];
        const value = this.#declared.number();
        const path = (kinds: Parameters<Declared["thingsFor"]>[1]): string => {
            const thing = draw.find(this.#declared.thingsFor(module, kinds));
            return thing === undefined ? one : this.#declared.pathTo(thing, module);
        };
        return draw.way([
            [2, one],
            [2, `${one}()`],
            [4, `${path(["function"])}()`],
            [4, path(["const", "static"])],
            [2, `${path(TYPES)}::${other}`],
            [2, `${path(TYPES)}::${other}()`],
            [1.5, `${path(["macro"])}!()`],
            [1, `${one}!()`],
            [1, `{ let ${one} = ${value}; ${one} + ${other} }`],
            [1, `{ fn ${one}() -> u32 { ${value} } ${one}() + ${other} }`],
            [1, `{ const ${one}: u32 = ${value}; ${one} + ${other}() }`],
            [1, `match ${value}u32 { ${one} => ${one} }`],
            [1, `if let Some(${one}) = Some(${value}u32) { ${one} } else { ${other} }`],
            [1, `std::mem::size_of::<${path(TYPES)}>() as u32`],
            [1, `{ let z: ${path(TYPES)}; ${value} }`],
            [1, `(|${one}: u32| ${one} + ${other})(${value})`],
            [1, `{ use ${path(["function", "const"])} as ${one}; ${one} }`],
            [0.5, `u32::max(${value}, ${one})`],
            [0.5, `<u32>::min_value() + ${value}`],
        ]);
    }
}
