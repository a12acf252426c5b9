// Small Rust programs from a seed, in which few names mean many things. Not every line compiles: what does not
// is taken out by whoever asks the compiler.

import { Declared, type Module } from "./declared.ts";
import { Draw } from "./draw.ts";
import { ItemWriter } from "./draw-items.ts";
import { StatementWriter } from "./draw-statements.ts";
import {
    listParts,
    removeParts,
    textsOf,
    type Part,
    type Program,
    type SourceFile,
} from "./part.ts";
import { repairProgram, type Sound } from "./repair-program.ts";
import type { RustCompiler } from "./rust-compiler.ts";

/** The module that prints: its names are nobody else's. */
const TRACE = [
    "pub trait Zs { fn zs(&self) -> ::core::primitive::u32; }",
    "pub trait Zt { const ZT: ::core::primitive::u32; }",
    "impl Zs for ::core::primitive::u32 { fn zs(&self) -> ::core::primitive::u32 { *self } }",
    "impl Zs for ::core::primitive::i32 { fn zs(&self) -> ::core::primitive::u32 { *self as _ } }",
    "impl Zs for ::core::primitive::usize { fn zs(&self) -> ::core::primitive::u32 { *self as _ } }",
    "impl Zs for ::core::primitive::bool { fn zs(&self) -> ::core::primitive::u32 { *self as _ } }",
    "impl Zs for ::core::primitive::str { fn zs(&self) -> ::core::primitive::u32 { self.len() as _ } }",
    "impl Zs for ::std::string::String { fn zs(&self) -> ::core::primitive::u32 { self.len() as _ } }",
    "impl Zs for () { fn zs(&self) -> ::core::primitive::u32 { 1 } }",
    "impl<Z: Zs + ?Sized> Zs for &Z { fn zs(&self) -> ::core::primitive::u32 { (**self).zs() + 1000 } }",
    "impl<Z: Zs> Zs for ::std::boxed::Box<Z> { fn zs(&self) -> ::core::primitive::u32 { (**self).zs() + 2000 } }",
    "impl<Z: Zs> Zs for ::core::option::Option<Z> { fn zs(&self) -> ::core::primitive::u32 { self.as_ref().map_or(3000, |z| z.zs()) } }",
    "impl<Z> Zs for ::std::vec::Vec<Z> { fn zs(&self) -> ::core::primitive::u32 { self.len() as _ } }",
    'pub fn zp<Z: Zs>(z: Z) { ::std::println!("{}", z.zs()) }',
    "pub fn zt<Z: Zt + ?Sized>() -> ::core::primitive::u32 { Z::ZT }",
];

/** Generates the program of a seed, in steps, each of which compiles; undefined where one does not end well. */
export async function generateProgram(
    compiler: RustCompiler,
    seed: number,
): Promise<Sound | undefined> {
    const draw = new Draw(seed);
    const edition = draw.way<Program["edition"]>([
        [2, "2018"],
        [4, "2021"],
        [2, "2024"],
    ]);
    const declared = new Declared(draw, edition);
    const roots = draw.chance(0.25) ? [makeRoot("zl"), makeRoot("main")] : [makeRoot("main")];
    for (const root of roots) {
        declared.modules.push(root);
        addModules(declared, root);
    }
    const main: Part = { head: "fn main() {", body: [], isFixed: true };
    const files = roots.map((root) => fileOf(root, roots.length > 1, main));
    const program = { edition, files };
    let sound: Sound | undefined;
    for (const step of stepsOf(declared, main)) {
        step();
        sound = await repairProgram(compiler, program);
        if (sound === undefined) {
            return undefined;
        }
        const there = new Set(listParts(program));
        declared.forget((part) => there.has(part));
    }
    removeParts(
        program,
        ({ head, body }) => body?.length === 0 && head.endsWith("{") && head === "{",
    );
    const last = await repairProgram(compiler, program);
    // What prints an address, say, says nothing of a rename.
    const again = last && (await compiler.judge(last.program, textsOf(last.program)));
    return last?.outcome.printed === again?.printed ? last : undefined;
}

function makeRoot(crate: Module["crate"]): Module {
    return { name: "", parent: undefined, crate, body: [], part: undefined };
}

function addModules(declared: Declared, parent: Module): void {
    const { draw } = declared;
    const depth = depthOf(parent);
    const count = depth >= 2 ? 0 : draw.below(depth === 0 ? 4 : 3);
    for (let left = count; left > 0; left--) {
        const name = declared.freeName(parent, "module");
        const visibility = draw.chance(0.8) ? "pub " : "";
        const use = draw.chance(0.2) ? "#[macro_use] " : "";
        const twin = draw.chance(0.03) ? "#[cfg(zx)] " : "";
        const body: Part[] = [];
        const part = { head: `${twin}${use}${visibility}mod ${name} {`, body };
        const module: Module = { name, parent, crate: parent.crate, body, part };
        parent.body.push(part);
        declared.modules.push(module);
        declared.things.push({
            ...{ kind: "module", name, module: parent, fields: [], variants: [] },
            ...{ members: [], input: "", isExported: false, part },
        });
        addModules(declared, module);
    }
}

function depthOf(module: Module): number {
    return module.parent === undefined ? 0 : 1 + depthOf(module.parent);
}

function stepsOf(declared: Declared, main: Part): (() => void)[] {
    const { draw } = declared;
    const items = new ItemWriter(declared);
    const statements = new StatementWriter(declared, items);
    const inEach = (share: number, most: number, add: (module: Module) => void): void => {
        for (const module of declared.modules) {
            for (let left = most; left > 0; left--) {
                if (draw.chance(share)) {
                    add(module);
                }
            }
        }
    };
    const scenes = new Map<Module, Part>();
    const talk = (): void => {
        for (const module of declared.modules) {
            const scene = scenes.get(module) ?? sceneOf(module, scenes.size, main);
            scenes.set(module, scene);
            scene.body?.push(...statements.body(module, 6 + draw.below(8)));
        }
    };
    return [
        () => {
            inEach(0.6, 5, (module) => {
                items.addItem(module);
            });
        },
        () => {
            inEach(0.25, 2, (module) => {
                items.addAlias(module);
            });
            inEach(0.5, 2, (module) => {
                items.addInherent(module);
            });
            inEach(0.6, 3, (module) => {
                items.addImplementation(module);
            });
            inEach(0.25, 2, (module) => {
                items.addStdImplementation(module);
            });
            inEach(0.3, 1, (module) => {
                items.addMacroItem(module);
            });
        },
        () => {
            inEach(0.6, 4, (module) => {
                items.addImport(module);
            });
        },
        talk,
        talk,
        talk,
    ];
}

function sceneOf(module: Module, ordinal: number, main: Part): Part {
    const names: string[] = [];
    for (let at: Module = module; at.parent !== undefined; at = at.parent) {
        names.unshift(at.name);
    }
    const begin = module.crate === "main" ? "crate" : "::zl";
    const scene: Part = { head: `pub fn z${ordinal}() {`, body: [] };
    module.body.push(scene);
    main.body?.push({ head: `${[begin, ...names, `z${ordinal}`].join("::")}();` });
    return scene;
}

// A root's own items are those of the file, between what prints and `main`.
function fileOf(root: Module, hasLibrary: boolean, main: Part): SourceFile {
    const isLibrary = root.crate === "zl";
    const trace: Part = {
        head: "pub mod zz {",
        body: TRACE.map((head) => ({ head, isFixed: true })),
        isFixed: true,
    };
    if (isLibrary || !hasLibrary) {
        root.body.unshift(trace);
    }
    if (!isLibrary) {
        root.body.push(main);
    }
    return { path: isLibrary ? "zl/src/lib.rs" : "src/main.rs", body: root.body };
}
