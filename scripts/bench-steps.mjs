// Bundles a program of bench/ and runs it: what it imports from src/ comes from the built dist/, so
// that what is measured is what is shipped.

import { build as bundle } from "esbuild";
import { spawn } from "node:child_process";
import path from "node:path";

import { build, ensureInstalled, ROOT } from "./steps.mjs";

const OUT = path.join(ROOT, "dist-bench");

// `../../src/platform/index.ts` of a source of bench/ is `dist/platform/index.js` when it runs.
const shipped = {
    name: "shipped",
    setup(builder) {
        builder.onResolve({ filter: /^\.\.?\/.*\.ts$/ }, (found) => {
            const file = path.resolve(found.resolveDir, found.path);
            const inside = path.relative(path.join(ROOT, "src"), file);
            if (inside.startsWith("..")) {
                return undefined;
            }
            const built = path.join(ROOT, "dist", inside.replace(/\.ts$/, ".js"));
            return { path: built, external: true };
        });
    },
};

/** Builds what is needed and runs `bench/<name>.ts` with this process's arguments and terminal. */
export async function runBench(name) {
    await ensureInstalled();
    await build();
    const outfile = path.join(OUT, `${name}.mjs`);
    await bundle({
        entryPoints: [path.join(ROOT, "bench", `${name}.ts`)],
        outfile,
        bundle: true,
        platform: "node",
        format: "esm",
        target: "node20",
        packages: "external",
        plugins: [shipped],
        sourcemap: "inline",
        logLevel: "warning",
    });
    const args = ["--enable-source-maps", outfile, ...process.argv.slice(2)];
    const child = spawn(process.execPath, args, { stdio: "inherit" });
    child.on("close", (status) => {
        process.exit(status ?? 1);
    });
}
