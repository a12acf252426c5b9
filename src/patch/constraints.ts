// What a patch keeps to: crates and files that are not edited, numbers of edits, precision.

import ignore from "ignore";

import { refuse, type Refusal } from "../base/index.ts";
import type { RenamePlan } from "../refactor/index.ts";
import type { Resolution } from "../resolve/index.ts";
import type { PatchConstraints } from "./patch-schema.ts";

const SHOWN = 5;

/** Refuses an operation that does what the patch excludes. */
export function checkOperation(
    resolution: Resolution,
    constraints: PatchConstraints,
    plan: RenamePlan,
    what: string,
): Refusal | undefined {
    const touched = [
        ...new Set([
            ...plan.edits.map(({ path }) => path),
            ...plan.moves.flatMap(({ from, to }) => [from, to]),
        ]),
    ].sort();
    return (
        checkPaths(constraints, touched, what) ??
        checkCrates(resolution, constraints, touched, what) ??
        checkPrecision(constraints, plan, what)
    );
}

function checkPaths(
    { forbidden_paths: globs = [] }: PatchConstraints,
    touched: readonly string[],
    what: string,
): Refusal | undefined {
    if (globs.length === 0) {
        return undefined;
    }
    const forbidden = ignore().add([...globs]);
    const found = touched.filter((path) => forbidden.ignores(path));
    return found.length === 0
        ? undefined
        : refuse("PATCH_FORBIDDEN_PATH", `${what} would edit files that the patch forbids`, {
              candidates: found.slice(0, SHOWN),
          });
}

function checkCrates(
    resolution: Resolution,
    { exclude_crates: excluded = [] }: PatchConstraints,
    touched: readonly string[],
    what: string,
): Refusal | undefined {
    if (excluded.length === 0) {
        return undefined;
    }
    const files = new Set(touched);
    const found = resolution
        .files()
        .filter(
            ({ path, owners }) =>
                files.has(path) &&
                owners.some((owner) => excluded.includes(resolution.symbol(owner).name)),
        )
        .map(({ path }) => path);
    return found.length === 0
        ? undefined
        : refuse("PATCH_EXCLUDED_CRATE", `${what} would edit a crate that the patch excludes`, {
              candidates: found.slice(0, SHOWN),
          });
}

function checkPrecision(
    { minimum_precision: wanted }: PatchConstraints,
    plan: RenamePlan,
    what: string,
): Refusal | undefined {
    const isEnough = (precision: string): boolean =>
        precision === "exact" || (wanted === "syntactic" && precision === "syntactic");
    const low =
        wanted === undefined ? [] : plan.edits.filter(({ precision }) => !isEnough(precision));
    const [first] = low;
    return first === undefined
        ? undefined
        : refuse(
              "PATCH_PRECISION",
              `${what}: ${low.length} edits are less than ${wanted ?? ""}, one in ${first.path}`,
              { advice: "capture with --rustc, so that the compiler's word is there" },
          );
}

/** Refuses a plan that is larger than the patch lets it be. */
export function checkSize(
    { max_files: files, max_edits: edits }: PatchConstraints,
    size: { readonly files: number; readonly edits: number },
): Refusal | undefined {
    if (files !== undefined && size.files > files) {
        return refuse(
            "PATCH_TOO_LARGE",
            `the patch would edit ${size.files} files, and may ${files}`,
        );
    }
    return edits !== undefined && size.edits > edits
        ? refuse("PATCH_TOO_LARGE", `the patch would make ${size.edits} edits, and may ${edits}`)
        : undefined;
}
