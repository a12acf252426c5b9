// The plugin in a real headless Neovim, over the built program: the one on the PATH, and one that
// FERROGRAPH_NVIM names.

import { spawn, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

import { DaemonHarness, MAIN } from "../../support/daemon-harness.ts";
import { describeWith } from "../../support/needs.ts";

const PLUGIN = fileURLToPath(new URL("../../../extensions/nvim/", import.meta.url));
const SESSION = fileURLToPath(new URL("session.lua", import.meta.url));
const LIMIT_MS = 170_000;

/** What session.lua writes down. */
interface Results {
    readonly version: string;
    readonly problem?: string;
    readonly messages: readonly string[];
    readonly impact: readonly string[];
    readonly quickfix: readonly {
        readonly text: string;
        readonly line: number;
        readonly file: string;
    }[];
    readonly folds: { readonly method: string; readonly crate: number; readonly symbol: number };
    readonly jumped: { readonly file: string; readonly line: number; readonly column: number };
    readonly query: readonly string[];
    readonly status: readonly string[];
    readonly log: readonly string[];
    readonly plan: readonly string[];
    readonly preview: readonly string[];
    readonly obstacles: readonly string[];
    readonly renamed: { readonly lib: string; readonly main: string; readonly disk: string };
    readonly undone: string;
    readonly alias: { readonly asked: readonly string[]; readonly text: string };
    readonly complete: { readonly commands: readonly string[]; readonly names: readonly string[] };
    readonly health: readonly string[];
    readonly help: string;
}

async function runSession(nvim: string, harness: DaemonHarness, folder: string): Promise<Results> {
    const plugin = join(folder, "plugin");
    cpSync(PLUGIN, plugin, { recursive: true });
    const patch = join(folder, "patch.json");
    const patterns = [{ match: { symbol: "shapes::total" }, action: { rename: "sum" } }];
    writeFileSync(patch, JSON.stringify({ id: "p", patterns }));
    const file = join(folder, "results.json");
    const args = ["--headless", "-u", "NONE", "-i", "NONE", "--cmd", `set rtp^=${plugin}`];
    const child = spawn(nvim, [...args, "-c", `luafile ${SESSION}`], {
        cwd: harness.workspace.root,
        env: {
            ...harness.environment,
            XDG_STATE_HOME: folder,
            XDG_DATA_HOME: folder,
            FERROGRAPH_CMD: JSON.stringify([process.execPath, MAIN, "lsp"]),
            FERROGRAPH_PLUGIN: plugin,
            FERROGRAPH_PATCH: patch,
            FERROGRAPH_RESULTS: file,
        },
    });
    let said = "";
    child.stderr.on("data", (chunk) => (said += String(chunk)));
    child.stdout.resume();
    const timer = setTimeout(() => child.kill("SIGKILL"), LIMIT_MS);
    await new Promise((resolve) => child.once("close", resolve));
    clearTimeout(timer);
    try {
        return JSON.parse(readFileSync(file, "utf8")) as Results;
    } catch (cause) {
        throw new Error(`Neovim wrote no results: ${said}`, { cause });
    }
}

function describeNvim(nvim: string, what: string): void {
    const isThere = spawnSync(nvim, ["--version"]).status === 0;
    describeWith({ isThere, what }, `the plugin in ${what}`, () => {
        const folder = mkdtempSync(join(tmpdir(), "ferrograph-nvim-"));
        let harness: DaemonHarness;
        let results: Results;

        beforeAll(async () => {
            harness = new DaemonHarness();
            results = await runSession(nvim, harness, folder);
        }, LIMIT_MS + 10_000);

        afterAll(async () => {
            await harness.close();
            rmSync(folder, { recursive: true, force: true });
        });

        test("runs to its end", () => {
            expect(results.problem, JSON.stringify(results)).toBeUndefined();
        });

        test("shows impact as a tree that folds, leads there, and is the quickfix list", () => {
            expect(results.impact).toEqual([
                "shapes::scale: 3 symbols in 3 crates, 1 test",
                "app (1)",
                "  app",
                "    main  function  call  distance 1  app/src/main.rs:4",
                "areas (1)",
                "  areas",
                "    scales  function  call  distance 1  test  shapes/tests/areas.rs:4",
                "shapes (1)",
                "  shapes::round",
                "    unit_circle  function  call  distance 1  shapes/src/round.rs:7",
            ]);
            expect(results.quickfix.map(({ line, file }) => `${file}:${line}`)).toEqual([
                "app/src/main.rs:4",
                "shapes/tests/areas.rs:4",
                "shapes/src/round.rs:7",
            ]);
            expect(results.folds).toEqual({ method: "indent", crate: 2, symbol: 0 });
            expect(results.jumped).toEqual({ file: "round.rs", line: 7, column: 8 });
        });

        test("shows rows, status, operations and plans", () => {
            expect(results.query).toEqual(["name   kind", "-----------", "total  function"]);
            expect(results.status.join("\n")).toMatch(/^state: ready$/m);
            expect(results.log).toEqual(["nothing was done yet"]);
            expect(results.plan.join("\n")).toMatch(/^# risk \d+ [^]*^\+pub fn sum\(/m);
            expect(results.preview.join("\n")).toContain("rescale");
        });

        test("renames in buffers, which undo takes back, and says what is in the way", () => {
            expect(results.obstacles[0]).toBe("shapes::scale is not renamed to total");
            expect(results.obstacles.join("\n")).toMatch(/at shapes\/src\/lib\.rs:\d+:\d+/);
            expect(results.renamed.lib).toContain("pub fn rescale(factor");
            expect(results.renamed.main).toContain("rescale(1.0)");
            // Nothing is saved by itself.
            expect(results.renamed.disk).toContain("pub fn scale(factor");
            expect(results.undone).toContain("pub fn scale(factor");
            expect(results.messages.join("\n")).toMatch(
                /7 edits in 4 files; proved over \d+ tokens/,
            );
        });

        test("asks where there is a choice", () => {
            expect(results.alias.asked).toEqual(["ferrograph-as"]);
            expect(results.alias.text).toContain("use shapes::{scale as bigger, total, Rect};");
            expect(results.messages.at(-1)).toMatch(/^ferrograph: .*9/);
        });

        test("completes, helps, and checks its health", () => {
            expect(results.complete.commands).toEqual(["rename", "rollback"]);
            expect(results.complete.names).toEqual([
                "impact",
                "log",
                "plan",
                "preview",
                "query",
                "rename",
                "rollback",
                "status",
            ]);
            expect(results.help).toBe("ferrograph.txt");
            const health = results.health.join("\n");
            expect(health).toMatch(/ferrograph \d+\.\d+\.\d+\S* answers/);
            expect(health).toContain("joined to the daemon of");
            expect(health).not.toMatch(/ERROR/);
        });
    });
}

describeNvim("nvim", "nvim (apt-get install neovim)");
const other = process.env["FERROGRAPH_NVIM"];
if (other !== undefined && other !== "") {
    describeNvim(other, "the Neovim of FERROGRAPH_NVIM");
}
