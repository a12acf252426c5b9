// What V8 has made of the program is kept for the next process, in the user's cache folder, and never needed.

import { execFileSync, spawn } from "node:child_process";
import {
    chmodSync,
    cpSync,
    mkdtempSync,
    readdirSync,
    readFileSync,
    rmSync,
    statSync,
    writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { expect, onTestFinished, test, vi } from "vitest";

const COMMAND = fileURLToPath(new URL("../../dist/bundle/main.js", import.meta.url));
const EXAMPLE = fileURLToPath(new URL("../../examples/orrery", import.meta.url));
const IS_WINDOWS = process.platform === "win32";

function temporaryFolder(): string {
    const folder = mkdtempSync(join(tmpdir(), "ferrograph-code-"));
    onTestFinished(() => {
        chmodSync(folder, 0o700);
        rmSync(folder, { recursive: true, force: true });
    });
    return folder;
}

/** Runs a command whose caches lie in a folder, and checks that it does what it always does. */
function checkRuns(cache: string, args = ["--version"], printing = /ferrograph/u): void {
    const env = { ...process.env, XDG_CACHE_HOME: cache, LOCALAPPDATA: cache };
    const printed = execFileSync(process.execPath, [COMMAND, ...args], { env, encoding: "utf8" });
    expect(printed).toMatch(printing);
}

/** The stored files with their times of change. */
function stored(cache: string): [path: string, changed: number][] {
    return readdirSync(cache, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name }) => {
            const path = join(parentPath, name);
            return [path, statSync(path).mtimeMs];
        });
}

function theOnly(cache: string): string {
    const files = stored(cache);
    expect(files).toHaveLength(1);
    return files[0]?.[0] ?? "";
}

test("the first command stores code, and the second one takes it", () => {
    const cache = temporaryFolder();
    checkRuns(cache);
    const [first, ...others] = stored(cache);
    expect(others).toEqual([]);
    expect(first?.[0]).toMatch(/program-[0-9a-f]{16}-command-[0-9a-f]{12}\.bin$/u);
    checkRuns(cache);
    checkRuns(cache, ["help", "rename"]);
    expect(stored(cache)).toEqual([first]);
});

test("damaged code is not believed, and made anew", () => {
    const cache = temporaryFolder();
    checkRuns(cache);
    const path = theOnly(cache);
    const whole = readFileSync(path);
    const flipped = Uint8Array.from(whole);
    flipped[whole.length >> 1] = (flipped[whole.length >> 1] ?? 0) ^ 1;
    for (const damaged of [flipped, whole.subarray(0, 1000), new Uint8Array(0)]) {
        writeFileSync(path, damaged);
        checkRuns(cache);
        expect(readFileSync(theOnly(cache)).length).toBeGreaterThan(100_000);
    }
});

test.runIf(!IS_WINDOWS)("code that others could have written is not believed", () => {
    const cache = temporaryFolder();
    checkRuns(cache);
    const path = theOnly(cache);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    chmodSync(path, 0o666);
    checkRuns(cache);
    expect(statSync(theOnly(cache)).mode & 0o777).toBe(0o600);
});

test("where nothing can be stored, commands run", () => {
    const cache = join(temporaryFolder(), "file");
    writeFileSync(cache, "no folder");
    checkRuns(cache);
    expect(readFileSync(cache, "utf8")).toBe("no folder");
});

test("a daemon stores code after its first answer, and the next one takes it", async () => {
    const folder = temporaryFolder();
    const root = join(folder, "workspace");
    cpSync(EXAMPLE, root, { recursive: true });
    const cache = join(folder, "cache");
    const where = ["--workspace", root, "--store", join(folder, "store"), "--no-facts"];
    const ofDaemon = (): [string, number][] =>
        stored(cache).filter(([path]) => path.includes("-daemon-"));
    const started: [string, number][][] = [];
    for (let daemon = 0; daemon < 2; daemon++) {
        checkRuns(cache, ["impact", "orrery_ephemeris::phase::phase_angle", ...where], /tonight/u);
        await vi.waitUntil(() => ofDaemon().length > 0, { timeout: 20_000, interval: 50 });
        // Longer than the second one needs to be quiet, and to store another.
        await delay(1000);
        checkRuns(cache, ["stop", ...where], /^/u);
        started.push(ofDaemon());
    }
    expect(started[0]).toHaveLength(1);
    expect(started[1]).toEqual(started[0]);
}, 60_000);

test("an editor's bridge stores code while the editor is there", async () => {
    const folder = temporaryFolder();
    const root = join(folder, "workspace");
    cpSync(EXAMPLE, root, { recursive: true });
    const cache = join(folder, "cache");
    const where = ["--workspace", root, "--store", join(folder, "store"), "--no-facts"];
    const env = { ...process.env, XDG_CACHE_HOME: cache, LOCALAPPDATA: cache };
    const bridge = spawn(process.execPath, [COMMAND, "lsp", ...where], { env });
    const params = { processId: null, rootUri: null, capabilities: {} };
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "initialize", params });
    bridge.stdin.write(`Content-Length: ${body.length}\r\n\r\n${body}`);
    const ofBridge = (): boolean =>
        stored(folder).some(([path]) => /-lsp-[0-9a-f]{12}\.bin$/u.test(path));
    await vi.waitUntil(ofBridge, { timeout: 20_000, interval: 50 });
    expect(bridge.exitCode).toBeNull();
    bridge.kill("SIGKILL");
    checkRuns(cache, ["stop", ...where], /^/u);
}, 60_000);
