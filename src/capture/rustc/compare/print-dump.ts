// Has the compiler print once more what it knows of a crate that it has compiled, as bytes.

import { CancelledError, checkCancelled, OperatingError } from "../../../base/index.ts";
import { startProcess } from "../../../platform/index.ts";
import type { CompilationRecord } from "../compilation-record.ts";
import { comparingArguments, type DumpKind } from "../rustc-arguments.ts";

const COMPLAINT_MAX = 4000;

/** Prints a dump; throws COMPILER_DUMP_FAILED, or CancelledError. */
export async function printDump(
    record: CompilationRecord,
    dump: DumpKind,
    take: (bytes: Buffer) => void,
    signal: AbortSignal | undefined,
): Promise<void> {
    const args = comparingArguments(record.args, dump);
    const env = { ...record.env, RUSTC_BOOTSTRAP: "1" };
    const { code, complaint } = await runCompiler({ ...record, env }, args, { take, signal });
    if (code !== 0) {
        throw new OperatingError(
            "COMPILER_DUMP_FAILED",
            `rustc's ${dump} of ${record.name} failed: ${complaint}`,
        );
    }
}

/** Runs the compiler as for a record, with other arguments; throws CancelledError. */
export async function runCompiler(
    { rustc, cwd, env }: CompilationRecord,
    args: readonly string[],
    {
        take,
        signal,
    }: {
        readonly take?: (bytes: Buffer) => void;
        readonly signal: AbortSignal | undefined;
    },
): Promise<{ readonly code: number | undefined; readonly complaint: string }> {
    checkCancelled(signal);
    const child = await startProcess(rustc, args, {
        cwd,
        env: { ...env, CARGO_MAKEFLAGS: "" },
    });
    const stop = (): void => {
        void child.stop();
    };
    signal?.addEventListener("abort", stop, { once: true });
    let complaint = "";
    child.stderr.on("data", (chunk: Buffer) => {
        complaint += complaint.length < COMPLAINT_MAX ? chunk.toString() : "";
    });
    try {
        child.stdin.end();
        for await (const chunk of child.stdout) {
            take?.(chunk as Buffer);
        }
        const { code } = await child.ended;
        if (isAborted(signal)) {
            throw new CancelledError();
        }
        return { code, complaint };
    } finally {
        signal?.removeEventListener("abort", stop);
        child.stdout.destroy();
        await child.stop();
    }
}

function isAborted(signal: AbortSignal | undefined): boolean {
    return signal?.aborted === true;
}
