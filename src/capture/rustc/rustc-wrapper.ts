// Puts the program that stands between Cargo and rustc into our folder: data/rustc-wrapper.mjs with a first
// line that names the Node to run it, and beside it the environment that Cargo was started with.

import { createHash } from "node:crypto";
import { join } from "node:path";

import {
    environmentVariables,
    isWindows,
    makeFolder,
    nodeExecutable,
    readTextSync,
    writeFileAtomic,
    writeProgram,
} from "../../platform/index.ts";
import { recordsFolder } from "./compilation-record.ts";

const SCRIPT = new URL("data/rustc-wrapper.mjs", import.meta.url);

/** Longest first line of a script that all systems read. */
const FIRST_LINE_MAX = 127;

/** Writes the wrapper and gives its path, which stays the same: Cargo compiles all anew when it changes. */
export async function writeWrapper(folder: string): Promise<string> {
    const wrapper = join(folder, "wrapper");
    await makeFolder(wrapper);
    await makeFolder(recordsFolder(folder));
    // Hashes suffice to tell what Cargo adds, and keep the user's secrets off the disk.
    const hashes = Object.entries(environmentVariables()).map(([name, value]) => [
        name,
        createHash("sha256").update(value).digest("hex"),
    ]);
    const base = JSON.stringify(Object.fromEntries(hashes));
    await writeFileAtomic(join(wrapper, "base-environment.json"), Buffer.from(base, "utf8"));
    const script = join(wrapper, "rustc-wrapper.mjs");
    const node = nodeExecutable();
    await writeProgram(script, `${firstLine(node)}\n${readTextSync(SCRIPT)}`);
    if (!isWindows()) {
        return script;
    }
    const command = join(wrapper, "rustc-wrapper.cmd");
    await writeProgram(command, `@"${node}" "${script}" %*\r\n`);
    return command;
}

function firstLine(node: string): string {
    const line = `#!${node}`;
    return line.length > FIRST_LINE_MAX || /\s/.test(node) ? "#!/usr/bin/env node" : line;
}
