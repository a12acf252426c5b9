// What `ferrograph doctor` found, as a person reads it. Pure.

import { count, widest } from "./layout.ts";
import type { Paint } from "./paint.ts";

/** One thing that was looked at. */
export interface Finding {
    readonly name: string;
    /** `bad` stops ferrograph; `poor` takes something away from it. */
    readonly grade: "good" | "poor" | "bad";
    readonly detail: string;
    /** What to do; empty when there is nothing to do. */
    readonly advice: string;
}

/** All findings below each other, each with what to do. */
export function renderDoctor(findings: readonly Finding[], paint: Paint): string[] {
    const width = widest(
        findings.map((finding) => finding.name),
        24,
    );
    const marks = { good: paint.green("ok  "), poor: paint.yellow("poor"), bad: paint.red("bad ") };
    const lines = findings.flatMap((finding) => [
        `${marks[finding.grade]}  ${finding.name.padEnd(width)}  ${finding.detail}`,
        ...(finding.advice === "" ? [] : [`      ${" ".repeat(width)}  → ${finding.advice}`]),
    ]);
    const bad = findings.filter((finding) => finding.grade === "bad").length;
    const poor = findings.filter((finding) => finding.grade === "poor").length;
    return [...lines, "", summarize(bad, poor)];
}

function summarize(bad: number, poor: number): string {
    if (bad > 0) {
        return `${count(bad, "thing")} must be put right before ferrograph can work`;
    }
    return poor > 0
        ? `ferrograph works; ${count(poor, "thing")} would make it better`
        : "all is well";
}
