// Turns errors of the operating system into OperatingErrors with stable codes (docs/errors.md).

import { OperatingError } from "../base/index.ts";

const CODES: Readonly<Record<string, string>> = {
    ENOSPC: "DISK_FULL",
    EDQUOT: "DISK_FULL",
    EROFS: "DISK_READ_ONLY",
    EACCES: "DISK_READ_ONLY",
    EPERM: "DISK_READ_ONLY",
};

const ADVICE: Readonly<Record<string, string>> = {
    DISK_FULL: "free some space and try again",
    DISK_READ_ONLY: "check the permissions of the file and of its folder",
    FILE_NOT_FOUND: "check that the path exists",
};

/** Reads the errno name (`ENOENT`) of a thrown value; undefined when it has none. */
export function errnoOf(cause: unknown): string | undefined {
    if (cause instanceof Error && "code" in cause && typeof cause.code === "string") {
        return cause.code;
    }
    return undefined;
}

/** Wraps an error of reading a file. */
export function readError(cause: unknown, path: string): OperatingError {
    const errno = errnoOf(cause);
    const missing = errno === "ENOENT" || errno === "ENOTDIR";
    return wrap(missing ? "FILE_NOT_FOUND" : "DISK_IO", `cannot read ${path}`, cause);
}

/** Wraps an error of changing a file or folder. */
export function writeError(cause: unknown, path: string): OperatingError {
    return wrap(CODES[errnoOf(cause) ?? ""] ?? "DISK_IO", `cannot write ${path}`, cause);
}

function wrap(code: string, message: string, cause: unknown): OperatingError {
    if (cause instanceof OperatingError) {
        return cause;
    }
    const detail = cause instanceof Error ? cause.message : String(cause);
    return new OperatingError(code, `${message}: ${detail}`, { cause, advice: ADVICE[code] ?? "" });
}
