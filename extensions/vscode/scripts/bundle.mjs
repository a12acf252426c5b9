// Bundles the extension for the editor, and its pages for their panels, into dist. `npm run bundle`.

import { build } from "esbuild";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");

/** Bundles all of it. */
export async function bundleExtension({ minify }) {
    const shared = { absWorkingDir: root, bundle: true, minify, logLevel: "warning" };
    await build({
        ...shared,
        entryPoints: ["src/extension.ts"],
        outfile: "dist/extension.js",
        format: "cjs",
        platform: "node",
        target: "node20",
        external: ["vscode"],
    });
    await build({
        ...shared,
        entryPoints: ["webview/graph.ts", "webview/query.ts"],
        outdir: "dist",
        format: "iife",
        platform: "browser",
        target: "chrome130",
    });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
    await bundleExtension({ minify: false });
}
