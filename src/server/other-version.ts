// Client and daemon of different versions: which of them is newer, and the error that names both.

import { OperatingError } from "../base/index.ts";
import { PROTOCOL_VERSION, type DaemonVersions } from "../protocol/index.ts";
import { packageVersion } from "../platform/index.ts";

/** The daemon is of another version than the client. */
export class OtherVersionError extends OperatingError {
    /** Undefined for a daemon from before it was said. */
    readonly daemon: DaemonVersions | undefined;

    constructor(message: string, advice: string, daemon: DaemonVersions | undefined) {
        super("PROTOCOL_VERSION_MISMATCH", message, { advice });
        this.daemon = daemon;
    }
}

/** Whether a daemon is older than this client. Only such a one is ended for a newer one's sake. */
export function isOlderThanThis(daemon: DaemonVersions | undefined): boolean {
    if (daemon === undefined) {
        return true;
    }
    const order = compareVersions(daemon.serverVersion, packageVersion());
    return order === 0 ? daemon.protocolVersion < PROTOCOL_VERSION : order < 0;
}

/** Compares two versions as semantic versioning orders them: negative where the first is older. */
export function compareVersions(one: string, other: string): number {
    const [a, b] = [readVersion(one), readVersion(other)];
    for (let index = 0; index < 3; index++) {
        const difference = (a.numbers[index] ?? 0) - (b.numbers[index] ?? 0);
        if (difference !== 0) {
            return difference;
        }
    }
    // A version is newer than what came before it was released.
    if (a.before.length === 0 || b.before.length === 0) {
        return b.before.length - a.before.length;
    }
    return compareBefore(a.before, b.before);
}

function compareBefore(one: readonly string[], other: readonly string[]): number {
    for (let index = 0; index < Math.max(one.length, other.length); index++) {
        const [a, b] = [one[index], other[index]];
        if (a === undefined || b === undefined) {
            return a === undefined ? -1 : 1;
        }
        if (a === b) {
            continue;
        }
        const [isNumberA, isNumberB] = [/^\d+$/.test(a), /^\d+$/.test(b)];
        if (isNumberA && isNumberB) {
            return Number(a) - Number(b);
        }
        if (isNumberA !== isNumberB) {
            return isNumberA ? -1 : 1;
        }
        return a < b ? -1 : 1;
    }
    return 0;
}

function readVersion(version: string): { numbers: number[]; before: string[] } {
    const [main = "", before = ""] = (version.split("+", 1)[0] ?? "").split(/-(.*)/s);
    return {
        numbers: main.split(".").map((part) => Number(part)),
        before: before === "" ? [] : before.split("."),
    };
}
