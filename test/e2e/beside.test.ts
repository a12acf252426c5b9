// The extension beside another that renames Rust, and in a workspace that is not trusted.

import { createVSIX } from "@vscode/vsce";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";

import { Editor } from "./support/editor.ts";

const PARSE = "crates/units/src/parse.rs";
const RIVAL = fileURLToPath(new URL("rival", import.meta.url));

let folder: string;
let editor: Editor | undefined;

beforeEach(({ onTestFailed, task }) => {
    folder = mkdtempSync(path.join(tmpdir(), "ferrograph-rival-"));
    onTestFailed(() => editor?.pictureOfFailure(task.name));
});

afterEach(async () => {
    await editor?.close();
    editor = undefined;
    rmSync(folder, { recursive: true, force: true });
});

test("beside another provider F2 goes to whom the setting names, and a refusal is no rename", async () => {
    const rival = path.join(folder, "rival.vsix");
    const packing = { packagePath: rival, dependencies: false, allowMissingRepository: true };
    await createVSIX({ cwd: RIVAL, ...packing });
    editor = await Editor.start({ extensions: [rival] });
    await editor.ready();
    await editor.openAt(PARSE, "fn ^parse_date");
    await editor.page.waitForTimeout(6_000); // The other one has registered itself again by now.
    await editor.renameTo("read_date");
    await expect.poll(() => editor?.read(PARSE)).toContain("fn read_date(");
    // `Err` would capture what the file's own `Err(…)` means.
    await editor.openAt(PARSE, "fn ^number");
    await editor.renameTo("1st");
    await expect.poll(() => editor?.notifications()).toContain("Not renamed");
    expect(editor.read(PARSE)).not.toContain("rival_");
    expect(editor.read(PARSE)).toContain("fn number<");
    await editor.settings({ "ferrograph.rename.provider": "rust-analyzer" });
    await editor.openAt(PARSE, "fn ^number");
    await editor.renameTo("numeral");
    await expect.poll(() => editor?.read(PARSE)).toContain("fn rival_numeral<");
});

test("in a workspace that is not trusted it shows and renames, and runs nothing", async () => {
    editor = await Editor.start({ untrusted: true });
    await editor.ready();
    await editor.openAt(PARSE, "fn ^parse_date");
    await editor.command("Ferrograph: Show Impact");
    await expect
        .poll(() => editor?.rows("Impact"))
        .toContainEqual(expect.stringMatching(/^parse_date, reaches/u));
    expect(editor.commandLines()).toContainEqual(expect.stringMatching(/main\.js lsp$/u));
    expect(editor.commandLines().filter((line) => line.includes("--trust"))).toEqual([]);
    await editor.picture("vscode-restricted");
    await editor.openAt(PARSE, "fn ^parse_date");
    await editor.renameTo("read_date");
    await expect.poll(() => editor?.read(PARSE)).toContain("fn read_date(");
});
