// From the dumps of one compilation to its facts.

import type { CancelSignal } from "../../../base/index.ts";
import type { CompilationUnit, RustcFacts } from "../facts.ts";
import type { DumpStream, ReadLimits } from "./dump-entries.ts";
import { FactCollector, type DropCounts } from "./fact-collector.ts";
import { readHir } from "./hir-reader.ts";
import { readImplicitCalls } from "./implicit-calls.ts";
import { OpenSites } from "./open-sites.ts";
import { SourceFiles } from "./source-files.ts";
import { readThir } from "./thir-reader.ts";

/** What is known of a compilation before its dumps are read. */
export interface DumpInput {
    readonly unit: CompilationUnit;
    /** `commit-hash` of `rustc -vV`. */
    readonly compiler: string;
    /** Absolute folder of the workspace; only files in it are kept. */
    readonly root: string;
    /** Folder that the compiler ran in. */
    readonly cwd: string;
    /** Decoded text of a file as the compiler read it. */
    textOf(absolutePath: string): string | undefined;
    /** SHA-256 of a file's bytes, hex. */
    hashOf(absolutePath: string): string | undefined;
    readonly signal?: CancelSignal | undefined;
}

/** The dumps of one compilation. */
export interface DumpStreams extends DumpInput {
    readonly hir: DumpStream;
    readonly thir: DumpStream;
    readonly mir?: DumpStream | undefined;
    /** Told once at the end what was left out, and why. */
    readonly report?: ((dropped: DropCounts) => void) | undefined;
}

// Forty times the text of the longest function seen; tables of data are longer.
const ENTRY_BYTES_MAX = 96 * 1024 * 1024;

/** Reads the dumps of one compilation, HIR first, each as it streams in. */
export async function readDumps(input: DumpStreams): Promise<RustcFacts> {
    const files = new SourceFiles(input);
    const collector = new FactCollector(files);
    const sites = new OpenSites();
    const limits: ReadLimits = { entryBytesMax: ENTRY_BYTES_MAX, signal: input.signal };
    await readHir(input.hir, collector, sites, limits);
    await readThir(input.thir, collector, sites, limits);
    if (input.mir !== undefined) {
        await readImplicitCalls(input.mir, collector, limits);
    }
    input.report?.(collector.dropped);
    return collector.finish(input.compiler, input.unit);
}
