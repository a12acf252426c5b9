// Which package a file lies in, where folders of packages lie in each other.

import { expect, test } from "vitest";

import { packageOfFile } from "../../../src/workspace/index.ts";
import { parseFixture } from "../../support/fixture.ts";

const { model } = parseFixture(`
//- /a/src/lib.rs crate:a
//- /a/b/src/lib.rs crate:b
`);

function nameOf(path: string): string | undefined {
    const number = packageOfFile(model, path);
    return number === undefined ? undefined : model.packages[number]!.name;
}

test("a file lies in the package whose folder is the nearest around it", () => {
    expect(nameOf("a/src/x.rs")).toBe("a");
    expect(nameOf("a/b/src/x.rs")).toBe("b");
    expect(nameOf("a/bc/x.rs")).toBe("a");
});

test("a file outside of all packages lies in none", () => {
    expect(nameOf("c/src/x.rs")).toBeUndefined();
});
