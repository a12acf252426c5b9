// What became of the planted clashes, ours beside the peer's, as Markdown.

import { renderTable, type Cell } from "../report/markdown-table.ts";
import { PLANTED_OUTCOMES, type PlantedResult, type PlantedSide } from "./planted-trial.ts";

/** Renders the section of the planted clashes. */
export function renderPlanted(
    results: readonly PlantedResult[],
    product: string,
    peer: string,
): string {
    const count = (side: "ours" | "peer", label: string): Cell[] => [
        label,
        results.length,
        ...PLANTED_OUTCOMES.map(
            (outcome) => results.filter((one) => one[side]?.outcome === outcome).length,
        ),
    ];
    const hasPeer = results.some((one) => one.peer !== undefined);
    return [
        "## Planted clashes",
        `${results.length} small programs (\`bench/planted\`) in which a rename of the marked tokens ` +
            `compiles and prints something else; each was compiled and run before and after to be sure. ` +
            `A tool must refuse, ask back, or leave what is printed as it was. Product ${product}; ` +
            `beside ${peer}.`,
        renderTable(
            ["tool", "asked", ...PLANTED_OUTCOMES],
            [count("ours", "ferrograph"), ...(hasPeer ? [count("peer", "rust-analyzer")] : [])],
        ),
        renderTable(
            ["case", "what collides", "ferrograph", "rust-analyzer"],
            results.map((one) => [
                one.name,
                one.about,
                describe(one.ours),
                one.peer === undefined ? "–" : describe(one.peer),
            ]),
        ),
    ].join("\n\n");
}

function describe({ outcome, said }: PlantedSide): string {
    const [first = ""] = said.split("\n");
    return first === "" ? outcome : `${outcome}: ${first}`;
}
