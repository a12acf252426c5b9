// Reading the compiler's command line, and turning it into that of a dump.

import { expect, test } from "vitest";

import {
    compilingArguments,
    dumpArguments,
    readCommand,
} from "../../../src/capture/rustc/rustc-arguments.ts";

const ARGS = [
    "--crate-name",
    "ignore",
    "--edition=2018",
    "crates/ignore/src/lib.rs",
    "--error-format=json",
    "--json=artifacts",
    "--crate-type",
    "lib",
    "--emit=dep-info,metadata",
    "-C",
    "embed-bitcode=no",
    "-Cdebuginfo=2",
    "--cfg",
    'feature="zeta"',
    "--cfg",
    'feature="alpha"',
    "--cfg=unix_like",
    "-C",
    "extra-filename=-0123",
    "--out-dir",
    "/out/deps",
    "-C",
    "incremental=/out/incremental",
    "--codegen",
    "save-temps",
    "-L",
    "dependency=/out/deps",
    "--extern",
    "log=/out/deps/liblog-1.rmeta",
    "--extern",
    "priv:made=/out/deps/libmade-2.so",
    "--extern",
    "proc_macro",
    "--cap-lints",
    "warn",
];

test("what a command compiles is read", () => {
    expect(readCommand(ARGS)).toEqual({
        crateName: "ignore",
        crateTypes: ["lib"],
        isTest: false,
        features: ["alpha", "zeta"],
        externs: new Map([
            ["log", "/out/deps/liblog-1.rmeta"],
            ["made", "/out/deps/libmade-2.so"],
        ]),
        emits: ["dep-info", "metadata"],
        outputFolder: "/out/deps",
    });
    expect(readCommand(["--test", "src/main.rs"])).toMatchObject({
        crateTypes: ["bin"],
        isTest: true,
    });
});

test("what says where output goes is left out, the rest stays in order", () => {
    expect(compilingArguments(ARGS)).toEqual([
        "--crate-name",
        "ignore",
        "--edition=2018",
        "crates/ignore/src/lib.rs",
        "--crate-type",
        "lib",
        "-C",
        "embed-bitcode=no",
        "-Cdebuginfo=2",
        "--cfg",
        'feature="zeta"',
        "--cfg",
        'feature="alpha"',
        "--cfg=unix_like",
        "-C",
        "extra-filename=-0123",
        "-L",
        "dependency=/out/deps",
        "--extern",
        "log=/out/deps/liblog-1.rmeta",
        "--extern",
        "priv:made=/out/deps/libmade-2.so",
        "--extern",
        "proc_macro",
    ]);
    const forms = ["-o", "x", "-oy", "-Cincremental=z", "--emit", "link", "--json", "a", "lib.rs"];
    expect(compilingArguments(forms)).toEqual(["lib.rs"]);
});

test("a dump writes its list of files alone", () => {
    const args = dumpArguments(["lib.rs", "--emit=link"], "hir-tree", {
        dependencyFile: "/d s/h.d",
    });
    expect(args[0]).toBe("lib.rs");
    expect(args).toContain("-Zunpretty=hir-tree");
    expect(args.filter((arg) => arg.startsWith("--emit"))).toEqual(["--emit=dep-info=/d s/h.d"]);
    expect(args.join(" ")).not.toContain("mir-dir");
    const mir = dumpArguments([], "mir", { dependencyFile: "m.d", builtMirFolder: "built" });
    expect(mir).toContain("-Zmir-include-spans=on");
    expect(mir).toContain("-Zdump-mir-dir=built");
});
