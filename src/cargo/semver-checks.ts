// cargo-semver-checks, where a user has it: what it finds of a library that users of an older state would miss.

import { runCargo, type CargoRun, type RunCargoOptions } from "./run-cargo.ts";

/** One place that a lint names. */
export interface SemverFinding {
    /** `function_missing`. */
    readonly lint: string;
    /** What the lint says it is about. */
    readonly title: string;
    /** `function krate::name, previously in file …`. */
    readonly place: string;
}

/** What a run came to. */
export type SemverOutcome =
    | { readonly kind: "checked"; readonly findings: readonly SemverFinding[] }
    | { readonly kind: "aside"; readonly reason: string };

/** Whether the subcommand is installed. */
export async function hasSemverChecks(place: Omit<RunCargoOptions, "args">): Promise<boolean> {
    const { code } = await runCargo({ ...place, args: ["semver-checks", "--version"] });
    return code === 0;
}

/** Compares the libraries of a workspace with those in another folder; what is new is no finding. */
export async function runSemverChecks(
    place: Omit<RunCargoOptions, "args">,
    baseline: string,
): Promise<SemverOutcome> {
    const options = ["--workspace", "--baseline-root", baseline, "--release-type", "minor"];
    const args = ["semver-checks", "check-release", ...options, "--color", "never"];
    return readSemverOutcome(await runCargo({ ...place, args }));
}

/**
 * Reads what it said. Its exit status does not tell whether something was found or it could not begin: only its
 * own words do.
 */
export function readSemverOutcome({
    code,
    output,
    errorOutput,
}: Pick<CargoRun, "code" | "errorOutput" | "output">): SemverOutcome {
    if (code === 0) {
        return { kind: "checked", findings: [] };
    }
    const lines = [...output, ...errorOutput];
    const findings = readFindings(lines);
    if (
        findings.length > 0 &&
        lines.some((line) => /semver requires new \w+ version/u.test(line))
    ) {
        return { kind: "checked", findings };
    }
    const said = lines.map((line) => line.trim()).filter((line) => line !== "");
    const reason = said.find((line) => line.startsWith("error")) ?? said.at(-1);
    return { kind: "aside", reason: reason ?? `it ended with ${code ?? "a signal"}` };
}

function readFindings(lines: readonly string[]): SemverFinding[] {
    const findings: SemverFinding[] = [];
    let lint: { readonly lint: string; readonly title: string } | undefined;
    let isListed = false;
    for (const line of lines) {
        const [, name, title = ""] = /^--- failure (\w+): (.*?) ---$/u.exec(line.trim()) ?? [];
        if (name !== undefined) {
            lint = { lint: name, title };
            isListed = false;
        } else if (line.trim() === "Failed in:") {
            isListed = true;
        } else if (line.trim() === "") {
            isListed = false;
        } else if (isListed && lint !== undefined) {
            findings.push({ ...lint, place: line.trim() });
        }
    }
    return findings;
}
