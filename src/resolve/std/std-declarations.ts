// What std declares, in the resolver's own types: members, impls, constructors and functions. Read from the
// summary's texts when first asked for, and kept.

import { appendTo } from "../../base/index.ts";
import type {
    Declared,
    FunctionDeclaration,
    ImplDeclaration,
    StdItem,
} from "../types/declarations.ts";
import { lowerFunction, lowerItem, NOTHING_DECLARED } from "./std-items.ts";
import { StdLowering, type Externals, type StdName } from "./std-lowering.ts";
import type { StdScope } from "./std-scope.ts";
import { arityKey, mayFit, resizeTuples, shapeOf } from "./std-shapes.ts";
import type { StdHead, StdImpl, StdSummary } from "./std-summary.ts";
import { parseImpl, parsePayload } from "./std-type-parser.ts";
import { paramKey, peel, substitute, UNKNOWN, type BoundTrait, type Ty } from "../types/types.ts";

/** An associated item with the impl that has it; without one it is a trait's. */
export interface StdAssociated {
    readonly impl: ImplDeclaration | undefined;
    readonly item: StdItem;
}

/** An inherent item with its impl. */
export interface StdInherent {
    readonly impl: ImplDeclaration;
    readonly item: StdItem;
}

/** A variant of an enum, or a tuple struct whose fields are all public. */
export interface StdVariant {
    readonly name: string;
    readonly shape: "unit" | "tuple" | "fields";
    /** Types of the payload in terms of the type's own parameters. */
    readonly types: readonly Ty[];
    /** Names of the fields; of shape `fields` only. */
    readonly names: readonly string[];
    /** The type that is made, with its own parameters as arguments. */
    readonly of: Ty;
    readonly declared: Declared;
}

/** Items of std's prelude that are no types. */
const PRELUDE_VALUES: ReadonlyMap<string, string> = new Map([
    ["Some", "std::option::Option::Some"],
    ["None", "std::option::Option::None"],
    ["Ok", "std::result::Result::Ok"],
    ["Err", "std::result::Result::Err"],
    ["drop", "std::mem::drop"],
    ["size_of", "std::mem::size_of"],
    ["size_of_val", "std::mem::size_of_val"],
    ["align_of", "std::mem::align_of"],
    ["align_of_val", "std::mem::align_of_val"],
]);

/** Integer types, in the order in which a literal is taken for one of them. */
const LITERAL_TYPES = "i32 usize u8 u32 u64 i64 u16 i16 i8 isize u128 i128".split(" ");

const FUNCTION_TRAIT = /^std::ops::Fn(?:Mut|Once)?$/u;

/** Declarations of std for one program. */
export class StdDeclarations {
    readonly #summary: StdSummary;
    readonly #lowering: StdLowering;
    readonly #canonical = new Map<number, number | undefined>();
    readonly #inherent = new Map<string, readonly StdInherent[]>();
    readonly #traitItems = new Map<string, StdItem | undefined>();
    readonly #headers = new Map<string, { impl: ImplDeclaration; scope: StdScope }>();
    readonly #implTexts = new Map<string, ReadonlyMap<string, readonly StdImpl[]>>();
    readonly #impls = new Map<string, readonly ImplDeclaration[]>();
    readonly #blankets = new Map<number, readonly ImplDeclaration[]>();
    readonly #functions = new Map<string, FunctionDeclaration | undefined>();
    readonly #variants = new Map<string, StdVariant | undefined>();
    readonly #constructors = new Map<string, FunctionDeclaration | undefined>();
    readonly #fields = new Map<string, Ty | undefined>();
    #itemTraits: ReadonlyMap<string, readonly string[]> | undefined;

    constructor(externals: Externals, summary: StdSummary) {
        this.#summary = summary;
        this.#lowering = new StdLowering(externals, summary);
    }

    /** Texts, paths and projections that were met and are not understood. */
    get problems(): readonly string[] {
        return [...this.#lowering.problems];
    }

    /**
     * The canonical symbol of a std type or trait for any of its public paths, of an alias that of the type it
     * stands for; undefined when not of std.
     */
    canonical(symbol: number): number | undefined {
        let canonical = this.#canonical.get(symbol);
        if (canonical === undefined && !this.#canonical.has(symbol)) {
            const found = this.#lowering.named(symbol)?.symbol;
            canonical = found === undefined || found < 0 ? undefined : found;
            this.#canonical.set(symbol, canonical);
        }
        return canonical;
    }

    /** The head of a type of std, a primitive, a slice, a reference and so on; of `dyn Trait` the trait. */
    headOf(ty: Ty): StdHead | undefined {
        switch (ty.k) {
            case "external":
                return this.#lowering.named(ty.symbol)?.head;
            case "primitive":
                return this.#lowering.find(headOfScalar(ty.name))?.head;
            case "slice":
            case "array":
            case "tuple":
            case "pointer":
                return this.#lowering.find(ty.k)?.head;
            case "function":
                return this.#lowering.find("fn")?.head;
            case "ref":
                return this.#lowering.find("reference")?.head;
            case "bound":
                return ty.form === "dyn" ? this.#principal(ty.traits) : undefined;
            default:
                return undefined;
        }
    }

    #principal(traits: readonly BoundTrait[]): StdHead | undefined {
        const main = traits.find((one) => !this.#lowering.isUniversal(one.symbol)) ?? traits[0];
        return main === undefined ? undefined : this.#lowering.named(main.symbol)?.head;
    }

    /** A path used as a type: aliases are expanded, arguments that are missing are the defaults or unknown. */
    typeOf(path: string, args: readonly Ty[]): Ty | undefined {
        return this.#lowering.typeOf(path, args);
    }

    /** Parameters and predicates of a type or trait; a trait's include its supertraits, of `Self`. */
    generics(symbol: number): Declared {
        const name = this.#lowering.named(symbol);
        return name === undefined
            ? { ...NOTHING_DECLARED, owner: symbol }
            : this.#lowering.declaredOf(name);
    }

    /** A trait's supertraits, in terms of its parameters and `Self`. */
    supertraits(trait: number): readonly BoundTrait[] {
        return this.#lowering.traitFacts(this.canonical(trait) ?? trait)?.supertraits ?? [];
    }

    /** Bounds on a trait's associated type (`IntoIter: Iterator<…>`), in the trait's own terms. */
    associatedBounds(trait: number, name: string): readonly BoundTrait[] {
        return this.#lowering.itemBounds(this.canonical(trait) ?? trait, name);
    }

    /** Inherent members of a name, one for each impl that may be for this type. */
    inherent(ty: Ty, name: string): readonly StdInherent[] {
        const head = this.headOf(ty);
        return head === undefined
            ? []
            : this.#inherentOf(head, name).filter(({ impl }) => mayFit(impl.self, ty));
    }

    /** Whether all inherent names of the type's head are known. */
    isComplete(ty: Ty): boolean {
        const head = this.headOf(ty);
        return head !== undefined && this.#summary.isComplete(head);
    }

    /** Associated items by path: `std::boxed::Box::new`, `u32::MAX`, `std::default::Default::default`. */
    associatedAt(path: string): readonly StdAssociated[] {
        const [prefix, name] = splitPath(path);
        const found = prefix === "" ? undefined : this.#lowering.find(prefix);
        if (found === undefined) {
            return [];
        }
        const item = found.head.kind === "trait" ? this.traitItem(found.symbol, name) : undefined;
        return item === undefined
            ? this.#inherentOf(found.head, name)
            : [{ impl: undefined, item }];
    }

    #inherentOf(head: StdHead, name: string): readonly StdInherent[] {
        const key = `${head.path}::${name}`;
        let members = this.#inherent.get(key);
        if (members === undefined) {
            members = this.#summary.inherentMembers(head, name).map((member) => {
                const { impl, scope } = this.#header(head, member.impl);
                return { impl, item: lowerItem(this.#lowering, { member, path: key }, scope) };
            });
            this.#inherent.set(key, members);
        }
        return members;
    }

    /** An item that a trait has itself. */
    traitItem(trait: number, name: string): StdItem | undefined {
        const found = this.#lowering.named(trait);
        if (found?.head.kind !== "trait") {
            return undefined;
        }
        const key = `${found.head.path}::${name}`;
        let item = this.#traitItems.get(key);
        if (item === undefined && !this.#traitItems.has(key)) {
            const member = this.#summary.traitMember(found.head.path, name);
            if (member !== undefined) {
                item = lowerItem(
                    this.#lowering,
                    { member, path: key },
                    this.#lowering.declaredOf(found).scope,
                );
            }
            this.#traitItems.set(key, item);
        }
        return item;
    }

    /** Traits that have an item of this name. */
    traitsWithItem(name: string): readonly number[] {
        this.#itemTraits ??= this.#indexItems();
        return (this.#itemTraits.get(name) ?? []).flatMap(
            (path) => this.#lowering.find(path)?.symbol ?? [],
        );
    }

    #indexItems(): ReadonlyMap<string, readonly string[]> {
        const index = new Map<string, string[]>();
        for (const { kind, path } of this.#summary.heads) {
            if (kind === "trait") {
                for (const name of this.#summary.traitNames(path)) {
                    appendTo(index, name, path);
                }
            }
        }
        return index;
    }

    /** Whether every type is taken to have a trait: Sized, Send, Sync and other markers. */
    isUniversal(trait: number): boolean {
        return this.#lowering.isUniversal(trait);
    }

    /** Impls of a trait that may be for a type, written, derived or given by the language; blanket ones not. */
    implsFor(ty: Ty, trait: number): readonly ImplDeclaration[] {
        // Impls on `&Vec<T>` stand with Vec.
        const inner = peel(ty);
        if (inner.k === "primitive" && inner.name === "_integer") {
            return this.#implsForLiteral(ty, trait);
        }
        const head = this.headOf(inner);
        const wanted = this.#lowering.named(trait);
        if (head === undefined || wanted === undefined) {
            return [];
        }
        const key = `${head.path} ${wanted.symbol} ${arityKey(inner)}`;
        let impls = this.#impls.get(key);
        if (impls === undefined) {
            impls = this.#readImpls(head, wanted, inner);
            this.#impls.set(key, impls);
        }
        return impls.filter((impl) => mayFit(impl.self, ty));
    }

    /** A number whose type is not written is an `i32`, unless only another integer has the trait. */
    #implsForLiteral(ty: Ty, trait: number): readonly ImplDeclaration[] {
        for (const name of LITERAL_TYPES) {
            const impls = this.implsFor({ k: "primitive", name }, trait);
            if (impls.length > 0) {
                return impls.filter((impl) => mayFit(impl.self, ty));
            }
        }
        return [];
    }

    #readImpls(head: StdHead, trait: StdName, ty: Ty): readonly ImplDeclaration[] {
        const impls: ImplDeclaration[] = [];
        const texts = this.#textsOf(head).get(trait.head.path) ?? [];
        const isWritten = texts.some((one) => one.origin === "impl");
        for (const text of texts) {
            if (text.origin === "derive") {
                // Some that the language has are written too, such as Copy of arrays.
                impls.push(...(isWritten ? [] : [this.#derived(head, trait, ty)]));
                continue;
            }
            const impl = this.#implOf(head, text);
            const size = ty.k === "tuple" ? ty.items.length : undefined;
            impls.push((size === undefined ? undefined : resizeTuples(impl, size)) ?? impl);
        }
        return impls;
    }

    /** Impls of a trait for `T`, `&T`, `&mut T` and function pointers. */
    blanketImpls(trait: number): readonly ImplDeclaration[] {
        const wanted = this.#lowering.named(trait);
        if (wanted === undefined) {
            return [];
        }
        let impls = this.#blankets.get(wanted.symbol);
        if (impls === undefined) {
            impls = ["*", "reference"].flatMap((path) => {
                const head = this.#lowering.find(path)?.head;
                const texts = head === undefined ? [] : this.#textsOf(head).get(wanted.head.path);
                return head === undefined
                    ? []
                    : (texts ?? []).map((text) => this.#implOf(head, text));
            });
            this.#blankets.set(wanted.symbol, impls);
        }
        return impls;
    }

    /** A head's own impls by the path of their trait. */
    #textsOf(head: StdHead): ReadonlyMap<string, readonly StdImpl[]> {
        let texts = this.#implTexts.get(head.path);
        if (texts === undefined) {
            const byTrait = new Map<string, StdImpl[]>();
            for (const impl of this.#summary.traitsOf(head)) {
                if (impl.origin !== "blanket") {
                    appendTo(byTrait, impl.trait, impl);
                }
            }
            this.#implTexts.set(head.path, byTrait);
            texts = byTrait;
        }
        return texts;
    }

    /** What `#[derive]` or the language gives: the trait, if all parameters have it. */
    #derived(head: StdHead, trait: StdName, ty: Ty): ImplDeclaration {
        const name = this.#lowering.find(head.path);
        const declared =
            name === undefined || name.symbol < 0 ? undefined : this.#lowering.declaredOf(name);
        const owner = declared?.owner ?? this.#lowering.freshOwner();
        const shape =
            declared === undefined
                ? shapeOf(ty, owner)
                : { self: declared.scope.self ?? UNKNOWN, names: declared.names };
        const { self } = shape;
        const isCall = self.k === "function" && FUNCTION_TRAIT.test(trait.head.path);
        const args: readonly Ty[] = isCall
            ? [{ k: "tuple", items: self.params }]
            : this.#lowering.padded(trait, [], self);
        const predicates = [...(declared?.predicates ?? [])];
        const isConst = new Set(name?.generics.flatMap((one) => (one.isConst ? one.name : [])));
        for (const param of self.k === "function" ? [] : shape.names) {
            if (!isConst.has(param)) {
                const of: Ty = { k: "param", owner, name: param };
                const bound = this.#lowering.padded(trait, [], of);
                predicates.push({
                    ty: of,
                    trait: { symbol: trait.symbol, args: bound, bindings: [] },
                });
            }
        }
        return {
            owner,
            names: shape.names,
            predicates,
            open: declared?.open ?? false,
            self,
            trait: { symbol: trait.symbol, args, bindings: [] },
            negative: false,
            associated: (key) => (isCall && key === "Output" ? self.result : undefined),
        };
    }

    /** The impl of a trait that a text has. */
    #implOf(head: StdHead, text: StdImpl): ImplDeclaration {
        const bindings = [...text.bindings].map(([name, type]): [string, string] => [
            /^\w+/u.exec(name)?.[0] ?? name,
            type,
        ]);
        return this.#readHeader(text.header, new Map(bindings), head).impl;
    }

    #header(head: StdHead, text: string): { impl: ImplDeclaration; scope: StdScope } {
        const key = `${head.path} ${text}`;
        let header = this.#headers.get(key);
        if (header === undefined) {
            header = this.#readHeader(text, new Map(), head);
            this.#headers.set(key, header);
        }
        return header;
    }

    #readHeader(
        text: string,
        bindings: ReadonlyMap<string, string>,
        head: StdHead,
    ): { impl: ImplDeclaration; scope: StdScope } {
        const lowering = this.#lowering;
        const syntax = lowering.noted(`${head.path}: ${text}`, parseImpl(text));
        const owner = lowering.freshOwner();
        const values = new Map<string, Ty | undefined>();
        let self: Ty = UNKNOWN;
        let inside: StdScope | undefined;
        const associated = (name: string): Ty | undefined => {
            const binding = bindings.get(name);
            if (!values.has(name) && binding !== undefined && inside !== undefined) {
                // An associated type may be told in terms of another, never of itself.
                values.set(name, undefined);
                values.set(name, lowering.lowerText(binding, inside));
            }
            return values.get(name);
        };
        const outer: StdScope = {
            parent: undefined,
            params: new Map(),
            bounds: new Map(),
            self: undefined,
            associated,
        };
        const generics = { generics: syntax?.generics ?? [], where: syntax?.where ?? [] };
        const declared = lowering.declare(generics, owner, outer, (scope) => {
            inside = scope;
            self = syntax === undefined ? UNKNOWN : lowering.lower(syntax.self, scope);
            scope.self = self;
        });
        const { scope } = declared;
        const trait =
            syntax?.trait === undefined
                ? undefined
                : lowering.lowerBound(syntax.trait, self, scope);
        const { names, predicates } = declared;
        const open = declared.open || syntax === undefined;
        const negative = syntax?.negative === true;
        return {
            impl: { owner, names, predicates, open, self, trait, negative, associated },
            scope,
        };
    }

    /** A free function by its path (`std::mem::take`, `core::cmp::max`, `std::prelude::drop`). */
    function(path: string): FunctionDeclaration | undefined {
        let found = this.#functions.get(path);
        if (found === undefined && !this.#functions.has(path)) {
            const member = this.#summary.findFunction(unaliased(path));
            found =
                member === undefined
                    ? undefined
                    : lowerFunction(this.#lowering, member.signature, undefined);
            this.#functions.set(path, found);
        }
        return found;
    }

    /** A variant, or a tuple struct with public fields, by any public path (`Some`, `std::cmp::Reverse`). */
    variant(path: string): StdVariant | undefined {
        let variant = this.#variants.get(path);
        if (variant === undefined && !this.#variants.has(path)) {
            const whole = unaliased(path);
            const [prefix, name] = splitPath(whole);
            const holder = prefix === "" ? undefined : this.#lowering.find(prefix);
            variant =
                (holder?.head.kind === "enum" ? this.#enumVariant(holder, name) : undefined) ??
                this.#tupleStruct(this.#lowering.find(whole));
            this.#variants.set(path, variant);
        }
        return variant;
    }

    #enumVariant(holder: StdName, name: string): StdVariant | undefined {
        const part = this.#summary.variantsOf(holder.head).find((one) => one.name === name);
        if (part === undefined) {
            return undefined;
        }
        const declared = this.#lowering.declaredOf(holder);
        const payload = this.#lowering.noted(part.type, parsePayload(part.type));
        const types = payload?.types.map((one) => this.#lowering.lower(one, declared.scope)) ?? [];
        const names = payload?.names ?? [];
        const shape = names.length > 0 ? "fields" : types.length > 0 ? "tuple" : "unit";
        return { name, shape, types, names, of: declared.scope.self ?? UNKNOWN, declared };
    }

    #tupleStruct(holder: StdName | undefined): StdVariant | undefined {
        const fields = holder === undefined ? [] : this.#summary.fieldsOf(holder.head);
        if (holder === undefined || fields.length === 0) {
            return undefined;
        }
        if (!fields.every((field, i) => field.name === String(i))) {
            return undefined;
        }
        const declared = this.#lowering.declaredOf(holder);
        const types = fields.map((one) => this.#lowering.lowerText(one.type, declared.scope));
        const name = splitPath(holder.head.path)[1];
        const of = declared.scope.self ?? UNKNOWN;
        return { name, shape: "tuple", types, names: [], of, declared };
    }

    /** A variant or tuple struct as a function; of a unit variant without parameters. */
    constructorOf(path: string): FunctionDeclaration | undefined {
        let made = this.#constructors.get(path);
        if (made === undefined && !this.#constructors.has(path)) {
            made = this.#makeConstructor(path);
            this.#constructors.set(path, made);
        }
        return made;
    }

    #makeConstructor(path: string): FunctionDeclaration | undefined {
        const variant = this.variant(path);
        if (variant === undefined || variant.shape === "fields") {
            return undefined;
        }
        const { owner, names, predicates, open } = variant.declared;
        const declared: Declared = { owner, names, predicates, open };
        return {
            ...declared,
            receiver: "none",
            self: undefined,
            params: variant.types,
            result: variant.of,
        };
    }

    /** Types of what a variant holds, in terms of the enum's own parameters. */
    variantPayload(path: string): readonly Ty[] | undefined {
        return this.variant(path)?.types;
    }

    /** Type of a public field. */
    fieldOf(ty: Ty, name: string): Ty | undefined {
        const found = ty.k === "external" ? this.#lowering.named(ty.symbol) : undefined;
        if (found === undefined || ty.k !== "external") {
            return undefined;
        }
        const declared = this.#lowering.declaredOf(found);
        const key = `${found.head.path}.${name}`;
        let field = this.#fields.get(key);
        if (field === undefined && !this.#fields.has(key)) {
            const part = this.#summary.fieldsOf(found.head).find((one) => one.name === name);
            field =
                part === undefined
                    ? undefined
                    : this.#lowering.lowerText(part.type, declared.scope);
            this.#fields.set(key, field);
        }
        if (field === undefined) {
            return undefined;
        }
        const values = declared.names.map((param, i): [string, Ty] => [
            paramKey(declared.owner, param),
            ty.args[i] ?? UNKNOWN,
        ]);
        return substitute(field, new Map(values));
    }
}

function headOfScalar(name: string): string {
    switch (name) {
        case "_integer":
            return "i32";
        case "_float":
            return "f64";
        case "!":
            return "never";
        default:
            return name;
    }
}

/** The path of what the prelude calls by a plain name; other paths as they are. */
function unaliased(path: string): string {
    const plain = /^(?:(?:std|core|alloc)::prelude::(?:\w+::)?)?(\w+)$/u.exec(path)?.[1];
    return (plain === undefined ? undefined : PRELUDE_VALUES.get(plain)) ?? path;
}

function splitPath(path: string): [string, string] {
    const cut = path.lastIndexOf("::");
    return cut < 0 ? ["", path] : [path.slice(0, cut), path.slice(cut + 2)];
}
