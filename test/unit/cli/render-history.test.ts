import { expect, test } from "vitest";

import { PLAIN } from "../../../src/cli/paint.ts";
import {
    describePoint,
    renderDiff,
    renderParts,
    renderSnapshot,
    renderVerdict,
    renderVerified,
} from "../../../src/cli/render-history.ts";
import type { DiffResult, HistoryPointDto, SymbolDto } from "../../../src/protocol/index.ts";

const text = (lines: readonly string[]): string => `\n${lines.join("\n")}\n`;
const at = (k: number, inside = false): HistoryPointDto => ({
    k,
    commit: 3,
    inside,
    timeMs: 1_700_000_000_000,
});
const symbol = (path: string, kind = "function"): SymbolDto => ({
    id: "00",
    name: path.split("::").at(-1) ?? "",
    kind,
    path,
    crate: "k",
    at: undefined,
});

test("says where a point of the history is", () => {
    expect(describePoint(at(1234))).toBe("after 1,234 deltas, commit 3 of 2023-11-14 22:13:20 UTC");
    expect(describePoint(at(1, true))).toContain("after 1 delta, inside commit 3 of");
    expect(describePoint({ k: 0, commit: 0, inside: false, timeMs: undefined })).toContain("empty");
});

test("shows a difference symbol by symbol", () => {
    const diff: DiffResult = {
        from: at(10),
        to: at(20),
        renamed: [
            {
                from: symbol("k::a::Old", "struct"),
                to: symbol("k::a::New", "struct"),
                followers: 2,
            },
            { from: symbol("k::x"), to: symbol("k::y"), followers: 0 },
        ],
        added: [symbol("k::come")],
        removed: [symbol("k::gone")],
        changed: [{ symbol: symbol("k::flag"), before: ["test"], after: ["async"] }],
        addedEdges: [{ source: "k::y", kind: "call", target: "k::flag" }],
        removedEdges: [{ source: "k::y", kind: "reference", target: "k::a::New" }],
        addedFiles: ["b.rs"],
        removedFiles: ["c.rs"],
        changedFiles: ["a.rs"],
        counts: {
            renamed: 2,
            added: 5,
            removed: 1,
            changed: 1,
            addedEdges: 1,
            removedEdges: 1,
            addedFiles: 1,
            removedFiles: 1,
            changedFiles: 1,
        },
        milliseconds: 1,
    };
    expect(text(renderDiff(diff, PLAIN))).toMatchInlineSnapshot(`
      "
      from  after 10 deltas, commit 3 of 2023-11-14 22:13:20 UTC
      to    after 20 deltas, commit 3 of 2023-11-14 22:13:20 UTC

      renamed: 2
        struct k::a::Old → New  and 2 symbols with it
        function k::x → y

      new symbols: 5
        + function k::come
        … and 4 more; --limit 0 shows all

      removed symbols: 1
        - function k::gone

      changed symbols: 1
        ~ function k::flag  -test +async

      new edges between symbols that stayed: 1
        + k::y call k::flag

      removed edges between symbols that stayed: 1
        - k::y reference k::a::New

      new files: 1
        + b.rs

      removed files: 1
        - c.rs

      changed files: 1
        ~ a.rs
      "
    `);
    const none = Object.fromEntries(Object.keys(diff.counts).map((name) => [name, 0]));
    expect(renderDiff({ ...diff, counts: none }, PLAIN).at(-1)).toBe("nothing differs");
});

test("shows a state, a verification, a proof and parts of a file", () => {
    const snapshot = {
        point: at(10, true),
        stateRoot: "a1",
        graphRoot: "b2",
        nodes: { function: 1200, struct: 3 },
        edges: { call: 0 },
        files: 4,
        milliseconds: 1,
    };
    const verified = {
        commits: 2,
        deltas: 10,
        stateRoot: "a1",
        logRoot: "c3",
        logBytes: 2048,
        archivedDeltas: 0,
        milliseconds: 1500,
    };
    const verdict = {
        kind: "holds",
        claim: "present",
        path: "ws:.#k/lib:k",
        symbolKind: "crate",
        commitCount: 2,
        deltaCount: 10,
        timeMs: 0,
        stateRoot: "a1",
        logRoot: "c3",
        logSize: 2,
    } as const;
    const parts = [
        { offset: 0, byteCount: 64, what: "header", fields: { holds: "GRPH" } },
        { offset: 64, byteCount: 32, what: "damage", fields: { reason: "zeros" } },
    ];
    expect(
        text([
            ...renderSnapshot(snapshot, PLAIN),
            "",
            ...renderVerified(verified, PLAIN),
            "",
            ...renderVerdict(verdict, false, PLAIN),
            "",
            ...renderVerdict({ ...verdict, claim: "absent", symbolKind: undefined }, true, PLAIN),
            "",
            ...renderParts(parts, 5, PLAIN),
        ]),
    ).toMatchInlineSnapshot(`
      "
      after 10 deltas, inside commit 3 of 2023-11-14 22:13:20 UTC
      the state is inside a commit: it was never one by itself
      state root   a1
      graph root   b2
      nodes        1,203: 1,200 function, 3 struct
      edges        none
      files        4

      verified 10 deltas in 2 commits, 2.0 KiB, in 1.5 s
      state root   a1
      log root     c3

      holds: ws:.#k/lib:k (crate) is present
      as of        commit 2, 10 deltas
      state root   a1
      log root     c3  2 commits
      compare one of the roots with one that you know; --root HASH does it

      holds: ws:.#k/lib:k is absent
      as of        commit 2, 10 deltas
      state root   a1
      log root     c3  2 commits

       0  header   64 bytes  holds GRPH
      64  damage   32 bytes  reason zeros
      … and 3 more parts; --limit 0 shows all
      "
    `);
});
