// The command "Show Status".

import { METHOD, type StatusResult } from "../../../src/protocol/index.ts";
import type { ClientContext } from "./client-context.ts";
import { showMarkdown } from "./show-markdown.ts";

/** Shows what is captured, how precisely, and what it costs. */
export async function showStatus(context: ClientContext): Promise<void> {
    const status = await context.client.sendRequest<StatusResult>(METHOD.status, {});
    const rows = Object.entries(status).map(([name, value]) => `| ${name} | ${showValue(value)} |`);
    await showMarkdown(["# Ferrograph", "", "| | |", "|---|---|", ...rows, ""].join("\n"));
}

function showValue(value: unknown): string {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    return text.replaceAll("|", "\\|");
}
