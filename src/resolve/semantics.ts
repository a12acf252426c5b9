// Third pass: what the declarations mean. Generic parameters, aliases, signatures, fields, impls.
// All of it is computed at first use and kept; nothing here looks into bodies.

import { NODE_FLAG } from "../graph/index.ts";
import { KIND, ROLE } from "../syntax/index.ts";
import { ImplTable } from "./impl-table.ts";
import type { Generics, ImplHeader, Meaning } from "./meaning.ts";
import { MemberNames } from "./member-names.ts";
import type { ImplSite, Program } from "./program.ts";
import { StdTypes } from "./std-types.ts";
import { implHeader } from "./symbol-paths.ts";
import { itemOf, type FileInstance, type Sym } from "./symbols.ts";
import { lowerBounds, lowerTrait, lowerType, type TypeContext } from "./type-lowering.ts";
import { UNIT, UNKNOWN, paramKey, substitute, type BoundTrait, type Ty } from "./types.ts";

/** How a method takes its receiver. */
export type SelfKind = "none" | "value" | "ref" | "mut" | "typed";

/** Types of a function's interface. */
export interface Signature {
    readonly self: SelfKind;
    readonly params: readonly Ty[];
    readonly result: Ty;
}

const NO_GENERICS: Generics = { names: [], bounds: new Map() };

/** Meaning of a program's declarations. */
export class Semantics implements Meaning {
    readonly program: Program;
    readonly impls: ImplTable;
    readonly memberNames: MemberNames;
    readonly std: StdTypes;
    readonly #generics = new Map<number, Generics>();
    readonly #aliases = new Map<number, Ty>();
    readonly #signatures = new Map<number, Signature>();
    readonly #fieldTypes = new Map<number, Ty>();

    constructor(program: Program) {
        this.program = program;
        this.impls = new ImplTable(program);
        this.memberNames = new MemberNames(program);
        this.std = new StdTypes(program);
    }

    /** The context in which the types of a symbol's own declaration are written. */
    contextOf(symbol: Sym): TypeContext | undefined {
        const { inst } = symbol;
        const item = itemOf(symbol);
        if (inst === undefined || item === undefined) {
            return undefined;
        }
        const scope = this.program.scopeAt(inst, item.node);
        return { inst, scope, owners: this.ownersOf(symbol), self: this.selfTypeOf(symbol) };
    }

    /** Symbols whose type parameters can be seen in a declaration: itself, and what it is a member of. */
    ownersOf(symbol: Sym): number[] {
        const owners = [symbol.index];
        let at = symbol;
        while (isMemberKind(at, this.program)) {
            owners.push(at.parent);
            at = this.program.symbolAt(at.parent);
        }
        return owners;
    }

    /** What `Self` means in a declaration. */
    selfTypeOf(symbol: Sym): Ty {
        let at = symbol;
        for (;;) {
            switch (at.kind) {
                case "impl":
                    return this.impls.of(at.index)?.self ?? UNKNOWN;
                case "trait":
                    return { k: "param", owner: at.index, name: "Self" };
                case "struct":
                case "enum":
                case "union":
                    return this.ownType(at.index);
                default:
            }
            if (at.parent === -1 || !isMemberKind(at, this.program)) {
                return UNKNOWN;
            }
            at = this.program.symbolAt(at.parent);
        }
    }

    /** A type applied to its own parameters. */
    ownType(symbol: number): Ty {
        const args = this.genericsOf(symbol).names.map((name): Ty => ({
            k: "param",
            owner: symbol,
            name,
        }));
        return { k: "adt", symbol, args };
    }

    genericsOf(index: number): Generics {
        const known = this.#generics.get(index);
        if (known !== undefined) {
            return known;
        }
        // Bounds may mention the parameters themselves: names first.
        const symbol = this.program.symbolAt(index);
        const names = this.#parameterNames(symbol);
        this.#generics.set(index, { names, bounds: new Map() });
        const generics =
            names.length === 0 && symbol.kind !== "trait"
                ? NO_GENERICS
                : { names, bounds: this.#parameterBounds(symbol) };
        this.#generics.set(index, generics);
        return generics;
    }

    #parameterNames(symbol: Sym): string[] {
        const tree = symbol.inst?.tree;
        const node = itemOf(symbol)?.node;
        const list =
            tree === undefined || node === undefined
                ? undefined
                : tree.findChild(node, "type_parameters");
        if (tree === undefined || list === undefined) {
            return [];
        }
        const names: string[] = [];
        for (const parameter of tree.childrenOf(list)) {
            const kind = tree.columns.kind[parameter];
            if (kind === KIND.type_parameter || kind === KIND.const_parameter) {
                names.push(tree.nameOf(tree.findChild(parameter, "name") ?? parameter));
            } else if (kind === KIND.type_identifier) {
                names.push(tree.nameOf(parameter));
            }
        }
        return names;
    }

    #parameterBounds(symbol: Sym): Map<string, Ty> {
        const bounds = new Map<string, Ty>();
        const context = this.contextOf(symbol);
        const node = itemOf(symbol)?.node;
        if (context === undefined || node === undefined) {
            return bounds;
        }
        const { tree } = context.inst;
        const add = (name: string, list: number | undefined): void => {
            if (list !== undefined) {
                bounds.set(name, joinBounds(bounds.get(name), lowerBounds(this, [list], context)));
            }
        };
        const parameters = tree.findChild(node, "type_parameters");
        for (const parameter of parameters === undefined ? [] : tree.childrenOf(parameters)) {
            const name = tree.findChild(parameter, "name");
            if (name !== undefined) {
                add(tree.nameOf(name), tree.findChild(parameter, "bounds"));
            }
        }
        if (symbol.kind === "trait") {
            add("Self", tree.findChild(node, "bounds"));
        }
        const where = tree.findKind(node, "where_clause");
        for (const predicate of where === undefined ? [] : tree.childrenOf(where)) {
            const left = tree.findChild(predicate, "left");
            if (left !== undefined && tree.columns.kind[left] === KIND.type_identifier) {
                add(tree.nameOf(left), tree.findChild(predicate, "bounds"));
            }
        }
        return bounds;
    }

    /** The bounds of a parameter; `Self` of a trait gives the trait itself and its supertraits. */
    boundsOf(owner: number, name: string): { traits: readonly BoundTrait[]; open: boolean } {
        const traits: BoundTrait[] = [];
        let open = false;
        if (name === "Self" && this.program.symbolAt(owner).kind === "trait") {
            const args = this.genericsOf(owner).names.map((one): Ty => ({
                k: "param",
                owner,
                name: one,
            }));
            traits.push({ symbol: owner, args, bindings: [] });
        }
        const bound = this.genericsOf(owner).bounds.get(name);
        if (bound?.k === "bound") {
            traits.push(...bound.traits);
            ({ open } = bound);
        } else if (bound !== undefined) {
            open = true;
        }
        return { traits, open };
    }

    /** The type that an alias, or an impl's associated type, stands for. */
    aliasTarget(index: number): Ty {
        const known = this.#aliases.get(index);
        if (known !== undefined) {
            return known;
        }
        this.#aliases.set(index, UNKNOWN);
        const symbol = this.program.symbolAt(index);
        const context = this.contextOf(symbol);
        const node = itemOf(symbol)?.node;
        const target =
            context === undefined || node === undefined
                ? UNKNOWN
                : lowerType(this, context.inst.tree.findChild(node, "type"), context);
        this.#aliases.set(index, target);
        return target;
    }

    /** `Ty::Name` as a type. */
    associatedType(ty: Ty, name: string): Ty {
        const bound = boundBinding(ty, name) ?? this.#parameterBinding(ty, name);
        if (bound !== undefined) {
            return bound;
        }
        for (const impl of this.impls.giving(ty, name)) {
            const member = impl.members.get(name)?.[0];
            if (impl.trait !== undefined && member !== undefined) {
                return substitute(
                    this.aliasTarget(member),
                    this.impls.match(impl, ty) ?? new Map(),
                );
            }
        }
        return UNKNOWN;
    }

    #parameterBinding(ty: Ty, name: string): Ty | undefined {
        if (ty.k !== "param") {
            return undefined;
        }
        for (const trait of this.boundsOf(ty.owner, ty.name).traits) {
            const binding = trait.bindings.find((one) => one.name === name);
            if (binding !== undefined) {
                return binding.ty;
            }
        }
        return undefined;
    }

    signatureOf(index: number): Signature {
        const known = this.#signatures.get(index);
        if (known !== undefined) {
            return known;
        }
        const signature = this.#readSignature(this.program.symbolAt(index));
        this.#signatures.set(index, signature);
        return signature;
    }

    #readSignature(symbol: Sym): Signature {
        const context = this.contextOf(symbol);
        const node = itemOf(symbol)?.node;
        if (context === undefined || node === undefined) {
            return { self: "none", params: [], result: UNKNOWN };
        }
        const { tree } = context.inst;
        const list = tree.findChild(node, "parameters");
        const params: Ty[] = [];
        let self: SelfKind = "none";
        for (const parameter of list === undefined ? [] : tree.childrenOf(list)) {
            const kind = tree.columns.kind[parameter];
            if (kind === KIND.self_parameter) {
                self = selfKind(context.inst, parameter);
            } else if (kind === KIND.parameter) {
                const pattern = tree.findChild(parameter, "pattern");
                if (pattern !== undefined && tree.columns.kind[pattern] === KIND.self) {
                    self = "typed";
                } else {
                    params.push(lowerType(this, tree.findChild(parameter, "type"), context));
                }
            }
        }
        const resultNode = tree.findChild(node, "return_type");
        const plain = resultNode === undefined ? UNIT : lowerType(this, resultNode, context);
        const isAsync = (symbol.flags & ASYNC) !== 0;
        return { self, params, result: isAsync ? { k: "future", inner: plain } : plain };
    }

    /** Type of a field, const or static as declared, in terms of its owner's parameters. */
    declaredType(index: number): Ty {
        const known = this.#fieldTypes.get(index);
        if (known !== undefined) {
            return known;
        }
        const symbol = this.program.symbolAt(index);
        const context = this.contextOf(symbol);
        const node = itemOf(symbol)?.node;
        const ty =
            context === undefined || node === undefined
                ? UNKNOWN
                : lowerType(this, context.inst.tree.findChild(node, "type"), context);
        this.#fieldTypes.set(index, ty);
        return ty;
    }

    /** Types of a tuple struct's or tuple variant's fields. */
    tupleFieldTypes(index: number): Ty[] {
        const symbol = this.program.symbolAt(index);
        const context = this.contextOf(symbol);
        const body = itemOf(symbol)?.body ?? -1;
        if (context === undefined || body === -1) {
            return [];
        }
        const { tree } = context.inst;
        const { role } = tree.columns;
        const typeRole = tree.childrenOf(body).filter((child) => role[child] === TYPE_ROLE);
        return typeRole.map((child) => lowerType(this, child, context));
    }

    /** The struct, union or variant's parent type applied to its own parameters. */
    constructedType(index: number): Ty {
        const symbol = this.program.symbolAt(index);
        return this.ownType(symbol.kind === "variant" ? symbol.parent : index);
    }

    /** Whether several symbols are one definition under different predicates. */
    areTwins(symbols: readonly number[]): boolean {
        const key = (index: number): string => twinKey(this, index);
        const first = symbols[0];
        return first === undefined || symbols.every((one) => key(one) === key(first));
    }

    /** Substitution of a type's own parameters by the arguments of an applied type. */
    arguments(ty: Ty): Map<string, Ty> {
        const values = new Map<string, Ty>();
        if (ty.k === "adt") {
            this.genericsOf(ty.symbol).names.forEach((name, i) => {
                values.set(paramKey(ty.symbol, name), ty.args[i] ?? UNKNOWN);
            });
        }
        return values;
    }

    /** Reads the headers of all impls; called once imports are resolved. */
    readImpls(): void {
        this.impls.build((site) => this.#readHeader(site));
    }

    implOf(symbol: number): ImplHeader | undefined {
        return this.impls.of(symbol);
    }

    #readHeader({ inst, scope, item, symbol }: ImplSite): ImplHeader {
        const context = { inst, scope, owners: [symbol], self: UNKNOWN };
        const traitNode = inst.tree.findChild(item.node, "trait");
        return {
            self: lowerType(this, inst.tree.findChild(item.node, "type"), context),
            isTraitImpl: traitNode !== undefined,
            trait: traitNode === undefined ? undefined : lowerTrait(this, traitNode, context),
        };
    }
}

const ASYNC = NODE_FLAG.async;
const TYPE_ROLE = ROLE.type;

function selfKind(inst: FileInstance, parameter: number): SelfKind {
    const { tree } = inst;
    const isMut = tree.findKind(parameter, "mutable_specifier") !== undefined;
    const start = tree.columns.start[parameter] ?? 0;
    const first = tree.columns.start[parameter + 1] ?? 0;
    // `&self` begins with an anonymous `&`; `self` and `mut self` begin with their first named child.
    if (first === start) {
        return "value";
    }
    return isMut ? "mut" : "ref";
}

function joinBounds(before: Ty | undefined, added: Ty): Ty {
    if (before === undefined || before.k !== "bound") {
        return before ?? added;
    }
    return added.k === "bound"
        ? {
              k: "bound",
              traits: [...before.traits, ...added.traits],
              open: before.open || added.open,
          }
        : { ...before, open: true };
}

function boundBinding(ty: Ty, name: string): Ty | undefined {
    if (ty.k !== "bound") {
        return undefined;
    }
    for (const trait of ty.traits) {
        const binding = trait.bindings.find((one) => one.name === name);
        if (binding !== undefined) {
            return binding.ty;
        }
    }
    return undefined;
}

/** Members see the type parameters of what they are members of. */
function isMemberKind(symbol: Sym, program: Program): boolean {
    if (symbol.parent === -1) {
        return false;
    }
    if (itemOf(symbol)?.block !== -1) {
        return false;
    }
    const parent = program.symbolAt(symbol.parent).kind;
    return (
        parent === "impl" ||
        parent === "trait" ||
        parent === "struct" ||
        parent === "enum" ||
        parent === "union" ||
        parent === "variant"
    );
}

/** The path of a symbol with predicates left out: equal for cfg twins. */
export function twinKey(semantics: Semantics, index: number): string {
    const symbol = semantics.program.symbolAt(index);
    if (symbol.external !== "" || symbol.parent === -1) {
        return String(index);
    }
    if (symbol.kind === "impl") {
        return `${symbol.crate}/${implHeader(semantics, index)}`;
    }
    const block = itemOf(symbol)?.block ?? -1;
    const where = block === -1 ? "" : `@${symbol.inst?.path ?? ""}:${block}`;
    return `${twinKey(semantics, symbol.parent)}/${symbol.namespaces}:${symbol.name}${where}`;
}
