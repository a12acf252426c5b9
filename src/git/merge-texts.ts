// Merges what two made of one text, as git does.

import { join } from "node:path";

import { OperatingError } from "../base/index.ts";
import { makeFolder, removeFolder, runProcess, writeFileAtomic } from "../platform/index.ts";

/** A text, and what two made of it. */
export interface TextsToMerge {
    readonly base: string;
    readonly ours: string;
    readonly theirs: string;
}

/** Merges texts by way of files in a folder that is removed afterwards; undefined where they conflict. */
export async function mergeTexts(
    folder: string,
    { base, ours, theirs }: TextsToMerge,
): Promise<string | undefined> {
    await makeFolder(folder);
    try {
        const texts = { ours, base, theirs };
        for (const [name, text] of Object.entries(texts)) {
            await writeFileAtomic(join(folder, name), Buffer.from(text, "utf8"));
        }
        const args = ["merge-file", "-p", "--quiet", "ours", "base", "theirs"];
        const { code, stdout, stderr } = await runProcess("git", args, { cwd: folder });
        // The status is the number of conflicts; from 128 on it is git's own trouble.
        if (code === undefined || code >= 128) {
            throw new OperatingError("EXECUTOR_GIT", `git merge-file failed: ${stderr.trim()}`);
        }
        return code === 0 ? stdout : undefined;
    } finally {
        await removeFolder(folder);
    }
}
