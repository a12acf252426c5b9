// The near end of a socket whose far end goes away: whoever asks is told that the daemon has gone, whenever that was.

import { duplexPair } from "node:stream";

import { afterEach, expect, test } from "vitest";
import {
    createMessageConnection,
    StreamMessageReader,
    StreamMessageWriter,
} from "vscode-jsonrpc/node";

import { METHOD } from "../../../src/protocol/index.ts";
import type { DaemonClient } from "../../../src/server/index.ts";
import { greetDaemon } from "../../../src/server/remote-client.ts";

let client: DaemonClient | undefined;

afterEach(async () => {
    await client?.close();
});

async function connect() {
    const [near, far] = duplexPair();
    const daemon = createMessageConnection(
        new StreamMessageReader(far),
        new StreamMessageWriter(far),
    );
    daemon.onError(() => undefined);
    daemon.onRequest(METHOD.handshake, () => ({ serverVersion: "0.0.0" }));
    // It never answers.
    daemon.onRequest(METHOD.status, () => new Promise(() => undefined));
    daemon.listen();
    client = await greetDaemon(near, "a test");
    return { asks: client, near };
}

test("a question that waits when the daemon goes is told so", async () => {
    const { asks, near } = await connect();
    const asked = expect(asks.request(METHOD.status, {})).rejects.toMatchObject({
        code: "DAEMON_GONE",
    });
    near.destroy();
    await asked;
});

test("so is one that is asked after it has gone", async () => {
    const { asks, near } = await connect();
    near.destroy();
    await new Promise((resolve) => setImmediate(resolve));
    for (let time = 0; time < 2; time++) {
        await expect(asks.request(METHOD.status, {})).rejects.toMatchObject({
            code: "DAEMON_GONE",
        });
    }
});

test("and one that cannot be written any more", async () => {
    const { asks, near } = await connect();
    near.end();
    await expect(asks.request(METHOD.status, {})).rejects.toMatchObject({ code: "DAEMON_GONE" });
});
