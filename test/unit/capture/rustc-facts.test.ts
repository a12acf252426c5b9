// Facts as files: what is written is read back, what is damaged is not; files can be left out of facts.

import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import {
    encodeFacts,
    encodeFlow,
    FACT_FILE_VERSION,
    packFactFile,
    readFactFileLengths,
    unpackFactFile,
} from "../../../src/capture/rustc/fact-codec.ts";
import {
    listDependencies,
    parseDependencyFile,
} from "../../../src/capture/rustc/dependency-file.ts";
import type { FlowShard, RustcFacts } from "../../../src/capture/rustc/facts.ts";
import { keepFiles } from "../../../src/capture/rustc/keep-files.ts";

const UNIT: RustcFacts["unit"] = {
    packageFolder: "crates/öl",
    packageName: "öl",
    crateName: "öl",
    targetKind: "lib",
    targetName: "öl",
    isTest: false,
    features: ["a"],
    configuration: "default",
};

const FACTS: RustcFacts = {
    format: 1,
    compiler: "c0ffee",
    unit: UNIT,
    files: [
        { path: "a.rs", contentHash: "aa" },
        { path: "b.rs", contentHash: "bb" },
    ],
    definitions: [
        { path: "öl[12]::f", kind: "Fn", file: 0, start: 3, end: 4 },
        { path: "öl[12]::g", kind: "Fn", file: 1, start: 3, end: 4 },
        { path: "öl[12]::{impl#0}", kind: "Impl", file: -1, start: 0, end: 0 },
    ],
    targets: [
        { kind: "definition", path: "öl[12]::f" },
        { kind: "local", path: "", file: 1, start: 20, end: 21 },
        { kind: "local", path: "", file: 0, start: 9, end: 12 },
    ],
    types: ["", "&u32"],
    uses: {
        file: Uint32Array.of(0, 0, 1, 1),
        start: Uint32Array.of(3, 400_000, 2, 20),
        end: Uint32Array.of(4, 400_001, 7, 21),
        role: Uint8Array.of(0, 2, 1, 1),
        flags: Uint8Array.of(0, 1, 2, 0),
        target: Uint32Array.of(0, 1, 0, 1),
        receiver: Uint32Array.of(0, 1, 0, 0),
    },
    implicit: [
        { owner: "öl[12]::f", target: "drop", cause: "drop", file: 1, start: 1, end: 2 },
        { owner: "öl[12]::f", target: "add", cause: "operator", file: -1, start: 0, end: 0 },
    ],
};

const FLOW: FlowShard = {
    compiler: "c0ffee",
    unit: UNIT,
    files: FACTS.files,
    bodies: [
        {
            owner: "öl::f",
            blockFile: Int32Array.of(0, -1),
            blockSpan: Uint32Array.of(1, 2, 0, 0),
            edges: Uint32Array.of(0, 1),
        },
    ],
};

test("a file gives back what was written", () => {
    const packed = packFactFile('{"a":1}', encodeFacts(FACTS), encodeFlow(FLOW));
    expect(readFactFileLengths(packed)?.total).toBe(packed.length);
    expect(unpackFactFile(packed)).toEqual({ header: '{"a":1}', facts: FACTS, flow: FLOW });
    const without = packFactFile("{}", encodeFacts(FACTS), new Uint8Array(0));
    expect(unpackFactFile(without)?.flow).toBeUndefined();
});

test("docs/formats/rustc-facts.md says which version this is", () => {
    const page = readFileSync(
        new URL("../../../docs/formats/rustc-facts.md", import.meta.url),
        "utf8",
    );
    expect(page).toContain(`Version ${FACT_FILE_VERSION}, little-endian`);
    const packed = packFactFile("{}", new Uint8Array(0), new Uint8Array(0));
    const magic = Buffer.from(packed).readUInt32LE(0).toString(16);
    expect(page).toContain(`| 0–3   | \`0x${magic}\``);
});

test("a damaged, cut or foreign file gives nothing", () => {
    const packed = packFactFile("{}", encodeFacts(FACTS), new Uint8Array(0));
    for (let at = 0; at < packed.length; at += 7) {
        const damaged = packed.slice();
        damaged[at] = (damaged[at] ?? 0) ^ 0x10;
        expect(unpackFactFile(damaged), `byte ${at}`).toBeUndefined();
    }
    for (const length of [0, 4, 19, 20, 60, packed.length - 1]) {
        expect(unpackFactFile(packed.subarray(0, length)), `cut at ${length}`).toBeUndefined();
    }
    expect(
        readFactFileLengths(new TextEncoder().encode("something else entirely")),
    ).toBeUndefined();
});

test("nothing is said of files that are left out", () => {
    expect(keepFiles(FACTS, () => true)).toBe(FACTS);
    const kept = keepFiles(FACTS, (file) => file.path === "b.rs");
    expect(kept.files.map((file) => file.path)).toEqual(["b.rs"]);
    expect(kept.definitions.map((each) => each.file)).toEqual([-1, 0, -1]);
    expect([...kept.uses.start]).toEqual([2, 20]);
    expect([...kept.uses.file]).toEqual([0, 0]);
    expect(kept.targets[1]?.file).toBe(0);
    expect(kept.implicit.map((each) => each.file)).toEqual([0, -1]);
    // The binding of its local lies in the file that is gone.
    const other = keepFiles(FACTS, (file) => file.path === "a.rs");
    expect([...other.uses.start]).toEqual([3]);
});

test("lists of compiled files are read, blanks and all", () => {
    const hash = "0123456789abcdef".repeat(4);
    const text = [
        "out.d: src/lib.rs src/my\\ file.rs",
        "",
        "src/lib.rs:",
        "src/my\\ file.rs:",
        "",
        "# env-dep:NAME=value:",
        `# checksum:sha256=${hash} file_len:12 src/my\\ file.rs`,
    ].join("\n");
    expect(listDependencies(text, "/w")).toEqual(["/w/src/lib.rs", "/w/src/my file.rs"]);
    expect(parseDependencyFile(text, "/w")).toEqual([
        { path: "/w/src/my file.rs", contentHash: hash },
    ]);
});
