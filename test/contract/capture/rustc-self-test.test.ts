// The guard of the rustc frontend, with the compiler that is installed. After a change of what facts are:
// look at the difference, then run with `-u`.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

import { identifyCompiler, type Compiler } from "../../../src/capture/rustc/compiler.ts";
import { captureSelfTest, testCompiler } from "../../../src/capture/rustc/self-test.ts";

const DATA = "../../../src/capture/rustc/data/self-test-facts.txt";

let folder: string;
let compiler: Compiler;

beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "ferrograph-self-test-"));
    compiler = await identifyCompiler("rustc", folder, {});
});

afterAll(async () => {
    await rm(folder, { recursive: true });
});

test("the facts of the self-test's crate are those that are shipped", async () => {
    await expect(await captureSelfTest(compiler, { folder, env: {} })).toMatchFileSnapshot(DATA);
});

test("a compiler whose dumps are understood passes", async () => {
    expect(await testCompiler(compiler, { folder, env: {} })).toEqual({ passed: true, reason: "" });
});

test("one whose dumps say something else does not, and the first difference is named", async () => {
    const expected = "# uses\nself-test.rs:1:1 run definition another::run";
    const result = await testCompiler(compiler, { folder, env: {}, expected });
    expect(result.passed).toBe(false);
    expect(result.reason).toContain("1 facts are missing");
    expect(result.reason).toContain("self-test.rs:1:1 run definition another::run");
});

test("a compiler that cannot make the dumps does not pass", async () => {
    const broken = { ...compiler, rustc: "false", commitHash: "0".repeat(40) };
    const result = await testCompiler(broken, { folder, env: {} });
    expect(result.passed).toBe(false);
    expect(result.reason).toContain("hir-tree");
});
