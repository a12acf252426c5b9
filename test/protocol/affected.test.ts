// Affected tests over a daemon, as the command prints them.

import { afterAll, beforeAll, expect, test } from "vitest";

import type { AffectedResult } from "../../src/protocol/index.ts";
import { DaemonHarness } from "../support/daemon-harness.ts";
import { git } from "../support/table-queries.ts";

let harness: DaemonHarness;

beforeAll(() => {
    harness = new DaemonHarness();
    const { workspace } = harness;
    workspace.write(".gitignore", "target\n");
    git(workspace.root, "init", "-q");
    git(workspace.root, "add", "-A");
    git(workspace.root, "commit", "-qm", "base");
    const path = "shapes/src/lib.rs";
    workspace.write(path, workspace.read(path).replace("factor * 2.0", "factor * 3.0"));
});

afterAll(async () => {
    await harness.close();
});

test("prints tests with reasons, for nextest, for cargo and as JSON", async () => {
    const names = await harness.run("affected", "--since", "HEAD");
    expect([names.status, names.stderr]).toEqual([0, ""]);
    expect(names.stdout.replace(/since [0-9a-f]+/u, "since HEAD")).toMatchInlineSnapshot(`
      "1 change since HEAD
        changed function scale  shapes/src/lib.rs:37:1

      1 of 2 known tests may be affected
        shapes test areas: scales  shapes/tests/areas.rs:4:4
            uses shapes::scale → function scale is changed
      packages are read from manifests only; \`--trust\` asks Cargo
      "
    `);
    const nextest = await harness.run("affected", "--since", "HEAD", "--format", "nextest");
    expect(nextest.stdout).toBe(
        "(package(=shapes) & kind(=test) & binary(=areas) & test(=scales))\n",
    );
    const cargo = await harness.run("affected", "--since", "HEAD", "--format", "cargo");
    expect(cargo.stdout).toBe("cargo test -p shapes --test areas -- --exact scales\n");
    const json = await harness.run("affected", "--since", "HEAD", "--json");
    const result = JSON.parse(json.stdout) as AffectedResult;
    expect([result.testsSelected, result.testsKnown]).toEqual([1, 2]);
});

test("refuses a revision that is none", async () => {
    const { status, stderr } = await harness.run("affected", "--since", "--output=x");
    expect(status).toBe(2);
    expect(stderr).toContain("--since");
    const none = await harness.run("affected", "--since", "no-such-branch", "--json");
    expect(none.status).toBe(1);
    expect(JSON.parse(none.stdout)).toMatchObject({ refusal: { code: "AFFECTED_NO_REVISION" } });
});
