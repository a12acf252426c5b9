// What tests depend on through macros that are expanded where they are called.

import { expect, test } from "vitest";

import { CancelledError } from "../../../../src/base/index.ts";
import { affectedBy, namesOf, type Files } from "../../../support/affected-workspace.ts";

const LIB = `
macro_rules! matches {
    ($name:ident, $n:expr) => { matches!($name, $n, 1); };
    ($name:ident, $n:expr, $m:expr) => {
        #[test]
        fn $name() { assert_eq!(first($n), $m); }
    };
}
macro_rules! second_is { ($n:expr) => { assert!(second() == wide!($n)) } }
macro_rules! wide { ($n:expr) => { $n + 100 } }
macro_rules! limited { () => { limit() } }
macro_rules! declare {
    ($name:ident) => {
        pub fn $name() -> u32 { third() }
        pub fn beside() -> u32 { fourth() }
    };
}
macro_rules! doubled {
    ($one:ident, $two:ident) => {
        #[test]
        fn $one() { third(); }
        #[test]
        fn $two() { fourth(); }
    };
}
macro_rules! family {
    ($name:ident) => { mod $name { use super::*; matches!(inside, 1); } };
}
macro_rules! dropped { ($($t:tt)*) => { 1 } }

fn first(n: u32) -> u32 { n * 10 }
fn second() -> u32 { 20 }
fn third() -> u32 { 30 }
fn fourth() -> u32 { 40 }
fn limit() -> u32 { 50 }
declare!(made);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain() { first(1); }
    matches!(of_two, 2);
    matches!(of_three, 3, 4);
    #[test]
    fn of_second() { second_is!(1); }
    #[test]
    fn of_made() { made(); }
    #[test]
    fn of_beside() { beside(); }
    #[test]
    fn of_limit() {
        let limit = || 1;
        limit();
        limited!();
    }
    #[cfg(unix)]
    doubled!(of_third, of_fourth);
    family!(group);
    family!(other);
    #[test]
    fn of_nothing() { dropped!(first second third); }
    #[some::attribute]
    mod attributed {
        #[test]
        fn of_attribute() { dropped!(second); }
    }
}
`;

const FILES: Files = {
    "Cargo.toml": '[package]\nname = "kit"\nversion = "0.1.0"\nedition = "2021"\n',
    "src/lib.rs": LIB,
};

async function editing(from: string, to = `${from} + 1`): Promise<string[]> {
    expect(LIB).toContain(from);
    const found = await affectedBy(FILES, { "src/lib.rs": LIB.replace(from, to) });
    return namesOf(found).map((each) => each.replace("kit: tests::", ""));
}

const CASES: readonly (readonly [string, string, string, readonly string[]])[] = [
    [
        "tests that a macro makes are told apart by what they call",
        "n * 10",
        "n * 11",
        ["group::inside", "of_three", "of_two", "other::inside", "plain"],
    ],
    [
        "a body means what it means where it is expanded, macros in it too",
        "second() -> u32 { 20",
        "second() -> u32 { 21",
        ["attributed::of_attribute", "of_second"],
    ],
    [
        "a macro that another one calls reaches the callers of that",
        "$n + 100",
        "$n + 101",
        ["of_second"],
    ],
    [
        "a macro reaches all that it made, and what uses that",
        "pub fn $name() -> u32 { third() }",
        "pub fn $name() -> u32 { third() + 1 }",
        ["of_beside", "of_made"],
    ],
    [
        "an item that a macro made is one like others",
        "{ 40 }",
        "{ 41 }",
        ["of_beside", "of_fourth"],
    ],
    [
        "an attribute of a call is one of all that it makes",
        "{ 30 }",
        "{ 31 }",
        ["of_made", "of_third"],
    ],
    ["what a body names is no local of its caller", "{ 50 }", "{ 51 }", ["of_limit"]],
];

test.each(CASES)("%s", async (_, from, to, expected) => {
    expect(await editing(from, to)).toEqual(expected);
});

test("an edited call reaches the tests that it makes", async () => {
    expect(await editing("of_three, 3, 4", "of_three, 3, 5")).toContain("of_three");
});

test("a test that a macro makes is one test, and shown where it is named", async () => {
    const { tests, testsKnown } = await affectedBy(FILES, {
        "src/lib.rs": LIB.replace("n * 10", "n * 11"),
    });
    const found = tests.find((one) => one.test === "tests::of_two");
    const line = LIB.split("\n").findIndex((one) => one.includes("of_two"));
    expect([found?.extent, found?.at?.line]).toEqual(["one", line]);
    expect(found?.way).toEqual(["uses kit::first"]);
    expect(testsKnown).toBe(13);
});

test("a file that two modules have keeps the items of both", async () => {
    const shared = `pub fn value() -> u32 { 1 }
pub fn other() -> u32 { 2 }
macro_rules! tested { ($name:ident) => { #[test] fn $name() { value(); } } }
tested!(of_value);
#[test]
fn of_other() { other(); }
`;
    const files: Files = {
        ...FILES,
        "src/lib.rs":
            '#[path = "shared.rs"]\nmod one;\n#[path = "shared.rs"]\nmod two;\n#[test]\nfn apart() { two::value(); }\n',
        "src/shared.rs": shared,
    };
    const edited = async (from: string, to: string): Promise<string[]> =>
        namesOf(await affectedBy(files, { "src/shared.rs": shared.replace(from, to) }));
    expect(await edited("{ 1 }", "{ 3 }")).toEqual([
        "kit: apart",
        "kit: one::of_value",
        "kit: two::of_value",
    ]);
    expect(await edited("{ 2 }", "{ 3 }")).toEqual(["kit: one::of_other", "kit: two::of_other"]);
});

test("a question is cancelled between any two files", async () => {
    let looks = 0;
    const signal = {
        get aborted() {
            looks += 1;
            return looks > 1;
        },
    };
    await expect(affectedBy(FILES, { "src/lib.rs": `${LIB}\n` }, signal)).rejects.toBeInstanceOf(
        CancelledError,
    );
    expect(looks).toBe(2);
});
