// What `ferrograph help` says. Pure.

import type { CommandName } from "./command-line.ts";

interface CommandHelp {
    readonly usage: string;
    readonly summary: string;
    readonly more: readonly string[];
}

const HELP: Readonly<Record<CommandName, CommandHelp>> = {
    capture: {
        usage: "capture [--full] [--rustc [--mir]] [--rust-analyzer] [--types TOOLS]",
        summary: "read the workspace into its graph",
        more: [
            "Only files whose content changed since the last capture are read again.",
            "",
            "  --full            forget what is cached and parse every file",
            "  --rustc           also run cargo and rustc and join what they say; needs --trust",
            "  --mir             with --rustc: also keep control flow, and calls that no token names",
            "  --rust-analyzer   also let rust-analyzer index it and join what it says; needs --trust",
            "  --types TOOLS     ask rustdoc, rust-analyzer or both (a,b) for types, which become rows of",
            "                    the table `types`; needs --trust",
        ],
    },
    status: {
        usage: "status",
        summary: "what is captured, how precisely, and what it costs",
        more: [],
    },
    impact: {
        usage: "impact SYMBOL [--edges KINDS] [--depth N] [--tests] [--limit N] [--at K]",
        summary: "everything that a change of SYMBOL reaches",
        more: [
            "  --edges KINDS     follow only these: call,reference,implements (all by default)",
            "  --depth N         at most N steps away",
            "  --tests           show only the tests",
            "  --limit N         print at most N symbols, 200 by default, 0 for all",
            "  --at K            ask the graph as it was after K deltas",
            "",
            "impact --all [--public] [--edges KINDS] [--depth N] [--limit N]: the symbols that the most",
            "others reach, 30 by default, in the place of SYMBOL's ripple.",
            "",
            "  --public          with --all: ask only for what is declared public",
        ],
    },
    affected: {
        usage: "affected --since REV [--format FORMAT]",
        summary: "the tests that what changed since a revision of git may affect",
        more: [
            "Compares REV with the files as they are saved, item by item. Where it is not known what a change",
            "does, more is selected, and the reason is told; docs/affected.md has the rules.",
            "",
            "  --since REV       a branch, tag or commit",
            "  --format FORMAT   names (the default) with reasons, nextest (a filter expression), cargo",
            "                    (command lines), or json",
        ],
    },
    flow: {
        usage: "flow SYMBOL [--from BLOCK] [--to BLOCK | --line LINE] [--unreached]",
        summary: "how control flows in SYMBOL, block by block, as rustc has it",
        more: [
            "Needs what `capture --rustc --mir --trust` keeps.",
            "",
            "  --from BLOCK      say what can be reached from this block, 0 by default",
            "  --to BLOCK        say which blocks every way from there to this one passes",
            "  --line LINE       the same for the blocks on a line of its file, as of a call",
            "  --unreached       show only the blocks that cannot be reached",
        ],
    },
    rename: {
        usage: "rename SYMBOL NEW_NAME [--preview | --apply | --validate] [--accept KIND] [--as WHAT] [--text] [--ask]",
        summary: "show a rename as a diff with its proof and ripple, or make it",
        more: [
            "  --preview         change nothing (the default)",
            "  --apply           write the files; refused when anything about it is not proved",
            "  --validate        have the compiler compare all bindings before and after, in a worktree outside",
            "                    of the workspace; needs --trust, and writes nothing without --write",
            "  --write           with --validate: write the files once it has passed",
            "  --with-uncommitted  with --validate: take your uncommitted work along",
            "  --bring PATH      with --validate: as for apply",
            "  --thorough        with --validate: link, and test documentation, wherever the names are",
            "  --fresh           with --validate: check the unedited files, also where that was done before",
            "  --accept KIND     say yes to what it changes besides names: changes-output, breaks-api; with",
            "                    --validate also to bindings-not-compared",
            "  --as WHAT         item (the default), or at a place: import, alias",
            "  --text            edit words of comments, literals, Markdown and TOML, too",
            "  --ask             ask a running rust-analyzer about places that are not proved, half a minute at",
            "                    most; it is started by the first question, and needs --trust",
        ],
    },
    plan: {
        usage: "plan PATCH [--out PLAN]",
        summary: "show what a semantic patch would do, step by step, each proved",
        more: [
            "PATCH is a JSON file (docs/semantic-patch.md). Nothing of the workspace is written.",
            "",
            "  --out PLAN        write the plan, for apply",
        ],
    },
    apply: {
        usage: "apply PLAN [--validate LEVEL] [--land HOW] [--push REMOTE] [--with-uncommitted] [--bring PATH] [--keep] [--fresh] | --in-place",
        summary: "make a plan on a branch of its own, check it, and commit it, or leave no trace",
        more: [
            "Works in a git worktree outside of the workspace; your files and index are not touched. What",
            "cargo finds wrong beforehand does not count. Needs --trust. The operation is logged.",
            "",
            "  --validate LEVEL    check: cargo check (default); tests: affected tests too; deep: all tests,",
            "                      and the public API and MIR before and after",
            "  --land HOW          branch: leave the commit on its branch (default); fast-forward: move",
            "                      your branch to it; patch: write a patch and a text for a pull request",
            "  --push REMOTE       push the branch that it is on afterwards, never by force; nothing is pushed else",
            "  --with-uncommitted  take your uncommitted work along, as a commit of its own",
            "  --bring PATH        have files there, while it is checked, that git ignores and the build needs:",
            "                      those at or below PATH; may be repeated, and `.` is all but what Cargo builds",
            "  --keep              keep the worktree when it fails",
            "  --fresh             run all checks on the unedited files, also those that were run before",
            "  --in-place          write the files of the workspace as they lie, without git and checks",
        ],
    },
    log: {
        usage: "log [--limit N]",
        summary: "operations that were made, refused or failed, the newest first",
        more: ["  --limit N         most operations to print; default 20"],
    },
    rollback: {
        usage: "rollback OPERATION [--validate LEVEL] [--land HOW] [--push REMOTE] [--bring PATH] [--keep] [--fresh]",
        summary: "undo one operation, even under later changes, or say what conflicts",
        more: [
            "OPERATION is an id of the log, or the beginning of one. A commit is reverted like a plan is",
            "made, on a branch of its own; what was made in place is written back in place.",
            "",
            "  --validate, --land, --push, --bring, --keep, --fresh   as for apply",
        ],
    },
    replay: {
        usage: "replay OPERATION [--out PLAN]",
        summary: "plan the patch of an operation anew, on what is there now",
        more: ["  --out PLAN        write the plan, for apply"],
    },
    propagate: {
        usage: "propagate FROM TO [--deltas] [--accept GRADES] [--out PATCH]",
        summary: "plan here the renames that were made between two revisions of git",
        more: [
            "Compares the graphs of the two revisions, says which of the renames between them this workspace",
            "has, has not, or could make, and plans those that it could. `ferrograph plan PATCH --out PLAN`",
            "and `ferrograph apply PLAN` make them.",
            "",
            "  --deltas          FROM and TO are states of this store, by their numbers of deltas",
            "  --accept GRADES   agree to changes-output or breaks-api, or to both (a,b), in the patch",
            "  --out PATCH       write the semantic patch of the renames that can be made",
        ],
    },
    root: {
        usage: "root",
        summary: "hashes of the captured state: equal roots mean equal graphs",
        more: [],
    },
    proof: {
        usage: "proof SYMBOL | proof --consistency J K | proof --verify FILE",
        summary: "prove that the graph has SYMBOL, or that the history only grew, or check a proof",
        more: [
            "Prints the proof, or writes it. SYMBOL may be a canonical path (ws:…), which the graph then",
            "need not have. Checking needs neither the store nor a daemon, only SHA-256.",
            "",
            "  -o, --out FILE    write the proof there and say what it proves",
            "      --consistency prove that the history up to commit K begins with that up to commit J",
            "      --verify FILE check a proof file",
            "      --root HASH   what is proved must be of this state root or log root",
        ],
    },
    verify: {
        usage: "verify",
        summary: "replay the whole history and compare every root with the one that was recorded",
        more: [],
    },
    snapshot: {
        usage: "snapshot K",
        summary: "the graph as it was after K deltas, in numbers",
        more: ["`ferrograph status` says how many deltas there are."],
    },
    diff: {
        usage: "diff J K [--limit N]",
        summary: "what leads from the graph after J deltas to that after K, symbol by symbol",
        more: ["  --limit N         print at most N of each kind, 200 by default, 0 for all"],
    },
    query: {
        usage: "query SQL [--format FORMAT] [--from DIR] [--at K] [--timeout SECONDS] [--out FILE]",
        summary: "ask the tables of the workspace with SQL; they are in docs/tables.md",
        more: [
            "One statement that reads. Beside the tables there are impact('path', kinds := 'call', depth := 2),",
            "callers('path') and dominators('path'), which the graph answers.",
            "",
            "      --format FORMAT   table (the default), json, csv, arrow or parquet",
            "      --from DIR        ask tables that were exported there",
            "      --at K            ask symbols, edges and files as they were after K deltas",
            "      --timeout SECONDS time that it may take, 30 by default",
            "  -o, --out FILE        write the answer there",
        ],
    },
    export: {
        usage: "export DIR [--syntax]",
        summary: "write all tables to DIR as Parquet files",
        more: ["      --syntax          with ast_nodes, which is large"],
    },
    inspect: {
        usage: "inspect FILE [--limit N]",
        summary: "print what a file of the store, or a proof, holds, damaged or not",
        more: ["  --limit N         print at most N records, 200 by default, 0 for all"],
    },
    compact: {
        usage: "compact [--checkpoint PATH]",
        summary: "write a checkpoint and begin the write-ahead log anew",
        more: [
            "No delta number is lost. A store that a daemon has open is locked: `ferrograph stop` first.",
            "",
            "      --checkpoint PATH   write the checkpoint there too",
        ],
    },
    archive: {
        usage: "archive --before K",
        summary: "move the history before delta K out of the store, compressed",
        more: [
            "Verifies all of it first. States, differences and proofs before K are refused afterwards;",
            "later ones, and all roots, stay. K inside a commit archives the commits before that one.",
            "A store that a daemon has open is locked: `ferrograph stop` first.",
        ],
    },
    salvage: {
        usage: "salvage",
        summary: "save what a damaged store still holds",
        more: [
            "Keeps all files as they were in a folder beside, then the longest good beginning of the",
            "history, then the newest state that proves itself. Only when you ask for it.",
        ],
    },
    doctor: {
        usage: "doctor",
        summary: "check what ferrograph needs on this machine, and say what to do",
        more: [],
    },
    lsp: {
        usage: "lsp [--idle SECONDS]",
        summary: "what an editor starts: LSP on stdin and stdout",
        more: [
            "Without --workspace, the editor's `initialize` request says which workspace. A daemon that",
            "crashes is started again; the editor notices a delay.",
            "",
            "  --idle SECONDS    the daemon, if this starts it, stops after so long without clients",
        ],
    },
    mcp: {
        usage: "mcp [--idle SECONDS]",
        summary: "tools for programs that change code: Model Context Protocol on stdin and stdout",
        more: [
            "Tools: impact, references, plan, validate, query, affected_tests. `validate` runs cargo, and",
            "is refused without --trust.",
            "",
            "  --idle SECONDS    the daemon, if this starts it, stops after so long without clients",
        ],
    },
    daemon: {
        usage: "daemon [--idle SECONDS]",
        summary: "run the daemon of a workspace in the foreground",
        more: [
            "The other commands start one by themselves when they need it.",
            "",
            "  --idle SECONDS    stop after so long without clients; 0 for never",
        ],
    },
    stop: {
        usage: "stop",
        summary: "stop the daemon of a workspace",
        more: [],
    },
};

const COMMON = [
    "Options of every command:",
    "  -w, --workspace DIR   the workspace; by default the one that encloses the current folder",
    "      --json            print the answer as JSON",
    "      --no-daemon       do it in this process, without a daemon",
    "      --store DIR       keep the graph there instead of in DIR/.ferrograph",
    "      --trust           allow running cargo, which runs code of the workspace",
    "      --no-facts        do not run cargo and rustc in the background of a trusted workspace",
    "      --no-rust-analyzer  do not run rust-analyzer there either; --no-facts says so, too",
    "      --memory MIB      the daemon lets go of what it can read again above this much memory",
    "      --log-level LEVEL debug, info (the default), warn, error or silent: the daemon's log",
    "      --color WHEN      auto (the default), always or never",
    "  -h, --help            this, or `ferrograph help COMMAND`",
    "  -V, --version         print the version",
];

const SYMBOL = [
    "SYMBOL is a path (crate::module::Type::method) or FILE:LINE:COLUMN, counted from 1.",
];

const STATUS = [
    "Exit status: 0 done; 1 refused, with the reason; 2 wrong usage; 3 the world failed.",
];

/** The help of one command, or of all. */
export function renderHelp(topic: CommandName | undefined): string[] {
    return topic === undefined ? renderOverview() : renderTopic(topic);
}

function renderOverview(): string[] {
    const width = Math.max(...Object.keys(HELP).map((name) => name.length));
    const commands = Object.entries(HELP).map(
        ([name, help]) => `  ${name.padEnd(width)}   ${help.summary}`,
    );
    return [
        "usage: ferrograph COMMAND [ARGUMENTS] [OPTIONS]",
        "",
        "Shows what a change to a Rust workspace will touch, and renames correctly or refuses.",
        "",
        ...commands,
        "",
        ...COMMON,
        "",
        ...SYMBOL,
        ...STATUS,
    ];
}

function renderTopic(topic: CommandName): string[] {
    const help = HELP[topic];
    const takesSymbol = help.usage.includes("SYMBOL");
    return [
        `usage: ferrograph ${help.usage} [OPTIONS]`,
        "",
        `${help.summary.charAt(0).toUpperCase()}${help.summary.slice(1)}.`,
        ...(help.more.length === 0 ? [] : ["", ...help.more]),
        ...(takesSymbol ? ["", ...SYMBOL] : []),
        "",
        ...COMMON,
    ];
}
