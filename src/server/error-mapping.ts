// One table from failures to JSON-RPC numbers and to who hears of them.

import { ErrorCodes, ResponseError } from "vscode-jsonrpc/node";

import { CancelledError, InvariantError, OperatingError, type Refusal } from "../base/index.ts";
import { ERROR_NUMBER, type ErrorData } from "../protocol/index.ts";
import { OtherVersionError } from "./other-version.ts";

/** What is done with a failed request. */
export interface FailureRule {
    /** JSON-RPC number for our own requests. */
    readonly number: number;
    /** JSON-RPC number for requests of LSP, whose clients know only its numbers. */
    readonly lspNumber: number;
    readonly log: "none" | "info" | "warn" | "error";
}

/** Numbers that LSP defines beside those of JSON-RPC. */
export const LSP_ERROR = {
    serverNotInitialized: -32002,
    requestFailed: -32803,
    serverCancelled: -32802,
    contentModified: -32801,
    requestCancelled: -32800,
} as const;

/** Rules by kind of failure. */
export const FAILURE_RULES = {
    refusal: { number: ERROR_NUMBER.refused, lspNumber: LSP_ERROR.requestFailed, log: "info" },
    world: { number: ERROR_NUMBER.world, lspNumber: LSP_ERROR.requestFailed, log: "warn" },
    cancelled: {
        number: LSP_ERROR.requestCancelled,
        lspNumber: LSP_ERROR.requestCancelled,
        log: "none",
    },
    bug: { number: ErrorCodes.InternalError, lspNumber: ErrorCodes.InternalError, log: "error" },
} as const satisfies Record<string, FailureRule>;

/** Codes that have a number of their own, whatever kind of failure they are. */
export const CODE_RULES: Readonly<Record<string, FailureRule>> = {
    PROTOCOL_VERSION_MISMATCH: {
        number: ERROR_NUMBER.versionMismatch,
        lspNumber: ERROR_NUMBER.versionMismatch,
        log: "warn",
    },
    PROTOCOL_NO_HANDSHAKE: {
        number: LSP_ERROR.serverNotInitialized,
        lspNumber: LSP_ERROR.serverNotInitialized,
        log: "warn",
    },
    PROTOCOL_NOT_INITIALIZED: {
        number: LSP_ERROR.serverNotInitialized,
        lspNumber: LSP_ERROR.serverNotInitialized,
        log: "warn",
    },
    PROTOCOL_INVALID_PARAMS: {
        number: ErrorCodes.InvalidParams,
        lspNumber: ErrorCodes.InvalidParams,
        log: "info",
    },
    ENGINE_FILES_CHANGING: {
        number: ERROR_NUMBER.refused,
        lspNumber: LSP_ERROR.contentModified,
        log: "info",
    },
};

/** A failure on its way to the client. */
export interface MappedFailure {
    readonly rule: FailureRule;
    readonly error: ResponseError<ErrorData>;
}

/** Maps a refusal. */
export function mapRefusal(refusal: Refusal, isLsp: boolean): MappedFailure {
    const { code, message, advice, at, candidates } = refusal;
    const rule = CODE_RULES[code] ?? FAILURE_RULES.refusal;
    const data: ErrorData = { code, advice, at, candidates };
    return mapped(rule, isLsp, isLsp ? readable(message, advice, candidates) : message, data);
}

/** Maps whatever a handler has thrown. */
export function mapThrown(thrown: unknown, isLsp: boolean): MappedFailure {
    if (thrown instanceof CancelledError) {
        return mapped(FAILURE_RULES.cancelled, isLsp, "cancelled", bareData("CANCELLED"));
    }
    if (thrown instanceof OperatingError) {
        const rule = CODE_RULES[thrown.code] ?? FAILURE_RULES.world;
        const versions = thrown instanceof OtherVersionError ? thrown.daemon : undefined;
        const data: ErrorData = {
            ...bareData(thrown.code),
            advice: thrown.advice,
            ...(versions === undefined ? {} : { versions }),
        };
        const message = isLsp ? readable(thrown.message, thrown.advice, []) : thrown.message;
        return mapped(rule, isLsp, message, data);
    }
    if (thrown instanceof ResponseError) {
        const rule = { number: thrown.code, lspNumber: thrown.code, log: "warn" } as const;
        return mapped(rule, isLsp, thrown.message, bareData(""));
    }
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    const what = thrown instanceof InvariantError ? "a promise of the program is broken" : "crash";
    return mapped(FAILURE_RULES.bug, isLsp, `${what}: ${message}`, bareData(""));
}

function mapped(
    rule: FailureRule,
    isLsp: boolean,
    message: string,
    data: ErrorData,
): MappedFailure {
    const error = new ResponseError(isLsp ? rule.lspNumber : rule.number, message, data);
    return { rule, error };
}

function bareData(code: string): ErrorData {
    return { code, advice: "", at: [], candidates: [] };
}

/** An editor shows the message only, so that it must hold what helps. */
function readable(message: string, advice: string, candidates: readonly string[]): string {
    const near = candidates.length === 0 ? "" : ` (${candidates.join("; ")})`;
    return `${message}${near}${advice === "" ? "" : `: ${advice}`}`;
}
