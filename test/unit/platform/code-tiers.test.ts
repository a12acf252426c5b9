// The flag by which V8 optimizes later must be one that it knows: it prints an error of any other.

import { execFileSync } from "node:child_process";

import { expect, test } from "vitest";

import { AT_FIRST, flagToOptimizeLater } from "../../../src/platform/code-tiers.ts";

test.each([
    ["Node 20", "11.3.244.8-node.33", "--interrupt-budget"],
    ["Node 22", "12.4.254.21-node.57", "--invocation-count-for-turbofan"],
    ["Node 24", "13.6.233.17-node.40", "--invocation-count-for-turbofan"],
    ["Node 21, whose flags nobody has looked at", "11.8.172.17-node.20", undefined],
])("%s", (_node, version, name) => {
    expect(flagToOptimizeLater(version)?.split("=")[0]).toBe(name);
});

test("the V8 that runs this knows its flag", () => {
    const flag = flagToOptimizeLater(process.versions.v8);
    const known = execFileSync(process.execPath, ["--v8-options"], { encoding: "utf8" });
    expect(flag).toBeDefined();
    expect(known).toContain(`  ${flag?.split("=")[0]} `);
});

test("what holds at first ends with V8's own defaults, and with what holds from the start", () => {
    const known = execFileSync(process.execPath, ["--v8-options"], { encoding: "utf8" });
    const nameOf = (flag: string): string => flag.replace(/^--no-/u, "--").split("=")[0] ?? "";
    const { begin, asked, end } = AT_FIRST;
    expect([...begin, ...asked].map(nameOf)).toEqual(end.map(nameOf));
    const [later, ...others] = [...end].reverse();
    expect(later).toBe(flagToOptimizeLater("11.3.244.8-node.33"));
    const isNode20 = process.versions.v8.startsWith("11.3.");
    const isDefault = (flag: string): boolean => known.includes(`default: ${flag}\n`);
    expect(isNode20 ? others.filter(isDefault) : others).toEqual(others);
});
