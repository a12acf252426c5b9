// Joins the built modules into a few files, dist/bundle, which start in a third of the time: most of a
// short command's time was spent on finding and opening some two hundred modules. The modules in
// dist stay what tests and the compiler work with. Run by `npm run build`.

import { build } from "esbuild";
import { chmodSync, cpSync, rmSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const dist = path.join(root, "dist");
const out = path.join(dist, "bundle");

// CommonJS packages inside the bundle require Node's own modules.
const REQUIRE =
    'import { createRequire as bundleRequire } from "node:module"; const require = bundleRequire(import.meta.url);';

rmSync(out, { recursive: true, force: true });
await build({
    entryPoints: [
        path.join(dist, "cli", "main.js"),
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
    // These find files of their own beside themselves.
    external: [
        "web-tree-sitter",
        "tree-sitter-rust",
        "pino",
        "@duckdb/node-api",
        "@duckdb/node-bindings",
    ],
    banner: { js: REQUIRE },
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
