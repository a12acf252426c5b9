// What the compiler itself binds each name to, before and after: the second judge. It is the product's own
// comparison (src/capture/rustc/compare), over every crate that cargo has compiled.

import { createHash } from "node:crypto";
import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";

import {
    affectedCrates,
    chooseCompilations,
    CompilerJudge,
    readCrates,
    type ComparedCrate,
} from "../../src/capture/index.ts";
import type { Verdict } from "./cargo-judge.ts";
import { readRecords } from "./compile-records.ts";
import type { PlannedChange } from "./workspace-copy.ts";

/** A change that compiles, and the names that it is about. */
export interface MadeChange {
    readonly change: PlannedChange;
    readonly oldName: string;
    readonly newName: string;
}

/** Says whether every name still means what it meant, of a change that is made in the copy. */
export interface BindingsJudge {
    judge(made: MadeChange): Promise<Pick<Verdict, "first" | "ok">>;
}

/** Where things are. */
export interface DumpFolders {
    /** The copy in which changes are made. */
    readonly root: string;
    /** Command lines, kept by the wrapper. */
    readonly records: string;
    /** Dumps of the copy as it was, as hashes. */
    readonly before: string;
}

const DUMPS_AT_A_TIME = 2;

/** Judges by dumps of the compiler that cargo has just run. */
export class DumpJudge implements BindingsJudge {
    readonly #root: string;
    readonly #crates: readonly ComparedCrate[];
    readonly #compiler: CompilerJudge;

    private constructor(root: string, crates: readonly ComparedCrate[], compiler: CompilerJudge) {
        this.#root = root;
        this.#crates = crates;
        this.#compiler = compiler;
    }

    /** Dumps these units as they are before any change; what is there from an earlier run is used again. */
    static async prepare(folders: DumpFolders, units: ReadonlySet<string>): Promise<DumpJudge> {
        const crates = chooseCompilations(await readCrates(readRecords(folders.records, units)));
        const compiler = new CompilerJudge({
            folder: folders.before,
            // The folder is of one state alone.
            stateOf: () => Promise.resolve("0"),
            jobs: DUMPS_AT_A_TIME,
        });
        await compiler.keep(crates.map(({ record }) => record));
        return new DumpJudge(folders.root, crates, compiler);
    }

    /** Crates that can be dumped. */
    get crateCount(): number {
        return this.#crates.length;
    }

    async judge({ change, oldName, newName }: MadeChange): Promise<Pick<Verdict, "first" | "ok">> {
        const paths = [
            ...change.edits.map((edit) => edit.path),
            ...change.moves.map(({ from }) => from),
        ];
        const touched = new Set(paths.map((file) => path.join(this.#root, file)));
        const crates = affectedCrates(this.#crates, { touched, oldName, newName });
        const { difference } = await this.#compiler.compare(
            crates.map(({ record }) => record),
            {
                oldName,
                newName,
                moves: change.moves.map(({ from, to }) => ({ from: to, to: from })),
            },
        );
        return difference === undefined
            ? { ok: true, first: "" }
            : {
                  ok: false,
                  first: `${difference.crate} (${difference.dump}):\n${difference.lines}`,
              };
    }
}

/** Names the folder for the dumps of a state, which nothing of another state can be in. */
export function folderOfState(scratch: string, state: readonly string[]): string {
    const digest = createHash("sha256").update(state.join("\0")).digest("hex").slice(0, 12);
    return path.join(scratch, `before-${digest}`);
}

/** Forgets the command lines of an earlier run. */
export function emptyFolder(folder: string): void {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
}
