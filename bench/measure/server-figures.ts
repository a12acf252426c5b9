// What is measured of one language server: loading, memory, edits, renames.

import { monotonicMs } from "../../src/platform/index.ts";
import { LanguageClient, type ServerCommand } from "../peers/language-client.ts";
import { peakMemoryMiB, processorMs } from "./process-cost.ts";
import type { EditTarget, Question, Questions } from "./questions.ts";

/** A server that is measured. */
export interface MeasuredServer {
    readonly name: string;
    readonly command: ServerCommand;
    /** Resolves when it can be asked. */
    readonly untilReady: (client: LanguageClient) => Promise<void>;
    /** Process whose memory counts. */
    readonly pidOf: (client: LanguageClient) => Promise<number>;
    /** Ends it, and whatever outlives the session. */
    readonly stop: (client: LanguageClient) => Promise<void>;
}

/** Figures of one session that began with nothing. */
export interface SessionFigures {
    /** Process start until all references questions are answered. */
    readonly loadMs: number;
    /** Process start until the first of them is answered. */
    readonly firstAnswerMs: number | undefined;
    /** Processor time that this took, all threads and children. */
    readonly loadProcessorMs: number | undefined;
    /** Of those questions, how many found something. */
    readonly answered: number;
    readonly memoryMiB: number | undefined;
    readonly knowsStd: boolean;
    readonly referencesMs: readonly number[];
    readonly editToDefinitionMs: readonly number[];
    readonly editToReferencesMs: readonly number[];
    readonly renameMs: readonly number[];
    /** Renames that gave edits; the others were refused. */
    readonly renamesAnswered: number;
}

const EDITS = 20;

/** Runs a session: load, ask, edit and ask, rename. */
export async function measureSession(
    server: MeasuredServer,
    root: string,
    questions: Questions,
): Promise<SessionFigures> {
    const start = monotonicMs();
    const client = await LanguageClient.start(root, server.command);
    try {
        await server.untilReady(client);
        let answered = 0;
        const referencesMs: number[] = [];
        let firstAnswerMs: number | undefined;
        for (const { at } of questions.references) {
            const asked = monotonicMs();
            answered += (await client.countReferences(at)) > 0 ? 1 : 0;
            referencesMs.push(monotonicMs() - asked);
            firstAnswerMs ??= monotonicMs() - start;
        }
        const loadMs = monotonicMs() - start;
        const pid = await server.pidOf(client);
        const loadProcessorMs = processorMs(pid);
        const knowsStd =
            questions.std !== undefined && (await client.countDefinitions(questions.std)) > 0;
        const renames = await measureRenames(client, questions.renames);
        const edits =
            questions.edit === undefined
                ? { definitionMs: [], referencesMs: [] }
                : await measureEdits(client, questions.edit);
        const memoryMiB = peakMemoryMiB(pid);
        return {
            loadMs,
            firstAnswerMs,
            loadProcessorMs,
            answered,
            memoryMiB,
            knowsStd,
            referencesMs,
            editToDefinitionMs: edits.definitionMs,
            editToReferencesMs: edits.referencesMs,
            renameMs: renames.milliseconds,
            renamesAnswered: renames.answered,
        };
    } finally {
        await server.stop(client);
    }
}

/** Time from process start to the first references answer. */
export async function measureStart(
    server: MeasuredServer,
    root: string,
    question: Question,
): Promise<number> {
    const start = monotonicMs();
    const client = await LanguageClient.start(root, server.command);
    try {
        await server.untilReady(client);
        if ((await client.countReferences(question.at)) === 0) {
            throw new Error(`${server.name} found no reference at ${question.at.path}`);
        }
        return monotonicMs() - start;
    } finally {
        await server.stop(client);
    }
}

async function measureRenames(
    client: LanguageClient,
    questions: readonly Question[],
): Promise<{ milliseconds: number[]; answered: number }> {
    const milliseconds: number[] = [];
    let answered = 0;
    for (const { at, newName } of questions) {
        const asked = monotonicMs();
        try {
            answered += (await client.countRenamedFiles(at, newName)) > 0 ? 1 : 0;
        } catch {
            // A refusal is an answer, too.
        }
        milliseconds.push(monotonicMs() - asked);
    }
    return { milliseconds, answered };
}

/**
 * Types into a function of its own, and asks for the definition of what was typed: the answer is there
 * only when it speaks of the new text. Then for the references of a much-used name of the file.
 */
async function measureEdits(
    client: LanguageClient,
    target: EditTarget,
): Promise<{ definitionMs: number[]; referencesMs: number[] }> {
    const head = "fn typed_into() {";
    const { path, line } = target;
    await client.open(path, target.text);
    await client.insert({ path, line, column: 0 }, `${head} }\n`);
    const asked = { ...target.asked, line: target.asked.line + 1 };
    await client.countReferences(asked);
    const definitionMs: number[] = [];
    const referencesMs: number[] = [];
    for (let turn = 0; turn < EDITS; turn++) {
        const name = `typed_${turn}`;
        const before = ` let ${name} = ${turn}; let _ = `;
        const start = monotonicMs();
        await client.insert({ path, line, column: head.length }, `${before}${name};`);
        const column = head.length + before.length;
        if ((await client.countDefinitions({ path, line, column })) === 0) {
            throw new Error(`no definition of what was typed into ${path}`);
        }
        definitionMs.push(monotonicMs() - start);
        const again = monotonicMs();
        await client.insert({ path, line, column: head.length }, ` let _ = ${turn};`);
        await client.countReferences(asked);
        referencesMs.push(monotonicMs() - again);
    }
    return { definitionMs, referencesMs };
}
