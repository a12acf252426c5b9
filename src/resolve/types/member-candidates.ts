// The functions and constants that a member's name may mean at a type, and whether each fits. Candidates of
// the workspace and of std are alike here; what they stand for is told at the end.

import type { FunctionDeclaration, ImplDeclaration } from "./declarations.ts";
import { NS } from "../file-items.ts";
import type { ImplRecord } from "../meaning.ts";
import { projectionMethod } from "./pin-projection.ts";
import type { Semantics } from "../semantics.ts";
import type { Scope } from "../symbols.ts";
import type { Callee, Certainty, TraitSolver } from "./trait-solver.ts";
import { UNKNOWN, paramKey, substitute, type BoundTrait, type Ty } from "./types.ts";

/** How a member is asked for. */
export interface MemberQuery {
    readonly name: string;
    /** Place of the use: private members and traits out of scope are passed over. */
    readonly from: Scope;
    /** Type arguments written at the use. */
    readonly typeArgs?: readonly Ty[];
}

/** One function, constant or type that may be meant. */
export interface Candidate {
    /** Symbols of the workspace; none for an item of std. */
    readonly symbols: readonly number[];
    /** Undefined for constants and types. */
    readonly declaration: FunctionDeclaration | undefined;
    /** Type of a constant. */
    readonly type: Ty | undefined;
    /** The impl that has it; undefined for a trait's item. */
    readonly impl: ImplDeclaration | undefined;
    /** The trait whose item it is, with arguments where a bound gives them. */
    readonly trait: number | undefined;
    readonly bound: BoundTrait | undefined;
    /** The bound's own type, where a bound gives the item. */
    readonly boundOn: Ty | undefined;
    /** The type before `::`, where the item is named by path. */
    readonly ofType?: Ty;
    /** The trait may be out of scope under some configuration. */
    readonly isPerhaps?: boolean;
}

/** The candidates at one type. */
export interface CandidateList {
    readonly inherent: readonly Candidate[];
    readonly traits: readonly Candidate[];
    /** Why other candidates may exist that are not seen; undefined when none can. */
    readonly unknown: string | undefined;
    /** What is not among these is an item of a dependency's trait, which bounds the type. */
    readonly isElseForeign: boolean;
}

/** Why candidates may exist that are not seen. */
interface Unseen {
    readonly reason: string;
    /** They are items of traits of dependencies, and nothing else is open. */
    readonly isForeignBound: boolean;
}

/** What the use of a candidate says. */
export interface Committed {
    readonly self: Ty;
    /** Of functions. */
    readonly callee: Callee | undefined;
    /** Of constants. */
    readonly type: Ty | undefined;
}

/** Finds candidates, and tries them. */
export class MemberCandidates {
    readonly #semantics: Semantics;
    readonly #solver: TraitSolver;

    constructor(solver: TraitSolver) {
        this.#semantics = solver.semantics;
        this.#solver = solver;
    }

    /** Methods that a type of an auto-deref chain has itself, or by its bounds. */
    inherentOf(
        ty: Ty,
        query: MemberQuery,
    ): { readonly candidates: readonly Candidate[]; readonly unknown: string | undefined } {
        if (ty.k === "ref") {
            return { candidates: [], unknown: undefined };
        }
        const candidates: Candidate[] = [];
        const unseen = this.#inherent(ty, query, NS.value, candidates);
        return { candidates: candidates.filter(isMethod), unknown: unseen?.reason };
    }

    /** Methods of traits in scope. */
    traitMethods(query: MemberQuery): readonly Candidate[] {
        const candidates: Candidate[] = [];
        this.#ofTraits(query, NS.value, candidates);
        return candidates.filter(isMethod);
    }

    /** Candidates for `Type::name`. */
    ofType(ty: Ty, query: MemberQuery, namespace: number): CandidateList {
        const inherent: Candidate[] = [];
        const unseen = this.#inherent(ty, query, namespace, inherent);
        const traits: Candidate[] = [];
        // A parameter's associated types come from its bounds, and from nothing else.
        const isBounded = namespace === NS.type && (ty.k === "param" || ty.k === "projection");
        if (!isBounded) {
            this.#ofTraits(query, namespace, traits);
        }
        const isElseForeign = isBounded && unseen?.isForeignBound === true;
        const unknown = isElseForeign ? undefined : unseen?.reason;
        return { inherent, traits, unknown, isElseForeign };
    }

    /** Whether the place may see a private member. */
    isSeen(member: number, from: Scope): boolean {
        const { program } = this.#semantics;
        return program.isVisible(program.symbolAt(member).visibleIn, from);
    }

    #inherent(
        ty: Ty,
        query: MemberQuery,
        namespace: number,
        into: Candidate[],
    ): Unseen | undefined {
        const { std, impls } = this.#semantics;
        if (ty.k === "param" || ty.k === "projection" || ty.k === "bound") {
            const { traits, open } =
                ty.k === "bound"
                    ? { traits: this.#solver.withSupertraits(ty.traits, ty), open: ty.open }
                    : this.#solver.boundsOn(ty);
            this.#ofBounds(ty, traits, { query, namespace, into });
            const isForeign = traits.some((trait) => this.#isUnseen(trait.symbol));
            if (ty.k === "bound") {
                this.#ofImpls(impls.inherentGiving(ty, query.name), query, namespace, into);
                this.#ofStd(ty, query.name, into);
            }
            return open || isForeign ? { reason: BOUND_UNKNOWN, isForeignBound: !open } : undefined;
        }
        this.#ofImpls(impls.inherentGiving(ty, query.name), query, namespace, into);
        this.#ofStd(ty, query.name, into);
        this.#ofPinProjection(ty, query.name, into);
        if (ty.k === "external" && !std.isComplete(ty)) {
            return { reason: `the members of ${ty.name} are not known`, isForeignBound: false };
        }
        return undefined;
    }

    #ofStd(ty: Ty, name: string, into: Candidate[]): void {
        for (const { impl, item } of this.#semantics.std.inherent(ty, name)) {
            into.push({
                symbols: [],
                declaration: item.function,
                type: item.type,
                impl,
                trait: undefined,
                bound: undefined,
                boundOn: undefined,
            });
        }
    }

    #ofPinProjection(ty: Ty, name: string, into: Candidate[]): void {
        const method = projectionMethod(this.#semantics, ty, name);
        if (method !== undefined) {
            into.push({
                symbols: [],
                ...method,
                type: undefined,
                trait: undefined,
                bound: undefined,
                boundOn: undefined,
            });
        }
    }

    /** A trait of a dependency, whose items are not seen. */
    #isUnseen(trait: number): boolean {
        const { program, std } = this.#semantics;
        return program.symbolAt(trait).external !== "" && std.canonical(trait) === undefined;
    }

    #ofImpls(
        records: readonly ImplRecord[],
        query: MemberQuery,
        namespace: number,
        into: Candidate[],
    ): void {
        const { program } = this.#semantics;
        for (const record of records) {
            const symbols = (record.members.get(query.name) ?? []).filter(
                (one) =>
                    (program.symbolAt(one).namespaces & namespace) !== 0 &&
                    this.isSeen(one, query.from),
            );
            if (symbols.length > 0) {
                const impl = this.#semantics.declarationOf(record);
                into.push({ ...this.#ours(symbols), impl, trait: undefined });
            }
        }
    }

    #ours(symbols: readonly number[]): Omit<Candidate, "impl" | "trait"> {
        const first = symbols[0] ?? -1;
        const { kind } = this.#semantics.program.symbolAt(first);
        const isFunction = kind === "method" || kind === "function";
        return {
            symbols,
            declaration: isFunction ? this.#semantics.functionOf(first) : undefined,
            type: kind === "assoc-const" ? this.#semantics.declaredType(first) : undefined,
            bound: undefined,
            boundOn: undefined,
        };
    }

    #ofBounds(
        ty: Ty,
        traits: readonly BoundTrait[],
        of: {
            readonly query: MemberQuery;
            readonly namespace: number;
            readonly into: Candidate[];
        },
    ): void {
        for (const bound of traits) {
            const item = this.#traitItem(bound.symbol, of.query.name, of.namespace);
            if (item !== undefined && !of.into.some((one) => one.trait === bound.symbol)) {
                of.into.push({ ...item, bound, boundOn: ty });
            }
        }
    }

    /** A trait's own item of a name. */
    #traitItem(trait: number, name: string, namespace: number): Candidate | undefined {
        const { program, std } = this.#semantics;
        const symbols = (program.members.get(trait)?.get(name) ?? []).filter(
            (one) => (program.symbolAt(one).namespaces & namespace) !== 0,
        );
        if (symbols.length > 0) {
            return { ...this.#ours(symbols), impl: undefined, trait };
        }
        if (program.symbolAt(trait).external === "") {
            return undefined;
        }
        const item = std.traitItem(trait, name);
        const wanted = item === undefined ? 0 : item.kind === "type" ? NS.type : NS.value;
        return item === undefined || (wanted & namespace) === 0
            ? undefined
            : {
                  symbols: [],
                  declaration: item.function,
                  type: item.type,
                  impl: undefined,
                  trait,
                  bound: undefined,
                  boundOn: undefined,
              };
    }

    /** The function of a trait by name. */
    traitFunction(trait: number, name: string): FunctionDeclaration | undefined {
        return this.#traitItem(trait, name, NS.value)?.declaration;
    }

    #ofTraits(query: MemberQuery, namespace: number, into: Candidate[]): void {
        const { traits, std } = this.#semantics;
        for (const trait of traits.withItem(query.name)) {
            this.#addTrait(trait, query, namespace, into);
        }
        for (const trait of std.traitsWithItem(query.name)) {
            this.#addTrait(trait, query, namespace, into);
        }
    }

    #addTrait(trait: number, query: MemberQuery, namespace: number, into: Candidate[]): void {
        const { traits } = this.#semantics;
        const isImplemented = this.#solver.environment.implemented === trait;
        if (isImplemented || traits.isInScope(trait, query.from)) {
            const item = this.#traitItem(trait, query.name, namespace);
            if (item !== undefined) {
                const isPerhaps = !isImplemented && traits.mayBeHidden(trait, query.from);
                into.push(isPerhaps ? { ...item, isPerhaps } : item);
            }
        }
    }

    /** Whether a method can be called on a receiver of this type; nothing is learned. */
    fits(candidate: Candidate, adjusted: Ty): Certainty {
        const { declaration } = candidate;
        if (declaration?.self === undefined || !mayReceive(declaration, adjusted)) {
            return "no";
        }
        return asFarAsSeen(
            candidate,
            this.#solver.probe(() => this.#apply(candidate, adjusted, declaration.self)),
        );
    }

    /** Whether an item named by path belongs to a type; nothing is learned. */
    fitsType(candidate: Candidate, ty: Ty): Certainty {
        return asFarAsSeen(
            candidate,
            this.#solver.probe(() => this.#applyType(candidate, ty).answer),
        );
    }

    /** Learns from the use of a candidate; gives its interface there, and the type that it is a member of. */
    commit(candidate: Candidate, adjusted: Ty, typeArgs: readonly Ty[] | undefined): Committed {
        const { declaration, impl, trait } = candidate;
        const { values } =
            candidate.ofType === undefined
                ? this.#receive(candidate, adjusted, declaration?.self)
                : this.#applyType(candidate, candidate.ofType);
        if (impl !== undefined) {
            this.#solver.assumeAll(impl, values);
        }
        const self =
            trait === undefined ? adjusted : (values.get(paramKey(trait, "Self")) ?? UNKNOWN);
        if (declaration === undefined) {
            const type = substitute(candidate.type ?? UNKNOWN, values);
            return { self, callee: undefined, type: this.#solver.normalize(type) };
        }
        (typeArgs ?? []).forEach((arg, i) => {
            const name = declaration.names[i];
            if (name !== undefined) {
                values.set(paramKey(declaration.owner, name), arg);
            }
        });
        const callee = this.#solver.instantiate(declaration, values);
        return { self, callee, type: undefined };
    }

    #apply(candidate: Candidate, adjusted: Ty, self: Ty | undefined): Certainty {
        return this.#receive(candidate, adjusted, self).answer;
    }

    /** Unifies a method's receiver with what it is called on. */
    #receive(
        candidate: Candidate,
        adjusted: Ty,
        self: Ty | undefined,
    ): { answer: Certainty; values: Map<string, Ty> } {
        const { infer } = this.#solver;
        const { impl, trait, bound, boundOn } = candidate;
        if (impl !== undefined) {
            const values = infer.freshFor(impl.owner, impl.names, new Map<string, Ty>());
            const declared = this.#solver.normalize(substitute(self ?? UNKNOWN, values));
            if (!infer.unify(declared, adjusted)) {
                return { answer: "no", values };
            }
            return { answer: this.#boundsHold(impl, values), values };
        }
        if (trait === undefined) {
            return { answer: "no", values: new Map() };
        }
        const receiver = infer.fresh();
        const values = this.#solver.traitValues(
            bound ?? { symbol: trait, args: [], bindings: [] },
            receiver,
        );
        if (!infer.unify(substitute(self ?? UNKNOWN, values), adjusted)) {
            return { answer: "no", values };
        }
        if (boundOn !== undefined) {
            return { answer: infer.unify(receiver, boundOn) ? "yes" : "no", values };
        }
        return { answer: this.#implements(trait, receiver, values), values };
    }

    #implements(trait: number, self: Ty, values: ReadonlyMap<string, Ty>): Certainty {
        const args = this.#semantics
            .parameterNames(trait)
            .map((name) => values.get(paramKey(trait, name)) ?? UNKNOWN);
        return this.#solver.learn({ ty: self, trait: { symbol: trait, args, bindings: [] } });
    }

    #applyType(candidate: Candidate, ty: Ty): { answer: Certainty; values: Map<string, Ty> } {
        const { infer } = this.#solver;
        const { impl, trait, bound, boundOn } = candidate;
        if (impl !== undefined) {
            const values = infer.freshFor(impl.owner, impl.names, new Map<string, Ty>());
            const isFit = infer.unify(substitute(impl.self, values), ty);
            return { answer: isFit ? this.#boundsHold(impl, values) : "no", values };
        }
        if (trait === undefined) {
            return { answer: "no", values: new Map() };
        }
        const values = this.#solver.traitValues(
            bound ?? { symbol: trait, args: [], bindings: [] },
            ty,
        );
        const answer = boundOn === undefined ? this.#implements(trait, ty, values) : "yes";
        return { answer, values };
    }

    #boundsHold(impl: ImplDeclaration, values: Map<string, Ty>): Certainty {
        let answer: Certainty = impl.open ? "maybe" : "yes";
        for (const { ty, trait } of impl.predicates) {
            const holds = this.#solver.learnWith({ ty, trait }, values);
            if (holds === "no") {
                return "no";
            }
            answer = holds === "maybe" ? "maybe" : answer;
        }
        return answer;
    }

    /** The symbols that a chosen candidate stands for: the impl's own item where one impl is meant. */
    symbolsOf(candidate: Candidate, self: Ty, name: string): readonly number[] {
        const { trait, boundOn } = candidate;
        return trait === undefined || boundOn !== undefined
            ? candidate.symbols
            : this.#implItem(trait, self, candidate, name);
    }

    #implItem(trait: number, self: Ty, candidate: Candidate, name: string): readonly number[] {
        const { impls, program } = this.#semantics;
        const head = this.#solver.infer.shallow(self);
        const isStd = program.symbolAt(trait).external !== "";
        if (isStd && head.k !== "adt") {
            return candidate.symbols;
        }
        const records = [...impls.ofTrait(trait, head), ...impls.blanketOf(trait)].filter(
            (record) => {
                const impl = this.#semantics.declarationOf(record);
                const asCandidate = { ...candidate, impl, trait: undefined };
                return this.fitsType(asCandidate, head) !== "no";
            },
        );
        const own = records.map((record) => record.members.get(name) ?? []);
        const [first] = own;
        if (first === undefined || own.some((one) => one.length === 0)) {
            return candidate.symbols;
        }
        const wanted = candidate.symbols[0];
        const namespace = wanted === undefined ? NS.value : program.symbolAt(wanted).namespaces;
        const all = own
            .flat()
            .filter((one) => (program.symbolAt(one).namespaces & namespace) !== 0);
        if (own.length === 1 || this.#semantics.areTwins(all)) {
            return all.length === 0 ? candidate.symbols : all;
        }
        return isStd ? [] : candidate.symbols;
    }
}

function asFarAsSeen({ isPerhaps }: Candidate, fit: Certainty): Certainty {
    return isPerhaps === true && fit === "yes" ? "maybe" : fit;
}

function isMethod({ declaration }: Candidate): boolean {
    return declaration !== undefined && declaration.receiver !== "none";
}

const BOUND_UNKNOWN = "a bound outside the workspace may give this method";

/** A cheap test before anything is unified. */
function mayReceive({ receiver }: FunctionDeclaration, adjusted: Ty): boolean {
    switch (receiver) {
        case "ref":
            return adjusted.k === "ref" && !adjusted.mutable;
        case "mut":
            return adjusted.k === "ref" && adjusted.mutable;
        default:
            return true;
    }
}
