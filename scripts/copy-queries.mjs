// Copies what the compiler does not: the .scm queries and data files beside their modules in dist, and
// makes the command executable.

import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");

function isData(folder, name) {
    return path.basename(folder) === "data" && name !== "README.md";
}

function copyQueries(folder) {
    let copied = 0;
    for (const entry of readdirSync(path.join(root, "src", folder), { withFileTypes: true })) {
        const name = path.join(folder, entry.name);
        if (entry.isDirectory()) {
            copied += copyQueries(name);
        } else if (/\.scm$/.test(entry.name) || isData(folder, entry.name)) {
            mkdirSync(path.join(root, "dist", folder), { recursive: true });
            copyFileSync(path.join(root, "src", name), path.join(root, "dist", name));
            copied += 1;
        }
    }
    return copied;
}

copyQueries("");
const command = path.join(root, "dist", "cli", "main.js");
if (existsSync(command)) {
    chmodSync(command, 0o755);
}
