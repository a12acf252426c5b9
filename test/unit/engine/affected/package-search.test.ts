// Only code that can be in a package's tests affects them.

import { expect, test } from "vitest";

import { affectedBy, namesOf, type Files } from "../../../support/affected-workspace.ts";

function manifest(name: string, dependencies: readonly string[]): string {
    const lines = dependencies.map((one) => `${one} = { path = "../${one}" }`);
    return `[package]\nname = "${name}"\nversion = "0.1.0"\nedition = "2021"\n\n[dependencies]\n${lines.join("\n")}\n`;
}

const FILES: Files = {
    "Cargo.toml": '[workspace]\nmembers = ["base", "part", "whole"]\nresolver = "2"\n',
    "base/Cargo.toml": manifest("base", []),
    "base/src/lib.rs": `
pub trait Run {
    fn run(&self) -> u32;
}

pub fn start(what: &dyn Run) -> u32 {
    what.run()
}

#[cfg(test)]
mod tests {
    struct Own;

    impl super::Run for Own {
        fn run(&self) -> u32 {
            1
        }
    }

    #[test]
    fn starts_its_own() {
        assert_eq!(super::start(&Own), 1);
    }
}
`,
    "part/Cargo.toml": manifest("part", ["base"]),
    "part/src/lib.rs": `
pub struct Part;

impl base::Run for Part {
    fn run(&self) -> u32 {
        2
    }
}
`,
    "whole/Cargo.toml": manifest("whole", ["base", "part"]),
    "whole/src/lib.rs": `
#[cfg(test)]
mod tests {
    #[test]
    fn starts_a_part() {
        assert_eq!(base::start(&part::Part), 2);
    }
}
`,
};

test("an impl in a package that the tests do not have is none that they may run", async () => {
    const text = FILES["part/src/lib.rs"] ?? "";
    const result = await affectedBy(FILES, { "part/src/lib.rs": text.replace("2", "3") });
    expect(namesOf(result)).toEqual(["whole: tests::starts_a_part"]);
});

test("what all of them stand on reaches the tests of each", async () => {
    const text = FILES["base/src/lib.rs"] ?? "";
    const result = await affectedBy(FILES, {
        "base/src/lib.rs": text.replace("what.run()\n", "what.run() + 1\n"),
    });
    expect(namesOf(result)).toEqual(["base: tests::starts_its_own", "whole: tests::starts_a_part"]);
});

test("what has a name of a change elsewhere is not met in packages that have nothing of the change", async () => {
    const files: Files = {
        ...FILES,
        "base/src/lib.rs": `${FILES["base/src/lib.rs"] ?? ""}
pub struct Made;
#[cfg(test)]
mod more {
    #[test]
    fn makes() { let _ = super::Made; }
}
`,
        "part/src/lib.rs": `${FILES["part/src/lib.rs"] ?? ""}
macro_rules! declare { ($name:ident, $n:expr) => { pub struct $name; pub const N: u32 = $n; } }
declare!(Made, 1);
`,
    };
    const text = files["part/src/lib.rs"] ?? "";
    const result = await affectedBy(files, {
        "part/src/lib.rs": text.replace("Made, 1", "Made, 2"),
    });
    expect(namesOf(result).filter((name) => name.startsWith("base"))).toEqual([]);
});

test("tests of a package that is depended on are no part of other tests", async () => {
    const files: Files = {
        ...FILES,
        "base/src/lib.rs": `${FILES["base/src/lib.rs"] ?? ""}
pub fn changed() -> u32 { 1 }
#[cfg(test)]
pub fn shown() -> u32 { changed() }
#[cfg(any(test, unix))]
pub fn shared() -> u32 { changed() }
`,
        "whole/src/lib.rs": `
macro_rules! call { ($($t:tt)*) => { { macro_rules! held { () => {} } 1 } } }
#[cfg(test)]
mod tests {
    #[test]
    fn names_what_is_for_tests() { call!(shown()); }
    #[test]
    fn names_what_is_there() { call!(shared()); }
}
`,
    };
    const text = files["base/src/lib.rs"] ?? "";
    const result = await affectedBy(files, {
        "base/src/lib.rs": text.replace("changed() -> u32 { 1 }", "changed() -> u32 { 2 }"),
    });
    expect(namesOf(result)).toEqual(["whole: tests::names_what_is_there"]);
});
