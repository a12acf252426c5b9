// The settings of docs/guides/emacs.md in a real Emacs with Eglot and without a display, over the built program.

import { spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

import { DaemonHarness, exitOf, MAIN } from "../../support/daemon-harness.ts";
import { describeWith } from "../../support/needs.ts";
import { git } from "../../support/table-queries.ts";

const GUIDE = fileURLToPath(new URL("../../../docs/guides/emacs.md", import.meta.url));
const SESSION = fileURLToPath(new URL("session.el", import.meta.url));
const LIMIT_MS = 120_000;

/** What session.el writes down. */
interface Results {
    readonly problem?: string;
    readonly mode: string;
    readonly managed: boolean;
    readonly server: string;
    readonly imenu: readonly string[];
    readonly references: number;
    readonly refused: string;
    readonly lib: string;
    readonly main: string;
}

const EMACS = {
    isThere:
        spawnSync("emacs", [
            ...["--batch", "--eval", "(progn (require 'package) (package-initialize))"],
            ...["--eval", "(progn (require 'eglot) (require 'rust-mode))"],
        ]).status === 0,
    what: "emacs with eglot and rust-mode",
};

/** The first settings that the guide shows. */
function settingsOfGuide(): string {
    const block = /```elisp\n(?<lisp>[^]*?)```/u.exec(readFileSync(GUIDE, "utf8"));
    return block?.groups?.["lisp"] ?? "";
}

describeWith(EMACS, "the settings of the guide in Emacs", () => {
    const folder = mkdtempSync(join(tmpdir(), "ferrograph-emacs-"));
    let harness: DaemonHarness;
    let results: Results;

    beforeAll(async () => {
        harness = new DaemonHarness();
        const settings = join(folder, "settings.el");
        writeFileSync(settings, settingsOfGuide());
        const bin = join(folder, "bin");
        mkdirSync(bin);
        const command = join(bin, "ferrograph");
        writeFileSync(command, `#!/bin/sh\nexec "${process.execPath}" "${MAIN}" "$@"\n`);
        chmodSync(command, 0o755);
        git(harness.workspace.root, "init", "-q"); // Eglot's project: what it starts the server for.
        const file = join(folder, "results.json");
        const child = spawn("emacs", ["--batch", "--load", SESSION], {
            cwd: harness.workspace.root,
            env: {
                ...harness.environment,
                HOME: folder,
                PATH: `${bin}${delimiter}${process.env["PATH"] ?? ""}`,
                FERROGRAPH_SETTINGS: settings,
                FERROGRAPH_RESULTS: file,
            },
        });
        let said = "";
        child.stderr.on("data", (chunk) => (said += String(chunk)));
        child.stdin.end(); // A question that nobody answers is an error.
        child.stdout.resume();
        const timer = setTimeout(() => child.kill("SIGKILL"), LIMIT_MS);
        await exitOf(child);
        clearTimeout(timer);
        try {
            results = JSON.parse(readFileSync(file, "utf8")) as Results;
        } catch (cause) {
            throw new Error(`Emacs wrote no results: ${said}`, { cause });
        }
    }, LIMIT_MS + 10_000);

    afterAll(async () => {
        await harness.close();
        rmSync(folder, { recursive: true, force: true });
    });

    test("connect a buffer of Rust to the daemon", () => {
        expect(results.problem).toBeUndefined();
        expect(results).toMatchObject({ mode: "rust-mode", managed: true, server: "ferrograph" });
    });

    test("list symbols and references", () => {
        expect(results.imenu).toEqual(expect.arrayContaining(["Function", "Method", "Struct"]));
        expect(results.references).toBe(7);
    });

    test("rename in all files, and show a refusal as an error", () => {
        expect(results.refused).toContain("function `shapes::total` has that name already");
        expect(results.lib).toContain("pub fn rescale");
        expect(results.main).toContain("rescale");
        expect(results.main).not.toMatch(/\bscale\b/u);
    });
});
