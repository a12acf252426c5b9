// The log of operations: what is appended is there again, a torn line is taken away, damage is said.

import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { OperationLog, type OperationRecord } from "../../../src/oplog/index.ts";

let folder = "";
let path = "";

beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "ferrograph-oplog-"));
    path = join(folder, "operations.log");
});

afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
});

function operation(number: number, result: OperationRecord["result"]): OperationRecord {
    return {
        opId: `00000000-0000-4000-8000-00000000000${number}`,
        patchId: "rename",
        description: "rename a::b to c\nwith a line break",
        preconditionPassed: result !== "refused",
        appliedCommit: null,
        endedMs: 1_700_000_000_000 + number,
        result,
        planFingerprint: null,
        rootBefore: "aa",
        rootAfter: result === "applied" ? "bb" : null,
        diagnostics: result === "applied" ? null : "why",
    };
}

async function readAll(): Promise<readonly OperationRecord[]> {
    const log = await OperationLog.open(path);
    await log.close();
    return log.records;
}

test("operations are there again, in the order in which they were appended", async () => {
    const log = await OperationLog.open(path);
    const all = [operation(1, "applied"), operation(2, "refused"), operation(3, "failed")];
    await Promise.all(all.map((each) => log.append(each)));
    await log.close();
    expect(await readAll()).toEqual(all);
    expect(readFileSync(path, "utf8").split("\n").length).toBe(4);
});

test("a line that was cut at any byte is taken away, and the log goes on", async () => {
    const log = await OperationLog.open(path);
    await log.append(operation(1, "applied"));
    await log.close();
    const whole = readFileSync(path);
    const torn = JSON.stringify(operation(2, "applied"));
    for (let length = 1; length <= torn.length; length += 17) {
        writeFileSync(path, Buffer.concat([whole, Buffer.from(torn.slice(0, length))]));
        const opened = await OperationLog.open(path);
        await opened.append(operation(3, "applied"));
        await opened.close();
        expect((await readAll()).map(({ opId }) => opId.at(-1))).toEqual(["1", "3"]);
    }
});

test.each(["no JSON", "{}", "null", '{"opId":1}'])(
    "a damaged line is said to be one: %s",
    async (line) => {
        appendFileSync(path, `${line}\n`);
        await expect(OperationLog.open(path)).rejects.toMatchObject({ code: "OPERATIONS_DAMAGED" });
        expect(readFileSync(path, "utf8")).toBe(`${line}\n`);
    },
);
