// The editor's side of a page: messages, and what is kept while the page is hidden.

import type { FromGraph, FromQuery } from "../src/model/messages.ts";

interface EditorApi {
    postMessage(message: unknown): void;
    getState(): unknown;
    setState(state: unknown): void;
}

declare function acquireVsCodeApi(): EditorApi;

const api = acquireVsCodeApi();

/** Sends the extension a message. */
export function send(message: FromGraph | FromQuery): void {
    api.postMessage(message);
}

/** Calls back with each message of the extension. */
export function onMessage(receive: (message: unknown) => void): void {
    window.addEventListener("message", (event: MessageEvent<unknown>) => {
        receive(event.data);
    });
}

/** Keeps something for when the page is made again. */
export function keep(state: object): void {
    api.setState(state);
}

/** What was kept; empty at first. */
export function kept(): Readonly<Record<string, unknown>> {
    const state = api.getState();
    return typeof state === "object" && state !== null ? { ...state } : {};
}

/** The element of an id, which the page has. */
export function element<E extends HTMLElement>(id: string, type: abstract new () => E): E {
    const found = document.getElementById(id);
    if (!(found instanceof type)) {
        throw new Error(`the page has no #${id} that is a ${type.name}`);
    }
    return found;
}

/** Has a screen reader say something. */
export function say(text: string): void {
    element("said", HTMLElement).textContent = text;
}
