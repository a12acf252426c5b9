// Dependence that Cargo brings: packages on packages, on their build scripts and procedural macros, and
// tests on the binaries that they start.

import type { CrateUnit } from "./crate-units.ts";
import { WAY, type EdgeSink } from "./ways.ts";

/** Kinds of targets whose code runs while others are compiled. */
const COMPILE_TIME: ReadonlySet<string> = new Set(["proc-macro", "build"]);
const TEST_TARGETS: ReadonlySet<string> = new Set(["test", "bench", "example"]);
/** Names that speak of a binary of one's own package, and of any program. */
const OWN_BINARY =
    /^(?:CARGO_BIN_EXE_.*|cargo_bin.*|assert_cmd|escargot|trycmd|snapbox|trybuild|cargo_run)$/u;
/** Names of generated sources, and of what compiles programs for a test. */
const UNSEEN = /^(?:OUT_DIR|trybuild|compiletest_rs|ui_test|macrotest)$/u;
const ANY_PROGRAM = /^(?:Command|duct|xshell|rexpect|expectrl|portable_pty)$/u;

/** Adds packages: their tests hang on them, they on the packages that they name. */
export function addPackages(builder: EdgeSink, tests: ReadonlySet<number>): void {
    const { source, units } = builder;
    const { packages } = builder.input.model;
    packages.forEach((one, index) => {
        builder.add(builder.packageNode(index), builder.everything, WAY.package);
        for (const { local } of one.dependencies) {
            if (local !== undefined) {
                builder.add(builder.packageNode(index), builder.packageNode(local), WAY.package);
            }
        }
    });
    const packageOf = (symbol: number): CrateUnit | undefined =>
        units.get(source.symbol(symbol).crate ?? -1);
    for (const test of [...tests, ...builder.macroModules]) {
        const unit = packageOf(test);
        if (unit !== undefined) {
            builder.add(test, builder.packageNode(unit.package), WAY.package);
        }
    }
    addAllOf(builder, ({ targetKind }) => COMPILE_TIME.has(targetKind));
}

/** Lets packages hang on all symbols of some of their targets. */
function addAllOf(builder: EdgeSink, isMeant: (unit: CrateUnit) => boolean): void {
    const { source, units } = builder;
    for (let index = 0; index < source.symbolCount; index++) {
        if (source.externalPath(index) === "" && source.nodeOf(index) === index) {
            const unit = units.get(source.symbol(index).crate ?? -1);
            if (unit !== undefined && isMeant(unit)) {
                builder.add(builder.packageNode(unit.package), index, WAY.package);
            }
        }
    }
}

/** Adds packages with code that is not seen: what it uses of its package is not known. */
export function addUnseen(builder: EdgeSink): void {
    const { source, units } = builder;
    const ownersOf = new Map(source.ownership().map(({ path, owners }) => [path, owners]));
    const lost = [...builder.input.captures.keys()].flatMap((path) =>
        (ownersOf.get(path)?.length ?? 0) > 0 ? [] : [path.slice(path.lastIndexOf("/") + 1)],
    );
    const found = new Set<number>();
    for (const [path, { tree }] of builder.input.captures) {
        const isUnseen = tree.columns.names.some(
            (name) =>
                UNSEEN.test(name) ||
                (name.endsWith(".rs") && lost.includes(name.slice(name.lastIndexOf("/") + 1))),
        );
        for (const owner of isUnseen ? (ownersOf.get(path) ?? []) : []) {
            const unit = units.get(owner);
            if (unit !== undefined && unit.targetKind !== "build") {
                found.add(unit.package);
            }
        }
    }
    if (found.size > 0) {
        addAllOf(builder, (unit) => found.has(unit.package) && !TEST_TARGETS.has(unit.targetKind));
    }
}

/** Adds what starts binaries: everything in a file that speaks of one may run it. */
export function addBinaries(builder: EdgeSink): void {
    const { source, units } = builder;
    const mains = mainsOf(builder);
    if (mains.length === 0) {
        return;
    }
    const starts = new Map<string, "own" | "any">();
    for (const [path, { tree }] of builder.input.captures) {
        const { names } = tree.columns;
        if (names.some((name) => OWN_BINARY.test(name))) {
            starts.set(path, "own");
        }
        if (names.some((name) => ANY_PROGRAM.test(name))) {
            starts.set(path, "any");
        }
    }
    for (let index = 0; index < source.symbolCount; index++) {
        if (source.externalPath(index) !== "" || source.nodeOf(index) !== index) {
            continue;
        }
        const { file, crate, kind } = source.symbol(index);
        const how = file === undefined ? undefined : starts.get(file);
        const unit = units.get(crate ?? -1);
        const isCode = kind === "function" || kind === "method" || kind === "macro";
        if (how === undefined || unit === undefined || !isCode) {
            continue;
        }
        const isTest = TEST_TARGETS.has(unit.targetKind);
        for (const main of mains) {
            // Code of a library may serve the tests of any package.
            const isMeant = how === "any" ? isTest : !isTest || main.package === unit.package;
            if (isMeant) {
                builder.add(index, main.symbol, WAY.runsBinary);
            }
        }
    }
}

function mainsOf({ source, units }: EdgeSink): { symbol: number; package: number }[] {
    return source.findByName("main").flatMap((symbol) => {
        const { crate, kind } = source.symbol(symbol);
        const unit = units.get(crate ?? -1);
        const isMain =
            unit?.targetKind === "bin" &&
            kind === "function" &&
            source.graphParentOf(symbol) === crate;
        return isMain ? [{ symbol, package: unit.package }] : [];
    });
}
