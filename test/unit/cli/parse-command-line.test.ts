// The command line as people write it.

import { expect, test } from "vitest";

import { renderHelp } from "../../../src/cli/help-text.ts";
import { findNearWord } from "../../../src/cli/near-word.ts";
import { parseCommandLine } from "../../../src/cli/parse-command-line.ts";

function parse(line: string): unknown {
    return parseCommandLine(line.split(" ").filter((word) => word !== ""));
}

function usage(line: string): string {
    const parsed = parseCommandLine(line.split(" ").filter((word) => word !== ""));
    return parsed.kind === "usage" ? parsed.message : `parsed as ${parsed.kind}`;
}

test("reads a command with the options of every command", () => {
    expect(parse("impact a::b --workspace dir --json --no-daemon --store s --trust --color always"))
        .toMatchInlineSnapshot(`
          {
            "command": {
              "all": false,
              "at": undefined,
              "depth": undefined,
              "edges": undefined,
              "limit": 200,
              "name": "impact",
              "publicOnly": false,
              "symbol": "a::b",
              "testsOnly": false,
            },
            "common": {
              "color": "always",
              "json": true,
              "logLevel": undefined,
              "memoryMib": undefined,
              "noDaemon": true,
              "noFacts": false,
              "noRustAnalyzer": false,
              "store": "s",
              "trust": true,
              "workspace": "dir",
            },
            "kind": "run",
          }
        `);
});

test("takes options before the command as well", () => {
    expect(parse("-w dir status")).toMatchObject({
        kind: "run",
        command: { name: "status" },
        common: { workspace: "dir", color: "auto" },
    });
});

test("reads how a daemon is started", () => {
    expect(parse("lsp --stdio --idle 5 --memory 512 --log-level debug")).toMatchObject({
        command: { name: "lsp", idleMs: 5000 },
        common: { memoryMib: 512, logLevel: "debug" },
    });
    expect(parse("mcp --idle 0 --trust")).toMatchObject({
        command: { name: "mcp", idleMs: 0 },
        common: { trust: true },
    });
    expect(parse("status --log-level loud")).toMatchObject({
        kind: "usage",
        message: "--log-level is one of debug, info, warn, error, silent, not loud",
    });
    expect(parse("status --memory much")).toMatchObject({ kind: "usage" });
});

test("reads the options of impact", () => {
    expect(
        parse("impact f.rs:1:2 --edges call,reference --depth 3 --tests --limit 0"),
    ).toMatchObject({
        command: { edges: ["call", "reference"], depth: 3, testsOnly: true, limit: 0 },
    });
});

test("reads the block that flow is asked from", () => {
    expect(parse("flow a::b")).toMatchObject({
        command: { name: "flow", symbol: "a::b", from: undefined },
    });
    expect(parse("flow a::b --from 3")).toMatchObject({ command: { from: 3 } });
    expect(usage("flow a::b --depth 3")).toBe("flow takes no --depth");
    expect(parse("flow a::b --to 4")).toMatchObject({
        command: { to: { block: 4 }, unreachedOnly: false },
    });
    expect(parse("flow a::b --line 12 --unreached")).toMatchObject({
        command: { to: { line: 12 }, unreachedOnly: true },
    });
    expect(usage("flow a::b --to 4 --line 12")).toBe("--to or --line, not both");
    expect(usage("flow a::b --line 0")).toBe("lines are counted from 1");
});

test("reads what asks for the widest reach, without a symbol", () => {
    expect(parse("impact --all")).toMatchObject({
        command: { name: "impact", all: true, publicOnly: false, limit: 30, symbol: "" },
    });
    expect(parse("impact --all --public --limit 0 --edges call")).toMatchObject({
        command: { all: true, publicOnly: true, limit: 0, edges: ["call"] },
    });
    expect(usage("impact --all a::b")).toBe("impact takes no arguments, not also a::b");
    expect(usage("impact a::b --public")).toBe("--public goes with --all");
    expect(usage("impact --all --at 3")).toBe("--all goes with neither --tests nor --at");
});

test("previews a rename unless told to apply it", () => {
    expect(parse("rename a::b c")).toMatchObject({ command: { newName: "c", apply: false } });
    expect(parse("rename a::b c --preview")).toMatchObject({ command: { apply: false } });
    expect(parse("rename a::b c --apply")).toMatchObject({ command: { apply: true, accept: [] } });
    expect(parse("rename a::b c")).toMatchObject({ command: { ask: false } });
    expect(parse("rename a::b c --apply --ask")).toMatchObject({ command: { ask: true } });
    expect(usage("rename a b --validate --ask")).toBe("--ask goes with --preview and --apply");
});

test("reads how a rename is validated, which takes no level as a plan's does", () => {
    const usual = { withUncommitted: false, write: false, thorough: false };
    expect(parse("rename --validate a b")).toMatchObject({
        command: { symbol: "a", newName: "b", apply: false, validation: usual },
    });
    expect(
        parse("rename a b --validate --write --with-uncommitted --accept bindings-not-compared"),
    ).toMatchObject({
        command: {
            accept: ["bindings-not-compared"],
            validation: { ...usual, write: true, withUncommitted: true },
        },
    });
    expect(parse("rename a b")).toMatchObject({ command: { validation: undefined } });
    expect(parse("apply plan.json --validate tests")).toMatchObject({
        command: { validate: "tests" },
    });
});

test("reads what a rename is of", () => {
    expect(parse("rename a b --as alias")).toMatchObject({ command: { as: "alias" } });
    expect(parse("rename a b")).toMatchObject({ command: { as: undefined } });
});

test("reads what a rename accepts, said once or often", () => {
    const accept = ["breaks-api", "changes-output"];
    for (const written of [
        "--accept breaks-api --accept changes-output",
        "--accept breaks-api,changes-output",
    ]) {
        expect(parse(`rename a b --apply ${written}`)).toMatchObject({ command: { accept } });
    }
});

test("counts the idle time of a daemon in seconds", () => {
    expect(parse("daemon --idle 90")).toMatchObject({ command: { idleMs: 90_000 } });
    expect(parse("daemon")).toMatchObject({ command: { idleMs: undefined } });
});

test("accepts what editors add to lsp", () => {
    expect(parse("lsp --stdio")).toMatchObject({ command: { name: "lsp" } });
});

test("lets --no-color win", () => {
    expect(parse("status --color always --no-color")).toMatchObject({ common: { color: "never" } });
});

test("answers help and version whatever else is there", () => {
    expect(parse("help")).toEqual({ kind: "help", topic: undefined });
    expect(parse("--help")).toEqual({ kind: "help", topic: undefined });
    expect(parse("rename --help")).toEqual({ kind: "help", topic: "rename" });
    expect(parse("help impact")).toEqual({ kind: "help", topic: "impact" });
    expect(parse("--version")).toEqual({ kind: "version" });
});

test.each([
    ["", "say what to do"],
    ["renam a b", "unknown command renam; did you mean rename?"],
    ["frobnicate", "unknown command frobnicate"],
    ["status --jsn", "unknown option --jsn; did you mean --json?"],
    ["status --xyzzy", "unknown option --xyzzy"],
    ["impact", "impact needs SYMBOL: SYMBOL is missing"],
    ["rename a", "rename needs SYMBOL NEW_NAME: NEW_NAME is missing"],
    ["status now", "status takes no arguments, not also now"],
    ["impact a b", "impact takes SYMBOL, not also b"],
    ["status --apply", "status takes no --apply"],
    ["rename a b --as trait", "--as takes one of item, import, alias, not trait"],
    ["capture --as import", "capture takes no --as"],
    ["rename a b --accept unproved", "--accept takes changes-output or breaks-api, not unproved"],
    ["capture --accept breaks-api", "capture takes no --accept"],
    ["rename a b --apply --preview", "--preview, --apply or --validate, one of them"],
    ["rename a b --apply --validate", "--preview, --apply or --validate, one of them"],
    ["rename a b --apply --write", "--write goes with --validate"],
    [
        "rename a b --apply --accept bindings-not-compared",
        "--accept takes changes-output or breaks-api, not bindings-not-compared",
    ],
    ["impact a --depth many", "--depth takes a whole number, not many"],
    ["status --color blue", "--color is auto, always or never, not blue"],
    ["status --workspace", "option '-w, --workspace <value>' argument missing"],
])("says what is wrong with `%s`", (line, message) => {
    expect(usage(line)).toBe(message);
});

test("finds the word that was probably meant, and none that is far off", () => {
    expect(findNearWord("captur", ["capture", "status"])).toBe("capture");
    expect(findNearWord("zzz", ["lsp", "root"])).toBeUndefined();
});

test("the overview names every command, and a topic its options", () => {
    expect(renderHelp(undefined).join("\n")).toMatchInlineSnapshot(`
      "usage: ferrograph COMMAND [ARGUMENTS] [OPTIONS]

      Shows what a change to a Rust workspace will touch, and renames correctly or refuses.

        capture     read the workspace into its graph
        status      what is captured, how precisely, and what it costs
        impact      everything that a change of SYMBOL reaches
        affected    the tests that what changed since a revision of git may affect
        flow        how control flows in SYMBOL, block by block, as rustc has it
        rename      show a rename as a diff with its proof and ripple, or make it
        plan        show what a semantic patch would do, step by step, each proved
        apply       make a plan on a branch of its own, check it, and commit it, or leave no trace
        log         operations that were made, refused or failed, the newest first
        rollback    undo one operation, even under later changes, or say what conflicts
        replay      plan the patch of an operation anew, on what is there now
        propagate   plan here the renames that were made between two revisions of git
        root        hashes of the captured state: equal roots mean equal graphs
        proof       prove that the graph has SYMBOL, or that the history only grew, or check a proof
        verify      replay the whole history and compare every root with the one that was recorded
        snapshot    the graph as it was after K deltas, in numbers
        diff        what leads from the graph after J deltas to that after K, symbol by symbol
        query       ask the tables of the workspace with SQL; they are in docs/tables.md
        export      write all tables to DIR as Parquet files
        inspect     print what a file of the store, or a proof, holds, damaged or not
        compact     write a checkpoint and begin the write-ahead log anew
        archive     move the history before delta K out of the store, compressed
        salvage     save what a damaged store still holds
        doctor      check what ferrograph needs on this machine, and say what to do
        lsp         what an editor starts: LSP on stdin and stdout
        mcp         tools for programs that change code: Model Context Protocol on stdin and stdout
        daemon      run the daemon of a workspace in the foreground
        stop        stop the daemon of a workspace

      Options of every command:
        -w, --workspace DIR   the workspace; by default the one that encloses the current folder
            --json            print the answer as JSON
            --no-daemon       do it in this process, without a daemon
            --store DIR       keep the graph there instead of in DIR/.ferrograph
            --trust           allow running cargo, which runs code of the workspace
            --no-facts        do not run cargo and rustc in the background of a trusted workspace
            --no-rust-analyzer  do not run rust-analyzer there either; --no-facts says so, too
            --memory MIB      the daemon lets go of what it can read again above this much memory
            --log-level LEVEL debug, info (the default), warn, error or silent: the daemon's log
            --color WHEN      auto (the default), always or never
        -h, --help            this, or \`ferrograph help COMMAND\`
        -V, --version         print the version

      SYMBOL is a path (crate::module::Type::method) or FILE:LINE:COLUMN, counted from 1.
      Exit status: 0 done; 1 refused, with the reason; 2 wrong usage; 3 the world failed."
    `);
    expect(renderHelp("rename").join("\n")).toContain("--apply");
});
