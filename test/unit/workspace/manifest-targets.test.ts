// Targets by Cargo's rules.

import { expect, test } from "vitest";

import { codesOf, modelFromText, packageNamed, targetsOf } from "./model-from-text.ts";

const head = '[package]\nname = "my-pkg"\nversion = "1.0.0"\n';
const modern = `${head}edition = "2021"\n`;

test("targets are discovered by their places", () => {
    const model = modelFromText({
        "Cargo.toml": modern,
        "src/lib.rs": "",
        "src/main.rs": "",
        "src/bin/one.rs": "",
        "src/bin/two/main.rs": "",
        "src/bin/two/part.rs": "",
        "src/bin/three/part.rs": "",
        "src/bin/.hidden.rs": "",
        "examples/demo.rs": "",
        "tests/it.rs": "",
        "tests/common/mod.rs": "",
        "benches/b/main.rs": "",
        "build.rs": "",
    });
    expect(targetsOf(model, "my-pkg")).toEqual([
        "lib my_pkg src/lib.rs",
        "bin my-pkg src/main.rs",
        "bin one src/bin/one.rs",
        "bin two src/bin/two/main.rs",
        "example demo examples/demo.rs",
        "test it tests/it.rs",
        "bench b benches/b/main.rs",
        "build build-script-build build.rs",
    ]);
    expect(packageNamed(model, "my-pkg").targets[1]?.crateName).toBe("my_pkg");
    expect(model.problems).toEqual([]);
});

test("what is written down wins over what is discovered, by name and by path", () => {
    const model = modelFromText({
        "Cargo.toml":
            `${modern}build = "make/it.rs"\n` +
            '[lib]\nname = "core"\npath = "lib/root.rs"\nedition = "2018"\n' +
            '[[bin]]\nname = "main-tool"\npath = "src/main.rs"\nrequired-features = ["x"]\n' +
            '[[bin]]\nname = "one"\n' +
            '[[example]]\nname = "big"\n',
        "lib/root.rs": "",
        "src/lib.rs": "",
        "src/main.rs": "",
        "src/bin/one/main.rs": "",
        "src/bin/two.rs": "",
        "examples/big/main.rs": "",
        "make/it.rs": "",
        "build.rs": "",
    });
    expect(targetsOf(model, "my-pkg")).toEqual([
        "lib core lib/root.rs",
        "bin main-tool src/main.rs",
        "bin one src/bin/one/main.rs",
        "bin two src/bin/two.rs",
        "example big examples/big/main.rs",
        "build build-script-it make/it.rs",
    ]);
    const { targets } = packageNamed(model, "my-pkg");
    expect(targets.map((target) => target.edition).slice(0, 2)).toEqual(["2018", "2021"]);
    expect(targets[1]?.requiredFeatures).toEqual(["x"]);
});

test("discovery is switched off by the manifest, and by edition 2015 for kinds written down", () => {
    const files = { "src/lib.rs": "", "src/main.rs": "", "src/bin/b.rs": "", "t.rs": "" };
    const off = "autolib = false\nautobins = false\nbuild = false\n";
    const none = modelFromText({ ...files, "Cargo.toml": modern + off, "build.rs": "" });
    expect(targetsOf(none, "my-pkg")).toEqual([]);
    const tool = '[[bin]]\nname = "tool"\npath = "t.rs"\n';
    const old = modelFromText({ ...files, "Cargo.toml": head + tool });
    expect(targetsOf(old, "my-pkg")).toEqual(["lib my_pkg src/lib.rs", "bin tool t.rs"]);
    expect(packageNamed(old, "my-pkg").edition).toBe("2015");
    const asked = modelFromText({ ...files, "Cargo.toml": `${head}autobins = true\n${tool}` });
    expect(targetsOf(asked, "my-pkg")).toEqual([
        "lib my_pkg src/lib.rs",
        "bin b src/bin/b.rs",
        "bin my-pkg src/main.rs",
        "bin tool t.rs",
    ]);
});

test("proc-macro libraries, in both spellings", () => {
    for (const text of ["proc-macro = true", "proc_macro = true", 'crate-type = ["proc-macro"]']) {
        const model = modelFromText({ "Cargo.toml": `${modern}[lib]\n${text}`, "src/lib.rs": "" });
        expect(targetsOf(model, "my-pkg")).toEqual(["proc-macro my_pkg src/lib.rs"]);
    }
});

test("missing root files and those outside the root are reported", () => {
    const missing = modelFromText({ "Cargo.toml": `${modern}[lib]\n[[test]]\nname = "t"\n` });
    expect(codesOf(missing)).toEqual(["TARGET_FILE_MISSING", "TARGET_FILE_MISSING"]);
    expect(missing.problems[1]?.message).toContain("tests/t.rs");
    const outside = modelFromText({ "Cargo.toml": `${modern}[lib]\npath = "../l.rs"\n` });
    expect(targetsOf(outside, "my-pkg")).toEqual([]);
    expect(codesOf(outside)).toEqual(["TARGET_OUTSIDE_ROOT"]);
});
