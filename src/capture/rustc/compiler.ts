// Which compiler it is: the text of its dumps may change with any commit of it.

import { OperatingError } from "../../base/index.ts";
import { requireSuccess, runProcess } from "../../platform/index.ts";

/** A compiler. */
export interface Compiler {
    readonly rustc: string;
    /** `commit-hash` of `rustc -vV`. */
    readonly commitHash: string;
    /** First line of `rustc -vV`. */
    readonly version: string;
}

const TIMEOUT_MS = 30_000;

/** Asks a compiler who it is; throws TOOL_MISSING, TOOL_FAILED or COMPILER_UNKNOWN. */
export async function identifyCompiler(
    rustc: string,
    cwd: string,
    more: {
        readonly env?: Readonly<Record<string, string>>;
        readonly signal?: AbortSignal | undefined;
    },
): Promise<Compiler> {
    const result = await runProcess(rustc, ["-vV"], {
        cwd,
        timeoutMs: TIMEOUT_MS,
        // A read must not make rustup download the toolchain that the folder asks for.
        env: { ...more.env, RUSTUP_AUTO_INSTALL: "0" },
        ...(more.signal === undefined ? {} : { signal: more.signal }),
    });
    const { stdout } = requireSuccess(`${rustc} -vV`, result);
    const commitHash = /^commit-hash: ([0-9a-f]{40})$/m.exec(stdout)?.[1];
    const version = stdout.split("\n")[0] ?? "";
    if (commitHash === undefined) {
        const message = `${version === "" ? rustc : version} does not say which commit it is built from`;
        throw new OperatingError("COMPILER_UNKNOWN", message, {
            advice: "use a toolchain of rustup or of a distribution that names its commit",
        });
    }
    return { rustc, commitHash, version };
}
