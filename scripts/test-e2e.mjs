// `npm run test:e2e`: builds, packages the extension, and tests it in a real VS Code in headless Chromium.
// Ends with `N passed, N failed`. `--images` also makes the pictures of docs/images anew; other arguments are
// passed on to vitest.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { ensureCodeServer, findBrowser } from "./code-server.mjs";
import { build, ensureInstalled, ROOT, run } from "./steps.mjs";

const EXTENSION = path.join(ROOT, "extensions", "vscode");

async function main() {
    const browser = findBrowser();
    if (browser === undefined || process.platform !== "linux" || process.arch !== "x64") {
        const why = browser === undefined ? "Chromium is not here" : "they are for Linux on x64";
        console.log(`the end-to-end tests do not run: ${why}; to add it: apt-get install chromium`);
        console.log("0 passed, 0 failed");
        return 0;
    }
    await ensureInstalled();
    const { node, main: codeServer } = await ensureCodeServer();
    await build();
    const packaged = await run("npm", ["run", "--silent", "package"], { cwd: EXTENSION });
    if (packaged !== 0) {
        console.log("0 passed, 1 failed");
        return 1;
    }
    const vsix = readdirSync(EXTENSION).find((name) => name.endsWith("linux-x64.vsix")) ?? "";
    const folder = mkdtempSync(path.join(tmpdir(), "ferrograph-e2e-"));
    const file = path.join(folder, "results.json");
    const args = process.argv.slice(2);
    const vitest = path.join(ROOT, "node_modules", "vitest", "vitest.mjs");
    const reporters = ["--reporter=verbose", "--reporter=json", `--outputFile.json=${file}`];
    const rest = args.filter((arg) => arg !== "--images");
    const status = await run(
        process.execPath,
        [vitest, "run", "--project=e2e", ...reporters, ...rest],
        {
            env: {
                ...process.env,
                RUN_E2E: "1",
                E2E_BROWSER: browser,
                E2E_NODE: node,
                E2E_CODE_SERVER: codeServer,
                E2E_VSIX: path.join(EXTENSION, vsix),
                ...(args.includes("--images") ? { E2E_IMAGES: "1" } : {}),
            },
        },
    );
    const results = JSON.parse(readFileSync(file, "utf8"));
    rmSync(folder, { recursive: true, force: true });
    const failed = Math.max(results.numFailedTests, status === 0 ? 0 : 1);
    console.log(`${results.numPassedTests} passed, ${failed} failed`);
    return failed === 0 ? 0 : 1;
}

process.exit(await main());
