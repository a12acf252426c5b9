import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, test } from "vitest";

import { openGraphStore } from "../../../src/graphstore/index.ts";
import { STATE_SCHEMA_VERSION } from "../../../src/merkle/index.ts";
import { createLog, LOG_FORMAT_VERSION } from "../../../src/wal/index.ts";
import { edgeOf, nodeOf } from "../../support/graphs.ts";
import { SimLog } from "../../support/sim-log.ts";

const page = (name: string): string =>
    readFileSync(new URL(`../../../docs/formats/${name}`, import.meta.url), "utf8");

test("the worked dump of graph-log.md is what a store writes", async () => {
    const log = new SimLog();
    await createLog(log, {
        contentKind: "GRPH",
        schemaVersion: STATE_SCHEMA_VERSION,
        storeUuid: Uint8Array.from({ length: 16 }, (_, i) => 0xa0 + i),
        firstSequence: 0,
    });
    const folder = mkdtempSync(join(tmpdir(), "ferrograph-dump-"));
    const openLog = (): Promise<SimLog> => Promise.resolve(log);
    const clock = (): number => 1_700_000_000_000;
    const store = await openGraphStore({ folder, createIfMissing: true, clock, openLog });
    const [crate, run] = [nodeOf("k", "crate"), nodeOf("k::run")];
    await store.commitGraphDeltas([
        { kind: "add-node", node: crate },
        { kind: "add-node", node: run },
        { kind: "add-edge", edge: edgeOf(crate, "contains", run) },
    ]);
    await store.close();
    rmSync(folder, { recursive: true });
    const pinned = /```hexdump\n([^`]*)```/u.exec(page("graph-log.md"))?.[1];
    expect(dump(log.content)).toBe(pinned);
});

test("the versions in the documents are those of the code", () => {
    expect(page("graph-log.md")).toContain(`Format version: ${LOG_FORMAT_VERSION}.`);
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
