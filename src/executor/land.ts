// What becomes of a commit: it stays on its branch, the user's branch moves to it, or it is written down as
// a patch with a text for a pull request.

import { join } from "node:path";

import { refuse, type Refusal } from "../base/index.ts";
import { makeFolder, writeFileAtomic } from "../platform/index.ts";
import type { CheckReportDto } from "../protocol/index.ts";
import type { ChangeToLand, ExecuteOptions } from "./model.ts";
import type { Preflight } from "./preflight.ts";

/** A commit that is to land. */
export interface Landable {
    readonly ahead: Preflight;
    readonly change: ChangeToLand;
    readonly options: ExecuteOptions;
    readonly commit: string;
    readonly storeFolder: string;
    /** Relative to the repository. */
    readonly paths: readonly string[];
    readonly reports: readonly CheckReportDto[];
}

/** Where a commit is. */
export interface Landed {
    readonly kind: "landed";
    readonly branch: string | undefined;
    readonly patchFile: string | undefined;
    readonly textFile: string | undefined;
}

/** Lands a commit, or refuses and leaves all as it was. */
export async function land(landable: Landable): Promise<Landed | Refusal> {
    const { ahead, options } = landable;
    const nowhere = { patchFile: undefined, textFile: undefined };
    switch (options.landing) {
        case "branch":
            return { kind: "landed", branch: ahead.branch, ...nowhere };
        case "fast-forward": {
            const refusal = await fastForward(landable);
            return refusal ?? { kind: "landed", branch: ahead.head.branch, ...nowhere };
        }
        case "patch":
            return writePatch(landable);
    }
}

async function fastForward({ ahead, commit, paths }: Landable): Promise<Refusal | undefined> {
    const { repository, head } = ahead;
    const now = await repository.head();
    const advice = "nothing was changed; leave the commit on a branch instead: --land branch";
    if (now.branch !== head.branch || now.commit === undefined) {
        const message = "another branch was checked out meanwhile";
        return refuse("EXECUTOR_NOT_FAST_FORWARD", message, { advice });
    }
    if (!(await repository.isAncestor(now.commit, commit))) {
        const message = `\`${now.branch ?? ""}\` has moved on since the operation began`;
        return refuse("EXECUTOR_NOT_FAST_FORWARD", message, { advice });
    }
    const [dirty] = await repository.changedFiles(paths);
    if (dirty !== undefined) {
        const message = `${dirty} has been changed since the operation began`;
        return refuse("EXECUTOR_NOT_FAST_FORWARD", message, { advice });
    }
    try {
        await repository.fastForward(commit);
        return undefined;
    } catch (cause) {
        const said = cause instanceof Error ? (cause.message.trim().split("\n")[0] ?? "") : "";
        const message = `git does not fast-forward: ${said}`;
        return refuse("EXECUTOR_NOT_FAST_FORWARD", message, { advice });
    }
}

async function writePatch(landable: Landable): Promise<Landed> {
    const { ahead, change, commit, storeFolder } = landable;
    const { repository, base } = ahead;
    const folder = join(storeFolder, "operations");
    const patchFile = join(folder, `${change.opId}.patch`);
    const textFile = join(folder, `${change.opId}.md`);
    const [patch, stat] = await Promise.all([
        repository.formatPatch(base, commit),
        repository.diffStat(base, commit),
        makeFolder(folder),
    ]);
    const text = pullRequestText(landable, stat);
    await writeFileAtomic(patchFile, Buffer.from(patch, "utf8"));
    await writeFileAtomic(textFile, Buffer.from(text, "utf8"));
    return { kind: "landed", branch: undefined, patchFile, textFile };
}

/** What a pull request says of the change. */
function pullRequestText({ change, reports }: Landable, stat: string): string {
    const checks = reports.map(
        ({ command, before, milliseconds }) =>
            `| \`${command}\` | ${before === 0 ? "passes" : `nothing new; ${before} found before`} | ${(milliseconds / 1000).toFixed(1)} s |`,
    );
    return [
        `# ${change.title}`,
        "",
        ...(change.description === change.title ? [] : [change.description, ""]),
        ...change.body.map((line) => `- ${line}`),
        "",
        "| Check | Result | Time |",
        "|---|---|---|",
        ...checks,
        "",
        "```",
        stat.trimEnd(),
        "```",
        "",
        `Operation ${change.opId}, patch ${change.patchId}, plan ${change.planFingerprint ?? "none"}.`,
        "",
    ].join("\n");
}
