// When two dumps of MIR are the same but for names.

import { expect, test } from "vitest";

import { sameMirButForNames } from "../../../src/capture/rustc/dump/index.ts";
import { inChunks } from "../../support/rustc-dumps.ts";

const BODY = `fn m::free(_1: m::Old) -> u32 {
    debug old => _1;                     // in scope 0 at src/l.rs:1:9: 1:12
    bb0: {
        _2 = const "Old";                // scope 0 at src/l.rs:2:1: 2:9
        _0 = m::Old::get(move _1) -> [return: bb1, unwind continue]; // scope 0 at src/l.rs:2:1: 2:9
    }
    bb1: {
        return;                          // scope 0 at src/l.rs:3:1: 3:2
    }
}

alloc7 (size: 3, align: 1) {
    4f 6c 64                                        │ Old
}
`;

async function judge(after: string, renames = [{ old: "Old", new: "Renamed" }]) {
    const stream = (text: string): AsyncIterable<Buffer> => inChunks(Buffer.from(text), 50);
    return await sameMirButForNames(stream(BODY), stream(after), renames);
}

test("the same text is the same", async () => {
    expect(await judge(BODY, [])).toEqual({ equal: true, changedText: 0 });
});

test("positions and the numbers of allocations do not count", async () => {
    const moved = BODY.replaceAll(/l\.rs:\d/g, "l.rs:77").replaceAll("alloc7", "alloc12");
    expect(await judge(moved, [])).toEqual({ equal: true, changedText: 0 });
});

test("a name that was renamed counts as itself, in strings it is told apart", async () => {
    const renamed = BODY.replaceAll("Old", "Renamed").replace(
        "4f 6c 64                                        │ Renamed",
        "52 65 6e 61 6d 65 64                            │ Renamed",
    );
    expect(await judge(renamed.replace("size: 3", "size: 7"))).toEqual({
        equal: true,
        changedText: 2,
    });
    expect((await judge(renamed, [{ old: "free", new: "Renamed" }])).equal).toBe(false);
});

test("another callee, another block, one body more: all are differences", async () => {
    const other = await judge(BODY.replace("m::Old::get", "m::Old::set"));
    expect(other.equal).toBe(false);
    expect(other.firstDifference).toContain("m::Old::set");
    expect((await judge(BODY.replace("return: bb1", "return: bb2"))).equal).toBe(false);
    const more = await judge(`${BODY}\nfn m::added() -> () {\n    bb0: {\n    }\n}\n`);
    expect(more.firstDifference).toBe("added: fn m::added() -> () {");
});

test("the old name does not come back for the new one", async () => {
    const back = BODY.replaceAll("Old", "Older");
    expect((await judge(back, [{ old: "Older", new: "Old" }])).equal).toBe(false);
});
