// The card, opened in the background when something first could use it. That there is none is a normal state.

import { NEVER_FASTER, type CardMemory, type NativeCard } from "./binding.ts";
import { loadNative, type NativeState } from "./load-native.ts";

/** How far it is with the card. */
export type CardState =
    /** Nothing here was large enough yet for a card to be faster. */
    | { readonly phase: "unasked" }
    | { readonly phase: "starting" }
    | { readonly phase: "none"; readonly reason: string }
    | { readonly phase: "ready"; readonly card: NativeCard };

/** How a card is opened. */
export interface CardOptions {
    /** The driver's library; its usual name by default. */
    readonly library?: string;
    readonly memory?: CardMemory;
    /** Measure from which sizes on the card is faster; else it never counts as faster. */
    readonly measure?: boolean;
}

/** Opens the card of an addon; a failure is a state, not an error. */
export async function openCard(
    native: NativeState,
    { library = "", memory = "managed", measure = true }: CardOptions = {},
): Promise<CardState> {
    if (!native.ok) {
        return { phase: "none", reason: `no addon: ${native.reason}` };
    }
    const answer = await native.addon.startCard(library, memory, measure);
    return answer.ok ? { phase: "ready", card: answer } : { phase: "none", reason: answer.reason };
}

let state: CardState = { phase: "unasked" };

/** How far it is with this process's card. */
export function cardState(): CardState {
    return state;
}

/** This process's card if it is open; begins to open it where that was not yet done. */
export function cardHere(): NativeCard | undefined {
    if (state.phase === "unasked") {
        state = { phase: "starting" };
        void openCard(loadNative()).then(
            (opened) => {
                state = opened;
            },
            (error: unknown) => {
                state = { phase: "none", reason: String(error) };
            },
        );
    }
    return state.phase === "ready" ? state.card : undefined;
}

/** The state of the card in words. */
export function describeCard(of: CardState): string {
    switch (of.phase) {
        case "unasked":
            return "not opened: no graph here was large enough for one yet";
        case "starting":
            return "being opened";
        case "none":
            return of.reason;
        case "ready":
            return `${of.card.name}, sm_${of.card.architecture}, ${describeThresholds(of.card)}`;
    }
}

function describeThresholds({ bfsEdgesMin, manyEdgesMin }: NativeCard): string {
    const from = (edges: number): string =>
        edges === NEVER_FASTER ? "not faster" : `from ${edges} edges`;
    return `one search ${from(bfsEdgesMin)}, 64 at once ${from(manyEdgesMin)}`;
}
