// Failures as error answers: numbers, data, and what an editor reads.

import { ResponseError } from "vscode-jsonrpc/node";
import { expect, test } from "vitest";

import { CancelledError, InvariantError, OperatingError, refuse } from "../../../src/base/index.ts";
import { mapRefusal, mapThrown } from "../../../src/server/error-mapping.ts";

test("maps a refusal to a number of ours, or to LSP's", () => {
    const refusal = refuse("SYMBOL_NOT_FOUND", "no symbol `a`", {
        candidates: ["b", "c"],
        advice: "write a path",
    });
    const own = mapRefusal(refusal, false);
    expect(own.error.code).toBe(-32010);
    expect(own.error.message).toBe("no symbol `a`");
    expect(own.error.data).toEqual({
        code: "SYMBOL_NOT_FOUND",
        advice: "write a path",
        at: [],
        candidates: ["b", "c"],
    });
    const lsp = mapRefusal(refusal, true);
    expect(lsp.error.code).toBe(-32803);
    expect(lsp.error.message).toBe("no symbol `a` (b; c): write a path");
});

test("maps a failure of the world with its advice", () => {
    const { error, rule } = mapThrown(
        new OperatingError("DISK_FULL", "cannot write x", { advice: "free some space" }),
        false,
    );
    expect(error.code).toBe(-32011);
    expect(error.data).toMatchObject({ code: "DISK_FULL", advice: "free some space" });
    expect(rule.log).toBe("warn");
});

test.each([
    ["PROTOCOL_VERSION_MISMATCH", -32012],
    ["PROTOCOL_NO_HANDSHAKE", -32002],
    ["PROTOCOL_INVALID_PARAMS", -32602],
])("gives %s its own number", (code, number) => {
    expect(mapThrown(new OperatingError(code, "x"), true).error.code).toBe(number);
});

test("does not log what was cancelled", () => {
    const { error, rule } = mapThrown(new CancelledError(), true);
    expect(error.code).toBe(-32800);
    expect(rule.log).toBe("none");
});

test("maps everything else to an internal error and logs it", () => {
    for (const thrown of [new InvariantError("x"), new TypeError("x"), "x"]) {
        const { error, rule } = mapThrown(thrown, false);
        expect(error.code).toBe(-32603);
        expect(rule.log).toBe("error");
    }
});

test("passes a response error on", () => {
    expect(mapThrown(new ResponseError(-32601, "x"), true).error.code).toBe(-32601);
});
