// Manifests of published crates, made into members of a workspace.

import { parse, stringify } from "smol-toml";
import { expect, test } from "vitest";

import { pruneManifest } from "../../../bench/corpora/prune-manifest.ts";
import { RECIPES } from "../../../bench/corpora/recipes.ts";
import { withoutDevParts } from "../../../bench/corpora/std-sources.ts";

const MANIFEST = `
[package]
name = "a"
version = "1.0.0"

[lib]
path = "src/lib.rs"

[[bin]]
name = "tool"

[features]
default = ["std", "dep:gone", "there/fast"]
std = ["gone?/std", "renamed"]

[dependencies]
there = "1"
gone = { version = "1", optional = true }
renamed = { version = "1", package = "real" }

[dev-dependencies]
quickcheck = "1"

[target."cfg(windows)".dependencies]
winapi = "1"

[target."cfg(unix)".dev-dependencies]
nix = "1"
`;

test("keeps what is at hand, and no wish for what is not", () => {
    const pruned = pruneManifest(parse(MANIFEST), new Set(["there", "real"]), ["extra"]);
    expect(parse(stringify(pruned))).toEqual({
        package: {
            name: "a",
            version: "1.0.0",
            autobins: false,
            autotests: false,
            autobenches: false,
            autoexamples: false,
        },
        lib: { path: "src/lib.rs" },
        features: { default: ["std", "there/fast", "extra"], std: ["renamed"] },
        dependencies: { there: "1", renamed: { version: "1", package: "real" } },
        target: { "cfg(windows)": { dependencies: {} }, "cfg(unix)": {} },
    });
});

test("leaves the manifest that it is given as it is", () => {
    const manifest = parse(MANIFEST);
    pruneManifest(manifest, new Set());
    expect(manifest).toEqual(parse(MANIFEST));
});

test("every recipe has members, each once, and features of its own members only", () => {
    for (const { members, features, packages } of RECIPES.values()) {
        expect(new Set(members).size).toBe(members.length);
        expect(Object.keys(features).filter((name) => !members.includes(name))).toEqual([]);
        expect(packages.length).toBeGreaterThan(0);
    }
});

test("drops from std's manifests what cannot be had offline", () => {
    const text = [
        "[dependencies]",
        'cc = "1"',
        'a = "1"',
        "[target.'cfg(unix)'.dev-dependencies]",
        'b = "1"',
        "[[bench]]",
        'name = "c"',
        "[features]",
        'all = ["a", "dep:cc"]',
    ].join("\n");
    expect(withoutDevParts(text)).toBe(
        ["[dependencies]", 'a = "1"', "[features]", 'all = ["a", ]'].join("\n"),
    );
});
