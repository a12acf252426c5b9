// The rustc frontend of the built command: its threads, its wrapper and its data lie where the bundle has them.

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";

const COMMAND = fileURLToPath(new URL("../../dist/bundle/main.js", import.meta.url));

const hasCargo = ((): boolean => {
    try {
        execFileSync("cargo", ["--version"], { stdio: "ignore" });
        return true;
    } catch {
        process.stderr.write("not run: capture by rustc (cargo is not on the PATH)\n");
        return false;
    }
})();

test.runIf(hasCargo)("the built command captures by rustc", { timeout: 120_000 }, () => {
    const root = realpathSync(mkdtempSync(join(tmpdir(), "ferro-")));
    onTestFinished(() => {
        rmSync(root, { recursive: true, force: true });
    });
    mkdirSync(join(root, "src"));
    writeFileSync(
        join(root, "Cargo.toml"),
        '[package]\nname = "small"\nversion = "0.1.0"\nedition = "2021"\n',
    );
    writeFileSync(join(root, "src", "lib.rs"), "pub fn one() -> u32 { 1 }\n");
    const store = join(root, "store");
    execFileSync(
        process.execPath,
        [
            COMMAND,
            "capture",
            "--no-daemon",
            "--rustc",
            "--trust",
            "--workspace",
            root,
            "--store",
            store,
        ],
        { cwd: root, stdio: "ignore" },
    );
    // The library and its test harness.
    const units = readdirSync(join(store, "rustc", "units"));
    expect(units.filter((name) => /^small-.*\.facts$/.test(name))).toHaveLength(2);
    expect(readdirSync(root).sort()).toEqual(["Cargo.toml", "src", "store"]);
});
