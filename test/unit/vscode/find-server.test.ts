// Where the extension finds the server.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

import { findServer } from "../../../extensions/vscode/src/find-server.ts";

let folder: string;

beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "ferrograph-find-"));
});

afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
});

function place(...segments: readonly string[]): string {
    const file = path.join(folder, ...segments, "dist", "bundle", "main.js");
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, "");
    return file;
}

function find(changes: object = {}): ReturnType<typeof findServer> {
    return findServer({
        setting: "",
        folders: [path.join(folder, "workspace")],
        extensionFolder: path.join(folder, "extension"),
        trusted: true,
        runtime: "/editor/node",
        ...changes,
    });
}

test("takes the setting first, then the workspace's, the extension's, and the PATH's", () => {
    expect(find()).toEqual({ command: "ferrograph", args: ["lsp"], env: {} });
    const inside = place("extension", "server");
    expect(find()).toEqual({
        command: "/editor/node",
        args: [inside, "lsp"],
        env: { ELECTRON_RUN_AS_NODE: "1" },
    });
    const local = place("workspace", "node_modules", "ferrograph");
    expect(find().args).toEqual([local, "lsp"]);
    expect(find({ setting: "/opt/ferrograph" })).toMatchObject({ command: "/opt/ferrograph" });
    expect(find({ setting: "/opt/main.js" })).toMatchObject({ args: ["/opt/main.js", "lsp"] });
});

test("starts nothing of a workspace that is not trusted", () => {
    place("workspace", "node_modules", "ferrograph");
    expect(find({ trusted: false })).toMatchObject({ command: "ferrograph" });
});
