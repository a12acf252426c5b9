// Runs `cargo doc` so that rustdoc writes JSON instead of pages, into a target folder of its own.

import { join } from "node:path";

import { listFolder, readBytes, runProcess } from "../platform/index.ts";

/** How to run it. */
export interface CargoDocOptions {
    /** Cargo's target folder; kept between runs, so that only what changed is documented again. */
    readonly targetFolder: string;
    readonly signal?: AbortSignal | undefined;
    readonly timeoutMs?: number;
}

/** What rustdoc wrote. */
export interface CargoDocResult {
    /** First line of `rustdoc --version`. */
    readonly version: string;
    /** Documents by crate name, parsed. */
    readonly crates: ReadonlyMap<string, unknown>;
    /** Errors, one line each; what did compile is told nevertheless. */
    readonly errors: readonly string[];
}

const TIMEOUT_MS = 30 * 60_000;
const ERRORS_MAX = 8;
/** Private items as well; lints of the workspace are none of our business here. */
const FLAGS =
    "-Zunstable-options --output-format json --document-private-items --document-hidden-items --cap-lints allow";

/** Documents the members of a workspace. Throws TOOL_MISSING or TOOL_TIMEOUT. */
export async function runCargoDoc(
    root: string,
    crates: readonly string[],
    options: CargoDocOptions,
): Promise<CargoDocResult> {
    const { targetFolder, signal, timeoutMs = TIMEOUT_MS } = options;
    const run = {
        cwd: root,
        timeoutMs,
        // JSON is told by nightly compilers only, or by any that is told to be one.
        env: {
            RUSTC_BOOTSTRAP: "1",
            RUSTDOCFLAGS: FLAGS,
            CARGO_TARGET_DIR: targetFolder,
            CARGO_TERM_COLOR: "never",
            RUSTUP_AUTO_INSTALL: "0",
        },
        ...(signal === undefined ? {} : { signal }),
    };
    const { stdout } = await runProcess("rustdoc", ["--version"], run);
    const args = ["doc", "--offline", "--workspace", "--no-deps", "--keep-going", "--quiet"];
    const done = await runProcess("cargo", args, run);
    const errors = done.stderr.split("\n").filter((line) => line.startsWith("error"));
    const folder = join(targetFolder, "doc");
    const names = new Set(await listFolder(folder).catch(() => []));
    const found = new Map<string, unknown>();
    for (const crate of crates.filter((name) => names.has(`${name}.json`))) {
        const bytes = await readBytes(join(folder, `${crate}.json`));
        found.set(crate, JSON.parse(new TextDecoder().decode(bytes)));
    }
    return { version: stdout.trim(), crates: found, errors: errors.slice(0, ERRORS_MAX) };
}
