// The log port's real implementation.

import { statSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { InvariantError } from "../../../src/base/index.ts";
import { CallPace, openLogFile } from "../../../src/platform/index.ts";
import { logFileOver, rawFileOf } from "../../../src/platform/log-file.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (read: Uint8Array): string => new TextDecoder().decode(read);

describe.each([
    { disk: "a slow disk", isQuick: false },
    { disk: "a quick disk", isQuick: true },
])("on $disk", ({ isQuick }) => {
    test("appends that are not awaited do not overlap, and survive a reopening", async () => {
        const path = join(temporaryFolder(), "a.log");
        const log = await openLogFile(path, "open-or-create", { pace: new CallPace(isQuick) });
        const offsets = await Promise.all([log.append(bytes("one")), log.append(bytes("two!"))]);
        expect(offsets).toEqual([0, 3]);
        expect(log.size).toBe(7);
        await log.datasync();
        await log.writeAt(1, bytes("NE"));
        await log.close();
        const again = await openLogFile(path, "open-or-create", { pace: new CallPace(isQuick) });
        expect(again.size).toBe(7);
        expect(text(await again.readAll())).toBe("oNEtwo!");
        expect(text(await again.readAt(3, 3))).toBe("two");
        expect(text(await again.readAt(5, 100))).toBe("o!");
        expect((await again.readAt(100, 4)).length).toBe(0);
        await again.truncate(3);
        expect(statSync(path).size).toBe(3);
        expect(await again.append(bytes("x"))).toBe(3);
        expect(text(await again.readAll())).toBe("oNEx");
        await again.close();
        await again.close();
    });

    test("a full disk is DISK_FULL", async () => {
        const log = await openLogFile("/dev/full", "open-or-create", {
            pace: new CallPace(isQuick),
        });
        await expect(log.append(bytes("x"))).rejects.toMatchObject({ code: "DISK_FULL" });
        await log.close();
    });
});

test("holes and use after closing are bugs", async () => {
    const log = await openLogFile(join(temporaryFolder(), "a.log"), "create");
    await expect(log.writeAt(1, bytes("x"))).rejects.toBeInstanceOf(InvariantError);
    await expect(log.truncate(1)).rejects.toBeInstanceOf(InvariantError);
    await log.close();
    await expect(log.append(bytes("x"))).rejects.toBeInstanceOf(InvariantError);
});

test("opening modes", async () => {
    const path = join(temporaryFolder({ "a.log": "kept" }), "a.log");
    await expect(openLogFile(path, "create")).rejects.toMatchObject({ code: "DISK_IO" });
    const read = await openLogFile(path, "read-only");
    expect(text(await read.readAll())).toBe("kept");
    await expect(read.append(bytes("x"))).rejects.toMatchObject({ name: "OperatingError" });
    await read.close();
    await expect(openLogFile(`${path}.none`, "read-only")).rejects.toMatchObject({
        code: "FILE_NOT_FOUND",
    });
});

test.each([
    { disk: "a slow disk", pace: new CallPace(), bytes: 100, made: [] },
    { disk: "a quick disk", pace: new CallPace(true), bytes: 100, made: ["write", "sync"] },
    { disk: "a quick disk, if it is large,", pace: new CallPace(true), bytes: 1 << 20, made: [] },
])("what is written to $disk makes others wait as it should", async ({ pace, bytes, made }) => {
    const path = join(temporaryFolder(), "a.log");
    const file = rawFileOf(await open(path, "wx+"));
    const madeAtOnce: string[] = [];
    const counting = {
        ...file,
        writeNow: (...asked: Parameters<typeof file.writeNow>) => {
            madeAtOnce.push("write");
            return file.writeNow(...asked);
        },
        datasyncNow: () => {
            madeAtOnce.push("sync");
            file.datasyncNow();
        },
    };
    const log = logFileOver(path, counting, 0, { pace });
    await log.append(new Uint8Array(bytes).fill(7));
    await log.datasync();
    expect(madeAtOnce).toEqual(made);
    expect(statSync(path).size).toBe(bytes);
    await log.close();
});
