// `npm run package`: makes ferrograph-PLATFORM.vsix with the server inside, from what `npm run build` built.
// It is for one platform, as DuckDB's library and the addon are. `-- --universal` makes one without a server,
// for every platform: it finds the server elsewhere (setting, node_modules, PATH).

import { createVSIX } from "@vscode/vsce";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { bundleExtension } from "./bundle.mjs";

const extension = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const repository = path.resolve(extension, "..", "..");
const server = path.join(extension, "server");
const isUniversal = process.argv.includes("--universal");
const target = `${process.platform}-${process.arch}`;
const bundle = path.join(repository, "dist", "bundle");

// What the server's bundle leaves outside (scripts/bundle.mjs there), and which of its files are needed.
const PACKAGES = [
    { name: "web-tree-sitter", files: /^(package\.json|LICENSE|web-tree-sitter\.(c?js|wasm))$/ },
    { name: "tree-sitter-rust", files: /^(package\.json|LICENSE|tree-sitter-rust\.wasm)$/ },
    { name: "pino" },
    { name: "@duckdb/node-api" },
    { name: `@duckdb/node-bindings-${target}` },
];
// Nothing of these is run.
const NOT_RUN =
    /\.(d\.c?ts|map|md|flow)$|(^|\/)(test|tests|docs|benchmarks|examples|\.github)(\/|$)/;

/** Finds a package as another one would. */
function folderOf(name, from) {
    const found = createRequire(path.join(from, "package.json"))
        .resolve.paths(name)
        .map((folder) => path.join(folder, name))
        .find((folder) => existsSync(path.join(folder, "package.json")));
    if (found === undefined) {
        throw new Error(`${name} is not installed: npm ci`);
    }
    return found;
}

/** Copies a package, and what it depends on; each only once. */
function copyPackage({ name, files }, from, done) {
    if (done.has(name)) {
        return;
    }
    done.add(name);
    const folder = folderOf(name, from);
    cpSync(folder, path.join(server, "node_modules", name), {
        recursive: true,
        dereference: true,
        filter: (file) => {
            const relative = path.relative(folder, file).split(path.sep).join("/");
            return (
                relative === "" ||
                (!relative.startsWith("node_modules") &&
                    !NOT_RUN.test(relative) &&
                    (files === undefined || files.test(relative)))
            );
        },
    });
    if (files !== undefined) {
        return;
    }
    const { dependencies = {} } = JSON.parse(
        readFileSync(path.join(folder, "package.json"), "utf8"),
    );
    for (const dependency of Object.keys(dependencies)) {
        copyPackage({ name: dependency }, folder, done);
    }
}

function copyServer() {
    if (!existsSync(path.join(bundle, "main.js"))) {
        throw new Error("the server is not built: npm run build in the repository");
    }
    mkdirSync(server, { recursive: true });
    cpSync(bundle, path.join(server, "dist", "bundle"), {
        recursive: true,
        filter: (file) => !/(library\.(js|d\.ts))$/.test(file),
    });
    const { name, version, license, type } = JSON.parse(
        readFileSync(path.join(repository, "package.json"), "utf8"),
    );
    writeFileSync(
        path.join(server, "package.json"),
        `${JSON.stringify({ name, version, license, type, private: true }, null, 2)}\n`,
    );
    const prebuilt = path.join(repository, "prebuilds", target);
    if (existsSync(prebuilt)) {
        cpSync(prebuilt, path.join(server, "prebuilds", target), { recursive: true });
    }
    const done = new Set();
    for (const each of PACKAGES) {
        copyPackage(each, repository, done);
    }
}

rmSync(server, { recursive: true, force: true });
if (!isUniversal) {
    copyServer();
}
await bundleExtension({ minify: true });
const packagePath = path.join(extension, `ferrograph-${isUniversal ? "universal" : target}.vsix`);
await createVSIX({
    cwd: extension,
    packagePath,
    dependencies: false,
    allowMissingRepository: true,
    ...(isUniversal ? {} : { target }),
});
