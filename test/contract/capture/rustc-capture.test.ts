// The rustc frontend over a small workspace that Cargo compiles for real: a virtual manifest in a folder with
// blanks and umlauts, a library, a procedural macro, and a program with a build script, outside the default
// members. The tests follow one another, as edits do.

import { execFileSync } from "node:child_process";
import {
    appendFileSync,
    existsSync,
    mkdirSync,
    mkdtempSync,
    readdirSync,
    readFileSync,
    realpathSync,
    rmSync,
    writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { CancelledError, InvariantError } from "../../../src/base/index.ts";
import {
    DEFAULT_CONFIGURATION,
    multiCapture,
    openFactStore,
    TESTS_CONFIGURATION,
    type ConfigurationOutcome,
    type FactStore,
    type MultiCaptureOptions,
    type MultiCaptureResult,
} from "../../../src/capture/index.ts";
import { renderFacts } from "../../../src/capture/rustc/dump/index.ts";

const FILES: Readonly<Record<string, string>> = {
    "Cargo.toml": `[workspace]
members = ["base", "made", "program"]
default-members = ["base"]
resolver = "2"
`,
    "base/Cargo.toml": `[package]
name = "base"
version = "0.1.0"
edition = "2021"

[features]
extra = []
`,
    "base/src/lib.rs": `#[path = "größe.rs"]
mod size;

pub use size::Größe;

#[cfg(feature = "extra")]
pub fn extra() {}

/// Doubles a number.
pub fn double(number: u32) -> u32 {
    number * 2
}

#[cfg(test)]
mod tests {
    #[test]
    fn doubles() {
        assert_eq!(super::double(2), 4);
    }
}
`,
    "base/src/größe.rs": `pub struct Größe {
    pub breite: u32,
}

impl Größe {
    pub fn fläche(&self) -> u32 {
        self.breite * self.breite
    }
}
`,
    "made/Cargo.toml": `[package]
name = "made"
version = "0.1.0"
edition = "2021"

[lib]
proc-macro = true
`,
    "made/src/lib.rs": `use proc_macro::TokenStream;

#[proc_macro]
pub fn same(input: TokenStream) -> TokenStream {
    input
}
`,
    "program/Cargo.toml": `[package]
name = "the-program"
version = "0.1.0"
edition = "2021"

[dependencies]
base = { path = "../base" }
made = { path = "../made" }
`,
    "program/build.rs": `use std::{env, fs, path::Path};

fn main() {
    assert!(env::var_os("RUSTC_BOOTSTRAP").is_none(), "the build sees RUSTC_BOOTSTRAP");
    let out = env::var("OUT_DIR").unwrap();
    fs::write(Path::new(&out).join("made.rs"), "pub fn generated() -> u32 { 7 }").unwrap();
    println!("cargo:rustc-env=MADE_BY_BUILD=yes");
    println!("cargo:rerun-if-changed=build.rs");
}
`,
    "program/src/main.rs": `use base::{double, Größe};

mod written {
    include!(concat!(env!("OUT_DIR"), "/made.rs"));
}

fn main() {
    let size = Größe { breite: double(made::same!(3)) };
    println!("{} {} {}", env!("MADE_BY_BUILD"), size.fläche(), written::generated());
}
`,
    "program/tests/whole.rs": `#[test]
fn runs() {
    assert!(env!("CARGO_BIN_EXE_the-program").contains("the-program"));
}
`,
};

const hasCargo = ((): boolean => {
    try {
        execFileSync("cargo", ["--version"], { stdio: "ignore" });
        return true;
    } catch {
        process.stderr.write("not run: captures by rustc (cargo is not on the PATH)\n");
        return false;
    }
})();

const SLOW_MS = 120_000;
const LIB = "base/src/lib.rs";

let top: string;
let root: string;
let folder: string;

function write(path: string, text: string): void {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
}

function capture(more: Partial<MultiCaptureOptions> = {}): Promise<MultiCaptureResult> {
    return multiCapture(
        { root, cargoFolders: [""] },
        { trusted: true, folder, configurations: [DEFAULT_CONFIGURATION], ...more },
    );
}

function only(result: MultiCaptureResult): ConfigurationOutcome {
    expect(result.frontend.kind).toBe("ready");
    expect(result.configurations).toHaveLength(1);
    return result.configurations[0]!;
}

/** Crates by what became of them. */
function crates(result: MultiCaptureResult, keys: readonly string[]): string[] {
    return result.units
        .filter((unit) => keys.includes(unit.key))
        .map((unit) => unit.unit.crateName + (unit.unit.isTest ? " test" : ""))
        .sort();
}

async function factsOf(store: FactStore, crateName: string): Promise<string> {
    const unit = store.units.find((each) => each.unit.crateName === crateName);
    const facts = await store.read(unit?.key ?? "");
    return renderFacts(facts!, (path) => readFileSync(join(root, path), "utf8"));
}

beforeAll(() => {
    top = realpathSync(mkdtempSync(join(tmpdir(), "ferro-")));
    root = join(top, "mein Büro");
    folder = join(root, ".ferrograph", "rustc");
    for (const [path, text] of Object.entries(FILES)) {
        write(path, text);
    }
});

afterAll(() => {
    rmSync(top, { recursive: true, force: true });
});

describe.runIf(hasCargo)("a workspace", { timeout: SLOW_MS }, () => {
    test("all members are captured, those outside default-members too", async () => {
        const stages = new Set<string>();
        const result = await capture({ onProgress: (stage) => stages.add(stage) });
        const outcome = only(result);
        expect(outcome.failed).toEqual([]);
        expect(outcome.firstError).toBeUndefined();
        expect(outcome.compiles).toBe(true);
        expect(crates(result, outcome.captured)).toEqual(["base", "made", "the_program"]);
        expect([...stages]).toEqual(["rustc check", "rustc facts"]);
        expect(result.units.map(({ unit }) => unit.targetKind).sort()).toEqual([
            "bin",
            "lib",
            "proc-macro",
        ]);
    });

    test("the workspace holds nothing new but our folder", () => {
        expect(readdirSync(root).sort()).toEqual([
            ".ferrograph",
            "Cargo.toml",
            "base",
            "made",
            "program",
        ]);
        expect(existsSync(join(folder, "scratch"))).toBe(false);
    });

    test("facts are read from the store, with the places in the source", async () => {
        const store = await openFactStore(folder);
        expect(store.size.unitCount).toBe(3);
        expect(store.size.staleCount).toBe(0);
        expect(store.size.bytes).toBeGreaterThan(1_000);
        const program = await factsOf(store, "the_program");
        expect(program).toContain(
            "program/src/main.rs:8:24 breite literal-field base::size::Größe",
        );
        expect(program).toContain("program/src/main.rs:8:32 double path base::double");
        expect(program).toContain("fläche method base::size::{impl#0}::fläche");
        expect(program).toContain("- Fn the_program::written::generated");
        expect(program).not.toContain(".ferrograph");
        expect(await factsOf(store, "base")).toContain("base/src/größe.rs:6:12 fläche AssocFn");
    });

    test("what has not changed is not captured again", async () => {
        const outcome = only(await capture());
        expect(outcome.captured).toEqual([]);
        expect(outcome.reused).toHaveLength(3);
    });

    test("calls without a token and control flow come with MIR, where that is asked for", async () => {
        const result = await capture({ withMir: true });
        expect(only(result).captured).toHaveLength(3);
        expect(result.units.every((unit) => unit.hasFlow)).toBe(true);
        const store = await openFactStore(folder);
        const key = store.units.find((each) => each.unit.crateName === "the_program")!.key;
        const flow = await store.readFlow(key);
        expect(flow?.bodies.map((body) => body.owner)).toContain("the_program::main");
        const facts = await store.read(key);
        expect(facts?.implicit.length).toBeGreaterThan(0);
        expect(only(await capture()).reused).toHaveLength(3);
    });

    test("neither comments nor private functions concern dependents", async () => {
        appendFileSync(join(root, LIB), "// A remark.\n");
        const remarked = await capture();
        expect(crates(remarked, only(remarked).captured)).toEqual(["base"]);
        appendFileSync(join(root, LIB), "#[allow(dead_code)]\nfn private() {}\n");
        const added = await capture();
        expect(crates(added, only(added).captured)).toEqual(["base"]);
        expect(await factsOf(await openFactStore(folder), "base")).toContain("private Fn");
    });

    test("what others can see does", async () => {
        appendFileSync(join(root, LIB), "pub fn visible() {}\n");
        const result = await capture();
        expect(crates(result, only(result).captured)).toEqual(["base", "the_program"]);
    });

    test("a procedural macro concerns those that use it with all that is in it", async () => {
        const path = join(root, "made/src/lib.rs");
        writeFileSync(
            path,
            readFileSync(path, "utf8").replace("    input", "    let all = input;\n    all"),
        );
        const result = await capture();
        expect(crates(result, only(result).captured)).toEqual(["made", "the_program"]);
    });

    test("what does not compile keeps its facts as hints, and so do its dependents", async () => {
        const good = readFileSync(join(root, LIB), "utf8");
        writeFileSync(join(root, LIB), good.replace("number * 2", 'number * "ü" * two'));
        const broken = await capture();
        const outcome = only(broken);
        expect(outcome.compiles).toBe(false);
        expect(outcome.errorCount).toBeGreaterThan(0);
        expect(outcome.firstError).toMatchObject({ path: LIB, line: 10, packageFolder: "base" });
        expect(outcome.firstError?.column).toBe('    number * "ü" * '.length);
        expect(crates(broken, outcome.stale)).toEqual(["base", "the_program"]);
        expect(crates(broken, outcome.reused)).toEqual(["made"]);
        expect((await openFactStore(folder)).size.staleCount).toBe(2);
        writeFileSync(join(root, LIB), good);
        const mended = await capture();
        expect(only(mended).stale).toEqual([]);
        expect(mended.units.every((unit) => unit.stale === undefined)).toBe(true);
    });

    test("tests and features are configurations of their own", async () => {
        const result = await capture({
            configurations: [
                DEFAULT_CONFIGURATION,
                TESTS_CONFIGURATION,
                { ...DEFAULT_CONFIGURATION, name: "extra", features: ["base/extra"] },
            ],
        });
        expect(result.configurations.map((each) => each.compiles)).toEqual([true, true, true]);
        const [, tests, extra] = result.configurations;
        expect(crates(result, tests!.captured)).toEqual([
            "base test",
            "made test",
            "the_program test",
            "whole test",
        ]);
        expect(crates(result, tests!.reused)).toEqual(["base", "made", "the_program"]);
        expect(crates(result, extra!.captured)).toContain("base");
        const plain = result.units.find(
            (unit) => unit.unit.crateName === "made" && !unit.unit.isTest,
        );
        expect(plain?.configurations).toEqual(["default", "tests", "extra"]);
    });

    test("damaged facts and lost records are made anew", async () => {
        const { key } = (await openFactStore(folder)).units.find(
            ({ unit }) => unit.crateName === "made" && !unit.isTest,
        )!;
        const path = join(folder, "units", `${key}.facts`);
        const bytes = readFileSync(path);
        bytes[bytes.length - 40] = (bytes[bytes.length - 40] ?? 0) ^ 0xff;
        writeFileSync(path, bytes);
        expect(await (await openFactStore(folder)).read(key)).toBeUndefined();
        expect(only(await capture()).captured).toEqual([key]);
        expect(await (await openFactStore(folder)).read(key)).toBeDefined();

        rmSync(join(folder, "records"), { recursive: true });
        const result = await capture();
        expect(only(result).failed).toEqual([]);
        expect(only(result).reused).toHaveLength(3);
    });

    test("a member that is gone takes its facts with it", async () => {
        write("Cargo.toml", FILES["Cargo.toml"]!.replace('"base", "made", "program"', '"base"'));
        const result = await capture({
            configurations: [
                DEFAULT_CONFIGURATION,
                TESTS_CONFIGURATION,
                { ...DEFAULT_CONFIGURATION, name: "extra", features: ["base/extra"] },
            ],
        });
        expect(new Set(result.units.map((unit) => unit.unit.crateName))).toEqual(new Set(["base"]));
        write("Cargo.toml", FILES["Cargo.toml"]!);
    });

    test("a cancelled capture ends at once, and the next one does the rest", async () => {
        const controller = new AbortController();
        const cancelled = capture({
            signal: controller.signal,
            onProgress: (stage) => {
                if (stage === "rustc facts") {
                    controller.abort();
                }
            },
        });
        await expect(cancelled).rejects.toThrow(CancelledError);
        expect(existsSync(join(folder, "scratch"))).toBe(false);
        expect(only(await capture()).failed).toEqual([]);
        const before = new AbortController();
        before.abort();
        await expect(capture({ signal: before.signal })).rejects.toThrow(CancelledError);
    });

    test("a manifest that Cargo does not understand is an outcome, and keeps the facts", async () => {
        write("Cargo.toml", "[workspace]\nmembers = 1\n");
        const outcome = only(await capture());
        expect(outcome.compiles).toBe(false);
        expect(outcome.firstError?.message).toContain("cargo metadata");
        expect(outcome.stale.length).toBeGreaterThan(0);
        write("Cargo.toml", FILES["Cargo.toml"]!);
    });

    test("without Cargo the frontend stands aside and says so", async () => {
        const path = process.env["PATH"];
        process.env["PATH"] = join(top, "nowhere");
        try {
            const result = await capture();
            expect(result.frontend).toMatchObject({ kind: "aside", code: "TOOL_MISSING" });
            expect(result.configurations).toEqual([]);
            expect(result.units.length).toBeGreaterThan(0);
        } finally {
            process.env["PATH"] = path;
        }
    });

    test("nothing runs in a workspace that is not trusted", async () => {
        await expect(capture({ trusted: false })).rejects.toThrow(InvariantError);
    });
});
