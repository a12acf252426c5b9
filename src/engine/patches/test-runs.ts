// Which tests a plan may affect, as runs of `cargo test`.

import { doctestPackages, testTargets } from "../../cargo/index.ts";
import { applyToFile, type PatchPlan } from "../../patch/index.ts";
import type { AffectedResult } from "../../protocol/index.ts";
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
    affected: Pick<AffectedResult, "doctests" | "tests">,
    plan: Pick<PatchPlan, "files" | "operations">,
): string[][] {
    const renamed = new Set(
        plan.operations.map(({ path }) => path.slice(path.lastIndexOf(":") + 1)),
    );
    const isMoved = plan.files.some(({ path, pathAfter }) => path !== pathAfter);
    const runs = testTargets(affected.tests).map(({ options, tests, isExact }) => {
        const mayBeOtherwise = tests.some(
            ({ test }) => test === "" || test.split("::").some((part) => renamed.has(part)),
        );
        if (isMoved || mayBeOtherwise) {
            return [...options];
        }
        const exact = isExact ? ["--exact"] : [];
        return [...options, "--", ...exact, ...tests.map(({ test }) => test)];
    });
    return [...runs, ...doctestPackages(affected).map((name) => ["-p", name, "--doc"])];
}
