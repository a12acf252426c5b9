// Loading a workspace from disk: Cargo's word and the manifests' must agree.

import { execFileSync } from "node:child_process";
import {
    cpSync,
    mkdirSync,
    mkdtempSync,
    readdirSync,
    realpathSync,
    rmSync,
    writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, parse } from "node:path";
import { fileURLToPath } from "node:url";

import { expect, onTestFinished, test, vi } from "vitest";

import { CancelledError } from "../../../src/base/index.ts";
import { findWorkspaceRoot, loadWorkspace } from "../../../src/capture/index.ts";

const shapes = fileURLToPath(new URL("../../fixtures/workspaces/shapes", import.meta.url));

function cargoVersion(): string | undefined {
    try {
        return execFileSync("cargo", ["--version"], { encoding: "utf8" }).trim();
    } catch {
        return undefined;
    }
}

const cargo = cargoVersion();
if (cargo === undefined) {
    process.stderr.write("not run: comparison with cargo metadata (cargo is not on the PATH)\n");
}

function copyShapes(): string {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), "ferro-")));
    onTestFinished(() => {
        rmSync(folder, { recursive: true, force: true });
    });
    cpSync(shapes, folder, { recursive: true });
    return folder;
}

test.runIf(cargo !== undefined)("manifests say what cargo metadata says", async () => {
    const asked = await loadWorkspace(shapes, { trusted: true });
    const read = await loadWorkspace(shapes, { trusted: false });
    expect(asked.source).toBe("cargo-metadata");
    expect(asked.problems).toEqual([]);
    expect(read.packages).toEqual(asked.packages);
    expect(read.rustFiles).toEqual(asked.rustFiles);
});

test.runIf(cargo !== undefined)("asking Cargo leaves nothing behind", async () => {
    const folder = copyShapes();
    rmSync(join(folder, "Cargo.lock"));
    const model = await loadWorkspace(folder, { trusted: true });
    expect(model.source).toBe("cargo-metadata");
    expect(readdirSync(folder).sort()).toEqual(["Cargo.toml", "alone", "app", "crates", "notes"]);
    expect(readdirSync(join(folder, "alone")).sort()).toEqual(["Cargo.toml", "src"]);
    const read = await loadWorkspace(folder, { trusted: false });
    expect(read.packages).toEqual(model.packages);
});

test("the model of the fixture, from manifests", async () => {
    const model = await loadWorkspace(shapes, { trusted: false });
    expect(model.problems.map((problem) => problem.code)).toEqual(["WORKSPACE_MANIFEST_ONLY"]);
    expect(model.packages.map((each) => `${each.folder} ${each.version} ${each.edition}`)).toEqual([
        "alone 0.0.0 2021",
        "app 1.2.3 2021",
        "crates/core-lib 0.1.0 2018",
        "crates/derive 0.1.0 2024",
        "crates/old 0.1.0 2015",
        "crates/patched 0.3.1 2021",
    ]);
    expect(
        model.packages[1]?.dependencies.map((dep) => [
            dep.externName,
            dep.kind,
            model.packages[dep.local ?? -1]?.folder,
        ]),
    ).toEqual([
        ["corelib", "dev", "crates/core-lib"],
        ["derive_it", "normal", "crates/derive"],
        ["engine", "normal", "crates/core-lib"],
        ["helper", "build", "crates/core-lib"],
        ["old", "normal", "crates/old"],
        ["patched", "normal", "crates/patched"],
    ]);
    expect(model.rustFiles).toContain("notes/loose.rs");
});

test("without cargo, or where it fails, manifests serve and the problem says why", async () => {
    vi.stubEnv("PATH", "/nowhere");
    onTestFinished(() => {
        vi.unstubAllEnvs();
    });
    const model = await loadWorkspace(shapes, { trusted: true });
    expect(model.source).toBe("manifests");
    expect(model.packages.length).toBe(6);
    expect(model.problems).toMatchObject([
        { code: "WORKSPACE_MANIFEST_ONLY", message: expect.stringContaining("cargo") as string },
    ]);
});

test.runIf(cargo !== undefined)("a broken manifest leaves the other packages", async () => {
    const folder = copyShapes();
    writeFileSync(join(folder, "crates/old/Cargo.toml"), "[package]\nname = old\n");
    const model = await loadWorkspace(folder, { trusted: true });
    expect(model.source).toBe("mixed");
    expect(model.packages.length).toBe(5);
    expect(model.problems).toContainEqual(
        expect.objectContaining({
            code: "MANIFEST_INVALID",
            path: "crates/old/Cargo.toml",
            line: 1,
        }),
    );
    const only = model.problems.filter((each) => each.code === "WORKSPACE_MANIFEST_ONLY");
    expect(only.map((each) => each.message.split("\n").length)).toEqual([1]);
});

test("vendored packages are no packages of the workspace", async () => {
    const folder = copyShapes();
    cpSync(join(folder, "crates/old"), join(folder, "vendor/dep"), { recursive: true });
    writeFileSync(join(folder, "vendor/dep/.cargo-checksum.json"), "{}");
    const model = await loadWorkspace(folder, { trusted: false });
    expect(model.packages.map((each) => each.folder)).not.toContain("vendor/dep");
    expect(model.rustFiles).toContain("vendor/dep/tool.rs");
});

test("the root is found from files and folders within, above and below", async () => {
    const folder = copyShapes();
    expect(await findWorkspaceRoot(join(folder, "app/src/bin/multi/part.rs"))).toBe(folder);
    expect(await findWorkspaceRoot(join(folder, "notes"))).toBe(folder);
    expect(await findWorkspaceRoot(join(folder, "alone/src"))).toBe(join(folder, "alone"));
    writeFileSync(join(folder, "app/Cargo.toml"), "broken [");
    expect(await findWorkspaceRoot(join(folder, "app/src"))).toBe(folder);
    rmSync(join(folder, "Cargo.toml"));
    expect(await findWorkspaceRoot(folder)).toBe(folder);
});

test("what is no workspace is refused", async () => {
    const folder = copyShapes();
    mkdirSync(join(folder, "empty"));
    await expect(loadWorkspace(join(folder, "empty"), { trusted: true })).rejects.toMatchObject({
        code: "WORKSPACE_NOT_FOUND",
    });
    await expect(findWorkspaceRoot(join(folder, "none"))).rejects.toMatchObject({
        code: "WORKSPACE_NOT_FOUND",
    });
    const bare = realpathSync(mkdtempSync(join(tmpdir(), "ferro-")));
    onTestFinished(() => {
        rmSync(bare, { recursive: true, force: true });
    });
    await expect(findWorkspaceRoot(bare)).rejects.toMatchObject({ code: "WORKSPACE_NOT_FOUND" });
});

test("below the file system's root and below a home folder nothing is looked for", async () => {
    const home = copyShapes();
    vi.stubEnv("HOME", home);
    vi.stubEnv("USERPROFILE", home);
    onTestFinished(() => {
        vi.unstubAllEnvs();
    });
    const tooWide = {
        code: "WORKSPACE_NOT_FOUND",
        message: expect.stringContaining("too much below it") as string,
    };
    await expect(findWorkspaceRoot(parse(home).root)).rejects.toMatchObject(tooWide);
    // With a manifest of its own a home folder is a workspace like any other.
    expect(await findWorkspaceRoot(home)).toBe(home);
    rmSync(join(home, "Cargo.toml"));
    await expect(findWorkspaceRoot(home)).rejects.toMatchObject(tooWide);
    await expect(findWorkspaceRoot(join(home, ".."))).rejects.toMatchObject(tooWide);
    expect(await findWorkspaceRoot(join(home, "app"))).toBe(join(home, "app"));
});

test("loading can be given up", async () => {
    const signal = AbortSignal.abort();
    await expect(loadWorkspace(shapes, { trusted: true, signal })).rejects.toBeInstanceOf(
        CancelledError,
    );
});
