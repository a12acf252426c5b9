// Operations of the log once more: listed, undone, planned anew.

import { join } from "node:path";

import { OperatingError, refuse, type Refusal } from "../../base/index.ts";
import type { EditPlace, Edited } from "../../executor/index.ts";
import { GitRepository, mergeTexts } from "../../git/index.ts";
import type { OperationRecord } from "../../oplog/index.ts";
import type { PatchPlan } from "../../patch/index.ts";
import { readBytesIfThere } from "../../platform/index.ts";
import type {
    OperationsParams,
    OperationsResult,
    RollbackParams,
    RollbackResult,
} from "../../protocol/index.ts";
import type { RequestContext } from "../engine.ts";
import {
    findOperation,
    landedOf,
    noPlanKept,
    type ChangeOf,
    type Execution,
    type ExecutionParts,
} from "./execute-plan.ts";
import { readBefore } from "./kept-texts.ts";
import type { AppliedPlan, PlanToApply } from "./plan-to-apply.ts";

/** What past operations are looked after with. */
export interface PastParts extends Pick<ExecutionParts, "graphRoot" | "operations" | "root"> {
    readonly execution: Execution;
    /** Writes a plan while nothing else changes the committed state. */
    readonly write: (plan: PlanToApply) => Promise<AppliedPlan | Refusal>;
}

const SHOWN_DEFAULT = 50;

/** Operations of one workspace. */
export class PastOperations {
    readonly #parts: PastParts;

    constructor(parts: PastParts) {
        this.#parts = parts;
    }

    async log({ limit = SHOWN_DEFAULT }: OperationsParams): Promise<OperationsResult> {
        await this.#parts.execution.recover();
        const records = await this.#parts.operations.records();
        const shown = limit === 0 ? [] : records.slice(-limit).reverse();
        return { operations: shown, known: records.length };
    }

    /** The patch of an operation, as the text of a patch file. */
    async patchOf(written: string): Promise<{ readonly text: string } | Refusal> {
        await this.#parts.execution.recover();
        const record = findOperation(await this.#parts.operations.records(), written);
        if ("kind" in record) {
            return record;
        }
        const plan = await this.#keptPlan(record.opId);
        return plan === undefined || plan.patch.patterns.length === 0
            ? noPlanKept(record.opId)
            : { text: JSON.stringify(plan.patch) };
    }

    /** Undoes one operation. */
    async rollback(
        context: RequestContext,
        params: RollbackParams,
    ): Promise<RollbackResult | Refusal> {
        await this.#parts.execution.recover();
        const record = findOperation(await this.#parts.operations.records(), params.opId);
        if ("kind" in record) {
            return record;
        }
        if (record.result !== "applied") {
            const message = `operation ${record.opId} was ${record.result}: there is nothing to undo`;
            return refuse("OPERATION_NOT_APPLIED", message);
        }
        return record.appliedCommit === null
            ? this.#writeBack(record)
            : this.#revert(context, params, record, record.appliedCommit);
    }

    async #revert(
        context: RequestContext,
        params: RollbackParams,
        record: OperationRecord,
        applied: string,
    ): Promise<RollbackResult | Refusal> {
        const repository = await GitRepository.open(this.#parts.root);
        if (typeof repository === "string") {
            return refuse(
                "EXECUTOR_NO_REPOSITORY",
                "the workspace is in no git repository any more",
            );
        }
        const commit = await findCommit(repository, record.opId, applied);
        if (commit === undefined) {
            return this.#removeBranch(repository, record, applied);
        }
        const files = await repository.filesOf(commit);
        const plan = await this.#keptPlan(record.opId);
        const executed = await this.#parts.execution.execute(
            context,
            params,
            revertOf(record, { commit, files, plan, prefix: repository.prefix }),
        );
        if ("kind" in executed) {
            return executed;
        }
        return {
            ...{ files, moves: [], edits: files.length },
            ...{ root: executed.root, opId: executed.opId, undone: record.opId },
            how: "reverted",
            landed: landedOf(executed.executed),
        };
    }

    /** What never came to the branch that is checked out is undone by removing its own branch. */
    async #removeBranch(
        repository: GitRepository,
        record: OperationRecord,
        commit: string,
    ): Promise<RollbackResult | Refusal> {
        const branches = await repository.branchesAt(commit, `refactor/${record.opId}/`);
        const [branch] = branches;
        if (branch === undefined) {
            const message = `the commit ${commit.slice(0, 12)} is no part of what is checked out`;
            return refuse("OPERATION_NOT_HERE", message, {
                advice: "check out the branch that it is on, and ask again",
            });
        }
        const { operations, graphRoot } = this.#parts;
        const root = await graphRoot();
        const done = await operations.run(undoing(record, root), async (opId) => {
            await repository.deleteBranch(branch, commit);
            return { opId, root };
        });
        return "kind" in done
            ? done
            : {
                  ...{ files: [], moves: [], edits: 0, root, opId: done.opId },
                  ...{ undone: record.opId, how: "branch-removed" },
              };
    }

    /** Writes back what a plan changed in the workspace itself, later changes of the files kept. */
    async #writeBack(record: OperationRecord): Promise<RollbackResult | Refusal> {
        const plan = await this.#keptPlan(record.opId);
        const before = await readBefore(this.#parts.operations.folder(), record.opId);
        if (plan === undefined || before === undefined) {
            return noPlanKept(record.opId);
        }
        const inverse = await this.#inverse(record, plan, before);
        if ("kind" in inverse) {
            return inverse;
        }
        const { patchId, description } = undoing(record, "");
        const operation = { patchId, description, planFingerprint: inverse.fingerprint };
        const done = await this.#parts.write({ operation, plan: inverse });
        const edits = inverse.files.reduce((sum, file) => sum + file.edits.length, 0);
        return "kind" in done ? done : { ...done, edits, undone: record.opId, how: "written" };
    }

    async #inverse(
        record: OperationRecord,
        plan: PatchPlan,
        texts: ReadonlyMap<string, Uint8Array>,
    ): Promise<PatchPlan | Refusal> {
        const { applyToFile, hashOf, sealPlan } = await import("../../patch/index.ts");
        const { root, operations, graphRoot } = this.#parts;
        const conflicts: string[] = [];
        const files: PatchPlan["files"][number][] = [];
        for (const file of plan.files) {
            const before = texts.get(file.path);
            const now = await readBytesIfThere(join(root, file.pathAfter));
            const after = before === undefined ? undefined : applyToFile(file, before);
            if (before === undefined || now === undefined || after?.kind !== "bytes") {
                conflicts.push(`${file.pathAfter} is not there any more`);
                continue;
            }
            const back =
                hashOf(now) === file.after
                    ? text(before)
                    : await mergeTexts(join(operations.folder(), `${record.opId}.merge`), {
                          base: text(after.bytes),
                          ours: text(now),
                          theirs: text(before),
                      });
            if (back === undefined) {
                conflicts.push(`${file.pathAfter} has been changed since at the same lines`);
                continue;
            }
            files.push(inverseFile(file, now, back, hashOf));
        }
        if (conflicts.length > 0) {
            return conflicting(record.opId, conflicts);
        }
        return sealPlan({
            ...plan,
            patch: { id: "rollback", description: `undo ${record.opId}`, patterns: [] },
            graphRoot: await graphRoot(),
            operations: [],
            leftAlone: [],
            files,
        });
    }

    async #keptPlan(opId: string): Promise<PatchPlan | undefined> {
        const file = join(this.#parts.operations.folder(), `${opId}.plan.json`);
        const bytes = await readBytesIfThere(file);
        if (bytes === undefined) {
            return undefined;
        }
        const { decodePlan } = await import("../../patch/index.ts");
        const read = decodePlan(text(bytes));
        return read.kind === "plan" ? read.plan : undefined;
    }
}

function text(bytes: Uint8Array): string {
    return Buffer.from(bytes).toString("utf8");
}

function inverseFile(
    { path, pathAfter }: PatchPlan["files"][number],
    now: Uint8Array,
    back: string,
    hashOf: (bytes: Uint8Array) => string,
): PatchPlan["files"][number] {
    const edit = {
        start: 0,
        end: now.length,
        oldText: text(now),
        newText: back,
        applicability: "machine-applicable" as const,
        operations: [],
    };
    return {
        path: pathAfter,
        pathAfter: path,
        before: hashOf(now),
        after: hashOf(Buffer.from(back, "utf8")),
        edits: text(now) === back ? [] : [edit],
    };
}

/** The commit of an operation in what is checked out; another one where it was rebased or squashed. */
async function findCommit(
    repository: GitRepository,
    opId: string,
    applied: string,
): Promise<string | undefined> {
    const isKnown = (await repository.commitOf(applied)) !== undefined;
    if (isKnown && (await repository.isAncestor(applied, "HEAD"))) {
        return applied;
    }
    return (await repository.commitsWithLine(`Op-Id: ${opId}`, "HEAD"))[0];
}

function revertOf(
    record: OperationRecord,
    {
        commit,
        files,
        plan,
        prefix,
    }: {
        readonly commit: string;
        readonly files: readonly string[];
        readonly plan: PatchPlan | undefined;
        readonly prefix: string;
    },
): ChangeOf {
    const { patchId, description } = undoing(record, "");
    return {
        patchId,
        description,
        planFingerprint: null,
        title: `Undo ${record.description}`,
        body: [],
        trailers: [["Undoes", record.opId]],
        touches: files.flatMap((path) =>
            path.startsWith(prefix) ? [path.slice(prefix.length)] : [],
        ),
        verify: () => Promise.resolve(undefined),
        edit: (place) => revertIn(place, record.opId, commit, files),
        configurations: plan?.patch.constraints?.cfg_matrix,
        postchecks: plan?.patch.postchecks ?? [],
        affectedTests: () => Promise.resolve(undefined),
    };
}

async function revertIn(
    place: EditPlace,
    opId: string,
    commit: string,
    files: readonly string[],
): Promise<Edited | Refusal> {
    const worktree = await GitRepository.open(place.worktree);
    if (typeof worktree === "string") {
        throw new OperatingError("EXECUTOR_GIT", `${place.worktree} is no worktree`);
    }
    const conflicts = await worktree.revert(commit);
    if (conflicts.length > 0) {
        return conflicting(
            opId,
            conflicts.map((path) => `${path} has been changed since at the same lines`),
        );
    }
    const changed = await worktree.changedFiles(files);
    return changed.length === 0
        ? refuse("OPERATION_UNDONE", `nothing of operation ${opId} is left to undo`)
        : { kind: "edited", paths: files, isStaged: true, moved: new Map(), places: [] };
}

function conflicting(opId: string, conflicts: readonly string[]): Refusal {
    return refuse("ROLLBACK_CONFLICT", `operation ${opId} cannot be undone by itself any more`, {
        candidates: conflicts,
        advice: "undo what came later first; nothing was changed",
    });
}

function undoing(
    { opId, description }: OperationRecord,
    rootBefore: string,
): { patchId: string; description: string; planFingerprint: null; rootBefore: string } {
    const said = `undo ${opId}: ${description}`;
    return { patchId: "rollback", description: said, planFingerprint: null, rootBefore };
}
