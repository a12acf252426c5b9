// When V8 optimizes functions: a process whose work is a second or two of everything at once spends more on
// optimizing than it gets back, as most functions have too little to do yet for what is assumed of them to last.

import { setFlagsFromString } from "node:v8";

/** Bytes of bytecode that a function runs before optimizing is considered (Node 20); V8's own is an eighth of it. */
const BUDGET_BYTES = 1_000_000;
/** Calls of a function before it is optimized (Node 22 and later); V8's own is an eighth of it. */
const INVOCATIONS = 24_000;

/** The flag that has a V8 of the given version optimize later; V8 complains of those that it does not know. */
export function flagToOptimizeLater(version: string): string | undefined {
    const [major = 0, minor = 0] = version.split(".").map(Number);
    if (major === 11 && minor === 3) {
        return `--interrupt-budget=${BUDGET_BYTES}`;
    }
    return major > 12 || (major === 12 && minor >= 4)
        ? `--invocation-count-for-turbofan=${INVOCATIONS}`
        : undefined;
}

/** Has V8 optimize only what has run for longer, in this process and in threads that start later. */
export function optimizeLater(): void {
    const flag = flagToOptimizeLater(process.versions.v8);
    if (flag !== undefined) {
        setFlagsFromString(flag);
    }
}
