// Which package belongs to which Cargo workspace, and what it inherits.

import { expect, test } from "vitest";

import type { WorkspaceModel } from "../../../src/workspace/index.ts";
import { codesOf, modelFromText, packageNamed } from "./model-from-text.ts";

const pkg = (name: string, more = ""): string =>
    `[package]\nname = "${name}"\nversion = "1.0.0"\nedition = "2021"\n${more}`;

const owners = (model: WorkspaceModel): string[] =>
    model.packages.map((each) => `${each.folder} in ${each.workspaceFolder}`);

test("nested workspaces, excluded folders, packages that name their root", () => {
    const model = modelFromText({
        "Cargo.toml": '[workspace]\nmembers = ["a", "x/kept"]\nexclude = ["x", "far"]\n',
        "a/Cargo.toml": pkg("a"),
        "x/kept/Cargo.toml": pkg("kept"),
        "x/alone/Cargo.toml": pkg("alone"),
        "far/off/Cargo.toml": pkg("off", 'workspace = "../../in"\n'),
        "in/Cargo.toml": `${pkg("in")}[workspace]\nmembers = ["m", "../far/off"]\n`,
        "in/m/Cargo.toml": pkg("m"),
    });
    expect(owners(model)).toEqual([
        "a in ",
        "far/off in in",
        "in in in",
        "in/m in in",
        "x/alone in x/alone",
        "x/kept in ",
    ]);
    expect(model.source).toBe("manifests");
    expect(model.problems).toEqual([]);
});

test("members are named by patterns and by path dependencies; others are said not to be", () => {
    const model = modelFromText({
        "Cargo.toml": '[workspace]\nmembers = ["crates/*", "t?ols/**/x", "gone"]\n',
        "crates/a/Cargo.toml": pkg("a", '[dependencies]\ndep = { path = "../../lib/dep" }\n'),
        "crates/a/fixture/Cargo.toml": pkg("fixture"),
        "lib/dep/Cargo.toml": pkg("dep"),
        "tools/b/x/Cargo.toml": pkg("x"),
    });
    expect(model.packages.length).toBe(4);
    expect(codesOf(model)).toEqual(["WORKSPACE_MEMBER_MISSING", "WORKSPACE_NOT_A_MEMBER"]);
    expect(model.problems[0]?.message).toContain("gone");
    expect(model.problems[1]?.message).toContain("1 packages");
    expect(model.problems[1]?.message).toContain("crates/a/fixture");
});

test("values are inherited from the workspace", () => {
    const shared = '[workspace.package]\nversion = "2.5.0"\nedition = "2018"\npublish = false\n';
    const inherits = "version.workspace = true\nedition.workspace = true\n";
    const model = modelFromText({
        "Cargo.toml": `[workspace]\nmembers = ["a", "b"]\n${shared}`,
        "a/Cargo.toml": `[package]\nname = "a"\n${inherits}publish = { workspace = true }\n`,
        "b/Cargo.toml": `[package]\nname = "b"\n${inherits}`,
    });
    const a = packageNamed(model, "a");
    expect([a.version, a.edition, a.publishable]).toEqual(["2.5.0", "2018", false]);
    expect(packageNamed(model, "b").publishable).toBe(true);
});

test("publishing: a list of registries, none, and no version at all", () => {
    const publishable = (text: string): boolean =>
        packageNamed(modelFromText({ "Cargo.toml": `[package]\nname = "p"\n${text}` }), "p")
            .publishable;
    expect(publishable('version = "1.0.0"')).toBe(true);
    expect(publishable('version = "1.0.0"\npublish = ["mine"]')).toBe(true);
    expect(publishable('version = "1.0.0"\npublish = []')).toBe(false);
    expect(publishable("")).toBe(false);
});

test("broken manifests are named with their line, the rest loads", () => {
    const model = modelFromText({
        "Cargo.toml": '[workspace]\nmembers = ["a", "b", "c", "d"]\n',
        "a/Cargo.toml": pkg("a"),
        "b/Cargo.toml": '[package]\nname = "b"\n[oops\n',
        "c/Cargo.toml": '[package]\nversion = "1.0.0"\n',
        "d/Cargo.toml": "[dependencies]\n",
    });
    expect(model.packages.map((each) => each.name)).toEqual(["a"]);
    const broken = model.problems.filter((problem) => problem.code === "MANIFEST_INVALID");
    expect(broken.map((problem) => [problem.path, problem.line])).toEqual([
        ["b/Cargo.toml", 2],
        ["c/Cargo.toml", undefined],
        ["d/Cargo.toml", undefined],
    ]);
});

test("package names need not be unique, folders are", () => {
    const model = modelFromText({ "a/Cargo.toml": pkg("same"), "b/Cargo.toml": pkg("same") });
    expect(owners(model)).toEqual(["a in a", "b in b"]);
});
