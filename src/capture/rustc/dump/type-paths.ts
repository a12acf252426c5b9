// From a type as the compiler prints it to the definition it names. Dumps print types of structs by their
// visible path (`regex::Regex`), definitions by DefPath (`regex[ab12]::regex::string::Regex`).

import { ownText } from "./dump-words.ts";
import type { FactCollector } from "./fact-collector.ts";

/** A printed type's path without generic arguments; undefined when it is not a plain path. */
export function plainTypePath(printed: string): string | undefined {
    let plain = "";
    let depth = 0;
    for (let at = 0; at < printed.length; at += 1) {
        const character = printed[at];
        if (character === "<") {
            depth += 1;
        } else if (character === ">" && printed[at - 1] !== "-") {
            depth -= 1;
        } else if (depth === 0) {
            plain += character ?? "";
        }
    }
    const isPath = /^[\p{XID_Start}_]\p{XID_Continue}*(?:::[\p{XID_Start}_]\p{XID_Continue}*)*$/u;
    return isPath.test(plain) ? plain : undefined;
}

/** Finds definitions of printed types. */
export class TypePaths {
    readonly #collector: FactCollector;
    readonly #learned = new Map<string, string | undefined>();
    #crates: Map<string, string | undefined> | undefined;

    constructor(collector: FactCollector) {
        this.#collector = collector;
    }

    /** Takes note that a printed type is this definition; two that differ make it unknown. */
    learn(printed: string, path: string): void {
        const plain = plainTypePath(printed);
        if (plain === undefined) {
            return;
        }
        const known = this.#learned.has(plain);
        const isOther = known && this.#learned.get(plain) !== path;
        this.#learned.set(ownText(plain), isOther ? undefined : ownText(path));
    }

    /** DefPath of a printed struct, enum or union; undefined when it is not certain. */
    find(printed: string): string | undefined {
        const plain = plainTypePath(printed.replace(/^r#/, ""));
        if (plain === undefined) {
            return undefined;
        }
        if (this.#learned.has(plain)) {
            return this.#learned.get(plain);
        }
        const own = `${this.#collector.crateRoot()}::${plain}`;
        const isOwn = this.#collector.definitions.has(own);
        const foreign = this.#foreign(plain);
        if (isOwn && foreign !== undefined) {
            return undefined;
        }
        return isOwn ? own : foreign;
    }

    /** A visible path is also the DefPath unless the type is re-exported; then nothing has that DefPath. */
    #foreign(plain: string): string | undefined {
        const [crate = "", ...rest] = plain.split("::");
        const root = this.#crateRoots().get(crate);
        return root === undefined || rest.length === 0 ? undefined : `${root}::${rest.join("::")}`;
    }

    /** Crates by name; undefined where two versions share one. */
    #crateRoots(): Map<string, string | undefined> {
        if (this.#crates === undefined) {
            this.#crates = new Map();
            const own = this.#collector.crateRoot();
            for (const path of this.#collector.targetPaths()) {
                const root = path.split("::")[0] ?? "";
                const name = root.replace(/\[.*$/, "");
                if (root !== own && root.includes("[")) {
                    const isOther = this.#crates.has(name) && this.#crates.get(name) !== root;
                    this.#crates.set(name, isOther ? undefined : root);
                }
            }
        }
        return this.#crates;
    }
}
