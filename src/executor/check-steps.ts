// Which runs of Cargo judge a change: the configurations of its patch, tests by level, and its postchecks.
// Pure.

import type { ValidationLevel } from "../protocol/index.ts";
import type { OutputKind } from "./findings.ts";
import type { ChangeToLand } from "./model.ts";
import type { Postcheck } from "./parse-postcheck.ts";

/** One run of Cargo. */
export interface CheckStep {
    /** As it would be typed. */
    readonly command: string;
    readonly args: readonly string[];
    readonly kind: OutputKind;
    /** Where it cannot begin on what is there, that is told, and nothing is refused. */
    readonly isOptional?: boolean;
}

type Configuration = NonNullable<ChangeToLand["configurations"]>[number];

/** Compiles the targets of a fuzz crate, which is no member of the workspace as a rule. */
export function fuzzStep(manifest: string): CheckStep {
    const options = ["--manifest-path", manifest, "--all-targets"];
    return { ...compileStep("check", options, []), isOptional: true };
}

/** Steps in the order in which they are run: what costs least comes first. */
export function checkSteps(
    level: ValidationLevel,
    configurations: readonly Configuration[],
    tests: readonly (readonly string[])[] | undefined,
    postchecks: readonly Postcheck[],
): CheckStep[] {
    const matrix = configurations.length === 0 ? [{}] : configurations;
    const checks = matrix.map((configuration) =>
        compileStep("check", ["--workspace", "--all-targets", ...selection(configuration)], []),
    );
    const first = selection(matrix[0] ?? {});
    return [
        ...checks,
        ...testSteps(level, tests, first),
        ...postchecks.map((postcheck) => fromPostcheck(postcheck)),
    ];
}

function testSteps(
    level: ValidationLevel,
    tests: readonly (readonly string[])[] | undefined,
    selected: readonly string[],
): CheckStep[] {
    if (level === "check") {
        return [];
    }
    // Where it is not known what a change affects, it may be anything.
    const runs = level === "tests" ? (tests ?? [["--workspace"]]) : [["--workspace"]];
    return runs.map((run) => {
        const end = run.indexOf("--");
        const options = [...(end < 0 ? run : run.slice(0, end)), ...selected];
        return testStep(options, end < 0 ? [] : run.slice(end + 1));
    });
}

function compileStep(
    subcommand: string,
    options: readonly string[],
    rest: readonly string[],
): CheckStep {
    const more = rest.length === 0 ? [] : ["--", ...rest];
    const going = subcommand === "doc" || options.includes("--keep-going") ? [] : ["--keep-going"];
    return {
        command: ["cargo", subcommand, ...options, ...more].join(" "),
        args: [subcommand, ...going, ...options, "--offline", "--message-format=json", ...more],
        kind: "compile",
    };
}

function testStep(options: readonly string[], rest: readonly string[]): CheckStep {
    const more = rest.length === 0 ? [] : ["--", ...rest];
    const going = options.includes("--no-fail-fast") ? [] : ["--no-fail-fast"];
    return {
        command: ["cargo", "test", ...options, ...more].join(" "),
        args: ["test", ...going, ...options, "--offline", "--message-format=json", ...more],
        kind: "test",
    };
}

function fromPostcheck({ subcommand, options, rest, written }: Postcheck): CheckStep {
    const plain = options.filter((option) => option !== "--offline");
    switch (subcommand) {
        case "test":
            // Quiet tests do not tell their names.
            return {
                ...testStep(
                    plain.filter((one) => !/^-(?:q|-quiet)$/u.test(one)),
                    rest,
                ),
                command: written,
            };
        case "fmt": {
            const quiet = plain.filter((option) => option !== "--check");
            return { command: written, args: ["fmt", ...quiet, "--check"], kind: "format" };
        }
        case "nextest": {
            const args = ["nextest", "run", "--no-fail-fast", ...plain, "--offline"];
            return { command: written, args, kind: "nextest" };
        }
        default:
            return { ...compileStep(subcommand, plain, rest), command: written };
    }
}

function selection(configuration: Configuration): string[] {
    const { features = [], all_features: all, no_default_features: none, target } = configuration;
    return [
        ...(all === true ? ["--all-features"] : []),
        ...(none === true ? ["--no-default-features"] : []),
        ...(features.length === 0 ? [] : ["--features", features.join(",")]),
        ...(target === undefined ? [] : ["--target", target]),
    ];
}
