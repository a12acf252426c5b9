// The examples of docs/semantic-patch.md, run; and the schema that stands beside it.

import { expect, test } from "vitest";

import { patchJsonSchema } from "../../../src/patch/index.ts";
import { patchOutcome } from "../../support/patch-check.ts";
import { readRepositoryFile } from "../../support/repository.ts";

const EXAMPLE =
    /### (?<title>[^\n]+)\n[^]*?```json\n(?<patch>[^]*?)```\s+```rust\n(?<before>[^]*?)```\s+```(?<form>rust|text)\n(?<after>[^]*?)```/gu;

const examples = [
    ...readRepositoryFile("docs/semantic-patch.md").split("\n## Examples\n")[1]!.matchAll(EXAMPLE),
].map((match) => match.groups!);

test("there are a dozen examples", () => {
    expect(examples.length).toBeGreaterThanOrEqual(12);
});

test.each(examples.map((one) => [one["title"]!, one] as const))("%s", async (_title, one) => {
    const outcome = await patchOutcome(one["patch"]!, one["before"]!);
    const shown = one["form"] === "rust" ? outcome.slice(outcome.indexOf("---\n") + 4) : outcome;
    expect(shown).toBe(one["after"]);
});

test("docs/semantic-patch.schema.json is the schema of the code", () => {
    expect(JSON.parse(readRepositoryFile("docs/semantic-patch.schema.json"))).toEqual(
        JSON.parse(JSON.stringify(patchJsonSchema())),
    );
});
