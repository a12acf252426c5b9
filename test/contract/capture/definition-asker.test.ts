// A real rust-analyzer that is kept running and asked about single tokens, where there is one.

import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterAll, beforeAll, expect, it } from "vitest";

import { DefinitionAsker, type AskedToken } from "../../../src/capture/index.ts";
import { findRustAnalyzer } from "../../../src/capture/rust-analyzer/rust-analyzer-program.ts";
import { describeWith } from "../../support/needs.ts";

const SMALL = fileURLToPath(new URL("../../fixtures/workspaces/small", import.meta.url));
const LIB = "shapes/src/lib.rs";
const ROUND = "shapes/src/round.rs";
const LIMIT_MS = 120_000;
const MEMORY = 3 * 1024 ** 3;
const HAS_ANALYZER = (await findRustAnalyzer(SMALL).catch(() => undefined)) !== undefined;

describeWith({ isThere: HAS_ANALYZER, what: "rust-analyzer" }, "a running rust-analyzer", () => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), "ferrograph-asker-")));
    const root = join(folder, "workspace");
    let asker: DefinitionAsker;

    beforeAll(async () => {
        cpSync(SMALL, root, { recursive: true });
        const options = { trusted: true, folder: join(folder, "own"), memoryBytesMax: MEMORY };
        asker = await DefinitionAsker.start(root, options);
        await asker.ready();
    }, LIMIT_MS);

    afterAll(async () => {
        await asker.stop();
        rmSync(folder, { recursive: true, force: true });
    });

    /** The last `word` of a text. */
    function tokenIn(path: string, text: string, word: string): AskedToken {
        const before = text.slice(0, text.lastIndexOf(word));
        const line = before.split("\n").length - 1;
        const column = before.length - before.lastIndexOf("\n") - 1;
        return { path, line, column, length: word.length };
    }

    it(
        "names the definition of a token, as an index would",
        async () => {
            const token = tokenIn(ROUND, readFileSync(join(root, ROUND), "utf8"), "scale");
            const documents = await asker.documentsOf([token]);
            const lib = readFileSync(join(root, LIB), "utf8").split("\n");
            const line = lib.findIndex((each) => each.startsWith("pub fn scale"));
            expect(documents).toEqual([
                {
                    path: LIB,
                    encoding: "utf-16",
                    occurrences: [
                        {
                            ...{ line, column: 7, endLine: line, endColumn: 12 },
                            ...{ symbol: `asked ${LIB}:${line}:7`, isDefinition: true },
                        },
                    ],
                },
                {
                    path: ROUND,
                    encoding: "utf-16",
                    occurrences: [
                        {
                            ...{ line: token.line, column: token.column, endLine: token.line },
                            ...{ endColumn: token.column + 5, isDefinition: false },
                            symbol: `asked ${LIB}:${line}:7`,
                        },
                    ],
                },
            ]);
        },
        LIMIT_MS,
    );

    it(
        "answers of a text that it was told, and of the next",
        async () => {
            const text = readFileSync(join(root, LIB), "utf8");
            for (const head of ["// One.\n", "// One.\n// Two.\n"]) {
                await asker.tell([{ path: LIB, text: head + text }]);
                const lines = (head + text).split("\n");
                const line = lines.findIndex((each) => each.startsWith("pub fn scale"));
                const token = tokenIn(ROUND, readFileSync(join(root, ROUND), "utf8"), "scale");
                const [definition] = await asker.documentsOf([token]);
                expect(definition?.occurrences).toMatchObject([{ line, isDefinition: true }]);
            }
        },
        LIMIT_MS,
    );

    it(
        "is ended when it takes more memory than it may, and says so",
        async () => {
            const options = { trusted: true, folder: join(folder, "small"), memoryBytesMax: 1 };
            const tiny = await DefinitionAsker.start(root, options);
            await expect(tiny.ready()).rejects.toThrow(/took \d+ MiB of at most 0$/u);
            expect(tiny.isEnded).toBe(true);
        },
        LIMIT_MS,
    );
});
