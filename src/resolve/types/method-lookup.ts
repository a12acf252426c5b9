// Which function `receiver.name(…)`, `Type::name` or field `receiver.name` means. Three answers: symbols of
// the workspace, an external, or not known and why. "Not found" alone never makes an external.
//
// Source: the Rust reference, "Method call expressions", and rustc's method probing: for each type of the
// auto-deref chain, by value, by `&`, by `&mut`, inherent candidates before those of traits in scope.

import type { Inference } from "./inference.ts";
import { isFound, type Found, type Lookup } from "../lookup.ts";
import {
    MemberCandidates,
    type Candidate,
    type Committed,
    type MemberQuery,
} from "./member-candidates.ts";
import { projectedFieldType, projectedType } from "./pin-projection.ts";
import type { Semantics } from "../semantics.ts";
import type { Scope } from "../symbols.ts";
import type { Callee, Certainty, TraitSolver } from "./trait-solver.ts";
import { UNKNOWN, isForeignOnly, refTo, substitute, type Ty } from "./types.ts";

/** A resolved method, field or associated item, with what it says of types. */
export interface MemberFound extends Found {
    /** Type at which it was found. */
    readonly at: Ty;
    /** Of functions: the interface at this use. */
    readonly callee?: Callee;
    /** Of fields and constants. */
    readonly type?: Ty;
    /** Several definitions could be meant and nothing decides among them. */
    readonly ambiguous?: string;
}

/** Answer of a member lookup. */
export type MemberLookup =
    | MemberFound
    | { readonly reason: string }
    | { readonly external: string; readonly callee?: Callee; readonly type?: Ty };

/** Tells a found member from other answers. */
export function isMemberFound(lookup: MemberLookup): lookup is MemberFound {
    return "symbols" in lookup;
}

const DEREF_STEPS_MAX = 12;
const DEREF = "std::ops::Deref";

/** The types of an auto-deref chain, and why it could not be followed to its end. */
interface Chain {
    readonly types: readonly Ty[];
    readonly broken: string | undefined;
}

/** Why a call is open where a trait's name may be hidden behind a glob: by a predicate, or by another glob. */
export const HIDDEN_TRAIT_REASON = "a trait may be hidden here by something else of its name";

/** A candidate that fits a use, and how surely. */
interface Fit {
    readonly candidate: Candidate;
    readonly answer: Certainty;
    readonly adjusted: Ty;
}

/** Finds members of types. */
export class MemberFinder {
    readonly #semantics: Semantics;
    readonly #solver: TraitSolver;
    readonly #candidates: MemberCandidates;

    constructor(solver: TraitSolver) {
        this.#semantics = solver.semantics;
        this.#solver = solver;
        this.#candidates = new MemberCandidates(solver);
    }

    get #infer(): Inference {
        return this.#solver.infer;
    }

    /** The function that a method call means. */
    method(receiver: Ty, query: MemberQuery): MemberLookup {
        const isOurs = this.#mayBeOurs(query.name, "methods");
        const chain = this.#chain(receiver);
        const doubts: Fit[] = [];
        // An inherent method of a later type may fit the receiver of an earlier one: `&self` on `&T`.
        const lists = chain.types.map((step) => this.#candidates.inherentOf(step, query));
        const inherent = lists.flatMap((list) => list.candidates);
        const traits = this.#candidates.traitMethods(query);
        for (const [i, step] of chain.types.entries()) {
            for (const adjusted of [step, refTo(step), refTo(step, true)]) {
                const fit = this.#fitting(inherent, adjusted, doubts);
                const chosen = fit ?? this.#fitting(traits, adjusted, doubts);
                if (chosen !== undefined) {
                    return this.#isPreceded(chain.types.slice(0, i), query)
                        ? { reason: "a trait that is not seen may have an impl for the reference" }
                        : this.#decide(chosen, doubts, query);
                }
            }
            const unknown = lists[i]?.unknown;
            if (unknown !== undefined) {
                const isForeign = doubts.length === 0 && this.#isOutOfReach(step, query.name);
                return isOurs && !isForeign ? { reason: unknown } : { external: query.name };
            }
        }
        return this.#afterChain(chain, doubts, query, isOurs);
    }

    /**
     * Whether a trait that is not seen may come before what was found, by an impl for one of the references
     * that were seen through: where macros define items of the name, and an import may be of such a trait.
     */
    #isPreceded(before: readonly Ty[], { name, from }: MemberQuery): boolean {
        const { traits, program } = this.#semantics;
        return (
            before.some((ty) => ty.k === "ref") &&
            program.macroDefines.has(name) &&
            traits.mayBeUnseen(from)
        );
    }

    #afterChain(
        chain: Chain,
        doubts: readonly Fit[],
        query: MemberQuery,
        isOurs: boolean,
    ): MemberLookup {
        if (chain.broken === undefined && doubts.length > 0 && isOneThing(doubts)) {
            // The call compiles, and nothing else can be meant by it.
            return this.#commit(doubts.slice(0, 1), query);
        }
        if (!isOurs) {
            return { external: query.name };
        }
        if (chain.broken !== undefined) {
            return { reason: chain.broken };
        }
        return doubts.length > 0 ? this.#ambiguous(doubts) : this.#missing(chain, query);
    }

    /** Why nothing was found, although the workspace has members of this name. */
    #missing(chain: Chain, { name, from }: MemberQuery): MemberLookup {
        const { traits, memberNames } = this.#semantics;
        const isHidden = traits.withItem(name).some((trait) => !traits.isInScope(trait, from));
        if (isHidden) {
            return { reason: `a trait that is not in scope here has a ${name}` };
        }
        if (memberNames.traitItems.has(name)) {
            return {
                reason: `no ${name} is seen on this type, and a trait of the workspace has one`,
            };
        }
        if (
            !this.#semantics.program.macroDefines.has(name) &&
            chain.types.every((level) => this.#hasOnlyForeign(level))
        ) {
            return { external: name };
        }
        const last = chain.types[chain.types.length - 1];
        const isForeign = last?.k === "external" && !this.#semantics.std.isComplete(last);
        return {
            reason: isForeign
                ? `the members of ${last.name} are not known`
                : `no ${name} is seen on this type`,
        };
    }

    /**
     * Whether no type or trait of the workspace can give a method at this type or at those that it derefs to:
     * impls of somebody else's traits for somebody else's types are not ours to write.
     */
    #isOutOfReach(level: Ty, name: string): boolean {
        const { memberNames, program } = this.#semantics;
        return (
            isForeignOnly(level) &&
            !memberNames.traitItems.has(name) &&
            !program.macroDefines.has(name)
        );
    }

    /** Whether the members of a type are those of std and of traits: the workspace can add none of its own. */
    #hasOnlyForeign(level: Ty): boolean {
        switch (level.k) {
            case "external":
                return this.#semantics.std.canonical(level.symbol) !== undefined;
            case "primitive":
            case "ref":
            case "pointer":
            case "tuple":
            case "slice":
            case "array":
                return this.#semantics.impls.inherentOf(level).length === 0;
            default:
                return false;
        }
    }

    /** Those candidates that fit an adjusted receiver; those that only may fit are added to the doubts. */
    #fitting(list: readonly Candidate[], adjusted: Ty, doubts: Fit[]): Fit[] | undefined {
        const sure: Fit[] = [];
        for (const candidate of list) {
            const answer = this.#candidates.fits(candidate, adjusted);
            if (answer === "yes") {
                sure.push({ candidate, answer, adjusted });
            } else if (answer === "maybe") {
                doubts.push({ candidate, answer, adjusted });
            }
        }
        return sure.length === 0 ? undefined : sure;
    }

    #decide(fits: readonly Fit[], doubts: readonly Fit[], query: MemberQuery): MemberLookup {
        const others = doubts.filter((doubt) => !fits.some((fit) => isOneThing([fit, doubt])));
        const isOurs = [...fits, ...others].some(({ candidate }) => candidate.symbols.length > 0);
        if (others.length > 0 && isOurs) {
            return this.#ambiguous([...fits, ...others]);
        }
        return this.#commit(fits, query);
    }

    #ambiguous(fits: readonly Fit[]): MemberLookup {
        const symbols = [...new Set(fits.flatMap(({ candidate }) => candidate.symbols))];
        const isHidden = fits.some(({ candidate }) => candidate.isPerhaps === true);
        const ambiguous = isHidden
            ? HIDDEN_TRAIT_REASON
            : "a bound that is not decided may give another method";
        return symbols.length === 0
            ? { reason: ambiguous }
            : { symbols, alias: false, at: UNKNOWN, ambiguous };
    }

    /** Takes what fits as meant: learns from it, and names it. */
    #commit(fits: readonly Fit[], query: MemberQuery): MemberLookup {
        const [first] = fits;
        if (first === undefined) {
            return { reason: `no ${query.name} is seen on this type` };
        }
        const { candidate, adjusted } = first;
        if (fits.length > 1 && !isOneThing(fits)) {
            const symbols = [...new Set(fits.flatMap((one) => one.candidate.symbols))];
            const isTwins = symbols.length > 0 && this.#semantics.areTwins(symbols);
            if (symbols.length === 0) {
                // Of `*const T` and `*mut T`, which are not told apart here, either says the same.
                const says = adjusted.k === "pointer" ? this.#use(candidate, adjusted, query) : {};
                return { external: query.name, ...says };
            }
            if (!isTwins || fits.some((one) => one.candidate.symbols.length === 0)) {
                const ambiguous = "several impls have an item of this name";
                return { symbols, alias: false, at: adjusted, ambiguous };
            }
            return {
                symbols,
                alias: false,
                at: adjusted,
                ...this.#use(candidate, adjusted, query),
            };
        }
        const committed = this.#candidates.commit(candidate, adjusted, query.typeArgs);
        const symbols = this.#candidates.symbolsOf(candidate, committed.self, query.name);
        const says = whatItSays(committed);
        if (symbols.length === 0) {
            return { external: query.name, ...says };
        }
        const found: MemberFound = { symbols, alias: false, at: adjusted, ...says };
        return symbols.length === 1 || this.#semantics.areTwins(symbols)
            ? found
            : { ...found, ambiguous: "several impls have an item of this name" };
    }

    #use(candidate: Candidate, adjusted: Ty, query: MemberQuery): Says {
        return whatItSays(this.#candidates.commit(candidate, adjusted, query.typeArgs));
    }

    /** The field that a field access means, with its type. */
    field(receiver: Ty, name: string, from: Scope): MemberLookup {
        const isOurs = this.#mayBeOurs(name, "fields");
        const chain = this.#chain(receiver);
        for (const level of chain.types) {
            if (level.k === "adt") {
                const found = this.fieldOf(level.symbol, level, name);
                if (found?.symbols.some((one) => this.#candidates.isSeen(one, from)) === true) {
                    return found;
                }
            }
            const projected = this.projectedField(level, name);
            if (projected !== undefined) {
                return projected;
            }
            const type = this.#semantics.std.fieldOf(level, name);
            if (type !== undefined) {
                return { external: name, type: substitute(type, this.#semantics.arguments(level)) };
            }
        }
        const isForeign = chain.broken === undefined && chain.types.every(isForeignOnly);
        if (!isOurs || isForeign) {
            return { external: name };
        }
        return { reason: chain.broken ?? `no field ${name} is seen on this type` };
    }

    /** A field of a struct, union or variant by name. */
    fieldOf(
        holder: number,
        constructed: Ty,
        name: string,
    ): (MemberFound & { readonly type: Ty }) | undefined {
        const semantics = this.#semantics;
        const { program } = semantics;
        const found: { symbol: number; type: Ty }[] = [];
        for (const twin of twinsOf(semantics, holder)) {
            const values = semantics.argumentsOf(typeOf(semantics, twin), constructed);
            for (const symbol of program.members.get(twin)?.get(name) ?? []) {
                if (program.symbolAt(symbol).kind === "field") {
                    const declared = substitute(semantics.declaredType(symbol), values);
                    found.push({ symbol, type: this.#solver.normalize(declared) });
                }
            }
        }
        const [first, ...others] = found;
        if (first === undefined) {
            return undefined;
        }
        const isOneType = others.every((one) => this.#infer.canUnify(one.type, first.type));
        return {
            symbols: found.map((one) => one.symbol),
            alias: false,
            at: constructed,
            type: isOneType ? first.type : UNKNOWN,
        };
    }

    /** The field that a projection of a pinned type gives under a name; of an enum, a variant's. */
    projectedField(
        ty: Ty,
        name: string,
        variant?: string,
    ): (MemberFound & { readonly type: Ty }) | undefined {
        const projected = projectedType(this.#semantics, ty);
        if (projected === undefined) {
            return undefined;
        }
        const { form, shown } = projected;
        const holders = variant === undefined ? undefined : this.#variant(shown, variant)?.symbols;
        const found = (holders ?? [shown.symbol]).flatMap(
            (holder) => this.fieldOf(holder, shown, name) ?? [],
        );
        const [first] = found;
        if (first === undefined || found.length > 1) {
            return undefined;
        }
        const { symbols, type } = first;
        return { ...first, type: projectedFieldType(this.#semantics, form, symbols, type) };
    }

    /** Type of `.0`, `.1` … */
    tupleField(receiver: Ty, position: number): Ty {
        for (const level of this.#chain(receiver).types) {
            if (level.k === "tuple") {
                return level.items[position] ?? UNKNOWN;
            }
            if (level.k === "adt") {
                const type = this.tupleFields(level.symbol, level)[position];
                if (type !== undefined) {
                    return type;
                }
            }
        }
        return UNKNOWN;
    }

    /** Types of a tuple struct's or variant's fields; unknown where its twins do not agree. */
    tupleFields(holder: number, constructed: Ty): readonly Ty[] {
        const semantics = this.#semantics;
        const [first = [], ...others] = twinsOf(semantics, holder).map((twin) => {
            const values = semantics.argumentsOf(typeOf(semantics, twin), constructed);
            return semantics
                .tupleFieldTypes(twin)
                .map((one) => this.#solver.normalize(substitute(one, values)));
        });
        return first.map((ty, i) =>
            others.every((types) => this.#infer.canUnify(types[i] ?? ty, ty)) ? ty : UNKNOWN,
        );
    }

    /** `Type::name` in a name space. */
    associated(ty: Ty, query: MemberQuery, namespace: number): MemberLookup {
        const level = this.#solver.known(ty);
        const variant = this.#variant(level, query.name);
        if (variant !== undefined) {
            return variant;
        }
        if (level.k === "unknown" || level.k === "var") {
            return { reason: "the type is not known" };
        }
        const list = this.#candidates.ofType(level, query, namespace);
        const doubts: Fit[] = [];
        const chosen =
            this.#fittingType(list.inherent, level, doubts) ??
            this.#fittingType(list.traits, level, doubts);
        if (chosen !== undefined) {
            return this.#decide(chosen, doubts, query);
        }
        if (doubts.length > 0 && list.unknown === undefined && isOneThing(doubts)) {
            return this.#commit(doubts.slice(0, 1), query);
        }
        if (list.isElseForeign || !this.#mayBeOurs(query.name, "associated")) {
            return { external: query.name };
        }
        if (list.unknown !== undefined) {
            return { reason: list.unknown };
        }
        return doubts.length > 0
            ? this.#ambiguous(doubts)
            : this.#missing({ types: [level], broken: undefined }, query);
    }

    #fittingType(list: readonly Candidate[], ty: Ty, doubts: Fit[]): Fit[] | undefined {
        const sure: Fit[] = [];
        for (const candidate of list) {
            const answer = this.#candidates.fitsType(candidate, ty);
            const fit = { candidate: { ...candidate, ofType: ty }, answer, adjusted: ty };
            if (answer === "yes") {
                sure.push(fit);
            } else if (answer === "maybe") {
                doubts.push(fit);
            }
        }
        return sure.length === 0 ? undefined : sure;
    }

    #variant(level: Ty, name: string): MemberFound | undefined {
        const { program } = this.#semantics;
        if (level.k !== "adt" || program.symbolAt(level.symbol).kind !== "enum") {
            return undefined;
        }
        const variants = this.#semantics
            .twinsOf(level.symbol)
            .flatMap((twin) => program.members.get(twin)?.get(name) ?? [])
            .filter((one) => program.symbolAt(one).kind === "variant");
        return variants.length === 0 ? undefined : { symbols: variants, alias: false, at: level };
    }

    /** An item of a trait by path, supertraits included. */
    traitItem(trait: number, name: string, seen = new Set<number>()): Lookup {
        if (seen.has(trait)) {
            return { reason: `no ${name}` };
        }
        seen.add(trait);
        const { program } = this.#semantics;
        const symbols = program.members.get(trait)?.get(name);
        if (symbols !== undefined) {
            return { symbols, alias: false };
        }
        for (const parent of this.#semantics.supertraitsOf(trait)) {
            const found = this.traitItem(parent.symbol, name, seen);
            if (isFound(found)) {
                return found;
            }
        }
        return { reason: `no ${name} in this trait` };
    }

    /** The interface of a trait's function named by path, for a self type (a variable where none is written). */
    traitCallee(trait: number, name: string, self: Ty | undefined): Callee | undefined {
        const declaration = this.#candidates.traitFunction(trait, name);
        if (declaration === undefined) {
            return undefined;
        }
        const ty = self ?? this.#infer.fresh();
        const bound = { symbol: trait, args: [], bindings: [] };
        const values = this.#solver.traitValues(bound, ty);
        const args = this.#semantics
            .parameterNames(trait)
            .map((one) => values.get(`${trait}:${one}`) ?? UNKNOWN);
        this.#solver.assume({ ty, trait: { ...bound, args } });
        return this.#solver.instantiate(declaration, values);
    }

    /** What a value gives when it is dereferenced. */
    deref(ty: Ty): Ty | undefined {
        const at = this.#solver.known(ty);
        switch (at.k) {
            case "ref":
            case "pointer":
                return at.inner;
            case "adt":
            case "external":
            case "param":
            case "projection":
            case "bound":
                return this.#hasDeref(at) ? this.#solver.project(at, DEREF, "Target") : undefined;
            default:
                return undefined;
        }
    }

    #hasDeref(at: Ty): boolean {
        const { semantics } = this.#solver;
        const deref = semantics.canonical(semantics.program.external(DEREF));
        if (at.k === "param" || at.k === "projection") {
            return this.#solver.boundsOn(at).traits.some((one) => one.symbol === deref);
        }
        if (at.k === "bound") {
            return at.traits.some((one) => one.symbol === deref);
        }
        return (
            semantics.impls.ofTrait(deref, at).length > 0 ||
            semantics.std.implsFor(at, deref).length > 0
        );
    }

    #chain(receiver: Ty): Chain {
        const types: Ty[] = [];
        let at: Ty | undefined = this.#solver.known(receiver);
        for (let step = 0; step < DEREF_STEPS_MAX; step++) {
            if (at.k === "unknown" || at.k === "var") {
                return { types, broken: "the receiver's type is not known" };
            }
            types.push(at);
            const next: Ty | undefined = at.k === "pointer" ? undefined : this.deref(at);
            if (next === undefined) {
                if (at.k === "array") {
                    types.push({ k: "slice", inner: at.inner });
                }
                return { types, broken: undefined };
            }
            at = this.#solver.known(next);
        }
        return { types, broken: "too many deref steps" };
    }

    /** Whether the workspace may define a member of this name: in sight, or by a macro. */
    #mayBeOurs(name: string, among: "methods" | "fields" | "associated"): boolean {
        const { program, memberNames } = this.#semantics;
        return program.macroDefines.has(name) || memberNames[among].has(name);
    }
}

/** A holder of fields with its twins; a variant has those that its enum's twins have. */
function twinsOf(semantics: Semantics, holder: number): readonly number[] {
    const symbol = semantics.program.symbolAt(holder);
    return symbol.kind === "variant" ? [holder] : semantics.twinsOf(holder);
}

/** The type that a holder of fields makes: itself, or a variant's enum. */
function typeOf(semantics: Semantics, holder: number): number {
    const symbol = semantics.program.symbolAt(holder);
    return symbol.kind === "variant" ? symbol.parent : holder;
}

/** What a member says of types. */
interface Says {
    readonly callee?: Callee;
    readonly type?: Ty;
}

function whatItSays({ callee, type }: Committed): Says {
    return {
        ...(callee === undefined ? {} : { callee }),
        ...(type === undefined ? {} : { type }),
    };
}

/** Whether fits differ at most in the impl: one trait's item, or one item. */
function isOneThing(fits: readonly Fit[]): boolean {
    const [first, ...rest] = fits;
    return (
        first === undefined ||
        rest.every(
            ({ candidate }) =>
                candidate === first.candidate ||
                // Found at two types of a chain, as with a `Pin` in a `Pin`.
                (candidate.declaration !== undefined &&
                    candidate.declaration === first.candidate.declaration &&
                    candidate.impl === first.candidate.impl) ||
                (candidate.trait !== undefined && candidate.trait === first.candidate.trait) ||
                (candidate.symbols.length > 0 &&
                    candidate.symbols.length === first.candidate.symbols.length &&
                    candidate.symbols.every((one, i) => one === first.candidate.symbols[i])),
        )
    );
}
