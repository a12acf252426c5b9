// README's session in examples/orrery: the same commands, typed into the built program, print what stands there.

import { spawnSync } from "node:child_process";
import {
    cpSync,
    existsSync,
    mkdirSync,
    mkdtempSync,
    readFileSync,
    realpathSync,
    rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

import { MAIN } from "../support/daemon-harness.ts";

const REPOSITORY = fileURLToPath(new URL("../../", import.meta.url));
const BUILT = new Set(["target", ".ferrograph"]);
/** A new operation has a new id. */
const ID = /(?<=ferrograph rollback )[0-9a-f]{8}$/gmu;

interface Step {
    readonly command: string;
    readonly printed: string;
}

/** Commands and what they print, as they stand in README's session. */
function session(): Step[] {
    const readme = readFileSync(join(REPOSITORY, "README.md"), "utf8");
    const block = /```\n(\$ ferrograph [^]*?)```/u.exec(readme)?.[1] ?? "";
    return block
        .split(/^\$ ferrograph /mu)
        .slice(1)
        .map((text) => {
            const end = text.indexOf("\n");
            return { command: text.slice(0, end), printed: text.slice(end + 1) };
        });
}

let home: string;
let workspace: string;

beforeAll(() => {
    if (!existsSync(MAIN)) {
        throw new Error("protocol tests run the built program: `npm run build` first");
    }
    home = realpathSync(mkdtempSync(join(tmpdir(), "ferrograph-readme-")));
    workspace = join(home, "orrery");
    mkdirSync(workspace);
    cpSync(join(REPOSITORY, "examples/orrery"), workspace, {
        recursive: true,
        filter: (path) => !BUILT.has(basename(path)),
    });
});

afterAll(() => {
    run("stop");
    rmSync(home, { recursive: true, force: true });
});

function run(command: string): string {
    const { stdout, stderr } = spawnSync(process.execPath, [MAIN, ...command.split(" ")], {
        cwd: workspace,
        encoding: "utf8",
        env: { ...process.env, XDG_RUNTIME_DIR: home, XDG_CACHE_HOME: home, NO_COLOR: "1" },
    });
    return stdout + stderr;
}

test("README's session is what the program prints", () => {
    const steps = session();
    expect(steps.map(({ command }) => command.split(" ")[0])).toEqual([
        "impact",
        "rename",
        "rename",
    ]);
    const shown = steps.map(({ command, printed }) => ({
        command,
        printed: printed.replaceAll(ID, "ID"),
    }));
    const now = steps.map(({ command }) => ({
        command,
        printed: run(command).replaceAll(ID, "ID"),
    }));
    expect(now).toEqual(shown);
});
