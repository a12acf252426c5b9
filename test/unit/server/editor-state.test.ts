// What a daemon hears that takes the place of one that has crashed.

import { expect, test } from "vitest";

import { METHOD } from "../../../src/protocol/index.ts";
import { EditorState } from "../../../src/server/editor-state.ts";
import type { Frame, JsonMessage } from "../../../src/server/message-frames.ts";

const URI = "file:///w/src/lib.rs";

function frame(message: object): Frame {
    const body = Buffer.from(JSON.stringify({ jsonrpc: "2.0", ...message }));
    return { bytes: body, body };
}

function ask(id: number | string, method: string, params: object = {}): JsonMessage {
    return { jsonrpc: "2.0", id, method, params };
}

function tell(method: string, params: object): JsonMessage {
    return { jsonrpc: "2.0", method, params };
}

/** An editor that was greeted in an encoding and has a text open. */
function greeted(encoding: string, text: string): EditorState {
    const state = new EditorState();
    state.noteFromEditor(ask(1, "initialize", { rootUri: "file:///w" }));
    state.noteFromDaemon(
        frame({ id: 1, result: { capabilities: { positionEncoding: encoding } } }),
    );
    state.noteFromEditor(tell("initialized", {}));
    const textDocument = { uri: URI, languageId: "rust", version: 1, text };
    state.noteFromEditor(tell("textDocument/didOpen", { textDocument }));
    return state;
}

function change(version: number, from: number, to: number, text: string): JsonMessage {
    const range = { start: { line: 0, character: from }, end: { line: 0, character: to } };
    const textDocument = { uri: URI, version };
    return tell("textDocument/didChange", { textDocument, contentChanges: [{ range, text }] });
}

test.each([
    ["utf-16", 7],
    ["utf-8", 8],
])("opens texts as they are by now, in %s", (encoding, column) => {
    const state = greeted(encoding, 'let é = "ß";\n');
    state.noteFromEditor(change(2, column, column, " 1 +"));
    state.noteFromEditor(change(3, 0, 3, "const"));
    const [initialize, initialized, opened, ...more] = state.replay();
    expect(initialize).toMatchObject({ method: "initialize", params: { rootUri: "file:///w" } });
    expect(initialize?.id).not.toBe(1);
    expect(initialized?.method).toBe("initialized");
    expect(opened?.params).toEqual({
        textDocument: { uri: URI, languageId: "rust", version: 3, text: 'const é = 1 + "ß";\n' },
    });
    expect(more).toEqual([]);
    // The second greeting is the relay's own.
    const answer = frame({ id: initialize?.id, result: { capabilities: {} } });
    expect(state.noteFromDaemon(answer)).toBe("swallow");
    state.noteFromEditor(tell("textDocument/didClose", { textDocument: { uri: URI } }));
    expect(state.replay()).toHaveLength(2);
});

test("a first request that was not answered is asked as it was", () => {
    const state = new EditorState();
    const initialize = ask("a", "initialize");
    state.noteFromEditor(initialize);
    expect(state.noteCrash()).toEqual([]);
    expect(state.replay()).toEqual([initialize]);
});

test("what reads is asked once more, what writes is not, what was cancelled is over", () => {
    const state = greeted("utf-16", "");
    const reading = ask(2, "textDocument/rename");
    state.noteFromEditor(reading);
    state.noteFromEditor(ask(3, METHOD.applyRename));
    state.noteFromEditor(ask(4, "textDocument/references"));
    state.noteFromEditor(tell("$/cancelRequest", { id: 4 }));
    state.noteFromEditor(ask(5, METHOD.status));
    state.noteFromDaemon(frame({ id: 5, result: {} }));
    const told = state.noteCrash();
    expect(told.map(({ id, error }) => [id, error?.code])).toEqual([
        [3, -32803],
        [4, -32800],
    ]);
    expect(state.replay().at(-1)).toEqual(reading);
    // It was asked twice, and both daemons ended.
    expect(state.noteCrash().map(({ id }) => id)).toEqual([2]);
    expect(state.replay()).toHaveLength(3);
});

test("progress that had begun ends, and answers to a daemon that is gone go nowhere", () => {
    const state = greeted("utf-16", "");
    const token = "ferrograph-open";
    state.noteFromDaemon(frame({ id: 0, method: "window/workDoneProgress/create", params: {} }));
    const begin = { token, value: { kind: "begin", title: "t" } };
    state.noteFromDaemon(frame({ method: "$/progress", params: begin }));
    expect(state.noteCrash()).toEqual([tell("$/progress", { token, value: { kind: "end" } })]);
    const late = { jsonrpc: "2.0", id: 0, result: null } as const;
    expect(state.noteFromEditor(late)).toBe(false);
    state.noteFromDaemon(frame({ id: 0, method: "window/workDoneProgress/create", params: {} }));
    expect(state.noteFromEditor(late)).toBe(true);
});

test("a farewell is no crash, and is not for the editor", () => {
    const state = greeted("utf-16", "");
    const stopping = frame({ method: METHOD.stopping, params: { reason: "asked to" } });
    expect(state.noteFromDaemon(stopping)).toBe("farewell");
    expect(state.isLeaving).toBe(false);
    state.noteFromEditor(ask(9, "shutdown"));
    expect(state.isLeaving).toBe(true);
});

test("a message that is written otherwise is read whole", () => {
    const state = greeted("utf-16", "");
    state.noteFromEditor(ask('q"1', METHOD.status));
    const body = Buffer.from('{ "result": {}, "id": "q\\"1", "jsonrpc": "2.0" }');
    expect(state.noteFromDaemon({ bytes: body, body })).toBe("pass");
    expect(state.giveUp({ code: 1, message: "" })).toEqual([]);
});
