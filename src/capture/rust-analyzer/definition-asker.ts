// A rust-analyzer that is kept running to be asked where single tokens are defined. Its answers are documents of
// an index, as if `rust-analyzer scip` had been asked for these tokens only: what reads those judges them.

import { basename, join, relative, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { assert, LineIndex, OperatingError } from "../../base/index.ts";
import { readTextSync, watchProcessMemory, type MemoryWatch } from "../../platform/index.ts";
import { arrayOf, numberOf, objectOf, textOf } from "../types/json-values.ts";
import { LspSession } from "./lsp-session.ts";
import { findRustAnalyzer, RUST_ANALYZER, settingsFor } from "./rust-analyzer-program.ts";
import type { ScipDocument, ScipOccurrence } from "./scip-index.ts";

/** How it is started. */
export interface DefinitionAskerOptions {
    readonly trusted: boolean;
    /** Folder of the frontend; what is built lies there, between runs. */
    readonly folder: string;
    /** Above this much resident memory it is ended. */
    readonly memoryBytesMax: number;
}

/** A token that is asked about: its file relative to the root, its line and UTF-16 column from 0. */
export interface AskedToken {
    readonly path: string;
    readonly line: number;
    readonly column: number;
    readonly length: number;
}

/** A text that differs from what lay on the disk when it was started. */
export interface KnownText {
    readonly path: string;
    readonly text: string;
}

/** A token that it names a place for. */
interface Location {
    readonly file: string;
    readonly line: number;
    readonly column: number;
    readonly endLine: number;
    readonly endColumn: number;
}

const OFF = { enable: false } as const;
const MIB = 1_024 * 1_024;
/** Where sources of the standard library lie, wherever a toolchain keeps them. */
const STD = /[\\/]library[\\/](?<crate>core|alloc|std)[\\/]src[\\/]/u;

/** One running rust-analyzer, and what it is known to have read. */
export class DefinitionAsker {
    readonly #root: string;
    readonly #session: LspSession;
    readonly #memory: MemoryWatch;
    readonly #opened = new Map<string, { version: number; text: string }>();
    #ending: string | undefined;

    private constructor(root: string, session: LspSession, memoryBytesMax: number) {
        this.#root = root;
        this.#session = session;
        this.#memory = watchProcessMemory(session.pid, memoryBytesMax, (resident) => {
            this.#end(resident, memoryBytesMax);
        });
    }

    /** Starts one; it loads the workspace from then on. Throws TOOL_MISSING. */
    static async start(root: string, options: DefinitionAskerOptions): Promise<DefinitionAsker> {
        assert(options.trusted, "only a trusted workspace is loaded: its build scripts run");
        if ((await findRustAnalyzer(root)) === undefined) {
            throw new OperatingError("TOOL_MISSING", `cannot run ${RUST_ANALYZER}: it fails`, {
                advice: "run `rustup component add rust-analyzer`, or put it on the PATH",
            });
        }
        const session = await LspSession.start(root, {
            settings: {
                ...settingsFor(join(options.folder, "target")),
                checkOnSave: false,
                cachePriming: OFF,
            },
            textDocument: { definition: { linkSupport: true } },
            isBackground: true,
        });
        return new DefinitionAsker(root, session, options.memoryBytesMax);
    }

    /** Resolves when it can be asked; rejects when it never will. */
    async ready(): Promise<void> {
        const failure = await this.#session.loaded.then(
            () => undefined,
            (cause: unknown) => ({ cause }),
        );
        // A small workspace is loaded before the watch looks for the first time.
        await this.#memory.look();
        if (this.#ending !== undefined) {
            throw new OperatingError("TOOL_FAILED", this.#ending, failure);
        }
        if (failure !== undefined) {
            throw failure.cause;
        }
    }

    /** Whether it is gone. */
    get isEnded(): boolean {
        return this.#session.isEnded;
    }

    /** Why it was ended, if it was. */
    get ending(): string | undefined {
        return this.#ending;
    }

    /** Tells it texts; they hold before anything that is asked afterwards. */
    async tell(texts: readonly KnownText[]): Promise<void> {
        for (const { path, text } of texts) {
            const before = this.#opened.get(path);
            if (before?.text === text) {
                continue;
            }
            const version = (before?.version ?? 0) + 1;
            const uri = this.#uriOf(path);
            this.#opened.set(path, { version, text });
            await (before === undefined
                ? this.#session.notify("textDocument/didOpen", {
                      textDocument: { uri, languageId: "rust", version, text },
                  })
                : this.#session.notify("textDocument/didChange", {
                      textDocument: { uri, version },
                      contentChanges: [{ text }],
                  }));
        }
    }

    /** Whether it names places in the standard library for at least one of some tokens that mean such. */
    async seesStd(tokens: readonly AskedToken[]): Promise<boolean> {
        for (const token of tokens) {
            const found = await this.#definitionsOf(token);
            if (found.some(({ file }) => STD.test(file))) {
                return true;
            }
        }
        return false;
    }

    /** What it says of tokens, file by file, with the definitions that it names. */
    async documentsOf(tokens: readonly AskedToken[]): Promise<ScipDocument[]> {
        const documents = new Map<string, ScipOccurrence[]>();
        const defined = new Set<string>();
        const put = (path: string, occurrence: ScipOccurrence): void => {
            documents.set(path, [...(documents.get(path) ?? []), occurrence]);
        };
        for (const token of tokens) {
            for (const location of await this.#definitionsOf(token)) {
                const own = this.#ownPath(location.file);
                const symbol = own === undefined ? outsideName(location) : ownName(own, location);
                if (own !== undefined && !defined.has(symbol)) {
                    defined.add(symbol);
                    put(own, { ...placeOf(location), symbol, isDefinition: true });
                }
                put(token.path, {
                    ...{ line: token.line, column: token.column, endLine: token.line },
                    ...{ endColumn: token.column + token.length, symbol, isDefinition: false },
                });
            }
        }
        return [...documents].map(([path, occurrences]) => ({
            path,
            encoding: "utf-16",
            occurrences,
        }));
    }

    async stop(): Promise<void> {
        this.#memory.stop();
        await this.#session.stop();
    }

    async #definitionsOf({ path, line, column }: AskedToken): Promise<Location[]> {
        const answer = await this.#session.request("textDocument/definition", {
            textDocument: { uri: this.#uriOf(path) },
            position: { line, character: column },
        });
        return arrayOf(answer).flatMap((each) => locationOf(objectOf(each)));
    }

    #end(resident: number, memoryBytesMax: number): void {
        const mib = (bytes: number): number => Math.round(bytes / MIB);
        this.#ending = `${RUST_ANALYZER} took ${mib(resident)} MiB of at most ${mib(memoryBytesMax)}`;
        void this.stop();
    }

    #uriOf(path: string): string {
        return pathToFileURL(`${this.#root}/${path}`).href;
    }

    #ownPath(file: string): string | undefined {
        const path = relative(this.#root, file);
        return path === "" || path.startsWith("..") ? undefined : path.split(sep).join("/");
    }
}

/** A link to a definition: what it selects is the name. */
function locationOf(link: Readonly<Record<string, unknown>>): Location[] {
    const uri = textOf(link["targetUri"]);
    const range = objectOf(link["targetSelectionRange"]);
    const [start, end] = [objectOf(range["start"]), objectOf(range["end"])];
    if (!uri.startsWith("file:")) {
        return [];
    }
    return [
        {
            file: fileURLToPath(uri),
            line: numberOf(start["line"]),
            column: numberOf(start["character"]),
            endLine: numberOf(end["line"]),
            endColumn: numberOf(end["character"]),
        },
    ];
}

function placeOf({ line, column, endLine, endColumn }: Location): Omit<Location, "file"> {
    return { line, column, endLine, endColumn };
}

/** A name for a definition in the workspace; it is never read, only compared. */
function ownName(path: string, { line, column }: Location): string {
    return `asked ${path}:${line}:${column}`;
}

/** A name for a definition elsewhere, as an index would write one: of what its own token says. */
function outsideName(location: Location): string {
    const { file, line, column, endLine, endColumn } = location;
    const lines = new LineIndex(readTextSync(file));
    const name = lines.text.slice(
        lines.offset({ line, column }, "utf-16"),
        lines.offset({ line: endLine, column: endColumn }, "utf-16"),
    );
    const crate = STD.exec(file)?.groups?.["crate"] ?? "elsewhere";
    const module = basename(file, ".rs").replaceAll(/\W/gu, "_");
    const plain = name.replace(/^r#/u, "");
    return `rust-analyzer cargo ${crate} . ${module}/${/^\w+$/u.test(plain) ? plain : "_"}().`;
}
