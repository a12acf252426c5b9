// What a tool is: its name and words, the shapes of what goes in and out, and how refusals and failures become
// errors that the other side can act on.

import type { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import type { z } from "zod";

import { isRefusal, OperatingError, type ProgressSink, type Refusal } from "../base/index.ts";
import { METHOD, type PlaceDto } from "../protocol/index.ts";
import { type RequestName, type RequestParams, type RequestResult } from "../server/index.ts";
import { adviceForTools } from "./advice.ts";
import type { DaemonLink } from "./daemon-link.ts";
import type { Pages } from "./pages.ts";
import type { PlansShown } from "./plans-shown.ts";

/** What all tools share. */
export interface ToolContext {
    readonly link: DaemonLink;
    readonly trusted: boolean;
    readonly pages: Pages;
    readonly plans: PlansShown;
}

/** One call of a tool. */
export interface Call extends ToolContext {
    /** Asks the daemon; the call's cancellation and progress are the request's. */
    request<M extends RequestName>(
        method: M,
        params: RequestParams<M>,
    ): Promise<RequestResult<M> | Refusal>;
}

/** A tool as it is written down. */
export interface ToolDefinition<I extends z.ZodRawShape, O extends z.ZodRawShape> {
    readonly name: string;
    readonly title: string;
    readonly description: string;
    readonly input: I;
    readonly output: O;
    /** Changes nothing; true unless said otherwise. */
    readonly isReadOnly?: boolean;
    readonly run: (
        args: z.infer<z.ZodObject<I>>,
        call: Call,
    ) => Promise<z.infer<z.ZodObject<O>> | Refusal>;
}

/** A tool that a server can be given. */
export interface Tool {
    readonly register: (server: McpServer, context: ToolContext) => void;
}

/** Makes a tool of its definition. */
export function defineTool<I extends z.ZodRawShape, O extends z.ZodRawShape>(
    definition: ToolDefinition<I, O>,
): Tool {
    const { name, title, description, input, output, isReadOnly = true, run } = definition;
    const config = {
        title,
        description,
        // The SDK's types cannot follow shapes that are parameters themselves.
        inputSchema: input as z.ZodRawShape,
        outputSchema: output as z.ZodRawShape,
        annotations: {
            readOnlyHint: isReadOnly,
            destructiveHint: false,
            idempotentHint: isReadOnly,
            openWorldHint: false,
        },
    };
    return {
        register: (server, context) => {
            server.registerTool(name, config, async (args, extra): Promise<CallToolResult> => {
                const token = extra._meta?.progressToken;
                const onProgress: ProgressSink | undefined =
                    token === undefined
                        ? undefined
                        : (message, progress, total) => {
                              const params = { progressToken: token, progress, total, message };
                              extra
                                  .sendNotification({ method: "notifications/progress", params })
                                  .catch(() => undefined); // Nobody waits any more.
                          };
                const options = {
                    signal: extra.signal,
                    ...(onProgress === undefined ? {} : { onProgress }),
                };
                const call: Call = {
                    ...context,
                    request: (method, params) => context.link.request(method, params, options),
                };
                try {
                    // The SDK has compared the arguments with the schema.
                    const answer = await run(args as z.infer<z.ZodObject<I>>, call);
                    return isRefusal(answer) ? failed(answer) : answered(answer);
                } catch (thrown) {
                    return failed(describeThrown(thrown));
                }
            });
        },
    };
}

function answered(answer: object): CallToolResult {
    const structuredContent = { ...answer } as Record<string, unknown>;
    return { structuredContent, content: [{ type: "text", text: JSON.stringify(answer) }] };
}

/** Why not, as a sentence for whoever asked. */
interface Failure {
    readonly code: string;
    readonly message: string;
    readonly advice: string;
    readonly candidates?: readonly string[];
    readonly at?: readonly PlaceDto[];
}

function failed({
    code,
    message,
    advice: written,
    candidates = [],
    at = [],
}: Failure): CallToolResult {
    const advice = adviceForTools(code, written);
    const lines = [
        `${code}: ${message}`,
        ...(at.length === 0 ? [] : [`at: ${at.slice(0, PLACES_MAX).map(writePlace).join(", ")}`]),
        ...(candidates.length === 0
            ? []
            : [`did you mean: ${candidates.slice(0, PLACES_MAX).join(", ")}`]),
        ...(advice === "" ? [] : [`what to do: ${advice}`]),
    ];
    return { isError: true, content: [{ type: "text", text: lines.join("\n") }] };
}

const PLACES_MAX = 10;

function describeThrown(thrown: unknown): Failure {
    if (thrown instanceof OperatingError) {
        return thrown;
    }
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return { code: "FAILED", message, advice: `see the log of the daemon (\`${METHOD.status}\`)` };
}

/** A place as a person writes it, counted from 1. */
export function writePlace({ path, line, column }: PlaceDto): string {
    return `${path}:${line + 1}:${column + 1}`;
}
