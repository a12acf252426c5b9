// One unit of a capture as a job for a worker thread: the dump, the facts, and their encoding.

import { captureSnapshot, relativePath, type SnapshotEntry } from "./capture-snapshot.ts";
import type { CompiledFile } from "./dependency-file.ts";
import { encodeUnit, type EncodedUnit } from "./fact-store.ts";

/** A unit to capture; plain data. */
export interface CaptureJob {
    readonly entry: Omit<SnapshotEntry, "signal">;
    readonly args: readonly string[];
    readonly env: Readonly<Record<string, string>>;
    /** Hashes of the command and of what is seen of other crates, kept with the facts. */
    readonly command: string;
    readonly seen: string;
    /** The crate's files as they were when the capture was planned. */
    readonly planned: readonly CompiledFile[];
}

/** Module for the workers of a pool: jobs are CaptureJobMessage, results EncodedUnit. */
export const RUSTC_WORKER_URL = new URL(
    import.meta.url.endsWith(".ts")
        ? "rustc-capture-worker-main.ts"
        : "rustc-capture-worker-main.js",
    import.meta.url,
);

/** Captures a unit and encodes what was found. */
export async function runCaptureJob(
    job: CaptureJob,
    signal: AbortSignal | undefined,
): Promise<EncodedUnit> {
    const { entry, command, seen } = job;
    const snapshot = await captureSnapshot({ ...entry, signal }, job.args, job.env);
    const files = new Map(
        snapshot.facts.files.map(({ path, contentHash }) => [path, contentHash] as const),
    );
    for (const { path, contentHash } of snapshot.sources) {
        files.set(relativePath(entry.root, path), contentHash);
    }
    const isAsPlanned = job.planned.every(
        ({ path, contentHash }) => files.get(relativePath(entry.root, path)) === contentHash,
    );
    return encodeUnit(snapshot.facts, snapshot.flow, {
        command,
        seen,
        files: [...files].map(([path, contentHash]) => ({ path, contentHash })),
        isWhole: snapshot.changedFiles.length === 0 && isAsPlanned,
        withMir: entry.withMir,
    });
}
