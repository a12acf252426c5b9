// What becomes of a plan, and what the compiler's messages say of it.

import { describe, expect, test } from "vitest";

import { readDiagnostics } from "../../../bench/accuracy/cargo-judge.ts";
import { freshName } from "../../../bench/accuracy/fresh-name.ts";
import { standingOf, withoutNames } from "../../../bench/accuracy/standing.ts";
import { firstNewWarning } from "../../../src/cargo/index.ts";
import type { ConflictDto } from "../../../src/protocol/index.ts";

function message(level: string, code: string | null, rendered: string): string {
    return JSON.stringify({
        reason: "compiler-message",
        message: { level, code: code === null ? null : { code }, rendered },
    });
}

describe("readDiagnostics", () => {
    const stdout = [
        JSON.stringify({ reason: "compiler-artifact" }),
        message("warning", "unused_variables", "unused x"),
        message("warning", "deprecated", "old"),
        message("error", "E0425", "cannot find y"),
        message("error", null, "aborting"),
        "not json",
    ].join("\n");

    test("finds the first error, and the warnings that can betray a changed meaning", () => {
        const found = readDiagnostics(stdout, false, "");
        expect(found.firstError).toBe("cannot find y");
        expect([...found.warnings]).toEqual([["unused_variables", ["unused x"]]]);
    });

    test("a name against the style tells only of a binding that was meant as a constant", () => {
        const lines = [
            message("warning", "non_snake_case", "warning: function `None` should have"),
            message("warning", "non_snake_case", "warning: variable `MAX` should have"),
        ];
        const { warnings } = readDiagnostics(lines.join("\n"), true, "");
        expect([...warnings.values()].flat()).toEqual(["warning: variable `MAX` should have"]);
    });

    test("tells errors of users outside from those of the workspace", () => {
        const error = (id: string): string =>
            JSON.stringify({
                reason: "compiler-message",
                package_id: id,
                message: { level: "error", code: { code: "E0425" }, rendered: "cannot find y" },
            });
        const outside = error("registry+https://example.org/index#clap@2.34.0");
        const inside = error("path+file:///w/crates/regex#1.7.1");
        expect(readDiagnostics(outside, false, "").isElsewhere).toBe(true);
        expect(readDiagnostics(`${outside}\n${inside}`, false, "").isElsewhere).toBe(false);
        expect(readDiagnostics("", false, "error: no such package").isElsewhere).toBe(false);
    });

    test("shows what cargo itself says when no message is an error", () => {
        expect(readDiagnostics("", false, "error: no such package\n").firstError).toBe(
            "error: no such package",
        );
        expect(readDiagnostics("", true, "noise").firstError).toBe("");
    });
});

describe("firstNewWarning", () => {
    const of = (...texts: string[]): Map<string, string[]> => new Map([["dead_code", texts]]);

    test("is the one that was not there before", () => {
        expect(firstNewWarning(of("a"), of("a", "b"))).toBe("b");
        expect(firstNewWarning(undefined, of("a"))).toBe("a");
    });

    test("is none when a warning only speaks of another name", () => {
        expect(firstNewWarning(of("`a` is unused"), of("`b` is unused"))).toBeUndefined();
    });
});

describe("standingOf", () => {
    const proof = { verdict: "proved", tokens: 9, digest: "" } as const;
    const conflict = (grade: ConflictDto["grade"]): ConflictDto => ({
        kind: `k-${grade}`,
        grade,
        message: "",
        advice: "",
        at: [],
    });
    const plan = { applicable: true, conflicts: [], unproved: [], proof };

    test("answers a proved plan without conflicts", () => {
        expect(standingOf(plan)).toEqual({ kind: "answered", needsYes: false, reason: "" });
    });

    test("asks for a yes where the plan names something besides the code", () => {
        const conflicts = [conflict("changes-output"), conflict("breaks-api")];
        expect(standingOf({ ...plan, applicable: false, conflicts })).toEqual({
            kind: "answered",
            needsYes: true,
            reason: "breaks-api, changes-output",
        });
    });

    test.each(["error", "changes-meaning"] as const)("counts a conflict %s as refused", (grade) => {
        const standing = standingOf({ ...plan, conflicts: [conflict(grade)] });
        expect(standing).toEqual({ kind: "refused", reason: `conflict: k-${grade}` });
    });

    test("counts a refuted proof as refused, and a place that is open as unproved", () => {
        const refuted = { ...proof, verdict: "refuted" } as const;
        expect(standingOf({ ...plan, proof: refuted }).kind).toBe("refused");
        const at = { path: "a.rs", line: 0, column: 0 };
        const unproved = [{ at, reason: "input of vec!", lineText: "" }];
        expect(standingOf({ ...plan, unproved })).toEqual({
            kind: "unproved",
            reason: "input of …!",
        });
        const notMade = { ...proof, verdict: "not-made" } as const;
        expect(standingOf({ ...plan, proof: notMade }).kind).toBe("unproved");
    });
});

test.each([
    ["no method len is seen on this type", "no method … is seen on this type"],
    ["`a` shadows `b`", "… shadows …"],
    ["import of foo::bar fails", "import of … fails"],
])("%s is counted as %s", (reason, group) => {
    expect(withoutNames(reason)).toBe(group);
});

describe("freshName", () => {
    const free = (): boolean => false;

    test.each([
        ["function", "f", "quite_fresh"],
        ["trait", "T", "QuiteFresh"],
        ["const", "C", "QUITE_FRESH"],
        ["type-parameter", "T", "QuiteFresh"],
        ["const-parameter", "LEN", "QUITE_FRESH"],
        ["lifetime", "a", "quite_fresh"],
        ["local", "_unused", "_quite_fresh"],
    ] as const)("a %s is spelled as its kind is", (kind, name, fresh) => {
        expect(freshName({ kind, name }, free)).toBe(fresh);
    });

    test("is one that is not taken", () => {
        const taken = ["quite_fresh", "quite_fresh2"];
        const name = freshName({ kind: "local", name: "x" }, (one) => taken.includes(one));
        expect(name).toBe("quite_fresh3");
    });
});
