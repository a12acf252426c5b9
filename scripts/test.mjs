// `npm test`: installs what is missing, builds, runs the tests, and ends with `N passed, N failed`.
// `--slow` adds the torture tests; other arguments are passed on to vitest (files, -t NAME).

import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { build, ensureInstalled, findVersion, ROOT, run, runQuietly } from "./steps.mjs";

const ADDON = path.join(
    ROOT,
    "prebuilds",
    `${process.platform}-${process.arch}`,
    "ferrograph.node",
);

// What some tests need besides Node, and the command that adds it.
const TOOLS = [
    { name: "git", add: "apt-get install git" },
    { name: "cargo", add: "curl https://sh.rustup.rs -sSf | sh   (or: apt-get install cargo)" },
    { name: "rustc", add: "curl https://sh.rustup.rs -sSf | sh   (or: apt-get install rustc)" },
    { name: "rust-analyzer", add: "rustup component add rust-analyzer rust-src" },
    { name: "nvim", add: "apt-get install neovim" },
    { name: "emacs", add: "apt-get install emacs-nox elpa-eglot elpa-rust-mode" },
    { name: "strace", add: "apt-get install strace", isHere: () => canRun("strace", "-V") },
    { name: "the addon", add: "npm run build:native", isHere: () => existsSync(ADDON) },
];

function canRun(program, argument) {
    return runQuietly(program, [argument]).status === 0;
}

function reportMissing() {
    const missing = TOOLS.filter(
        ({ name, isHere = () => findVersion(name) !== undefined }) => !isHere(),
    );
    for (const tool of missing) {
        console.log(
            `${tool.name} is not here: tests that need it do not run; to add it: ${tool.add}`,
        );
    }
    return missing.map((tool) => tool.name);
}

function readResults(file) {
    try {
        return JSON.parse(readFileSync(file, "utf8"));
    } catch {
        return undefined;
    }
}

function reportNotRun(results) {
    const notRun = results.testResults.flatMap((file) =>
        file.assertionResults
            .filter((test) => !["passed", "failed"].includes(test.status))
            .map((test) => `${path.relative(ROOT, file.name)}: ${test.fullName}`),
    );
    if (notRun.length > 0) {
        console.log(`\n${notRun.length} not run, for want of a tool or a switch:`);
        notRun.forEach((line) => console.log(`  ${line}`));
    }
}

// A file that cannot be loaded has no tests that could fail: it counts as one failure.
function countBrokenFiles(results) {
    return results.testResults.filter(
        (file) =>
            file.status === "failed" && file.assertionResults.every((t) => t.status !== "failed"),
    ).length;
}

async function main() {
    const args = process.argv.slice(2);
    const slow = args.includes("--slow");
    const rest = args.filter((arg) => arg !== "--slow");
    await ensureInstalled();
    await build();
    const missing = reportMissing();
    const folder = mkdtempSync(path.join(tmpdir(), "ferrograph-test-"));
    const file = path.join(folder, "results.json");
    const vitest = path.join(ROOT, "node_modules", "vitest", "vitest.mjs");
    const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
    const status = await run(process.execPath, [vitest, "run", ...reporters, ...rest], {
        env: {
            ...process.env,
            FERROGRAPH_TEST_MISSING: missing.join(","),
            ...(slow ? { RUN_SLOW: "1" } : {}),
        },
    });
    const results = readResults(file);
    rmSync(folder, { recursive: true, force: true });
    if (results === undefined) {
        console.log("0 passed, 1 failed");
        process.exit(status === 0 ? 1 : status);
    }
    reportNotRun(results);
    if (!slow && rest.length === 0) {
        console.log("\ntest/torture and all of each sweep not run: `npm run test:slow` does it");
        console.log("test/e2e (a real VS Code) not run: `npm run test:e2e` does it");
    }
    let failed = results.numFailedTests + countBrokenFiles(results);
    if (status !== 0 && failed === 0) {
        console.log("vitest failed outside of a test: an unhandled error, see above");
        failed = 1;
    }
    console.log(`${results.numPassedTests} passed, ${failed} failed`);
    process.exit(failed === 0 ? 0 : 1);
}

await main();
