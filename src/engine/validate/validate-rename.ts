// Answers `rename-impact/validate`: plans, has the plan validated in a worktree, logs it, and writes it where that
// was asked for.

import { refuse, type Refusal } from "../../base/index.ts";
import {
    VALIDATION_ACCEPTABLE,
    type ValidateRenameParams,
    type ValidateRenameResult,
} from "../../protocol/index.ts";
import type { RenamePlan } from "../../refactor/index.ts";
import { readAccepted, type Accepted } from "../accepted.ts";
import { describePlan } from "../plan-rename.ts";
import type { RequestContext } from "../engine.ts";
import type { AppliedPlan, PlanToApply } from "../patches/plan-to-apply.ts";
import type { Execution } from "../patches/execute-plan.ts";
import type { EnginePorts } from "../ports.ts";
import { selectRename } from "../select-rename.ts";
import { StaleFiles, type View } from "../view.ts";
import { staleFile } from "../write-rename.ts";
import { refuseOtherForm, RenameUnderTest } from "./rename-under-test.ts";
import { Stopwatch } from "./stopwatch.ts";
import type { Validated } from "./validation-run.ts";

/** What renames are validated with. */
export interface ValidateParts {
    readonly trusted: boolean;
    readonly ports: EnginePorts;
    readonly execution: Execution;
    readonly graphRoot: () => Promise<string>;
    /** Captures what has changed on disk. */
    readonly refresh: () => Promise<void>;
    readonly query: <T>(context: RequestContext, ask: (view: View) => Promise<T>) => Promise<T>;
    /** Writes a plan while nothing else changes the committed state. */
    readonly write: (plan: PlanToApply) => Promise<AppliedPlan | Refusal>;
}

/** A rename that is planned, and the view that it is planned on. */
interface Begun {
    readonly kind: "begun";
    readonly view: View;
    readonly rename: RenameUnderTest;
    readonly first: RenamePlan;
}

/** Validates a rename. */
export async function validateRename(
    parts: ValidateParts,
    context: RequestContext,
    params: ValidateRenameParams,
): Promise<ValidateRenameResult | Refusal> {
    if (!parts.trusted) {
        return refuse(
            "VALIDATE_UNTRUSTED",
            "validating runs cargo, which runs the workspace's own code",
            {
                advice: "start the daemon with --trust (`ferrograph stop` ends one that runs), or rename without",
            },
        );
    }
    const accepted = readAccepted(
        params.accept?.filter((word) => VALIDATION_ACCEPTABLE.every((one) => one !== word)),
    );
    if (accepted.kind === "refusal") {
        return accepted;
    }
    const watch = new Stopwatch(context.onProgress);
    await parts.refresh();
    const begun = await begin(parts, context, params, accepted);
    if (begun.kind === "refusal") {
        return begun;
    }
    try {
        const done = await tryOut(parts, context, { params, begun, watch });
        return "code" in done ? done : await conclude(parts, params, begun, done);
    } catch (thrown) {
        if (thrown instanceof StaleFiles) {
            return staleFile(thrown.paths[0] ?? "a file");
        }
        throw thrown;
    }
}

function begin(
    parts: ValidateParts,
    context: RequestContext,
    params: ValidateRenameParams,
    accepted: Accepted,
): Promise<Begun | Refusal> {
    return parts.query(context, async (view): Promise<Begun | Refusal> => {
        const chosen = selectRename(view, params.symbol, params.as);
        if (chosen.kind === "refusal") {
            return chosen;
        }
        const { target } = chosen;
        const { newName } = params;
        const other = refuseOtherForm(target, newName);
        if (other !== undefined) {
            return other;
        }
        const rename = new RenameUnderTest({
            ...{ ports: parts.ports, view, target, newName },
            accepted: accepted.grades,
            signal: context.signal,
        });
        const first = await rename.begin();
        if (first.kind === "refusal") {
            return first;
        }
        const unsaved = [...first.fileHashes.keys()].find((path) => view.unsaved.includes(path));
        return unsaved !== undefined && (params.write === true || params.withUncommitted !== true)
            ? refuseUnsaved(unsaved, params)
            : { kind: "begun", view, rename, first };
    });
}

function refuseUnsaved(path: string, { write }: ValidateRenameParams): Refusal {
    return refuse("RENAME_UNSAVED_FILE", `${path} has unsaved changes in this client`, {
        advice:
            write === true
                ? "save it first, or have the editor make the edits"
                : "save it first, or take unsaved work along: `withUncommitted`",
    });
}

interface TriedOut {
    readonly root: string;
    readonly opId: string;
    readonly validated: Validated;
    /** For the log. */
    readonly note: string;
}

function tryOut(
    { ports, execution }: ValidateParts,
    context: RequestContext,
    asked: {
        readonly params: ValidateRenameParams;
        readonly begun: Begun;
        readonly watch: Stopwatch;
    },
): Promise<TriedOut | Refusal> {
    const { params, watch, begun } = asked;
    const { view, rename, first } = begun;
    watch.enter("making a worktree");
    return execution.tryOut(context, {
        patchId: "rename",
        description: `validate: ${describe(first, params)}`,
        planFingerprint: first.fingerprint,
        touches: [...first.fileHashes.keys()],
        withUncommitted: params.withUncommitted === true,
        bring: params.bring ?? [],
        work: async (place, signal) => {
            const validation = await import("./validation-run.ts");
            const isUncomparedAccepted = params.accept?.includes("bindings-not-compared") === true;
            const run = new validation.ValidationRun({
                ...{ ports, view, params, rename, first, isUncomparedAccepted },
                ...{ place, watch, signal },
            });
            const done = await run.run();
            if (done.kind === "refusal") {
                return done;
            }
            const isOther =
                params.fingerprint !== undefined && params.fingerprint !== done.plan.fingerprint;
            return isOther
                ? refuse("PLAN_CHANGED", "another rename than the one shown is what passes", {
                      advice: "validate it again, and look at its edits",
                  })
                : { validated: done, note: noteOf(done) };
        },
    });
}

/** Writes what passed, where that was asked for, and describes it. */
async function conclude(
    { ports, write, graphRoot }: ValidateParts,
    params: ValidateRenameParams,
    { view }: Begun,
    { validated, opId }: TriedOut,
): Promise<ValidateRenameResult | Refusal> {
    const { plan, evidence } = validated;
    const { symbol, newName, edits, moves, conflicts, fileHashes, fingerprint } = describePlan(
        view,
        plan,
        true,
    );
    const textOf = (path: string): string => view.text(path);
    const result = {
        ...{ symbol, newName, edits, moves, conflicts, fileHashes, fingerprint, evidence },
        diff: ports.planner.diff(plan, textOf),
    };
    if (params.write !== true) {
        return { ...result, written: false, opId };
    }
    const description = `${describe(plan, params)}, validated by ${opId}`;
    const { writtenPlan } = await import("./written-plan.ts");
    const about = { description, graphRoot: await graphRoot(), textOf };
    const written = await write({
        operation: { patchId: "rename", description, planFingerprint: plan.fingerprint },
        plan: writtenPlan(ports.planner, plan, about),
    });
    return "kind" in written ? written : { ...result, written: true, opId: written.opId };
}

function describe({ oldName }: RenamePlan, { symbol, newName }: ValidateRenameParams): string {
    const what =
        symbol.kind === "path"
            ? symbol.path
            : `${oldName} at ${symbol.place.path}:${symbol.place.line + 1}:${symbol.place.column + 1}`;
    return `rename ${what} to ${newName}`;
}

/** The evidence in a line. */
function noteOf({ evidence }: Validated): string {
    const { configurations, rounds, bindings, mir, link, docLinks, doctests } = evidence;
    const judged = configurations.filter((one) => one.judged).map(({ name }) => name);
    const left = configurations.filter((one) => !one.judged).map(({ name }) => name);
    return [
        `checked: ${judged.join(", ")}`,
        ...(left.length === 0 ? [] : [`left out: ${left.join(", ")}`]),
        `rounds: ${rounds.length}`,
        `bindings: ${bindings.verdict} (${bindings.compared})`,
        `MIR: ${mir.verdict} (${mir.bodies} bodies)`,
        `link: ${link.verdict}`,
        `documentation links: ${docLinks.verdict}`,
        `documentation tests: ${doctests.verdict}`,
    ].join("; ");
}
