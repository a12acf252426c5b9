// A lock between processes, without flock: a file made by linking, that names its owner by pid,
// start time and boot. A lock whose owner is gone is taken over.
// Two processes that take over at once are kept apart by moving the stale file aside first: who
// moved something else than what it had judged puts it back.

import { randomBytes } from "node:crypto";
import { linkSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from "node:fs";

import { OperatingError } from "../base/index.ts";
import { errnoOf, writeError } from "./system-error.ts";

/** A held lock. */
export interface Lock {
    readonly path: string;
    /** Gives the lock back; further calls do nothing. */
    release(): void;
}

interface Owner {
    readonly pid: number;
    readonly startTime: string;
    readonly boot: string;
}

const ATTEMPTS_MAX = 16;

/** Takes a lock, or throws STORE_LOCKED naming the process that holds it. */
export function acquireLock(path: string): Lock {
    const own = formatOwner(describeProcess(process.pid));
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
        if (tryCreate(path, own)) {
            return heldLock(path, own);
        }
        const text = readIfThere(path);
        if (text === undefined) {
            continue; // Released between the two looks.
        }
        const owner = parseOwner(text);
        if (owner !== undefined && isAlive(owner)) {
            throw lockedBy(path, owner.pid);
        }
        moveStaleAside(path, text);
    }
    throw lockedBy(path, parseOwner(readIfThere(path) ?? "")?.pid);
}

/** Pid of the living process that holds a lock; undefined when none does. */
export function findLockOwner(path: string): number | undefined {
    const owner = parseOwner(readIfThere(path) ?? "");
    return owner !== undefined && isAlive(owner) ? owner.pid : undefined;
}

function lockedBy(path: string, pid: number | undefined): OperatingError {
    const who = pid === undefined ? "another process" : `process ${pid}`;
    return new OperatingError("STORE_LOCKED", `${path} is locked by ${who}`, {
        advice: "end that process (`ferrograph stop`), or wait for it",
    });
}

/** Creates the file with its content in one step, so that no one ever reads half a lock. */
function tryCreate(path: string, text: string): boolean {
    const temporary = `${path}.${process.pid}.${randomBytes(4).toString("hex")}`;
    try {
        writeFileSync(temporary, text, { flag: "wx", mode: 0o600 });
        linkSync(temporary, path);
        return true;
    } catch (cause) {
        const errno = errnoOf(cause);
        if (errno === "EEXIST") {
            return false;
        }
        if (errno === "EPERM" || errno === "ENOTSUP" || errno === "EOPNOTSUPP") {
            return createWithoutLinks(path, text);
        }
        throw writeError(cause, path);
    } finally {
        removeIfPossible(temporary);
    }
}

/** What cannot be removed is of no account: who has the lock does not depend on it. */
function removeIfPossible(path: string): void {
    try {
        rmSync(path, { force: true });
    } catch {
        // It stays, under a name that is nobody's.
    }
}

/** For file systems without hard links; a reader may see the file empty for an instant. */
function createWithoutLinks(path: string, text: string): boolean {
    try {
        writeFileSync(path, text, { flag: "wx", mode: 0o600 });
        return true;
    } catch (cause) {
        if (errnoOf(cause) === "EEXIST") {
            return false;
        }
        throw writeError(cause, path);
    }
}

function moveStaleAside(path: string, judged: string): void {
    const aside = `${path}.stale.${process.pid}`;
    try {
        renameSync(path, aside);
        if (readIfThere(aside) !== judged) {
            linkSync(aside, path); // Someone else's fresh lock: put it back.
        }
        unlinkSync(aside);
    } catch (cause) {
        const errno = errnoOf(cause);
        if (errno !== "ENOENT" && errno !== "EEXIST") {
            throw writeError(cause, path);
        }
    }
}

function heldLock(path: string, own: string): Lock {
    let held = true;
    const release = (): void => {
        if (!held) {
            return;
        }
        held = false;
        process.off("exit", release);
        if (readIfThere(path) === own) {
            rmSync(path, { force: true });
        }
    };
    process.on("exit", release);
    return { path, release };
}

function readIfThere(path: string): string | undefined {
    try {
        return readFileSync(path, "utf8");
    } catch (cause) {
        if (errnoOf(cause) === "ENOENT") {
            return undefined;
        }
        throw writeError(cause, path);
    }
}

function formatOwner(owner: Owner): string {
    return `${owner.pid}\n${owner.startTime}\n${owner.boot}\n`;
}

function parseOwner(text: string): Owner | undefined {
    const match = /^(\d{1,10})\n(.*)\n(.*)\n$/.exec(text);
    return match === null
        ? undefined
        : { pid: Number(match[1]), startTime: match[2] ?? "", boot: match[3] ?? "" };
}

function isAlive(owner: Owner): boolean {
    try {
        process.kill(owner.pid, 0);
    } catch (cause) {
        if (errnoOf(cause) !== "EPERM") {
            return false;
        }
    }
    // The pid is in use; by the same process only if it started at the same time.
    const now = describeProcess(owner.pid);
    const same = now.startTime === owner.startTime && now.boot === owner.boot;
    return same || now.startTime === "" || owner.startTime === "";
}

/** Start time and boot are empty where the system does not tell (no /proc). */
function describeProcess(pid: number): Owner {
    return {
        pid,
        startTime: readStartTime(pid),
        boot: readOrEmpty("/proc/sys/kernel/random/boot_id").trim(),
    };
}

function readStartTime(pid: number): string {
    const text = readOrEmpty(`/proc/${pid}/stat`);
    // The command name, in parentheses, may hold spaces; field 22 counts from before it.
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return fields[19] ?? "";
}

function readOrEmpty(path: string): string {
    try {
        return readFileSync(path, "utf8");
    } catch {
        return "";
    }
}
