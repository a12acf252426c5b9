// The tools that tell of types, loaded when they are asked.

import type { AskTypesOptions, ToolTypes } from "./told-types.ts";

/** Tools that can be asked for types. */
export type TypeSource = "rustdoc" | "rust-analyzer";

/** What is asked about. */
export interface TypesQuestion {
    readonly root: string;
    /** Names of the crates that rustdoc is to tell of. */
    readonly crates: readonly string[];
    /** Files that rust-analyzer is to tell of. */
    readonly files: readonly string[];
}

/** Asks a tool for the types of a workspace, which must be trusted. Throws TOOL_MISSING, TOOL_TIMEOUT, TOOL_FAILED. */
export async function askTypes(
    source: TypeSource,
    { root, crates, files }: TypesQuestion,
    options: AskTypesOptions,
): Promise<ToolTypes> {
    if (source === "rustdoc") {
        const { askRustdoc } = await import("./rustdoc-types.ts");
        return askRustdoc(root, crates, options);
    }
    const { askRustAnalyzer } = await import("./rust-analyzer-types.ts");
    return askRustAnalyzer(root, files, options);
}
