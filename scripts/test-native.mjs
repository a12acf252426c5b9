// `npm run test:native`: the core's own tests under AddressSanitizer and UndefinedBehaviorSanitizer, and under
// valgrind where it is; then what the addon is tested by from Node. `--quick`: the first of these alone.

import { availableParallelism } from "node:os";
import path from "node:path";

import { findVersion, ROOT, run } from "./steps.mjs";

const SOURCE = path.join(ROOT, "native");
const TESTS = ["core_test", "memory_test", "kernels_test"];

async function must(program, args) {
    const status = await run(program, args);
    if (status !== 0) {
        console.error(`${program} ${args.join(" ")} failed`);
        process.exit(1);
    }
}

/** Builds the tests in a folder of their own; answers with their paths. */
async function buildTests(name, ...options) {
    const folder = path.join(SOURCE, "build", name);
    await must("cmake", ["-S", SOURCE, "-B", folder, ...options]);
    const jobs = String(availableParallelism());
    await must("cmake", ["--build", folder, "--target", ...TESTS, "-j", jobs]);
    const driver = path.join(folder, "emulated_driver.so");
    return TESTS.map((test) => ({
        program: path.join(folder, test),
        args: test === "kernels_test" ? [driver] : [],
    }));
}

if (findVersion("cmake") === undefined) {
    console.error("cmake is not here; to add it: apt-get install cmake g++");
    process.exit(3);
}
const debug = "-DCMAKE_BUILD_TYPE=RelWithDebInfo";
for (const { program, args } of await buildTests("sanitized", "-DSANITIZE=ON", debug)) {
    await must(program, args);
}
if (process.argv.includes("--quick")) {
    process.exit(0);
}
if (findVersion("valgrind") === undefined) {
    console.log("valgrind is not here: not run; to add it: apt-get install valgrind");
} else {
    // Valgrind knows no AVX-512 and answers cpuid accordingly.
    const options = ["--quiet", "--error-exitcode=9", "--leak-check=full"];
    for (const { program, args } of await buildTests("plain", debug)) {
        // memory_test has an operator new of its own, which valgrind would put its own in place of.
        const own = program.endsWith("memory_test") ? ["nouserintercepts"] : [];
        const names = own.map((name) => `--soname-synonyms=somalloc=${name}`);
        await must("valgrind", [...options, ...names, program, ...args]);
    }
}
const vitest = path.join(ROOT, "node_modules", "vitest", "vitest.mjs");
const folders = ["test/native", "test/contract/csr", "test/contract/merkle"];
await must(process.execPath, [vitest, "run", ...folders]);
