// `npm run test:native`: the core's own tests under AddressSanitizer and UndefinedBehaviorSanitizer, and under
// valgrind where it is; then what the addon is tested by from Node. `--quick`: the first of these alone.

import { availableParallelism } from "node:os";
import path from "node:path";

import { findVersion, ROOT, run } from "./steps.mjs";

const SOURCE = path.join(ROOT, "native");

async function must(program, args) {
    const status = await run(program, args);
    if (status !== 0) {
        console.error(`${program} ${args.join(" ")} failed`);
        process.exit(1);
    }
}

async function buildTests(name, ...options) {
    const folder = path.join(SOURCE, "build", name);
    await must("cmake", ["-S", SOURCE, "-B", folder, ...options]);
    const jobs = String(availableParallelism());
    await must("cmake", ["--build", folder, "--target", "core_test", "-j", jobs]);
    return path.join(folder, "core_test");
}

if (findVersion("cmake") === undefined) {
    console.error("cmake is not here; to add it: apt-get install cmake g++");
    process.exit(3);
}
await must(await buildTests("sanitized", "-DSANITIZE=ON", "-DCMAKE_BUILD_TYPE=RelWithDebInfo"), []);
if (process.argv.includes("--quick")) {
    process.exit(0);
}
if (findVersion("valgrind") === undefined) {
    console.log("valgrind is not here: not run; to add it: apt-get install valgrind");
} else {
    const tests = await buildTests("plain", "-DCMAKE_BUILD_TYPE=RelWithDebInfo");
    // Valgrind knows no AVX-512 and answers cpuid accordingly.
    await must("valgrind", ["--quiet", "--error-exitcode=9", "--leak-check=full", tests]);
}
const vitest = path.join(ROOT, "node_modules", "vitest", "vitest.mjs");
const folders = ["test/native", "test/contract/csr", "test/contract/merkle"];
await must(process.execPath, [vitest, "run", ...folders]);
