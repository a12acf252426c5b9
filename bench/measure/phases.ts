// Where the time of a cold capture goes: every step that the daemon takes, one after the other in this
// process, by the clock and by the processor. The same modules, the same threads; nothing overlaps.

import { mkdtempSync, rmSync } from "node:fs";
import path from "node:path";
import { Language, Parser } from "web-tree-sitter";

import { finishSteps } from "../../src/base/index.ts";
import { realPorts } from "../../src/engine/real-ports.ts";
import { listSources, readSources, type ReadSource } from "../../src/engine/source-table.ts";
import { encodeDifference, normalize, openGraphStore } from "../../src/graphstore/index.ts";
import { monotonicMs } from "../../src/platform/index.ts";
import { decodeTree, encodeTree, openSyntax, type FileCapture } from "../../src/syntax/index.ts";
import { renderTable, type Cell } from "../report/markdown-table.ts";

/** What one step took. */
export interface Phase {
    readonly name: string;
    readonly wallMs: number;
    /** All threads and ended children. */
    readonly processorMs: number;
}

/** Takes the steps of a cold capture; the store is made in a folder of `scratch` and removed. */
export async function measurePhases(root: string, scratch: string): Promise<Phase[]> {
    const clock = new PhaseClock();
    const ports = realPorts();
    const listing = await clock.take("list of files", () => listSources(root));
    const model = await clock.take("cargo metadata, manifests", () =>
        ports.loadWorkspace(root, { trusted: true }),
    );
    const sources = await clock.take("reading and hashing", () => readSources(root, listing.rust));
    const texts = textsOf(sources);
    const files = sources.filter((each) => each.isText);
    const captured = await clock.take("capture on threads", () =>
        ports.parser.captureAll(files, {}).finally(() => ports.parser.close()),
    );
    const captures = new Map(captured.map((capture) => [capture.path, capture]));
    await clock.take("loading the resolver", () => ports.resolver.load());
    const resolution = await clock.take("modules, imports, impls", () =>
        ports.resolver.resolve({ model, captures }),
    );
    await clock.take("names of every file", () => {
        resolution.files().forEach((file) => resolution.occurrencesIn(file.path));
    });
    const content = await clock.take("graph content", () =>
        finishSteps(ports.resolver.contentOf(resolution, captures)),
    );
    await measureStore(clock, content, scratch);
    await clock.take("resolution to bytes", () => finishSteps(ports.resolver.encode(resolution)));
    await ports.codec.load();
    await clock.take("captures to bytes", () => {
        captured.forEach((capture) => ports.codec.encode(capture));
    });
    await measureParser(clock, captured, texts);
    return clock.phases;
}

async function measureStore(
    clock: PhaseClock,
    content: Parameters<typeof normalize>[0],
    scratch: string,
): Promise<void> {
    const folder = mkdtempSync(path.join(scratch, "phases-"));
    try {
        const graph = await clock.take("graph into one order", () => normalize(content));
        const store = await openGraphStore({ folder, createIfMissing: true });
        const deltas = await clock.take("difference to the store", () =>
            finishSteps(encodeDifference(store.snapshot(), graph)),
        );
        await clock.take("tables, roots, log", () => store.commitGraphDeltas(deltas));
        await store.close();
    } finally {
        rmSync(folder, { recursive: true, force: true });
    }
}

/** What capturing is made of: in one thread, with everything loaded, of the second round. */
async function measureParser(
    clock: PhaseClock,
    captures: readonly FileCapture[],
    texts: ReadonlyMap<string, string>,
): Promise<void> {
    const syntax = await openSyntax();
    const wasm = new URL(import.meta.resolve("tree-sitter-rust/tree-sitter-rust.wasm"));
    const parser = new Parser();
    parser.setLanguage(await Language.load(decodeURIComponent(wasm.pathname)));
    const capture = (): void => {
        texts.forEach((text, file) => syntax.capture(file, text));
    };
    const parse = (): void => {
        texts.forEach((text) => parser.parse(text)?.delete());
    };
    capture();
    parse();
    await clock.take("in one warm thread: capture", capture);
    await clock.take("of it: the parser alone", parse);
    const encoded = await clock.take("and: to bytes, to be moved", () =>
        captures.map(({ tree }) => encodeTree(tree)),
    );
    await clock.take("from bytes", () => encoded.map(decodeTree));
    parser.delete();
}

/** Decoded before the bytes are given away to the threads. */
function textsOf(sources: readonly ReadSource[]): Map<string, string> {
    const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
    const files = sources.filter((each) => each.isText);
    return new Map(files.map((each) => [each.path, decoder.decode(each.bytes)]));
}

class PhaseClock {
    readonly phases: Phase[] = [];

    async take<T>(name: string, step: () => T | Promise<T>): Promise<T> {
        const start = monotonicMs();
        const before = process.cpuUsage();
        const result = await step();
        const { user, system } = process.cpuUsage(before);
        const wallMs = monotonicMs() - start;
        this.phases.push({ name, wallMs, processorMs: (user + system) / 1000 });
        return result;
    }
}

/** Renders phases as a table for people. */
export function renderPhases(phases: readonly Phase[]): string {
    return renderTable(
        ["step", "ms", "processor ms"],
        phases.map(({ name, wallMs, processorMs }): Cell[] => [
            name,
            Math.round(wallMs),
            Math.round(processorMs),
        ]),
    );
}
