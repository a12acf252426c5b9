// Which files cannot name a symbol, whatever they spell: those that do not see it, and those of crates that do not
// depend on its crate. What the compiler says of privacy and dependencies, asked before anything is inferred.

import { KIND, type SyntaxTree } from "../syntax/index.ts";
import { NamedNodes } from "./named-nodes.ts";
import type { Program } from "./program.ts";
import { itemOf, type CrateRecord, type FileInstance, type Scope, type Sym } from "./symbols.ts";

/** Tells which files may name a symbol of one program. */
export class SymbolReach {
    readonly #program: Program;
    /** Crates of the workspace that a crate depends on, itself included: their symbols. */
    readonly #needed = new Map<CrateRecord, ReadonlySet<number>>();

    constructor(program: Program) {
        this.#program = program;
    }

    /** Whether a token with a spelling may name the symbol in a file; false is certain. */
    mayName(symbol: number, inst: FileInstance, tree: SyntaxTree, name: string): boolean {
        const sym = this.#program.symbolAt(symbol);
        return (
            sym.crate === -1 ||
            (this.#isSeen(sym, inst) && this.#isNeeded(sym, inst)) ||
            isMeantElsewhere(tree, name)
        );
    }

    #isSeen(sym: Sym, inst: FileInstance): boolean {
        const { visibleIn } = sym;
        return (
            visibleIn === undefined ||
            !this.#isOwnVisibility(sym) ||
            this.#isIn(visibleIn.module, inst)
        );
    }

    /** Whether a file has some of what stands in a module, or below it. */
    #isIn(module: Scope, inst: FileInstance): boolean {
        const own = inst.rootScope.module;
        for (let at: Scope | undefined = own; at !== undefined; at = at.parentModule) {
            if (this.#isSame(at, module)) {
                return true;
            }
        }
        return module.inst !== undefined && this.#isSame(module.inst.rootScope.module, own);
    }

    /** Modules of one path are twins: what a configuration sees of one, another sees of the other. */
    #isSame(one: Scope, other: Scope): boolean {
        const { symbols } = this.#program;
        let [a, b]: (Scope | undefined)[] = [one, other];
        while (a !== b && symbols[a?.symbol ?? -1]?.name === symbols[b?.symbol ?? -1]?.name) {
            a = a?.parentModule;
            b = b?.parentModule;
        }
        return a === b && one.crate === other.crate;
    }

    /**
     * Whether nobody else can name what is not visible. A private trait's methods are called through a bound of a
     * visible one, a private enum's variants named through an alias of it, and macros go by the order of the text.
     */
    #isOwnVisibility({ kind, parent, inst }: Sym): boolean {
        const holder = parent === -1 ? undefined : this.#program.symbols[parent];
        if (kind === "macro" || kind === "variant" || holder === undefined) {
            return false;
        }
        switch (holder.kind) {
            case "trait":
            case "variant":
                return false;
            case "impl": {
                const impl = itemOf(holder);
                return impl !== undefined && inst?.tree.findChild(impl.node, "trait") === undefined;
            }
            default:
                return true;
        }
    }

    #isNeeded(sym: Sym, { crate }: FileInstance): boolean {
        let needed = this.#needed.get(crate);
        if (needed === undefined) {
            needed = this.#neededBy(crate);
            this.#needed.set(crate, needed);
        }
        return needed.has(sym.crate);
    }

    #neededBy(crate: CrateRecord): ReadonlySet<number> {
        const found = new Set([crate.symbol]);
        // A set is walked in the order of its filling, what is added meanwhile included.
        for (const symbol of found) {
            const { externs } = this.#crateOf(symbol) ?? crate;
            for (const target of externs.values()) {
                if (this.#program.symbolAt(target).crate !== -1) {
                    found.add(target);
                }
            }
        }
        return found;
    }

    #crateOf(symbol: number): CrateRecord | undefined {
        return this.#program.crates.find((one) => one.symbol === symbol);
    }
}

/** Tokens that mean what they mean where they stand. */
const PLAIN: ReadonlySet<number> = new Set([
    KIND.field_identifier,
    KIND.format_capture,
    KIND.identifier,
    KIND.shorthand_field_identifier,
    KIND.type_identifier,
]);

/** Nodes whose tokens a macro may pass on, or whose links are followed whoever sees what they name. */
const PASSED_ON: ReadonlySet<number> = new Set([
    KIND.attribute_item,
    KIND.doc_comment,
    KIND.inner_attribute_item,
    KIND.macro_definition,
    KIND.token_tree,
]);

/** Whether a token with a spelling may mean something that is seen from elsewhere: in a macro's body, say. */
function isMeantElsewhere(tree: SyntaxTree, name: string): boolean {
    const { kind, parent } = tree.columns;
    const isPassedOn = (node: number): boolean => {
        let at = node;
        while (at > 0 && !PASSED_ON.has(kind[at] ?? 0)) {
            at = parent[at] ?? 0;
        }
        return at > 0;
    };
    return new NamedNodes(tree, new Set([name])).nodes.some(
        (node) => !PLAIN.has(kind[node] ?? 0) || isPassedOn(node),
    );
}
