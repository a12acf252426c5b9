// Formats Rust sources with the user's rustfmt, as `cargo fmt` would with the configuration around them.

import { dirname, join } from "node:path";

import { OperatingError } from "../../base/index.ts";
import { findRealPath, runProcess } from "../../platform/index.ts";

const TIMEOUT_MS = 30_000;

/** Formats texts of files of a workspace. */
export class RustFormatter {
    readonly #root: string;
    #isMissing = false;

    constructor(root: string) {
        this.#root = root;
    }

    /** The formatted text; undefined when rustfmt is missing, or does not take the text. */
    async format(path: string, text: string, edition: string): Promise<string | undefined> {
        if (this.#isMissing) {
            return undefined;
        }
        const args = ["--edition", edition, "--emit", "stdout"];
        try {
            const { code, stdout } = await runProcess("rustfmt", args, {
                cwd: this.#folderOf(path),
                input: text,
                timeoutMs: TIMEOUT_MS,
                env: { RUSTUP_AUTO_INSTALL: "0" },
            });
            return code === 0 ? stdout : undefined;
        } catch (thrown) {
            if (thrown instanceof OperatingError && thrown.code === "TOOL_MISSING") {
                this.#isMissing = true;
                return undefined;
            }
            throw thrown;
        }
    }

    /** From the folder that it runs in upwards rustfmt looks for its configuration. */
    #folderOf(path: string): string {
        let folder = dirname(join(this.#root, path));
        while (folder !== this.#root && findRealPath(folder) === undefined) {
            folder = dirname(folder);
        }
        return folder;
    }
}
