// Whether a type implements a trait, what its associated types are, and what that says of variables. Bounds
// that cannot be decided yet wait until more is known.
//
// Source: the outline of rustc's trait selection ("Trait solving" in the rustc development guide): where
// clauses come before impls; an impl is chosen only if it is the only one that may apply.

import type { Declared, FunctionDeclaration, ImplDeclaration, Predicate } from "./declarations.ts";
import { Bounds, isCallable, mayFit } from "./bounds.ts";
import { Inference } from "./inference.ts";
import type { ClosedBounds, Environment, Semantics } from "../semantics.ts";
import { isAsked } from "./same-bound.ts";
import { boundKey } from "./type-key.ts";
import {
    UNKNOWN,
    isRigid,
    mapParts,
    mapTrait,
    substitute,
    type BoundTrait,
    type Substitution,
    type Ty,
} from "./types.ts";

/** Whether something holds; `maybe` where it cannot be decided, or not yet. */
export type Certainty = "yes" | "no" | "maybe";

/** One way in which a predicate may hold; tried under a mark. */
type Option = () => Certainty;

const DEPTH_MAX = 6;
/** Impls tried for one bound, those of the bounds below it included. */
const TRIALS_MAX = 250;
/** Projections that stand for others, followed. */
const CHAIN_MAX = 3;
const PENDING_MAX = 400;
const PASSES_MAX = 4;

/** A function's interface with its parameters replaced by variables. */
export interface Callee {
    /** The receiver's type, where the function has one. */
    readonly self: Ty | undefined;
    readonly params: readonly Ty[];
    readonly result: Ty;
}

/** Solves trait bounds for the variables of one body. */
export class TraitSolver {
    readonly semantics: Semantics;
    readonly infer = new Inference();
    environment: Environment = { predicates: [], open: false, implemented: undefined };
    #pending: Predicate[] = [];
    #retriedAt = 0;
    #probes = 0;
    #trials = 0;
    /** The one impl that may apply was chosen; what it asks for waits by itself. */
    #selected = false;
    readonly #closed: ClosedBounds;

    readonly #bounds: Bounds;

    constructor(semantics: Semantics) {
        this.semantics = semantics;
        this.#bounds = new Bounds(semantics, this.infer);
        this.#closed = semantics.closedBounds;
    }

    /** Enters another body: its bounds hold there, and nothing waits. Returns what `leave` takes. */
    enter(environment: Environment): { environment: Environment; pending: Predicate[] } {
        const before = { environment: this.environment, pending: this.#pending };
        this.environment = environment;
        this.#pending = [];
        return before;
    }

    leave(before: { environment: Environment; pending: Predicate[] }): void {
        this.environment = before.environment;
        this.#pending = before.pending;
    }

    /** Takes a bound as true: learns from it now, or once more is known. */
    assume(predicate: Predicate): void {
        if (this.semantics.std.isUniversal(predicate.trait.symbol)) {
            return;
        }
        if (this.#isOpen(predicate)) {
            this.#wait(predicate);
        }
    }

    /** Learns from a bound; whether it must be looked at again once more is known. */
    #isOpen(predicate: Predicate): boolean {
        this.#selected = false;
        return this.#solve(predicate, 0) === "maybe" && !this.#selected;
    }

    /** Has a bound wait for more; what is asked twice gets one answer. */
    #wait(predicate: Predicate): void {
        if (this.#pending.length < PENDING_MAX && !isAsked(this.infer, this.#pending, predicate)) {
            this.#pending.push(predicate);
        }
    }

    /** Tries again what waits, as long as that teaches anything. */
    retry(): void {
        if (this.#probes > 0) {
            return; // What was learned in a probe is taken back; what waits must still wait then.
        }
        for (let pass = 0; pass < PASSES_MAX; pass++) {
            if (this.#pending.length === 0 || this.#retriedAt === this.infer.mark()) {
                return;
            }
            const before = this.infer.mark();
            const waiting = this.#pending;
            this.#pending = [];
            for (const predicate of waiting) {
                // What waits for a variable that still is one need not be tried.
                if (this.infer.shallow(predicate.ty).k === "var" || this.#isOpen(predicate)) {
                    this.#wait(predicate);
                }
            }
            this.#retriedAt = this.infer.mark();
            if (this.#retriedAt === before) {
                return;
            }
        }
    }

    /** The head of a type, after trying what waits if it is a variable. */
    known(ty: Ty): Ty {
        const head = this.infer.shallow(ty);
        if (head.k !== "var") {
            return head;
        }
        this.retry();
        return this.infer.shallow(head);
    }

    /** Whether a bound holds; where only one impl may be meant, learns from it. */
    learn(predicate: Predicate): Certainty {
        return this.#solve(predicate, 0);
    }

    /** The same for a declaration's bound with values for its parameters. */
    learnWith({ ty, trait }: Predicate, values: Substitution): Certainty {
        return this.#solve(
            {
                ty: this.normalize(substitute(ty, values)),
                trait: mapTrait(trait, (part) => this.normalize(substitute(part, values))),
            },
            0,
        );
    }

    /** Answers a question and takes back all that was learned on the way, variables included. */
    probe<T>(ask: () => T): T {
        const mark = this.infer.mark();
        const waiting = this.#pending.length;
        const { count } = this.infer;
        this.#probes += 1;
        const answer = ask();
        this.#probes -= 1;
        this.infer.undo(mark);
        this.infer.forget(count);
        this.#pending.length = Math.min(this.#pending.length, waiting);
        return answer;
    }

    /** Replaces all projections inside a type as far as they are known. */
    normalize(ty: Ty): Ty {
        return this.#normalize(ty, 0);
    }

    /** `<ty as trait>::name` of a trait of std, by its path. */
    project(ty: Ty, trait: string, name: string, args: readonly Ty[] = []): Ty {
        const external = this.semantics.program.external(trait);
        const symbol = this.semantics.canonical(external);
        return this.#project({ self: ty, trait: { symbol, args, bindings: [] }, name }, 0);
    }

    /** A declaration's parameters as variables, its bounds assumed. */
    instantiate(declaration: FunctionDeclaration, values: Map<string, Ty>): Callee {
        const { infer } = this;
        infer.freshFor(declaration.owner, declaration.names, values);
        this.assumeAll(declaration, values);
        const lower = (ty: Ty): Ty => this.normalize(substitute(ty, values));
        const { self, params, result } = declaration;
        return {
            self: self === undefined ? undefined : lower(self),
            params: params.map((param) => this.#openImpl(lower(param))),
            result: lower(result),
        };
    }

    assumeAll(declared: Declared, values: Substitution): void {
        for (const { ty, trait } of declared.predicates) {
            this.assume({
                ty: this.normalize(substitute(ty, values)),
                trait: mapTrait(trait, (part) => this.normalize(substitute(part, values))),
            });
        }
    }

    /** `impl Trait` as a parameter's type is a parameter of its own. */
    #openImpl(ty: Ty): Ty {
        if (ty.k === "bound" && ty.form === "impl") {
            const variable = this.infer.fresh();
            for (const trait of ty.traits) {
                this.assume({ ty: variable, trait });
            }
            return variable;
        }
        return ty.k === "bound" ? ty : mapParts(ty, (part) => this.#openImpl(part));
    }

    /** The bounds that wait for a variable. */
    waitingFor(variable: Ty & { readonly k: "var" }): readonly BoundTrait[] {
        return this.#pending.flatMap((predicate) => {
            const self = this.infer.shallow(predicate.ty);
            return self.k === "var" && self.id === variable.id ? [predicate.trait] : [];
        });
    }

    /** The bounds that hold for a parameter or a projection, supertraits included. */
    boundsOn(ty: Ty): { readonly traits: readonly BoundTrait[]; readonly open: boolean } {
        return this.#bounds.on(ty, this.environment);
    }

    /** Traits with all that they stand above, in terms of a self type. */
    withSupertraits(traits: readonly BoundTrait[], self: Ty): readonly BoundTrait[] {
        return this.#bounds.withSupertraits(traits, self);
    }

    /** Values of a trait's `Self` and parameters, those that are not given as variables. */
    traitValues(trait: BoundTrait, self: Ty): Map<string, Ty> {
        return this.infer.freshFor(
            trait.symbol,
            this.semantics.parameterNames(trait.symbol),
            this.#bounds.traitValues(trait, self),
        );
    }

    #normalize(ty: Ty, depth: number): Ty {
        const change = (part: Ty): Ty => {
            const head = this.infer.shallow(part);
            const inside = mapParts(head, change);
            return inside.k === "projection" ? this.#project(inside, depth) : inside;
        };
        return change(ty);
    }

    #project(
        projection: {
            readonly self: Ty;
            readonly trait: BoundTrait | undefined;
            readonly name: string;
        },
        depth: number,
    ): Ty {
        const { name } = projection;
        const self = this.infer.shallow(projection.self);
        if (self.k === "unknown" || depth > DEPTH_MAX) {
            return UNKNOWN;
        }
        const trait = projection.trait ?? this.#traitWith(self, name);
        if (trait === undefined) {
            return self.k === "param" || self.k === "projection"
                ? { k: "projection", self, trait, name }
                : UNKNOWN;
        }
        const ty = this.infer.fresh();
        const bound = { ...trait, bindings: [...trait.bindings, { name, ty }] };
        const predicate = { ty: self, trait: bound };
        const answer = this.#solve(predicate, depth);
        const result = this.infer.shallow(ty);
        if (answer === "maybe" && result.k === "var" && this.infer.isOpen(self)) {
            this.#wait(predicate);
            return ty;
        }
        const isOther =
            result.k === "projection" &&
            (result.name !== name || result.trait?.symbol !== trait.symbol);
        if (isOther && depth < CHAIN_MAX) {
            // `I::IntoIter::Item` is `I::Item`, which a bound may tell.
            return this.#normalize(result, depth + 1);
        }
        return result.k === "var" && !isRigid(self) ? (answer === "maybe" ? ty : UNKNOWN) : result;
    }

    /** The trait that gives a type's associated type of a name, when that is plain. */
    #traitWith(self: Ty, name: string): BoundTrait | undefined {
        const { semantics } = this;
        const has = (trait: number): boolean =>
            semantics.program.members.get(trait)?.has(name) === true ||
            semantics.std.traitItem(trait, name)?.kind === "type";
        if (isRigid(self)) {
            const traits =
                self.k === "bound"
                    ? this.withSupertraits(self.traits, self)
                    : this.boundsOn(self).traits;
            return traits.find((trait) => has(trait.symbol));
        }
        for (const impl of semantics.impls.forType(self)) {
            const trait = impl.members.has(name) ? impl.trait?.symbol : undefined;
            const header = this.#opened(impl.symbol, impl.self);
            if (trait !== undefined && this.infer.canUnify(header, self)) {
                return { symbol: trait, args: [], bindings: [] };
            }
        }
        return undefined;
    }

    #opened(owner: number, ty: Ty): Ty {
        const { names } = this.semantics.declaredOf(owner);
        return substitute(ty, this.infer.freshFor(owner, names, new Map()));
    }

    #solve(predicate: Predicate, depth: number): Certainty {
        const { trait } = predicate;
        const ty = this.infer.shallow(predicate.ty);
        const { std } = this.semantics;
        if (std.isUniversal(trait.symbol)) {
            return "yes";
        }
        if (ty.k === "unknown" || ty.k === "var" || depth > DEPTH_MAX) {
            return "maybe";
        }
        if (depth === 0) {
            this.#trials = 0;
        }
        const key = trait.bindings.length > 0 ? undefined : boundKey(this.infer, ty, trait);
        const known = key === undefined ? undefined : this.#closed.get(key);
        if (known !== undefined) {
            return known;
        }
        if (key !== undefined) {
            this.#closed.set(key, "maybe"); // A bound that depends on itself stays open.
        }
        const answer = this.#choose(ty, trait, depth);
        if (key !== undefined) {
            // What was not decided for want of trials may be decided elsewhere.
            this.#closed.delete(key);
            if (this.#trials <= TRIALS_MAX && depth === 0) {
                this.#closed.set(key, answer);
            } else if (answer !== "maybe") {
                this.#closed.set(key, answer);
            }
        }
        return answer;
    }

    #choose(ty: Ty, trait: BoundTrait, depth: number): Certainty {
        const rigid = this.#rigidOptions(ty, trait, depth);
        const byRigid = this.#tryAll(rigid.options, depth);
        if (byRigid !== "no") {
            return byRigid;
        }
        const answer = this.#tryAll(this.#implOptions(ty, trait, depth), depth);
        if (answer !== "no") {
            return answer;
        }
        const isForeign = this.#isForeign(ty, trait.symbol);
        return rigid.open || isForeign ? "maybe" : "no";
    }

    /** A type or trait of a dependency, whose impls are not seen. */
    #isForeign(ty: Ty, trait: number): boolean {
        const { std, program } = this.semantics;
        const isUnseen = (symbol: number): boolean =>
            program.symbolAt(symbol).external !== "" && std.canonical(symbol) === undefined;
        if (ty.k === "external" && isUnseen(ty.symbol)) {
            return true;
        }
        return isUnseen(trait);
    }

    /** Commits to the one option that may apply; several leave the matter open. */
    #tryAll(options: readonly Option[], depth: number): Certainty {
        const fitting: { option: Option; answer: Certainty }[] = [];
        const [only] = options;
        if (only !== undefined && options.length === 1) {
            return this.#take(only, depth);
        }
        for (const option of options) {
            const answer = this.probe(option);
            if (answer !== "no") {
                fitting.push({ option, answer });
            }
        }
        const [first] = fitting;
        if (first === undefined) {
            return "no";
        }
        if (fitting.length === 1) {
            return this.#take(first.option, depth);
        }
        return fitting.every(({ answer }) => answer === "yes") && this.#teachNothing(fitting)
            ? "yes"
            : "maybe";
    }

    /** Learns from the only option. */
    #take(option: Option, depth: number): Certainty {
        const mark = this.infer.mark();
        const answer = option();
        if (answer === "no") {
            this.infer.undo(mark);
        }
        this.#selected ||= depth === 0 && answer === "maybe" && this.#trials <= TRIALS_MAX;
        return answer;
    }

    /** Whether all options hold without anything to be learned: then it does not matter which. */
    #teachNothing(fitting: readonly { readonly option: Option }[]): boolean {
        return fitting.every(({ option }) => {
            const mark = this.infer.mark();
            option();
            const learned = this.infer.mark() - mark;
            this.infer.undo(mark);
            return learned === 0;
        });
    }

    /** What the type itself says: bounds of a parameter, of `dyn` and `impl`, and the language's own impls. */
    #rigidOptions(ty: Ty, trait: BoundTrait, depth: number): { options: Option[]; open: boolean } {
        const { semantics } = this;
        const options: Option[] = [];
        let open = false;
        const byBounds = (traits: readonly BoundTrait[]): void => {
            for (const bound of traits) {
                if (bound.symbol === trait.symbol) {
                    options.push(() => this.#unifyBound(ty, bound, trait, depth));
                }
            }
        };
        switch (ty.k) {
            case "param":
            case "projection": {
                const bounds = this.boundsOn(ty);
                byBounds(bounds.traits);
                ({ open } = bounds);
                break;
            }
            case "bound":
                byBounds(this.withSupertraits(ty.traits, ty));
                ({ open } = ty);
                break;
            case "function":
                if (isCallable(semantics, trait)) {
                    options.push(() => this.#unifyCallable(ty, trait, depth));
                }
                break;
            case "future":
                if (semantics.program.symbolAt(trait.symbol).external === FUTURE) {
                    options.push(() => this.#bindAll(trait, () => ty.inner, depth));
                }
                break;
            case "adt":
                if (semantics.isDerived(ty.symbol, trait.symbol)) {
                    options.push(() => "yes");
                }
                break;
            default:
        }
        return { options, open };
    }

    #unifyBound(ty: Ty, bound: BoundTrait, wanted: BoundTrait, depth: number): Certainty {
        const { infer } = this;
        for (let i = 0; i < wanted.args.length; i++) {
            if (!infer.unify(wanted.args[i] ?? UNKNOWN, bound.args[i] ?? UNKNOWN)) {
                return "no";
            }
        }
        const typeOf = (name: string): Ty => {
            const given = bound.bindings.find((one) => one.name === name);
            if (given !== undefined) {
                return given.ty;
            }
            const { args, symbol } = bound;
            return { k: "projection", self: ty, trait: { symbol, args, bindings: [] }, name };
        };
        return this.#bindAll(wanted, typeOf, depth);
    }

    #unifyCallable(
        ty: Ty & { readonly k: "function" },
        trait: BoundTrait,
        depth: number,
    ): Certainty {
        const items = trait.args[0];
        if (items !== undefined) {
            this.infer.unify(items, { k: "tuple", items: ty.params });
        }
        const typeOf = (name: string): Ty | undefined =>
            name === "Output" ? ty.result : undefined;
        return this.#bindAll(trait, typeOf, depth);
    }

    /** Gives a bound's bindings their types. */
    #bindAll(
        trait: BoundTrait,
        typeOf: (name: string) => Ty | undefined,
        depth: number,
    ): Certainty {
        for (const { name, ty } of trait.bindings) {
            const value = typeOf(name);
            if (
                value !== undefined &&
                !this.infer.unify(ty, this.#bindable(value, Math.max(depth + 1, 2)))
            ) {
                return "no";
            }
        }
        return "yes";
    }

    /** A binding's value; what a bound says of another associated type is looked up, but not itself again. */
    #bindable(value: Ty, depth: number): Ty {
        return value.k === "projection"
            ? mapParts(value, (part) => this.#normalize(part, depth))
            : this.#normalize(value, depth);
    }

    #implOptions(ty: Ty, trait: BoundTrait, depth: number): Option[] {
        const { impls, std } = this.semantics;
        const options: Option[] = [];
        const add = (impl: ImplDeclaration): void => {
            if (!impl.negative && mayFit(impl.self, ty)) {
                options.push(() => this.#applyImpl(impl, ty, trait, depth));
            }
        };
        for (const record of impls.ofTrait(trait.symbol, ty)) {
            add(this.semantics.declarationOf(record));
        }
        for (const record of impls.blanketOf(trait.symbol)) {
            add(this.semantics.declarationOf(record));
        }
        if (this.semantics.program.symbolAt(trait.symbol).external !== "") {
            std.implsFor(ty, trait.symbol).forEach(add);
            std.blanketImpls(trait.symbol).forEach(add);
        }
        return options;
    }

    #applyImpl(impl: ImplDeclaration, ty: Ty, trait: BoundTrait, depth: number): Certainty {
        const { infer } = this;
        this.#trials += 1;
        if (this.#trials > TRIALS_MAX) {
            return "maybe";
        }
        const values = infer.freshFor(impl.owner, impl.names, new Map<string, Ty>());
        if (!infer.unify(substitute(impl.self, values), ty)) {
            return "no";
        }
        const given = impl.trait?.args ?? [];
        for (let i = 0; i < Math.min(given.length, trait.args.length); i++) {
            const arg = this.#normalize(substitute(given[i] ?? UNKNOWN, values), depth + 1);
            if (!infer.unify(arg, trait.args[i] ?? UNKNOWN)) {
                return "no";
            }
        }
        let answer: Certainty = impl.open ? "maybe" : "yes";
        for (const predicate of impl.predicates) {
            const nested = {
                ty: this.#normalize(substitute(predicate.ty, values), depth + 1),
                trait: mapTrait(predicate.trait, (part) =>
                    this.#normalize(substitute(part, values), depth + 1),
                ),
            };
            const holds = this.#solve(nested, depth + 1);
            if (holds === "no") {
                return "no";
            }
            if (holds === "maybe") {
                answer = "maybe";
                if (depth === 0 && this.#probes === 0) {
                    this.#wait(nested);
                }
            }
        }
        const typeOf = (name: string): Ty | undefined => {
            const value = impl.associated(name);
            return value === undefined
                ? undefined
                : this.#normalize(substitute(value, values), depth + 1);
        };
        return this.#bindAll(trait, typeOf, depth) === "no" ? "no" : answer;
    }
}

const FUTURE = "std::future::Future";
