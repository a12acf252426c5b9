// A daemon's life: it ends when nobody needs it, gives way to a newer one, is started again after a crash
// with nothing lost, keeps source text out of its log, and lets go of memory above its limit.

import { connect } from "node:net";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

import { METHOD, type RootResult, type StatusResult } from "../../src/protocol/index.ts";
import { writeFrame } from "../../src/server/message-frames.ts";
import { DaemonHarness, exitOf } from "../support/daemon-harness.ts";
import type { LspClient } from "../support/lsp-client.ts";

const LIB = "shapes/src/lib.rs";
let harness: DaemonHarness;

beforeEach(() => {
    harness = new DaemonHarness();
});

afterEach(async () => {
    await harness.close();
});

function statusOf(client: LspClient): Promise<StatusResult> {
    return client.request<StatusResult>(METHOD.status, {});
}

/** A process that has ended may wait for a parent to hear of it. */
function isAlive(pid: number): boolean {
    try {
        process.kill(pid, 0);
        const stat = `/proc/${pid}/stat`;
        return !existsSync(stat) || !/\) Z /.test(readFileSync(stat, "utf8"));
    } catch {
        return false;
    }
}

async function shown(main: string | undefined): Promise<StatusResult> {
    const args = ["status", "--json"] as const;
    const { stdout, stderr } = await (main === undefined
        ? harness.run(...args)
        : harness.runWith(main, ...args));
    expect(stderr).toBe("");
    return JSON.parse(stdout) as StatusResult;
}

test("ends after its idle limit, and not while a client is there", async () => {
    const { client, child } = harness.editor("--idle", "1");
    await client.initialize();
    const { pid } = await statusOf(client);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(isAlive(pid)).toBe(true);
    await client.request("shutdown", {});
    client.notify("exit", {});
    expect(await exitOf(child)).toBe(0);
    await expect.poll(() => isAlive(pid), { timeout: 60_000 }).toBe(false);
    expect(harness.log()).toContain('"msg":"idle"');
    // It left nothing behind that the next one stumbles over.
    expect((await shown(undefined)).warmStartMilliseconds).toBeGreaterThanOrEqual(0);
});

test("an older daemon gives way to a newer client, and its editor is told", async () => {
    const older = harness.ofVersion("0.0.9");
    const { child, client } = harness.editorOf(older);
    await client.initialize();
    const before = await statusOf(client);
    expect(before.serverVersion).toBe("0.0.9");
    const after = await shown(undefined);
    expect(after.serverVersion).not.toBe("0.0.9");
    expect(after.pid).not.toBe(before.pid);
    expect(after.stateRoot).toBe(before.stateRoot);
    // The editor's own end ends, so that the editor starts it anew.
    expect(await exitOf(child)).toBe(0);
    expect(isAlive(before.pid)).toBe(false);
});

test("a newer daemon never gives way to an older client", async () => {
    const older = harness.ofVersion("0.0.9");
    const { pid, serverVersion } = await shown(undefined);
    const { status, stderr } = await harness.runWith(older, "status");
    expect(status).toBe(3);
    expect(stderr).toContain(serverVersion);
    expect(stderr).toContain("0.0.9");
    const { client, child } = harness.editorOf(older);
    const refused = client.initialize();
    await expect(refused).rejects.toThrow(/0\.0\.9.*newer of the two/);
    expect(await exitOf(child)).toBe(3);
    expect((await shown(undefined)).pid).toBe(pid);
});

test("a release gives way to nothing but a newer one, whatever was before it", async () => {
    const { pid } = await shown(harness.ofVersion("0.0.9"));
    const newer = harness.ofVersion("99.0.0-rc.1");
    expect((await shown(newer)).serverVersion).toBe("99.0.0-rc.1");
    expect(isAlive(pid)).toBe(false);
    expect((await harness.run("status")).status).toBe(3);
    expect((await harness.runWith(newer, "stop")).status).toBe(0);
});

test("a crash is a delay: unsaved text, the graph and what was asked survive it", async () => {
    const { client, child } = harness.editor();
    await client.initialize();
    const saved = harness.workspace.read(LIB);
    client.open(LIB, saved);
    const end = saved.split("\n").length - 1;
    const at = { line: end, character: 0 };
    client.notify("textDocument/didChange", {
        textDocument: { uri: client.uri(LIB), version: 2 },
        contentChanges: [{ range: { start: at, end: at }, text: "fn never_saved() {}\n" }],
    });
    const query = { query: "never_saved" };
    expect(await client.request<unknown[]>("workspace/symbol", query)).toHaveLength(1);
    const roots = await client.request<RootResult>(METHOD.root, {});
    const { pid } = await statusOf(client);

    const asked = client.request<unknown[]>("workspace/symbol", query);
    process.kill(pid, "SIGKILL");
    const during = client.request<unknown[]>("workspace/symbol", query);
    expect(await asked).toHaveLength(1);
    expect(await during).toHaveLength(1);

    const now = await statusOf(client);
    expect(now.pid).not.toBe(pid);
    expect(now.clients).toContain("test");
    const after = await client.request<RootResult>(METHOD.root, {});
    expect(after).toEqual(roots);
    // The next edit is one of the text as it was before the crash.
    const then = { line: end, character: 3 };
    client.notify("textDocument/didChange", {
        textDocument: { uri: client.uri(LIB), version: 3 },
        contentChanges: [{ range: { start: then, end: then }, text: "at_all_" }],
    });
    const edited = { query: "at_all_never_saved" };
    expect(await client.request<unknown[]>("workspace/symbol", edited)).toHaveLength(1);
    await client.request("shutdown", {});
    client.notify("exit", {});
    expect(await exitOf(child)).toBe(0);
});

test("a daemon that crashes again and again is given up on, with a word to the editor", async () => {
    const { client, child } = harness.editor();
    await client.initialize();
    for (let crash = 0; crash < 5; crash++) {
        const { pid } = await statusOf(client);
        process.kill(pid, "SIGKILL");
        await expect.poll(() => isAlive(pid)).toBe(false);
    }
    expect(await exitOf(child)).toBe(3);
    const told = client.notifications.filter(({ method }) => method === "window/showMessage");
    expect(JSON.stringify(told)).toContain("crashed 5 times");
});

const MARKER = "zanzibar_marker";

/** Edits, renames, refusals, damage and nonsense with a word in every text that is sent. */
async function useMarker(client: LspClient): Promise<void> {
    const text = `${harness.workspace.read(LIB)}
// ${MARKER} in a comment
pub fn ${MARKER}() -> &'static str { "${MARKER}" }
fn twice(a: u8) { let ${MARKER}_local = a; ${MARKER}(; }
`;
    harness.workspace.write(LIB, text);
    client.open(LIB, text);
    client.notify("textDocument/didSave", { textDocument: { uri: client.uri(LIB) } });
    await client.request("textDocument/documentSymbol", {
        textDocument: { uri: client.uri(LIB) },
    });
    const at = client.at(LIB, text, `${MARKER}()`);
    await client.refused("textDocument/rename", { ...at, newName: "9" });
    await client.refused("textDocument/rename", { ...at, newName: "total" });
    await client.refused("textDocument/references", { textDocument: null, [MARKER]: MARKER });
    await client.refused(METHOD.query, { sql: `SELECT '${MARKER}` });
    await client.refused(METHOD.plan, { patch: `{ "${MARKER}` });
    await client.refused(METHOD.impact, { symbol: { kind: "path", path: `no::${MARKER}` } });
    await client.request(METHOD.query, { sql: "SELECT count(*) FROM symbols" });
}

async function sendNonsense(): Promise<void> {
    const stream = connect(harness.socketPath());
    const body = `{"${MARKER}`;
    stream.write(`Content-Length: ${body.length}\r\n\r\n${body}`);
    writeFrame(stream, { jsonrpc: "2.0", result: MARKER });
    stream.write(`${MARKER}: ${MARKER}\r\n\r\n`);
    stream.resume();
    await new Promise((resolve) => stream.once("close", resolve));
}

test("its log holds no source text, unless it is asked for", async () => {
    const { client } = harness.editor();
    await client.initialize();
    await useMarker(client);
    await sendNonsense();
    await harness.run("stop");
    const quiet = harness.log();
    expect(quiet).toContain('"failed: ');
    expect(quiet).toContain('"crashed"');
    expect(quiet).toContain('"not a message"');
    expect(quiet).not.toContain(MARKER);

    const loud = harness.editor("--log-level", "debug");
    await loud.client.initialize();
    await useMarker(loud.client);
    expect(harness.log()).toContain(MARKER);
    // Only its user can read it.
    const folder = join(harness.workspace.root, ".ferrograph");
    expect(readdirSync(folder)).toContain("daemon.log");
});

test("lets go of memory above its limit, says so, and answers as before", async () => {
    const { client } = harness.editor("--memory", "1");
    await client.initialize();
    const rename = { symbol: { kind: "path", path: "shapes::scale" }, newName: "grow" };
    const before = await client.request(METHOD.renameImpact, rename);
    await expect
        .poll(async () => (await statusOf(client)).memory.dropped.map(({ what }) => what), {
            timeout: 60_000,
        })
        .toContain("syntax");
    const { memory } = await statusOf(client);
    expect(memory).toMatchObject({ limitBytes: 2 ** 20, isExceeded: true });
    expect(await client.request(METHOD.renameImpact, rename)).toEqual(before);
    expect((await harness.run("status")).stdout).toMatch(/memory limit +1[.0]* MiB; let go: /);
});
