// Whether what Cargo made of crates still lies there, so that nobody has to wait until Cargo says so.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, expect, test } from "vitest";

import { hashedOutputs, standingOutputs } from "../../../src/engine/validate/known-states.ts";

const folder = mkdtempSync(join(tmpdir(), "ferrograph-outputs-"));
afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
});

function record(
    name: string,
    externs: readonly string[],
): Parameters<typeof hashedOutputs>[0][number] {
    const args = externs.flatMap((one) => [
        "--extern",
        `${one}=${join(folder, `lib${one}-1.rmeta`)}`,
    ]);
    return { name: `${name}-1`, rustc: "rustc", cwd: folder, env: {}, args };
}

test("outputs stand while they are byte for byte what they were", async () => {
    const put = (name: string, text: string): void => {
        writeFileSync(join(folder, `lib${name}-1.rmeta`), text);
    };
    ["same", "other", "gone", "unasked"].forEach((name) => {
        put(name, name);
    });
    const externs = ["same", "other", "gone", "unasked", "never"];
    const records = [record("top", externs), ...externs.map((name) => record(name, []))];
    const outputs = await hashedOutputs(records);
    expect(outputs.map(([name]) => name)).toEqual(externs.map((name) => `${name}-1`));
    put("other", "rehto");
    rmSync(join(folder, "libgone-1.rmeta"));
    const wanted = new Set(["same-1", "other-1", "gone-1", "never-1"]);
    expect(await standingOutputs(outputs, wanted)).toEqual(["same-1"]);
});
