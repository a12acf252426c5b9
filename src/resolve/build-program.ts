// The first pass: crates of all targets, their symbols, and what is in the extern prelude of each.

import type { FileCapture } from "../syntax/index.ts";
import type { WorkspaceModel } from "../workspace/index.ts";
import { CrateLoader } from "./crate-loader.ts";
import type { FileItems } from "./file-items.ts";
import { FOREIGN_PASSING_MACROS, SYSROOT_CRATES } from "./known-names.ts";
import { Program } from "./program.ts";
import type { CrateRecord } from "./symbols.ts";

/** Builds crates, modules and symbols of all targets. */
export function buildProgram(
    model: WorkspaceModel,
    captures: ReadonlyMap<string, FileCapture>,
    itemCache: WeakMap<object, FileItems>,
): Program {
    const program = new Program(model, captures, itemCache);
    notePassingMacros(program);
    model.packages.forEach((pkg, packageIndex) => {
        for (const target of pkg.targets) {
            const crate: CrateRecord = {
                index: program.crates.length,
                symbol: -1,
                root: undefined,
                name: target.crateName,
                edition: target.edition,
                package: packageIndex,
                targetKind: target.kind,
                targetName: target.name,
                externs: new Map(),
                macroUseCrates: [],
            };
            program.crates.push(crate);
            new CrateLoader(program, crate).load(target.rootFile);
        }
    });
    linkExterns(program);
    return program;
}

/** Collects the names of which every macro passes its items on. */
function notePassingMacros(program: Program): void {
    const { passingMacros } = program;
    const others = new Set<string>();
    FOREIGN_PASSING_MACROS.forEach((name) => passingMacros.set(name, []));
    for (const capture of program.captures.values()) {
        for (const { name, passing } of program.itemsOf(capture).macroShapes) {
            if (passing === undefined) {
                others.add(name);
            } else {
                passingMacros.set(name, [...(passingMacros.get(name) ?? []), ...passing]);
            }
        }
    }
    others.forEach((name) => passingMacros.delete(name));
}

/** Fills the extern prelude of each crate: dependencies, the package's own library, the sysroot. */
function linkExterns(program: Program): void {
    const libraries = new Map<number, number>();
    for (const crate of program.crates) {
        if (crate.targetKind === "lib" || crate.targetKind === "proc-macro") {
            libraries.set(crate.package, crate.symbol);
        }
    }
    for (const crate of program.crates) {
        for (const name of SYSROOT_CRATES) {
            crate.externs.set(name, program.external(name));
        }
        const isBuild = crate.targetKind === "build";
        for (const dependency of program.model.packages[crate.package]?.dependencies ?? []) {
            if ((dependency.kind === "build") !== isBuild) {
                continue;
            }
            const local =
                dependency.local === undefined ? undefined : libraries.get(dependency.local);
            crate.externs.set(
                dependency.externName,
                local ?? program.external(dependency.externName),
            );
        }
        const own = libraries.get(crate.package);
        const ownName = own === undefined ? undefined : program.symbolAt(own).name;
        if (own !== undefined && own !== crate.symbol && ownName !== undefined && !isBuild) {
            crate.externs.set(ownName, own);
        }
    }
}
