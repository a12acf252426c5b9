// The compiler's list of the files that a compilation has read, with the hash of each as it was read then.

import { isAbsolute, resolve } from "node:path";

/** A file that the compiler has read. */
export interface CompiledFile {
    /** Absolute. */
    readonly path: string;
    /** SHA-256 of its bytes, hex. */
    readonly contentHash: string;
}

const CHECKSUM = /^# checksum:sha256=([0-9a-f]{64}) file_len:\d+ (.+)$/;

/** Reads a dependency file that was written with SHA-256 checksums. */
export function parseDependencyFile(text: string, cwd: string): CompiledFile[] {
    const files: CompiledFile[] = [];
    for (const line of text.split("\n")) {
        const found = CHECKSUM.exec(line);
        if (found !== null) {
            // Make's rules are escaped: a blank as `\ `.
            const path = (found[2] ?? "").replaceAll("\\ ", " ");
            files.push({
                path: isAbsolute(path) ? path : resolve(cwd, path),
                contentHash: found[1] ?? "",
            });
        }
    }
    return files;
}

/** Paths, absolute, of the files that any dependency file lists. */
export function listDependencies(text: string, cwd: string): string[] {
    // Every file has a rule of its own that makes it of nothing.
    return text
        .split("\n")
        .filter((line) => line.endsWith(":") && !line.startsWith("#"))
        .map((line) => line.slice(0, -1).replaceAll("\\ ", " "))
        .map((path) => (isAbsolute(path) ? path : resolve(cwd, path)));
}
