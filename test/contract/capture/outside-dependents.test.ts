// A crate from outside of the workspace that is compiled against one of it: there are no copies of such a crate.

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { afterAll, describe, expect, test } from "vitest";

import {
    ChangeComparison,
    DEFAULT_CONFIGURATION,
    readCrates,
    WorkspaceChecker,
} from "../../../src/capture/index.ts";

const HAS_RUSTC = ["cargo", "rustc"].every(
    (program) => spawnSync(program, ["--version"]).status === 0,
);

const crate = (name: string, dependencies: readonly string[]): string =>
    `[package]\nname = "${name}"\nversion = "0.1.0"\nedition = "2021"\n[dependencies]\n` +
    dependencies.map((path) => `${path.split("/").at(-1) ?? ""} = { path = "${path}" }\n`).join("");

const FILES: Readonly<Record<string, string>> = {
    "work/Cargo.toml": '[workspace]\nresolver = "2"\nmembers = ["base", "top"]\n',
    "work/base/Cargo.toml": crate("base", []),
    "work/base/src/lib.rs": "pub fn size() -> u32 { 1 }\n",
    "outside/Cargo.toml": `${crate("outside", ["../work/base"])}[workspace]\n`,
    "outside/src/lib.rs": "pub fn twice() -> u32 { base::size() * 2 }\n",
    "work/top/Cargo.toml": crate("top", ["../base", "../../outside"]),
    "work/top/src/lib.rs": "pub fn all() -> u32 { base::size() + outside::twice() }\n",
};

describe.runIf(HAS_RUSTC)("a crate from outside that is compiled against the workspace", () => {
    const base = realpathSync(mkdtempSync(join(tmpdir(), "ferrograph-outside-")));
    const root = join(base, "work");

    afterAll(() => {
        rmSync(base, { recursive: true });
    });

    function write(files: Readonly<Record<string, string>>, time: number): void {
        for (const [path, text] of Object.entries(files)) {
            mkdirSync(dirname(join(base, path)), { recursive: true });
            writeFileSync(join(base, path), text);
            utimesSync(join(base, path), time, time);
        }
    }

    test("cannot be compared, and that is said", async () => {
        const now = Date.now() / 1000;
        write(FILES, now);
        const checker = await WorkspaceChecker.open({
            root,
            cargoFolders: [""],
            folder: join(base, "own"),
        });
        const all = { ...DEFAULT_CONFIGURATION, allTargets: true };
        const { records, compiles } = await checker.check(all);
        expect(compiles).toBe(true);
        const touched = new Set([join(root, "base/src/lib.rs"), join(root, "top/src/lib.rs")]);
        const names = { oldName: "unused", newName: "twice" };
        const comparison = new ChangeComparison({
            ...{ root, folder: join(base, "own"), compiler: "0" },
            crates: await readCrates(records),
            ...{ names: [names], files: touched, isFresh: true },
        });
        const changed = {
            "work/base/src/lib.rs": "pub fn size() -> u32 { 1 }\npub fn more() {}\n",
        };
        write(changed, now + 10);
        expect((await checker.check(all)).compiles).toBe(true);
        const change = { touched, renaming: { ...names, moves: [] } };
        await expect(comparison.compare(change)).rejects.toMatchObject({
            code: "VALIDATE_NOT_COMPARED",
            message: expect.stringContaining("compiled against base") as string,
        });
    }, 120_000);
});
