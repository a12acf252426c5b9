// A check that is looked at by itself: it is run on edited files, and only where something is wrong with them
// also on the unedited ones, to tell what the edit has to do with it.

import { runCargo, type CargoRun } from "../cargo/index.ts";
import type { CheckReportDto } from "../protocol/index.ts";
import { findingsOf, newFindings, type Finding } from "./findings.ts";
import type { CheckPlace } from "./run-checks.ts";

/** What to run. */
export interface SeparateStep {
    /** As it would be typed. */
    readonly command: string;
    readonly args: readonly string[];
    readonly kind: "compile" | "test";
}

/** What was found wrong that was not before. */
export interface SeparateRun {
    readonly report: CheckReportDto;
    readonly broken: readonly Finding[];
}

/** Runs a step; `restore` takes the edits back. */
export async function runSeparately(
    place: CheckPlace,
    { command, args, kind }: SeparateStep,
    restore: () => Promise<void>,
    moved: ReadonlyMap<string, string>,
): Promise<SeparateRun> {
    const { folder, targetFolder, signal, onProgress } = place;
    const run = (): Promise<CargoRun> => {
        onProgress?.(command, 0, 0);
        return runCargo({ folder, targetFolder, args, signal });
    };
    const now = await run();
    const found = findingsOf(now, kind, folder);
    let before: CargoRun | undefined;
    let broken = found;
    if (found.length > 0) {
        await restore();
        before = await run();
        broken = newFindings(findingsOf(before, kind, folder), found, moved);
    }
    return {
        broken,
        report: {
            command,
            before: found.length - broken.length,
            added: broken.length,
            millisecondsBefore: before?.milliseconds ?? 0,
            milliseconds: now.milliseconds,
            kind: "cargo",
            compiledBefore: before?.compiled ?? 0,
            compiled: now.compiled,
        },
    };
}
