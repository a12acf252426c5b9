// The fixture of rustc's dumps: its source, its dumps as checked in, and how they are read in tests.

import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";

import { readDumps, type DropCounts } from "../../src/capture/rustc/dump/index.ts";
import type { CompilationUnit, RustcFacts } from "../../src/capture/rustc/facts.ts";

/** Folder of the golden files. */
export const RUSTC_GOLDEN = fileURLToPath(new URL("../golden/rustc/", import.meta.url));

/** Folder of the fixture's crate. */
export const FIXTURE_ROOT = `${RUSTC_GOLDEN}fixture`;

/** The fixture as a compilation. */
export const FIXTURE_UNIT: CompilationUnit = {
    packageFolder: "",
    packageName: "fixt",
    crateName: "fixt",
    targetKind: "lib",
    targetName: "fixt",
    isTest: false,
    features: [],
    configuration: "default",
};

/** Arguments of rustc that compile the fixture, run in its folder. */
export const FIXTURE_ARGUMENTS = [
    ..."--edition 2024 --crate-type lib --crate-name fixt --cap-lints allow src/lib.rs".split(" "),
    "-Ztrim-diagnostic-paths=no",
];

/** Text of a file under any folder, as a reader of dumps wants it. */
export function fileText(path: string): string | undefined {
    return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

/** SHA-256 of a file's bytes. */
export function fileHash(path: string): string | undefined {
    return existsSync(path)
        ? createHash("sha256").update(readFileSync(path)).digest("hex")
        : undefined;
}

/** Bytes of a dump that is checked in. */
export function goldenDump(name: "hir" | "thir" | "mir"): Buffer {
    return gunzipSync(readFileSync(`${RUSTC_GOLDEN}dumps/${name}.txt.gz`));
}

/** Bytes as a stream of chunks. */
export async function* inChunks(bytes: Buffer, size = 64 * 1024): AsyncGenerator<Buffer> {
    for (let at = 0; at < bytes.length; at += size) {
        await Promise.resolve();
        yield bytes.subarray(at, at + size);
    }
}

/** Dumps of a crate in a folder. */
export interface DumpBytes {
    readonly hir: Buffer;
    readonly thir: Buffer;
    readonly mir?: Buffer;
}

/** Reads dumps of the fixture, or of a copy of it. */
export async function readFixture(
    dumps: DumpBytes,
    root = FIXTURE_ROOT,
): Promise<{ readonly facts: RustcFacts; readonly dropped: DropCounts }> {
    let dropped: DropCounts = {};
    const facts = await readDumps({
        unit: FIXTURE_UNIT,
        compiler: "fixture",
        root,
        cwd: root,
        hir: inChunks(dumps.hir),
        thir: inChunks(dumps.thir),
        ...(dumps.mir === undefined ? {} : { mir: inChunks(dumps.mir) }),
        textOf: fileText,
        hashOf: fileHash,
        report: (counts) => {
            dropped = counts;
        },
    });
    return { facts, dropped };
}
