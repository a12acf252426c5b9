// One compilation: the compiler is run again with the recorded arguments, once per dump, and what it prints
// is read as it comes. Nothing is written but the compiler's list of the files that it has read.

import { createHash } from "node:crypto";
import { isAbsolute, join, relative, sep } from "node:path";

import { CancelledError, checkCancelled, OperatingError } from "../../base/index.ts";
import {
    makeFolder,
    readBytesSync,
    removeFolder,
    startProcess,
    type RunningProcess,
} from "../../platform/index.ts";
import { parseDependencyFile, type CompiledFile } from "./dependency-file.ts";
import { readBuiltMir, readDumps } from "./dump/index.ts";
import type { CompilationUnit, FlowShard, RustcFacts } from "./facts.ts";
import { keepFiles } from "./keep-files.ts";
import { dumpArguments, type DumpKind } from "./rustc-arguments.ts";

/** What is captured, and where. */
export interface SnapshotEntry {
    readonly unit: CompilationUnit;
    /** `commit-hash` of the compiler. */
    readonly compiler: string;
    readonly rustc: string;
    /** Folder that the compiler ran in. */
    readonly cwd: string;
    /** Workspace root, absolute; paths of facts are relative to it. */
    readonly root: string;
    /** A folder for this capture alone; removed at its end. */
    readonly scratch: string;
    /** Our target folder: of what build scripts wrote there nothing is said. */
    readonly targetFolder?: string | undefined;
    readonly withMir: boolean;
    readonly signal?: AbortSignal | undefined;
}

/** What a capture found. */
export interface Snapshot {
    readonly facts: RustcFacts;
    readonly flow: FlowShard | undefined;
    /** The crate's own files, as the compiler read them. */
    readonly sources: readonly CompiledFile[];
    /** Files that changed while they were read, relative to the root: nothing is said of them. */
    readonly changedFiles: readonly string[];
}

/**
 * Captures one compilation. `args` are those of the compiler's command, `env` what Cargo added to the
 * environment. Throws COMPILER_DUMP_FAILED when a dump cannot be read to its end, and CancelledError.
 */
export async function captureSnapshot(
    entry: SnapshotEntry,
    args: readonly string[],
    env: Readonly<Record<string, string>>,
): Promise<Snapshot> {
    checkCancelled(entry.signal);
    await makeFolder(entry.scratch);
    try {
        return await new SnapshotCapture(entry, args, env).run();
    } finally {
        await removeFolder(entry.scratch);
    }
}

const STDERR_CHARACTERS_MAX = 4_096;
const BUILT_MIR = "built-mir";

class SnapshotCapture {
    readonly #entry: SnapshotEntry;
    readonly #args: readonly string[];
    readonly #env: Readonly<Record<string, string>>;
    readonly #texts = new SourceTexts();
    /** Dumps in the order that they were made. */
    readonly #started = new Set<DumpKind>();

    constructor(
        entry: SnapshotEntry,
        args: readonly string[],
        env: Readonly<Record<string, string>>,
    ) {
        this.#entry = entry;
        this.#args = args;
        this.#env = env;
    }

    async run(): Promise<Snapshot> {
        const { unit, compiler, root, cwd, withMir, signal } = this.#entry;
        const context = {
            unit,
            compiler,
            root,
            cwd,
            textOf: (path: string) => this.#texts.read(path)?.text,
            hashOf: (path: string) => this.#texts.read(path)?.hash,
            ...(signal === undefined ? {} : { signal }),
        };
        await makeFolder(this.#builtMir); // The compiler makes none for a crate without bodies.
        const facts = await readDumps({
            ...context,
            hir: this.#dump("hir-tree"),
            thir: this.#dump("thir-flat"),
            ...(withMir ? { mir: this.#dump("mir") } : {}),
        });
        const flow = withMir ? await readBuiltMir(this.#builtMir, context) : undefined;
        checkCancelled(signal);
        return this.#verify(facts, flow);
    }

    /** Keeps only what is said of files that were the same for the compiler and for us, all the time. */
    #verify(facts: RustcFacts, flow: FlowShard | undefined): Snapshot {
        const { root } = this.#entry;
        const lists = [...this.#started].map((kind) => this.#filesOf(kind));
        const sources = lists[0] ?? [];
        const hashes = lists.map(
            (list) => new Map(list.map((file) => [file.path, file.contentHash])),
        );
        const changed = new Set<string>();
        const isSame = (path: string, contentHash: string): boolean => {
            const absolute = join(root, path);
            // Of another crate's file, a macro's, the compiler gives no hash: it must still be the same.
            const compiled = hashes.map((map) => map.get(absolute));
            const isOwn = compiled.some((hash) => hash !== undefined);
            const same = isOwn
                ? compiled.every((hash) => hash === contentHash)
                : SourceTexts.hashNow(absolute) === contentHash;
            if (!same) {
                changed.add(path);
            }
            return same;
        };
        for (const source of sources) {
            const wasRead = this.#texts.known(source.path);
            if (wasRead !== undefined && wasRead !== source.contentHash) {
                changed.add(relativePath(root, source.path));
            }
        }
        return {
            facts: keepFiles(
                facts,
                (file) => !this.#isGenerated(file.path) && isSame(file.path, file.contentHash),
            ),
            flow:
                flow === undefined ||
                flow.files.every((file) => isSame(file.path, file.contentHash))
                    ? flow
                    : undefined,
            sources,
            changedFiles: [...changed].sort(),
        };
    }

    #isGenerated(path: string): boolean {
        const { root, targetFolder } = this.#entry;
        return (
            targetFolder !== undefined && !isAbsolute(relativePath(targetFolder, join(root, path)))
        );
    }

    #filesOf(kind: DumpKind): CompiledFile[] {
        try {
            const bytes = readBytesSync(this.#dependencyFile(kind));
            return parseDependencyFile(new TextDecoder().decode(bytes), this.#entry.cwd);
        } catch (cause) {
            throw dumpFailed(this.#entry, kind, "it listed no files", cause);
        }
    }

    get #builtMir(): string {
        return join(this.#entry.scratch, BUILT_MIR);
    }

    #dependencyFile(kind: DumpKind): string {
        return join(this.#entry.scratch, `${kind}.d`);
    }

    /** The text of a dump; the compiler starts when the first piece is asked for. */
    async *#dump(kind: DumpKind): AsyncGenerator<Buffer, void, undefined> {
        const { rustc, cwd, signal } = this.#entry;
        checkCancelled(signal);
        this.#started.add(kind);
        const args = dumpArguments(this.#args, kind, {
            dependencyFile: this.#dependencyFile(kind),
            ...(kind === "mir" ? { builtMirFolder: this.#builtMir } : {}),
        });
        const child = await startProcess(rustc, args, {
            cwd,
            env: { ...this.#env, RUSTC_BOOTSTRAP: "1" },
        });
        const stop = (): void => {
            void child.stop();
        };
        signal?.addEventListener("abort", stop, { once: true });
        try {
            child.stdin.end();
            const complaint = collectHead(child);
            for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
                checkCancelled(signal);
                yield chunk;
            }
            const end = await child.ended;
            if (signal?.aborted === true) {
                throw new CancelledError();
            }
            if (end.code !== 0) {
                const how = end.signal ?? `status ${end.code ?? -1}`;
                throw dumpFailed(this.#entry, kind, `${how} ${complaint()}`.trim());
            }
        } finally {
            signal?.removeEventListener("abort", stop);
            child.stdout.destroy();
            await child.stop();
        }
    }
}

/** Texts of files as they were when first asked for. */
class SourceTexts {
    readonly #read = new Map<string, { text: string; hash: string } | undefined>();

    /** Undefined for what is not there or not UTF-8. */
    read(path: string): { readonly text: string; readonly hash: string } | undefined {
        if (!this.#read.has(path)) {
            this.#read.set(path, SourceTexts.#load(path));
        }
        return this.#read.get(path);
    }

    /** Hash of a file that has been read. */
    known(path: string): string | undefined {
        return this.#read.get(path)?.hash;
    }

    static hashNow(path: string): string | undefined {
        return SourceTexts.#load(path)?.hash;
    }

    static #load(path: string): { text: string; hash: string } | undefined {
        try {
            const bytes = readBytesSync(path);
            // The byte order mark counts, as it does for all offsets of ours.
            const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
            return {
                text: decoder.decode(bytes),
                hash: createHash("sha256").update(bytes).digest("hex"),
            };
        } catch {
            return undefined;
        }
    }
}

function collectHead(child: RunningProcess): () => string {
    let head = "";
    child.stderr.setEncoding("utf8");
    child.stderr.on("data", (text: string) => {
        head = (head + text).slice(0, STDERR_CHARACTERS_MAX);
    });
    return () => head.split("\n")[0] ?? "";
}

function dumpFailed(
    entry: SnapshotEntry,
    kind: DumpKind,
    why: string,
    cause?: unknown,
): OperatingError {
    const what = `${entry.unit.packageName} ${entry.unit.targetKind} ${entry.unit.targetName}`;
    return new OperatingError("COMPILER_DUMP_FAILED", `rustc's ${kind} of ${what} failed: ${why}`, {
        cause,
        advice: "the crate is captured again when it next changes",
    });
}

/** A path relative to the root with `/`; absolute where it lies outside. */
export function relativePath(root: string, path: string): string {
    const local = relative(root, path);
    return local.startsWith("..") || isAbsolute(local) ? path : local.split(sep).join("/");
}
