// When V8 optimizes functions: a process whose work is a second or two of everything at once spends more on
// optimizing than it gets back, as most functions have too little to do yet for what is assumed of them to last.

import { setFlagsFromString } from "node:v8";

/** Bytes of bytecode that a function runs before optimizing is considered (Node 20); V8's own is an eighth of it. */
const BUDGET_BYTES = 1_000_000;
/** The same while a question waits and nothing else runs: then optimizing has a core to itself. */
const BUDGET_BYTES_ASKED = 400_000;
/** Calls of a function before it is optimized (Node 22 and later); V8's own is an eighth of it. */
const INVOCATIONS = 24_000;

/** Flags for the first seconds, in which everything is new, and those that end them (Node 20). */
export const AT_FIRST = {
    // What is optimized in the middle of its first call knows half of what it works on, and is thrown away.
    begin: ["--no-use-osr", "--max-inlined-bytecode-size-cumulative=300"],
    asked: [`--interrupt-budget=${BUDGET_BYTES_ASKED}`],
    end: [
        "--use-osr",
        "--max-inlined-bytecode-size-cumulative=920",
        `--interrupt-budget=${BUDGET_BYTES}`,
    ],
} as const;

/** The flag that has a V8 of the given version optimize later; V8 complains of those that it does not know. */
export function flagToOptimizeLater(version: string): string | undefined {
    const { major, minor } = parse(version);
    if (isKnown(version)) {
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

/**
 * Has V8 optimize with less effort, too, as long as everything runs for the first time. Ends with what it
 * answers with; until then, so it is for the whole process.
 */
export function optimizeBriefly(): () => void {
    setFlags(AT_FIRST.begin);
    return () => {
        setFlags(AT_FIRST.end);
    };
}

/** Has V8 optimize sooner again, until that ends: what captures is done, and what answers is waited for. */
export function optimizeForQuestions(): void {
    setFlags(AT_FIRST.asked);
}

function setFlags(flags: readonly string[]): void {
    if (isKnown(process.versions.v8)) {
        flags.forEach((flag) => {
            setFlagsFromString(flag);
        });
    }
}

/** The V8 of Node 20, whose flags and their defaults are the ones above. */
function isKnown(version: string): boolean {
    const { major, minor } = parse(version);
    return major === 11 && minor === 3;
}

function parse(version: string): { readonly major: number; readonly minor: number } {
    const [major = 0, minor = 0] = version.split(".").map(Number);
    return { major, minor };
}
