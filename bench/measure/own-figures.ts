// What is measured of our own requests, which nobody else has: impact, and a rename's plan with its ripple.

import { runProcess, monotonicMs } from "../../src/platform/index.ts";
import type { DaemonClient } from "../../src/server/index.ts";
import { findMuchCalled } from "../accuracy/callers.ts";
import type { ResolvedHere } from "../accuracy/resolve-here.ts";
import { demand } from "../peers/subject.ts";
import type { Question } from "./questions.ts";

/** Latencies of our own requests. */
export interface OwnFigures {
    readonly renameImpactMs: readonly number[];
    readonly impactMs: readonly number[];
    readonly commandMs: readonly number[];
}

const FUNCTIONS = 20;
const COMMANDS = 5;

/** Asks a daemon that is ready. */
export async function measureOwn(
    client: DaemonClient,
    here: ResolvedHere,
    renames: readonly Question[],
    command: readonly string[],
): Promise<OwnFigures> {
    const renameImpactMs: number[] = [];
    for (const { at, newName } of renames) {
        const symbol = { kind: "place", place: at } as const;
        const start = monotonicMs();
        await client.request("rename-impact", { symbol, newName });
        renameImpactMs.push(monotonicMs() - start);
    }
    const functions = findMuchCalled(here, FUNCTIONS);
    const impactMs: number[] = [];
    for (const { place } of functions) {
        const start = monotonicMs();
        await demand(client, "rename-impact/impact", { symbol: { kind: "place", place } });
        impactMs.push(monotonicMs() - start);
    }
    const [program = "", ...args] = command;
    const commandMs: number[] = [];
    for (const { place } of functions.slice(0, COMMANDS)) {
        const where = `${place.path}:${place.line + 1}:${place.column + 1}`;
        const start = monotonicMs();
        const done = await runProcess(program, [...args, where]);
        if (done.code !== 0) {
            throw new Error(`impact of ${where} failed: ${done.stderr}`);
        }
        commandMs.push(monotonicMs() - start);
    }
    return { renameImpactMs, impactMs, commandMs };
}
