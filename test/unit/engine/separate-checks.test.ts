// Which tests of documentation are run.

import { expect, test } from "vitest";

import { testFilters } from "../../../src/engine/validate/separate-checks.ts";

const FOLDER = "/w/crates/a";

test("names the files of a package as they are seen from it, before and after moves", () => {
    const files = [
        { file: "/w/crates/a/src/lib.rs", folder: FOLDER },
        { file: "/w/crates/a/src/old.rs", folder: FOLDER },
        { file: "/w/crates/a/src/lib.rs", folder: FOLDER },
    ];
    const moves = [{ from: "crates/a/src/old.rs", to: "crates/a/src/new.rs" }];
    expect(testFilters(files, "/w", moves)).toEqual(["src/lib.rs", "src/new.rs", "src/old.rs"]);
});

test("leaves all tests in where a file cannot be told", () => {
    const lib = { file: "/w/crates/a/src/lib.rs", folder: FOLDER };
    for (const file of ["/w/README.md", "/w/crates/a/README.md", "/w/crates/a/src/a b.rs"]) {
        expect(testFilters([lib, { file, folder: FOLDER }], "/w", [])).toEqual([]);
    }
    expect(testFilters([{ ...lib, folder: "" }], "/w", [])).toEqual([]);
});
