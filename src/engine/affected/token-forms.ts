// What a token that is not decided cannot mean, for where it stands: after a dot it names a member of a value, after
// `Type::` what belongs to a type of that name, or is in a module of it. Whatever may be otherwise has no form.

import { NODE_FLAG } from "../../graph/index.ts";
import {
    BIND,
    isStdMacroName,
    OCCURRENCE_FLAG,
    type OccurrenceTable,
    type ResolutionSource,
} from "../../resolve/index.ts";
import { FLAG, type SyntaxTree } from "../../syntax/index.ts";
import type { DependenceInput } from "./ways.ts";

/** Nothing is known. */
export const ANY_FORM = "";
/** The token follows a dot. */
export const MEMBER_FORM = ".";

/** `X::` for a token that follows it, where `X` is no other name of something. */
export type TokenForm = string;

/** Words before `::` that no type and no module has for a name. */
const PATH_WORDS: ReadonlySet<string> = new Set(["Self", "self", "super", "crate"]);

/** Any of these says that a token of a token tree does not stand alone, as the new name in `use A as B` does. */
const BESIDE = FLAG.afterDot | FLAG.afterColons | FLAG.beforeColons | FLAG.beforeCall;

/** Forms of tokens, and whether a symbol can have them. */
export class TokenForms {
    readonly #source: ResolutionSource;
    readonly #captures: DependenceInput["captures"];
    /** Names that may be given to something that has another one. */
    readonly #aliases: ReadonlySet<string>;
    /** Whether a name is one of a module or crate. */
    readonly #modules = new Map<string, boolean>();
    readonly #parents: Int32Array;

    constructor({ source, captures, model }: DependenceInput, parents: Int32Array) {
        this.#source = source;
        this.#captures = captures;
        this.#parents = parents;
        const aliases = new Set<string>();
        for (const { tree } of captures.values()) {
            addAliases(tree, aliases);
        }
        this.#aliases = aliases;
        for (const { dependencies } of model.packages) {
            dependencies.forEach(({ externName }) => this.#modules.set(externName, true));
        }
    }

    /** The forms of a file's tokens, by where they begin. */
    of(path: string): (start: number) => TokenForm {
        const tree = this.#captures.get(path)?.tree;
        return tree === undefined ? () => ANY_FORM : (start) => this.#formAt(tree, start);
    }

    #formAt(tree: SyntaxTree, start: number): TokenForm {
        const node = leafAt(tree, start);
        if (node === undefined || this.#isTakenApart(tree, node)) {
            return ANY_FORM;
        }
        const parent = tree.columns.parent[node] ?? 0;
        const kind = tree.kindOf(parent);
        if (tree.hasFlag(node, FLAG.afterDot)) {
            return MEMBER_FORM;
        }
        if (kind === "field_expression" && tree.findChild(parent, "field") === node) {
            return MEMBER_FORM;
        }
        if (kind === "scoped_identifier" || kind === "scoped_type_identifier") {
            const path = tree.findChild(parent, "path");
            return path === undefined || path === node ? ANY_FORM : this.#ownerForm(tree, path);
        }
        if (tree.hasFlag(node, FLAG.afterColons)) {
            const before = siblingBefore(tree, node);
            const isName = before !== undefined && tree.hasFlag(before, FLAG.beforeColons);
            return isName ? this.#ownerForm(tree, before) : ANY_FORM;
        }
        return ANY_FORM;
    }

    /** The form of what follows a name and `::`. */
    #ownerForm(tree: SyntaxTree, node: number): TokenForm {
        const kind = tree.kindOf(node);
        const isScoped = kind === "scoped_identifier" || kind === "scoped_type_identifier";
        const last = isScoped ? tree.findChild(node, "name") : node;
        if (last === undefined || !isName(tree, last)) {
            return ANY_FORM;
        }
        const name = tree.nameOf(last);
        return name === "" || PATH_WORDS.has(name) || this.#aliases.has(name)
            ? ANY_FORM
            : `${name}::`;
    }

    /** Whether a token is in the input of a macro that may put it elsewhere. */
    #isTakenApart(tree: SyntaxTree, node: number): boolean {
        const { parent } = tree.columns;
        for (let at = node; at > 0; at = parent[at] ?? 0) {
            const around = parent[at] ?? 0;
            const kind = tree.kindOf(around);
            if (kind === "macro_invocation") {
                const called = tree.findChild(around, "macro") ?? around + 1;
                if (called !== at && !this.#isPlainMacro(tree, called)) {
                    return true;
                }
            } else if (tree.kindOf(at) === "token_tree") {
                const before = siblingBefore(tree, at);
                const isCall = before !== undefined && tree.hasFlag(before, FLAG.beforeBang);
                if (isCall && !this.#isPlainMacro(tree, before)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether it is a macro of std that has expressions for input. */
    #isPlainMacro(tree: SyntaxTree, node: number): boolean {
        const name = tree.nameOf(node);
        return (
            isStdMacroName(name) &&
            !/^(?:stringify|concat|include|macro_rules)/u.test(name) &&
            !this.#source.findByName(name).some((one) => this.#source.kindOf(one) === "macro")
        );
    }

    /** Whether a token of a form can mean a symbol of its name. */
    fits(form: TokenForm, symbol: number): boolean {
        if (form === ANY_FORM) {
            return true;
        }
        const kind = this.#source.kindOf(symbol);
        const holder = this.#parents[symbol] ?? -1;
        const around = holder === -1 ? "" : this.#source.kindOf(holder);
        const isAssociated = around === "impl" || around === "trait";
        if ((this.#source.symbol(symbol).flags & NODE_FLAG.macroMade) !== 0) {
            return true; // It may stand in what we do not see.
        }
        if (form === MEMBER_FORM) {
            return isAssociated || kind === "field";
        }
        const owner = form.slice(0, -2);
        if (isAssociated) {
            const self = around === "impl" ? inherentSelf(this.#source.symbol(holder).name) : "";
            return self === "" || self === owner || this.#aliases.has(self);
        }
        if (kind === "variant") {
            const own = this.#source.symbol(holder).name;
            return own === owner || this.#isModule(owner);
        }
        return kind !== "field" && this.#isModule(owner);
    }

    #isModule(name: string): boolean {
        let known = this.#modules.get(name);
        if (known === undefined) {
            known = this.#source.findByName(name).some((one) => {
                const kind = this.#source.kindOf(one);
                return kind === "module" || kind === "crate";
            });
            this.#modules.set(name, known);
        }
        return known;
    }
}

/** Name of the type that an impl without a trait is for; empty for other impls and types without a name. */
function inherentSelf(header: string): string {
    if (/\bfor\b(?!\s*<)/u.test(header)) {
        return "";
    }
    const type = header.replace(/^impl\b\s*/u, "").replace(/^<.*?>\s*(?=\w)/u, "");
    const path = /^(?:\w+::)*(\w+)\s*(?:$|<|where\b)/u.exec(type);
    return path?.[1] ?? "";
}

function isName(tree: SyntaxTree, node: number): boolean {
    const kind = tree.kindOf(node);
    const isPlain = kind === "identifier" || kind === "type_identifier";
    return isPlain && !tree.hasFlag(node, FLAG.afterDollar);
}

/** The innermost node with a name that begins at an offset. */
function leafAt(tree: SyntaxTree, offset: number): number | undefined {
    const { start } = tree.columns;
    let low = 0;
    let high = tree.count;
    while (low < high) {
        const middle = (low + high) >> 1;
        if ((start[middle] ?? 0) <= offset) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    const node = low - 1;
    return node > 0 && start[node] === offset && tree.nameOf(node) !== "" ? node : undefined;
}

function siblingBefore(tree: SyntaxTree, node: number): number | undefined {
    const { parent, next } = tree.columns;
    let found: number | undefined;
    for (let at = (parent[node] ?? 0) + 1; at < node; at = next[at] ?? node) {
        found = at;
    }
    return found;
}

/** Names by which something with another name may be called: of imports, types, and what macros may make. */
function addAliases(tree: SyntaxTree, into: Set<string>): void {
    const { flags, parent } = tree.columns;
    for (let node = 1; node < tree.count; node++) {
        const name = tree.nameOf(node);
        if (name === "") {
            continue;
        }
        const around = parent[node] ?? 0;
        switch (tree.kindOf(around)) {
            case "use_as_clause":
            case "extern_crate_declaration":
            case "macro_arguments":
                into.add(name);
                break;
            case "type_item":
            case "associated_type":
                if (tree.findChild(around, "name") === node) {
                    into.add(name);
                }
                break;
            case "token_tree":
            case "token_repetition":
                if (((flags[node] ?? 0) & BESIDE) === 0) {
                    into.add(name);
                }
                break;
            default:
        }
    }
}

/** Symbols that a token names or may name. */
export function targetsOf(table: OccurrenceTable, row: number): readonly number[] {
    const bind = table.bind[row];
    const target = table.target[row] ?? 0;
    if (((table.flags[row] ?? 0) & OCCURRENCE_FLAG.set) !== 0) {
        return table.sets[target] ?? [];
    }
    return bind === BIND.symbol || bind === BIND.external ? [target] : [];
}
