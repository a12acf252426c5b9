import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";

import { loadNativeFrom, nativePath, SURFACE } from "../../../src/native/index.ts";

const folder = mkdtempSync(path.join(tmpdir(), "ferrograph-native-"));

afterAll(() => {
    rmSync(folder, { recursive: true });
});

function reasonOf(file: string): string {
    const state = loadNativeFrom(path.join(folder, file));
    return state.ok ? "" : state.reason;
}

test("an absent addon is a state, not an error", () => {
    expect(reasonOf("absent.node")).toContain("none is built for");
});

test("a damaged addon is said to be one", () => {
    writeFileSync(path.join(folder, "damaged.node"), "not a library");
    expect(reasonOf("damaged.node")).toContain("it cannot be loaded");
});

test("an addon of another surface is not used", () => {
    // Whatever can be required will do.
    writeFileSync(path.join(folder, "other.cjs"), `exports.surface = ${SURFACE + 1};`);
    expect(reasonOf("other.cjs")).toContain("another version");
    writeFileSync(path.join(folder, "part.cjs"), `exports.surface = ${SURFACE};`);
    expect(reasonOf("part.cjs")).toContain("another version");
});

test("the addon lies beside the package's other files, by platform", () => {
    expect(nativePath()).toContain(
        path.join("prebuilds", `${process.platform}-${process.arch}`, "ferrograph.node"),
    );
});
