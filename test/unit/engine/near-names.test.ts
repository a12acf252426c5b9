// Near names for messages.

import { expect, test } from "vitest";

import { nearNames } from "../../../src/engine/near-names.ts";

test("finds what was mistyped, nearest first", () => {
    const names = ["scale", "scaled", "scan", "total", "Scale", "rescale"];
    expect(nearNames("scael", names, 3)).toEqual(["Scale", "scale"]);
    expect(nearNames("sale", names, 3)).toEqual(["Scale", "scale"]);
    expect(nearNames("unrelated", names, 3)).toEqual([]);
});

test("names each name once and not more than asked", () => {
    expect(nearNames("ab", ["ab", "ab", "ac", "ad"], 2)).toEqual(["ab", "ac"]);
});
