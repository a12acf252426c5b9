// `npm run build:native`: builds the addon with CMake and a C++17 compiler, and puts it where it is looked for,
// prebuilds/PLATFORM-ARCH. Nothing else needs it: without it, the same is done in TypeScript.

import { copyFileSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";

import { ensureInstalled, findVersion, ROOT, run } from "./steps.mjs";

const BUILD = path.join(ROOT, "native", "build", "addon");
const MODULES = path.join(ROOT, "node_modules");
const CORE = path.join(ROOT, "native", "build", "tree-sitter");
const GRAMMAR = path.join(MODULES, "tree-sitter-rust", "src");

/** Sources for other uses of the parser than ours. */
const UNUSED_SOURCES = ["query.c", "tree-sitter.c", "wasm_store.c"];

/**
 * Lays out the sources of the parser. The package that has it as wasm carries in its source map the very C that
 * the wasm was made of: what is compiled of it parses as the wasm does, errors and all.
 */
function layOutParser() {
    const map = path.join(MODULES, "web-tree-sitter", "web-tree-sitter.wasm.map");
    const { sources, sourcesContent } = JSON.parse(readFileSync(map, "utf8"));
    mkdirSync(CORE, { recursive: true });
    sources.forEach((source, index) => {
        const name = path.posix.basename(source);
        if (!UNUSED_SOURCES.includes(name)) {
            writeWhereOther(path.join(CORE, name), sourcesContent[index]);
        }
    });
    const header = path.join(GRAMMAR, "tree_sitter", "parser.h");
    writeWhereOther(path.join(CORE, "parser.h"), readFileSync(header, "utf8"));
}

/** Writes a file unless it is there: what is older than what was made of it is not made again. */
function writeWhereOther(file, text) {
    try {
        if (readFileSync(file, "utf8") === text) {
            return;
        }
    } catch {
        // Not there yet.
    }
    writeFileSync(file, text);
}

if (findVersion("cmake") === undefined) {
    console.error("cmake is not here; to add it: apt-get install cmake g++");
    process.exit(3);
}
await ensureInstalled();
layOutParser();
const configured = await run("cmake", [
    ...["-S", path.join(ROOT, "native"), "-B", BUILD, "-DCMAKE_BUILD_TYPE=Release"],
    `-DNODE_API_HEADERS=${path.join(MODULES, "node-api-headers", "include")}`,
    `-DNODE_ADDON_API=${path.join(MODULES, "node-addon-api")}`,
    `-DPARSER_CORE=${CORE}`,
    `-DPARSER_RUST=${GRAMMAR}`,
]);
const jobs = String(availableParallelism());
if (
    configured !== 0 ||
    (await run("cmake", ["--build", BUILD, "--target", "addon", "emulated_driver", "-j", jobs])) !==
        0
) {
    console.error("the addon could not be built; everything works without it");
    process.exit(1);
}
const folder = path.join(ROOT, "prebuilds", `${process.platform}-${process.arch}`);
const target = path.join(folder, "ferrograph.node");
mkdirSync(folder, { recursive: true });
// A new file in its place: a process that has the old one mapped keeps it.
copyFileSync(path.join(BUILD, "ferrograph.node"), `${target}.new`);
renameSync(`${target}.new`, target);
console.log(`built ${path.relative(ROOT, target)}`);
