// What rust-analyzer's index does to the resolver's answers: agreement, decision, disagreement, and what of it
// is not believed.

import { describe, expect, it } from "vitest";

import type { Evidence, ResolvedWorkspace } from "../../../../src/resolve/index.ts";
import { Resolver } from "../../../../src/resolve/index.ts";
import {
    captureFiles,
    evidenceOf,
    factsOf,
    meaningAt,
    parseFixture,
    type Word,
} from "../../../support/facts.ts";
import type { Fixture } from "../../../support/fixture.ts";
import { analyzerEvidence, scipOf, type ScipLine } from "../../../support/scip.ts";

const LIB = "src/lib.rs";
const OURS = "rust-analyzer cargo main 0.1.0 ";
const CORE = "rust-analyzer cargo core https://github.com/rust-lang/rust/library/core ";
const VEC_LEN = "rust-analyzer cargo alloc 1 vec/impl#[`Vec<T>`]len().";

const TWO_TYPES = parseFixture(`
pub struct A;
pub struct B;
impl A { pub fn go(&self) {} }
impl B { pub fn go(&self) {} }
macro_rules! pick { ($x:expr) => { $x }; }
pub fn run(a: &A, b: &B) {
    a.go();
    pick!(b).go();
    pick!(b.go());
    let n = vec![1];
    n.len();
}
`);
const A_GO = `${OURS}impl#[A]go().`;
const B_GO = `${OURS}impl#[B]go().`;
const DEFINED: readonly ScipLine[] = [
    [[LIB, "go", 0], A_GO, "definition"],
    [[LIB, "go", 1], B_GO, "definition"],
];
const A_CALL: Word = [LIB, "go", 2];
const B_CALL: Word = [LIB, "go", 3];
const IN_MACRO: Word = [LIB, "go", 4];

function resolveBy(fixture: Fixture, evidence: Evidence): ResolvedWorkspace {
    return new Resolver().resolve({
        model: fixture.model,
        captures: captureFiles(fixture),
        evidence,
    });
}

function say(fixture: Fixture, lines: readonly ScipLine[], at: Word): string {
    const { evidence } = analyzerEvidence(fixture, scipOf(fixture, lines));
    return meaningAt(resolveBy(fixture, evidence), fixture, at);
}

function plain(fixture: Fixture, at: Word): string {
    return meaningAt(
        new Resolver().resolve({ model: fixture.model, captures: captureFiles(fixture) }),
        fixture,
        at,
    );
}

function leftOut(fixture: Fixture, lines: readonly ScipLine[]): object {
    return analyzerEvidence(fixture, scipOf(fixture, lines)).report.leftOut;
}

describe("rust-analyzer's word", () => {
    it("makes exact what the resolver says too, and says that it was rust-analyzer", () => {
        const lines: ScipLine[] = [...DEFINED, [A_CALL, A_GO]];
        expect(say(TWO_TYPES, lines, A_CALL)).toBe("symbol main::A::go, exact");
        const { evidence } = analyzerEvidence(TWO_TYPES, scipOf(TWO_TYPES, lines));
        const resolved = resolveBy(TWO_TYPES, evidence);
        const [found] = resolved.occurrencesNamed("go").filter((one) => one.role === "method-call");
        expect(found!.saidBy).toBe("rust-analyzer");
        expect(resolved.evidenceCounts().exact.symbol).toBe(0);
        expect(resolved.evidenceCounts().analyzer.exact.symbol).toBe(3);
    });

    it("decides what the resolver leaves open", () => {
        expect(plain(TWO_TYPES, B_CALL)).toMatch(/^(unresolved|ambiguous|opaque)/u);
        expect(say(TWO_TYPES, [...DEFINED, [B_CALL, B_GO]], B_CALL)).toBe(
            "symbol main::B::go, exact",
        );
    });

    it("makes ambiguous what the resolver says otherwise", () => {
        const lines: ScipLine[] = [...DEFINED, [A_CALL, B_GO]];
        expect(say(TWO_TYPES, lines, A_CALL)).toBe(
            "ambiguous main::A::go | main::B::go: " +
                "the resolver says main::A::go, rust-analyzer says main::B::go",
        );
        const { evidence } = analyzerEvidence(TWO_TYPES, scipOf(TWO_TYPES, lines));
        const resolved = resolveBy(TWO_TYPES, evidence);
        expect(resolved.evidenceCounts()).toMatchObject({ disputed: 0, analyzer: { disputed: 1 } });
        expect(resolved.disputed(9, "rust-analyzer")).toHaveLength(1);
        expect(resolved.disputed(9)).toHaveLength(0);
    });

    it("names what is outside the workspace", () => {
        expect(say(TWO_TYPES, [[[LIB, "len", 0], VEC_LEN]], [LIB, "len", 0])).toBe(
            "external alloc::vec::len, exact",
        );
    });

    it("ends with the item that it is of, and not with others", () => {
        const before = scipOf(TWO_TYPES, [...DEFINED, [B_CALL, B_GO]]);
        const now = (from: string, to: string): string => {
            const text = TWO_TYPES.files.get(LIB)!.replace(from, to);
            const changed: Fixture = { ...TWO_TYPES, files: new Map([[LIB, text]]) };
            const { evidence } = analyzerEvidence(TWO_TYPES, before, () => text);
            return meaningAt(resolveBy(changed, evidence), changed, B_CALL);
        };
        expect(now("    a.go();", "    // Words only.\n    a.go();")).toBe(
            "symbol main::B::go, exact",
        );
        expect(now("let n = vec![1];", "let n = vec![1, 2];")).toMatch(/syntactic|ambiguous|open/u);
        expect(now("pub struct B;", "pub struct B(u8);")).not.toContain("exact");
    });
});

describe("rust-analyzer and rustc", () => {
    const defines = [
        ["main[0a1b]", "Mod"],
        ["main[0a1b]::{impl#0}::go", "AssocFn", [LIB, "go", 0]],
        ["main[0a1b]::{impl#1}::go", "AssocFn", [LIB, "go", 1]],
    ] as const;
    const both = (at: Word, rustc: 0 | 1, analyzer: string): ResolvedWorkspace => {
        const uses = [[at, "method", `main[0a1b]::{impl#${rustc}}::go`]] as const;
        const facts = factsOf(TWO_TYPES, { unit: { packageName: "main" }, defines, uses });
        const index = scipOf(TWO_TYPES, [...DEFINED, [at, analyzer]]);
        const { evidence } = analyzerEvidence(TWO_TYPES, index);
        return resolveBy(TWO_TYPES, evidenceOf(TWO_TYPES, [facts]).with(evidence));
    };

    it("that agree leave the word to rustc", () => {
        const resolved = both(B_CALL, 1, B_GO);
        expect(meaningAt(resolved, TWO_TYPES, B_CALL)).toBe("symbol main::B::go, exact");
        expect(resolved.evidenceCounts().exact.symbol).toBe(1);
    });

    it("that disagree where the resolver is silent make it ambiguous", () => {
        expect(meaningAt(both(B_CALL, 1, A_GO), TWO_TYPES, B_CALL)).toBe(
            "ambiguous main::A::go | main::B::go: rustc says main::B::go, rust-analyzer says main::A::go",
        );
    });

    it("that disagree where the resolver is with rustc: it is outvoted, and counted", () => {
        const resolved = both(A_CALL, 0, B_GO);
        expect(meaningAt(resolved, TWO_TYPES, A_CALL)).toBe("symbol main::A::go, exact");
        expect(resolved.evidenceCounts().analyzer).toMatchObject({ disputed: 0, outvoted: 1 });
        expect(resolved.disputed(9, "rust-analyzer")).toHaveLength(1);
    });
});

describe("what is not believed", () => {
    it("names that have several definitions", () => {
        const fixture = parseFixture(`
pub fn one() { fn imp() {} imp(); }
pub fn two() { fn imp() {} imp(); }
`);
        const imp = `${OURS}imp().`;
        const lines: ScipLine[] = [
            [[LIB, "imp", 0], imp, "definition"],
            [[LIB, "imp", 1], imp],
            [[LIB, "imp", 2], imp, "definition"],
            [[LIB, "imp", 3], imp],
        ];
        expect(leftOut(fixture, lines)).toEqual({ collided: 4 });
        expect(say(fixture, lines, [LIB, "imp", 3])).toContain("syntactic");
    });

    it("items in function bodies, whose names leave the function out", () => {
        const fixture = parseFixture("pub fn one() { fn imp() {} imp(); }\n");
        const imp = `${OURS}imp().`;
        const lines: ScipLine[] = [
            [[LIB, "imp", 0], imp, "definition"],
            [[LIB, "imp", 1], imp],
        ];
        expect(leftOut(fixture, lines)).toEqual({ "not-ours": 2 });
    });

    it("definitions without a token, other spellings, and tokens with several meanings", () => {
        expect(leftOut(TWO_TYPES, [[A_CALL, `${OURS}impl#[A]go().`]])).toEqual({ made: 1 });
        expect(leftOut(TWO_TYPES, [[A_CALL, VEC_LEN]])).toEqual({ "other-spelling": 1 });
        expect(leftOut(TWO_TYPES, [...DEFINED, [A_CALL, A_GO], [A_CALL, B_GO]])).toEqual({
            "several-meanings": 2,
        });
        expect(leftOut(TWO_TYPES, [[A_CALL, "no name at all"]])).toEqual({ unread: 1 });
    });

    it("the input of macros, of which it looks at one expansion", () => {
        const lines: ScipLine[] = [...DEFINED, [IN_MACRO, B_GO]];
        expect(leftOut(TWO_TYPES, lines)).toEqual({ "in-macro": 1 });
        expect(say(TWO_TYPES, lines, IN_MACRO)).toBe(plain(TWO_TYPES, IN_MACRO));
    });

    it("items under attributes that may be macros, and none under those of the language", () => {
        const fixture = parseFixture(`
pub fn f() {}
#[wrap::me]
#[inline]
pub fn one() { f(); }
#[inline]
#[cfg_attr(test, allow(unused))]
#[rustfmt::skip]
pub fn two() { f(); }
`);
        const f = `${OURS}f().`;
        const lines: ScipLine[] = [
            [[LIB, "f", 0], f, "definition"],
            [[LIB, "f", 1], f],
            [[LIB, "f", 2], f],
        ];
        expect(leftOut(fixture, lines)).toEqual({ "in-macro": 1 });
        expect(say(fixture, lines, [LIB, "f", 2])).toBe("symbol main::f, exact");
    });

    it("code under a cfg, which it reads in the scope around when it is off", () => {
        const fixture = parseFixture(`
pub mod now {}
#[cfg(windows)]
pub fn one(now: u8) -> u8 { now }
pub struct S { x: u8 }
pub fn two(now: u8) -> S { S { #[cfg(windows)] x: now } }
pub fn three(now: u8) -> u8 { match now { #[cfg(windows)] 1 => now, _ => 0 } }
#[cfg(test)]
mod tests { fn four(now: u8) -> u8 { now } }
`);
        const now = `${OURS}now/`;
        const uses = [2, 4, 7].map((nth): ScipLine => [[LIB, "now", nth], now]);
        const lines: ScipLine[] = [[[LIB, "now", 0], now, "definition"], ...uses];
        expect(leftOut(fixture, lines)).toEqual({ "under-cfg": 3 });
        for (const nth of [2, 4, 7]) {
            expect(say(fixture, lines, [LIB, "now", nth])).toContain("local now");
        }
        const inTest: Word = [LIB, "now", 9];
        expect(say(fixture, [...lines, [inTest, now]], inTest)).toContain("rust-analyzer says");
    });

    it("an import's other meanings, of which it knows one", () => {
        const fixture = parseFixture(`
mod waker { pub fn waker() {} }
pub use waker::waker;
`);
        const mod = `${OURS}waker/`;
        const lines: ScipLine[] = [
            [[LIB, "waker", 0], mod, "definition"],
            [[LIB, "waker", 3], mod],
        ];
        expect(say(fixture, lines, [LIB, "waker", 3])).toBe(plain(fixture, [LIB, "waker", 3]));
    });
});

describe("what depends on a cfg", () => {
    const fixture = parseFixture(`
#[cfg(unix)]
mod unix { pub struct Handle; impl Handle { pub fn reset(&self) {} } }
#[cfg(windows)]
mod windows { pub struct Handle; impl Handle { pub fn reset(&self) {} } }
#[cfg(unix)]
use unix::Handle;
#[cfg(windows)]
use windows::Handle;
pub fn run(handle: &Handle) { handle.reset(); }
pub struct Plain;
impl Plain { pub fn reset(&self) {} }
macro_rules! plain { () => { Plain }; }
pub fn other() { plain!().reset(); }
`);
    const handle = `${OURS}unix/Handle#`;
    const reset = `${OURS}unix/impl#[Handle]reset().`;
    const lines: ScipLine[] = [
        [[LIB, "Handle", 0], handle, "definition"],
        [[LIB, "reset", 0], reset, "definition"],
        [[LIB, "Handle", 6], handle],
        [[LIB, "reset", 2], reset],
    ];

    it("is not decided by rust-analyzer, which sees one configuration", () => {
        for (const at of [[LIB, "Handle", 6] as const, [LIB, "reset", 2] as const]) {
            expect(say(fixture, lines, at)).toBe(plain(fixture, at));
        }
        expect(leftOut(fixture, lines)).toEqual({ "other-cfg": 2, "under-cfg": 2 });
    });

    it("is not decided by rustc either, where several definitions are in scope", () => {
        const facts = factsOf(fixture, {
            unit: { packageName: "main" },
            defines: [
                ["main[0a1b]", "Mod"],
                ["main[0a1b]::unix::Handle", "Struct", [LIB, "Handle", 0]],
            ],
            uses: [[[LIB, "Handle", 6], "path", "main[0a1b]::unix::Handle"]],
        });
        const resolved = resolveBy(fixture, evidenceOf(fixture, [facts]));
        expect(meaningAt(resolved, fixture, [LIB, "Handle", 6])).toBe(
            plain(fixture, [LIB, "Handle", 6]),
        );
    });

    it("leaves the rest to rust-analyzer", () => {
        const plainReset = `${OURS}impl#[Plain]reset().`;
        const more: ScipLine[] = [
            ...lines,
            [[LIB, "reset", 3], plainReset, "definition"],
            [[LIB, "reset", 4], plainReset],
        ];
        expect(say(fixture, more, [LIB, "reset", 4])).toBe("symbol main::Plain::reset, exact");
    });
});

describe("what tells whether it sees std", () => {
    it("are names of std's functions, and the share of method calls that are known", () => {
        const { report } = analyzerEvidence(
            TWO_TYPES,
            scipOf(TWO_TYPES, [...DEFINED, [A_CALL, A_GO], [[LIB, "len", 0], VEC_LEN]]),
        );
        expect(report.namesOfStd).toBe(1);
        expect(report.methodCalls.known).toBe(2);
        expect(report.methodCalls.seen).toBeGreaterThan(2);
        const none = analyzerEvidence(
            TWO_TYPES,
            scipOf(TWO_TYPES, [[[LIB, "vec", 0], `${CORE}vec!`]]),
        );
        expect(none.report.namesOfStd).toBe(0);
    });
});
