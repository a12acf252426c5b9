// Gives the trees of std's texts their meaning: paths become types and traits, names become parameters,
// `T::Item` the projection on the trait that T's bounds name. What is not understood is unknown, and noted.

import type { Declared, Predicate } from "../types/declarations.ts";
import { PRIMITIVE_TYPES } from "../known-names.ts";
import {
    addBounds,
    bindingsOf,
    EMPTY_SCOPE,
    joined,
    keyOf,
    paramIn,
    pathTo,
    SELF_SYNTAX,
    selfIn,
    withoutBindings,
    type GenericsSyntax,
    type StdDeclared,
    type StdScope,
} from "./std-scope.ts";
import type { StdHead, StdSummary } from "./std-summary.ts";
import type {
    BoundSyntax,
    ParameterSyntax,
    SegmentSyntax,
    TypeSyntax,
    WhereSyntax,
} from "./std-syntax.ts";
import { parseAssociated, parseBounds, parseGenerics, parseType } from "./std-type-parser.ts";
import {
    mapTrait,
    NEVER,
    paramKey,
    substitute,
    UNIT,
    UNKNOWN,
    type BoundTrait,
    type Ty,
} from "../types/types.ts";

/** Interns symbols for paths outside the workspace. */
export interface Externals {
    external(path: string): number;
    /** Path of an external symbol, empty for others. */
    pathOf(symbol: number): string;
}

/** A type or trait of std with its symbol and parameters. */
export interface StdName {
    readonly head: StdHead;
    /** The external of its shortest public path. */
    readonly symbol: number;
    readonly generics: readonly ParameterSyntax[];
}

interface Alias {
    readonly generics: readonly ParameterSyntax[];
    readonly type: string;
}

interface TraitFacts extends StdDeclared {
    readonly supertraits: readonly BoundTrait[];
}

/** Marker traits that every type is taken to have, and sealed ones whose impls are made by macros. */
const UNIVERSAL =
    /^std::(?:marker::(?!Copy$|FnPtr$|DiscriminantKind$|Unsize$)|panic::(?:Ref)?UnwindSafe$|num::ZeroablePrimitive$)/u;

const FIRST_OWNER = -2;

const SUPERTRAIT_DEPTH_MAX = 8;

/** Lowers texts of one summary for one program. */
export class StdLowering {
    readonly #externals: Externals;
    readonly #summary: StdSummary;
    readonly #names = new Map<string, StdName | undefined>();
    readonly #aliases = new Map<string, Alias | undefined>();
    readonly #declared = new Map<StdName, StdDeclared>();
    readonly #traits = new Map<number, TraitFacts | undefined>();
    readonly #types = new Map<string, TypeSyntax | undefined>();
    readonly #itemBounds = new Map<string, readonly BoundTrait[]>();
    readonly #universal = new Map<number, boolean>();
    readonly #pending = new Set<string>();
    /** Texts and paths that are not understood. */
    readonly problems = new Set<string>();
    #owner = FIRST_OWNER;

    constructor(externals: Externals, summary: StdSummary) {
        this.#externals = externals;
        this.#summary = summary;
    }

    /** A number for what has no symbol. */
    freshOwner(): number {
        return this.#owner--;
    }

    /** Passes on what was read, and notes a text that was not understood. */
    noted<T>(text: string, read: T | undefined): T | undefined {
        if (read === undefined) {
            this.problems.add(text);
        }
        return read;
    }

    /** The type or trait that a path names; what it stands for, if it is an alias. */
    find(path: string): StdName | undefined {
        let name = this.#names.get(path);
        if (name === undefined && !this.#names.has(path)) {
            const head = this.#summary.findHead(path);
            if (head !== undefined) {
                name = head.path === path ? this.#nameOf(head) : this.find(head.path);
            }
            this.#names.set(path, name);
        }
        return name;
    }

    /** The type or trait of a symbol. */
    named(symbol: number): StdName | undefined {
        const path = this.pathOf(symbol);
        return path.includes("::") ? this.find(path) : undefined;
    }

    /** Path of an external symbol, empty for others. */
    pathOf(symbol: number): string {
        return symbol < 0 ? "" : this.#externals.pathOf(symbol);
    }

    #nameOf(head: StdHead): StdName {
        return {
            head,
            symbol: head.path.includes("::") ? this.#externals.external(head.path) : -1,
            generics: this.noted(head.generics, parseGenerics(head.generics)) ?? [],
        };
    }

    /** Parameters of a type, in a scope for its fields; of a trait, in one for its items. */
    declaredOf(name: StdName): StdDeclared {
        if (name.head.kind === "trait") {
            const facts = this.traitFacts(name.symbol);
            if (facts !== undefined) {
                return facts;
            }
        }
        let declared = this.#declared.get(name);
        if (declared === undefined) {
            declared = this.declare({ generics: name.generics, where: [] }, name.symbol, undefined);
            declared.scope.self = this.applied(name, this.paramsOf(declared));
            this.#declared.set(name, declared);
        }
        return declared;
    }

    /** The parameters of a declaration as types. */
    paramsOf(declared: Declared): readonly Ty[] {
        return declared.names.map((name) => ({ k: "param", owner: declared.owner, name }));
    }

    /** A trait's parameters, predicates and supertraits; undefined if it is none of std's. */
    traitFacts(symbol: number): TraitFacts | undefined {
        let facts = this.#traits.get(symbol);
        if (facts === undefined && !this.#traits.has(symbol)) {
            const name = this.named(symbol);
            this.#traits.set(symbol, undefined);
            facts = name?.head.kind === "trait" ? this.#readTrait(name) : undefined;
            this.#traits.set(symbol, facts);
        }
        return facts;
    }

    #readTrait(name: StdName): TraitFacts {
        const owner = name.symbol;
        const text = this.#summary.supertraits(name.head.path);
        const clause = this.noted(text, parseBounds(text));
        const self: Ty = { k: "param", owner, name: "Self" };
        const where = [
            { type: SELF_SYNTAX, bounds: clause?.bounds ?? [] },
            ...(clause?.where ?? []),
        ];
        const trait: BoundTrait = {
            symbol: owner,
            args: name.generics.map((one) => ({ k: "param", owner, name: one.name })),
            bindings: [],
        };
        const outer: StdScope = { ...EMPTY_SCOPE, self, trait };
        const declared = this.declare({ generics: name.generics, where }, owner, outer);
        const isOpen = declared.open || clause === undefined;
        const supertraits = declared.predicates
            .filter(({ ty }) => ty.k === "param" && ty.name === "Self" && ty.owner === owner)
            .map((one) => one.trait);
        return { ...declared, open: isOpen, supertraits };
    }

    /** Declares generics with their bounds in a new scope within another. */
    declare(
        syntax: GenericsSyntax,
        owner: number,
        parent: StdScope | undefined,
        finish?: (scope: StdScope) => void,
    ): StdDeclared {
        const params = new Map<string, Ty>();
        const bounds = new Map<string, BoundSyntax[]>();
        const clauses: WhereSyntax[] = [];
        for (const { name, isConst, bounds: own } of syntax.generics) {
            params.set(name, isConst ? UNKNOWN : { k: "param", owner, name });
            clauses.push({ type: pathTo(name), bounds: own });
        }
        clauses.push(...syntax.where);
        for (const clause of clauses) {
            addBounds(bounds, keyOf(clause.type), clause.bounds);
        }
        const scope: StdScope = { parent, params, bounds, self: parent?.self };
        finish?.(scope);
        const predicates: Predicate[] = [];
        let open = false;
        for (const clause of clauses) {
            open = this.#addPredicates(predicates, clause, scope) || open;
        }
        return { owner, names: syntax.generics.map((one) => one.name), predicates, open, scope };
    }

    /** Adds what a clause says; returns whether some of it is not understood. */
    #addPredicates(into: Predicate[], clause: WhereSyntax, scope: StdScope): boolean {
        if (clause.bounds.length === 0) {
            return false;
        }
        let open = false;
        const ty = this.lower(clause.type, scope);
        for (const bound of clause.bounds) {
            const trait = this.lowerBound(bound, ty, scope);
            if (trait === undefined) {
                open = true;
                continue;
            }
            if (!this.isUniversal(trait.symbol)) {
                into.push({ ty, trait });
            }
            for (const nested of bindingsOf(bound).filter((one) => one.bounds.length > 0)) {
                const projection = this.projection(ty, trait, nested.name);
                const inner: Predicate[] = [];
                for (const one of nested.bounds) {
                    const lowered = this.lowerBound(one, projection, scope);
                    open ||= lowered === undefined;
                    if (lowered !== undefined && !this.isUniversal(lowered.symbol)) {
                        inner.push({ ty: projection, trait: lowered });
                    }
                }
                into.push(...inner);
            }
        }
        return open;
    }

    /** Whether all types are taken to have a trait. */
    isUniversal(trait: number): boolean {
        let isUniversal = this.#universal.get(trait);
        if (isUniversal === undefined) {
            isUniversal = UNIVERSAL.test(this.named(trait)?.head.path ?? this.pathOf(trait));
            this.#universal.set(trait, isUniversal);
        }
        return isUniversal;
    }

    /** Lowers the text of a type; unknown, and noted, if it is not understood. */
    lowerText(text: string, scope: StdScope): Ty {
        let syntax = this.#types.get(text);
        if (syntax === undefined && !this.#types.has(text)) {
            syntax = this.noted(text, parseType(text));
            this.#types.set(text, syntax);
        }
        return syntax === undefined ? UNKNOWN : this.lower(syntax, scope);
    }

    /** Lowers a type. */
    lower(syntax: TypeSyntax, scope: StdScope): Ty {
        switch (syntax.k) {
            case "path":
                return this.#lowerPath(syntax.segments, scope);
            case "qualified":
                return this.#lowerQualified(syntax, scope);
            case "ref":
                return {
                    k: "ref",
                    inner: this.lower(syntax.inner, scope),
                    mutable: syntax.mutable,
                };
            case "pointer":
            case "slice":
            case "array":
                return { k: syntax.k, inner: this.lower(syntax.inner, scope) };
            case "tuple":
                return { k: "tuple", items: syntax.items.map((one) => this.lower(one, scope)) };
            case "function":
                return {
                    k: "function",
                    params: syntax.params.map((one) => this.lower(one, scope)),
                    result: syntax.result === undefined ? UNIT : this.lower(syntax.result, scope),
                };
            case "bound":
                return this.#lowerBounds(syntax.form, syntax.bounds, scope);
            case "never":
                return NEVER;
            case "infer":
            case "const":
                return UNKNOWN;
        }
    }

    #lowerBounds(form: "dyn" | "impl", bounds: readonly BoundSyntax[], scope: StdScope): Ty {
        const lowered = bounds.map((bound) => this.lowerBound(bound, UNKNOWN, scope));
        const traits = lowered
            .filter((trait) => trait !== undefined)
            .filter((trait) => form === "dyn" || !this.isUniversal(trait.symbol));
        return { k: "bound", form, traits, open: lowered.includes(undefined) };
    }

    /** Lowers a bound on a type; undefined where it names no trait that is known. */
    lowerBound(bound: BoundSyntax, self: Ty, scope: StdScope): BoundTrait | undefined {
        const name = this.#traitOf(bound);
        const last = bound.segments[bound.segments.length - 1];
        if (name === undefined || last === undefined) {
            return undefined;
        }
        const given = last.args.map((one) => this.lower(one, scope));
        const bindings = last.bindings.flatMap(({ name: key, type }) =>
            type === undefined ? [] : [{ name: key, ty: this.lower(type, scope) }],
        );
        return { symbol: name.symbol, args: this.padded(name, given, self), bindings };
    }

    #traitOf(bound: BoundSyntax): StdName | undefined {
        const path = joined(bound.segments);
        const name = this.find(path);
        return this.noted(`trait ${path}`, name?.head.kind === "trait" ? name : undefined);
    }

    /** Arguments with those that are missing, by defaults where there are some. */
    padded(name: StdName, given: readonly Ty[], self: Ty | undefined): readonly Ty[] {
        const { generics } = name;
        if (given.length >= generics.length) {
            return given.length === generics.length ? given : given.slice(0, generics.length);
        }
        const args = [...given];
        const params = new Map(
            generics.map((one, i): [string, Ty] => [one.name, given[i] ?? UNKNOWN]),
        );
        const scope: StdScope = { ...EMPTY_SCOPE, params, self: self ?? UNKNOWN };
        for (const { name: key, fallback, isConst } of generics.slice(given.length)) {
            const value = fallback === undefined || isConst ? UNKNOWN : this.lower(fallback, scope);
            params.set(key, value);
            args.push(value);
        }
        return args;
    }

    /** A type of std with arguments; undefined for what is no type with a path. */
    applied(name: StdName, given: readonly Ty[]): Ty | undefined {
        const { head, symbol } = name;
        if (head.kind === "primitive") {
            return PRIMITIVE_TYPES.has(head.path) ? { k: "primitive", name: head.path } : undefined;
        }
        if (symbol < 0 || head.kind === "trait") {
            return undefined;
        }
        return {
            k: "external",
            symbol,
            name: head.path.slice(head.path.lastIndexOf("::") + 2),
            args: this.padded(name, given, undefined),
        };
    }

    /** The type of a path with arguments, an alias expanded; undefined if the path names no type of std. */
    typeOf(path: string, args: readonly Ty[]): Ty | undefined {
        const alias = this.#aliasOf(path);
        if (alias !== undefined) {
            const params = new Map(
                alias.generics.map((one, i): [string, Ty] => [one.name, args[i] ?? UNKNOWN]),
            );
            return this.lowerText(alias.type, { ...EMPTY_SCOPE, params });
        }
        const name = this.find(path);
        return name === undefined ? undefined : this.applied(name, args);
    }

    #aliasOf(path: string): Alias | undefined {
        let alias = this.#aliases.get(path);
        if (alias === undefined && !this.#aliases.has(path)) {
            const found = this.#summary.aliasTarget(path);
            if (found !== undefined) {
                const generics = this.noted(found.generics, parseGenerics(found.generics)) ?? [];
                alias = { generics, type: found.type };
            }
            this.#aliases.set(path, alias);
        }
        return alias;
    }

    #lowerPath(segments: readonly SegmentSyntax[], scope: StdScope): Ty {
        const first = segments[0]?.name ?? "";
        const own = first === "Self" ? selfIn(scope) : paramIn(scope, first);
        if (own !== undefined) {
            let ty = own;
            for (let i = 1; i < segments.length; i++) {
                const of: TypeSyntax = { k: "path", segments: segments.slice(0, i) };
                ty = this.#project({ ty, key: keyOf(of) }, segments[i]?.name ?? "", scope);
            }
            return ty;
        }
        const last = segments[segments.length - 1];
        const args = (last?.args ?? []).map((one) => this.lower(one, scope));
        const path = joined(segments);
        return this.noted(`type ${path}`, this.typeOf(path, args)) ?? UNKNOWN;
    }

    #lowerQualified(syntax: Extract<TypeSyntax, { readonly k: "qualified" }>, scope: StdScope): Ty {
        let ty = this.lower(syntax.self, scope);
        let key = keyOf(syntax.self);
        syntax.rest.forEach((name, i) => {
            if (i === 0 && syntax.trait !== undefined) {
                const trait = this.lowerBound(syntax.trait, ty, scope);
                const holder =
                    trait === undefined
                        ? undefined
                        : this.#holder({ ...trait, bindings: [] }, ty, name);
                ty = this.projection(ty, holder ?? trait, name);
            } else {
                ty = this.#project({ ty, key }, name, scope);
            }
            key = `${key}::${name}`;
        });
        return ty;
    }

    /** `<self as trait>::name`. */
    projection(self: Ty, trait: BoundTrait | undefined, name: string): Ty {
        const bare =
            trait === undefined || trait.bindings.length === 0 ? trait : { ...trait, bindings: [] };
        return { k: "projection", self, trait: bare, name };
    }

    /** `of::name`, by the trait that the bounds in sight say; without one if they say none. */
    #project(of: { readonly ty: Ty; readonly key: string }, name: string, scope: StdScope): Ty {
        if (of.key === "Self") {
            for (let at: StdScope | undefined = scope; at !== undefined; at = at.parent) {
                const value = at.associated?.(name);
                if (value !== undefined) {
                    return value;
                }
            }
        }
        const pending = `${of.key}::${name}`;
        if (this.#pending.has(pending)) {
            return this.projection(of.ty, undefined, name);
        }
        this.#pending.add(pending);
        try {
            const trait = this.#traitBehind(of, name, scope);
            if (trait === undefined) {
                this.problems.add(`projection ${pending}`);
            }
            return this.projection(of.ty, trait, name);
        } finally {
            this.#pending.delete(pending);
        }
    }

    #traitBehind(
        of: { readonly ty: Ty; readonly key: string },
        name: string,
        scope: StdScope,
    ): BoundTrait | undefined {
        for (let at: StdScope | undefined = scope; at !== undefined; at = at.parent) {
            const own = of.key === "Self" ? at.trait : undefined;
            const direct = own === undefined ? undefined : this.#holder(own, of.ty, name);
            if (direct !== undefined && direct.symbol === own?.symbol) {
                return direct;
            }
            for (const bound of at.bounds.get(of.key) ?? []) {
                const symbol = this.#traitOf(bound)?.symbol ?? 0;
                if (this.#declares(symbol, name, 0)) {
                    const trait = this.lowerBound(withoutBindings(bound), of.ty, at);
                    return trait === undefined ? undefined : this.#holder(trait, of.ty, name);
                }
            }
        }
        if (of.ty.k === "projection" && of.ty.trait !== undefined) {
            for (const bound of this.itemBounds(of.ty.trait.symbol, of.ty.name)) {
                const filled = this.withSelf(bound, of.ty.trait, of.ty.self);
                const holder = this.#holder(filled, of.ty, name);
                if (holder !== undefined) {
                    return holder;
                }
            }
        }
        return undefined;
    }

    /** Whether a trait or one of its supertraits has an associated type. */
    #declares(trait: number, name: string, depth: number): boolean {
        const head = this.named(trait)?.head;
        if (head === undefined || depth > SUPERTRAIT_DEPTH_MAX) {
            return false;
        }
        if (this.#summary.traitMember(head.path, name)?.kind === "type") {
            return true;
        }
        const clause = parseBounds(this.#summary.supertraits(head.path));
        return (clause?.bounds ?? []).some((bound) =>
            this.#declares(this.#traitOf(bound)?.symbol ?? 0, name, depth + 1),
        );
    }

    /** The trait, or the supertrait with its arguments, that has an associated type itself. */
    #holder(trait: BoundTrait, self: Ty, name: string, depth = 0): BoundTrait | undefined {
        const head = this.named(trait.symbol)?.head;
        if (head === undefined || depth > SUPERTRAIT_DEPTH_MAX) {
            return undefined;
        }
        if (this.#summary.traitMember(head.path, name)?.kind === "type") {
            return trait.bindings.length === 0 ? trait : { ...trait, bindings: [] };
        }
        for (const parent of this.traitFacts(trait.symbol)?.supertraits ?? []) {
            const filled = this.withSelf(parent, trait, self);
            const holder = this.#holder(filled, self, name, depth + 1);
            if (holder !== undefined) {
                return holder;
            }
        }
        return undefined;
    }

    /** A bound that a trait's declaration has, for one use of the trait. */
    withSelf(bound: BoundTrait, use: BoundTrait, self: Ty): BoundTrait {
        const values = new Map<string, Ty>([[paramKey(use.symbol, "Self"), self]]);
        const generics = this.named(use.symbol)?.generics ?? [];
        generics.forEach((one, i) =>
            values.set(paramKey(use.symbol, one.name), use.args[i] ?? UNKNOWN),
        );
        return mapTrait(bound, (part) => substitute(part, values));
    }

    /** Bounds on a trait's associated type, in terms of the trait's parameters. */
    itemBounds(trait: number, name: string): readonly BoundTrait[] {
        const key = `${trait}::${name}`;
        let bounds = this.#itemBounds.get(key);
        if (bounds === undefined) {
            this.#itemBounds.set(key, []);
            bounds = this.#readItemBounds(trait, name);
            this.#itemBounds.set(key, bounds);
        }
        return bounds;
    }

    #readItemBounds(trait: number, name: string): readonly BoundTrait[] {
        const facts = this.traitFacts(trait);
        const path = this.named(trait)?.head.path ?? "";
        const member = this.#summary.traitMember(path, name);
        if (facts === undefined || member?.kind !== "type") {
            return [];
        }
        const syntax = this.noted(member.signature, parseAssociated(member.signature));
        const holder: BoundTrait = {
            symbol: trait,
            args: this.paramsOf(facts),
            bindings: [],
        };
        const self = this.projection(facts.scope.self ?? UNKNOWN, holder, name);
        return (syntax?.bounds ?? [])
            .map((bound) => this.lowerBound(bound, self, facts.scope))
            .filter((bound) => bound !== undefined)
            .filter((bound) => !this.isUniversal(bound.symbol));
    }
}
