// The packaged extension in a real VS Code, on a real workspace: renames, the impact view, the graph, operations,
// SQL. The tests follow each other in one window, as a person's work does.

import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";

import { checkAccessibility, checkStillPage } from "./support/accessibility.ts";
import { Editor } from "./support/editor.ts";

const TIME = "crates/units/src/time.rs";
const PARSE = "crates/units/src/parse.rs";
const PATCH = {
    id: "clearer-words",
    description: "Say what is meant",
    patterns: [
        { match: { symbol: "orrery_units::nearly" }, action: { rename: "roughly_equal" } },
        { match: { symbol: "Instant::noon" }, action: { rename: "at_noon" } },
    ],
};
const THEMES = {
    light: "Light Modern",
    dark: "Dark Modern",
    "high-contrast": "Dark High Contrast",
};

vi.setConfig({ hookTimeout: 180_000 });

let editor: Editor;

beforeAll(async () => {
    const text = JSON.stringify(PATCH, undefined, 4);
    editor = await Editor.start({ files: { "clearer.patch.json": text } });
    await editor.ready();
});

beforeEach(({ onTestFailed, task }) => {
    onTestFailed(() => editor.pictureOfFailure(task.name));
});

afterAll(() => editor.close());

/** Waits until a view has a row that fits. */
async function expectRow(view: "Impact" | "Operations", row: RegExp): Promise<void> {
    await expect.poll(() => editor.rows(view)).toContainEqual(expect.stringMatching(row));
}

test("renames what can be proved, by the editor's own rename box", async () => {
    await editor.openAt(PARSE, "fn ^parse_date");
    await editor.renameTo("read_date");
    await expect.poll(() => editor.read(PARSE)).toContain("pub fn read_date(");
    await expect.poll(() => editor.read("crates/cli/src/arguments.rs")).toContain("read_date");
});

test("asks for a yes where more than names would change, and writes nothing without it", async () => {
    await editor.openAt(TIME, "struct ^Instant");
    await editor.renameTo("Moment");
    await expect.poll(() => editor.dialog()).toContain("changes-output");
    await editor.picture("vscode-question");
    await editor.dialogButton("Cancel");
    expect(editor.read(TIME)).toContain("struct Instant");
    await editor.renameTo("Moment");
    await editor.dialogButton("Show in Refactor Preview");
    await editor.preview().waitFor();
    // All of it, and one row that changes nothing.
    const unchecked = editor
        .preview()
        .locator(".monaco-checkbox:not(.checked)[aria-checked=false]");
    expect(await unchecked.count()).toBeLessThanOrEqual(1);
    await editor.picture("vscode-refactor-preview");
    expect(editor.read(TIME)).toContain("struct Instant");
    await editor.preview().locator(".monaco-button", { hasText: "Discard" }).click();
    await expect.poll(() => editor.preview().isVisible()).toBe(false);
    expect(editor.read(TIME)).toContain("struct Instant");
});

test("shows all edits of a rename first when asked, and makes them", async () => {
    await editor.openAt(TIME, "fn ^calendar");
    await editor.command("Ferrograph: Rename with Preview…");
    await editor.answer("to_calendar");
    await editor.preview().waitFor();
    expect(editor.read(TIME)).not.toContain("to_calendar");
    await editor.preview().locator(".monaco-button", { hasText: "Apply" }).click();
    await expect.poll(() => editor.read(TIME)).toContain("fn to_calendar(");
});

test("shows the impact of a symbol by crate, module and symbol, and filters it", async () => {
    await editor.openAt(TIME, "struct ^Instant");
    await editor.command("Ferrograph: Show Impact");
    await expectRow("Impact", /^Instant, reaches \d+ symbols, \d+ crates, \d+ tests/u);
    await editor.row("Impact", "orrery_units").click();
    await editor.row("Impact", "orrery_units::parse").click();
    await expectRow("Impact", /^read_date, (call|reference) · 1 step · (exact|syntactic)/u);
    await editor.picture("vscode-impact");
    await editor.row("Impact", "read_date").click();
    await editor.page.locator('.tab.active[data-resource-name="parse.rs"]').waitFor();
    await editor.command("Ferrograph: Show Tests Only");
    await expectRow("Impact", /^Instant, .* · \d+ shown/u);
    await editor.command("Ferrograph: Clear Impact Filter");
});

test("draws the impact as a graph that can be searched and walked by keys", async () => {
    await editor.command("Ferrograph: Show Impact Graph");
    const graph = await editor.panel("canvas");
    await expect.poll(() => graph.locator("#summary").innerText()).toMatch(/reaches \d+ symbols/u);
    await editor.picture("vscode-graph");
    await graph.locator("#search").fill("almanac");
    await expect.poll(() => graph.locator("#said").innerText()).toMatch(/^\d+ match/u);
    await graph.locator("#search").press("Enter");
    await expect.poll(() => graph.locator("#details h2").innerText()).toContain("almanac");
    await editor.picture("vscode-graph-search");
    await graph.locator('#tree [tabindex="0"]').press("Home");
    const focused = (): Promise<string> => graph.evaluate(() => document.activeElement?.id ?? "");
    expect(await focused()).toBe("row-level:1");
    await editor.page.keyboard.press("ArrowDown");
    expect(await focused()).toMatch(/^row-1\//u);
    await editor.page.keyboard.press("ArrowRight");
    await editor.page.keyboard.press("ArrowRight");
    await editor.page.keyboard.press("ArrowRight");
    await editor.page.keyboard.press("ArrowRight");
    expect(await focused()).toMatch(/^row-symbol:\d+$/u);
    await editor.page.keyboard.press("Enter");
    await editor.page.locator(".editor-group-container.active .monaco-editor.focused").waitFor();
});

test.each(Object.entries(THEMES))(
    "has nothing against the graph by axe, %s",
    async (name, theme) => {
        await editor.theme(theme);
        const graph = await editor.panel("canvas");
        await expect
            .poll(() => graph.locator("body").getAttribute("data-vscode-theme-kind"))
            .toBe(`vscode-${name}`);
        // Colours fade from one theme to the other.
        await editor.page.waitForTimeout(1_000);
        const { failed, passed } = await checkAccessibility(graph);
        expect(failed).toEqual([]);
        expect(passed).toBeGreaterThan(15);
        await editor.picture(`vscode-graph-${name}`);
    },
);

test("has the daemon make a rename, lists it, and rolls it back", async () => {
    await editor.theme(THEMES.light);
    await editor.command("View: Close All Editor Groups");
    await editor.openAt(TIME, "fn ^centuries");
    const before = editor.read(TIME);
    await editor.command("Ferrograph: Preview Impact of Renaming…");
    await editor.answer("hundreds");
    await expectRow("Impact", /^centuries → hundreds, 3 edits in 3 files · proved/u);
    await editor.picture("vscode-plan");
    await editor.rowAction("Impact", "centuries → hundreds", "Make This Rename");
    await expect.poll(() => editor.read(TIME)).toContain("fn hundreds(");
    await expectRow("Impact", /^hundreds, reaches/u);
    await expectRow("Operations", /hundreds, applied just now/u);
    await editor.picture("vscode-operations");
    await editor.rowQuestion("Operations", "hundreds", {
        title: "Roll Back Operation",
        answer: "Roll Back",
    });
    await expect.poll(() => editor.read(TIME)).toBe(before);
    await expect.poll(() => editor.rows("Operations")).toHaveLength(2);
    await expectRow("Impact", /^centuries, reaches \d+ symbols/u);
    await expectRow("Impact", /::hundreds is no longer there, centuries stands /u);
});

test("plans an operation again, and makes it on a branch of its own", async () => {
    editor.git("commit", "--quiet", "--all", "--message=Rename by hand");
    const before = editor.read(TIME);
    await editor.clearNotifications();
    await editor.rowAction("Operations", /^rename orrery/u, "Replay Operation");
    await editor.notified(/hundreds.*: 1 operation, 3 files, risk \d+ \(\w+\)/u);
    await editor.page.locator('.tab.active[data-resource-name$=".diff"]').waitFor();
    await editor.picture("vscode-replay");
    await editor.notificationButton("Make on a Branch");
    await editor.notified(/Made .* on refactor\/\S+: 3 edits in 3 files/u, 90_000);
    const branch = editor.git("branch", "--list", "refactor/*", "--format=%(refname:short)").trim();
    expect(editor.git("show", `${branch}:${TIME}`)).toContain("fn hundreds(");
    expect(editor.read(TIME)).toBe(before);
    await expectRow("Operations", /hundreds, applied just now/u);
});

test("plans a semantic patch, shows all of it, and makes it in place", async () => {
    await editor.command("View: Close All Editor Groups");
    await editor.clearNotifications();
    await editor.openAt("clearer.patch.json", '"^id"');
    await editor.command("Ferrograph: Plan Semantic Patch");
    await editor.notified(/“Say what is meant”: \d operations, 6 files, risk /u);
    await editor.page.locator('.tab.active[data-resource-name$=".diff"]').waitFor();
    await editor.picture("vscode-patch");
    await editor.notificationButton("Make in Place");
    await editor.notified(/^Made “Say what is meant” in place/mu);
    await expectRow("Operations", /^Say what is meant, applied just now/u);
    expect(editor.read(TIME)).toContain("fn at_noon(");
    expect(editor.read("crates/units/src/lib.rs")).toContain("fn roughly_equal(");
});

test("has the compiler compare a rename, tells how far it is, and shows what it found", async () => {
    await editor.command("View: Close All Editor Groups");
    await editor.clearNotifications();
    await editor.openAt(TIME, "fn ^centuries");
    await editor.command("Ferrograph: Validated Rename…");
    await editor.answer("julian_centuries");
    await editor.pick("Validate and write");
    const written = /Validated and renamed centuries to julian_centuries\./u;
    const seen = await editor.notified(written, 120_000);
    expect(seen).toContainEqual(expect.stringMatching(/to julian_centuries: checking/u));
    expect(editor.read(TIME)).toContain("fn julian_centuries(");
    const evidence = await editor.panel("evidence");
    expect(await evidence.locator(".verdict").innerText()).toMatch(
        /^Passed: 3 edits in 3 files, written, [\d.]+ s\.$/u,
    );
    const compared = await evidence.locator("table").first().innerText();
    expect(compared).toMatch(/Bindings of the compiler\s+equal\s+[1-9][\d,]* bindings in /u);
    expect(compared).toMatch(/MIR\s+equal\s+[1-9]\d* bodies/u);
    await editor.picture("vscode-evidence");
    for (const theme of [THEMES.dark, THEMES.light]) {
        await editor.theme(theme);
        const { failed, passed } = await checkStillPage(evidence, ["page", "evidence"]);
        expect(failed).toEqual([]);
        expect(passed).toBeGreaterThan(10);
    }
    await editor.command("View: Close All Editor Groups");
});

test("answers SQL with a table that can be copied", async () => {
    await editor.command("Ferrograph: SQL Scratchpad");
    const query = await editor.panel("sql");
    await query
        .locator("#sql")
        .fill("SELECT name, kind FROM symbols WHERE name = 'Instant' AND kind = 'struct'");
    await query.locator("#sql").press("Control+Enter");
    await expect.poll(() => query.locator("tbody tr").allInnerTexts()).toEqual(["Instant\tstruct"]);
    await query.locator("#copy").click();
    await expect.poll(() => query.locator("#said").innerText()).toBe("Copied 1 row.");
    const copied = await editor.page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toBe("name,kind\r\nInstant,struct\r\n");
    await query.locator("#sql").fill("SELECT nothing");
    await query.locator("#run").click();
    await expect.poll(() => query.locator("#said").innerText()).toContain("nothing");
    await query.locator("#examples").selectOption({ label: "Symbols that the most others reach" });
    await query.locator("#run").click();
    await expect.poll(() => query.locator("tbody tr").count()).toBe(20);
    await editor.picture("vscode-query");
    expect((await checkAccessibility(query)).failed).toEqual([]);
});

test("says above each definition what it reaches, once that is wanted", async () => {
    await editor.settings({ "ferrograph.codeLens.enabled": true });
    await editor.openAt(TIME, "struct ^Instant");
    const lenses = editor.page.locator(".codelens-decoration");
    await expect
        .poll(() => lenses.allInnerTexts())
        .toContainEqual(expect.stringMatching(/^reaches \d+ symbols, \d+ crates, \d+ tests$/u));
    await editor.picture("vscode-lens");
});
