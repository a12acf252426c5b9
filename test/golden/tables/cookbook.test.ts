// The queries of docs/cookbook.md and the examples of docs/tables.md, run on the example workspace.
// UPDATE_GOLDEN=1 writes the answers anew.

import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterAll, beforeAll, expect, test } from "vitest";

import { csvWriter } from "../../../src/cli/write-rows.ts";
import { openEngine, type Engine } from "../../../src/engine/index.ts";
import { KeptLog } from "../../support/engine-fixture.ts";
import { readRepositoryFile, REPOSITORY } from "../../support/repository.ts";
import { git } from "../../support/table-queries.ts";

const ANSWERS = fileURLToPath(new URL("answers", import.meta.url));

let root = "";
let engine: Engine;

beforeAll(async () => {
    root = realpathSync(mkdtempSync(join(tmpdir(), "ferrograph-cookbook-")));
    cpSync(join(REPOSITORY, "examples/orrery"), root, {
        recursive: true,
        filter: (path) => !/[/\\](?:target|\.ferrograph|\.git)$/u.test(path),
    });
    git(root, "init", "-q");
    git(root, "add", ".");
    git(root, "commit", "-q", "-m", "the example");
    engine = openEngine({ root, trusted: false, watch: false, logger: new KeptLog() });
    await engine.ready;
});

afterAll(async () => {
    await engine.close();
    rmSync(root, { recursive: true, force: true });
});

/** The queries of a document, by the heading that they stand under. */
function queriesOf(document: string): (readonly [string, string])[] {
    const found: [string, string][] = [];
    for (const section of readRepositoryFile(document).split(/^## /mu).slice(1)) {
        const title = section.slice(0, section.indexOf("\n"));
        for (const [, sql = ""] of section.matchAll(/```sql\n([^]*?)```/gu)) {
            found.push([title, sql]);
        }
    }
    return found;
}

async function answerOf(sql: string): Promise<string> {
    const context = { client: "test" };
    const { columns, rows } = await engine.tables.query(context, { sql });
    const writer = csvWriter(columns);
    return (writer.rows(rows) + writer.end()).replaceAll("\r\n", "\n");
}

test.each(queriesOf("docs/cookbook.md"))("%s", async (title, sql) => {
    const answer = await answerOf(sql);
    const number = /^\d+/u.exec(title)?.[0].padStart(2, "0") ?? "";
    const file = join(ANSWERS, `${number}.csv`);
    if (process.env["UPDATE_GOLDEN"] === "1") {
        writeFileSync(file, answer);
    }
    expect(answer).toBe(readFileSync(file, "utf8"));
});

test.each(queriesOf("docs/tables.md"))("the example of %s", async (_, sql) => {
    const [header = "", ...rows] = (await answerOf(sql)).trimEnd().split("\n");
    expect(header).not.toBe("");
    expect(rows.length).toBeGreaterThan(0);
});
