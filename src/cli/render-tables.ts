// The state of the tables, and what tools told of types, as a person reads it. Pure.

import type { TablesStatus, TypesStatus } from "../protocol/index.ts";
import { count, showBytes, showMilliseconds } from "./layout.ts";
import type { Paint } from "./paint.ts";

const ROOT_DIGITS = 16;

/** Rows of status about the tables. */
export function describeTables(tables: TablesStatus, paint: Paint): (readonly [string, string])[] {
    const { state, rows, root, k, bytes, error, gitProblem, types, checkpoint } = tables;
    const words = {
        none: "not asked for yet",
        stored: `${showBytes(bytes)}, opened when they are asked`,
        open: `${count(sumOf(rows), "row")}, ${showBytes(bytes)}; ${stateOf(root, k)}`,
        failed: paint.yellow(`they could not follow: ${error}`),
    };
    return [
        ["tables", words[state]],
        ...(state === "open" ? [["", listRows(rows)] as const] : []),
        ...(gitProblem === "" ? [] : [["git history", gitProblem] as const]),
        ...types.map((told) => ["types", describeTold(told)] as const),
        ...(checkpoint === undefined
            ? []
            : [
                  [
                      "checkpoint",
                      `${showBytes(checkpoint.bytes)} of Parquet in ${checkpoint.folder}; ${stateOf(checkpoint.root, checkpoint.k)}`,
                  ] as const,
              ]),
    ];
}

/** What tools told, for who asked them. */
export function renderTypes(tools: readonly TypesStatus[], paint: Paint): string[] {
    return tools.flatMap((told) => {
        const time =
            told.milliseconds === 0 ? "known already" : showMilliseconds(told.milliseconds);
        return [
            `  types: ${describeTold(told)}, ${time}`,
            ...told.problems.map((problem) => paint.yellow(`    ${problem}`)),
        ];
    });
}

function describeTold({ tool, files, types }: TypesStatus): string {
    return `${count(types, "type")} in ${count(files, "file")} by ${tool}`;
}

function stateOf(root: string, k: number): string {
    return `after delta ${k}, graph root ${root.slice(0, ROOT_DIGITS)}`;
}

function listRows(rows: TablesStatus["rows"]): string {
    return Object.entries(rows)
        .map(([name, number]) => `${name} ${number.toLocaleString("en")}`)
        .join(", ");
}

function sumOf(rows: TablesStatus["rows"]): number {
    return Object.values(rows).reduce((sum, number) => sum + number, 0);
}
