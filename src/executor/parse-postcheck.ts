// Checks that a patch asks for, as arguments of Cargo: only subcommands and options of a list are taken, and
// no shell ever sees them. Pure.

import { refuse, type Refusal } from "../base/index.ts";

/** A postcheck as arguments of Cargo. */
export interface Postcheck {
    readonly kind: "postcheck";
    readonly written: string;
    readonly subcommand: "build" | "check" | "clippy" | "doc" | "fmt" | "nextest" | "test";
    /** Between the subcommand and `--`. */
    readonly options: readonly string[];
    /** After `--`. */
    readonly rest: readonly string[];
}

const SUBCOMMANDS = ["build", "check", "clippy", "doc", "fmt", "nextest", "test"] as const;

/** Options without a value. */
const FLAGS: ReadonlySet<string> = new Set([
    ...["--workspace", "--all", "--all-targets", "--all-features", "--no-default-features"],
    ...["--lib", "--bins", "--tests", "--examples", "--benches", "--doc", "--release"],
    ...["--no-deps", "--document-private-items", "--keep-going", "--no-fail-fast", "--no-run"],
    ...["--locked", "--offline", "--frozen", "--check", "-v", "--verbose", "-q", "--quiet"],
]);

/** Options with a value. */
const VALUED: ReadonlySet<string> = new Set([
    ...["-p", "--package", "--exclude", "--bin", "--test", "--example", "--bench"],
    ...["-F", "--features", "--target", "--profile", "-j", "--jobs"],
]);

/** What tests take after `--`; names of tests besides. */
const TEST_FLAGS: ReadonlySet<string> = new Set([
    ...["--exact", "--ignored", "--include-ignored", "--nocapture", "--show-output"],
]);

/** Reads one postcheck. */
export function parsePostcheck(written: string): Postcheck | Refusal {
    if (/[^A-Za-z0-9 ,.:/_=+@"'-]/u.test(written)) {
        return notAllowed(written, "it holds signs that only a shell has a use for");
    }
    const words = written.split(" ").flatMap((word) => {
        const plain = word.replace(/^(["'])(.*)\1$/u, "$2");
        return plain === "" ? [] : [plain];
    });
    const [cargo, named, ...others] = words;
    const subcommand = SUBCOMMANDS.find((each) => each === named);
    if (cargo !== "cargo" || subcommand === undefined) {
        return notAllowed(written, `it is none of \`cargo ${SUBCOMMANDS.join("`, `cargo ")}\``);
    }
    if (subcommand === "nextest" && others.shift() !== "run") {
        return notAllowed(written, "of nextest only `run` is");
    }
    const end = others.indexOf("--");
    const options = end < 0 ? others : others.slice(0, end);
    const rest = end < 0 ? [] : others.slice(end + 1);
    const wrong = findWrongOption(options, subcommand) ?? findWrongRest(rest, subcommand);
    if (wrong !== undefined) {
        return notAllowed(written, `\`${wrong}\` is not an option that is`);
    }
    if (subcommand === "fmt" && !others.includes("--check")) {
        return notAllowed(written, "it edits: `cargo fmt --check` looks only");
    }
    return { kind: "postcheck", written, subcommand, options, rest };
}

function findWrongOption(
    options: readonly string[],
    subcommand: Postcheck["subcommand"],
): string | undefined {
    const takesNames = subcommand === "test" || subcommand === "nextest";
    for (let at = 0; at < options.length; at++) {
        const option = options[at] ?? "";
        const [name = "", value] = option.split("=", 2);
        if (VALUED.has(name)) {
            at += value === undefined ? 1 : 0;
            const given = value ?? options[at] ?? "";
            if (given === "" || given.startsWith("-")) {
                return option;
            }
        } else if (!FLAGS.has(option) && (option.startsWith("-") || !takesNames)) {
            return option;
        }
    }
    return undefined;
}

function findWrongRest(
    rest: readonly string[],
    subcommand: Postcheck["subcommand"],
): string | undefined {
    switch (subcommand) {
        case "test":
            return rest.find(
                (word) => word.startsWith("-") && !TEST_FLAGS.has(word) && !isThreads(word),
            );
        case "clippy":
            return rest.find((word) => !/^(?:-[DWAF]|(?:-[DWAF])?[a-z_:]+)$/u.test(word));
        case "fmt":
            return rest.find((word) => word !== "--check");
        default:
            return rest[0];
    }
}

function isThreads(word: string): boolean {
    return /^--test-threads=[0-9]{1,4}$/u.test(word);
}

function notAllowed(written: string, why: string): Refusal {
    return refuse("EXECUTOR_POSTCHECK", `the postcheck \`${written}\` is not run: ${why}`, {
        advice: "postchecks are cargo check, test, build, clippy, fmt --check, doc, nextest run",
    });
}
