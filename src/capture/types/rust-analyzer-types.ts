// Types of locals and closure parameters as rust-analyzer infers them: its inlay hints, file by file.

import { relative, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { CancelledError } from "../../base/index.ts";
import { readTextSync, requireSuccess, runProcess } from "../../platform/index.ts";
import { LspSession } from "../rust-analyzer/lsp-session.ts";
import { arrayOf, numberOf, objectOf, textOf, type Json } from "./json-values.ts";
import type { AskTypesOptions, ToldType, ToolTypes, TypePart } from "./told-types.ts";

const TOOL = "rust-analyzer";
const VERSION_MS = 30_000;
const TYPE_HINT = 1;

const OFF = { enable: false } as const;
/** Types, nothing else; no code of the workspace is run but what `cargo metadata` runs. */
const SETTINGS = {
    checkOnSave: false,
    cachePriming: OFF,
    cargo: { buildScripts: OFF },
    procMacro: OFF,
    inlayHints: {
        maxLength: null,
        typeHints: { enable: true, hideClosureInitialization: false, hideNamedConstructor: false },
        chainingHints: OFF,
        parameterHints: OFF,
        closingBraceHints: OFF,
    },
};

/** Asks rust-analyzer for the types of locals in files of a workspace. Throws TOOL_MISSING, TOOL_FAILED. */
export async function askRustAnalyzer(
    root: string,
    files: readonly string[],
    options: AskTypesOptions,
): Promise<ToolTypes> {
    const { signal, onProgress } = options;
    const version = requireSuccess(
        `${TOOL} --version`,
        await runProcess(TOOL, ["--version"], { cwd: root, timeoutMs: VERSION_MS }),
    ).stdout.trim();
    onProgress?.(`starting ${TOOL}`, 0, files.length);
    const session = await LspSession.start(root, {
        settings: SETTINGS,
        textDocument: { inlayHint: {} },
        signal,
    });
    const problems: string[] = [];
    const found = new Map<string, ToldType[]>();
    try {
        await session.loaded;
        for (const [at, file] of files.entries()) {
            if (signal?.aborted === true) {
                throw new CancelledError();
            }
            onProgress?.(`asking ${TOOL}`, at, files.length);
            const types = await hintsOf(session, root, file).catch((error: unknown) => {
                problems.push(`${file}: ${error instanceof Error ? error.message : String(error)}`);
                return [];
            });
            if (types.length > 0) {
                found.set(file, types);
            }
        }
        return { tool: version, files: found, problems };
    } finally {
        await session.stop();
    }
}

async function hintsOf(session: LspSession, root: string, file: string): Promise<ToldType[]> {
    const uri = pathToFileURL(`${root}/${file}`).href;
    const lines = readTextSync(`${root}/${file}`).split("\n");
    const end = { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
    const range = { start: { line: 0, character: 0 }, end };
    const answer = await session.request("textDocument/inlayHint", {
        textDocument: { uri },
        range,
    });
    return arrayOf(answer).flatMap((hint) => typeOf(objectOf(hint), lines, root));
}

/** A hint after a name: `: T`. */
function typeOf(hint: Json, lines: readonly string[], root: string): ToldType[] {
    const position = objectOf(hint["position"]);
    const [line, column] = [numberOf(position["line"]), numberOf(position["character"])];
    const name = /[\p{L}_][\p{L}\p{N}_]*$/u.exec((lines[line] ?? "").slice(0, column))?.[0];
    const label = typeof hint["label"] === "string" ? [{ value: hint["label"] }] : hint["label"];
    const parts = arrayOf(label).map((part) => partOf(objectOf(part), root));
    const [first] = parts;
    if (hint["kind"] !== TYPE_HINT || name === undefined || first?.text.startsWith(":") !== true) {
        return [];
    }
    const own = [{ ...first, text: first.text.replace(/^:\s*/u, "") }, ...parts.slice(1)];
    const start = [line, column - name.length] as const;
    return [
        {
            ...{ name, from: start, to: [line, column] as const, role: "local", position: 0 },
            parts: own.filter((part) => part.text !== ""),
        },
    ];
}

function partOf(part: Json, root: string): TypePart {
    const location = objectOf(part["location"]);
    const uri = textOf(location["uri"]);
    const start = objectOf(objectOf(location["range"])["start"]);
    const file = uri.startsWith("file:") ? relative(root, fileURLToPath(uri)) : "..";
    const isOurs = file !== "" && !file.startsWith("..");
    return {
        text: textOf(part["value"]),
        path: "",
        at: isOurs
            ? {
                  file: file.split(sep).join("/"),
                  line: numberOf(start["line"]),
                  column: numberOf(start["character"]),
              }
            : undefined,
    };
}
