// Messages read by hand, before bytes are passed on.

import { PassThrough } from "node:stream";
import { expect, test } from "vitest";

import { MessageFrames, writeFrame } from "../../../src/server/message-frames.ts";

test("reads a message that arrives byte by byte, and hands over the rest", async () => {
    const wire = new PassThrough();
    writeFrame(wire, { jsonrpc: "2.0", id: 1, method: "é" });
    const bytes = Buffer.concat([wire.read() as Buffer, Buffer.from("rest")]);
    const stream = new PassThrough();
    const frames = new MessageFrames(stream);
    const next = frames.next();
    for (const byte of bytes) {
        stream.write(Buffer.from([byte]));
    }
    expect(JSON.parse(String((await next)?.body))).toEqual({ jsonrpc: "2.0", id: 1, method: "é" });
    const rest = frames.rest();
    stream.end(" and more");
    let passed = "";
    for await (const chunk of rest) {
        passed += String(chunk);
    }
    expect(passed).toBe("rest and more");
});

test("gives nothing when the stream ends first", async () => {
    const stream = new PassThrough();
    const frames = new MessageFrames(stream);
    stream.end("Content-Length: 10\r\n\r\n{}");
    expect(await frames.next()).toBeUndefined();
});

test.each(["Content-Length: x\r\n\r\n", "Hello: 1\r\n\r\n", "a".repeat(5000)])(
    "refuses what is not the base protocol",
    async (text) => {
        const stream = new PassThrough();
        const frames = new MessageFrames(stream);
        stream.write(text);
        await expect(frames.next()).rejects.toMatchObject({ code: "PROTOCOL_BAD_FRAME" });
    },
);
