// Single questions to rust-analyzer, for whom somebody waits: tokens that nobody has decided. It is started by the
// first question, kept for a while, and ended when it takes too much memory. What it says is judged as its index is,
// and is evidence from then on, also for questions that did not wait for it.

import { join } from "node:path";

import { LineIndex, OperatingError, takeTurns } from "../base/index.ts";
import type { AskedToken, DefinitionAsker } from "../capture/index.ts";
import type { Logger } from "../platform/index.ts";
import type { AskedAnalyzerDto, PlaceDto } from "../protocol/index.ts";
import type { Evidence, Resolution, ResolvedWorkspace, UnitEvidence } from "../resolve/index.ts";
import { ANALYZER_FOLDER } from "./analyzer-facts.ts";
import type { CommittedState } from "./committed-state.ts";
import type { AnalyzerPort } from "./facts-port.ts";
import { JoinedEvidence } from "./joined-evidence.ts";
import type { Pace } from "./pace.ts";
import { savedText } from "./source-table.ts";
import { filesChanging, StaleFiles } from "./view.ts";
import type { ToolFacts } from "./tool-facts.ts";
import type { BaseState } from "./workspace-view.ts";

/** What questions stand on. */
export interface AnalyzerQuestionsParts {
    readonly root: string;
    readonly trusted: boolean;
    /** Whether rust-analyzer may be run at all. */
    readonly isAllowed: boolean;
    readonly logger: Logger;
    readonly pace: Pace;
    readonly port: AnalyzerPort;
    readonly facts: Pick<ToolFacts, "evidence" | "load">;
    readonly committed: () => CommittedState | undefined;
    readonly storeFolder: () => string;
    readonly checked: (resolution: Resolution) => ResolvedWorkspace;
    /** Resolves the present state again with the new evidence. */
    readonly takeEvidence: () => Promise<void>;
    /** Longest wait of who asks; by default WAIT_MS. */
    readonly waitMs?: number;
}

/** A token in a text that somebody sees. */
export interface QuestionToken {
    readonly at: PlaceDto;
    readonly text: string;
}

/** Who asks waits so long at most; the work goes on. */
const WAIT_MS = 30_000;
/** It is ended when nothing was asked for this long. */
const KEPT_MS = 10 * 60_000;
const MEMORY_BYTES_MAX = 3 * 1024 * 1024 * 1024;
const TOKENS_MAX = 200;
const PROBES = 6;
/** Names of the standard library that hardly a workspace does without. */
const STD_NAMES = ["Some", "None", "Ok", "Err", "Vec", "String", "Option", "Result", "Box"];
const NAME = /(?:r#)?[\p{L}_][\p{L}\p{N}_]*/uy;

/** A running rust-analyzer, and the texts that it read when it was started. */
interface Running {
    readonly asker: Awaited<ReturnType<AnalyzerPort["startAsker"]>>;
    readonly shape: string;
    readonly hashes: ReadonlyMap<string, string>;
    seesStd: boolean | undefined;
}

/** Questions of one workspace. */
export class AnalyzerQuestions {
    readonly #parts: AnalyzerQuestionsParts;
    #running: Running | undefined;
    #queue: Promise<unknown> = Promise.resolve();
    #keeping: NodeJS.Timeout | undefined;
    #evidence: Evidence | undefined;
    readonly #joined = new JoinedEvidence();
    /** Tokens that were asked about in these very files: what it says of others may not hold any more. */
    readonly #known = new Set<string>();
    #knownOf: BaseState["sources"] | undefined;
    #isClosed = false;

    constructor(parts: AnalyzerQuestionsParts) {
        this.#parts = parts;
    }

    /** All evidence: that of the tools' facts, and the answers. */
    get evidence(): Evidence | undefined {
        return this.#joined.of(this.#parts.facts.evidence, this.#evidence);
    }

    load(): Promise<void> {
        return this.#parts.facts.load();
    }

    /** Asks about tokens; answers within the stated wait, whatever came of it. */
    async ask(tokens: readonly QuestionToken[]): Promise<AskedAnalyzerDto> {
        const { trusted, isAllowed, waitMs = WAIT_MS } = this.#parts;
        const aside = (reason: string): AskedAnalyzerDto => ({
            ...{ state: "aside", reason, asked: tokens.length, answered: 0 },
        });
        if (!trusted) {
            return aside("the workspace is not trusted: rust-analyzer runs its build scripts");
        }
        if (!isAllowed) {
            return aside("rust-analyzer is switched off for this daemon");
        }
        const work = this.#queue.then(() => this.#answer(tokens));
        this.#queue = work.catch(() => undefined);
        let timer: NodeJS.Timeout | undefined;
        const late = new Promise<AskedAnalyzerDto>((resolve) => {
            timer = setTimeout(() => {
                const reason = `no answer within ${waitMs / 1_000} s; it goes on: ask again later`;
                resolve({ state: "loading", reason, asked: tokens.length, answered: 0 });
            }, waitMs);
        });
        try {
            return await Promise.race([work, late]);
        } catch (thrown) {
            this.#parts.logger.info({ err: thrown }, "rust-analyzer was not asked");
            return aside(thrown instanceof Error ? thrown.message : String(thrown));
        } finally {
            clearTimeout(timer);
        }
    }

    async close(): Promise<void> {
        this.#isClosed = true;
        clearTimeout(this.#keeping);
        await this.#end();
        await this.#queue;
    }

    async #answer(tokens: readonly QuestionToken[]): Promise<AskedAnalyzerDto> {
        const state = this.#parts.committed()?.current;
        if (state === undefined || this.#isClosed) {
            throw new OperatingError("ENGINE_CLOSED", "the workspace is closed");
        }
        const running = await this.#ready(state);
        await running.asker.tell(this.#textsSince(running, state));
        running.seesStd ??= await running.asker.seesStd(this.#probes(state));
        this.#keep();
        if (!running.seesStd) {
            await this.#end(); // Another one looks again: its sources may be there by then.
            const reason =
                "it does not see the standard library: it names no place in it. " +
                "Run `rustup component add rust-src`, or set RUST_SRC_PATH";
            return { state: "aside", reason, asked: tokens.length, answered: 0 };
        }
        if (this.#knownOf !== state.sources) {
            this.#known.clear();
            this.#knownOf = state.sources;
        }
        const asked = tokens
            .flatMap((token) => this.#askable(token, state))
            .filter(({ key }) => !this.#known.has(key))
            .slice(0, TOKENS_MAX);
        const documents = await running.asker.documentsOf(asked.map(({ token }) => token));
        const answered = await this.#take(state, documents);
        asked.forEach(({ key }) => this.#known.add(key));
        return { state: "answered", reason: "", asked: asked.length, answered };
    }

    /** One that has loaded these packages. */
    async #ready(state: BaseState): Promise<Running> {
        const { port, root, trusted, storeFolder } = this.#parts;
        if (
            this.#running !== undefined &&
            (!this.#isStillOf(state) || this.#running.asker.isEnded)
        ) {
            await this.#end();
        }
        if (this.#running === undefined) {
            const asker = await port.startAsker(root, {
                trusted,
                folder: join(storeFolder(), ANALYZER_FOLDER),
                memoryBytesMax: MEMORY_BYTES_MAX,
            });
            const hashes = new Map(
                [...state.sources].map(([path, { contentHash }]) => [path, contentHash]),
            );
            this.#running = { asker, shape: state.shape, hashes, seesStd: undefined };
        }
        const running = this.#running;
        try {
            await running.asker.ready();
        } catch (thrown) {
            await this.#end();
            throw thrown;
        }
        return running;
    }

    /** Files that came or went are modules that did: then it loads anew. */
    #isStillOf({ shape, sources }: BaseState): boolean {
        const { hashes, shape: before } = this.#running ?? { hashes: new Map(), shape: "" };
        return (
            before === shape &&
            hashes.size === sources.size &&
            [...sources.keys()].every((path) => hashes.has(path))
        );
    }

    /** Texts of files that are not what they were when it was started. */
    #textsSince({ hashes }: Running, { sources }: BaseState): { path: string; text: string }[] {
        return [...sources].flatMap(([path, { contentHash }]) => {
            const text =
                hashes.get(path) === contentHash ? undefined : this.#textOf(path, contentHash);
            return text === undefined ? [] : [{ path, text }];
        });
    }

    /** Tokens that mean something of the standard library. */
    #probes(state: BaseState): AskedToken[] {
        const { resolution, sources } = state;
        const found = STD_NAMES.flatMap((name) =>
            resolution
                .occurrencesNamed(name)
                .filter(({ binding }) => binding.kind === "external")
                .slice(0, 2)
                .map(({ file, span }) => ({ file, start: span.start, length: name.length })),
        );
        return found.slice(0, PROBES).flatMap(({ file, start, length }) => {
            const text = this.#textOf(file, sources.get(file)?.contentHash ?? "");
            if (text === undefined) {
                return [];
            }
            const { line, column } = new LineIndex(text).position(start, "utf-16");
            return [{ path: file, line, column, length }];
        });
    }

    /** A token that stands in a text that is saved. */
    #askable(
        { at, text }: QuestionToken,
        { sources }: BaseState,
    ): { readonly key: string; readonly token: AskedToken }[] {
        const { path, line, column } = at;
        const hash = sources.get(path)?.contentHash ?? "";
        if (this.#textOf(path, hash) !== text) {
            return [];
        }
        NAME.lastIndex = new LineIndex(text).offset({ line, column }, "utf-16");
        const length = NAME.exec(text)?.[0].length ?? 0;
        const token = { path, line, column, length };
        return length === 0 ? [] : [{ key: `${hash}:${line}:${column}`, token }];
    }

    /** Makes evidence of answers; says how many of them are any. */
    async #take(
        state: BaseState,
        documents: Awaited<ReturnType<DefinitionAsker["documentsOf"]>>,
    ): Promise<number> {
        const committed = this.#parts.committed();
        if (committed?.current?.sources !== state.sources) {
            throw filesChanging(new StaleFiles([]));
        }
        if (documents.length === 0) {
            return 0;
        }
        const module = await import("../resolve/index.ts");
        const captures = await committed.loadCaptures(state.captures);
        const textOf = (path: string, hash: string): string | undefined => this.#textOf(path, hash);
        const reducer = new module.ScipReducer({
            model: state.model,
            resolution: this.#parts.checked(state.resolution),
            captures,
            textOf: (path) => textOf(path, captures.get(path)?.contentHash ?? ""),
        });
        const { pause } = this.#parts.pace;
        await takeTurns(reducer.prepare(), pause);
        documents.forEach((document) => {
            reducer.take(document);
        });
        const units = (await takeTurns(reducer.finish(), pause)).flatMap(
            ({ bytes }): UnitEvidence | never[] => module.decodeUnitEvidence(bytes) ?? [],
        );
        const made = new module.Evidence(units, reducer.outside, textOf);
        this.#evidence = this.#evidence === undefined ? made : made.with(this.#evidence);
        await this.#parts.takeEvidence();
        const { taken, leftOut } = reducer.report();
        this.#parts.logger.info({ taken, leftOut }, "rust-analyzer was asked");
        return documents.reduce(
            (sum, { occurrences }) => sum + occurrences.filter((one) => !one.isDefinition).length,
            0,
        );
    }

    #keep(): void {
        clearTimeout(this.#keeping);
        this.#keeping = setTimeout(() => {
            void this.#end();
        }, KEPT_MS);
        this.#keeping.unref();
    }

    async #end(): Promise<void> {
        const running = this.#running;
        this.#running = undefined;
        await running?.asker.stop();
    }

    #textOf(path: string, contentHash: string): string | undefined {
        return savedText(this.#parts.root, path, contentHash);
    }
}
