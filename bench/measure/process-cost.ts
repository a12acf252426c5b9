// Memory and processor time of a process and of those that it started, by /proc; Linux only.

import { readdirSync, readFileSync } from "node:fs";

/** Largest resident memory so far of a process and its children, in MiB; undefined without /proc. */
export function peakMemoryMiB(pid: number): number | undefined {
    const kilobytes = [pid, ...childrenOf(pid)].map((one) => readPeak(one) ?? 0);
    const sum = kilobytes.reduce((total, each) => total + each, 0);
    return sum === 0 ? undefined : sum / 1024;
}

/** The high-water mark in the text of /proc/PID/status, in kilobytes. */
export function parsePeak(status: string): number | undefined {
    const found = /^VmHWM:\s+(\d+) kB$/mu.exec(status)?.[1];
    return found === undefined ? undefined : Number(found);
}

/**
 * Processor time that a process and its children have used so far, those that have ended included;
 * undefined without /proc. On a busy machine it says more than the time that went by.
 */
export function processorMs(pid: number): number | undefined {
    const ticks = [pid, ...childrenOf(pid)].map((one) => readTicks(one) ?? 0);
    const sum = ticks.reduce((total, each) => total + each, 0);
    return sum === 0 ? undefined : (sum * 1000) / TICKS_PER_SECOND;
}

// What Linux shows to programs on every machine that Node runs on, whatever the kernel's own clock.
const TICKS_PER_SECOND = 100;

/** Own and ended children's user and system time in the text of /proc/PID/stat, in ticks. */
export function parseTicks(stat: string): number | undefined {
    // The second field is a name in parentheses that may hold blanks; the times are the 14th to 17th.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const times = fields.slice(11, 15).map(Number);
    return times.length === 4 && times.every(Number.isFinite)
        ? times.reduce((total, each) => total + each, 0)
        : undefined;
}

function readTicks(pid: number): number | undefined {
    try {
        return parseTicks(readFileSync(`/proc/${pid}/stat`, "utf8"));
    } catch {
        return undefined;
    }
}

function readPeak(pid: number): number | undefined {
    try {
        return parsePeak(readFileSync(`/proc/${pid}/status`, "utf8"));
    } catch {
        return undefined;
    }
}

function childrenOf(pid: number): number[] {
    try {
        const tasks = readdirSync(`/proc/${pid}/task`);
        const direct = tasks.flatMap((task) =>
            readFileSync(`/proc/${pid}/task/${task}/children`, "utf8")
                .split(" ")
                .filter((word) => word !== "")
                .map(Number),
        );
        return direct.flatMap((child) => [child, ...childrenOf(child)]);
    } catch {
        return [];
    }
}
