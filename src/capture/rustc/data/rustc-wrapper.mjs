// Stands between Cargo and rustc for the crates of the workspace. Runs the command untouched; when it has
// compiled a target of a member, writes down how: a compilation record, which the dumps are made by.
// Copied into our own folder with a first line that names the Node to run it. Imports nothing of ours.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const RECORD_FORMAT = 1;

// Set anew by every shell or every run: no part of how a crate is compiled.
const PASSING = new Set([
    "_",
    "SHLVL",
    "PWD",
    "OLDPWD",
    "CARGO_MAKEFLAGS",
    "MAKEFLAGS",
    "MFLAGS",
    "RUSTC_WORKSPACE_WRAPPER",
]);

const folder = fileURLToPath(new URL(".", import.meta.url));
const [rustc, ...args] = process.argv.slice(2);

/** The descriptors of Cargo's job server would be closed on the way: they are handed on by number. */
function inheritedStreams() {
    const streams = ["inherit", "inherit", "inherit"];
    const found = /--jobserver-(?:auth|fds)=(\d+),(\d+)/.exec(process.env.CARGO_MAKEFLAGS ?? "");
    for (const number of found === null ? [] : [Number(found[1]), Number(found[2])]) {
        while (streams.length <= number) {
            streams.push("ignore");
        }
        streams[number] = number;
    }
    return streams;
}

/** Long commands come as `@file`, a line an argument; the file is gone afterwards. */
function expandArguments() {
    return args.flatMap((arg) =>
        arg.startsWith("@") ? readFileSync(arg.slice(1), "utf8").split(/\r?\n/) : [arg],
    );
}

function valueOf(list, name) {
    const index = list.indexOf(name);
    return index < 0 ? undefined : list[index + 1];
}

/** Name of the record; undefined for what is no compilation of a target: questions and build scripts. */
function recordName(list) {
    const crate = valueOf(list, "--crate-name");
    const isQuestion =
        list.includes("-") || list.some((arg) => arg === "-vV" || arg.startsWith("--print"));
    if (crate === undefined || isQuestion || /^(___|build_script_.*)$/.test(crate)) {
        return undefined;
    }
    const extra = list
        .map((arg) => /^(?:-C)?extra-filename=(.*)$/.exec(arg))
        .find((match) => match !== null);
    return crate + (extra?.[1] ?? "");
}

function hashOf(text) {
    return createHash("sha256").update(text).digest("hex");
}

/** What Cargo and build scripts added to the environment: the user's own variables are not written. */
function addedEnvironment() {
    const base = JSON.parse(readFileSync(join(folder, "base-environment.json"), "utf8"));
    return Object.fromEntries(
        Object.entries(process.env).filter(
            ([name, value]) => !PASSING.has(name) && base[name] !== hashOf(value),
        ),
    );
}

function writeRecord(name, list) {
    const record = {
        format: RECORD_FORMAT,
        name,
        rustc,
        args: list,
        cwd: process.cwd(),
        env: addedEnvironment(),
    };
    const records = join(folder, "..", "records");
    const temporary = join(records, `.${name}.${process.pid}.tmp`);
    mkdirSync(records, { recursive: true });
    writeFileSync(temporary, JSON.stringify(record));
    renameSync(temporary, join(records, `${name}.json`));
}

/** A compilation is not to fail because of us: without a record the target is compiled again later. */
function tryToRecord(list) {
    try {
        const name = recordName(list);
        if (name !== undefined) {
            writeRecord(name, list);
        }
    } catch (error) {
        process.stderr.write(`ferrograph: no record of this compilation: ${String(error)}\n`);
    }
}

function main() {
    let list = args;
    try {
        list = expandArguments();
    } catch {
        // Rustc says what is wrong with the file.
    }
    const result = spawnSync(rustc, args, { stdio: inheritedStreams(), windowsHide: true });
    if (result.error !== undefined) {
        process.stderr.write(`${rustc}: ${result.error.message}\n`);
        return 127;
    }
    if (result.signal !== null) {
        process.kill(process.pid, result.signal);
        return 128 + (constants.signals[result.signal] ?? 0);
    }
    if (result.status === 0) {
        tryToRecord(list);
    }
    return result.status;
}

process.exitCode = main();
