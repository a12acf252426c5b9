// What is known of the compilations of a configuration before any is captured: their records, their files,
// and hashes of what they see of each other. From these follows which must be captured anew.

import { createHash } from "node:crypto";
import { basename, extname, isAbsolute, join, resolve } from "node:path";

import type { CargoArtifact } from "../../cargo/index.ts";
import { readBytes, statFile } from "../../platform/index.ts";
import { relativePath } from "./capture-snapshot.ts";
import { readRecord, recordNameOf, type CompilationRecord } from "./compilation-record.ts";
import { listDependencies, type CompiledFile } from "./dependency-file.ts";
import { FACTS_FORMAT } from "./dump/fact-collector.ts";
import type { CompilationUnit } from "./facts.ts";
import { compilingArguments, readCommand, type RustcCommand } from "./rustc-arguments.ts";
import type { SourceHash, SourceHashes } from "./source-hashes.ts";

/** A compilation of a member's target. */
export interface UnitView {
    readonly record: CompilationRecord;
    readonly command: RustcCommand;
    readonly unit: CompilationUnit;
    /** The crate's own files as they are now; absolute paths. */
    readonly files: readonly CompiledFile[];
    readonly hashes: readonly SourceHash[];
    /** Bytes of the sources, to begin with the longest. */
    readonly weight: number;
}

/** Kinds of targets that facts are made of; build scripts are programs of the build alone. */
const TARGET_KINDS: Readonly<Record<string, CompilationUnit["targetKind"]>> = {
    lib: "lib",
    rlib: "lib",
    dylib: "lib",
    cdylib: "lib",
    staticlib: "lib",
    "proc-macro": "proc-macro",
    bin: "bin",
    example: "example",
    test: "test",
    bench: "bench",
};

/** Kind of a target in the words of facts; undefined for build scripts. */
export function targetKindOf(artifact: CargoArtifact): CompilationUnit["targetKind"] | undefined {
    return artifact.targetKinds
        .map((kind) => TARGET_KINDS[kind])
        .find((kind) => kind !== undefined);
}

/** Reads the record of what Cargo says has compiled; undefined when there is none. */
export async function findRecord(
    folder: string,
    artifact: CargoArtifact,
): Promise<CompilationRecord | undefined> {
    for (const filename of artifact.filenames) {
        const stem = basename(filename, extname(filename));
        for (const name of [stem.replace(/^lib/, ""), stem]) {
            const record = await readRecord(folder, name);
            if (record !== undefined && (await statFile(dependencyList(record))) !== undefined) {
                return record;
            }
        }
    }
    return undefined;
}

/** The compiler's own list of the files that it has read. */
function dependencyList(record: CompilationRecord): string {
    const { outputFolder } = readCommand(record.args);
    return resolve(record.cwd, outputFolder, `${record.name}.d`);
}

/** Looks at a compilation's files. */
export async function viewUnit(
    record: CompilationRecord,
    unit: CompilationUnit,
    hashes: SourceHashes,
): Promise<UnitView> {
    const command = readCommand(record.args);
    const text = Buffer.from(await readBytes(dependencyList(record))).toString("utf8");
    const files: CompiledFile[] = [];
    const found: SourceHash[] = [];
    let weight = 0;
    for (const path of listDependencies(text, record.cwd)) {
        const hash = await hashes.hash(path);
        if (hash !== undefined) {
            files.push({ path, contentHash: hash.contentHash });
            found.push(hash);
            weight += (await statFile(path))?.size ?? 0;
        }
    }
    return { record, command, unit, files, hashes: found, weight };
}

/** Variables that do not change what is compiled, though they differ between shells. */
const INCIDENTAL =
    /^(PATH|CARGO|CARGO_HOME|CARGO_PRIMARY_PACKAGE|RUSTUP_.*|RUST_RECURSION_COUNT|(DY)?LD_.*)$/;

/** What a compilation's result follows from besides files: arguments, folder, environment. */
export function commandParts(root: string, record: CompilationRecord): readonly unknown[] {
    const env = Object.entries(record.env)
        .filter(([name]) => !INCIDENTAL.test(name))
        .sort(([a], [b]) => (a < b ? -1 : 1));
    return [compilingArguments(record.args), relativePath(root, record.cwd), env];
}

/** Hashes of what compilations are, and of what they see of each other. */
export class Fingerprints {
    readonly #root: string;
    readonly #compilers: ReadonlyMap<UnitView, string>;
    readonly #byName: ReadonlyMap<string, UnitView>;
    readonly #interfaces = new Map<UnitView, Promise<string>>();

    /** `compilers` gives the commit of each unit's compiler. */
    constructor(root: string, compilers: ReadonlyMap<UnitView, string>) {
        this.#root = root;
        this.#compilers = compilers;
        this.#byName = new Map([...compilers.keys()].map((view) => [view.record.name, view]));
    }

    /** Of how it is compiled, and what facts mean. */
    command(view: UnitView): string {
        return hashOf([
            FACTS_FORMAT,
            this.#compilers.get(view),
            ...commandParts(this.#root, view.record),
        ]);
    }

    /** Of all that it can see of the crates that it depends on, and they of theirs. */
    async seen(view: UnitView): Promise<string> {
        const externs = [...view.command.externs].sort(([a], [b]) => (a < b ? -1 : 1));
        const parts: unknown[] = [];
        for (const [name, path] of externs) {
            const member = this.#byName.get(recordNameOf(path));
            const what =
                member === undefined || member === view
                    ? await stampOf(isAbsolute(path) ? path : join(view.record.cwd, path))
                    : await this.#interface(member);
            parts.push([name, what]);
        }
        return hashOf(parts);
    }

    #interface(view: UnitView): Promise<string> {
        const known = this.#interfaces.get(view) ?? this.#hashInterface(view);
        this.#interfaces.set(view, known);
        return known;
    }

    /** What a procedural macro makes follows from all that is in it. */
    async #hashInterface(view: UnitView): Promise<string> {
        const isMacro = view.command.crateTypes.includes("proc-macro");
        const files = view.files.map((file, index) => [
            relativePath(this.#root, file.path),
            isMacro ? file.contentHash : view.hashes[index]?.interfaceHash,
        ]);
        return hashOf([this.command(view), files, await this.seen(view)]);
    }
}

/** What tells one state of a compiled crate that is no member's from another. */
async function stampOf(path: string): Promise<unknown> {
    const stat = await statFile(path);
    return stat === undefined ? [path] : [path, stat.size, String(stat.mtimeNs)];
}

function hashOf(value: unknown): string {
    return createHash("sha256").update(JSON.stringify(value)).digest("hex");
}
