// What a command loads before it does anything: half a second is much for one that takes a tenth of that.

import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { expect, test } from "vitest";

const BUNDLE = fileURLToPath(new URL("../../dist/bundle/main.js", import.meta.url));

/** Packages that the chunks import, and with them those that these import, by `import` alone. */
function loadedPackages(): Set<string> {
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
    return packages;
}

test("a command that needs no SQL loads no database", () => {
    const packages = loadedPackages();
    expect([...packages].filter((name) => name.startsWith("@duckdb/"))).toEqual([]);
});
