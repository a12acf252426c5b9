// The program as one script, compiled from what V8 made of it in an earlier process. Without that, each process
// parses and compiles anew what it runs: a tenth of the time until a daemon's first answers. What is stored lies in
// the user's cache folder, named by the program's own hash and by what runs it. Nothing of it is needed: where there
// is none, it is made; where it cannot be, modules are loaded one by one.
//
// This file stands before everything else, so it imports nothing but Node's own modules, and the flags.

import { createHash } from "node:crypto";
import {
    accessSync,
    closeSync,
    constants,
    fstatSync,
    mkdirSync,
    openSync,
    readdirSync,
    readFileSync,
    renameSync,
    rmSync,
    statSync,
    writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Script } from "node:vm";

import { cacheFolder, optimizeLater } from "../platform/index.ts";
import type * as RunMain from "./run-main.ts";

/** The program's modules, and what stores the code that V8 has made of them by now. */
export interface LoadedProgram {
    readonly runMain: typeof RunMain.runMain;
    /** Stores the code, if none is stored; it takes some 50 ms. */
    readonly keepCode: () => void;
}

/** Name of the script, with its hash, beside this bundled module; scripts/bundle.mjs puts it in. */
declare const PROGRAM_SCRIPT: string | undefined;

const DIGEST_BYTES = 32;
/** Stored codes of all versions, roles and flags. */
const FILES_MAX = 12;
/** Others may write a file with one of these bits. */
const OTHERS_WRITE = 0o022;

/** Loads the program for a command line; `main` is the URL of the command's own module. */
export async function loadProgram(main: string): Promise<LoadedProgram> {
    const [, , role = ""] = process.argv;
    // Tools for agents are a program of their own, and stay out of the script.
    if (typeof PROGRAM_SCRIPT === "undefined" || role === "mcp") {
        return loadModules();
    }
    if (role === "daemon") {
        optimizeLater(); // Code is taken back only under the flags that it was made under.
    }
    const folder = join(cacheFolder(), "code");
    const place = join(folder, nameOf(PROGRAM_SCRIPT, role));
    const cachedData = readStored(place);
    if (cachedData === undefined && !isWritable(folder)) {
        return loadModules();
    }
    const file = fileURLToPath(new URL(PROGRAM_SCRIPT, main));
    const script = new Script(readFileSync(file, "latin1"), {
        filename: file,
        ...(cachedData === undefined ? {} : { cachedData }),
    });
    let isStored = cachedData !== undefined && script.cachedDataRejected !== true;
    const require = createRequire(main);
    const module = { exports: {} };
    const run = script.runInThisContext() as (...given: unknown[]) => void;
    run(module.exports, require, module, main, (name: string) =>
        String(pathToFileURL(require.resolve(name))),
    );
    const { runMain } = module.exports as typeof RunMain;
    const keepCode = (): void => {
        if (!isStored) {
            isStored = true;
            store(place, script.createCachedData());
        }
    };
    return { runMain, keepCode };
}

async function loadModules(): Promise<LoadedProgram> {
    const { runMain } = await import("./run-main.ts");
    return { runMain, keepCode: () => undefined };
}

/** A daemon, an editor's bridge and a command in a terminal run different parts of the program. */
function nameOf(script: string, role: string): string {
    const part = role === "daemon" || role === "lsp" ? role : "command";
    const runner = [process.versions.v8, process.version, process.arch, ...process.execArgv];
    const hash = createHash("sha256").update(runner.join("\n")).digest("hex").slice(0, 12);
    return `${script.replace(/\.\w+$/u, "")}-${part}-${hash}.bin`;
}

/** What is stored, if it is whole and nobody else can have written it. */
function readStored(place: string): Buffer | undefined {
    try {
        const file = openSync(place, "r");
        try {
            const { uid, mode } = fstatSync(file);
            if (process.getuid !== undefined && (uid !== process.getuid() || mode & OTHERS_WRITE)) {
                return undefined;
            }
            const bytes = readFileSync(file);
            const data = bytes.subarray(0, -DIGEST_BYTES);
            return digestOf(data).equals(bytes.subarray(-DIGEST_BYTES)) ? data : undefined;
        } finally {
            closeSync(file);
        }
    } catch {
        return undefined;
    }
}

function store(place: string, data: Uint8Array): void {
    const part = `${place}.${process.pid}`;
    try {
        writeFileSync(part, Buffer.concat([data, digestOf(data)]), { mode: 0o600 });
        renameSync(part, place);
        removeOldest(join(place, ".."));
    } catch {
        rmSync(part, { force: true }); // The next process tries again.
    }
}

function removeOldest(folder: string): void {
    const files = readdirSync(folder).map((name) => {
        const path = join(folder, name);
        return { path, mtimeMs: statSync(path).mtimeMs };
    });
    files.sort((a, b) => b.mtimeMs - a.mtimeMs);
    files.slice(FILES_MAX).forEach(({ path }) => {
        rmSync(path, { force: true });
    });
}

function isWritable(folder: string): boolean {
    try {
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        accessSync(folder, constants.W_OK);
        return true;
    } catch {
        return false;
    }
}

function digestOf(data: Uint8Array): Buffer {
    return createHash("sha256").update(data).digest();
}
