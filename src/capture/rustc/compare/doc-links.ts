// Links of documentation, as rustdoc understands them: it is run on a crate once more as it was compiled, for
// its lints alone. And which documentation a name can be in.

import { join } from "node:path";

import {
    makeFolder,
    readBytesIfThere,
    runProcess,
    writeFileAtomic,
} from "../../../platform/index.ts";
import type { CompilationRecord } from "../compilation-record.ts";
import { compilingArguments } from "../rustc-arguments.ts";
import { hasWord } from "./compared-crates.ts";

/** What rustdoc said: links that lead nowhere, or why it could not say. */
export type DocLinks = { readonly broken: readonly string[] } | { readonly failure: string };

const TIMEOUT_MS = 10 * 60_000;

/** Finds links that lead nowhere in the documentation of a crate. */
export async function findBrokenLinks(
    record: CompilationRecord,
    signal: AbortSignal | undefined,
): Promise<DocLinks> {
    const args = [
        ...compilingArguments(record.args).filter((arg) => arg !== "--test"),
        ...["-Zunstable-options", "--check", "--document-private-items", "--cap-lints=warn"],
        ...["-Arustdoc::all", "-Wrustdoc::broken_intra_doc_links", "--error-format=json"],
    ];
    const rustdoc = record.rustc.replace(/rustc(?=(?:\.exe)?$)/u, "rustdoc");
    const done = await runProcess(rustdoc, args, {
        cwd: record.cwd,
        env: { ...record.env, RUSTC_BOOTSTRAP: "1", CARGO_MAKEFLAGS: "" },
        timeoutMs: TIMEOUT_MS,
        ...(signal === undefined ? {} : { signal }),
    });
    const messages = done.stderr.split("\n").flatMap((line) => messageOf(line) ?? []);
    if (done.code !== 0) {
        const first = messages.find(({ level }) => level === "error")?.message;
        return { failure: first ?? done.stderr.trim().split("\n").at(-1) ?? "rustdoc failed" };
    }
    return {
        broken: messages
            .filter(({ code }) => code === "rustdoc::broken_intra_doc_links")
            .map(({ message }) => message)
            .sort(),
    };
}

/** Where it is kept what was found in a crate of a known state. */
export interface KeptLinks {
    readonly folder: string;
    readonly state: string;
}

/** The same for a crate of a known state: what was found then is kept. */
export async function knownBrokenLinks(
    record: CompilationRecord,
    kept: KeptLinks,
    signal: AbortSignal | undefined,
): Promise<DocLinks> {
    const known = await keptBrokenLinks(record, kept);
    if (known !== undefined) {
        return known;
    }
    const found = await findBrokenLinks(record, signal);
    if ("broken" in found) {
        await makeFolder(kept.folder);
        const text = JSON.stringify(found.broken);
        await writeFileAtomic(fileOfLinks(record, kept), Buffer.from(text, "utf8"));
    }
    return found;
}

/** What was found in a crate of a known state; undefined where nothing was looked for. */
export async function keptBrokenLinks(
    record: CompilationRecord,
    kept: KeptLinks,
): Promise<DocLinks | undefined> {
    const bytes = await readBytesIfThere(fileOfLinks(record, kept));
    return bytes === undefined
        ? undefined
        : { broken: JSON.parse(Buffer.from(bytes).toString("utf8")) as string[] };
}

function fileOfLinks({ name }: CompilationRecord, { folder, state }: KeptLinks): string {
    return join(folder, `${name}.doc-links.${state}`);
}

interface Message {
    readonly level: string;
    readonly code: string;
    readonly message: string;
}

function messageOf(line: string): Message | undefined {
    if (!line.startsWith("{")) {
        return undefined;
    }
    try {
        const { level, code, message } = JSON.parse(line) as {
            readonly level?: string;
            readonly code?: { readonly code?: string } | null;
            readonly message?: string;
        };
        return { level: level ?? "", code: code?.code ?? "", message: message ?? "" };
    } catch {
        return undefined; // Not one of its messages.
    }
}

/** Where a text's documentation speaks of some words. */
export interface DocMentions {
    readonly inText: boolean;
    /** In a piece of code, which is a test. */
    readonly inCode: boolean;
}

const DOC_LINE = /^\s*(?:\/\/[/!]|\/\*[*!]|\*(?!\/)|#!?\[\s*doc\b)(.*)$/u;

/** Looks for words in documentation. What looks like a line of it counts. */
export function findDocMentions(text: string, words: readonly string[]): DocMentions {
    let inText = false;
    let inCode = false;
    let isFenced = false;
    for (const line of hasWord(text, words) ? text.split("\n") : []) {
        const said = DOC_LINE.exec(line)?.[1];
        if (said === undefined) {
            isFenced = false;
            continue;
        }
        if (/^\s*(?:```|~~~)/u.test(said)) {
            isFenced = !isFenced;
        }
        const isMention = hasWord(said, words);
        inText ||= isMention;
        inCode ||= isMention && (isFenced || /^ {5}/u.test(said));
    }
    return { inText, inCode };
}
