// What a status says of rust-analyzer's facts. Documented in docs/protocol/requests.md, which is pinned to this file.

import type { FactsStatus } from "./facts-status.ts";

/** What rust-analyzer said of the workspace, and what was made of it. */
export interface AnalyzerStatus {
    /** `aside`: it is not there, or does not see the standard library, and nothing of it is believed. */
    readonly phase: FactsStatus["phase"];
    /** Why it is off, stands aside or failed; else empty. */
    readonly reason: string;
    /** What can be done about that; else empty. */
    readonly advice: string;
    /** First line of `rust-analyzer --version`; empty when not known. */
    readonly version: string;
    /** When the last capture ended, milliseconds since 1970. */
    readonly capturedAt: number | undefined;
    readonly milliseconds: number;
    /** Bytes on disk: evidence. */
    readonly bytes: number;
    /** What its index holds of files of the workspace, and how much of that became evidence. */
    readonly documents: number;
    readonly occurrences: number;
    readonly taken: number;
    /** Occurrences that say nothing, by reason. */
    readonly leftOut: Readonly<Record<string, number>>;
    /** Of this many calls of methods it knows so many: few where it does not see the standard library. */
    readonly methodCalls: { readonly seen: number; readonly known: number };
    /** Occurrences that rust-analyzer alone confirmed or decided, by binding. */
    readonly exact: Readonly<Record<string, number>>;
    readonly disagreements: FactsStatus["disagreements"] & {
        /** Those in which the resolver and rustc agree: the token keeps that meaning. */
        readonly outvoted: number;
    };
}

/** What came of asking a running rust-analyzer about single tokens. */
export interface AskedAnalyzerDto {
    /** `loading`: it did not answer within the wait, and what it says is used by later requests. */
    readonly state: "answered" | "loading" | "aside";
    /** Why it is not `answered`. */
    readonly reason: string;
    /** Tokens that it was asked about, and places that it named for them. */
    readonly asked: number;
    readonly answered: number;
}
