// An editor for tests: an LSP client over two streams, with documents and cursor marks.

import type { Readable, Writable } from "node:stream";
import {
    createMessageConnection,
    Message,
    StreamMessageReader,
    StreamMessageWriter,
    type MessageConnection,
} from "vscode-jsonrpc/node";
import { pathToFileURL } from "node:url";

/** A client's capabilities as editors of today declare them. */
export const MODERN_CLIENT = {
    general: { positionEncodings: ["utf-16"] },
    textDocument: {
        rename: { prepareSupport: true },
        definition: { linkSupport: true },
        documentSymbol: { hierarchicalDocumentSymbolSupport: true },
        codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ["refactor"] } } },
    },
    workspace: {
        workspaceEdit: {
            documentChanges: true,
            resourceOperations: ["create", "rename", "delete"],
            changeAnnotationSupport: { groupsOnLabel: true },
        },
    },
};

/** An error answer. */
export interface ErrorAnswer {
    readonly code: number;
    readonly message: string;
    readonly data?: { readonly code: string; readonly candidates: readonly string[] };
}

/** Nobody waits for a notification or an answer: what is on its way when an editor is killed is lost. */
class EditorWriter extends StreamMessageWriter {
    override async write(message: Message): Promise<void> {
        try {
            await super.write(message);
        } catch (error) {
            if (Message.isRequest(message)) {
                throw error;
            }
        }
    }
}

/** A connected editor. */
export class LspClient {
    readonly connection: MessageConnection;
    readonly notifications: { method: string; params: unknown }[] = [];
    readonly #root: string;

    constructor(streams: { input: Readable; output: Writable }, root: string) {
        this.#root = root;
        this.connection = createMessageConnection(
            new StreamMessageReader(streams.input),
            new EditorWriter(streams.output),
        );
        this.connection.onNotification((method, params) => {
            this.notifications.push({ method, params });
        });
        this.connection.onRequest("window/workDoneProgress/create", () => null);
        this.connection.onError(() => undefined);
        this.connection.listen();
    }

    async initialize(
        capabilities: object = MODERN_CLIENT,
        initializationOptions?: object,
    ): Promise<InitializeAnswer> {
        const answer = await this.connection.sendRequest<InitializeAnswer>("initialize", {
            processId: null,
            rootUri: pathToFileURL(this.#root).href,
            capabilities,
            clientInfo: { name: "test" },
            initializationOptions,
        });
        this.notify("initialized", {});
        return answer;
    }

    request<R>(method: string, params: object): Promise<R> {
        return this.connection.sendRequest<R>(method, params);
    }

    /** Asks for what must fail; answers with the error. */
    async refused(method: string, params: object): Promise<ErrorAnswer> {
        try {
            const answer: unknown = await this.connection.sendRequest(method, params);
            throw new Error(`${method} was answered: ${JSON.stringify(answer)}`);
        } catch (thrown) {
            if (thrown instanceof Error && "code" in thrown) {
                return thrown as unknown as ErrorAnswer;
            }
            throw thrown;
        }
    }

    notify(method: string, params: object): void {
        void this.connection.sendNotification(method, params);
    }

    uri(path: string): string {
        return pathToFileURL(`${this.#root}/${path}`).href;
    }

    open(path: string, text: string): void {
        this.notify("textDocument/didOpen", {
            textDocument: { uri: this.uri(path), languageId: "rust", version: 1, text },
        });
    }

    /** Parameters that point at the first occurrence of a needle. */
    at(path: string, text: string, needle: string): PositionParams {
        const offset = text.indexOf(needle);
        if (offset < 0) {
            throw new Error(`no ${needle} in ${path}`);
        }
        const before = text.slice(0, offset).split("\n");
        return {
            textDocument: { uri: this.uri(path) },
            position: { line: before.length - 1, character: before.at(-1)?.length ?? 0 },
        };
    }

    dispose(): void {
        this.connection.dispose();
    }
}

/** Answer to initialize, as far as tests look. */
export interface InitializeAnswer {
    readonly capabilities: Readonly<Record<string, unknown>>;
    readonly serverInfo: { readonly name: string };
}

/** A document and a position in it. */
export interface PositionParams {
    readonly textDocument: { readonly uri: string };
    readonly position: { readonly line: number; readonly character: number };
}
