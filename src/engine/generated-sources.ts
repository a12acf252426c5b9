// Sources that build scripts make and crates take in: found by their includes, made by Cargo in a folder of our own where
// the workspace is trusted, and read there, so that no plan is made without them. They are never edited.

import { join } from "node:path";

import {
    CancelledError,
    checkCancelled,
    type AbsPath,
    type CancelSignal,
    type ProgressSink,
} from "../base/index.ts";
import { runCargo } from "../cargo/index.ts";
import { listTree, readBytesIfThere, type Logger } from "../platform/index.ts";
import type { GeneratedInclude } from "../refactor/index.ts";
import { KIND, type FileCapture } from "../syntax/index.ts";
import type { Package, WorkspaceModel } from "../workspace/index.ts";
import { decodeText } from "./source-table.ts";

type Captures = ReadonlyMap<string, FileCapture>;

/** A state of the workspace, as far as includes concern it. */
interface IncludingState {
    readonly captures: Captures;
    readonly model: WorkspaceModel;
    readonly textOf: (path: string) => string;
}

/** An include of what is made. */
interface Include {
    readonly path: string;
    readonly span: GeneratedInclude["span"];
    /** Name of the one source; all of the package's where that is not written. */
    readonly source: string | undefined;
}

type IncludeInFile = Omit<Include, "path">;

/** Texts of one package's sources by their names. */
type MadeTexts = ReadonlyMap<string, string>;

/** What was made for one state. */
export class MadeSources {
    /** Texts by the folder of the package. */
    readonly #made: ReadonlyMap<string, MadeTexts>;
    /** Seconds after which whoever asked waited no more; undefined where all that can be made is made. */
    readonly #waited: number | undefined;

    constructor(made: ReadonlyMap<string, MadeTexts>, waited?: number) {
        this.#made = made;
        this.#waited = waited;
    }

    /** All includes of a state, with what they take in. */
    includesOf(state: IncludingState): GeneratedInclude[] {
        return findIncludes(state).map(({ path, span, source }) => {
            const made = this.#made.get(packageOf(state.model, path)?.folder ?? "");
            const all = [...(made ?? [])].map(([name, text]) => ({ name, text }));
            const own = all.filter(({ name }) => name === source);
            // A source may take in others in turn.
            const isWhole =
                own.length > 0 && own.every(({ text }) => !/\b(?:include|mod)\b/u.test(text));
            const sources = made === undefined ? undefined : isWhole ? own : all;
            return { path, span, sources, waited: this.#waited };
        });
    }
}

/** What generated sources are made with. */
export interface GeneratedParts {
    readonly root: AbsPath;
    /** Whether cargo may be run. */
    readonly trusted: boolean;
    readonly storeFolder: () => string;
    readonly logger: Logger;
    /** How long somebody waits at most; WAIT_MS unless a test says so. */
    readonly waitMs?: number;
}

/** Who waits for what is made. */
export interface WhoWaits {
    readonly signal?: CancelSignal | undefined;
    readonly onProgress?: ProgressSink | undefined;
}

/** Somebody waits no longer for what is made: a build that takes more goes on, and the next question finds it. */
const WAIT_MS = 60_000;

/** How long it takes at most until a wish to cancel is seen. */
const POLL_MS = 100;

const NOTHING = new MadeSources(new Map());

/** Folder of what is built, in the store. */
const FOLDER = "generated";

/** Files of one package that are read. */
const FILES_MAX = 2000;

/** One state's sources in the making. */
class Making {
    readonly #abort = new AbortController();
    readonly #waiting = new Set<WhoWaits>();
    /** Targets that Cargo has come to. */
    #targets = 0;
    made: Promise<MadeSources> = Promise.resolve(NOTHING);

    get signal(): AbortSignal {
        return this.#abort.signal;
    }

    stop(): void {
        this.#abort.abort();
    }

    join(who: WhoWaits): void {
        this.#waiting.add(who);
        this.#tell(who);
    }

    /** Tells whether nobody waits any more. */
    leave(who: WhoWaits): boolean {
        this.#waiting.delete(who);
        return this.#waiting.size === 0;
    }

    onTarget = (): void => {
        this.#targets += 1;
        for (const who of this.#waiting) {
            this.#tell(who);
        }
    };

    #tell({ onProgress }: WhoWaits): void {
        onProgress?.("making generated code", this.#targets, 0);
    }
}

/** Generated sources of one workspace. */
export class GeneratedSources {
    readonly #parts: GeneratedParts;
    readonly #made = new WeakMap<object, Making>();
    readonly #current = new Set<Making>();
    #running: Promise<unknown> = Promise.resolve();

    constructor(parts: GeneratedParts) {
        this.#parts = parts;
    }

    /**
     * Sources for a state, which `key` stands for; made once. Whoever waits is told how far it is, and can cancel:
     * when nobody waits any more, nothing goes on. After a minute what is made by then is given.
     */
    of(key: object, state: IncludingState, who: WhoWaits = {}): Promise<MadeSources> {
        const includes = this.#parts.trusted ? findIncludes(state) : [];
        if (includes.length === 0) {
            return Promise.resolve(NOTHING);
        }
        let making = this.#made.get(key);
        if (making === undefined) {
            const packages = includes.flatMap(({ path }) => packageOf(state.model, path) ?? []);
            making = this.#begin(key, [...new Set(packages)]);
        }
        return this.#wait(key, making, who);
    }

    /** Ends what is under way. */
    async close(): Promise<void> {
        for (const making of this.#current) {
            making.stop();
        }
        await this.#running;
    }

    #begin(key: object, packages: readonly Package[]): Making {
        const making = new Making();
        making.made = this.#running.then(() => this.#make(packages, making));
        this.#running = making.made.catch(() => undefined);
        this.#made.set(key, making);
        this.#current.add(making);
        making.made
            .catch(() => {
                this.#forget(key, making);
            })
            .finally(() => {
                this.#current.delete(making);
            });
        return making;
    }

    #forget(key: object, making: Making): void {
        if (this.#made.get(key) === making) {
            this.#made.delete(key);
        }
    }

    async #wait(key: object, making: Making, who: WhoWaits): Promise<MadeSources> {
        const waitMs = this.#parts.waitMs ?? WAIT_MS;
        let end: (late: "cancelled" | "late") => void = () => undefined;
        const ended = new Promise<"cancelled" | "late">((resolve) => {
            end = resolve;
        });
        const limit = setTimeout(end, waitMs, "late");
        const poll = setInterval(() => {
            if (who.signal?.aborted === true) {
                end("cancelled");
            }
        }, POLL_MS);
        making.join(who);
        try {
            checkCancelled(who.signal);
            const found = await Promise.race([making.made, ended]);
            if (found === "late") {
                return new MadeSources(new Map(), Math.round(waitMs / 1000));
            }
            if (found === "cancelled") {
                throw new CancelledError();
            }
            return found;
        } catch (thrown) {
            if (making.leave(who) && who.signal?.aborted === true) {
                this.#forget(key, making);
                making.stop();
            }
            throw thrown;
        } finally {
            making.leave(who);
            clearTimeout(limit);
            clearInterval(poll);
        }
    }

    async #make(packages: readonly Package[], making: Making): Promise<MadeSources> {
        const made = new Map<string, MadeTexts>();
        const folders = new Set(packages.map((one) => one.workspaceFolder));
        for (const folder of folders) {
            const own = packages.filter((one) => one.workspaceFolder === folder);
            const outputs = await this.#build(join(this.#parts.root, folder), own, making);
            for (const { name, folder: at } of own) {
                const place = join(this.#parts.root, at).replace(/\/$/u, "");
                const output = outputs.find(
                    ({ packageId }) =>
                        packageId.includes(`file://${place}#`) || packageId.startsWith(`${name} `),
                );
                if (output !== undefined) {
                    made.set(at, await readSources(output.folder));
                }
            }
        }
        return new MadeSources(made);
    }

    async #build(
        folder: string,
        packages: readonly Package[],
        { signal, onTarget }: Making,
    ): Promise<readonly { readonly packageId: string; readonly folder: string }[]> {
        const names = packages.flatMap(({ name }) => ["-p", name]);
        const args = ["check", ...names, "--keep-going", "--offline", "--message-format=json"];
        try {
            const run = await runCargo({
                ...{ folder, args, signal, onTarget },
                targetFolder: join(this.#parts.storeFolder(), FOLDER),
            });
            return run.buildScripts;
        } catch (err) {
            if (err instanceof CancelledError) {
                throw err;
            }
            // What is not made is told at each place that it could matter to.
            this.#parts.logger.warn({ err }, "generated sources could not be made");
            return [];
        }
    }
}

async function readSources(folder: string): Promise<MadeTexts> {
    const paths = await listTree(folder, { accept: () => true });
    const texts = new Map<string, string>();
    for (const path of paths.slice(0, FILES_MAX)) {
        const bytes = await readBytesIfThere(join(folder, path));
        const text = bytes === undefined ? undefined : decodeText(bytes);
        if (text !== undefined) {
            texts.set(path, text);
        }
    }
    return texts;
}

/** Includes by the version of the file: every plan asks for those of all files. */
const known = new WeakMap<FileCapture, readonly IncludeInFile[]>();

/** Calls that take in what a build script makes: `include!` of a variable's folder, and macros of others so called. */
function findIncludes({ captures, textOf }: IncludingState): Include[] {
    const found: Include[] = [];
    for (const [path, capture] of captures) {
        let own = known.get(capture);
        if (own === undefined) {
            own = includesIn(capture, () => textOf(path));
            known.set(capture, own);
        }
        found.push(...own.map((one) => ({ path, ...one })));
    }
    return found;
}

function includesIn({ tree }: FileCapture, readText: () => string): IncludeInFile[] {
    const { kind, start, end, names } = tree.columns;
    if (!names.some((name) => CALLED.test(name))) {
        return [];
    }
    const found: IncludeInFile[] = [];
    const whole = readText();
    kind.forEach((each, node) => {
        const macro = each === KIND.macro_invocation ? tree.findChild(node, "macro") : undefined;
        if (macro === undefined) {
            return;
        }
        const span = { start: start[macro] ?? 0, end: end[macro] ?? 0 };
        const text = whole.slice(start[node] ?? 0, end[node] ?? 0);
        const name = whole.slice(span.start, span.end).split("::").at(-1)?.trim() ?? "";
        if (CALLED.test(name) && (name !== "include" || /\benv!/u.test(text))) {
            found.push({ span, source: OUTPUT.exec(text)?.[1] });
        }
    });
    return found;
}

const CALLED = /^include(?!_str$|_bytes$)(?:_\w+)?$/u;
const OUTPUT = /concat!\s*[([{]\s*env!\s*\(\s*"OUT_DIR"\s*\)\s*,\s*"\/([^"\\]+)"\s*,?\s*[)\]}]/u;

/** The package that a file lies in: that with the longest folder. */
function packageOf({ packages }: WorkspaceModel, path: string): Package | undefined {
    return packages
        .filter(({ folder }) => folder === "" || folder === "." || path.startsWith(`${folder}/`))
        .reduce<Package | undefined>(
            (best, one) =>
                best === undefined || one.folder.length > best.folder.length ? one : best,
            undefined,
        );
}
