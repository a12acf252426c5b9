// Reading and listing what a workspace is captured from.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { CancelledError } from "../../../src/base/index.ts";
import { listSources, readSource, readSources } from "../../../src/engine/source-table.ts";

let root = "";

beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), "ferrograph-sources-"));
});

afterEach(() => {
    rmSync(root, { recursive: true, force: true });
});

function write(file: string, content: string | Uint8Array): void {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), content);
}

test("files that are read one after the other are what each is when it is read alone", async () => {
    write("src/lib.rs", "pub fn answer() -> u8 { 42 }\n");
    write("src/empty.rs", "");
    write("src/not_text.rs", Uint8Array.of(0x66, 0xff, 0xfe));
    const paths = ["src/empty.rs", "src/lib.rs", "src/not_text.rs"];
    const together = await readSources(root, paths);
    const alone = await Promise.all(paths.map((one) => readSource(root, one)));
    // Whether a time can be trusted hangs on when the file was looked at.
    const told = (each: (typeof together)[number] | undefined): unknown => ({
        ...each,
        bytes: [...(each?.bytes ?? [])],
        stat: { ...each?.stat, mtimeNs: 0n },
    });
    expect(together.map(told)).toEqual(alone.map(told));
    expect(together.map(({ isText }) => isText)).toEqual([true, true, false]);
});

test("a file that is gone by now, or no file, is left out", async () => {
    write("src/lib.rs", "");
    write("src/folder.rs/inner.txt", "");
    const read = await readSources(root, ["src/gone.rs", "src/folder.rs", "src/lib.rs"]);
    expect(read.map((each) => each.path)).toEqual(["src/lib.rs"]);
});

test("reading ends when it is cancelled", async () => {
    write("src/lib.rs", "");
    const reading = readSources(root, ["src/lib.rs"], { aborted: true });
    await expect(reading).rejects.toBeInstanceOf(CancelledError);
});

test("a listing has all that the model is built from", async () => {
    write("Cargo.toml", "[workspace]\n");
    write("a/Cargo.toml", "[package]\n");
    write("a/src/lib.rs", "");
    write("a/readme.md", "");
    write("vendor/b/.cargo-checksum.json", "{}");
    const { files, rust, shape } = await listSources(root);
    expect(files).toEqual([
        "Cargo.toml",
        "a/Cargo.toml",
        "a/src/lib.rs",
        "vendor/b/.cargo-checksum.json",
    ]);
    expect(rust).toEqual(["a/src/lib.rs"]);
    expect(shape.split("\n").map((line) => line.split(" ")[0])).toEqual([
        ".cargo/config",
        ".cargo/config.toml",
        "Cargo.lock",
        "Cargo.toml",
        "a/Cargo.toml",
    ]);
});
