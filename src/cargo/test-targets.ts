// Affected tests by the target that Cargo runs them in.

import { appendTo } from "../base/index.ts";
import type { AffectedResult, AffectedTestDto } from "../protocol/index.ts";

/** Tests of one target. */
export interface TestTarget {
    /** Arguments of `cargo test` that choose the target. */
    readonly options: readonly string[];
    readonly tests: readonly AffectedTestDto[];
    /** All of them are tests by name, so that names can be taken as whole ones. */
    readonly isExact: boolean;
}

/** Puts tests by their target, in the order of the first test of each. */
export function testTargets(tests: readonly AffectedTestDto[]): TestTarget[] {
    const groups = new Map<string, AffectedTestDto[]>();
    for (const test of tests) {
        appendTo(groups, JSON.stringify(["-p", test.package, ...targetOption(test)]), test);
    }
    return [...groups].map(([key, members]) => ({
        options: JSON.parse(key) as string[],
        tests: members,
        isExact: members.every(({ extent }) => extent === "one"),
    }));
}

/** Packages whose documentation is to be tested by itself; a whole package is tested with it. */
export function doctestPackages({
    tests,
    doctests,
}: Pick<AffectedResult, "doctests" | "tests">): string[] {
    const whole = new Set(tests.flatMap((test) => (test.targetKind === "" ? [test.package] : [])));
    return doctests.filter((name) => !whole.has(name));
}

function targetOption({ targetKind, targetName }: AffectedTestDto): readonly string[] {
    switch (targetKind) {
        case "":
            return [];
        case "lib":
        case "proc-macro":
            return ["--lib"];
        default:
            return [`--${targetKind}`, targetName];
    }
}
