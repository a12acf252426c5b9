// When V8 optimizes functions: a process whose work is a second or two of everything at once spends more on
// optimizing than it gets back, as most functions have too little to do yet for what is assumed of them to last.

import { setFlagsFromString } from "node:v8";

/** Bytes of bytecode that a function runs before optimizing is considered; V8's own is an eighth of it. */
const BUDGET_BYTES = 1_000_000;

/** Has V8 optimize only what has run for longer, in this process and in threads that start later. */
export function optimizeLater(): void {
    setFlagsFromString(`--interrupt-budget=${BUDGET_BYTES}`);
}
