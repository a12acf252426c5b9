// Renames of one program: what is answered as proved is made, compiled and run.

import { isApplicable, type RenamePlan } from "../../src/refactor/index.ts";
import { RenamesInMemory, textsAfter, type Named } from "./renames-in-memory.ts";
import type { openRenames } from "./renames-in-memory.ts";
import { textsOf, type Texts } from "./part.ts";
import type { Sound } from "./repair-program.ts";
import type { Outcome, RustCompiler } from "./rust-compiler.ts";

/** What a rename was answered with. */
export type Answer =
    | { readonly kind: "proved"; readonly plan: RenamePlan; readonly texts: Texts }
    /** Refused, or left to a person; the reason, and the edit if there is one. */
    | {
          readonly kind: "refused" | "unproved" | "asks";
          readonly reason: string;
          readonly texts: Texts | undefined;
      };

/** A rename that is wrong though it was proved. */
export interface Finding {
    readonly kind: string;
    readonly oldName: string;
    readonly newName: string;
    /** Which of the definitions of that kind and name it is. */
    readonly ordinal: number;
    readonly offset: number;
    readonly path: string;
    readonly what:
        | "does not compile"
        | "prints something else"
        | "warns anew"
        | "fails"
        /** A session derived from the one before says something else than a new one. */
        | "is known otherwise";
    /** The compiler's code, if it has one. */
    readonly code: string;
    readonly said: string;
}

/** What is needed to try renames. */
export interface FuzzBench {
    readonly compiler: RustCompiler;
    readonly syntax: Awaited<ReturnType<typeof openRenames>>;
}

/** Asks for a rename. */
export function ask(renames: RenamesInMemory, texts: Texts, one: Named, newName: string): Answer {
    const plan = renames.plan(one, newName);
    if (plan.kind === "refusal") {
        return { kind: "refused", reason: plan.code, texts: undefined };
    }
    const after = (): Texts => textsAfter(texts, plan);
    if (isApplicable(plan)) {
        return { kind: "proved", plan, texts: after() };
    }
    const [conflict] = plan.conflicts;
    if (conflict !== undefined && ["error", "changes-meaning"].includes(conflict.grade)) {
        return { kind: "refused", reason: conflict.kind, texts: after() };
    }
    if (plan.unproved.length > 0 || plan.proof.verdict !== "proved") {
        const reason = plan.unproved[0]?.reason ?? plan.proof.verdict;
        return { kind: "unproved", reason, texts: after() };
    }
    return { kind: "asks", reason: conflict?.kind ?? "", texts: after() };
}

/** What is wrong with an edit; undefined if nothing is. */
export async function faultOf(
    bench: FuzzBench,
    { program, outcome }: Sound,
    texts: Texts,
): Promise<Pick<Finding, "what" | "code" | "said"> | undefined> {
    const after = await bench.compiler.judge(program, texts);
    const error = after.complaints.find(({ level }) => level === "error");
    if (error !== undefined) {
        const line = error.at.at(-1);
        const place = line === undefined ? "" : `${line.path}:${line.line}: `;
        const { code, message } = error;
        return { what: "does not compile", code, said: `${place}${message}` };
    }
    if (after.printed !== outcome.printed) {
        return {
            what: "prints something else",
            code: "",
            said: after.printed ?? "does not end well",
        };
    }
    const warning = newWarning(outcome, after);
    return warning === undefined ? undefined : { what: "warns anew", code: warning, said: warning };
}

function newWarning(before: Outcome, after: Outcome): string | undefined {
    const counts = new Map<string, number>();
    const count = (outcome: Outcome, by: number): void => {
        for (const { code } of outcome.complaints) {
            counts.set(code, (counts.get(code) ?? 0) + by);
        }
    };
    count(before, -1);
    count(after, 1);
    return [...counts].find(([, more]) => more > 0)?.[0];
}

/** Names of a program's things, with their ordinals among those of the same kind and name. */
export function withOrdinals(all: readonly Named[]): (Named & { readonly ordinal: number })[] {
    const counts = new Map<string, number>();
    return all.map((one) => {
        const key = `${one.kind} ${one.name}`;
        const ordinal = counts.get(key) ?? 0;
        counts.set(key, ordinal + 1);
        return { ...one, ordinal };
    });
}

/** Whether a program still has a finding of the same kind: the smallest one, or none. */
export async function findAgain(
    bench: FuzzBench,
    sound: Sound,
    like: Pick<Finding, "kind" | "oldName" | "newName" | "what" | "code">,
): Promise<Finding | undefined> {
    const texts = textsOf(sound.program);
    const renames = new RenamesInMemory(bench.syntax, sound.program, texts);
    const all = withOrdinals(renames.list(texts));
    for (const one of all) {
        if (one.kind !== like.kind || one.name !== like.oldName) {
            continue;
        }
        const found = await tryOne(bench, sound, { renames, texts, one, newName: like.newName });
        if (found.finding?.what === like.what && found.finding.code === like.code) {
            return found.finding;
        }
    }
    return undefined;
}

/** One rename of a program. */
export interface Wish {
    readonly renames: RenamesInMemory;
    readonly texts: Texts;
    readonly one: Named & { readonly ordinal: number };
    readonly newName: string;
}

/** Tries one rename; a bug that throws is a finding, too. */
export async function tryOne(
    bench: FuzzBench,
    sound: Sound,
    { renames, texts, one, newName }: Wish,
): Promise<{ readonly answer: Answer | undefined; readonly finding: Finding | undefined }> {
    const { kind, name, ordinal, offset, path } = one;
    const about = { kind, oldName: name, newName, ordinal, offset, path };
    let answer: Answer;
    try {
        answer = ask(renames, texts, one, newName);
    } catch (error) {
        const said = error instanceof Error ? (error.stack ?? error.message) : String(error);
        return { answer: undefined, finding: { ...about, what: "fails", code: "", said } };
    }
    if (answer.kind !== "proved") {
        return { answer, finding: undefined };
    }
    const fault = await faultOf(bench, sound, answer.texts);
    const other =
        fault === undefined ? renames.differenceAfter(answer.plan, answer.texts) : undefined;
    const found =
        other === undefined
            ? fault
            : ({ what: "is known otherwise", code: "", said: other } as const);
    return { answer, finding: found === undefined ? undefined : { ...about, ...found } };
}
