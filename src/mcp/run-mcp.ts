// `ferrograph mcp`: the tools on stdin and stdout, until the other side goes.

import type { Readable, Writable } from "node:stream";

import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";

import { packageVersion } from "../platform/index.ts";
import type { DaemonClient } from "../server/index.ts";
import { DaemonLink } from "./daemon-link.ts";
import { Pages } from "./pages.ts";
import { PlansShown } from "./plans-shown.ts";
import type { ToolContext } from "./tool.ts";
import { affectedTestsTool } from "./tools/affected-tests.ts";
import { impactTool } from "./tools/impact.ts";
import { planTool } from "./tools/plan.ts";
import { queryTool } from "./tools/query.ts";
import { referencesTool } from "./tools/references.ts";
import { validateTool } from "./tools/validate.ts";

/** What the tools work with. */
export interface McpOptions {
    /** Reaches the daemon of the workspace, and starts it where none runs. */
    readonly connect: () => Promise<DaemonClient>;
    /** Whether cargo may be run for whoever is at the other end. */
    readonly trusted: boolean;
    readonly input: Readable;
    readonly output: Writable;
}

const INSTRUCTIONS = [
    "Ferrograph knows the code graph of one Rust workspace, always as it is saved.",
    "Ask `impact` before a change, `references` instead of searching text, and `affected_tests` after it.",
    "Rename and refactor with `plan`, then `validate`: a plan is proved to change no meaning, or refused with the reason. What is only unproved, the compiler may decide: `validate` with `rename`.",
    "A SYMBOL is a path (`krate::module::Type::method`, or its end) or FILE:LINE:COLUMN counted from 1; places in answers are written so.",
    "Answers come in pages: pass `cursor` back with nothing else to go on.",
].join("\n");

const TOOLS = [impactTool, referencesTool, planTool, validateTool, queryTool, affectedTestsTool];

/** Serves the tools until the input ends. */
export async function runMcp(options: McpOptions): Promise<void> {
    const { connect, trusted, input, output } = options;
    const server = new McpServer(
        { name: "ferrograph", version: packageVersion() },
        { instructions: INSTRUCTIONS },
    );
    const link = new DaemonLink(connect);
    const context: ToolContext = { link, trusted, pages: new Pages(), plans: new PlansShown() };
    for (const tool of TOOLS) {
        tool.register(server, context);
    }
    const closed = new Promise<void>((resolve) => {
        server.server.onclose = resolve;
        for (const event of ["end", "close"]) {
            input.once(event, resolve);
        }
        output.once("error", () => {
            resolve(); // Nobody reads.
        });
    });
    await server.connect(new StdioServerTransport(input, output));
    await closed;
    await server.close();
    await link.close();
}
