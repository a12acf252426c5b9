// npm run bench -- --edits N: an editor that changes a file of 5,000 lines a thousand times a minute, for N
// minutes, and asks after each change. The answers' times, the daemon's memory over all of it, and what of that
// memory is in use: left after a collection that is asked for.

import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { pathToFileURL } from "node:url";

import {
    createMessageConnection,
    StreamMessageReader,
    StreamMessageWriter,
    type MessageConnection,
} from "vscode-jsonrpc/node";

import { METHOD, type StatusResult } from "../../src/protocol/index.ts";
import { quantile } from "../measure/statistics.ts";
import { shippedCommand } from "../peers/subject.ts";

/** What is measured, and where. */
export interface EditsBench {
    readonly repository: string;
    readonly scratch: string;
    readonly minutes: number;
    readonly json: string | undefined;
}

const LINES = 5_000;
const EDITS_A_MINUTE = 1_000;
const SAMPLE_MS = 15_000;
/** Samples between two collections. */
const COLLECTED_EVERY = 4;
const COLLECTION_MS_MAX = 10_000;
const MIB = 2 ** 20;
/** Lines of one item of the file, and of the next. */
const ITEM_LINES = 10;

interface Sample {
    readonly second: number;
    readonly memoryMib: number;
    /** Of the JavaScript heap and of what hangs on it outside, after a collection. */
    readonly inUseMib?: number;
}

/** The server in front of the bench, and what it is measured by. */
interface Subject {
    readonly connection: MessageConnection;
    readonly folder: string;
    /** What the daemon's memory probe has written. */
    readonly probed: string;
}

/** Measures, and prints. */
export async function runEditsBench({
    repository,
    scratch,
    minutes,
    json,
}: EditsBench): Promise<void> {
    const folder = mkdtempSync(path.join(scratch, "edits-"));
    const text = makeFile();
    mkdirSync(path.join(folder, "src"));
    writeFileSync(
        path.join(folder, "Cargo.toml"),
        '[package]\nname = "long"\nversion = "0.1.0"\nedition = "2021"\n',
    );
    writeFileSync(path.join(folder, "src/lib.rs"), text);
    const [program = "", ...args] = shippedCommand(repository);
    const probed = path.join(folder, "memory.log");
    const probe = pathToFileURL(path.join(repository, "bench/edits/memory-probe.mjs")).href;
    const env = {
        ...process.env,
        XDG_RUNTIME_DIR: folder,
        XDG_CACHE_HOME: folder,
        NODE_OPTIONS: `--import ${probe}`,
        FERROGRAPH_MEMORY_PROBE: probed,
    };
    const child = spawn(program, [...args, "lsp"], { cwd: folder, env });
    const connection = createMessageConnection(
        new StreamMessageReader(child.stdout),
        new StreamMessageWriter(child.stdin),
    );
    connection.listen();
    try {
        const figures = await edit({ connection, folder, probed }, text, minutes);
        figures.lines.forEach((line) => {
            console.log(line);
        });
        if (json !== undefined) {
            writeFileSync(json, `${JSON.stringify(figures.json, null, 4)}\n`);
        }
    } finally {
        await connection.sendRequest(METHOD.stop, {}).catch(() => undefined);
        connection.dispose();
        child.kill();
        await delay(1_000);
        rmSync(folder, { recursive: true, force: true });
    }
}

/** A chain of functions that call each other, with a comment that is edited in each. */
function makeFile(): string {
    const count = LINES / ITEM_LINES;
    const items = Array.from({ length: count }, (_, index) => {
        const next = index + 1 < count ? `step_${index + 1}(doubled)` : "doubled";
        return [
            `/// Step ${index}.`,
            `pub fn step_${index}(value: u64) -> u64 {`,
            "    let mut doubled = value;",
            "    for _ in 0..2 {",
            "        doubled += value;",
            "    }",
            "    // here",
            `    ${next}`,
            "}",
            "",
        ].join("\n");
    });
    return `${items.join("\n")}\n`;
}

async function edit(
    { connection, folder, probed }: Subject,
    text: string,
    minutes: number,
): Promise<{ lines: string[]; json: object }> {
    const uri = pathToFileURL(path.join(folder, "src/lib.rs")).href;
    await connection.sendRequest("initialize", {
        processId: null,
        rootUri: pathToFileURL(folder).href,
        capabilities: {},
    });
    await connection.sendNotification("initialized", {});
    const textDocument = { uri, languageId: "rust", version: 0, text };
    await connection.sendNotification("textDocument/didOpen", { textDocument });
    await connection.sendRequest(METHOD.status, {});
    await delay(2_000);
    const answers: number[] = [];
    const samples: Sample[] = [];
    const begin = performance.now();
    const edits = Math.round(minutes * EDITS_A_MINUTE);
    let sampledMs = Number.NEGATIVE_INFINITY;
    for (let number = 0; number < edits; number++) {
        const due = begin + (number * 60_000) / EDITS_A_MINUTE;
        await delay(Math.max(0, due - performance.now()));
        const item = (number * 7) % (LINES / ITEM_LINES);
        await change(connection, uri, number, item);
        answers.push(await ask(connection, uri, number, item));
        const elapsed = performance.now() - begin;
        if (elapsed - sampledMs >= SAMPLE_MS) {
            sampledMs = elapsed;
            const status = await connection.sendRequest<StatusResult>(METHOD.status, {});
            const inUseMib =
                samples.length % COLLECTED_EVERY === COLLECTED_EVERY - 1
                    ? await collect(status.pid, probed)
                    : undefined;
            samples.push({
                second: Math.round(elapsed / 1000),
                memoryMib: status.memoryBytes / MIB,
                ...(inUseMib === undefined ? {} : { inUseMib }),
            });
        }
    }
    return describe(answers, samples, (performance.now() - begin) / 60_000);
}

/** Has the daemon collect, and answers with what is left; undefined where it does not say. */
async function collect(pid: number, probed: string): Promise<number | undefined> {
    const linesOf = (): string[] =>
        existsSync(probed) ? readFileSync(probed, "utf8").trimEnd().split("\n") : [];
    const before = linesOf().length;
    process.kill(pid, "SIGUSR2");
    const end = performance.now() + COLLECTION_MS_MAX;
    while (performance.now() < end) {
        await delay(50);
        const lines = linesOf();
        const last = lines.at(-1);
        if (lines.length > before && last !== undefined) {
            return (JSON.parse(last) as { readonly inUse: number }).inUse / MIB;
        }
    }
    return undefined;
}

/** A local's name changes with its uses nearby, so that the text means something else each time. */
async function change(
    connection: MessageConnection,
    uri: string,
    number: number,
    item: number,
): Promise<void> {
    const line = item * ITEM_LINES + 6;
    const range = { start: { line, character: 0 }, end: { line, character: 200 } };
    const body =
        number % 2 === 0
            ? `    let edited_${number} = step_0(1); let _ = edited_${number};`
            : "    // here";
    await connection.sendNotification("textDocument/didChange", {
        textDocument: { uri, version: number + 1 },
        contentChanges: [{ range, text: body }],
    });
}

async function ask(
    connection: MessageConnection,
    uri: string,
    number: number,
    item: number,
): Promise<number> {
    const position = { line: item * ITEM_LINES + 1, character: 8 };
    const at = { textDocument: { uri }, position };
    const start = performance.now();
    switch (number % 4) {
        case 0:
            await connection.sendRequest("textDocument/prepareRename", at);
            break;
        case 1:
            await connection.sendRequest("textDocument/definition", at);
            break;
        case 2:
            await connection.sendRequest("textDocument/documentSymbol", { textDocument: { uri } });
            break;
        default:
            await connection.sendRequest("textDocument/references", {
                ...at,
                context: { includeDeclaration: true },
            });
    }
    return performance.now() - start;
}

function describe(
    answers: readonly number[],
    samples: readonly Sample[],
    minutes: number,
): { lines: string[]; json: object } {
    const sorted = [...answers].sort((a, b) => a - b);
    const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => quantile(sorted, share));
    const memory = samples.map(({ memoryMib }) => Math.round(memoryMib));
    const half = memory.slice(Math.floor(memory.length / 2));
    const inUse = samples.flatMap(({ inUseMib }) => inUseMib ?? []);
    const show = (ms: number | undefined): string => `${(ms ?? 0).toFixed(1)} ms`;
    return {
        lines: [
            `${answers.length} edits of a file of ${LINES} lines in ${minutes.toFixed(1)} minutes`,
            `answers after an edit: median ${show(p50)}, p95 ${show(p95)}, p99 ${show(p99)}, longest ${show(sorted.at(-1))}`,
            `memory of the daemon, MiB, every ${SAMPLE_MS / 1000} s: ${memory.join(" ")}`,
            `second half: ${Math.min(...half)} to ${Math.max(...half)} MiB`,
            `in use after a collection, MiB, every ${(COLLECTED_EVERY * SAMPLE_MS) / 60_000} min: ` +
                (inUse.map((mib) => mib.toFixed(1)).join(" ") || "not told"),
        ],
        json: { minutes, edits: answers.length, p50, p95, p99, samples },
    };
}
