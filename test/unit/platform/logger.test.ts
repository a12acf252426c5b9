// The log: moved aside at its limit, and without source text above the level `debug`.

import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { OperatingError } from "../../../src/base/index.ts";
import { createLogger } from "../../../src/platform/index.ts";
import { temporaryFolder } from "./temporary-folder.ts";

test("a full log moves aside, and only so many of them are kept", () => {
    const path = join(temporaryFolder(), "daemon.log");
    writeFileSync(path, "x".repeat(900));
    const keeping = { bytesMax: 1000, filesMax: 2 };
    const logger = createLogger({ level: "info", destination: path, keeping });
    for (let line = 0; line < 40; line++) {
        logger.info({ line }, "said");
    }
    for (const each of [path, `${path}.1`, `${path}.2`]) {
        expect(statSync(each).size).toBeLessThanOrEqual(1000);
    }
    expect(existsSync(`${path}.3`)).toBe(false);
    const lines = [`${path}.2`, `${path}.1`, path]
        .flatMap((each) => readFileSync(each, "utf8").trim().split("\n"))
        .map((line) => (JSON.parse(line) as { line: number }).line);
    // The newest are there, none is lost or doubled in between.
    expect(lines).toEqual(lines.map((_, index) => 40 - lines.length + index));
    expect(lines.length).toBeGreaterThan(10);
});

function logged(level: "debug" | "info", error: Error): string {
    const path = join(temporaryFolder(), "daemon.log");
    createLogger({ level, destination: path }).error({ err: error }, "it failed");
    return readFileSync(path, "utf8");
}

test("an error is logged without what it may quote", () => {
    let quoting = new Error();
    try {
        JSON.parse("let marker = 1;");
    } catch (thrown) {
        quoting = thrown as Error;
    }
    expect(quoting.message).toContain("marker");
    const wrapped = new OperatingError("TOOL_FAILED", "cargo failed:\nlet marker = 1;", {
        cause: quoting,
    });
    const text = logged("info", wrapped);
    expect(text).not.toContain("marker");
    const { err } = JSON.parse(text) as { err: { code: string; stack: string[]; cause: object } };
    expect(err).toMatchObject({
        type: "OperatingError",
        code: "TOOL_FAILED",
        message: "cargo failed:",
        cause: { type: "SyntaxError" },
    });
    expect(err.stack[0]).toMatch(/^at .*logger\.test\.ts/);
    expect(logged("debug", wrapped)).toContain("marker");
});
