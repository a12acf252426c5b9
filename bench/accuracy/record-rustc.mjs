#!/usr/bin/env node
// Stands before the compiler when cargo compiles a workspace's own crates: keeps each command line that succeeds, with its
// folder and environment, as a file in RUSTC_RECORDS, and compiles.

import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";

const [rustc, ...args] = process.argv.slice(2);
const name = args[args.indexOf("--crate-name") + 1];
const suffix = args.find((arg) => arg.startsWith("extra-filename="))?.split("=")[1] ?? "";
const records = process.env["RUSTC_RECORDS"];
const status = spawnSync(rustc, args, { stdio: "inherit" }).status ?? 1;
if (records !== undefined && suffix !== "" && status === 0) {
    const record = { name: `${name}${suffix}`, rustc, args, cwd: process.cwd(), env: process.env };
    writeFileSync(path.join(records, `${record.name}.json`), JSON.stringify(record));
}
process.exit(status);
