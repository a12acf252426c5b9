// Types of locals and closure parameters as rust-analyzer infers them: its inlay hints, file by file.

import { relative, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { CancelledError, OperatingError } from "../../base/index.ts";
import { readTextSync, requireSuccess, runProcess, startProcess } from "../../platform/index.ts";
import {
    createMessageConnection,
    StreamMessageReader,
    StreamMessageWriter,
    type MessageConnection,
} from "vscode-jsonrpc/node";
import { arrayOf, numberOf, objectOf, textOf, type Json } from "./json-values.ts";
import type { AskTypesOptions, ToldType, ToolTypes, TypePart } from "./told-types.ts";

const TOOL = "rust-analyzer";
const VERSION_MS = 30_000;
/** How long it may take to load a workspace. */
const LOADING_MS = 10 * 60_000;
const CONTENT_MODIFIED = -32801;
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
    const child = await startProcess(TOOL, [], { cwd: root });
    child.stderr.resume();
    const connection = createMessageConnection(
        new StreamMessageReader(child.stdout),
        new StreamMessageWriter(child.stdin),
    );
    const problems: string[] = [];
    const found = new Map<string, ToldType[]>();
    try {
        await ready(connection, root, { ended: child.ended, signal });
        for (const [at, file] of files.entries()) {
            if (signal?.aborted === true) {
                throw new CancelledError();
            }
            onProgress?.(`asking ${TOOL}`, at, files.length);
            const types = await hintsOf(connection, root, file).catch((error: unknown) => {
                problems.push(`${file}: ${error instanceof Error ? error.message : String(error)}`);
                return [];
            });
            if (types.length > 0) {
                found.set(file, types);
            }
        }
        return { tool: version, files: found, problems };
    } finally {
        connection.dispose();
        await child.stop();
    }
}

/** Shakes hands, and waits until it has loaded the workspace. */
async function ready(
    connection: MessageConnection,
    root: string,
    until: { readonly ended: Promise<unknown>; readonly signal: AbortSignal | undefined },
): Promise<void> {
    const rootUri = pathToFileURL(root).href;
    const loaded = new Promise<void>((resolve, reject) => {
        const fail = (message: string): void => {
            reject(new OperatingError("TOOL_FAILED", message));
        };
        connection.onNotification("experimental/serverStatus", (status: Json) => {
            if (status["quiescent"] === true) {
                resolve();
            }
        });
        AbortSignal.timeout(LOADING_MS).addEventListener("abort", () => {
            fail(`${TOOL} did not load the workspace in ${LOADING_MS / 60_000} minutes`);
        });
        void until.ended.then(() => {
            fail(`${TOOL} ended by itself`);
        });
        until.signal?.addEventListener("abort", () => {
            reject(new CancelledError());
        });
    });
    loaded.catch(() => undefined); // Told where it is awaited.
    connection.onRequest("workspace/configuration", (asked: { items: unknown[] }) =>
        asked.items.map(() => SETTINGS),
    );
    for (const method of [
        "client/registerCapability",
        "client/unregisterCapability",
        "window/workDoneProgress/create",
    ]) {
        connection.onRequest(method, () => null);
    }
    connection.onError(() => undefined);
    connection.listen();
    const shaken = connection.sendRequest("initialize", {
        processId: process.pid,
        rootUri,
        workspaceFolders: [{ uri: rootUri, name: "workspace" }],
        capabilities: {
            workspace: { configuration: true },
            textDocument: { inlayHint: {} },
            window: { workDoneProgress: true },
            experimental: { serverStatusNotification: true },
        },
        initializationOptions: SETTINGS,
    });
    await Promise.race([shaken, loaded]);
    await connection.sendNotification("initialized", {});
    await loaded;
}

async function hintsOf(
    connection: MessageConnection,
    root: string,
    file: string,
): Promise<ToldType[]> {
    const uri = pathToFileURL(`${root}/${file}`).href;
    const lines = readTextSync(`${root}/${file}`).split("\n");
    const end = { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
    const range = { start: { line: 0, character: 0 }, end };
    for (;;) {
        try {
            const answer: unknown = await connection.sendRequest("textDocument/inlayHint", {
                textDocument: { uri },
                range,
            });
            return arrayOf(answer).flatMap((hint) => typeOf(objectOf(hint), lines, root));
        } catch (error) {
            if ((error as { readonly code?: unknown }).code !== CONTENT_MODIFIED) {
                throw error;
            }
        }
    }
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
