// The daemon's socket, the lock, and what the environment says.

import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { expect, onTestFinished, test, vi } from "vitest";

import {
    acquireLock,
    cacheFolder,
    connectLocal,
    createLogger,
    findLockOwner,
    listenLocal,
    packageVersion,
    runProcess,
    socketPathFor,
} from "../../../src/platform/index.ts";
import { socketPathIn } from "../../../src/platform/local-socket.ts";
import { temporaryFolder } from "./temporary-folder.ts";

function setEnvironment(name: string, value: string): void {
    vi.stubEnv(name, value);
    onTestFinished(() => {
        vi.unstubAllEnvs();
    });
}

test("a socket path is private, stable and short enough", () => {
    setEnvironment("XDG_RUNTIME_DIR", "/run/user/7");
    expect(socketPathFor("/a")).toMatch(/^\/run\/user\/7\/ferrograph\/[0-9a-f]{16}\.sock$/);
    expect(socketPathFor("/a")).toBe(socketPathFor("/a"));
    expect(socketPathFor("/a")).not.toBe(socketPathFor("/b"));
    setEnvironment("XDG_RUNTIME_DIR", `/run/${"long".repeat(30)}`);
    expect(Buffer.byteLength(socketPathFor("/a"))).toBeLessThanOrEqual(107);
});

test("on Windows a daemon has a named pipe of its user and workspace", () => {
    const windows = {
        platform: "win32",
        username: "CORP\\jo doe",
        uid: -1,
        runtimeFolder: undefined,
        temporaryFolder: "C:\\Temp",
    };
    const path = socketPathIn("C:\\work\\shapes", windows);
    expect(path).toMatch(/^\\\\\.\\pipe\\ferrograph-CORP_jo_doe-[0-9a-f]{16}$/);
    expect(socketPathIn("C:\\work\\other", windows)).not.toBe(path);
    expect(socketPathIn("C:\\work\\shapes", { ...windows, username: "ann" })).not.toBe(path);
});

test("without a runtime folder the socket lies in a folder of the user's among temporary files", () => {
    const linux = {
        platform: "linux",
        username: "jo",
        uid: 7,
        runtimeFolder: undefined,
        temporaryFolder: "/var/tmp",
    };
    expect(socketPathIn("/a", linux)).toMatch(/^\/var\/tmp\/ferrograph-7\/[0-9a-f]{16}\.sock$/);
    const relative = socketPathIn("/a", { ...linux, runtimeFolder: "run" });
    expect(relative).toBe(socketPathIn("/a", linux));
});

test("one listens, others are told so, bytes flow, closing removes the socket", async () => {
    const path = join(temporaryFolder(), "s", "d.sock");
    const listener = await listenLocal(path, (stream) => stream.pipe(stream));
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
    await expect(listenLocal(path, () => undefined)).rejects.toMatchObject({
        code: "DAEMON_ALREADY_RUNNING",
    });
    const stream = await connectLocal(path);
    const echoed = new Promise<string>((resolve) => {
        stream.once("data", (chunk: Buffer) => {
            resolve(chunk.toString());
        });
    });
    stream.write("ping");
    expect(await echoed).toBe("ping");
    await listener.close();
    await expect(connectLocal(path)).rejects.toMatchObject({ code: "DAEMON_NOT_RUNNING" });
});

test("a socket that no one answers is replaced", async () => {
    const path = join(temporaryFolder(), "d.sock");
    const script = `require("net").createServer().listen(${JSON.stringify(path)},()=>process.exit())`;
    await runProcess(process.execPath, ["-e", script]);
    const listener = await listenLocal(path, () => undefined);
    (await connectLocal(path)).destroy();
    await listener.close();
});

test("a lock names its holder and is given back", () => {
    const path = join(temporaryFolder(), "lock");
    const lock = acquireLock(path);
    expect(findLockOwner(path)).toBe(process.pid);
    expect(() => acquireLock(path)).toThrow(`locked by process ${process.pid}`);
    lock.release();
    lock.release();
    expect(findLockOwner(path)).toBeUndefined();
    acquireLock(path).release();
});

test("a lock of a process that is gone, or of another with its pid, is taken over", () => {
    const path = join(temporaryFolder(), "lock");
    for (const stale of ["999999999\n1\nb\n", `${process.pid}\n1\nother boot\n`, "", "garbage"]) {
        writeFileSync(path, stale);
        const lock = acquireLock(path);
        expect(readFileSync(path, "utf8")).toMatch(new RegExp(`^${process.pid}\n`));
        lock.release();
    }
});

test("releasing leaves a lock that is someone else's by now", () => {
    const path = join(temporaryFolder(), "lock");
    const lock = acquireLock(path);
    rmSync(path);
    writeFileSync(path, "1\n2\n3\n");
    lock.release();
    expect(readFileSync(path, "utf8")).toBe("1\n2\n3\n");
});

test("the log goes to its file, from its level on", () => {
    const path = join(temporaryFolder(), "logs", "a.log");
    const log = createLogger({ level: "info", destination: path });
    log.debug("not this");
    log.info("plain");
    log.warn({ file: "a.rs" }, "with fields");
    const lines = readFileSync(path, "utf8").trim().split("\n");
    expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
        { level: 30, msg: "plain" },
        { level: 40, msg: "with fields", file: "a.rs" },
    ]);
});

test("folders follow the XDG variables, the version is the package's", () => {
    setEnvironment("XDG_CACHE_HOME", "/caches");
    expect(cacheFolder()).toBe("/caches/ferrograph");
    setEnvironment("XDG_CACHE_HOME", "relative");
    expect(cacheFolder()).toMatch(/\.cache\/ferrograph$/);
    expect(packageVersion()).toMatch(/^\d+\.\d+\.\d+/);
});
