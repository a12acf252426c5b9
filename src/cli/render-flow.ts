// Control flow as a list of blocks: where each stands, its line, and what may follow. Pure.

import type { FlowBlockDto, FlowBodyDto, FlowResult } from "../protocol/index.ts";
import { count, widest } from "./layout.ts";
import type { Paint } from "./paint.ts";
import { renderSymbol } from "./render-impact.ts";
import type { SourceLines } from "./source-lines.ts";

const TEXT_WIDTH_MAX = 60;
const PLACE_WIDTH_MAX = 40;

/** The blocks of an item and of the closures in it. */
export function renderFlow(flow: FlowResult, source: SourceLines, paint: Paint): string[] {
    const lines = renderSymbol(flow.symbol, source, paint);
    for (const body of flow.bodies) {
        lines.push("", ...renderBody(body, body.part === "" ? flow.from : 0, { source, paint }));
    }
    const compiled = flow.configurations.join(", ");
    return [...lines, "", paint.dim(`compiled as ${compiled}; shard ${flow.shard}`)];
}

function renderBody(
    body: FlowBodyDto,
    from: number,
    { source, paint }: { readonly source: SourceLines; readonly paint: Paint },
): string[] {
    const reached = body.blocks.filter((block) => block.distance >= 0).length;
    const edges = body.blocks.reduce((sum, block) => sum + block.next.length, 0);
    const name = body.part === "" ? "body" : body.part;
    const summary = `${count(body.blocks.length, "block")}, ${count(edges, "edge")}`;
    const rows = body.blocks.map((block) => ({
        block,
        name: `bb${block.number}`,
        place: block.at === undefined ? "" : `${block.at.path}:${block.at.line + 1}`,
        text: lineOf(block, source),
    }));
    const widths = {
        name: widest(
            rows.map((row) => row.name),
            8,
        ),
        place: widest(
            rows.map((row) => row.place),
            PLACE_WIDTH_MAX,
        ),
        text: widest(
            rows.map((row) => row.text),
            TEXT_WIDTH_MAX,
        ),
    };
    return [
        `${paint.bold(name)}  ${paint.dim(`${summary}; ${reached} reached from bb${from}`)}`,
        ...rows.map(({ block, ...row }) => {
            const cells = [
                row.name.padEnd(widths.name),
                paint.dim(row.place.padEnd(widths.place)),
                row.text.padEnd(widths.text),
                describeNext(block),
                block.distance < 0 ? paint.yellow("not reached") : "",
            ];
            return `  ${cells.join("  ")}`.trimEnd();
        }),
    ];
}

function lineOf(block: FlowBlockDto, source: SourceLines): string {
    const text = block.at === undefined ? "" : (source(block.at.path, block.at.line) ?? "").trim();
    return text.length > TEXT_WIDTH_MAX ? `${text.slice(0, TEXT_WIDTH_MAX - 1)}\u2026` : text;
}

function describeNext({ next }: FlowBlockDto): string {
    return next.length === 0 ? "ends" : `\u2192 ${next.map((block) => `bb${block}`).join(", ")}`;
}
