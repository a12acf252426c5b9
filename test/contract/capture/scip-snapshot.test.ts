// rust-analyzer's index of the small workspace: recorded, in both forms of ranges, so that no rust-analyzer is
// needed; and made now, where there is one. To record it anew: `rust-analyzer scip . --output small.scip` in a
// copy of the workspace, with std's sources.

import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterAll, describe, expect, it } from "vitest";

import { finishSteps } from "../../../src/base/index.ts";
import {
    captureScip,
    loadWorkspace,
    readScipIndex,
    type ScipDocument,
} from "../../../src/capture/index.ts";
import { findRustAnalyzer } from "../../../src/capture/rust-analyzer/rust-analyzer-program.ts";
import {
    decodeUnitEvidence,
    Evidence,
    Resolver,
    ScipReducer,
    type ResolvedWorkspace,
    type ScipReport,
} from "../../../src/resolve/index.ts";
import { openSyntax } from "../../../src/syntax/index.ts";
import { describeWith } from "../../support/needs.ts";
import { writeScip } from "../../support/scip.ts";

const SMALL = fileURLToPath(new URL("../../fixtures/workspaces/small", import.meta.url));
const RECORDED = new URL("../../fixtures/scip/small.scip", import.meta.url);
const HAS_ANALYZER = (await findRustAnalyzer(SMALL).catch(() => undefined)) !== undefined;

const recorded = readScipIndex(readFileSync(RECORDED));
const syntax = await openSyntax();
const model = await loadWorkspace(SMALL, { trusted: false });

/** The small workspace with what an index says of it. */
function joinWith(documents: readonly ScipDocument[]): {
    readonly resolved: ResolvedWorkspace;
    readonly report: ScipReport;
} {
    const textOf = (path: string): string => readFileSync(join(SMALL, path), "utf8");
    const captures = new Map(
        model.rustFiles.map((path) => [path, syntax.capture(path, textOf(path))]),
    );
    const resolution = new Resolver().resolve({ model, captures });
    const reducer = new ScipReducer({ model, resolution, captures, textOf });
    finishSteps(reducer.prepare());
    documents.forEach((document) => {
        reducer.take(document);
    });
    const units = finishSteps(reducer.finish()).flatMap(
        ({ bytes }) => decodeUnitEvidence(bytes) ?? [],
    );
    const evidence = new Evidence(units, reducer.outside, textOf);
    const resolved = new Resolver().resolve({ model, captures, evidence });
    return { resolved, report: reducer.report() };
}

describe("the recorded index", () => {
    it("says of every token what the resolver says", () => {
        const { resolved, report } = joinWith(recorded);
        expect(resolved.disputed(99, "rust-analyzer")).toEqual([]);
        expect(report).toMatchInlineSnapshot(`
          {
            "documents": 4,
            "leftOut": {
              "collided": 4,
            },
            "methodCalls": {
              "known": 1,
              "seen": 1,
            },
            "namesOfStd": 9,
            "occurrences": 95,
            "taken": 78,
          }
        `);
        const exact = resolved
            .occurrencesIn("shapes/src/lib.rs")
            .filter((one) => one.saidBy === "rust-analyzer")
            .map((one) => one.name);
        expect(exact.slice(0, 12)).toMatchInlineSnapshot(`
          [
            "round",
            "Shape",
            "area",
            "Rect",
            "width",
            "height",
            "Rect",
            "new",
            "width",
            "height",
            "Rect",
            "Rect",
          ]
        `);
    });

    it("is the same with ranges of the newer form", () => {
        const typed = readScipIndex(writeScip(recorded, "typed"));
        expect(typed).toEqual(recorded);
        expect(readScipIndex(writeScip(recorded, "numbers"))).toEqual(recorded);
        expect(joinWith(typed).report).toEqual(joinWith(recorded).report);
    });
});

describeWith(
    { isThere: HAS_ANALYZER, what: "rust-analyzer: rustup component add rust-analyzer rust-src" },
    "an index that is made now",
    () => {
        const root = realpathSync(mkdtempSync(join(tmpdir(), "ferrograph-scip-")));
        afterAll(() => {
            rmSync(root, { recursive: true, force: true });
        });

        it("tells of the same files, and contradicts the resolver nowhere", async () => {
            const workspace = join(root, "workspace");
            cpSync(SMALL, workspace, { recursive: true });
            const stages: string[] = [];
            const capture = await captureScip(
                { root: workspace, cargoFolders: [""] },
                {
                    trusted: true,
                    folder: join(root, "rust-analyzer"),
                    onProgress: (stage) => stages.push(stage),
                },
            );
            const documents: ScipDocument[] = [];
            for await (const document of capture.documents()) {
                documents.push(document);
            }
            await capture.close();
            expect(capture.version).toMatch(/^rust-analyzer /u);
            expect(stages).toEqual(["rust-analyzer"]);
            expect(documents.map(({ path }) => path).sort()).toEqual(
                recorded.map(({ path }) => path).sort(),
            );
            const { resolved, report } = joinWith(documents);
            expect(resolved.disputed(99, "rust-analyzer")).toEqual([]);
            expect(report.taken).toBeGreaterThan(50);
        }, 300_000);
    },
);
