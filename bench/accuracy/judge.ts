// Both judges together: a change is made on a copy, compiled, and its bindings are compared. A change that
// was judged before, whoever proposed it, is not judged again.

import { createHash } from "node:crypto";

import { COMPARISON_FORMAT } from "../../src/capture/index.ts";
import type { BindingsJudge } from "./bindings-judge.ts";
import type { CargoJudge } from "./cargo-judge.ts";
import type { ResultStore } from "./result-store.ts";
import type { PlannedChange, WorkspaceCopy } from "./workspace-copy.ts";

/** What the judges say of a change. */
export interface Judgement {
    readonly verdict:
        | "passes"
        /** Does not compile, or warns anew. */
        | "broken"
        /** What uses the workspace from outside does not compile any more; the workspace does. */
        | "breaks users"
        /** Compiles, and the compiler binds a name elsewhere than before. */
        | "meaning changed"
        /** Edits what is not of the workspace. */
        | "edits outside"
        /** The edits themselves cannot be made. */
        | "cannot be made";
    /** First complaint; empty when it passes. */
    readonly first: string;
    /** Seconds that each judge took; 0 where it was not asked. */
    readonly checkSeconds: number;
    readonly bindingsSeconds: number;
}

/** A proposed change and who it is about. */
export interface Proposal {
    readonly change: PlannedChange;
    /** Files outside the workspace that it would edit. */
    readonly outside: readonly string[];
    readonly oldName: string;
    readonly newName: string;
}

/** What judging needs. */
export interface Court {
    readonly copy: WorkspaceCopy;
    readonly cargo: Pick<CargoJudge, "judge">;
    /** Undefined where the compiler's bindings cannot be had. */
    readonly bindings: BindingsJudge | undefined;
    /** Judgements by what makes them the same: compiler, workspace, change. */
    readonly known: ResultStore<Judgement>;
    readonly compiler: string;
    readonly workspace: string;
    readonly now: () => number;
}

const NOT_ASKED = { first: "", checkSeconds: 0, bindingsSeconds: 0 };

/** Judges a proposal. */
export async function judge(court: Court, proposal: Proposal): Promise<Judgement> {
    if (proposal.outside.length > 0) {
        return { ...NOT_ASKED, verdict: "edits outside", first: proposal.outside.join("\n") };
    }
    const key = {
        product: court.compiler,
        workspace: court.workspace,
        subject: digestOf(proposal.change),
        question: court.bindings === undefined ? "check" : `check and bindings, ${COMPARISON_FORMAT}`,
    };
    return court.known.recall(key, async () => judgeAnew(court, proposal));
}

async function judgeAnew(court: Court, proposal: Proposal): Promise<Judgement> {
    let takeBack: () => void;
    try {
        takeBack = court.copy.apply(proposal.change);
    } catch (thrown) {
        const first = thrown instanceof Error ? thrown.message : String(thrown);
        return { ...NOT_ASKED, verdict: "cannot be made", first };
    }
    try {
        const start = court.now();
        const compiled = await court.cargo.judge();
        const checkSeconds = secondsSince(court, start);
        const asked = { ...NOT_ASKED, checkSeconds };
        if (!compiled.ok) {
            const verdict = compiled.isElsewhere ? "breaks users" : "broken";
            return { ...asked, verdict, first: compiled.first };
        }
        if (court.bindings === undefined) {
            return { ...asked, verdict: "passes" };
        }
        const middle = court.now();
        const bound = await court.bindings.judge(proposal);
        const bindingsSeconds = secondsSince(court, middle);
        const verdict = bound.ok ? "passes" : "meaning changed";
        return { verdict, first: bound.first, checkSeconds, bindingsSeconds };
    } finally {
        takeBack();
    }
}

function secondsSince(court: Court, start: number): number {
    return Math.round((court.now() - start) / 100) / 10;
}

/** Names a change by its content, whoever proposed it and in whichever order. */
export function digestOf({ edits, moves }: PlannedChange): string {
    const parts = [
        ...edits.map((one) =>
            [one.path, one.line, one.column, one.oldText, one.newText].join("\0"),
        ),
        ...moves.map(({ from, to }) => `${from}\0${to}`),
    ];
    return createHash("sha256").update(parts.sort().join("\n")).digest("hex").slice(0, 32);
}
