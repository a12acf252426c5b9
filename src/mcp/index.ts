// The Model Context Protocol: a few tools for programs that change code by themselves, over the same daemon.

export { runMcp, type McpOptions } from "./run-mcp.ts";
