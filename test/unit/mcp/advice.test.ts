// Advice to those who call tools: no option of the command line that a tool does not have.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

import { adviceForTools } from "../../../src/mcp/advice.ts";

const SOURCES = fileURLToPath(new URL("../../../src/", import.meta.url));
/** Where refusals come from that a tool may be answered with. */
const FOLDERS = ["engine", "executor", "patch", "refactor", "tables", "oracle", "git"];
/** Of requests that no tool makes, and landings that no tool asks for. */
const OF_OTHERS = new Set([
    "EXECUTOR_DETACHED", // of --land fast-forward
    "EXECUTOR_LANDING",
    "EXECUTOR_POSTCHECK", // options of cargo, in a patch
    "PROPAGATE_NO_GIT",
    "TYPES_UNTRUSTED",
    "WORKSPACE_NOT_FOUND", // of the start
]);

interface Written {
    readonly code: string;
    readonly advice: string;
}

/** Codes with their advice, as they stand in the sources. */
function written(): Written[] {
    const files = FOLDERS.flatMap((folder) =>
        readdirSync(join(SOURCES, folder), { recursive: true, encoding: "utf8" })
            .filter((name) => name.endsWith(".ts"))
            .map((name) => readFileSync(join(SOURCES, folder, name), "utf8")),
    );
    return files.flatMap((text) =>
        [...text.matchAll(/advice:\s*(["`])((?:[^\\]|\\.)*?)\1/gsu)].map((found) => {
            const before = text.slice(Math.max(0, found.index - 600), found.index);
            const code = [...before.matchAll(/"([A-Z]+_[A-Z_]+)"/gu)].at(-1)?.[1] ?? "";
            return { code, advice: found[2] ?? "" };
        }),
    );
}

test("names no option that a tool does not have", () => {
    const all = written();
    expect(all.length).toBeGreaterThan(100);
    const options = all
        .filter(({ code }) => !OF_OTHERS.has(code))
        .map(({ code, advice }) => ({ code, said: adviceForTools(code, advice) }))
        // A whole command is for a person, and named as one.
        .filter(({ said }) =>
            said.replaceAll(/`(?:ferrograph|cargo|git) [^`]*`/gu, "").includes("--"),
        );
    expect(options).toEqual([]);
});

test.each([
    [
        "RENAME_NOT_APPLICABLE",
        "look at its preview, and accept changes-output and breaks-api if you mean to",
        '`plan` shows what is in its way, and pass `accept: ["changes-output", "breaks-api"]` if that is agreed to',
    ],
    [
        "RENAME_NOT_APPLICABLE",
        "look at its preview, and accept breaks-api if you mean to",
        '`plan` shows what is in its way, and pass `accept: ["breaks-api"]` if that is agreed to',
    ],
    [
        "RENAME_ALIAS",
        "`--as alias` renames the alias, `--as item` the item",
        '`as: "alias"` renames the alias, `as: "item"` the item',
    ],
    [
        "VALIDATE_NOT_COMPARED",
        "use another toolchain, or accept that: --accept bindings-not-compared",
        'use another toolchain, or accept that: `accept: ["bindings-not-compared"]`',
    ],
    ["SYMBOL_NOT_FOUND", "name it by its whole path", "name it by its whole path"],
])("says the advice to %s in the tools' terms", (code, advice, said) => {
    expect(adviceForTools(code, advice)).toBe(said);
});
