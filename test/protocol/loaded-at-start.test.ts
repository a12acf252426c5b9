// What a command loads before it does anything: half a second is much for one that takes a tenth of that.

import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { expect, test } from "vitest";

/** What the command's own module loads, where it does not take the program's code from an earlier process. */
const BUNDLE = fileURLToPath(new URL("../../dist/bundle/run-main.js", import.meta.url));

/** Packages and chunks that the bundle imports, and those that these import, by `import` alone. */
function loadedAtStart(): { readonly packages: Set<string>; readonly chunks: Set<string> } {
    const packages = new Set<string>();
    const seen = new Set<string>();
    const queue = [BUNDLE];
    for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
        if (seen.has(file)) {
            continue;
        }
        seen.add(file);
        const imports = readFileSync(file, "utf8").matchAll(
            /^(?:import|export)\b[^;]*?(?:\bfrom\s*)?"([^"]+)";$/gmu,
        );
        for (const [, name = ""] of imports) {
            if (name.startsWith(".")) {
                queue.push(join(dirname(file), name));
            } else if (!name.startsWith("node:")) {
                packages.add(name);
            }
        }
    }
    expect(seen.size).toBeGreaterThan(1);
    return { packages, chunks: seen };
}

test("a command that needs no SQL loads no database", () => {
    const { packages } = loadedAtStart();
    expect([...packages].filter((name) => name.startsWith("@duckdb/"))).toEqual([]);
});

test("a command that asks a daemon loads no engine", () => {
    const texts = [...loadedAtStart().chunks].map((chunk) => readFileSync(chunk, "utf8"));
    const holding = (declaration: string): number =>
        texts.filter((text) => text.includes(declaration)).length;
    expect(holding("function connectDaemon(")).toBe(1);
    expect(holding("WorkspaceEngine = class")).toBe(0);
    expect(holding("function planRename(")).toBe(0);
});
