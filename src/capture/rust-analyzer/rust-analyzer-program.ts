// rust-analyzer as a program: whether it is there, which version, and what it is told so that it runs beside
// an editor's own without being in its way.

import { runProcess } from "../../platform/index.ts";

/** Name of the program on the PATH. */
export const RUST_ANALYZER = "rust-analyzer";

const VERSION_MS = 30_000;

/** First line of `rust-analyzer --version`; throws TOOL_MISSING. Undefined when it fails: a proxy without it. */
export async function findRustAnalyzer(cwd: string): Promise<string | undefined> {
    const asked = await runProcess(RUST_ANALYZER, ["--version"], { cwd, timeoutMs: VERSION_MS });
    return asked.code === 0 ? asked.stdout.trim() : undefined;
}

/** Settings of rust-analyzer, as an editor would give them: what it builds goes into a folder of ours. */
export function settingsFor(targetFolder: string): object {
    return { cargo: { targetDir: targetFolder } };
}
