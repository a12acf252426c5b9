// Which function `receiver.name(…)`, `Type::name` or field `receiver.name` means. Three answers: symbols of
// the workspace, an external, or not known and why. "Not found" alone never makes an external.
//
// Source: the Rust reference, "Method call expressions", with these simplifications, all on the side of
// doubt: traits need not be in scope, and bounds of blanket impls are checked only for workspace traits.

import { NS } from "./file-items.ts";
import type { ImplRecord } from "./meaning.ts";
import { isFound, type Found, type Lookup } from "./lookup.ts";
import type { Certainty } from "./std-types.ts";
import { isTraitInScope } from "./traits-in-scope.ts";
import type { Program } from "./program.ts";
import type { SelfKind, Semantics } from "./semantics.ts";
import type { Scope } from "./symbols.ts";
import { UNKNOWN, paramKey, peel, substitute, type BoundTrait, type Ty } from "./types.ts";

/** A resolved method, field or associated item, with the type at which it was found. */
export interface MemberFound extends Found {
    /** Receiver type after auto-deref. */
    readonly at: Ty;
    /** Values of the impl's or trait's parameters. */
    readonly values: ReadonlyMap<string, Ty>;
    /** Trait whose impl gave it; undefined for inherent members. */
    readonly trait?: number;
    /** Several definitions could be meant and nothing decides among them. */
    readonly ambiguous?: string;
}

/** Answer of a member lookup. */
export type MemberLookup =
    MemberFound | { readonly reason: string } | { readonly external: string };

/** Tells a found member from other answers. */
export function isMemberFound(lookup: MemberLookup): lookup is MemberFound {
    return "symbols" in lookup;
}

const DEREF_STEPS_MAX = 12;

/** Bounds that nearly every type meets, and that give no methods. */
const UNIVERSAL_TRAITS = new Set(["Sized", "Send", "Sync", "Unpin"]);

/** How a member is asked for. */
interface How {
    /** By `receiver.name(…)`, where by-value methods come before by-reference ones. */
    readonly call: boolean;
    readonly isRef: boolean;
    readonly namespace?: number;
    /** Place of the use: inherent members that are private elsewhere are passed over. */
    readonly from: Scope;
}

/** Pointers of std whose methods, but for those of common traits, are those of what they point to. */
const SMART_POINTERS = new Set(
    "Box Rc Arc Ref RefMut MutexGuard RwLockReadGuard RwLockWriteGuard ManuallyDrop Cow LazyLock LazyCell Pin PeekMut".split(
        " ",
    ),
);

/** Finds members of types. */
export class MemberFinder {
    readonly #semantics: Semantics;
    /** A trait that is not in scope has a member of the name that is looked for. */
    #sawHidden = false;

    constructor(semantics: Semantics) {
        this.#semantics = semantics;
    }

    /** The function that a method call means. */
    method(receiver: Ty, name: string, from: Scope): MemberLookup {
        if (!this.#mayBeOurs(name, "methods")) {
            return { external: name };
        }
        this.#sawHidden = false;
        let at = receiver;
        for (let step = 0; step < DEREF_STEPS_MAX; step++) {
            const level = peel(at);
            if (level.k === "unknown") {
                return { reason: "the receiver's type is not known" };
            }
            const found = this.#atLevel(level, name, { call: true, isRef: at.k === "ref", from });
            const decided = this.#besideStd(level, name, found);
            if (decided !== undefined) {
                return decided;
            }
            const next = this.#deref(level);
            if (next === undefined) {
                return this.#exhausted(level, name);
            }
            at = next;
        }
        return { reason: "too many deref steps" };
    }

    /** What std has under the name at this level, against what the workspace has. */
    #besideStd(level: Ty, name: string, found: MemberLookup | undefined): MemberLookup | undefined {
        const std = this.#semantics.std.method(level, name);
        if (std === "inherent") {
            return { external: name };
        }
        if (found !== undefined) {
            return std === "unstable" && isMemberFound(found)
                ? { ...found, ambiguous: "std has an unstable method of this name" }
                : found;
        }
        if (std === "trait" || std === "unstable") {
            // Of a pointer, the trait may not be in scope; then the method is that of what it points to.
            return this.#deref(level) === undefined
                ? { external: name }
                : { reason: `${name} of a pointer or of what it points to` };
        }
        return undefined;
    }

    /** The field that a field access means, with its type. */
    field(receiver: Ty, name: string, from: Scope): MemberLookup & { readonly type?: Ty } {
        if (!this.#mayBeOurs(name, "fields")) {
            return { external: name };
        }
        let at = receiver;
        for (let step = 0; step < DEREF_STEPS_MAX; step++) {
            const level = peel(at);
            if (level.k === "adt") {
                const found = this.fieldOf(level.symbol, level, name);
                if (found?.symbols.some((one) => this.#isSeen(one, from)) === true) {
                    return found;
                }
            }
            if (level.k === "unknown") {
                return { reason: "the type is not known" };
            }
            const next = this.#deref(level);
            if (next === undefined) {
                return { reason: `no field ${name} is seen on this type` };
            }
            at = next;
        }
        return { reason: "too many deref steps" };
    }

    /** A field of a struct, union or variant by name. */
    fieldOf(
        holder: number,
        constructed: Ty,
        name: string,
    ): (MemberFound & { readonly type: Ty }) | undefined {
        const semantics = this.#semantics;
        const symbols = semantics.program.members
            .get(holder)
            ?.get(name)
            ?.filter((one) => semantics.program.symbolAt(one).kind === "field");
        const first = symbols?.[0];
        if (symbols === undefined || first === undefined) {
            return undefined;
        }
        const values = semantics.arguments(constructed);
        const type = substitute(semantics.declaredType(first), values);
        return { symbols, alias: false, at: constructed, values, type };
    }

    #isSeen(member: number, from: Scope): boolean {
        const { program } = this.#semantics;
        return program.isVisible(program.symbolAt(member).visibleIn, from);
    }

    /** Type of `.0`, `.1` … */
    tupleField(receiver: Ty, position: number): Ty {
        let at = receiver;
        for (let step = 0; step < DEREF_STEPS_MAX; step++) {
            const level = peel(at);
            if (level.k === "tuple") {
                return level.items[position] ?? UNKNOWN;
            }
            if (level.k === "adt") {
                const type = this.#semantics.tupleFieldTypes(level.symbol)[position];
                if (type !== undefined) {
                    return substitute(type, this.#semantics.arguments(level));
                }
            }
            const next = this.#deref(level);
            if (next === undefined) {
                return UNKNOWN;
            }
            at = next;
        }
        return UNKNOWN;
    }

    /** `Type::name` in a name space. */
    associated(ty: Ty, name: string, namespace: number, from: Scope): MemberLookup {
        this.#sawHidden = false;
        const semantics = this.#semantics;
        const level = peel(ty);
        if (level.k === "adt" && semantics.program.symbolAt(level.symbol).kind === "enum") {
            const variants = semantics.program.members
                .get(level.symbol)
                ?.get(name)
                ?.filter((one) => semantics.program.symbolAt(one).kind === "variant");
            if (variants !== undefined && variants.length > 0) {
                return {
                    symbols: variants,
                    alias: false,
                    at: level,
                    values: semantics.arguments(level),
                };
            }
        }
        if (level.k === "unknown") {
            return { reason: "the type is not known" };
        }
        if (this.#semantics.std.hasAssociated(level, name)) {
            return { external: name };
        }
        const found = this.#atLevel(level, name, { call: false, isRef: false, namespace, from });
        if (found !== undefined) {
            return found;
        }
        if (!this.#mayBeOurs(name, "associated")) {
            return { external: name };
        }
        return this.#exhausted(level, name);
    }

    /** An item of a trait by path, supertraits included. */
    traitItem(trait: number, name: string, seen = new Set<number>()): Lookup {
        if (seen.has(trait)) {
            return { reason: `no ${name}` };
        }
        seen.add(trait);
        const symbols = this.#semantics.program.members.get(trait)?.get(name);
        if (symbols !== undefined) {
            return { symbols, alias: false };
        }
        for (const parent of this.#semantics.boundsOf(trait, "Self").traits) {
            const found = this.traitItem(parent.symbol, name, seen);
            if (isFound(found)) {
                return found;
            }
        }
        return { reason: `no ${name} in this trait` };
    }

    /** Whether the workspace may define a member of this name: in sight, or by a macro. */
    #mayBeOurs(name: string, among: "methods" | "fields" | "associated"): boolean {
        const { program, memberNames } = this.#semantics;
        return program.macroNames.has(name) || memberNames[among].has(name);
    }

    #atLevel(level: Ty, name: string, how: How): MemberLookup | undefined {
        if (level.k === "param") {
            const bounds = this.#semantics.boundsOf(level.owner, level.name);
            const bounded = this.#inBounds(bounds, level, name);
            if (bounded !== undefined && isMemberFound(bounded)) {
                return bounded;
            }
            return this.#inOwnBlanket(level, name, how) ?? bounded;
        }
        if (level.k === "bound") {
            const found = this.#inBounds(level, level, name);
            if (found !== undefined) {
                return found;
            }
        }
        const inherent: MemberFound[] = [];
        const traits: MemberFound[] = [];
        for (const impl of this.#semantics.impls.giving(level, name)) {
            const values = this.#semantics.impls.match(impl, level);
            if (values === undefined || this.#isHidden(impl, name, how.from)) {
                continue;
            }
            const into = impl.isTraitImpl ? traits : inherent;
            this.#fromImpl(impl, { level, name, values, how }, into);
        }
        for (const impl of this.#semantics.impls.blanketGiving(name)) {
            // A type's own impl of a trait excludes the blanket one, unless that is for references to it.
            const isOverridden = traits.some((one) => one.trait === impl.trait?.symbol);
            const isHidden = isOverridden || this.#isHidden(impl, name, how.from);
            const applies = isHidden ? "no" : this.#blanketApplies(impl, level);
            if (applies !== "no") {
                const values = this.#semantics.impls.match(impl, level) ?? new Map<string, Ty>();
                const given: MemberFound[] = [];
                this.#fromImpl(impl, { level, name, values, how }, given);
                const doubt = applies === "yes" ? {} : { ambiguous: "a blanket impl may apply" };
                traits.push(...given.map((one) => ({ ...one, ...doubt })));
            }
        }
        return this.#choose(inherent, traits, how);
    }

    /** A trait that is not in scope gives no methods; that it has one is remembered as a doubt. */
    #isHidden(impl: ImplRecord, name: string, from: Scope): boolean {
        const trait = impl.trait?.symbol;
        if (trait === undefined || this.#semantics.program.symbolAt(trait).external !== "") {
            return false;
        }
        if (isTraitInScope(this.#semantics.program, trait, from)) {
            return false;
        }
        const hasIt =
            impl.members.has(name) ||
            this.#semantics.program.members.get(trait)?.has(name) === true;
        this.#sawHidden ||= hasIt;
        return true;
    }

    /** Inside `impl<T> Trait for T`, the parameter has that impl's own items. */
    #inOwnBlanket(
        level: Ty & { readonly k: "param" },
        name: string,
        how: How,
    ): MemberLookup | undefined {
        const impl = this.#semantics.impls.of(level.owner);
        if (impl === undefined || peel(impl.self).k !== "param") {
            return undefined;
        }
        const found: MemberFound[] = [];
        this.#fromImpl(impl, { level, name, values: new Map(), how }, found);
        return found.length === 0 ? undefined : this.#checked(merge(found));
    }

    /** The impl's own item of that name, or the trait's default one. */
    #fromImpl(
        impl: ImplRecord,
        of: {
            readonly level: Ty;
            readonly name: string;
            readonly values: Map<string, Ty>;
            readonly how: How;
        },
        into: MemberFound[],
    ): void {
        const { program } = this.#semantics;
        const namespace = of.how.namespace ?? NS.value;
        const own = impl.members
            .get(of.name)
            ?.filter((one) => (program.symbolAt(one).namespaces & namespace) !== 0)
            .filter((one) => impl.isTraitImpl || this.#isSeen(one, of.how.from));
        if (own !== undefined && own.length > 0) {
            const symbols = isForeign(program, impl, of.level)
                ? [foreignItem(program, impl, of.name)]
                : own;
            const trait = impl.trait === undefined ? {} : { trait: impl.trait.symbol };
            into.push({ symbols, alias: false, at: of.level, values: of.values, ...trait });
            return;
        }
        if (impl.trait === undefined) {
            return;
        }
        const provided = program.members
            .get(impl.trait.symbol)
            ?.get(of.name)
            ?.filter((one) => (program.symbolAt(one).namespaces & namespace) !== 0);
        if (provided !== undefined && provided.length > 0) {
            const values = this.#traitValues(impl.trait, of.level, of.values);
            const trait = impl.trait.symbol;
            into.push({ symbols: provided, alias: false, at: of.level, values, trait });
        }
    }

    #traitValues(trait: BoundTrait, self: Ty, values: ReadonlyMap<string, Ty>): Map<string, Ty> {
        const result = new Map<string, Ty>([[paramKey(trait.symbol, "Self"), self]]);
        this.#semantics.genericsOf(trait.symbol).names.forEach((name, i) => {
            result.set(paramKey(trait.symbol, name), substitute(trait.args[i] ?? UNKNOWN, values));
        });
        return result;
    }

    #choose(
        inherent: readonly MemberFound[],
        traits: readonly MemberFound[],
        how: How,
    ): MemberLookup | undefined {
        if (inherent.length > 0) {
            const chosen = merge(inherent);
            if (!how.call || traits.length === 0) {
                return this.#checked(chosen);
            }
            const rank = this.#rank(chosen);
            const rival = Math.min(...traits.map((one) => this.#rank(one)));
            return rank <= rival && !how.isRef
                ? this.#checked(chosen)
                : rank === rival
                  ? this.#checked(chosen)
                  : {
                        ...merge([chosen, ...traits]),
                        ambiguous: "an inherent and a trait method have this name",
                    };
        }
        if (traits.length === 0) {
            return undefined;
        }
        return this.#checked(merge(traits.length === 1 ? traits : this.#joinImpls(traits, how)));
    }

    /** Several impls of one trait: which of them is meant is a matter of its arguments; the trait's item is. */
    #joinImpls(found: readonly MemberFound[], how: How): readonly MemberFound[] {
        const { program } = this.#semantics;
        const joined: MemberFound[] = [];
        for (const trait of new Set(found.map((one) => one.trait))) {
            const group = found.filter((one) => one.trait === trait);
            const [first] = group;
            if (first === undefined || group.length === 1 || trait === undefined) {
                joined.push(...group);
                continue;
            }
            const name = program.symbolAt(first.symbols[0] ?? 0).name;
            const { external } = program.symbolAt(trait);
            const items =
                external === ""
                    ? (program.members.get(trait)?.get(name) ?? [])
                    : [program.external(`${external}::${name}`)];
            const namespace = how.namespace ?? NS.value;
            const symbols = items.filter(
                (one) => (program.symbolAt(one).namespaces & namespace) !== 0,
            );
            joined.push({ ...first, symbols, values: new Map() });
        }
        return joined;
    }

    #checked(found: MemberFound): MemberFound {
        return found.symbols.length === 1 || this.#semantics.areTwins(found.symbols)
            ? found
            : { ...found, ambiguous: "several impls have an item of this name" };
    }

    /** Order in which Rust tries receivers: by value, by reference, by mutable reference. */
    #rank(found: MemberFound): number {
        const ranks: Record<SelfKind, number> = { none: 9, value: 0, typed: 1, ref: 1, mut: 2 };
        const first = found.symbols[0];
        return first === undefined ? 9 : ranks[this.#semantics.signatureOf(first).self];
    }

    #inBounds(
        bound: { readonly traits: readonly BoundTrait[]; readonly open: boolean },
        level: Ty,
        name: string,
    ): MemberLookup | undefined {
        const found: MemberFound[] = [];
        const seen = new Set<number>();
        let { open } = bound;
        let isStd = false as boolean;
        const visit = (trait: BoundTrait): void => {
            if (seen.has(trait.symbol)) {
                return;
            }
            seen.add(trait.symbol);
            const { program } = this.#semantics;
            const { external } = program.symbolAt(trait.symbol);
            if (external !== "") {
                const has = this.#semantics.std.traitHas(external, name);
                isStd ||= has === "yes";
                open ||= has === "unknown";
                return;
            }
            const symbols = program.members.get(trait.symbol)?.get(name);
            if (symbols !== undefined) {
                found.push({
                    symbols,
                    alias: false,
                    at: level,
                    values: this.#traitValues(trait, level, new Map()),
                });
            }
            const parents = this.#semantics.boundsOf(trait.symbol, "Self");
            open ||= parents.open;
            parents.traits.forEach(visit);
        };
        bound.traits.forEach(visit);
        if (found.length > 0) {
            const merged = this.#checked(merge(found));
            return isStd ? { ...merged, ambiguous: "a bound of std has this name too" } : merged;
        }
        if (isStd) {
            return { external: name };
        }
        return open ? { reason: "a bound outside the workspace may give this method" } : undefined;
    }

    /** Whether the bounds of a blanket impl's parameter hold for a type. */
    #blanketApplies(impl: ImplRecord, level: Ty): Certainty {
        const { self } = impl;
        const param = self.k === "ref" ? self.inner : self;
        if (param.k !== "param" || impl.trait === undefined) {
            return "no";
        }
        const bounds = this.#semantics.boundsOf(param.owner, param.name);
        let answer: Certainty = bounds.open ? "unknown" : "yes";
        for (const { symbol } of bounds.traits) {
            const holds = this.#implements(level, symbol);
            if (holds === "no") {
                return "no";
            }
            answer = holds === "unknown" ? "unknown" : answer;
        }
        return answer;
    }

    #implements(level: Ty, trait: number): Certainty {
        const { program, impls, std } = this.#semantics;
        const { external, name } = program.symbolAt(trait);
        // One trait of std has several paths: those of a type's own impls are told by the last segment.
        if (
            impls.implements(level, trait) ||
            (external !== "" && impls.implementsNamed(level, name))
        ) {
            return "yes";
        }
        if (external === "") {
            // A blanket impl of that trait may hold in turn; only types of ours without any are told.
            return impls.hasBlanket(trait) ? "unknown" : "no";
        }
        if (UNIVERSAL_TRAITS.has(name)) {
            return "yes";
        }
        return std.implements(level, external);
    }

    #deref(level: Ty): Ty | undefined {
        if (level.k === "external") {
            if (level.name === "Vec") {
                return { k: "slice", inner: level.args[0] ?? UNKNOWN };
            }
            if (level.name === "String") {
                return { k: "primitive", name: "str" };
            }
            if (SMART_POINTERS.has(level.name)) {
                const target = level.args[0] ?? UNKNOWN;
                return level.name === "Pin" ? (this.#deref(peel(target)) ?? target) : target;
            }
            return undefined;
        }
        for (const impl of this.#semantics.impls.giving(level, "Target")) {
            const target = impl.members.get("Target")?.[0];
            const trait =
                impl.trait === undefined
                    ? ""
                    : this.#semantics.program.symbolAt(impl.trait.symbol).name;
            if (target !== undefined && trait === "Deref") {
                const values = this.#semantics.impls.match(impl, level) ?? new Map<string, Ty>();
                return substitute(this.#semantics.aliasTarget(target), values);
            }
        }
        return undefined;
    }

    /** The end of the deref chain: an external only where nothing of the workspace can be meant. */
    #exhausted(level: Ty, name: string): MemberLookup {
        if (this.#sawHidden) {
            return { reason: `a trait that is not in scope here has a ${name}` };
        }
        if (this.#semantics.memberNames.traitItems.has(name)) {
            return {
                reason: `no ${name} is seen on this type, and a trait of the workspace has one`,
            };
        }
        const isForeign =
            level.k === "external" && this.#semantics.std.method(level, name) === "unknown";
        return {
            reason: isForeign
                ? `the members of ${level.name} are not known`
                : `no ${name} is seen on this type`,
        };
    }
}

/** An impl of a foreign trait for a foreign type is one among many that are not seen. */
function isForeign(program: Program, impl: ImplRecord, level: Ty): boolean {
    return (
        level.k !== "adt" &&
        impl.trait !== undefined &&
        program.symbolAt(impl.trait.symbol).external !== ""
    );
}

function foreignItem(program: Program, impl: ImplRecord, name: string): number {
    const trait = program.symbolAt(impl.trait?.symbol ?? 0).external;
    return program.external(`${trait}::${name}`);
}

function merge(found: readonly MemberFound[]): MemberFound {
    const first = found[0];
    if (first !== undefined && found.length === 1) {
        return first;
    }
    const symbols = [...new Set(found.flatMap((one) => one.symbols))];
    return { symbols, alias: false, at: first?.at ?? UNKNOWN, values: first?.values ?? new Map() };
}
