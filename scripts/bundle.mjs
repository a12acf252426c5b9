// Joins the built modules into a few files, dist/bundle, which start in a third of the time: most of a
// short command's time was spent on finding and opening some two hundred modules. The modules in
// dist stay what tests and the compiler work with. Run by `npm run build`.

import { build } from "esbuild";
import { createHash } from "node:crypto";
import { chmodSync, cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const dist = path.join(root, "dist");
const out = path.join(dist, "bundle");

// CommonJS packages inside the bundle require Node's own modules.
const REQUIRE =
    'import { createRequire as bundleRequire } from "node:module"; const require = bundleRequire(import.meta.url);';

// These find files of their own beside themselves.
const external = [
    "web-tree-sitter",
    "tree-sitter-rust",
    "pino",
    "@duckdb/node-api",
    "@duckdb/node-bindings",
];

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });

// The whole program as one script, for processes that take its code from an earlier one (src/cli/stored-code.ts).
// Code is taken for a script of the same length: so its name tells what is in it.
const { outputFiles } = await build({
    entryPoints: [path.join(dist, "cli", "run-main.js")],
    bundle: true,
    write: false,
    format: "cjs",
    platform: "node",
    target: "node20",
    // Modules that are loaded when they are needed are in the script, too.
    supported: { "dynamic-import": false },
    external: [...external, "../mcp/index.js"],
    define: { "import.meta.url": "bundleUrl", "import.meta.resolve": "bundleResolve" },
    banner: { js: "(function (exports, require, module, bundleUrl, bundleResolve) {" },
    footer: { js: "})" },
    logLevel: "warning",
});
const [{ contents: script }] = outputFiles;
const scriptHash = createHash("sha256").update(script).digest("hex").slice(0, 16);
const scriptName = `program-${scriptHash}.cjs`;
writeFileSync(path.join(out, scriptName), script);

await build({
    entryPoints: [
        path.join(dist, "cli", "run-main.js"),
        path.join(dist, "syntax", "capture-worker-main.js"),
        path.join(dist, "capture", "rustc", "rustc-capture-worker-main.js"),
        path.join(dist, "git", "git-worker-main.js"),
    ],
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    outdir: out,
    entryNames: "[name]",
    chunkNames: "chunk-[hash]",
    external,
    banner: { js: REQUIRE },
    logLevel: "warning",
});

// The command's own module is loaded before all else, so it has what it uses of the modules beneath it, and no more.
const pureModules = {
    name: "pure-modules",
    setup(builder) {
        builder.onResolve({ filter: /^\.\.?\/.*\.js$/ }, ({ path: found, resolveDir }) => {
            const file = path.resolve(resolveDir, found);
            const isPure = [path.join(dist, "platform"), path.join(dist, "base")].some((folder) =>
                file.startsWith(folder + path.sep),
            );
            return isPure ? { path: file, sideEffects: false } : undefined;
        });
    },
};

await build({
    entryPoints: [path.join(dist, "cli", "main.js")],
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    outdir: out,
    external: ["./run-main.js"],
    define: { PROGRAM_SCRIPT: JSON.stringify(scriptName) },
    plugins: [pureModules],
    logLevel: "warning",
});

// The library for other programs: its tables are of the apache-arrow that they import themselves.
await build({
    entryPoints: { library: path.join(dist, "library", "index.js") },
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    outdir: out,
    external: ["apache-arrow"],
    banner: { js: REQUIRE },
    logLevel: "warning",
});
cpSync(path.join(dist, "library", "open-graph.d.ts"), path.join(out, "library.d.ts"));

// What modules read beside themselves lies beside the chunks that they are now part of.
cpSync(path.join(dist, "syntax", "queries"), path.join(out, "queries"), { recursive: true });
for (const owner of [path.join("resolve", "std"), path.join("capture", "rustc")]) {
    cpSync(path.join(dist, owner, "data"), path.join(out, "data"), { recursive: true });
}
chmodSync(path.join(out, "main.js"), 0o755);
