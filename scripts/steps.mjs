// What the other scripts share: running a program, finding one, installing and building this
// repository. Plain Node without dependencies, as it runs before anything is installed.

import { spawn, spawnSync } from "node:child_process";
import { existsSync, lstatSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** The repository. */
export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");

/** The built command. */
export const CLI = path.join(ROOT, "dist", "bundle", "main.js");

/** Runs a program with this terminal; answers with its exit status. */
export function run(program, args, options = {}) {
    return new Promise((resolve, reject) => {
        const child = spawn(program, args, { cwd: ROOT, stdio: "inherit", ...options });
        child.on("error", reject);
        child.on("close", (status, signal) => {
            resolve(signal === null ? (status ?? 1) : 1);
        });
    });
}

/** Runs a program and answers with its status and output. */
export function runQuietly(program, args, options = {}) {
    const done = spawnSync(program, args, { encoding: "utf8", maxBuffer: 1 << 28, ...options });
    return {
        status: done.error === undefined ? (done.status ?? 1) : 127,
        stdout: done.stdout ?? "",
        stderr: done.stderr ?? "",
    };
}

/** First line of what `program --version` says, or undefined when it cannot be run. */
export function findVersion(program) {
    const done = runQuietly(program, ["--version"]);
    return done.status === 0 ? (done.stdout.trim().split("\n")[0] ?? "") : undefined;
}

/** Says why the installed packages are not those of the lockfile; undefined when they are. */
export function findStalePackage() {
    const installed = path.join(ROOT, "node_modules", ".package-lock.json");
    if (!existsSync(installed)) {
        return "node_modules is missing";
    }
    const have = JSON.parse(readFileSync(installed, "utf8")).packages;
    const want = JSON.parse(readFileSync(path.join(ROOT, "package-lock.json"), "utf8")).packages;
    for (const [name, entry] of Object.entries(want)) {
        const optional = entry.optional === true || entry.devOptional === true || entry.peer;
        if (name === "" || optional || !name.startsWith("node_modules/")) {
            continue;
        }
        if (have[name]?.version !== entry.version) {
            return `${name} is ${have[name]?.version ?? "missing"}, not ${entry.version}`;
        }
    }
    return undefined;
}

/** Installs the packages of the lockfile unless they are there. */
export async function ensureInstalled() {
    const stale = findStalePackage();
    if (stale === undefined) {
        return;
    }
    const folder = path.join(ROOT, "node_modules");
    if (lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink() === true) {
        console.error(`node_modules is a link (${stale}): npm ci would empty what it leads to`);
        process.exit(3);
    }
    console.error(`installing packages (${stale})`);
    const status = await run("npm", ["ci", "--no-audit", "--no-fund", "--ignore-scripts"]);
    if (status !== 0) {
        console.error("npm ci failed: is the package registry reachable?");
        process.exit(3);
    }
}

/** Builds dist/. */
export async function build() {
    const status = await run("npm", ["run", "--silent", "build"]);
    if (status !== 0) {
        console.error("the build failed");
        process.exit(1);
    }
}
