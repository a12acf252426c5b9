// `npm run build:native`: builds the addon with CMake and a C++17 compiler, and puts it where it is looked for,
// prebuilds/PLATFORM-ARCH. Nothing else needs it: without it, the same is done in TypeScript.

import { copyFileSync, mkdirSync, renameSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";

import { ensureInstalled, findVersion, ROOT, run } from "./steps.mjs";

const BUILD = path.join(ROOT, "native", "build", "addon");
const MODULES = path.join(ROOT, "node_modules");

if (findVersion("cmake") === undefined) {
    console.error("cmake is not here; to add it: apt-get install cmake g++");
    process.exit(3);
}
await ensureInstalled();
const configured = await run("cmake", [
    ...["-S", path.join(ROOT, "native"), "-B", BUILD, "-DCMAKE_BUILD_TYPE=Release"],
    `-DNODE_API_HEADERS=${path.join(MODULES, "node-api-headers", "include")}`,
    `-DNODE_ADDON_API=${path.join(MODULES, "node-addon-api")}`,
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
