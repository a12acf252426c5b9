// What runs of Cargo find, and what of it is new: findings of the unedited state do not count. Pure.

import type { CargoError, CargoRun } from "../cargo/index.ts";

/** Something that is wrong. */
export interface Finding {
    /** Findings of equal keys are taken for the same, whatever they say. */
    readonly key: string;
    readonly message: string;
    /** Relative to the workspace. */
    readonly path: string | undefined;
    /** 0-based. */
    readonly line: number;
}

/** How the output of a run is read. */
export type OutputKind = "compile" | "format" | "nextest" | "test";

/** All that a run found wrong. */
export function findingsOf(run: CargoRun, kind: OutputKind, folder: string): Finding[] {
    const errors = run.errors
        .filter(({ message }) => !/^aborting due to |^could not compile /u.test(message))
        .map((error) => fromError(error, folder));
    const others =
        kind === "test"
            ? fromTests(run)
            : kind === "nextest"
              ? fromNextest(run)
              : kind === "format"
                ? fromFormat(run, folder)
                : [];
    const found = [...errors, ...others];
    return found.length > 0 || run.code === 0 ? found : [complaintOf(run)];
}

function fromError({ message, code, file, line, targetName }: CargoError, folder: string): Finding {
    const path = file === undefined ? undefined : relativeTo(folder, file);
    const label = code === undefined ? "error" : `error[${code}]`;
    return {
        key: `${code ?? message} in ${path ?? targetName}`,
        message: `${label}: ${message}`,
        path,
        line,
    };
}

/** Failed tests by target and name; the output of targets comes in the order in which they are run. */
function fromTests({ output, errorOutput }: CargoRun): Finding[] {
    const targets = errorOutput.flatMap((line) => {
        const match = /^ +(?:Running (.+?) \(.*\)|(Doc-tests .+))$/u.exec(line);
        return match === null ? [] : [match[1] ?? match[2] ?? ""];
    });
    const found: Finding[] = [];
    let section = -1;
    for (const line of output) {
        if (/^running \d+ tests?$/u.test(line)) {
            section += 1;
        }
        const name = /^test (.+) \.\.\. FAILED$/u.exec(line)?.[1];
        if (name !== undefined) {
            found.push(failedTest(targets[section] ?? "", name));
        }
    }
    for (const line of errorOutput) {
        // A target that ended without telling which test failed: it aborted, or has its own harness.
        const rerun = /^error: (?:test|doctest) failed, to rerun pass `(.+)`/u.exec(line)?.[1];
        const listed = /^ {4}`(-p .+|--.+)`$/u.exec(line)?.[1];
        const target = rerun ?? listed;
        if (target !== undefined && found.length === 0) {
            found.push(failedTest(target, "the test program failed"));
        }
    }
    return found;
}

function fromNextest({ output, errorOutput }: CargoRun): Finding[] {
    const names = [...output, ...errorOutput].flatMap((line) => {
        const match = /^ +(?:FAIL|SIG[A-Z]+|TIMEOUT|ABORT) \[[^\]]*\](?: \([^)]*\))? +(\S.*)$/u;
        const name = match.exec(line)?.[1];
        return name === undefined ? [] : [name];
    });
    return [...new Set(names)].map((name) => failedTest("", name));
}

/** A documentation test is called by its line, which moves. */
function failedTest(target: string, name: string): Finding {
    const stable = name.replace(/ \(line \d+\)/u, "");
    const where = target === "" ? "" : ` (${target})`;
    return {
        key: `test ${stable}${where}`,
        message: `test ${name} failed${where}`,
        path: undefined,
        line: 0,
    };
}

function fromFormat({ output, errorOutput }: CargoRun, folder: string): Finding[] {
    const files = [...output, ...errorOutput].flatMap((line) => {
        const match = /^(?:Diff in (.+?)(?: at line \d+|:\d+)?:?|(\S.*\.rs))$/u.exec(line);
        const file = match?.[1] ?? match?.[2];
        return file === undefined ? [] : [relativeTo(folder, file)];
    });
    return [...new Set(files)].map((path) => ({
        key: `format ${path}`,
        message: "it is not as rustfmt would write it",
        path,
        line: 0,
    }));
}

function complaintOf({ errorOutput, code }: CargoRun): Finding {
    const lines = errorOutput.map((line) => line.trim()).filter((line) => line !== "");
    const at = lines.findIndex((line) => line.startsWith("error"));
    const said = at < 0 ? lines.slice(-3) : lines.slice(at, at + 4);
    const message = said.length === 0 ? `Cargo ended with ${code ?? "a signal"}` : said.join(" ");
    return { key: `complaint ${said[0] ?? ""}`, message, path: undefined, line: 0 };
}

function relativeTo(folder: string, file: string): string {
    const path = file.replaceAll("\\", "/");
    return path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : path;
}

/** Whether all findings after a change say what was said before it. */
export function areAllKnown(
    before: readonly Finding[],
    after: readonly Finding[],
    moved: ReadonlyMap<string, string>,
): boolean {
    const said = ({ key, message }: Pick<Finding, "key" | "message">): string =>
        JSON.stringify([key, message]);
    const left = inPlace(before, moved).map(said);
    return after.every((finding) => {
        const at = left.indexOf(said(finding));
        left.splice(at, at < 0 ? 0 : 1);
        return at >= 0;
    });
}

/** Findings where their files lie after moves. */
function inPlace(
    before: readonly Finding[],
    moved: ReadonlyMap<string, string>,
): Pick<Finding, "key" | "message">[] {
    return before.map((finding) => {
        const now = finding.path === undefined ? undefined : moved.get(finding.path);
        const key =
            now === undefined ? finding.key : finding.key.replace(finding.path ?? "", () => now);
        return { key, message: finding.message };
    });
}

/** Findings after a change that were not there before it; files may have moved. */
export function newFindings(
    before: readonly Finding[],
    after: readonly Finding[],
    moved: ReadonlyMap<string, string>,
): Finding[] {
    const left = inPlace(before, moved);
    // What says the same is the same; then what is of the same kind at the same file.
    const take = (is: (one: { key: string; message: string }) => boolean): boolean => {
        const at = left.findIndex(is);
        if (at >= 0) {
            left.splice(at, 1);
        }
        return at >= 0;
    };
    return after
        .filter(({ key, message }) => !take((one) => one.key === key && one.message === message))
        .filter(({ key }) => !take((one) => one.key === key));
}
