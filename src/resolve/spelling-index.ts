// Which files spell a name: asked for every name of a rename, several times, so that it must not cost a look
// at every file's names. Built once over one version of the files; those that have changed are looked at.

import { appendTo } from "../base/index.ts";
import type { FileCapture, SyntaxTree } from "../syntax/index.ts";

type Captures = ReadonlyMap<string, FileCapture>;

/** Files that differ from the indexed ones before all are indexed anew. */
const CHANGED_MAX = 64;

/** Spellings of a workspace's files. */
export class SpellingIndex {
    readonly #trees = new Map<string, SyntaxTree>();
    readonly #paths = new Map<string, string[]>();
    /** Spellings that hold several names in one, such as those of attribute strings and doc links. */
    #long = new JoinedTexts([]);

    /** Paths of files that spell a name, or have a text that holds it; all others certainly do not. */
    pathsOf(name: string, captures: Captures): ReadonlySet<string> {
        const changed = this.#changedIn(captures);
        const found = new Set<string>();
        // Files that have moved since they were indexed are changed ones under their present paths.
        const add = (path: string): void => {
            if (captures.has(path)) {
                found.add(path);
            }
        };
        this.#paths.get(name)?.forEach(add);
        for (const long of this.#long.holding(name)) {
            this.#paths.get(long)?.forEach(add);
        }
        for (const [path, tree] of changed) {
            found.delete(path);
            if (tree.columns.names.some((one) => holds(one, name))) {
                found.add(path);
            }
        }
        return found;
    }

    /** Files whose trees are not those that are indexed. */
    #changedIn(captures: Captures): readonly [string, SyntaxTree][] {
        const changed: [string, SyntaxTree][] = [];
        for (const [path, { tree }] of captures) {
            if (this.#trees.get(path) !== tree) {
                changed.push([path, tree]);
            }
        }
        if (changed.length <= CHANGED_MAX) {
            return changed;
        }
        this.#build(captures);
        return [];
    }

    #build(captures: Captures): void {
        this.#trees.clear();
        this.#paths.clear();
        for (const [path, { tree }] of captures) {
            this.#trees.set(path, tree);
            for (const name of tree.columns.names) {
                appendTo(this.#paths, name, path);
            }
        }
        this.#long = new JoinedTexts([...this.#paths.keys()].filter(isLong));
    }
}

/** Texts that are searched together: a search in one long text is far quicker than one in each of thousands. */
class JoinedTexts {
    readonly #texts: readonly string[];
    readonly #joined: string;
    /** Where each text begins. */
    readonly #starts: Uint32Array;

    constructor(texts: readonly string[]) {
        this.#texts = texts;
        this.#joined = texts.join("\n");
        this.#starts = new Uint32Array(texts.length);
        let start = 0;
        texts.forEach((text, i) => {
            this.#starts[i] = start;
            start += text.length + 1;
        });
    }

    /** Texts that have a name in them, and more. */
    *holding(name: string): Iterable<string> {
        let at = this.#joined.indexOf(name);
        for (let i = 0; i < this.#texts.length && at !== -1; i++) {
            const text = this.#texts[i] ?? "";
            const end = (this.#starts[i] ?? 0) + text.length;
            if (at < end) {
                if (text.length > name.length) {
                    yield text;
                }
                at = this.#joined.indexOf(name, end);
            }
        }
    }
}

/** Whether a spelling is a name, or holds it beside others. */
export function holds(spelling: string, name: string): boolean {
    return (
        spelling === name ||
        (spelling.length > name.length && spelling.includes(name) && isLong(spelling))
    );
}

/** Whether a spelling is no name, but may hold several. */
export function isLong(spelling: string): boolean {
    return !/^\p{XID_Continue}*$/u.test(spelling);
}
