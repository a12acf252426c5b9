// Makes src/resolve/std/data/std-summary-*.txt from the sources of std, with our own parser (build first).
// Usage: node scripts/generate-std-summary.mjs LIBRARY_FOLDER RUSTC_VERSION
// LIBRARY_FOLDER is `library` of the compiler's sources, with core, alloc, std and proc_macro in it.

import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { ItemCollector } from "./std-summary/collect-items.mjs";
import { ItemDescriber } from "./std-summary/describe-items.mjs";
import { ModuleScopes } from "./std-summary/module-scopes.mjs";
import { SummaryWriter } from "./std-summary/write-summary.mjs";

const CRATES = ["core", "alloc", "std", "proc_macro"];
const PART_BYTES_MAX = 240 * 1024;

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const [library, version] = process.argv.slice(2);
if (library === undefined || version === undefined) {
    console.error("usage: node scripts/generate-std-summary.mjs LIBRARY_FOLDER RUSTC_VERSION");
    process.exit(2);
}

const { openSyntax } = await import("../dist/syntax/index.js");
const collector = new ItemCollector(await openSyntax(), path.resolve(library));
CRATES.forEach((crate) => {
    collector.addCrate(crate);
});
collector.expandAll();
const describer = new ItemDescriber(collector, new ModuleScopes(collector));
describer.describe();

const text = new SummaryWriter(describer).write([
    "Ferrograph's summary of std, version 1. Format: README.md beside this file.",
    `Made by scripts/generate-std-summary.mjs from ${CRATES.join(", ")} of Rust ${version}.`,
    "Derived from The Rust Project's sources (MIT OR Apache-2.0).",
]);

/** Cuts a text at line ends into parts of a limited size. */
function cut(whole) {
    const parts = [[]];
    let size = 0;
    for (const line of whole.split(/(?<=\n)/)) {
        if (size + line.length > PART_BYTES_MAX) {
            parts.push([]);
            size = 0;
        }
        parts[parts.length - 1].push(line);
        size += line.length;
    }
    return parts.map((part) => part.join(""));
}

const folder = path.join(root, "src/resolve/std/data");
mkdirSync(folder, { recursive: true });
const parts = cut(text);
parts.forEach((part, i) => {
    writeFileSync(path.join(folder, `std-summary-${i + 1}.txt`), part);
});

const unexpanded = new Map();
for (const { name, why } of collector.unexpanded) {
    unexpanded.set(`${name}: ${why}`, (unexpanded.get(`${name}: ${why}`) ?? 0) + 1);
}
console.log(`files ${collector.fileCount}, macros expanded ${collector.expandedCounts.size}`);
console.log(`heads ${describer.heads.size}, functions ${describer.functions.length}`);
console.log(describer.counts, `bytes ${text.length} in ${parts.length} parts`);
console.log("not expanded:", Object.fromEntries(unexpanded));
if (process.argv.includes("--unknown")) {
    console.log([...describer.rewriter.unknown].sort((a, b) => b[1] - a[1]).slice(0, 150));
}
