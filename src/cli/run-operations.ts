// The commands about operations: plan, apply, log, rollback, replay.

import path from "node:path";

import { isRefusal, OperatingError, type Refusal } from "../base/index.ts";
import { writeFileAtomic } from "../platform/index.ts";
import { METHOD, type PlanResult } from "../protocol/index.ts";
import type {
    ApplyCommand,
    LogCommand,
    PlanCommand,
    PropagateCommand,
    ReplayCommand,
    RollbackCommand,
} from "./command-line.ts";
import { renderLanded, renderLog, renderPropagated, renderRollback } from "./render-operations.ts";
import { renderAppliedPlan, renderPlan } from "./render-plan.ts";
import { mapAnswer, request, type Answer, type Session } from "./session.ts";
import { readSourceText } from "./workspace-files.ts";

/** A command about operations. */
export type OperationsCommand =
    ApplyCommand | LogCommand | PlanCommand | PropagateCommand | ReplayCommand | RollbackCommand;

/** Answers a command about operations. */
export async function answerOperations(
    command: OperationsCommand,
    session: Session,
): Promise<Answer | Refusal> {
    const { paint } = session.terminal;
    switch (command.name) {
        case "plan": {
            const patch = readInput(command.file);
            return givePlan(await request(session, METHOD.plan, { patch }), command.out, session);
        }
        case "replay": {
            const { opId, out } = command;
            return givePlan(await request(session, METHOD.replay, { opId }), out, session);
        }
        case "propagate":
            return answerPropagate(command, session);
        case "apply":
            return answerApply(command, session);
        case "log": {
            const { limit } = command;
            const result = await request(session, METHOD.operations, { limit });
            return mapAnswer(result, (log) => renderLog(log, paint));
        }
        case "rollback": {
            const { opId, validate, land, bring, keep, fresh } = command;
            const params = { opId, validate, land, ...pushOf(command), bring, keep, fresh };
            const result = await request(session, METHOD.rollback, params);
            return mapAnswer(result, (done) => renderRollback(done, paint));
        }
    }
}

function pushOf({ push }: ApplyCommand | RollbackCommand): { readonly push?: string } {
    return push === undefined ? {} : { push };
}

async function answerApply(command: ApplyCommand, session: Session): Promise<Answer | Refusal> {
    const { paint } = session.terminal;
    const { inPlace, validate, land, withUncommitted, bring, keep, fresh } = command;
    const plan = readInput(command.file);
    const own = { plan, inPlace, validate, land, withUncommitted, bring, keep, fresh };
    const params = { ...own, ...pushOf(command) };
    const result = await request(session, METHOD.applyPlan, params);
    return mapAnswer(result, (done) => [
        ...(done.landed === undefined ? [] : renderLanded(done.landed, paint)),
        ...renderAppliedPlan(done, paint),
    ]);
}

async function answerPropagate(
    { between, accept, out }: PropagateCommand,
    session: Session,
): Promise<Answer | Refusal> {
    const { paint } = session.terminal;
    const found = await request(session, METHOD.propagate, { between, accept });
    if (isRefusal(found)) {
        return found;
    }
    const { patch } = found;
    const lines = renderPropagated(found, paint);
    if (patch === undefined) {
        return { json: found, lines };
    }
    if (out !== undefined) {
        await writeFileAtomic(path.resolve(out), Buffer.from(patch));
    }
    const planned = await givePlan(
        await request(session, METHOD.plan, { patch }),
        undefined,
        session,
    );
    if (isRefusal(planned)) {
        // Which renames there are is worth knowing all the same.
        session.terminal.complain(session.common.json ? [] : lines);
        return planned;
    }
    return { json: { ...found, planned: planned.json }, lines: [...lines, "", ...planned.lines] };
}

async function givePlan(
    result: PlanResult | Refusal,
    out: string | undefined,
    session: Session,
): Promise<Answer | Refusal> {
    if (isRefusal(result)) {
        return result;
    }
    if (out !== undefined) {
        const text = `${JSON.stringify(result.plan, null, 2)}\n`;
        await writeFileAtomic(path.resolve(out), Buffer.from(text));
    }
    return { json: result, lines: renderPlan(result, out, session.terminal.paint) };
}

/** Text of a file that the command line names. */
function readInput(file: string): string {
    const text = readSourceText(path.resolve(file));
    if (text === undefined) {
        throw new OperatingError("FILE_NOT_FOUND", `there is no file ${file}`);
    }
    return text;
}
