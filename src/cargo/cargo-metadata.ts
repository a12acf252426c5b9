// Runs `cargo metadata` so that it changes nothing: offline, and never writing a Cargo.lock.

import { join } from "node:path";

import { OperatingError } from "../base/index.ts";
import { requireSuccess, runProcess } from "../platform/index.ts";
import { jsonObject, jsonObjects, jsonText } from "./json.ts";

/** How to run Cargo. */
export interface CargoOptions {
    readonly signal?: AbortSignal;
    readonly timeoutMs?: number;
    /** Whether the folder has a `Cargo.lock`: without one, resolving would create it. */
    readonly hasLock: boolean;
}

/** What `cargo metadata` printed, and whether externals are resolved in it. */
export interface CargoMetadata {
    readonly json: unknown;
    readonly resolved: boolean;
}

const TIMEOUT_MS = 60_000;
const METADATA_BYTES_MAX = 256 * 1024 * 1024;

/** Makes sure that Cargo can be run in a folder; throws TOOL_MISSING, TOOL_TIMEOUT or TOOL_FAILED. */
export async function requireCargo(folder: string, signal: AbortSignal | undefined): Promise<void> {
    const result = await runProcess("cargo", ["--version"], {
        cwd: folder,
        timeoutMs: TIMEOUT_MS,
        env: { RUSTUP_AUTO_INSTALL: "0" },
        ...(signal === undefined ? {} : { signal }),
    });
    requireSuccess("cargo --version", result);
}

/**
 * Reads the metadata of the Cargo workspace whose root manifest lies in a folder: with resolved
 * dependencies where the lock file and the local registry suffice, else of its members alone.
 * Throws TOOL_MISSING, TOOL_TIMEOUT, TOOL_FAILED or CARGO_OUTPUT_INVALID.
 */
export async function readCargoMetadata(
    folder: string,
    options: CargoOptions,
): Promise<CargoMetadata> {
    if (options.hasLock) {
        try {
            return { json: await runMetadata(folder, "--locked", options), resolved: true };
        } catch (error) {
            // Not everything is in the local registry, or the lock is out of date.
            if (!(error instanceof OperatingError && error.code === "TOOL_FAILED")) {
                throw error;
            }
        }
    }
    return { json: await runMetadata(folder, "--no-deps", options), resolved: false };
}

/** A target of a member of a workspace. */
export interface CargoTarget {
    /** Absolute. */
    readonly manifestPath: string;
    readonly packageName: string;
    readonly name: string;
}

/** Lists the targets of the members; throws like readCargoMetadata. */
export async function readCargoTargets(
    folder: string,
    signal: AbortSignal | undefined,
): Promise<CargoTarget[]> {
    const json = await runMetadata(folder, "--no-deps", {
        hasLock: false,
        ...(signal === undefined ? {} : { signal }),
    });
    return jsonObjects(jsonObject(json)["packages"]).flatMap((each) =>
        jsonObjects(each["targets"]).map((target) => ({
            manifestPath: jsonText(each["manifest_path"]),
            packageName: jsonText(each["name"]),
            name: jsonText(target["name"]),
        })),
    );
}

async function runMetadata(
    folder: string,
    mode: "--locked" | "--no-deps",
    options: CargoOptions,
): Promise<unknown> {
    const manifest = join(folder, "Cargo.toml");
    const args = [
        "metadata",
        "--format-version",
        "1",
        "--offline",
        mode,
        "--manifest-path",
        manifest,
    ];
    const result = await runProcess("cargo", args, {
        cwd: folder,
        timeoutMs: options.timeoutMs ?? TIMEOUT_MS,
        maxOutputBytes: METADATA_BYTES_MAX,
        // A read must not make rustup download the toolchain that the folder asks for.
        env: { CARGO_TERM_COLOR: "never", RUSTUP_AUTO_INSTALL: "0" },
        ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    const { stdout } = requireSuccess("cargo metadata", result);
    try {
        return JSON.parse(stdout) as unknown;
    } catch (cause) {
        const message = `cargo metadata printed no JSON for ${manifest}`;
        throw new OperatingError("CARGO_OUTPUT_INVALID", message, { cause });
    }
}
