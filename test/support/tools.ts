// Guards for tests that need a program besides Node. `npm test` lists what did not run for want of one.

import { spawnSync } from "node:child_process";

const known = new Map<string, boolean>();

/** Whether a program can be run on this machine: `describe.skipIf(!hasTool("cargo"))`. */
export function hasTool(program: string): boolean {
    let found = known.get(program);
    if (found === undefined) {
        const done = spawnSync(program, ["--version"], { stdio: "ignore" });
        found = done.error === undefined && done.status === 0;
        known.set(program, found);
    }
    return found;
}
