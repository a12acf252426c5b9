// Control flow from the files of built MIR.

import { expect, test } from "vitest";

import { readBuiltMir } from "../../../src/capture/rustc/dump/index.ts";
import {
    FIXTURE_ROOT,
    FIXTURE_UNIT,
    RUSTC_GOLDEN,
    fileHash,
    fileText,
} from "../../support/rustc-dumps.ts";

test("blocks, edges and places of bodies", async () => {
    const shard = await readBuiltMir(`${RUSTC_GOLDEN}built`, {
        unit: FIXTURE_UNIT,
        compiler: "fixture",
        root: FIXTURE_ROOT,
        cwd: FIXTURE_ROOT,
        textOf: fileText,
        hashOf: fileHash,
    });
    expect(shard.bodies.map((body) => body.owner)).toEqual([
        "fixt::flow",
        "fixt::waits::{closure#0}",
        "fixt::{impl#0}::area",
    ]);
    const area = shard.bodies[2]!;
    // The product is checked for overflow: on to the return, or unwinding.
    expect([...area.edges]).toEqual([0, 1, 0, 2]);
    const text = fileText(`${FIXTURE_ROOT}/src/lib.rs`)!;
    expect(shard.files.map((file) => file.path)).toEqual(["src/lib.rs"]);
    expect(text.slice(area.blockSpan[0], area.blockSpan[1])).toBe("(self.x * self.y)");
    const flow = shard.bodies[0]!;
    expect(flow.blockFile.length).toBeGreaterThan(60);
    expect(flow.edges.every((block) => block < flow.blockFile.length)).toBe(true);
});
