// Memory of a process and of those that it started, by /proc; Linux only.

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
