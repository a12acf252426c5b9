import { expect, test } from "vitest";

import { splitPlace } from "../../../src/base/index.ts";
import { parseSymbol } from "../../../src/cli/parse-symbol.ts";

const FILES: Readonly<Record<string, string>> = {
    "/ws/src/lib.rs": "fn one() {}\nlet 🦀é = two;\n",
    "/ws/member/src/lib.rs": "fn three() {}\r\n",
};

function parse(written: string, currentFolder = "/ws"): unknown {
    return parseSymbol(written, {
        root: "/ws",
        currentFolder,
        readText: (file) => FILES[file],
    });
}

test("takes everything that is no place for a path", () => {
    expect(parse("krate::module::Type::method")).toEqual({
        kind: "path",
        path: "krate::module::Type::method",
    });
    expect(parse("<T as Trait>::f")).toEqual({ kind: "path", path: "<T as Trait>::f" });
    expect(splitPlace("a::b:1:2")).toBeUndefined();
});

test("counts lines and columns from 1", () => {
    expect(parse("src/lib.rs:1:4")).toEqual({
        kind: "place",
        place: { path: "src/lib.rs", line: 0, column: 3 },
    });
});

test("counts characters where the program counts UTF-16 units", () => {
    expect(parse("src/lib.rs:2:10")).toEqual({
        kind: "place",
        place: { path: "src/lib.rs", line: 1, column: 10 },
    });
});

test("looks in the current folder before the root", () => {
    expect(parse("src/lib.rs:1:1", "/ws/member")).toMatchObject({
        place: { path: "member/src/lib.rs" },
    });
    expect(parse("member/src/lib.rs:1:1", "/ws/member")).toMatchObject({
        place: { path: "member/src/lib.rs" },
    });
    expect(parse("/ws/src/lib.rs:1:1", "/elsewhere")).toMatchObject({
        place: { path: "src/lib.rs" },
    });
});

test.each(["src/none.rs:1:1", "../other/lib.rs:1:1", "/etc/passwd:1:1"])(
    "refuses %s, which is not there or outside",
    (written) => {
        expect(parse(written)).toMatchObject({ kind: "refusal", code: "FILE_NOT_IN_WORKSPACE" });
    },
);

test.each(["src/lib.rs:0:1", "src/lib.rs:9:1", "src/lib.rs:1:0", "src/lib.rs:1:13"])(
    "refuses %s, which lies outside the file",
    (written) => {
        expect(parse(written)).toMatchObject({ kind: "refusal", code: "PLACE_OUTSIDE_FILE" });
    },
);
