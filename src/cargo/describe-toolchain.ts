// Which Cargo and which compiler would be run in a folder, as a text: equal texts, equal tools.

import { join } from "node:path";

import { OperatingError } from "../base/index.ts";
import {
    environmentVariable,
    listFolder,
    requireSuccess,
    runProcess,
    statFile,
} from "../platform/index.ts";

const TIMEOUT_MS = 30_000;

/** Describes the tools that Cargo would use in a folder; throws TOOL_MISSING or TOOL_FAILED. */
export async function describeToolchain(
    folder: string,
    signal: AbortSignal | undefined,
): Promise<string> {
    const rustc = environmentVariable("RUSTC") ?? "rustc";
    const ask = async (command: string, ...args: readonly string[]): Promise<string> => {
        const result = await runProcess(command, args, {
            cwd: folder,
            timeoutMs: TIMEOUT_MS,
            // A read must not make rustup download the toolchain that the folder asks for.
            env: { RUSTUP_AUTO_INSTALL: "0" },
            ...(signal === undefined ? {} : { signal }),
        });
        return requireSuccess([command, ...args].join(" "), result).stdout;
    };
    const [cargo, compiler, root] = await Promise.all([
        ask("cargo", "-vV"),
        ask(rustc, "-vV"),
        ask(rustc, "--print", "sysroot"),
    ]);
    return [cargo, compiler, ...(await filesOf(root.trim()))].join("\n");
}

/** Programs and libraries of a toolchain: one that is built or added to in place keeps its version. */
async function filesOf(root: string): Promise<string[]> {
    const targets = join(root, "lib", "rustlib");
    const folders = [
        join(root, "bin"),
        ...(await listIfThere(targets)).map((target) => join(targets, target, "lib")),
    ];
    const files = await Promise.all(
        folders.map(async (folder) =>
            (await listIfThere(folder)).map((name) => join(folder, name)),
        ),
    );
    const told = files.flat().map(async (file) => {
        const stat = await statFile(file);
        return `${file} ${stat?.size ?? 0} ${stat?.mtimeNs ?? 0n}`;
    });
    return (await Promise.all(told)).sort();
}

async function listIfThere(folder: string): Promise<readonly string[]> {
    try {
        return await listFolder(folder);
    } catch (thrown) {
        if (thrown instanceof OperatingError) {
            return []; // A file, or nothing: toolchains differ.
        }
        throw thrown;
    }
}
