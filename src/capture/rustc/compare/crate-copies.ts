// Copies of the crates that a change can matter to, apart from those that Cargo compiles, without what the change cannot
// matter to: as they were, or as they are now. Each is compiled against the copies of those that hold the change.

import { basename, join } from "node:path";

import { OperatingError, required } from "../../../base/index.ts";
import { makeFolder, overlayFolder, removeFolder } from "../../../platform/index.ts";
import { recordNameOf, type CompilationRecord } from "../compilation-record.ts";
import { compilingArguments, linkedArguments, readCommand } from "../rustc-arguments.ts";
import { runCompiler } from "./print-dump.ts";

/** What is copied, and where to. */
export interface CopyParts {
    /** Root of the workspace. */
    readonly root: string;
    /** Where the copies lie; what is there goes. */
    readonly folder: string;
    /** Compilations to copy. */
    readonly records: readonly CompilationRecord[];
    /** Of them, those that others are compiled against. */
    readonly linked: ReadonlySet<string>;
    /** Texts of files by their paths in the workspace: what is not here is as it lies there. */
    readonly texts: ReadonlyMap<string, string>;
}

/** Runs a compiler when there is a place for it. */
export type CompilerTurn = <T>(work: () => Promise<T>) => Promise<T>;

/** One state of the crates, copied. */
export class CrateCopies {
    readonly #root: string;
    readonly #folder: string;
    readonly #linked: ReadonlySet<string>;
    readonly #byName: ReadonlyMap<string, CompilationRecord>;
    readonly #made = new Map<string, Promise<void>>();

    private constructor({ root, folder, records, linked }: CopyParts) {
        this.#root = root;
        this.#folder = folder;
        this.#linked = linked;
        const files = new Set(
            records
                .flatMap(({ args }) =>
                    [...readCommand(args).externs.values()].filter((path) =>
                        linked.has(recordNameOf(path)),
                    ),
                )
                .map((path) => basename(path)),
        );
        const moved = (path: string): string => movedTo(sourcesIn(folder), root, path);
        this.#byName = new Map(
            records.map((record) => [
                record.name,
                {
                    ...record,
                    cwd: moved(record.cwd),
                    args: linkedArguments(record.args.map(moved), {
                        folder: outputIn(folder),
                        files,
                    }),
                    env: Object.fromEntries(
                        Object.entries(record.env).map(([name, value]) => [
                            name,
                            name.startsWith("CARGO_MANIFEST_") ? moved(value) : value,
                        ]),
                    ),
                },
            ]),
        );
    }

    static async make(parts: CopyParts): Promise<CrateCopies> {
        const { root, folder, texts } = parts;
        await removeFolder(folder);
        await makeFolder(outputIn(folder));
        await overlayFolder(root, sourcesIn(folder), texts);
        return new CrateCopies(parts);
    }

    /** Root of the copied workspace. */
    get root(): string {
        return sourcesIn(this.#folder);
    }

    /** Where the copy of a file of the workspace is. */
    pathOf(file: string): string {
        return movedTo(this.root, this.#root, file);
    }

    /** How a copy is compiled. */
    of({ name }: Pick<CompilationRecord, "name">): CompilationRecord {
        return required(this.#byName.get(name), "what is compared was copied");
    }

    /** Compiles what a copy is compiled against. */
    async makeReady(
        record: CompilationRecord,
        signal: AbortSignal | undefined,
        inTurn: CompilerTurn,
    ): Promise<void> {
        for (const path of readCommand(record.args).externs.values()) {
            const name = recordNameOf(path);
            if (this.#linked.has(name) && name !== record.name) {
                await this.#makeOnce(name, signal, inTurn);
            }
        }
    }

    async #makeOnce(
        name: string,
        signal: AbortSignal | undefined,
        inTurn: CompilerTurn,
    ): Promise<void> {
        const made = this.#made.get(name) ?? this.#compile(this.of({ name }), signal, inTurn);
        this.#made.set(name, made);
        try {
            await made;
        } catch (thrown) {
            // One that was cancelled is compiled for the next who needs it.
            this.#made.delete(name);
            throw thrown;
        }
    }

    async #compile(
        record: CompilationRecord,
        signal: AbortSignal | undefined,
        inTurn: CompilerTurn,
    ): Promise<void> {
        await this.makeReady(record, signal, inTurn);
        const emits = readCommand(record.args).emits.filter((kind) => kind !== "dep-info");
        const args = [
            ...compilingArguments(record.args),
            "--cap-lints=allow",
            `--emit=${emits.join(",")}`,
            ...["--out-dir", outputIn(this.#folder)],
        ];
        const { code, complaint } = await inTurn(() => runCompiler(record, args, { signal }));
        if (code !== 0) {
            throw new OperatingError(
                "COMPILER_DUMP_FAILED",
                `rustc could not compile a copy of ${record.name}: ${complaint}`,
            );
        }
    }
}

function movedTo(to: string, root: string, path: string): string {
    return path === root || path.startsWith(`${root}/`) ? join(to, path.slice(root.length)) : path;
}

function sourcesIn(folder: string): string {
    return join(folder, "sources");
}

function outputIn(folder: string): string {
    return join(folder, "output");
}
