// Which features a place may wait for.

import { expect, test } from "vitest";

import { featuresAskedFor } from "../../../src/engine/validate/wider-configurations.ts";

test("reads the features that a predicate asks for", () => {
    expect(featuresAskedFor('feature="alloc"')).toEqual(["alloc"]);
    expect(featuresAskedFor('all(unix, any(feature = "a", feature = "b-c"))')).toEqual([
        "a",
        "b-c",
    ]);
    expect(featuresAskedFor("test")).toEqual([]);
});

test("leaves out those that must be absent", () => {
    expect(featuresAskedFor('all(feature="a",not(feature="b"))')).toEqual(["a"]);
    expect(
        featuresAskedFor('all(not(any(feature="b",all(unix,feature="c"))),feature="d")'),
    ).toEqual(["d"]);
});
