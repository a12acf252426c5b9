// The state of the server in the few words of a status bar item, and in the lines of its tooltip.

import type { StatusResult } from "../../../../src/protocol/index.ts";
import { bytes, count } from "./words.ts";

/** What the status bar shows. */
export interface StatusText {
    /** With codicons. */
    readonly text: string;
    readonly tooltip: readonly string[];
    /** For a screen reader. */
    readonly spoken: string;
    readonly isWarning: boolean;
}

/** What is known of the server. */
export type ServerState =
    | { readonly kind: "starting" }
    | { readonly kind: "stopped"; readonly reason: string }
    | { readonly kind: "running"; readonly status: StatusResult };

/** Puts the server's state into words. */
export function statusText(state: ServerState): StatusText {
    switch (state.kind) {
        case "starting":
            return simple("$(loading~spin) Ferrograph", "Ferrograph is starting", false);
        case "stopped":
            return simple(
                "$(error) Ferrograph",
                `Ferrograph is not running: ${state.reason}`,
                true,
            );
        case "running":
            return runningText(state.status);
    }
}

function simple(text: string, spoken: string, isWarning: boolean): StatusText {
    return { text, tooltip: [spoken], spoken, isWarning };
}

function runningText(status: StatusResult): StatusText {
    const numbers = `${count(status.symbols, "symbol")} in ${count(status.files, "file")}`;
    const exact = status.frontends.find((each) => each.precision === "exact");
    const tooltip = [
        `${numbers}, ${count(status.lines, "line")}`,
        ...(exact === undefined ? [] : [`rustc: ${exact.state}`]),
        `memory ${bytes(status.memoryBytes)}`,
        ...(status.problems.length === 0 ? [] : [count(status.problems.length, "problem")]),
        ...(status.readOnlyReason === "" ? [] : [`read-only: ${status.readOnlyReason}`]),
    ];
    const icon = {
        opening: "$(loading~spin)",
        capturing: "$(sync~spin)",
        ready: "$(type-hierarchy)",
        "read-only": "$(lock)",
    }[status.state];
    return {
        text: `${icon} ${status.symbols.toLocaleString("en-US")}`,
        tooltip,
        spoken: `Ferrograph is ${status.state}: ${numbers}`,
        isWarning: status.state === "read-only",
    };
}
