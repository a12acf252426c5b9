// One rename, asked of us and of the peer, each answer made alone on a copy and judged.

import { LineIndex, type Refusal } from "../../src/base/index.ts";
import type { PlaceDto, RenamePlanDto, ValidateRenameResult } from "../../src/protocol/index.ts";
import type { PeerAnswer } from "../peers/rename-peer.ts";
import { editsOfBindings, editsOfPlan } from "./candidate-edit.ts";
import type { Judgement, Proposal } from "./judge.ts";
import type { ResolvedHere } from "./resolve-here.ts";
import { areCallsSeen, isPlainlyCompiled, isSeen } from "./seen-by-judges.ts";
import { standingOf, withoutNames, type Standing } from "./standing.ts";
import type { Candidate } from "./strata.ts";
import type { Mode, Wish } from "./trial-order.ts";
import type { PlannedChange } from "./workspace-copy.ts";

/** How a rename can end, for us and for the peer alike. */
export const OUTCOMES = [
    /** Answered without reserve, and both judges are content. */
    "clean",
    /** Refused, and no edit is known that would have been right. */
    "refused rightly",
    /** Refused, though an edit passes both judges. */
    "refused wrongly",
    /** Answered; a person must say yes to what it names besides; the judges are content. */
    "needs a yes",
    /** Answered, and does not compile or warns anew. */
    "broken",
    /** Answered and compiles, and a name means something else. */
    "meaning changed",
    /** Answered with edits of files that are not of the workspace. */
    "edits outside",
    /** What passes stands in code that the judges do not compile: neither right nor wrong. */
    "not judged",
    /** The question itself failed. */
    "failed",
] as const;

/** How a rename ended. */
export type Outcome = (typeof OUTCOMES)[number];

/** One side's part in a trial. */
export interface SideResult {
    readonly outcome: Outcome;
    /** Code of a refusal, kind of a conflict, reason of the first unproved place; empty when clean. */
    readonly reason: string;
    /** The judges' first complaint. */
    readonly complaint: string;
    readonly edits: number;
    readonly milliseconds: number;
}

/** What is known of one rename. */
export interface TrialResult {
    readonly stratum: Candidate["stratum"];
    readonly kind: string;
    readonly display: string;
    readonly path: string;
    /** From 1. */
    readonly line: number;
    readonly oldName: string;
    readonly newName: string;
    readonly mode: Mode;
    readonly clash: string;
    readonly seed: number;
    readonly ours: SideResult;
    readonly peer: SideResult | undefined;
    /** What the validated rename ended with, where it was asked: of what is not answered at once. */
    readonly validated?: SideResult;
    /** Whose edit passes both judges, where we refused: `peer`, `validated`, `candidates`; empty for nobody's. */
    readonly provedWrongBy: string;
    /** Seconds of each judge, for all the edits of the trial. */
    readonly checkSeconds: number;
    readonly bindingsSeconds: number;
    /** Seconds that the whole trial took. */
    readonly seconds: number;
}

/** What a trial is made with. */
export interface TrialBench {
    readonly here: ResolvedHere;
    readonly plan: (at: PlaceDto, newName: string) => Promise<RenamePlanDto | Refusal>;
    /** Has the compiler compare what is not answered at once; undefined where that was not wished for. */
    readonly validate?: (at: PlaceDto, newName: string) => Promise<ValidateRenameResult | Refusal>;
    /** Undefined where there is no peer, or it does not know std. */
    readonly askPeer: ((at: PlaceDto, newName: string) => Promise<PeerAnswer>) | undefined;
    readonly judge: (proposal: Proposal) => Promise<Judgement>;
    readonly now: () => number;
}

/** Tries one rename. */
export async function tryRename(bench: TrialBench, wish: Wish): Promise<TrialResult> {
    const begin = bench.now();
    const { candidate, newName, mode, clash, seed } = wish;
    const text = bench.here.texts.get(candidate.path) ?? "";
    const place = new LineIndex(text).position(candidate.offset);
    const at = { path: candidate.path, line: place.line, column: place.column };
    const mine = await askUs(bench, at, newName);
    const theirs = await askThem(bench, at, newName);
    const isRefused = mine.standing.kind === "refused" || mine.standing.kind === "unproved";
    const tried = isRefused ? await askValidated(bench, at, newName) : undefined;
    const judged = await judgeAnswers(bench, wish, { mine, tried, theirs });
    const { own, other, checked, bold } = judged;
    const all = [own, other, checked, bold].filter((one) => one !== undefined);
    const shownBy = (["other", "checked", "bold"] as const).find(
        (side) => judged[side]?.verdict === "passes",
    );
    const change = shownBy === undefined ? undefined : judged.changes[shownBy];
    const passing: Passing = !all.some(({ verdict }) => verdict === "passes")
        ? "none"
        : isOfUnseen(tried)
          ? "unseen"
          : isRefused
            ? await judgesRefusal(bench, wish, change)
            : await judgesAnswer(bench, wish);
    return {
        stratum: candidate.stratum,
        kind: candidate.kind,
        display: candidate.display,
        path: candidate.path,
        line: place.line + 1,
        oldName: candidate.name,
        newName,
        mode,
        clash,
        seed,
        ours: ourResult(mine, judged.own, passing),
        peer: theirs === undefined ? undefined : peerResult(theirs, judged.other, passing),
        ...(tried === undefined
            ? {}
            : { validated: validatedResult(tried, judged.checked, passing) }),
        provedWrongBy:
            isRefused && passing === "some" && shownBy !== undefined ? SHOWN_BY[shownBy] : "",
        checkSeconds: sum(all.map((one) => one.checkSeconds)),
        bindingsSeconds: sum(all.map((one) => one.bindingsSeconds)),
        seconds: sum([(bench.now() - begin) / 1000]),
    };
}

/** Whether the judges see enough to say of a refusal that it was wrong, where an edit passes. */
async function judgesRefusal(
    { here, judge }: TrialBench,
    { candidate, newName }: Wish,
    change: PlannedChange | undefined,
): Promise<Passing> {
    const proposal = change && { change, outside: [], oldName: candidate.name, newName };
    const sees =
        (await isSeen(here, candidate, judge)) &&
        (proposal === undefined || (await areCallsSeen(here, candidate, proposal, judge)));
    return sees ? "some" : "unseen";
}

async function judgesAnswer({ here, judge }: TrialBench, { candidate }: Wish): Promise<Passing> {
    const sees = isPlainlyCompiled(here, candidate) || (await isSeen(here, candidate, judge));
    return sees ? "some" : "unseen";
}

const SHOWN_BY = { other: "peer", checked: "validated", bold: "candidates" } as const;

function sum(seconds: readonly number[]): number {
    return Math.round(seconds.reduce((total, one) => total + one, 0) * 10) / 10;
}

interface Judged {
    readonly own: Judgement | undefined;
    readonly other: Judgement | undefined;
    /** Of what the validated rename answered. */
    readonly checked: Judgement | undefined;
    /** Of the edit of all candidates: made only where nothing else shows that a refusal was wrong. */
    readonly bold: Judgement | undefined;
    /** What was judged. */
    readonly changes: Readonly<Record<"bold" | "checked" | "other", PlannedChange | undefined>>;
}

interface Answers {
    readonly mine: OurAnswer;
    readonly tried: ValidatedAnswer | undefined;
    readonly theirs: TheirAnswer | undefined;
}

async function judgeAnswers(
    bench: TrialBench,
    { candidate, newName }: Wish,
    { mine: { plan, standing }, tried, theirs }: Answers,
): Promise<Judged> {
    const names = { oldName: candidate.name, newName };
    const judgeOurs = (change: PlannedChange): Promise<Judgement> =>
        bench.judge({ ...names, change, outside: [] });
    const own =
        plan !== undefined && standing.kind === "answered" ? await judgeOurs(plan) : undefined;
    const edit = theirs?.answer.kind === "edit" ? theirs.answer : undefined;
    const other = edit === undefined ? undefined : await bench.judge({ ...names, ...edit });
    const validated =
        tried?.answer === undefined || !("edits" in tried.answer) ? undefined : tried.answer;
    const checked = validated === undefined ? undefined : await judgeOurs(validated);
    const changes = { other: edit?.change, checked: validated, bold: undefined };
    const isSettled =
        own !== undefined || [other, checked].some((one) => one?.verdict === "passes");
    if (isSettled || standing.kind === "failed") {
        return { own, other, checked, bold: undefined, changes };
    }
    const change =
        plan === undefined
            ? editsOfBindings(bench.here, candidate, newName)
            : editsOfPlan(plan, candidate.name, (path) => bench.here.texts.get(path) ?? "");
    const bold = await judgeOurs(change);
    return { own, other, checked, bold, changes: { ...changes, bold: change } };
}

interface OurAnswer {
    readonly plan: RenamePlanDto | undefined;
    readonly standing: Standing | { readonly kind: "failed"; readonly reason: string };
    readonly milliseconds: number;
}

async function askUs(bench: TrialBench, at: PlaceDto, newName: string): Promise<OurAnswer> {
    const { answer, failure, milliseconds } = await ask(bench, () => bench.plan(at, newName));
    if (answer === undefined) {
        return { plan: undefined, standing: { kind: "failed", reason: failure }, milliseconds };
    }
    return "edits" in answer
        ? { plan: answer, standing: standingOf(answer), milliseconds }
        : { plan: undefined, standing: { kind: "refused", reason: answer.code }, milliseconds };
}

interface Asked<T> {
    /** Undefined where the question itself failed. */
    readonly answer: T | undefined;
    readonly failure: string;
    readonly milliseconds: number;
}

async function ask<T>({ now }: TrialBench, question: () => Promise<T>): Promise<Asked<T>> {
    const start = now();
    const since = (): number => Math.round(now() - start);
    try {
        const answer = await question();
        return { answer, failure: "", milliseconds: since() };
    } catch (thrown) {
        const failure = thrown instanceof Error ? thrown.message : String(thrown);
        return { answer: undefined, failure, milliseconds: since() };
    }
}

type ValidatedAnswer = Asked<Refusal | ValidateRenameResult>;

async function askValidated(
    bench: TrialBench,
    at: PlaceDto,
    newName: string,
): Promise<ValidatedAnswer | undefined> {
    const { validate } = bench;
    return validate === undefined ? undefined : ask(bench, () => validate(at, newName));
}

/**
 * Whether a refusal is about what the judges do not see, whatever passes them: a place that no configuration compiles, or
 * documentation, whose tests and links they leave alone.
 */
function isOfUnseen(tried: ValidatedAnswer | undefined): boolean {
    const { answer } = tried ?? {};
    return answer !== undefined && "code" in answer && UNSEEN.has(answer.code);
}

const UNSEEN: ReadonlySet<string> = new Set(["VALIDATE_UNPROVED", "VALIDATE_DOCUMENTATION"]);

interface TheirAnswer {
    readonly answer: PeerAnswer;
    readonly milliseconds: number;
}

async function askThem(
    bench: TrialBench,
    at: PlaceDto,
    newName: string,
): Promise<TheirAnswer | undefined> {
    if (bench.askPeer === undefined) {
        return undefined;
    }
    const start = bench.now();
    const answer = await bench.askPeer(at, newName);
    return { answer, milliseconds: Math.round(bench.now() - start) };
}

/** Whether an edit passes both judges, and whether that says something. */
type Passing = "some" | "none" | "unseen";

function ourResult(mine: OurAnswer, own: Judgement | undefined, passing: Passing): SideResult {
    const { standing, plan, milliseconds } = mine;
    const { reason } = standing;
    const base = { reason, edits: plan?.edits.length ?? 0, milliseconds };
    if (standing.kind === "failed") {
        return { ...base, outcome: "failed", complaint: "" };
    }
    if (standing.kind !== "answered" || own === undefined) {
        return { ...base, outcome: refusalOutcome(passing), complaint: "" };
    }
    const outcome = answerOutcome(own, standing.needsYes, passing);
    return { ...base, outcome, complaint: own.first };
}

function validatedResult(
    { answer, failure, milliseconds }: ValidatedAnswer,
    judgement: Judgement | undefined,
    passing: Passing,
): SideResult {
    if (answer === undefined) {
        return { outcome: "failed", reason: failure, complaint: "", edits: 0, milliseconds };
    }
    if ("code" in answer || judgement === undefined) {
        const reason = "code" in answer ? answer.code : "";
        return { outcome: refusalOutcome(passing), reason, complaint: "", edits: 0, milliseconds };
    }
    const outcome = answerOutcome(judgement, answer.conflicts.length > 0, passing);
    const edits = answer.edits.length;
    return { outcome, reason: "", complaint: judgement.first, edits, milliseconds };
}

function peerResult(
    { answer, milliseconds }: TheirAnswer,
    other: Judgement | undefined,
    passing: Passing,
): SideResult {
    if (answer.kind === "refused" || other === undefined) {
        const reason = answer.kind === "refused" ? withoutNames(answer.reason) : "";
        const outcome = refusalOutcome(passing);
        return { outcome, reason, complaint: "", edits: 0, milliseconds };
    }
    const outcome = answerOutcome(other, answer.needsYes, passing);
    const edits = answer.change.edits.length;
    return { outcome, reason: "", complaint: other.first, edits, milliseconds };
}

function refusalOutcome(passing: Passing): Outcome {
    switch (passing) {
        case "some":
            return "refused wrongly";
        case "none":
            return "refused rightly";
        case "unseen":
            return "not judged";
    }
}

function answerOutcome(judgement: Judgement, needsYes: boolean, passing: Passing): Outcome {
    switch (judgement.verdict) {
        case "passes":
            return passing === "unseen" ? "not judged" : needsYes ? "needs a yes" : "clean";
        case "breaks users":
            // That is what the yes is for.
            return needsYes ? "needs a yes" : "broken";
        case "cannot be made":
            return "broken";
        case "broken":
        case "meaning changed":
        case "edits outside":
            return judgement.verdict;
    }
}
