// Control flow as a list of blocks: where each stands, its line, and what may follow. Pure.

import type { FlowBlockDto, FlowBodyDto, FlowPassedDto, FlowResult } from "../protocol/index.ts";
import { count, widest } from "./layout.ts";
import type { Paint } from "./paint.ts";
import { renderSymbol } from "./render-impact.ts";
import type { SourceLines } from "./source-lines.ts";

const TEXT_WIDTH_MAX = 60;
const PLACE_WIDTH_MAX = 40;

/** What of a flow is shown. */
export interface FlowView {
    /** Only the blocks that cannot be reached. */
    readonly unreachedOnly: boolean;
}

/** The blocks of an item and of the closures in it, or those that every way to some block passes. */
export function renderFlow(
    flow: FlowResult,
    view: FlowView,
    source: SourceLines,
    paint: Paint,
): string[] {
    const lines = renderSymbol(flow.symbol, source, paint);
    const show = { source, paint };
    for (const passed of flow.passed ?? []) {
        lines.push("", ...renderPassed(passed, flow, show));
    }
    for (const body of flow.passed === undefined ? flow.bodies : []) {
        const from = body.part === "" ? flow.from : 0;
        lines.push("", ...renderBody(body, from, { ...show, ...view }));
    }
    const compiled = flow.configurations.join(", ");
    return [...lines, "", paint.dim(`compiled as ${compiled}; shard ${flow.shard}`)];
}

interface Show {
    readonly source: SourceLines;
    readonly paint: Paint;
}

function renderBody(body: FlowBodyDto, from: number, show: Show & FlowView): string[] {
    const { paint } = show;
    const unreached = body.blocks.filter((block) => block.distance < 0);
    const reached = body.blocks.length - unreached.length;
    const edges = body.blocks.reduce((sum, block) => sum + block.next.length, 0);
    const name = body.part === "" ? "body" : body.part;
    const summary = `${count(body.blocks.length, "block")}, ${count(edges, "edge")}`;
    return [
        `${paint.bold(name)}  ${paint.dim(`${summary}; ${reached} reached from bb${from}`)}`,
        ...renderBlocks(show.unreachedOnly ? unreached : body.blocks, show),
    ];
}

/** What every way to a block passes, in order. */
function renderPassed(passed: FlowPassedDto, flow: FlowResult, show: Show): string[] {
    const { paint } = show;
    const body = flow.bodies.find((each) => each.part === passed.part);
    const from = passed.part === "" ? flow.from : 0;
    const to = `bb${passed.to}${passed.part === "" ? "" : ` of ${passed.part}`}`;
    const way = `from bb${from} to ${to}`;
    const blocks = passed.blocks.flatMap((number) => body?.blocks[number] ?? []);
    return blocks.length === 0
        ? [paint.yellow(`no way leads ${way}`)]
        : [paint.bold(`every way ${way} passes`), ...renderBlocks(blocks, show)];
}

function renderBlocks(blocks: readonly FlowBlockDto[], { source, paint }: Show): string[] {
    const rows = blocks.map((block) => ({
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
    return rows.map(({ block, ...row }) => {
        const cells = [
            row.name.padEnd(widths.name),
            paint.dim(row.place.padEnd(widths.place)),
            row.text.padEnd(widths.text),
            describeNext(block),
            block.distance < 0 ? paint.yellow("not reached") : "",
        ];
        return `  ${cells.join("  ")}`.trimEnd();
    });
}

function lineOf(block: FlowBlockDto, source: SourceLines): string {
    const text = block.at === undefined ? "" : (source(block.at.path, block.at.line) ?? "").trim();
    return text.length > TEXT_WIDTH_MAX ? `${text.slice(0, TEXT_WIDTH_MAX - 1)}\u2026` : text;
}

function describeNext({ next }: FlowBlockDto): string {
    return next.length === 0 ? "ends" : `\u2192 ${next.map((block) => `bb${block}`).join(", ")}`;
}
