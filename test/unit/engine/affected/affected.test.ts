// Which tests a change affects: one workspace, one edit for each rule.

import { describe, expect, test } from "vitest";

import { affectedBy, namesOf, type Files } from "../../../support/affected-workspace.ts";

const SHAPES = `
pub mod marks;
use std::fmt;

pub const SIDES: u32 = 4;

pub trait Area {
    fn area(&self) -> u32;
    fn twice(&self) -> u32 {
        self.area() * 2
    }
}

pub struct Square {
    pub side: u32,
}

impl Area for Square {
    fn area(&self) -> u32 {
        self.side * self.side
    }
}

pub struct Line;

impl Area for Line {
    fn area(&self) -> u32 {
        0
    }
}

impl fmt::Display for Square {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.side)
    }
}

pub fn through_dyn(shape: &dyn Area) -> u32 {
    shape.area()
}

pub fn through_generic<T: Area>(shape: &T) -> u32 {
    shape.twice()
}

pub fn corners() -> u32 {
    SIDES
}

/// \`\`\`
/// assert_eq!(shapes::lonely(), 1);
/// \`\`\`
pub fn lonely() -> u32 {
    1
}

macro_rules! doubled {
    ($e:expr) => {
        twice_of($e)
    };
}

fn twice_of(n: u32) -> u32 {
    n * 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_dyn() {
        assert_eq!(through_dyn(&Line), 0);
    }

    #[test]
    fn by_generic() {
        assert_eq!(through_generic(&Square { side: 2 }), 8);
    }

    #[test]
    fn by_const() {
        assert_eq!(corners(), 4);
    }

    #[test]
    fn by_macro() {
        assert_eq!(doubled!(2), 4);
    }

    #[test]
    fn by_text() {
        let text = String::from("2");
        assert_eq!(Square { side: 2 }.to_string(), text);
    }

    #[test]
    fn by_nothing() {
        assert_eq!(1, 1);
    }
}
`;

const WORKSPACE: Files = {
    "Cargo.toml": '[workspace]\nmembers = ["shapes", "app", "apart"]\nresolver = "2"\n',
    "shapes/Cargo.toml": '[package]\nname = "shapes"\nversion = "0.1.0"\nedition = "2021"\n',
    "shapes/src/lib.rs": SHAPES,
    "shapes/src/marks.rs": `pub fn mark() -> &'static str {
    include_str!("../data/mark.txt")
}
`,
    "shapes/data/mark.txt": "x\n",
    "shapes/README.md": "Shapes.\n",
    "app/Cargo.toml":
        '[package]\nname = "app"\nversion = "0.1.0"\nedition = "2021"\n[dependencies]\nshapes = { path = "../shapes" }\n',
    "app/src/main.rs": `fn main() {
    println!("{}", shapes::corners());
}

#[cfg(test)]
mod tests {
    #[test]
    fn in_main() {
        assert_eq!(shapes::lonely(), 1);
    }
}
`,
    "app/tests/run.rs": `use std::process::Command;

#[test]
fn runs() {
    let done = Command::new(env!("CARGO_BIN_EXE_app")).output().unwrap();
    assert!(done.status.success());
}
`,
    "apart/Cargo.toml": '[package]\nname = "apart"\nversion = "0.1.0"\nedition = "2021"\n',
    "apart/src/lib.rs": `#[test]
fn alone() {
    assert_eq!(1, 1);
}
`,
};

/** The library with one text in the place of another. */
function shapes(from: string, to: string): Files {
    const text = SHAPES.replace(from, to);
    expect(text).not.toBe(SHAPES);
    return { "shapes/src/lib.rs": text };
}

const UNIT = ["by_const", "by_dyn", "by_generic", "by_macro", "by_nothing", "by_text"].map(
    (name) => `shapes: tests::${name}`,
);

const CASES: readonly (readonly [string, Files, readonly string[]])[] = [
    [
        "a constant reaches its users, and tests that start the binary which uses it",
        shapes("SIDES: u32 = 4", "SIDES: u32 = 5"),
        ["app: runs", "shapes: tests::by_const"],
    ],
    [
        "an implementing item is reached through dyn and through generics",
        shapes("self.side * self.side", "self.side + self.side"),
        ["shapes: tests::by_dyn", "shapes: tests::by_generic"],
    ],
    [
        "a default item of a trait is reached from who calls it",
        shapes("self.area() * 2", "self.area() * 3"),
        ["shapes: tests::by_generic"],
    ],
    [
        "an item of a foreign trait is reached by whoever has the type",
        shapes('write!(f, "{}", self.side)', 'write!(f, "<{}>", self.side)'),
        ["shapes: tests::by_dyn", "shapes: tests::by_generic", "shapes: tests::by_text"],
    ],
    [
        "what a macro's body names is reached from the macro's callers",
        shapes("n * 2", "n * 3"),
        ["shapes: tests::by_macro"],
    ],
    [
        "a macro reaches its callers",
        shapes("twice_of($e)\n", "twice_of($e) + 1\n"),
        ["shapes: tests::by_macro"],
    ],
    [
        "a field reaches who has the type",
        shapes("pub side: u32", "pub side: u64"),
        ["shapes: tests::by_dyn", "shapes: tests::by_generic", "shapes: tests::by_text"],
    ],
    [
        "a changed import reaches its module and below",
        shapes("use std::fmt;", "use core::fmt;"),
        ["app: runs", "app: tests::in_main", ...UNIT],
    ],
    [
        "an attribute of a module reaches everything in it",
        shapes("\npub mod marks;", "#![allow(unused)]\npub mod marks;"),
        ["app: runs", "app: tests::in_main", ...UNIT],
    ],
    ["a comment reaches nothing", shapes("pub fn corners", "// how many\npub fn corners"), []],
    [
        "a removed item reaches who names it",
        shapes("pub fn lonely() -> u32 {\n    1\n}", ""),
        ["app: tests::in_main"],
    ],
    [
        "an added impl reaches who has the type",
        shapes(
            "pub struct Line;",
            "pub struct Line;\nimpl Drop for Line {\n    fn drop(&mut self) {}\n}",
        ),
        ["shapes: tests::by_dyn"],
    ],
    [
        "a file that the build reads reaches its package and its dependents",
        { "shapes/data/mark.txt": "y\n" },
        ["app: *", "shapes: *"],
    ],
    ["a text that nothing reads reaches nothing", { "shapes/README.md": "Other.\n" }, []],
    [
        "a manifest reaches its package and its dependents",
        {
            "shapes/Cargo.toml":
                '[package]\nname = "shapes"\nversion = "0.2.0"\nedition = "2021"\n',
        },
        ["app: *", "shapes: *"],
    ],
    [
        "the workspace's manifest reaches everything",
        { "Cargo.toml": `${WORKSPACE["Cargo.toml"] ?? ""}[profile.dev]\nopt-level = 1\n` },
        ["app: *", "apart: *", "shapes: *"],
    ],
    [
        "a new test file reaches its package: it is a target of its own",
        { "apart/tests/more.rs": "#[test]\nfn more() {}\n" },
        ["apart: *"],
    ],
    [
        "a changed test reaches itself",
        {
            "apart/src/lib.rs": "#[test]\nfn alone() {\n    assert_eq!(2, 2);\n}\n",
        },
        ["apart: alone"],
    ],
];

describe("what a change affects", () => {
    test.each(CASES)("%s", async (_, edits, expected) => {
        expect(namesOf(await affectedBy(WORKSPACE, edits))).toEqual([...expected].sort());
    });

    test("each test has a way to what changed", async () => {
        const { tests, changes, testsKnown, testsSelected } = await affectedBy(
            WORKSPACE,
            shapes("self.area() * 2", "self.area() * 3"),
        );
        expect([testsKnown, testsSelected]).toEqual([9, 1]);
        expect(changes.map(({ how, what }) => [how, what])).toEqual([
            ["changed", "function twice"],
        ]);
        expect(tests[0]?.change).toBe(0);
        expect(tests[0]?.way).toEqual(["uses shapes::through_generic", "uses shapes::Area::twice"]);
        expect(tests[0]?.at?.path).toBe("shapes/src/lib.rs");
    });

    test("documentation that is tested is told by package, also where only it differs", async () => {
        const used = await affectedBy(WORKSPACE, shapes("SIDES: u32 = 4", "SIDES: u32 = 5"));
        expect(used.doctests).toEqual(["shapes"]);
        const edited = await affectedBy(WORKSPACE, shapes("lonely(), 1);", "lonely(), 2);"));
        expect([edited.tests, edited.doctests]).toEqual([[], ["shapes"]]);
        const apart = await affectedBy(WORKSPACE, {
            "apart/src/lib.rs": "#[test]\nfn alone() {}\n",
        });
        expect(apart.doctests).toEqual([]);
    });
});

const MEMBERS: Files = {
    "Cargo.toml": '[package]\nname = "members"\nversion = "0.1.0"\nedition = "2021"\n',
    "src/lib.rs": `pub struct Pile(Vec<u8>);
impl Pile {
    pub fn new() -> Self {
        Pile(vec![1])
    }
    pub fn len(&self) -> usize {
        self.0.iter().count()
    }
}
pub trait Sized2 {
    fn capacity(&self) -> usize;
}
impl Sized2 for Pile {
    fn capacity(&self) -> usize {
        7
    }
}
#[cfg(test)]
mod tests {
    #[test]
    fn of_pile() {
        assert_eq!(super::Pile::new().len(), 1);
    }
    #[test]
    fn of_std() {
        let text = String::new();
        assert_eq!(text.len(), 0);
    }
    #[test]
    fn of_either() {
        assert_eq!(String::new().capacity(), 0);
    }
}
`,
};

describe("a member of a foreign type", () => {
    const text = MEMBERS["src/lib.rs"]!;
    const editing = (from: string, to: string): Promise<string[]> =>
        affectedBy(MEMBERS, { "src/lib.rs": text.replace(from, to) }).then(namesOf);

    test("is none of the workspace's types", async () => {
        expect(await editing("vec![1]", "vec![2]")).toEqual(["members: tests::of_pile"]);
        expect(await editing("self.0.iter()", "self.0.iter().skip(1)")).toEqual([
            "members: tests::of_pile",
        ]);
    });

    test("may be of a trait that has its name", async () => {
        expect(await editing("7", "8")).toEqual(["members: tests::of_either"]);
    });
});

/** In a macro's body: what it gives is not read where it is called. */
const HELD = "macro_rules! held { () => {} }";

const FORMS: Files = {
    "Cargo.toml": '[workspace]\nmembers = ["app", "kit"]\nresolver = "2"\n',
    "kit/Cargo.toml": '[package]\nname = "kit"\nversion = "0.1.0"\nedition = "2021"\n',
    "app/Cargo.toml":
        '[package]\nname = "app"\nversion = "0.1.0"\nedition = "2021"\n\n[dependencies]\nkit = { path = "../kit" }\n',
    "kit/src/lib.rs": `
pub struct Alpha;
impl Alpha {
    pub fn make() -> u32 { 10 }
    pub fn size(&self) -> u32 { 11 }
}
pub struct Beta;
impl Beta {
    pub fn make() -> u32 { 20 }
    pub fn size(&self) -> u32 { 21 }
    pub(crate) fn weigh(&self) -> u32 { 22 }
}
fn inner() -> u32 { 23 }
pub fn total() -> u32 { Beta.weigh() + inner() }
pub fn size() -> u32 { 30 }
pub fn make() -> u32 { 31 }
pub type Gamma = Beta;
pub trait Build {
    fn built() -> u32 { 40 }
}
impl Build for Beta {}
`,
    "app/src/lib.rs": `
#[cfg(test)]
mod tests {
    use kit::*;
    use kit::Beta as Delta;
    macro_rules! alpha { () => { { ${HELD} Alpha::make() } } }
    macro_rules! gamma { () => { { ${HELD} Gamma::make() } } }
    macro_rules! delta { () => { { ${HELD} Delta::make() } } }
    macro_rules! crated { () => { { ${HELD} kit::make() } } }
    macro_rules! built { () => { { ${HELD} Beta::built() } } }
    macro_rules! sized { ($e:expr) => { { ${HELD} $e.size() } } }
    macro_rules! bare { () => { { ${HELD} size() } } }
    macro_rules! weighed { ($e:expr) => { { ${HELD} $e.weigh() } } }
    macro_rules! hidden { () => { { ${HELD} inner() } } }
    macro_rules! joined { ($a:ident $b:ident) => { { ${HELD} $a::$b() } } }
    #[test]
    fn of_alpha() { alpha!(); }
    #[test]
    fn of_gamma() { gamma!(); }
    #[test]
    fn of_delta() { delta!(); }
    #[test]
    fn of_crated() { crated!(); }
    #[test]
    fn of_built() { built!(); }
    #[test]
    fn of_sized() { sized!(kit::Alpha); }
    #[test]
    fn of_bare() { bare!(); }
    #[test]
    fn of_weighed() { weighed!(kit::Alpha); }
    #[test]
    fn of_hidden() { hidden!(); }
    #[test]
    fn of_joined() { joined!(Delta make); }
    #[test]
    fn of_total() { total(); }
}
`,
};

/** The tests of `app` that an edit of `kit` affects. */
async function editingKit(files: Files, from: string): Promise<string[]> {
    const text = files["kit/src/lib.rs"]!;
    const found = await affectedBy(files, { "kit/src/lib.rs": text.replace(from, `${from} + 1`) });
    return namesOf(found).map((each) => each.replace("app: tests::", ""));
}

describe("a token of a macro that is expanded", () => {
    const expanded: Files = {
        ...FORMS,
        "app/src/lib.rs": FORMS["app/src/lib.rs"]!.replaceAll(HELD, ""),
    };

    test.each([
        ["10", ["of_alpha"]],
        ["20", ["of_delta", "of_gamma", "of_joined"]],
        ["31", ["of_crated"]],
        ["40", ["of_built"]],
        ["11", ["of_sized"]],
        ["30", ["of_bare"]],
    ])("means what it means where the macro is called (%s)", async (from, expected) => {
        expect(await editingKit(expanded, from)).toEqual(expected);
    });
});

describe("a token that is not decided", () => {
    const editing = (from: string): Promise<string[]> => editingKit(FORMS, from);

    test("means what belongs to the type before it, or to one that may be called so", async () => {
        expect(await editing("10")).toEqual(["of_alpha", "of_delta", "of_gamma", "of_joined"]);
        expect(await editing("20")).toEqual(["of_delta", "of_gamma", "of_joined"]);
    });

    test("may be in the module before it", async () => {
        expect(await editing("31")).toEqual(["of_crated", "of_delta", "of_gamma", "of_joined"]);
    });

    test("may be of any trait", async () => {
        expect(await editing("40")).toEqual(["of_built"]);
    });

    test("means a member after a dot", async () => {
        expect(await editing("11")).toEqual(["of_bare", "of_sized"]);
        expect(await editing("30")).toEqual(["of_bare"]);
    });

    test("means nothing that another package hides", async () => {
        expect(await editing("22")).toEqual(["of_total"]);
        expect(await editing("23")).toEqual(["of_total"]);
    });
});
