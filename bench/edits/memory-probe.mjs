// Loaded into the daemon before its program (NODE_OPTIONS): on SIGUSR2 it collects all garbage and writes how much
// memory is in use then, a line of JSON to the file that FERROGRAPH_MEMORY_PROBE names.

import { appendFileSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { isMainThread } from "node:worker_threads";

const file = process.env.FERROGRAPH_MEMORY_PROBE;

if (isMainThread && file !== undefined && process.argv.includes("daemon")) {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc");
    process.on("SIGUSR2", () => {
        // What only finalizers let go of is free after the second one.
        collect();
        collect();
        const { heapUsed, external } = process.memoryUsage();
        appendFileSync(file, `${JSON.stringify({ inUse: heapUsed + external })}\n`);
    });
}
