// The SCIP index that rust-analyzer makes of a workspace, kept for as long as its texts are the same.

import { existsSync, readFileSync } from "node:fs";

import { readScipIndex, type ScipDocument } from "../../src/capture/index.ts";
import { requireSuccess, runProcess } from "../../src/platform/index.ts";
import type { StdSources } from "../corpora/std-sources.ts";

const PROGRAM = "rust-analyzer";
const SCIP_MS_MAX = 30 * 60_000;

/** Version of rust-analyzer; undefined when it cannot be run. */
export async function findRustAnalyzer(): Promise<string | undefined> {
    try {
        const asked = await runProcess(PROGRAM, ["--version"]);
        return asked.code === 0 ? asked.stdout.trim() : undefined;
    } catch {
        return undefined;
    }
}

/** Makes the index of a workspace in a file, unless the file is there already, and reads it. */
export async function makeScipIndex(
    root: string,
    file: string,
    std: StdSources | undefined,
): Promise<ScipDocument[]> {
    if (!existsSync(file)) {
        const options = { cwd: root, env: std?.env ?? {}, timeoutMs: SCIP_MS_MAX };
        const args = ["scip", root, "--output", file];
        requireSuccess(PROGRAM, await runProcess(PROGRAM, args, options));
    }
    return readScipIndex(readFileSync(file));
}

/** Whether an index names things of std: without that, types are unknown and so are most methods. */
export function knowsStd(documents: readonly ScipDocument[]): boolean {
    return documents.some((document) =>
        document.occurrences.some(({ symbol }) => symbol.startsWith("rust-analyzer cargo core ")),
    );
}
