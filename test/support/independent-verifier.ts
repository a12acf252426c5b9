// Runs a verifier that shares no code with the product.

import { spawnSync } from "node:child_process";

/** Whether there is a python3 to run one with. */
export function hasPython(): boolean {
    return spawnSync("python3", ["-c", "import hashlib, json"]).status === 0;
}

/** The last line that a verifier prints, or of what it complains. */
export function checkIndependently(script: string, input: string): string {
    const done = spawnSync("python3", [script], { input, encoding: "utf8", timeout: 60_000 });
    const printed = done.status === 0 ? done.stdout : done.stderr;
    return printed.trim().split("\n").at(-1) ?? "";
}
