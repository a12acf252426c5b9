// docs/tables.md says of every table and column what the schema says.

import { expect, test } from "vitest";

import { TABLES } from "../../src/tables/index.ts";
import { readRepositoryFile } from "../support/repository.ts";

const document = readRepositoryFile("docs/tables.md");

test.each(TABLES)("docs/tables.md describes $name", ({ name, doc, columns, order }) => {
    const start = document.indexOf(`\n## ${name}\n`);
    const next = document.indexOf("\n## ", start + 1);
    const section = document.slice(start, next === -1 ? undefined : next);
    expect(start).toBeGreaterThan(0);
    expect(section).toContain(doc);
    expect(section).toContain(`Sorted by ${order.map((each) => `\`${each}\``).join(", ")}.`);
    const rows = columns.map((each) => `| \`${each.name}\` | \`${each.type}\` | ${each.doc} |`);
    const shown = section.split("\n").filter((line) => line.startsWith("| `"));
    expect(shown).toEqual(rows);
});
