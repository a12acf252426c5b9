// The rows that `npm run bench` writes.

import { renderTable, type Cell } from "../report/markdown-table.ts";

/** One figure of ours beside a peer's. */
export interface BenchRow {
    readonly name: string;
    readonly unit: string;
    readonly better: "lower" | "higher";
    readonly ours: number;
    /** Null when the peer is not there, or has nothing of the kind. */
    readonly peer: number | null;
    readonly peerName: string;
    /** How many times better we are than the peer: above 1 is better, whatever the unit. */
    readonly ratio: number | null;
}

/** A figure measured on one side or both. */
export interface Measured {
    readonly name: string;
    readonly unit: string;
    readonly better: "lower" | "higher";
    readonly ours: number | undefined;
    readonly peer: number | undefined;
}

/** Makes rows of figures; one that we do not have is left out. */
export function makeRows(measured: readonly Measured[], peerName: string): BenchRow[] {
    return measured.flatMap(({ name, unit, better, ours, peer }) => {
        if (ours === undefined) {
            return [];
        }
        const ratio = peer === undefined ? null : better === "lower" ? peer / ours : ours / peer;
        return [
            {
                name,
                unit,
                better,
                ours: round(ours),
                peer: peer === undefined ? null : round(peer),
                peerName,
                ratio: ratio === null ? null : round(ratio),
            },
        ];
    });
}

function round(value: number): number {
    return Number(value.toPrecision(3));
}

/** Renders rows as a table for people. */
export function renderRows(rows: readonly BenchRow[]): string {
    const peerName = rows[0]?.peerName ?? "peer";
    return renderTable(
        ["what", "unit", "ours", peerName, "times better"],
        rows.map((row): Cell[] => [
            row.name,
            row.unit,
            row.ours,
            row.peer ?? undefined,
            row.ratio ?? undefined,
        ]),
    );
}
