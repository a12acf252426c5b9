// A lock between processes: a file made by linking, that names its owner by pid, start time and boot. One whose owner
// is gone is taken over: moved aside first; who moved something else than it had judged puts it back. With the addon
// the owner holds the kernel's lock of the file too, from before it has its name, and as a sign takes away the right
// to write it: so an owner in another container is not taken for gone, nor one whose thread ended for there. The
// file counts for openers with and without the addon alike.

import { randomBytes } from "node:crypto";
import {
    closeSync,
    fchmodSync,
    fstatSync,
    linkSync,
    openSync,
    readFileSync,
    renameSync,
    rmSync,
    unlinkSync,
    writeFileSync,
} from "node:fs";

import { OperatingError } from "../base/index.ts";
import type { FileCalls } from "./file-calls.ts";
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
/** Right that the owner of the kernel's lock takes away; a plain owner leaves it. */
const OWNER_WRITES = 0o200;

/** A file that was made; its descriptor carries the kernel's lock where there is one. */
interface Made {
    readonly descriptor: number | undefined;
}

/** Takes a lock, or throws STORE_LOCKED naming the process that holds it. */
export function acquireLock(path: string, calls?: FileCalls): Lock {
    const own = formatOwner(describeProcess(process.pid));
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
        const made = tryCreate(path, own, calls);
        if (made !== undefined) {
            return heldLock(path, own, made.descriptor);
        }
        const text = readIfThere(path);
        if (text === undefined) {
            continue; // Released between the two looks.
        }
        const owner = parseOwner(text);
        if (owner !== undefined && isThere(owner, askKernel(path, calls))) {
            throw lockedBy(path, owner.pid);
        }
        moveStaleAside(path, text);
    }
    throw lockedBy(path, parseOwner(readIfThere(path) ?? "")?.pid);
}

/** Pid of the living process that holds a lock; undefined when none does. */
export function findLockOwner(path: string, calls?: FileCalls): number | undefined {
    const owner = parseOwner(readIfThere(path) ?? "");
    return owner !== undefined && isThere(owner, askKernel(path, calls)) ? owner.pid : undefined;
}

/** Whether the owner of a lock still has it. */
function isThere(owner: Owner, answer: KernelAnswer): boolean {
    return answer === "held" || (answer === "unknown" && isAlive(owner));
}

/** What the kernel knows of a lock: `gone` when its owner held the kernel's lock, and no longer does. */
type KernelAnswer = "gone" | "held" | "unknown";

/** Asks by a shared lock, which is given back at once and is in nobody's way. */
function askKernel(path: string, calls: FileCalls | undefined): KernelAnswer {
    if (calls === undefined) {
        return "unknown";
    }
    let descriptor: number;
    try {
        descriptor = openSync(path, "r");
    } catch {
        return "unknown"; // Released meanwhile, or not to be read: then its text could not be read either.
    }
    try {
        const answer = calls.tryFlock(descriptor, true);
        const isSigned = (fstatSync(descriptor).mode & OWNER_WRITES) === 0;
        return answer === "held" ? "held" : answer === "taken" && isSigned ? "gone" : "unknown";
    } catch {
        return "unknown";
    } finally {
        closeSync(descriptor);
    }
}

function lockedBy(path: string, pid: number | undefined): OperatingError {
    const who = pid === undefined ? "another process" : `process ${pid}`;
    return new OperatingError("STORE_LOCKED", `${path} is locked by ${who}`, {
        advice: "end that process (`ferrograph stop`), or wait for it",
    });
}

/**
 * Creates the file with its content in one step, so that no one ever reads half a lock; undefined when there is one.
 * The kernel's lock is taken before the file has its name: nobody ever sees it without.
 */
function tryCreate(path: string, text: string, calls: FileCalls | undefined): Made | undefined {
    const temporary = `${path}.${process.pid}.${randomBytes(4).toString("hex")}`;
    let made: Made | undefined;
    let isMade = false;
    try {
        writeFileSync(temporary, text, { flag: "wx", mode: 0o600 });
        made = lockInKernel(temporary, calls);
        linkSync(temporary, path);
        isMade = true;
        return made;
    } catch (cause) {
        const errno = errnoOf(cause);
        if (errno === "EEXIST") {
            return undefined;
        }
        if (errno === "EPERM" || errno === "ENOTSUP" || errno === "EOPNOTSUPP") {
            return createWithoutLinks(path, text, calls);
        }
        throw writeError(cause, path);
    } finally {
        if (!isMade && made?.descriptor !== undefined) {
            closeSync(made.descriptor);
        }
        removeIfPossible(temporary);
    }
}

/** Takes the kernel's lock of a file that is this process's own; without one where there is none to be had. */
function lockInKernel(path: string, calls: FileCalls | undefined): Made {
    if (calls === undefined) {
        return { descriptor: undefined };
    }
    const descriptor = openSync(path, "r");
    try {
        if (calls.tryFlock(descriptor, false) === "taken") {
            fchmodSync(descriptor, 0o400);
            return { descriptor };
        }
    } catch {
        // The file that names its owner is what counts everywhere.
    }
    closeSync(descriptor);
    return { descriptor: undefined };
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
function createWithoutLinks(
    path: string,
    text: string,
    calls: FileCalls | undefined,
): Made | undefined {
    try {
        writeFileSync(path, text, { flag: "wx", mode: 0o600 });
        return lockInKernel(path, calls);
    } catch (cause) {
        if (errnoOf(cause) === "EEXIST") {
            return undefined;
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

function heldLock(path: string, own: string, descriptor: number | undefined): Lock {
    let held = true;
    const release = (): void => {
        if (!held) {
            return;
        }
        held = false;
        process.off("exit", release);
        try {
            if (readIfThere(path) === own) {
                rmSync(path, { force: true });
            }
        } finally {
            if (descriptor !== undefined) {
                closeSync(descriptor);
            }
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
