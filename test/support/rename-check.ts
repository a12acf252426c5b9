// Renames on fixtures: one call plans, says what is against it, and applies it in memory.

import { expect } from "vitest";

import { finishSteps, repoPath, type Refusal } from "../../src/base/index.ts";
import {
    applyEdits,
    findRenameTarget,
    isApplicable,
    planRename,
    prepareRename,
    renameFile,
    type AcceptableGrade,
    type FileMove,
    type RenameContext,
    type RenamePlan,
} from "../../src/refactor/index.ts";
import { contextInMemory } from "../../bench/measure/rename-context.ts";
import { captureChanges } from "../../src/engine/plan-rename.ts";
import {
    Resolver,
    resolveWorkspace,
    type Binding,
    type Resolution,
} from "../../src/resolve/index.ts";
import { openSyntax, type FileCapture } from "../../src/syntax/index.ts";
import { checkDerived } from "./check-derived.ts";
import { hashText, moveFiles, parseFixture, renderFiles, type Fixture } from "./fixture.ts";

const SYNTAX = await openSyntax();

/** Everything can be accepted that a person can accept. */
const ALL: ReadonlySet<AcceptableGrade> = new Set(["changes-output", "breaks-api", "unproved"]);

type ImportIntent = "import" | "alias";

/** A fixture resolved, ready for renames. */
export function openFixture(fixture: Fixture): RenameContext {
    const captures = new Map<string, FileCapture>();
    for (const [path, text] of fixture.files) {
        if (path.endsWith(".rs")) {
            captures.set(path, SYNTAX.capture(path, text));
        }
    }
    const resolver = new Resolver();
    const inMemory = contextInMemory({
        ...{ model: fixture.model, captures, resolver, syntax: SYNTAX },
        textOf: (path) => fixture.files.get(path)!,
    });
    const { resolution } = inMemory;
    return {
        ...inMemory,
        contentHashOf: (path) => hashText(fixture.files.get(path)!),
        pathExists: (path) =>
            [...fixture.files.keys()].some((one) => one === path || one.startsWith(`${path}/`)),
        readPlain: (path) => fixture.files.get(path),
        plainFiles: [...fixture.files.keys()].filter((path) =>
            /(?<!Cargo)\.(?:md|toml)$/u.test(path),
        ),
        parse: (text) => SYNTAX.capture("snippet.rs", text).tree,
        reResolve: (changes, moves, change): Resolution => {
            const aside = inMemory.reResolve(changes, moves, change);
            if (change === undefined) {
                return aside;
            }
            const model = moveFiles(fixture.model, moves);
            const parsed = captureChanges(captures, { changes, moves }, (file) =>
                SYNTAX.capture(file.path, file.after),
            );
            checkDerived(aside, resolveWorkspace({ model, captures: parsed }), {
                resolution,
                names: [change.from, change.to],
                after: parsed,
            });
            return aside;
        },
    };
}

/** Plans the rename of what stands at the fixture's cursor, or of the import that brings it there. */
export function planAtCursor(
    fixture: Fixture,
    newName: string,
    {
        as,
        isTextIncluded = false,
    }: { readonly as?: ImportIntent | undefined; readonly isTextIncluded?: boolean } = {},
): RenamePlan | Refusal {
    const context = { ...openFixture(fixture), isTextIncluded };
    const { path, offset } = fixture.cursor!;
    if (as !== undefined) {
        const [found] = context.resolution.occurrencesAt(path, offset);
        const symbol = symbolOf(context.resolution, found!.binding);
        const target = {
            kind: "import",
            symbol,
            file: path,
            start: found!.span.start,
            as,
        } as const;
        return planRename(context, target, newName);
    }
    const start = findRenameTarget(context, repoPath(path), offset);
    if (start.kind === "refusal") {
        return start;
    }
    // What is made ahead of the new name must lead to the same plan.
    const ahead = finishSteps(prepareRename(context, start.target));
    const prepared = planRename(context, start.target, newName, { ahead });
    const plan = planRename(context, start.target, newName);
    expect(prepared).toEqual(plan);
    return plan;
}

function symbolOf(resolution: Resolution, binding: Binding): number {
    switch (binding.kind) {
        case "symbol":
            return binding.symbols[0]!;
        case "ambiguous":
            return binding.candidates[0]!;
        case "external":
            return resolution.findByPath(binding.path)[0]!;
        default:
            throw new Error(`nothing is imported here: ${binding.kind}`);
    }
}

/** Applies a plan to the fixture's files; what is not Rust moves with a folder that is renamed by hand. */
function applyPlan(fixture: Fixture, plan: RenamePlan, renamed?: FileMove): Map<string, string> {
    const targets = new Map(plan.moves.map((move) => [move.from, move.to]));
    const after = new Map<string, string>();
    for (const [path, text] of fixture.files) {
        const edits = plan.edits.filter((edit) => edit.path === path);
        const isInside = renamed !== undefined && path.startsWith(`${renamed.from}/`);
        const moved = isInside ? `${renamed.to}${path.slice(renamed.from.length)}` : path;
        after.set(targets.get(path) ?? moved, applyEdits(text, edits));
    }
    return after;
}

/**
 * What a rename comes to, as text: a refusal; what is against it, a line each; and the files afterwards,
 * where nothing stands against it but what a person can judge from what is said.
 */
export function outcomeOf(
    before: string,
    newName: string,
    asked: { readonly as?: ImportIntent | undefined; readonly isTextIncluded?: boolean } = {},
): string {
    const fixture = parseFixture(before);
    return describeOutcome(before, fixture, planAtCursor(fixture, newName, asked));
}

/** What follows when a file or folder is renamed by hand, as text; its move is among the files'. */
export function outcomeOfMove(before: string, from: string, to: string): string {
    const fixture = parseFixture(before);
    const plan = renameFile(openFixture(fixture), { from, to });
    if (plan === undefined) {
        return "nothing follows\n";
    }
    return describeOutcome(before, fixture, plan, { from, to });
}

function describeOutcome(
    before: string,
    fixture: Fixture,
    plan: RenamePlan | Refusal,
    renamed?: FileMove,
): string {
    if (plan.kind === "refusal") {
        return `${plan.code}: ${plan.message}\n`;
    }
    const lines = plan.conflicts.map(({ grade, message }) => `${grade}: ${message}`);
    const lineOf = (path: string, offset: number): number =>
        fixture.files.get(path)!.slice(0, offset).split("\n").length;
    lines.push(
        ...plan.unproved.map(
            ({ path, span, reason }) => `unproved: ${path}:${lineOf(path, span.start)}: ${reason}`,
        ),
    );
    expect(isApplicable(plan)).toBe(lines.length === 0 && plan.proof.verdict === "proved");
    lines.push(
        ...plan.leftAlone.map(
            ({ path, span }) => `left alone: ${path}:${lineOf(path, span.start)}`,
        ),
    );
    const against = lines.map((line) => `${line}\n`).join("");
    if (!isApplicable(plan, ALL) || plan.unproved.length > 0) {
        return against;
    }
    const files = renderFiles(applyPlan(fixture, plan, renamed));
    const isSingle = !before.trimStart().startsWith("//- ");
    return against + (isSingle ? files.slice(files.indexOf("\n") + 1) : files);
}

/** Expects that the rename is proved and gives these files. */
export function checkRename(before: string, newName: string, after: string): void {
    expect(outcomeOf(before, newName)).toBe(after);
}

/** Expects that the rename is refused: `CODE: message`. */
export function checkRefusal(before: string, newName: string, expected: string): void {
    expect(outcomeOf(before, newName)).toBe(`${expected}\n`);
}
