// What an editor has told a daemon and still waits for, as far as a daemon that takes the place of one that
// has crashed must hear it again. Looks into messages, sends none.

import { LineIndex, type ColumnEncoding } from "../base/index.ts";
import type {
    DidChangeTextDocumentParams,
    DidCloseTextDocumentParams,
    DidOpenTextDocumentParams,
} from "vscode-languageserver";
import { METHOD } from "../protocol/index.ts";
import { OpenDocuments } from "./documents.ts";
import { readMessage, type Frame, type JsonMessage } from "./message-frames.ts";
import { chooseEncoding } from "./positions.ts";

/** Requests that change something: whether they did before a crash is not known. */
const CHANGING: readonly string[] = [
    METHOD.applyRename,
    METHOD.applyPlan,
    METHOD.rollback,
    METHOD.validateRename,
    METHOD.stop,
];
/** Commands of `workspace/executeCommand` that may. */
const CHANGING_COMMANDS: readonly unknown[] = ["ferrograph.server.validateRename"];

const REPLAYED_ID = "ferrograph-initialize-again";

interface Waiting {
    readonly message: JsonMessage;
    /** It has outlived a daemon already: what was asked may be what ended it. */
    readonly isAgain: boolean;
    readonly isCancelled: boolean;
}

/** What happens to a message from the daemon. */
export type Passing = "pass" | "swallow" | "farewell";

/** One editor's side of a conversation. */
export class EditorState {
    #initialize: JsonMessage | undefined;
    #isGreeted = false;
    #hasInitialized = false;
    #isLeaving = false;
    #encoding: ColumnEncoding = "utf-16";
    readonly #documents = new OpenDocuments();
    /** Language by URI, in the order of opening. */
    readonly #languages = new Map<string, string>();
    readonly #waiting = new Map<string, Waiting>();
    /** Requests of the daemon that the editor has not answered. */
    readonly #asked = new Set<string>();
    /** The same, of daemons that have crashed: the answer is for nobody. */
    readonly #askedInVain = new Map<string, number>();
    readonly #progress = new Map<string, unknown>();

    /** Whether the editor has said that it goes. */
    get isLeaving(): boolean {
        return this.#isLeaving;
    }

    /** Takes in a message from the editor; answers whether a daemon is to have it. */
    noteFromEditor(message: JsonMessage): boolean {
        const { id, method } = message;
        if (id !== undefined && id !== null) {
            const key = keyOf(id);
            if (method === undefined) {
                return this.#noteAnswer(key);
            }
            this.#waiting.set(key, { message, isAgain: false, isCancelled: false });
            this.#initialize ??= method === "initialize" ? message : undefined;
            this.#isLeaving ||= method === "shutdown";
        } else {
            this.#noteNotification(message);
        }
        return true;
    }

    /** Takes in a message from the daemon, of which the beginning is enough mostly. */
    noteFromDaemon(frame: Frame): Passing {
        const { id, method } = peek(frame.body);
        if (id === undefined) {
            if (method === "$/progress") {
                this.#noteProgress(readMessage(frame.body));
            }
            return method === METHOD.stopping ? "farewell" : "pass";
        }
        if (method !== undefined) {
            this.#asked.add(id);
            return "pass";
        }
        if (id === JSON.stringify(REPLAYED_ID)) {
            return "swallow";
        }
        const asked = this.#waiting.get(id);
        this.#waiting.delete(id);
        if (asked !== undefined && asked.message === this.#initialize) {
            this.#noteGreeting(readMessage(frame.body));
        }
        return "pass";
    }

    /** What the editor must be told at once when a daemon has crashed. */
    noteCrash(): JsonMessage[] {
        for (const key of this.#asked) {
            this.#askedInVain.set(key, (this.#askedInVain.get(key) ?? 0) + 1);
        }
        this.#asked.clear();
        const told: JsonMessage[] = [...this.#progress.values()].map((token) =>
            notification("$/progress", { token, value: { kind: "end" } }),
        );
        this.#progress.clear();
        for (const [key, waiting] of this.#waiting) {
            const answer = answerAfterCrash(waiting);
            if (answer === undefined) {
                this.#waiting.set(key, { ...waiting, isAgain: true });
            } else {
                this.#waiting.delete(key);
                told.push(answer);
            }
        }
        return told;
    }

    /** What a new daemon must hear first, in order. */
    replay(): JsonMessage[] {
        const replayed: JsonMessage[] = [];
        if (this.#isGreeted && this.#initialize !== undefined) {
            replayed.push({ ...this.#initialize, id: REPLAYED_ID });
        }
        if (this.#isGreeted && this.#hasInitialized) {
            replayed.push(notification("initialized", {}));
        }
        for (const [uri, languageId] of this.#languages) {
            const document = this.#documents.find(uri);
            if (document !== undefined) {
                const { version, lines } = document;
                const textDocument = { uri, languageId, version, text: lines.text };
                replayed.push(notification("textDocument/didOpen", { textDocument }));
            }
        }
        return [...replayed, ...[...this.#waiting.values()].map(({ message }) => message)];
    }

    /** Error answers to everything that is not answered, when there will be no other. */
    giveUp(error: NonNullable<JsonMessage["error"]>): JsonMessage[] {
        const answers = [...this.#waiting.values()].map(({ message }) => answerTo(message, error));
        this.#waiting.clear();
        return answers;
    }

    /** An answer to a daemon that is no more must not reach the one that took its place. */
    #noteAnswer(key: string): boolean {
        const inVain = this.#askedInVain.get(key) ?? 0;
        if (inVain > 0) {
            this.#askedInVain.set(key, inVain - 1);
            return false;
        }
        this.#asked.delete(key);
        return true;
    }

    #noteNotification({ method, params = {} }: JsonMessage): void {
        switch (method) {
            case "initialized":
                this.#hasInitialized = true;
                return;
            case "exit":
                this.#isLeaving = true;
                return;
            case "$/cancelRequest": {
                const { id } = params as { readonly id?: string | number };
                const waiting = id === undefined ? undefined : this.#waiting.get(keyOf(id));
                if (id !== undefined && waiting !== undefined) {
                    this.#waiting.set(keyOf(id), { ...waiting, isCancelled: true });
                }
                return;
            }
            case "textDocument/didOpen":
                this.#open(params as DidOpenTextDocumentParams);
                return;
            case "textDocument/didChange": {
                const { textDocument, contentChanges } = params as DidChangeTextDocumentParams;
                this.#documents.change(textDocument, contentChanges, this.#encoding);
                return;
            }
            case "textDocument/didClose": {
                const { uri } = (params as DidCloseTextDocumentParams).textDocument;
                this.#documents.close(uri);
                this.#languages.delete(uri);
                return;
            }
            default:
                return;
        }
    }

    #open({ textDocument }: DidOpenTextDocumentParams): void {
        const { uri, version, text, languageId } = textDocument;
        this.#languages.set(uri, languageId);
        this.#documents.open({ uri, version, path: undefined, lines: new LineIndex(text) });
    }

    #noteGreeting({ result }: JsonMessage): void {
        const { capabilities } = (result ?? {}) as {
            readonly capabilities?: { readonly positionEncoding?: string };
        };
        this.#isGreeted = capabilities !== undefined;
        const said = capabilities?.positionEncoding;
        this.#encoding = chooseEncoding(said === undefined ? undefined : [said]);
    }

    #noteProgress({ params }: JsonMessage): void {
        const { token, value } = (params ?? {}) as {
            readonly token?: unknown;
            readonly value?: { readonly kind?: string };
        };
        if (value?.kind === "begin") {
            this.#progress.set(JSON.stringify(token), token);
        } else if (value?.kind === "end") {
            this.#progress.delete(JSON.stringify(token));
        }
    }
}

/** The answer to a request that is not asked again; undefined for one that is. */
function answerAfterCrash({ message, isAgain, isCancelled }: Waiting): JsonMessage | undefined {
    if (isCancelled) {
        return answerTo(message, { code: -32800, message: "cancelled" });
    }
    const changes = mayChange(message);
    if (!changes && !isAgain) {
        return undefined;
    }
    const text = changes
        ? "the daemon ended in the middle of this: look at `ferrograph log` for whether it was done"
        : "the daemon ended twice while it worked on this";
    const data = { code: "DAEMON_GONE", advice: "", at: [], candidates: [] };
    return answerTo(message, { code: -32803, message: text, data });
}

function mayChange({ method = "", params = {} }: JsonMessage): boolean {
    const { command } = params as { readonly command?: unknown };
    return CHANGING.includes(method) || CHANGING_COMMANDS.includes(command);
}

function answerTo({ id }: JsonMessage, error: NonNullable<JsonMessage["error"]>): JsonMessage {
    return { jsonrpc: "2.0", id: id ?? null, error };
}

function notification(method: string, params: object): JsonMessage {
    return { jsonrpc: "2.0", method, params };
}

function keyOf(id: string | number): string {
    return JSON.stringify(id);
}

const PEEK_BYTES = 512;
/** A message as our own daemon writes it. */
const BEGINNING =
    /^\{"jsonrpc":"2\.0",(?:"id":(\d+|"(?:[^"\\]|\\.)*"),)?(?:"method":"([^"\\]*)"|"result":|"error":)/;

/** Id, as JSON, and method of a message: a long answer is not read whole for them. */
function peek(body: Buffer): { id: string | undefined; method: string | undefined } {
    const found = BEGINNING.exec(body.subarray(0, PEEK_BYTES).toString("latin1"));
    if (found !== null) {
        return { id: found[1], method: found[2] };
    }
    const { id, method } = readMessage(body);
    return { id: id === undefined || id === null ? undefined : keyOf(id), method };
}
