// What outcomes of checks follow from, as a hash: the bytes of the worktree's files, the lock file that was
// brought along, submodules and ignored files that were, vendored sources, Cargo's and clippy's settings around it, the
// tools, and the environment. What build scripts, procedural macros and tests read elsewhere is not known; so what is
// remembered under a key may spare a run, and never decides against a change, nor for one that a test fails after
// (run-checks.ts).

import { createHash, type Hash } from "node:crypto";
import { dirname, join } from "node:path";

import { OperatingError } from "../base/index.ts";
import { describeToolchain } from "../cargo/index.ts";
import type { GitEntry, GitRepository } from "../git/index.ts";
import {
    environmentVariable,
    environmentVariables,
    hashFileIfThere,
    homeFolder,
    listStats,
    readBytesIfThere,
    readLinkIfThere,
} from "../platform/index.ts";
import { NOTHING_BROUGHT, type Brought } from "./bring-along.ts";

/** What a key is made for. */
export interface KeyedPlace {
    /** The worktree. */
    readonly repository: GitRepository;
    /** Root of the workspace in it. */
    readonly folder: string;
    readonly surroundings: Surroundings;
    readonly signal?: AbortSignal | undefined;
    /** What git has there, where that was asked already. */
    readonly entries?: readonly GitEntry[] | undefined;
    /** What came along that no commit has. */
    readonly brought?: Brought | undefined;
    /** Contents of this worktree at an earlier time, since when only git has changed files. */
    readonly earlier?: StateContents | undefined;
}

/** Hashes of contents by path, with what git calls them. */
export type StateContents = ReadonlyMap<
    string,
    { readonly blob: string; readonly content: string }
>;

/** A key, and what it was made from. */
export interface KeyedState {
    readonly key: string;
    readonly contents: StateContents;
}

/** Raised when checks are run or read in another way. */
const FORMAT = 3;

/** Variables that say where a shell stands, and nothing else. */
const INCIDENTAL: ReadonlySet<string> = new Set(["_", "OLDPWD", "PWD", "SHLVL"]);

/** Files that tools look for in all folders above. */
const SETTINGS = [
    ".cargo/config",
    ".cargo/config.toml",
    "rust-toolchain",
    "rust-toolchain.toml",
    ".clippy.toml",
    "clippy.toml",
];

/** Settings by which sources or tools lie where no key looks, or by which settings include others. */
const LEADS_OUT =
    /^\s*(?:paths?|include|rustc|rustdoc|rustc-w\w*-?wrapper|linker|runner)\b|\bpath\s*=/mu;

/** Files that no commit has, and that may name sources or tools outside of the worktree. */
const SAYS_WHERE = /(?:^|\/)(?:Cargo\.toml|\.cargo\/config(?:\.toml)?)$/u;

/** Files of vendored sources that are looked at. */
const SOURCES_MAX = 100_000;

/** Files that are read together. */
const AT_ONCE = 64;

/** Makes the key; undefined where outcomes follow from what no key can hold. */
export async function stateKey(place: KeyedPlace): Promise<KeyedState | undefined> {
    const contents = contentOf(place);
    contents.catch(() => undefined); // Thrown where it is awaited.
    const key = await keyAround(place);
    const found = await contents;
    if (key === undefined) {
        return undefined;
    }
    for (const line of found.lines) {
        key.update(line);
    }
    return { key: key.digest("hex"), contents: found.contents };
}

/**
 * What outcomes follow from around a worktree. An operation looks at it once, and while its worktree is made: what
 * changes meanwhile is another state to the next operation, which then remembers nothing of this one.
 */
export class Surroundings {
    readonly #sources: readonly string[] | undefined;
    #stats: Promise<readonly (readonly string[] | undefined)[]> | undefined;
    #text: Promise<string | undefined> | undefined;

    /** `sources` are folders of vendored sources outside of the repository; undefined where other files there are built too. */
    constructor(sources: readonly string[] | undefined) {
        this.#sources = sources;
    }

    /** Begins to look at the sources, for the time that git needs for the worktree. */
    look(): void {
        this.#lookAtSources().catch(() => undefined); // Thrown where it is awaited.
    }

    /** All that is there, as a text; undefined where outcomes follow from what no key can hold. */
    describe(
        place: Pick<KeyedPlace, "folder" | "repository" | "signal">,
    ): Promise<string | undefined> {
        this.#text ??= this.#read(place);
        return this.#text;
    }

    async #read({
        repository,
        folder,
        signal,
    }: Pick<KeyedPlace, "folder" | "repository" | "signal">): Promise<string | undefined> {
        const settings = await settingsAround(repository.top);
        if (settings.some(([, text]) => LEADS_OUT.test(text))) {
            return undefined;
        }
        let tools: string;
        try {
            tools = await describeToolchain(folder, signal);
        } catch (thrown) {
            if (thrown instanceof OperatingError) {
                return undefined; // The check itself says what is missing.
            }
            throw thrown;
        }
        const around = await this.#lookAtSources();
        return this.#sources === undefined || around.includes(undefined)
            ? undefined
            : JSON.stringify([settings, tools, environment(), this.#sources, around]);
    }

    #lookAtSources(): Promise<readonly (readonly string[] | undefined)[]> {
        this.#stats ??= Promise.all(
            (this.#sources ?? []).map((each) => listStats(each, SOURCES_MAX)),
        );
        return this.#stats;
    }
}

/** The beginning of a key: all but the files; undefined where outcomes follow from what no key can hold. */
async function keyAround(place: KeyedPlace): Promise<Hash | undefined> {
    const { repository, folder, surroundings, brought } = place;
    if (brought?.ignored.some((path) => SAYS_WHERE.test(path)) === true) {
        return undefined;
    }
    const around = await surroundings.describe(place);
    if (around === undefined) {
        return undefined;
    }
    const hash = createHash("sha256");
    hash.update(JSON.stringify([FORMAT, repository.top, folder]));
    hash.update(around);
    return hash;
}

function environment(): readonly (readonly [string, string])[] {
    return Object.entries(environmentVariables())
        .filter(([name]) => !INCIDENTAL.has(name))
        .sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Settings of the folders above the worktree, and of the user. */
async function settingsAround(top: string): Promise<(readonly [string, string])[]> {
    const folders: string[] = [];
    for (let at = dirname(top); ; at = dirname(at)) {
        folders.push(at);
        if (at === dirname(at)) {
            break;
        }
    }
    const home = environmentVariable("CARGO_HOME") ?? join(homeFolder(), ".cargo");
    const paths = [
        ...folders.flatMap((each) => SETTINGS.map((name) => join(each, name))),
        ...["config", "config.toml"].map((name) => join(home, name)),
    ];
    const texts: (readonly [string, string])[] = [];
    for (const path of paths) {
        const bytes = await readBytesIfThere(path);
        if (bytes !== undefined) {
            texts.push([path, Buffer.from(bytes).toString("utf8")]);
        }
    }
    return texts;
}

/** Hashes of the files as they lie there: attributes and settings of git change them. */
async function contentOf({
    repository,
    folder,
    earlier,
    brought = NOTHING_BROUGHT,
    entries: checkedOut,
}: KeyedPlace): Promise<Pick<KeyedState, "contents"> & { readonly lines: readonly string[] }> {
    const entries = checkedOut ?? (await repository.entries());
    // Attributes say how content becomes files.
    const isSameSetting = entries.every(
        ({ path, blob }) => !path.endsWith(".gitattributes") || earlier?.get(path)?.blob === blob,
    );
    const lines: string[] = [];
    const contents = new Map<string, { blob: string; content: string }>();
    for (let at = 0; at < entries.length; at += AT_ONCE) {
        const some = entries.slice(at, at + AT_ONCE).map(async ({ path, blob, kind }) => {
            const before = isSameSetting ? earlier?.get(path) : undefined;
            const content =
                kind !== "file"
                    ? blob
                    : before?.blob === blob
                      ? before.content
                      : await hashFileIfThere(join(repository.top, path));
            contents.set(path, { blob, content });
            return `${JSON.stringify([path, kind, content])}\n`;
        });
        lines.push(...(await Promise.all(some)));
    }
    for (const path of brought.files) {
        const content = await hashFileIfThere(join(repository.top, path));
        lines.push(`${JSON.stringify([path, "brought", content])}\n`);
    }
    for (const path of brought.links) {
        const to = await readLinkIfThere(join(repository.top, path));
        lines.push(`${JSON.stringify([path, "link", to])}\n`);
    }
    lines.push(`${JSON.stringify(["submodules", brought.submodules])}\n`);
    const lock = await hashFileIfThere(join(folder, "Cargo.lock"));
    return { contents, lines: [...lines, `lock ${lock}`] };
}
