// Postchecks: what is an argument of Cargo, and what is never run.

import { expect, test } from "vitest";

import { parsePostcheck } from "../../../src/executor/parse-postcheck.ts";

test.each([
    ["cargo check", "check", [], []],
    ["cargo check --workspace --all-targets -p a --features x,y", "check", 6, []],
    ["cargo clippy --all-targets -- -D warnings", "clippy", 1, ["-D", "warnings"]],
    ["cargo test -p 'my-crate' some::name -- --exact", "test", 3, ["--exact"]],
    ["cargo fmt --all --check", "fmt", 2, []],
    ["cargo fmt -- --check", "fmt", 0, ["--check"]],
    ["cargo nextest run --workspace", "nextest", 1, []],
    ["cargo doc --no-deps --target=x86_64-unknown-linux-gnu", "doc", 2, []],
])("takes `%s`", (written, subcommand, options, rest) => {
    const parsed = parsePostcheck(written);
    expect(parsed).toMatchObject({ kind: "postcheck", subcommand, rest });
    if (parsed.kind === "postcheck") {
        expect(parsed.options.length).toBe(typeof options === "number" ? options : options.length);
    }
});

test.each([
    "rm -rf .",
    "cargo",
    "cargo run",
    "cargo +nightly check",
    "cargo install x",
    "cargo check; rm x",
    "cargo check && x",
    "cargo check | tee x",
    "cargo check $(x)",
    "cargo check > x",
    "cargo check --config build.rustc=x",
    "cargo check --manifest-path ../x/Cargo.toml",
    "cargo check --target-dir x",
    "cargo check -Zunstable",
    "cargo check stray",
    "cargo check -p --release",
    "cargo clippy --fix",
    "cargo clippy -- --edition x",
    "cargo fmt",
    "cargo fmt --check -- --config-path=x",
    "cargo nextest archive",
    "cargo test -- --logfile x",
    "cargo build -- x",
])("refuses `%s`", (written) => {
    expect(parsePostcheck(written)).toMatchObject({ code: "EXECUTOR_POSTCHECK" });
});
