// `npm run demo [-- PATH [SYMBOL NEW_NAME]]`: installs, builds, and does the main job on a copy of a real
// workspace: capture, status, impact, a rename shown and made, and the compiler's word on it.
// Without PATH on examples/orrery. Nothing outside of a temporary folder is written.

import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { build, CLI, ensureInstalled, ROOT, run, runQuietly } from "./steps.mjs";

const LEFT_OUT = new Set(["target", ".git", ".ferrograph", "node_modules"]);
const TRIES_MAX = 12;
const color = process.stdout.isTTY ? ["--color", "always"] : [];

function say(text) {
    const line = "─".repeat(Math.max(0, 76 - text.length));
    console.log(
        process.stdout.isTTY ? `\n\u001b[1m── ${text} ${line}\u001b[22m` : `\n── ${text} ${line}`,
    );
}

/** Runs the command in a workspace as a user would, its command line shown. */
async function ferrograph(workspace, ...args) {
    const shown = args.map((arg) => (/\s/.test(arg) ? JSON.stringify(arg) : arg)).join(" ");
    console.log(
        process.stdout.isTTY
            ? `\u001b[32m$\u001b[39m ferrograph ${shown}`
            : `$ ferrograph ${shown}`,
    );
    return run(process.execPath, [CLI, ...args, ...color], { cwd: workspace });
}

function ask(workspace, ...args) {
    const done = runQuietly(process.execPath, [CLI, ...args, "--json"], { cwd: workspace });
    return done.status === 0 ? JSON.parse(done.stdout) : undefined;
}

function copyWorkspace(from) {
    // The temporary folder may be reached through a link; the command shows real paths.
    const folder = path.join(
        mkdtempSync(path.join(tmpdir(), "ferrograph-demo-")),
        path.basename(from),
    );
    cpSync(from, folder, {
        recursive: true,
        filter: (file) => !LEFT_OUT.has(path.basename(file)),
    });
    return folder;
}

function listSources(folder, found = []) {
    for (const name of readdirSync(folder)) {
        const file = path.join(folder, name);
        const stat = statSync(file, { throwIfNoEntry: false });
        if (stat?.isDirectory()) {
            listSources(file, found);
        } else if (name.endsWith(".rs")) {
            found.push(file);
        }
    }
    return found;
}

/**
 * Functions of a workspace that are public, defined once, and much used by the look of it: good
 * material for a rename. What is shown of them comes from the graph, not from this count.
 */
function listCandidates(workspace) {
    const definitions = new Map();
    const uses = new Map();
    for (const file of listSources(workspace)) {
        const text = readFileSync(file, "utf8");
        for (const match of text.matchAll(/^\s*pub fn ([a-z][a-z0-9_]{6,})\b/gm)) {
            const line = text.slice(0, match.index + match[0].length).split("\n").length;
            const column = match[0].replace(/^\s*\n/, "").lastIndexOf(match[1]) + 1;
            const place = `${path.relative(workspace, file)}:${line}:${column}`;
            const before = definitions.get(match[1]);
            definitions.set(match[1], { place, count: (before?.count ?? 0) + 1 });
        }
        for (const word of text.match(/\b[a-z][a-z0-9_]{6,}(?=\()/g) ?? []) {
            uses.set(word, (uses.get(word) ?? 0) + 1);
        }
    }
    return [...definitions]
        .filter(([, definition]) => definition.count === 1)
        .sort(([a], [b]) => (uses.get(b) ?? 0) - (uses.get(a) ?? 0))
        .slice(0, TRIES_MAX)
        .map(([name, definition]) => ({ symbol: definition.place, newName: `${name}_renamed` }));
}

function choose(workspace, given) {
    if (given.length === 2) {
        return { symbol: given[0], newName: given[1] };
    }
    for (const candidate of listCandidates(workspace)) {
        const result = ask(workspace, "rename", candidate.symbol, candidate.newName);
        if (result?.plan.applicable === true) {
            // By its place: a field and a method may share a path.
            return candidate;
        }
    }
    return undefined;
}

/** How the compiler is asked: with all targets, or without those that did not compile before the edit. */
function findCheck(workspace) {
    const base = ["check", "--offline", "--quiet", "--workspace"];
    return [[...base, "--all-targets"], base].find(
        (args) => runQuietly("cargo", args, { cwd: workspace }).status === 0,
    );
}

async function show(workspace, rename) {
    const check = findCheck(workspace);
    say("what would a change of it touch?");
    await ferrograph(workspace, "impact", rename.symbol, "--limit", "40");
    say("what would the rename edit, and is it proved?");
    await ferrograph(workspace, "rename", rename.symbol, rename.newName);
    say("make it");
    const status = await ferrograph(workspace, "rename", rename.symbol, rename.newName, "--apply");
    if (status !== 0) {
        return status;
    }
    if (check === undefined) {
        console.log(
            "\nthe compiler is not asked: cargo is not here, or the workspace did not compile before",
        );
        return 0;
    }
    say("what does the compiler say?");
    console.log(`$ cargo ${check.join(" ")}`);
    if (!check.includes("--all-targets")) {
        console.log("(with --all-targets it did not compile before)");
    }
    const compiled = await run("cargo", check, { cwd: workspace });
    console.log(compiled === 0 ? "it compiles" : "it does not compile");
    return compiled;
}

async function main() {
    const [given, ...symbol] = process.argv.slice(2);
    if (symbol.length === 1) {
        console.error("usage: npm run demo [-- PATH [SYMBOL NEW_NAME]]");
        process.exit(2);
    }
    await ensureInstalled();
    await build();
    const source =
        given === undefined ? path.join(ROOT, "examples", "orrery") : path.resolve(given);
    const workspace = copyWorkspace(source);
    let status = 1;
    try {
        say(`a copy of ${path.basename(source)}`);
        await ferrograph(workspace, "capture", "--trust");
        await ferrograph(workspace, "status");
        const rename =
            given === undefined
                ? { symbol: "orrery_ephemeris::phase::illuminated_share", newName: "lit_share" }
                : choose(workspace, symbol);
        if (rename === undefined) {
            console.log("\nnone of its much-used functions can be renamed with proof; name one:");
            console.log("npm run demo -- PATH SYMBOL NEW_NAME");
        } else {
            status = await show(workspace, rename);
        }
        if (given === undefined && status === 0) {
            say("what is not certain is refused");
            await ferrograph(
                workspace,
                "rename",
                "orrery_units::angle::Angle::wound",
                "normal",
                "--apply",
            );
        }
    } finally {
        runQuietly(process.execPath, [CLI, "stop"], { cwd: workspace });
        rmSync(path.dirname(workspace), { recursive: true, force: true });
    }
    process.exit(status);
}

await main();
