// Associated types by `Self::Name`, `T::Name` and `Trait<Name = …>`. No dump resolves them; the language
// does where a trait of this crate, or of the impl around, has that name: a second candidate would not compile.

import { child, childNode, childText, itemNode, itemText, type DebugNode } from "./debug-tree.ts";
import { ownText, parseDefId, parseIdent } from "./dump-words.ts";
import type { FactCollector } from "./fact-collector.ts";
import type { FoundToken } from "./place-finder.ts";

interface Projection {
    readonly name: string;
    readonly found: FoundToken;
    /** Traits that may have the name, or the impl whose trait has it if the impl has it too. */
    readonly base:
        | { readonly kind: "trait"; readonly path: string }
        | { readonly kind: "impl"; readonly path: string }
        | { readonly kind: "parameter"; readonly path: string; readonly owner: string };
}

interface Bound {
    readonly owner: string;
    readonly trait: string;
}

/** Collects projections while HIR is read, settles them when all definitions are known. */
export class Projections {
    readonly #collector: FactCollector;
    readonly #open: Projection[] = [];
    readonly #bounds = new Map<string, Bound[]>();
    /** The trait that an impl implements. */
    readonly #traits = new Map<string, string>();

    constructor(collector: FactCollector) {
        this.#collector = collector;
    }

    /** Takes note of the trait in an impl's header. */
    addImpl(path: string, impl: DebugNode): void {
        const header = childNode(impl, "of_trait");
        const inner = header === undefined ? undefined : itemNode(header, 0);
        const trait = traitOf(inner === undefined ? undefined : childNode(inner, "trait_ref"));
        if (trait !== undefined) {
            this.#traits.set(ownText(path), trait);
        }
    }

    /** Takes note of `T: Trait` in the generics of an owner. */
    addPredicate(owner: string, predicate: DebugNode): void {
        const res = resOfType(childNode(predicate, "bounded_ty"));
        const parameter = parameterOf(res);
        for (const bound of childNode(predicate, "bounds")?.items ?? []) {
            const poly = typeof bound === "object" ? itemNode(bound, 0) : undefined;
            const trait = traitOf(poly === undefined ? undefined : childNode(poly, "trait_ref"));
            if (parameter !== undefined && trait !== undefined) {
                const list = this.#bounds.get(parameter) ?? [];
                list.push({ owner: ownText(owner), trait });
                this.#bounds.set(ownText(parameter), list);
            }
        }
    }

    /** Takes `Type::Name`; false when nothing can be said of it. */
    add(owner: string, type: DebugNode | undefined, name: string, found: FoundToken): boolean {
        const res = resOfType(type);
        const base = baseOf(res, owner);
        if (base !== undefined) {
            this.#open.push({ name: ownText(name), found, base });
        }
        return base !== undefined;
    }

    /** Takes `Name = …` in the arguments of a trait. */
    addConstraint(trait: string, name: string, found: FoundToken): void {
        const base = { kind: "trait" as const, path: ownText(trait) };
        this.#open.push({ name: ownText(name), found, base });
    }

    settle(): void {
        for (const { name, found, base } of this.#open) {
            const path = this.#resolve(name, base);
            if (path === undefined) {
                this.#collector.drop("unresolved");
                continue;
            }
            const target = this.#collector.target("definition", path);
            this.#collector.use(name, { ...found, role: "path", target });
        }
        this.#open.length = 0;
    }

    #resolve(name: string, base: Projection["base"]): string | undefined {
        if (base.kind === "impl") {
            const trait = this.#traits.get(base.path);
            return trait !== undefined && this.#isAssociated(`${base.path}::${name}`)
                ? `${trait}::${name}`
                : undefined;
        }
        const traits = base.kind === "trait" ? [base.path] : this.#boundsOf(base.path, base.owner);
        const found = traits.filter((trait) => this.#isAssociated(`${trait}::${name}`));
        return found.length === 1 ? `${found[0] ?? ""}::${name}` : undefined;
    }

    /** Traits of a parameter by the bounds of an owner and of what holds it. */
    #boundsOf(parameter: string, owner: string): string[] {
        const visible = (this.#bounds.get(parameter) ?? []).filter(
            (bound) => owner === bound.owner || owner.startsWith(`${bound.owner}::`),
        );
        return [...new Set(visible.map((bound) => bound.trait))];
    }

    #isAssociated(path: string): boolean {
        const kind = this.#collector.definitions.get(path)?.kind;
        return kind === "AssocTy" || kind === "AssocConst";
    }
}

function traitOf(reference: DebugNode | undefined): string | undefined {
    const path = reference === undefined ? undefined : childNode(reference, "path");
    const res = path === undefined ? undefined : childNode(path, "res");
    const trait = res?.name === "Def" ? parseDefId(itemText(res, 1)) : undefined;
    return trait === undefined ? undefined : ownText(trait);
}

function resOfType(type: DebugNode | undefined): DebugNode | undefined {
    const kind = type === undefined ? undefined : child(type, "kind");
    const resolved =
        typeof kind === "object" && kind.name === "Path" ? itemNode(kind, 0) : undefined;
    const path = resolved?.name === "Resolved" ? itemNode(resolved, 1) : undefined;
    return path === undefined ? undefined : childNode(path, "res");
}

function parameterOf(res: DebugNode | undefined): string | undefined {
    return res?.name === "Def" && itemText(res, 0) === "TyParam"
        ? parseDefId(itemText(res, 1))
        : undefined;
}

function baseOf(res: DebugNode | undefined, owner: string): Projection["base"] | undefined {
    const impl = res?.name === "SelfTyAlias" ? parseDefId(childText(res, "alias_to")) : undefined;
    const trait = res?.name === "SelfTyParam" ? parseDefId(childText(res, "trait_")) : undefined;
    const parameter = parameterOf(res);
    if (impl !== undefined) {
        return { kind: "impl", path: ownText(impl) };
    }
    if (trait !== undefined) {
        return { kind: "trait", path: ownText(trait) };
    }
    return parameter === undefined
        ? undefined
        : { kind: "parameter", path: ownText(parameter), owner: ownText(owner) };
}

/** The constraints in the arguments of a path's segment, with the names that they give. */
export function constraintsOf(segment: DebugNode): DebugNode[] {
    const args = childNode(segment, "args");
    const inner = args === undefined ? undefined : itemNode(args, 0);
    // `Fn(A) -> B` is printed as a constraint of a name that nobody wrote.
    const isPlain = inner !== undefined && childText(inner, "parenthesized") === "No";
    const list = isPlain ? childNode(inner, "constraints") : undefined;
    return (list?.items ?? []).filter(
        (item): item is DebugNode =>
            typeof item === "object" && parseIdent(childText(item, "ident")) !== undefined,
    );
}
