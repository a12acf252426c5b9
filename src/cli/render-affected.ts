// Affected tests as a list with reasons, as a filter of nextest, and as arguments of `cargo test`. Pure.

import { doctestPackages, testTargets } from "../cargo/index.ts";
import type { AffectedChangeDto, AffectedResult, AffectedTestDto } from "../protocol/index.ts";
import { count } from "./layout.ts";
import type { Paint } from "./paint.ts";
import { showPlace, type SourceLines } from "./source-lines.ts";

/** Changes and tests, each test with the way to what changed. */
export function renderAffected(
    affected: AffectedResult,
    source: SourceLines,
    paint: Paint,
): string[] {
    const { changes, tests, doctests, notes, testsKnown, testsSelected } = affected;
    if (changes.length === 0) {
        return [`nothing differs from ${affected.commit.slice(0, 12)}`];
    }
    const summary = paint.bold(`${testsSelected} of ${count(testsKnown, "known test")}`);
    return [
        `${count(changes.length, "change")} since ${affected.commit.slice(0, 12)}`,
        ...changes.map((each) => `  ${describeChange(each, source, paint)}`),
        "",
        `${summary} may be affected`,
        ...tests.flatMap((test) => [
            `  ${nameOf(test)}  ${test.at === undefined ? "" : paint.dim(showPlace(test.at, source))}`.trimEnd(),
            ...reasonOf(test, changes).map((line) => `      ${paint.dim(line)}`),
        ]),
        ...(doctests.length === 0
            ? []
            : ["", `and the documentation tests of ${doctests.join(", ")}`]),
        ...notes.map((note) => paint.yellow(note)),
    ];
}

function describeChange(change: AffectedChangeDto, source: SourceLines, paint: Paint): string {
    const place = change.at === undefined ? change.path : showPlace(change.at, source);
    const effect = change.effect === "" ? "" : `  ${paint.dim(change.effect)}`;
    return `${change.how.padEnd(7)} ${change.what}  ${paint.dim(place)}${effect}`;
}

function nameOf({ package: name, targetKind, targetName, test, extent }: AffectedTestDto): string {
    const target = targetKind === "lib" || targetKind === "" ? "" : ` ${targetKind} ${targetName}`;
    const what = extent === "one" ? test : test === "" ? "all tests" : `${test}::* and ${test}`;
    return `${name}${target}: ${what}`;
}

/** Steps of a way that are printed; the middle of a longer one is left out. */
const STEPS_MAX = 6;

function reasonOf(
    { way, change }: AffectedTestDto,
    changes: readonly AffectedChangeDto[],
): string[] {
    const cause = changes[change];
    const what = cause === undefined ? "" : `${cause.what} is ${cause.how}`;
    if (way.length === 0) {
        return [what === "" ? "met at once" : what];
    }
    const half = STEPS_MAX / 2;
    const shown =
        way.length <= STEPS_MAX
            ? way
            : [...way.slice(0, half), `… ${way.length - STEPS_MAX} more …`, ...way.slice(-half)];
    return [[...shown, what].join(" → ")];
}

/** An expression for `cargo nextest run -E`; the filter that takes nothing where nothing is affected. */
export function nextestFilter({ tests }: Pick<AffectedResult, "tests">): string {
    const parts = new Map<string, { binary: string; names: string[] | undefined }>();
    for (const test of tests) {
        const key = `${test.package}\n${test.targetKind}\n${test.targetName}`;
        const part = parts.get(key) ?? { binary: binaryOf(test), names: [] };
        parts.set(key, part);
        if (test.test === "") {
            part.names = undefined;
        }
        part.names?.push(...namesOf(test));
    }
    if (parts.size === 0) {
        return "none()";
    }
    return [...parts.values()]
        .map(({ binary, names }) =>
            names === undefined
                ? binary
                : names.length === 1
                  ? `(${binary} & ${names[0] ?? ""})`
                  : `(${binary} & (${names.join(" + ")}))`,
        )
        .join(" + ");
}

function binaryOf({ package: name, targetKind, targetName }: AffectedTestDto): string {
    const inPackage = `package(=${name})`;
    switch (targetKind) {
        case "":
            return inPackage;
        case "lib":
        case "proc-macro":
            return `${inPackage} & kind(=${targetKind})`;
        default:
            return `${inPackage} & kind(=${targetKind}) & binary(=${targetName})`;
    }
}

function namesOf({ test, extent }: AffectedTestDto): string[] {
    return extent === "one" ? [`test(=${test})`] : [`test(/^${test}(::|$)/)`];
}

/** Lines of arguments, one for each target to test; documentation tests last. */
export function cargoLines(affected: Pick<AffectedResult, "tests" | "doctests">): string[] {
    return [
        ...testTargets(affected.tests).map(({ options, tests, isExact }) => {
            const target = options.join(" ");
            if (tests.some(({ test }) => test === "")) {
                return `cargo test ${target}`;
            }
            // Names are taken as parts of names unless all are whole ones: that runs more, never less.
            const exact = isExact ? " --exact" : "";
            return `cargo test ${target} --${exact} ${tests.map(({ test }) => test).join(" ")}`;
        }),
        ...doctestPackages(affected).map((name) => `cargo test -p ${name} --doc`),
    ];
}
