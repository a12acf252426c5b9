// What rust-analyzer says of a workspace: one `rust-analyzer scip` for each Cargo workspace in it, at low
// priority. It runs build scripts and procedural macros, so only where the workspace is trusted.

import { join } from "node:path";

import { assert, checkCancelled, OperatingError, type ProgressSink } from "../../base/index.ts";
import {
    makeFolder,
    readPieces,
    removeFile,
    requireSuccess,
    runProcess,
    writeFileAtomic,
} from "../../platform/index.ts";
import type { CaptureWorkspace } from "../rustc/model.ts";
import { findRustAnalyzer, RUST_ANALYZER, settingsFor } from "./rust-analyzer-program.ts";
import { ScipReader, type ScipDocument } from "./scip-index.ts";

/** How rust-analyzer is run. */
export interface ScipOptions {
    readonly trusted: boolean;
    /** Folder of the frontend; what is built lies there, between runs. */
    readonly folder: string;
    readonly signal?: AbortSignal | undefined;
    readonly onProgress?: ProgressSink | undefined;
}

/** What a run gave. */
export interface ScipCapture {
    /** First line of `rust-analyzer --version`. */
    readonly version: string;
    /** Documents, their paths relative to the workspace's root; to be read once, to the end. */
    documents(): AsyncGenerator<ScipDocument>;
    /** Removes what was read. */
    close(): Promise<void>;
}

const RUN_MS_MAX = 60 * 60_000;
const PIECE_BYTES = 1 << 20;
const SETTINGS_FILE = "settings.json";

/** Lets rust-analyzer index a workspace. Throws TOOL_MISSING, TOOL_FAILED, TOOL_TIMEOUT, CancelledError. */
export async function captureScip(
    { root, cargoFolders }: CaptureWorkspace,
    options: ScipOptions,
): Promise<ScipCapture> {
    const { folder, signal, onProgress } = options;
    assert(options.trusted, "only a trusted workspace is indexed: its build scripts run");
    checkCancelled(signal);
    const version = await findRustAnalyzer(root);
    if (version === undefined) {
        throw new OperatingError("TOOL_MISSING", `cannot run ${RUST_ANALYZER}: it fails`, {
            advice: "run `rustup component add rust-analyzer`, or put it on the PATH",
        });
    }
    await makeFolder(folder);
    const settings = join(folder, SETTINGS_FILE);
    const built = JSON.stringify(settingsFor(join(folder, "target")));
    await writeFileAtomic(settings, Buffer.from(built, "utf8"));
    const indexes = cargoFolders.map((cargoFolder, number) => ({
        cargoFolder,
        file: join(folder, `index-${number}.scip`),
    }));
    const close = async (): Promise<void> => {
        await Promise.all(indexes.map(({ file }) => removeFile(file)));
    };
    try {
        for (const [number, { cargoFolder, file }] of indexes.entries()) {
            checkCancelled(signal);
            onProgress?.(RUST_ANALYZER, number, indexes.length);
            const path = join(root, cargoFolder);
            const args = ["scip", path, "--output", file, "--config-path", settings];
            const result = await runProcess(RUST_ANALYZER, args, {
                cwd: path,
                timeoutMs: RUN_MS_MAX,
                isBackground: true,
                ...(signal === undefined ? {} : { signal }),
            });
            requireSuccess(`${RUST_ANALYZER} scip`, result);
        }
    } catch (thrown) {
        await close();
        throw thrown;
    }
    return { version, documents: () => readIndexes(indexes), close };
}

async function* readIndexes(
    indexes: readonly { readonly cargoFolder: string; readonly file: string }[],
): AsyncGenerator<ScipDocument> {
    for (const { cargoFolder, file } of indexes) {
        const reader = new ScipReader();
        for await (const piece of readPieces(file, PIECE_BYTES)) {
            for (const document of reader.push(piece)) {
                const path = cargoFolder === "" ? document.path : `${cargoFolder}/${document.path}`;
                yield { ...document, path };
            }
        }
        reader.end();
    }
}
