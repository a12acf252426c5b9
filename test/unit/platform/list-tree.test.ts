// Listing: ignore files at every level, build folders, links.

import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { listRustFiles, listTree } from "../../../src/platform/index.ts";
import { temporaryFolder } from "./temporary-folder.ts";

test("ignore files count at every level, the deeper one first", async () => {
    const root = temporaryFolder({
        ".gitignore": "*.gen.rs\n/out/\nbuild\n",
        "a.rs": "",
        "A.GEN.rs": "",
        "x.gen.rs": "",
        "out/b.rs": "",
        "sub/out/c.rs": "",
        "sub/build/d.rs": "",
        "sub/.gitignore": "!keep.gen.rs\n/local.rs\n",
        "sub/keep.gen.rs": "",
        "sub/drop.gen.rs": "",
        "sub/local.rs": "",
        "sub/deep/local.rs": "",
    });
    expect(await listRustFiles(root)).toEqual([
        "A.GEN.rs",
        "a.rs",
        "sub/deep/local.rs",
        "sub/keep.gen.rs",
        "sub/out/c.rs",
    ]);
});

test("ignore files above the root count inside a repository only", async () => {
    const files = { ".gitignore": "b.rs\n", "in/a.rs": "", "in/b.rs": "" };
    const outside = temporaryFolder(files);
    expect(await listRustFiles(join(outside, "in"))).toEqual(["a.rs", "b.rs"]);
    const inside = temporaryFolder({ ...files, ".git/info/exclude": "a.rs\n" });
    expect(await listRustFiles(join(inside, "in"))).toEqual([]);
});

test("git, the store and build folders are left out, a module named target is not", async () => {
    const root = temporaryFolder({
        "Cargo.toml": "",
        "target/debug/x.rs": "",
        ".git/x.rs": "",
        ".ferrograph/x.rs": "",
        "src/target/mod.rs": "",
        "elsewhere/target/CACHEDIR.TAG": "",
        "elsewhere/target/x.rs": "",
    });
    expect(await listTree(root)).toEqual(["Cargo.toml", "src/target/mod.rs"]);
});

test("links are not followed: every file has one name, and none lies outside", async () => {
    const outside = temporaryFolder({ "secret.rs": "" });
    const root = temporaryFolder({ "a/x.rs": "", "b/y.rs": "" });
    symlinkSync(outside, join(root, "out"));
    symlinkSync(join(outside, "secret.rs"), join(root, "secret.rs"));
    symlinkSync(root, join(root, "a/up"));
    symlinkSync("../b", join(root, "a/b"));
    symlinkSync("nowhere", join(root, "broken.rs"));
    symlinkSync("a/x.rs", join(root, "z.rs"));
    expect(await listRustFiles(root)).toEqual(["a/x.rs", "b/y.rs"]);
    // The root itself may be reached by a link.
    expect(await listRustFiles(join(root, "a/up"))).toEqual(["a/x.rs", "b/y.rs"]);
});

test("callers choose files and leave out more", async () => {
    const root = temporaryFolder({ "a.rs": "", "b.txt": "", "skip/c.rs": "" });
    const listed = await listTree(root, {
        accept: (path) => path.endsWith(".rs"),
        ignore: (path, isFolder) => isFolder && path === "skip",
    });
    expect(listed).toEqual(["a.rs"]);
});

test("a root that is not there is an error", async () => {
    const root = temporaryFolder();
    mkdirSync(join(root, "empty"));
    expect(await listTree(join(root, "empty"))).toEqual([]);
    await expect(listTree(join(root, "none"))).rejects.toMatchObject({ code: "FILE_NOT_FOUND" });
});
