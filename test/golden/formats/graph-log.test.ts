import { readFileSync, writeFileSync } from "node:fs";

import { expect, test } from "vitest";

import { CHECKPOINT_FORMAT_VERSION, GRAPH_LOG_NAME, openGraphStore } from "../../../src/graphstore/index.ts";
import { STATE_SCHEMA_VERSION } from "../../../src/merkle/index.ts";
import { ARCHIVE_FORMAT_VERSION } from "../../../src/graphstore/durable/archive-layout.ts";
import { BASED_LOG_FORMAT_VERSION } from "../../../src/graphstore/durable/history-file.ts";
import { IMAGE_FORMAT_VERSION, SECTIONS } from "../../../src/graphstore/image/image-layout.ts";
import { EPOCH_FORMAT_VERSION, LOG_FORMAT_VERSION } from "../../../src/wal/index.ts";
import { edgeOf, nodeOf } from "../../support/graphs.ts";
import { SimDisk } from "../../support/sim-disk.ts";

const pageFile = (name: string): URL => new URL(`../../../docs/formats/${name}`, import.meta.url);
const page = (name: string): string => readFileSync(pageFile(name), "utf8");

/** Compares a dump with that of a page; `UPDATE_DUMPS=1` writes the page anew. */
function expectPinned(name: string, dumped: string): void {
    if (process.env["UPDATE_DUMPS"] === "1") {
        const block = /```hexdump\n[^`]*```/u;
        writeFileSync(pageFile(name), page(name).replace(block, `\`\`\`hexdump\n${dumped}\`\`\``));
    }
    expect(dumped).toBe(/```hexdump\n([^`]*)```/u.exec(page(name))?.[1]);
}

test("the worked dump of graph-log.md is what a store writes", async () => {
    const disk = new SimDisk();
    const store = await openGraphStore({
        folder: "dump",
        createIfMissing: true,
        clock: () => 1_700_000_000_000,
        disk,
        randomBytes: (count) => Uint8Array.from({ length: count }, (_, i) => 0xa0 + i),
    });
    const [crate, run] = [nodeOf("k", "crate"), nodeOf("k::run")];
    await store.commitGraphDeltas([
        { kind: "add-node", node: crate },
        { kind: "add-node", node: run },
        { kind: "add-edge", edge: edgeOf(crate, "contains", run) },
    ]);
    await store.close();
    expectPinned("graph-log.md", dump(disk.content(`dump/${GRAPH_LOG_NAME}`)));
});

test("the versions in the documents are those of the code", () => {
    expect(page("graph-log.md")).toContain(`Format version: ${LOG_FORMAT_VERSION}.`);
    expect(page("tlog.md")).toContain(`Format version: ${EPOCH_FORMAT_VERSION}.`);
    expect(page("checkpoint.md")).toContain(`Format version: ${CHECKPOINT_FORMAT_VERSION}.`);
    expect(page("graph-log.md")).toContain(`archived: ${BASED_LOG_FORMAT_VERSION}.`);
    expect(page("columns.md")).toContain(`Format version: ${IMAGE_FORMAT_VERSION}.`);
    expect(page("columns.md")).toContain(`number of sections: ${SECTIONS.length} `);
    expect(page("archive.md")).toContain(`Format version: ${ARCHIVE_FORMAT_VERSION}.`);
    expect(page("state-root.md")).toContain(`Schema version: ${STATE_SCHEMA_VERSION}.`);
});

/** Sixteen bytes a line: offset, hex, printable ASCII. */
function dump(bytes: Buffer): string {
    let text = "";
    for (let at = 0; at < bytes.length; at += 16) {
        const line = bytes.subarray(at, at + 16);
        const hex = [...line].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
        const shown = [...line].map((byte) =>
            byte >= 0x20 && byte < 0x7f && byte !== 0x60 ? String.fromCharCode(byte) : ".",
        );
        text += `${at.toString(16).padStart(4, "0")}  ${hex.padEnd(47)}  ${shown.join("")}\n`;
    }
    return text;
}
