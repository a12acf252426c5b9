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
    /** Of tests, those that count: any of these is in their names. Where none is, all are run. */
    readonly filters?: readonly string[];
}

/** What was found wrong that was not before. */
export interface SeparateRun {
    readonly report: CheckReportDto;
    readonly broken: readonly Finding[];
}

/** Runs a step; `restore` takes the edits back. */
export async function runSeparately(
    place: CheckPlace,
    { command, args, kind, filters = [] }: SeparateStep,
    restore: () => Promise<void>,
    moved: ReadonlyMap<string, string>,
): Promise<SeparateRun> {
    const { folder, targetFolder, signal, onProgress } = place;
    const run = (more: readonly string[]): Promise<CargoRun> => {
        onProgress?.(command, 0, 0);
        return runCargo({ folder, targetFolder, args: [...args, ...more], signal });
    };
    let more = filters.length === 0 ? [] : ["--", ...filters];
    let now = await run(more);
    if (more.length > 0 && now.output.every((line) => !/^running [1-9]/u.test(line))) {
        // Tests are named otherwise than we think, or these files have none.
        more = [];
        now = await run(more);
    }
    const found = findingsOf(now, kind, folder);
    let before: CargoRun | undefined;
    let broken = found;
    if (found.length > 0) {
        await restore();
        before = await run(more);
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
