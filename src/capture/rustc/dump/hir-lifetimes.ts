// Uses of named lifetimes. The dumps give a lifetime no place, so tokens are counted: inside the smallest
// span around them, as many tokens of that name as the dump mentions are those mentions; else nothing is said.

import { childNode, childText, itemText, type DebugNode } from "./debug-tree.ts";
import { isPathKeyword, ownText, parseDefId, parseIdent } from "./dump-words.ts";
import type { FactCollector } from "./fact-collector.ts";
import { tokenSpan } from "./place-finder.ts";
import { TOKEN, type RustTokens } from "./rust-tokens.ts";
import type { SourceSpan } from "./source-files.ts";

interface Group {
    readonly name: string;
    readonly within: SourceSpan;
    readonly ids: Set<string>;
    readonly definitions: Set<string>;
}

/** Collects mentions of lifetimes of one owner, then finds their tokens. */
export class LifetimeUses {
    readonly #collector: FactCollector;
    readonly #groups = new Map<string, Group>();

    constructor(collector: FactCollector) {
        this.#collector = collector;
    }

    /** Takes a `Lifetime` node. */
    add(node: DebugNode, within: SourceSpan | undefined): void {
        const ident = parseIdent(childText(node, "ident"));
        const kind = childNode(node, "kind");
        const path = kind?.name === "Param" ? parseDefId(itemText(kind, 0)) : undefined;
        const id = childText(node, "hir_id");
        if (ident === undefined || path === undefined || isPathKeyword(ident.name)) {
            return;
        }
        if (ident.context !== 0 || within === undefined || id === undefined) {
            this.#collector.drop("lifetime");
            return;
        }
        const key = `${ident.name} ${within.file}:${within.start}:${within.end}`;
        const group = this.#groups.get(key) ?? {
            name: ownText(ident.name),
            within,
            ids: new Set<string>(),
            definitions: new Set<string>(),
        };
        group.ids.add(id);
        group.definitions.add(ownText(path));
        this.#groups.set(key, group);
    }

    /** Finds the tokens of what was added, the innermost spans first. */
    settle(): void {
        const length = (group: Group): number => group.within.end - group.within.start;
        const groups = [...this.#groups.values()].sort((a, b) => length(a) - length(b));
        const claimed = new Set<string>();
        for (const group of groups) {
            this.#settleGroup(group, claimed);
        }
        this.#groups.clear();
    }

    #settleGroup(group: Group, claimed: Set<string>): void {
        const file = this.#collector.files.file(group.within.file);
        const { tokens } = file;
        const found: number[] = [];
        let index = tokens.firstEndingAfter(group.within.start);
        for (; (tokens.starts[index] ?? Infinity) < group.within.end; index += 1) {
            const isUse =
                tokens.kinds[index] === TOKEN.lifetime &&
                tokens.name(index) === group.name &&
                !claimed.has(`${file.index}:${index}`) &&
                !isLabel(tokens, index) &&
                !isParameter(tokens, index);
            if (isUse) {
                found.push(index);
            }
        }
        const [path] = group.definitions;
        if (found.length !== group.ids.size || group.definitions.size !== 1 || path === undefined) {
            group.ids.forEach(() => {
                this.#collector.drop("lifetime");
            });
            return;
        }
        const target = this.#collector.target("definition", path);
        for (const token of found) {
            claimed.add(`${file.index}:${token}`);
            const at = tokenSpan(file, token, 0);
            this.#collector.use(group.name, { at, role: "lifetime", flags: 0, target });
        }
    }
}

function isLabel(tokens: RustTokens, index: number): boolean {
    const before = tokens.name(index - 1);
    const after = tokens.isPunctuation(index + 1, ":") ? tokens.name(index + 2) : "";
    return ["break", "continue"].includes(before) || ["loop", "while", "for", "{"].includes(after);
}

/** True for the declaration of a lifetime in `<'a, 'b: 'a>` of an item or `for<'a>`. */
function isParameter(tokens: RustTokens, index: number): boolean {
    let depth = 0;
    for (let at = index - 1; at >= 0; at -= 1) {
        if (tokens.isPunctuation(at, ">")) {
            depth += 1;
        } else if (tokens.isPunctuation(at, "<")) {
            if (depth === 0) {
                return isParameterList(tokens, at) && startsParameter(tokens, index);
            }
            depth -= 1;
        } else if (tokens.isPunctuation(at, ";") || tokens.isPunctuation(at, "{")) {
            return false;
        }
    }
    return false;
}

function startsParameter(tokens: RustTokens, index: number): boolean {
    return tokens.isPunctuation(index - 1, "<") || tokens.isPunctuation(index - 1, ",");
}

function isParameterList(tokens: RustTokens, open: number): boolean {
    const before = tokens.name(open - 1);
    const introducer = tokens.name(open - 2);
    return (
        ["impl", "for"].includes(before) ||
        ["fn", "struct", "enum", "union", "trait", "type"].includes(introducer)
    );
}
