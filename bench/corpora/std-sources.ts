// Sources of the standard library that rust-analyzer can resolve without a network.

import {
    cpSync,
    existsSync,
    mkdirSync,
    readdirSync,
    readFileSync,
    rmSync,
    writeFileSync,
} from "node:fs";
import path from "node:path";

import { requireSuccess, runProcess } from "../../src/platform/index.ts";

/** Environment that rust-analyzer is to be started with, and where its std comes from. */
export interface StdSources {
    readonly env: Readonly<Record<string, string>>;
    /** For people. */
    readonly origin: string;
}

const DEBIAN_SOURCES = "/usr/src";

/**
 * Finds the sources: those named by RUST_SRC_PATH, those of the toolchain, or a copy of Debian's whose
 * manifests ask for nothing that Debian does not package. Undefined when there are none.
 */
export async function findStdSources(
    named: string | undefined,
    scratch: string,
): Promise<StdSources | undefined> {
    if (named !== undefined) {
        return { env: { RUST_SRC_PATH: named }, origin: "RUST_SRC_PATH" };
    }
    const asked = await runProcess("rustc", ["--print", "sysroot"]);
    const ofToolchain = path.join(asked.stdout.trim(), "lib", "rustlib", "src", "rust", "library");
    if (existsSync(path.join(ofToolchain, "std"))) {
        return { env: {}, origin: "the toolchain's rust-src" };
    }
    const debian = findDebianSources();
    if (debian === undefined) {
        return undefined;
    }
    const library = path.join(scratch, "std", "library");
    if (!existsSync(path.join(library, ".ready"))) {
        await copyResolvable(debian, library);
    }
    return { env: { RUST_SRC_PATH: library }, origin: "Debian's package of the sources" };
}

function findDebianSources(): string | undefined {
    const folders = existsSync(DEBIAN_SOURCES) ? readdirSync(DEBIAN_SOURCES) : [];
    return folders
        .filter((name) => name.startsWith("rustc-"))
        .sort()
        .map((name) => path.join(DEBIAN_SOURCES, name, "library"))
        .filter((folder) => existsSync(folder))
        .at(-1);
}

async function copyResolvable(source: string, library: string): Promise<void> {
    rmSync(library, { recursive: true, force: true });
    mkdirSync(path.dirname(library), { recursive: true });
    cpSync(source, library, { recursive: true });
    for (const manifest of listManifests(library)) {
        writeFileSync(manifest, withoutDevParts(readFileSync(manifest, "utf8")));
    }
    const root = path.join(library, "Cargo.toml");
    const members = readFileSync(root, "utf8").replace(/^\s*"(core|alloc)tests",.*\n/gmu, "");
    writeFileSync(root, members);
    mkdirSync(path.join(library, ".cargo"), { recursive: true });
    writeFileSync(
        path.join(library, ".cargo", "config.toml"),
        `[source.crates-io]\nreplace-with = "vendored"\n\n[source.vendored]\n` +
            `directory = ${JSON.stringify(path.join(library, "vendor"))}\n\n[net]\noffline = true\n`,
    );
    rmSync(path.join(library, "Cargo.lock"), { force: true });
    const metadata = ["metadata", "--format-version", "1"];
    const options = { cwd: path.join(library, "sysroot"), env: { RUSTC_BOOTSTRAP: "1" } };
    requireSuccess("cargo", await runProcess("cargo", metadata, options));
    writeFileSync(path.join(library, ".ready"), "");
}

function listManifests(library: string): string[] {
    return [library, path.join(library, "compiler-builtins")].flatMap((folder) =>
        (existsSync(folder) ? readdirSync(folder) : [])
            .map((name) => path.join(folder, name, "Cargo.toml"))
            .filter((file) => existsSync(file)),
    );
}

/** Drops dev-dependencies, benches and tests, and the C compiler that a build script would ask for. */
export function withoutDevParts(manifest: string): string {
    const kept: string[] = [];
    let isSkipping = false;
    for (const line of manifest.split("\n")) {
        if (/^\s*\[/u.test(line)) {
            isSkipping = /^\s*\[+(target\..*\.)?(dev-dependencies|bench\]|test\])/u.test(line);
        }
        if (!isSkipping && !/^cc\s*=/u.test(line)) {
            kept.push(line.replace('"dep:cc"', ""));
        }
    }
    return kept.join("\n");
}
