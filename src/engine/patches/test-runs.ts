// Which tests a plan may affect, as runs of `cargo test`.

import { applyToFile, type PatchPlan } from "../../patch/index.ts";
import type { AffectedResult, AffectedTestDto } from "../../protocol/index.ts";
import type { GitChanges } from "../../git/index.ts";
import type { View } from "../view.ts";

/** What a plan changes, as if what it makes had been there before: what differs is the same both ways. */
export function changesOfPlan(plan: Pick<PatchPlan, "files">, view: View): GitChanges {
    const files = new Map(plan.files.map((file) => [file.path, file]));
    return {
        kind: "changes",
        commit: "",
        files: plan.files.map(({ path }) => ({ path, status: "changed", isOutside: false })),
        textBefore: (path) => {
            const file = files.get(path);
            const applied =
                file === undefined
                    ? undefined
                    : applyToFile(file, Buffer.from(view.text(path), "utf8"));
            const isText = applied?.kind === "bytes";
            return Promise.resolve(
                isText ? Buffer.from(applied.bytes).toString("utf8") : undefined,
            );
        },
    };
}

/** Runs of `cargo test`, each as its arguments; tests that the plan may call otherwise are run as wholes. */
export function testRuns(
    { tests, doctests }: Pick<AffectedResult, "doctests" | "tests">,
    plan: Pick<PatchPlan, "files" | "operations">,
): string[][] {
    const renamed = new Set(
        plan.operations.map(({ path }) => path.slice(path.lastIndexOf(":") + 1)),
    );
    const isMoved = plan.files.some(({ path, pathAfter }) => path !== pathAfter);
    const groups = new Map<string, AffectedTestDto[]>();
    for (const test of tests) {
        const key = JSON.stringify(["-p", test.package, ...targetOption(test)]);
        groups.set(key, [...(groups.get(key) ?? []), test]);
    }
    const whole = new Set(tests.flatMap((test) => (test.targetKind === "" ? [test.package] : [])));
    const runs = [...groups].map(([key, members]) => {
        const target = JSON.parse(key) as string[];
        const mayBeOtherwise = members.some(
            ({ test }) => test === "" || test.split("::").some((part) => renamed.has(part)),
        );
        if (isMoved || mayBeOtherwise) {
            return target;
        }
        const exact = members.every(({ extent }) => extent === "one") ? ["--exact"] : [];
        return [...target, "--", ...exact, ...members.map(({ test }) => test)];
    });
    const documented = doctests.filter((name) => !whole.has(name));
    return [...runs, ...documented.map((name) => ["-p", name, "--doc"])];
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
