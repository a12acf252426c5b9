import { expect, test } from "vitest";

import { convertCase, fillTemplate, wordsOf } from "../../../src/patch/name-case.ts";

test.each([
    ["HTTPServer2", ["http", "server2"]],
    ["max_len", ["max", "len"]],
    ["MAX_LEN", ["max", "len"]],
    ["loadFileÄnderung", ["load", "file", "änderung"]],
    ["x", ["x"]],
    ["__", []],
])("words of %s", (name, words) => {
    expect(wordsOf(name)).toEqual(words);
});

test.each([
    ["HTTPServer2", "snake", "http_server2"],
    ["max_len", "upper_camel", "MaxLen"],
    ["_max_len", "lower_camel", "_maxLen"],
    ["maxLen", "screaming_snake", "MAX_LEN"],
] as const)("%s in %s", (name, convention, converted) => {
    expect(convertCase(name, convention)).toBe(converted);
});

test("a template takes the name and the groups", () => {
    const values = { name: "get_x", groups: ["get_x", "x", undefined] };
    expect(fillTemplate("{name}_{1}", values)).toBe("get_x_x");
    expect(fillTemplate("{2}", values)).toMatchObject({ code: "PATCH_TEMPLATE" });
    expect(fillTemplate("{other}", values)).toMatchObject({ code: "PATCH_TEMPLATE" });
});
