// Third pass: what the declarations mean. Generic parameters, aliases, signatures, fields, impls.
// All of it is computed at first use and kept; nothing here looks into bodies.

import { NODE_FLAG } from "../graph/index.ts";
import { isSelfPattern, KIND, ROLE } from "../syntax/index.ts";
import type {
    Declared,
    FunctionDeclaration,
    ImplDeclaration,
    Predicate,
    ReceiverKind,
} from "./types/declarations.ts";
import { ImplTable } from "./types/impl-table.ts";
import type { Generics, ImplHeader, ImplRecord, Meaning } from "./meaning.ts";
import { foreignItems, MemberNames } from "./types/member-names.ts";
import type { ImplSite, Program } from "./program.ts";
import { openStdDeclarations } from "./std/std-access.ts";
import type { StdDeclarations } from "./std/std-declarations.ts";
import { TraitTable, type KnownTraits } from "./types/trait-table.ts";
import { TypeTwins, twinKey } from "./type-twins.ts";
import { itemOf, type FileInstance, type Sym } from "./symbols.ts";
import { lowerBounds, lowerTrait, lowerType, type TypeContext } from "./types/type-lowering.ts";
import { UNIT, UNKNOWN, paramKey, type BoundTrait, type Ty } from "./types/types.ts";

const NO_DECLARED = { names: [], predicates: [], open: false };

/** Bounds that hold inside an item. */
export interface Environment {
    readonly predicates: readonly Predicate[];
    /** Some bound is not understood. */
    readonly open: boolean;
    /** The trait that the impl around is of: its methods are in scope there. */
    readonly implemented: number | undefined;
}

/** What a semantics takes over from one of the same program under other names. */
export interface KnownMeaning {
    readonly std: StdDeclarations;
    readonly impls: ImplTable;
    /** Declarations that mean what they meant, as far as that has been asked. */
    readonly declarations?:
        { readonly semantics: Semantics; isSame(symbol: number): boolean } | undefined;
    readonly memberNames?: { readonly before: MemberNames; readonly names: ReadonlySet<string> };
    readonly traits?: KnownTraits;
}

/** Answers to bounds without parameters or variables, by a key of the solver. */
export class ClosedBounds {
    readonly #own = new Map<string, "yes" | "no" | "maybe">();
    readonly #known: ClosedBounds | undefined;

    /** With answers that hold here, too. */
    constructor(known: ClosedBounds | undefined) {
        this.#known = known;
    }

    get(key: string): "yes" | "no" | "maybe" | undefined {
        return this.#own.get(key) ?? this.#known?.get(key);
    }

    set(key: string, answer: "yes" | "no" | "maybe"): void {
        this.#own.set(key, answer);
    }

    /** Takes back an answer that was given here. */
    delete(key: string): void {
        this.#own.delete(key);
    }
}

/** Meaning of a program's declarations. */
export class Semantics implements Meaning {
    readonly program: Program;
    readonly impls: ImplTable;
    readonly std: StdDeclarations;
    readonly traits: TraitTable;
    /** Answers to bounds without parameters or variables, by a key of the solver. */
    readonly closedBounds: ClosedBounds;
    readonly #generics = new Map<number, Generics>();
    readonly #declared = new Map<number, Declared>();
    readonly #aliases = new Map<number, Ty>();
    readonly #functions = new Map<number, FunctionDeclaration>();
    readonly #impls = new Map<ImplRecord, ImplDeclaration>();
    readonly #fieldTypes = new Map<number, Ty>();
    readonly #twins = new TypeTwins(this);
    readonly #environments = new Map<number, Environment>();
    readonly #known: KnownMeaning["declarations"];
    readonly #knownNames: KnownMeaning["memberNames"];
    #memberNames: MemberNames | undefined;

    constructor(program: Program, known?: KnownMeaning) {
        this.program = program;
        this.impls = known?.impls ?? new ImplTable(program);
        this.std = known?.std ?? openStdDeclarations(program);
        this.traits = new TraitTable(program, this.std, known?.traits);
        this.#known = known?.declarations;
        this.#knownNames = known?.memberNames;
        this.closedBounds = new ClosedBounds(this.#known?.semantics.closedBounds);
    }

    /** What the semantics before knows of a declaration that means what it meant. */
    #knownOf<T>(index: number, read: (before: Semantics) => T | undefined): T | undefined {
        const known = this.#known;
        const found = known === undefined ? undefined : read(known.semantics);
        return found !== undefined && known?.isSame(index) === true ? found : undefined;
    }

    /** Which names members have: of the symbols that there are when it is first asked. */
    get memberNames(): MemberNames {
        const known = this.#knownNames;
        const { program, impls } = this;
        this.#memberNames ??=
            known?.before.renamed(program, known.names, foreignItems(program, impls)) ??
            MemberNames.of(program, foreignItems(program, impls));
        return this.#memberNames;
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
        return { k: "adt", symbol: this.representative(symbol), args };
    }

    genericsOf(index: number): Generics {
        let generics = this.#generics.get(index);
        if (generics === undefined) {
            generics =
                this.#knownOf(index, (before) => before.#generics.get(index)) ??
                this.#parametersOf(this.program.symbolAt(index));
            this.#generics.set(index, generics);
        }
        return generics;
    }

    /** Parameters and bounds of an item of the workspace, or of a type or trait of std. */
    declaredOf(index: number): Declared {
        const known = this.#declared.get(index);
        if (known !== undefined) {
            return known;
        }
        const symbol = this.program.symbolAt(index);
        if (symbol.external !== "") {
            return this.std.generics(index);
        }
        const same = this.#knownOf(index, (before) => before.#declared.get(index));
        if (same !== undefined) {
            this.#declared.set(index, same);
            return same;
        }
        const { names } = this.genericsOf(index);
        // Bounds may mention the item itself: an entry without them comes first.
        this.#declared.set(index, { ...NO_DECLARED, owner: index, names });
        const declared = { owner: index, names, ...this.#predicates(symbol) };
        this.#declared.set(index, declared);
        return declared;
    }

    #parametersOf(symbol: Sym): Generics {
        const tree = symbol.inst?.tree;
        const node = itemOf(symbol)?.node;
        const list =
            tree === undefined || node === undefined
                ? undefined
                : tree.findChild(node, "type_parameters");
        if (tree === undefined || list === undefined) {
            return { names: [] };
        }
        const names: string[] = [];
        const constants: string[] = [];
        for (const parameter of tree.childrenOf(list)) {
            const kind = tree.columns.kind[parameter];
            if (kind === KIND.type_parameter || kind === KIND.const_parameter) {
                names.push(tree.nameOf(tree.findChild(parameter, "name") ?? parameter));
            } else if (kind === KIND.type_identifier) {
                names.push(tree.nameOf(parameter));
            }
            if (kind === KIND.const_parameter) {
                constants.push(...names.slice(-1));
            }
        }
        return constants.length === 0 ? { names } : { names, constants };
    }

    #predicates(symbol: Sym): { predicates: Predicate[]; open: boolean } {
        const predicates: Predicate[] = [];
        let open = false;
        const context = this.contextOf(symbol);
        const node = itemOf(symbol)?.node;
        if (context === undefined || node === undefined) {
            return { predicates, open };
        }
        const { tree } = context.inst;
        const add = (ty: Ty, list: number | undefined): void => {
            const bound = list === undefined ? undefined : lowerBounds(this, [list], context);
            if (bound?.k === "bound") {
                predicates.push(...bound.traits.map((trait) => ({ ty, trait })));
                open ||= bound.open;
            }
        };
        const parameters = tree.findChild(node, "type_parameters");
        for (const parameter of parameters === undefined ? [] : tree.childrenOf(parameters)) {
            const name = tree.findChild(parameter, "name");
            if (name !== undefined) {
                const ty: Ty = { k: "param", owner: symbol.index, name: tree.nameOf(name) };
                add(ty, tree.findChild(parameter, "bounds"));
            }
        }
        if (symbol.kind === "trait") {
            const self: Ty = { k: "param", owner: symbol.index, name: "Self" };
            add(self, tree.findChild(node, "bounds"));
        }
        const where = tree.findKind(node, "where_clause");
        for (const predicate of where === undefined ? [] : tree.childrenOf(where)) {
            const left = tree.findChild(predicate, "left");
            if (left !== undefined && tree.columns.kind[left] !== KIND.lifetime) {
                add(lowerType(this, left, context), tree.findChild(predicate, "bounds"));
            }
        }
        return { predicates, open };
    }

    /** Supertraits in terms of the trait's `Self` and parameters. */
    supertraitsOf(trait: number): readonly BoundTrait[] {
        return this.declaredOf(trait).predicates.flatMap(({ ty, trait: parent }) =>
            ty.k === "param" && ty.owner === trait && ty.name === "Self" ? [parent] : [],
        );
    }

    /** Bounds of a trait's associated type, in terms of the trait's `Self` and parameters. */
    associatedBounds(
        trait: number,
        name: string,
    ): { traits: readonly BoundTrait[]; open: boolean } {
        if (this.program.symbolAt(trait).external !== "") {
            const isKnown = this.std.canonical(trait) !== undefined;
            return { traits: this.std.associatedBounds(trait, name), open: !isKnown };
        }
        const nothing = { traits: [], open: false };
        for (const member of this.program.members.get(trait)?.get(name) ?? []) {
            const symbol = this.program.symbolAt(member);
            const context = this.contextOf(symbol);
            const node = itemOf(symbol)?.node;
            if (symbol.kind === "assoc-type" && context !== undefined && node !== undefined) {
                const list = context.inst.tree.findChild(node, "bounds");
                const bound = list === undefined ? nothing : lowerBounds(this, [list], context);
                return { traits: bound.traits, open: bound.open };
            }
        }
        return nothing;
    }

    /** What is known of type parameters inside an item: the bounds of all that can be seen there. */
    environmentOf(owners: readonly number[]): Environment {
        const first = owners[0] ?? -1;
        let environment = this.#environments.get(first);
        if (environment === undefined) {
            const all = owners.map((owner) => this.declaredOf(owner));
            const predicates = all.flatMap((one) => one.predicates);
            for (const owner of owners) {
                if (this.program.symbolAt(owner).kind === "trait") {
                    predicates.push(this.#selfPredicate(owner));
                }
            }
            const impl = owners.find((owner) => this.program.symbolAt(owner).kind === "impl");
            const implemented = impl === undefined ? undefined : this.impls.of(impl)?.trait?.symbol;
            environment = { predicates, open: all.some((one) => one.open), implemented };
            this.#environments.set(first, environment);
        }
        return environment;
    }

    #selfPredicate(trait: number): Predicate {
        const param = (name: string): Ty => ({ k: "param", owner: trait, name });
        const args = this.genericsOf(trait).names.map(param);
        return { ty: param("Self"), trait: { symbol: trait, args, bindings: [] } };
    }

    /** The type that an alias, or an impl's associated type, stands for. */
    aliasTarget(index: number): Ty {
        const known =
            this.#aliases.get(index) ??
            this.#knownOf(index, (before) => before.#aliases.get(index));
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

    /** The interface of a function of the workspace. */
    functionOf(index: number): FunctionDeclaration {
        let declaration = this.#functions.get(index);
        if (declaration === undefined) {
            declaration =
                this.#knownOf(index, (before) => before.#functions.get(index)) ??
                this.#readFunction(this.program.symbolAt(index));
            this.#functions.set(index, declaration);
        }
        return declaration;
    }

    #readFunction(symbol: Sym): FunctionDeclaration {
        const declared = this.declaredOf(symbol.index);
        const context = this.contextOf(symbol);
        const node = itemOf(symbol)?.node;
        if (context === undefined || node === undefined) {
            return { ...declared, receiver: "none", self: undefined, params: [], result: UNKNOWN };
        }
        const { tree } = context.inst;
        const list = tree.findChild(node, "parameters");
        const params: Ty[] = [];
        let receiver: ReceiverKind = "none";
        let self: Ty | undefined;
        for (const parameter of list === undefined ? [] : tree.childrenOf(list)) {
            const kind = tree.columns.kind[parameter];
            if (kind === KIND.self_parameter) {
                receiver = receiverKind(context.inst, parameter);
                self =
                    receiver === "value"
                        ? context.self
                        : { k: "ref", inner: context.self, mutable: receiver === "mut" };
            } else if (kind === KIND.parameter) {
                const pattern = tree.findChild(parameter, "pattern");
                const ty = lowerType(this, tree.findChild(parameter, "type"), context);
                if (isSelfPattern(tree, pattern)) {
                    receiver = "typed";
                    self = ty;
                } else {
                    params.push(ty);
                }
            }
        }
        const resultNode = tree.findChild(node, "return_type");
        const plain = resultNode === undefined ? UNIT : lowerType(this, resultNode, context);
        const isAsync = (symbol.flags & ASYNC) !== 0;
        const result: Ty = isAsync ? { k: "future", inner: plain } : plain;
        return { ...declared, receiver, self, params, result };
    }

    /** The impl's parameters, header and associated types. */
    declarationOf(impl: ImplRecord): ImplDeclaration {
        let declaration = this.#impls.get(impl);
        if (declaration === undefined) {
            declaration = {
                ...this.declaredOf(impl.symbol),
                self: impl.self,
                trait: impl.trait,
                negative: false,
                associated: (name) => this.#associatedIn(impl, name),
            };
            this.#impls.set(impl, declaration);
        }
        return declaration;
    }

    #associatedIn(impl: ImplRecord, name: string): Ty | undefined {
        const types = (impl.members.get(name) ?? []).filter(
            (member) => this.program.symbolAt(member).kind === "assoc-type",
        );
        const [first] = types;
        return first === undefined || types.length > 1 ? undefined : this.aliasTarget(first);
    }

    /** Type of a field, const or static as declared, in terms of its owner's parameters. */
    declaredType(index: number): Ty {
        const known =
            this.#fieldTypes.get(index) ??
            this.#knownOf(index, (before) => before.#fieldTypes.get(index));
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

    /** The first of the types that are one definition under different predicates: it stands for all. */
    representative(symbol: number): number {
        return this.twinsOf(symbol)[0] ?? symbol;
    }

    /** A struct, enum or union with those that take its place under other predicates. */
    twinsOf(index: number): readonly number[] {
        return this.#twins.of(index);
    }

    /** Values of the parameters of one of a type's twins. */
    argumentsOf(symbol: number, ty: Ty): Map<string, Ty> {
        const args = ty.k === "adt" ? ty.args : [];
        return new Map(
            this.genericsOf(symbol).names.map((name, i) => [
                paramKey(symbol, name),
                args[i] ?? UNKNOWN,
            ]),
        );
    }

    /** Substitution of a type's own parameters by the arguments of an applied type. */
    arguments(ty: Ty): Map<string, Ty> {
        const values = new Map<string, Ty>();
        if (ty.k === "adt" || ty.k === "external") {
            this.parameterNames(ty.symbol).forEach((name, i) => {
                values.set(paramKey(ty.symbol, name), ty.args[i] ?? UNKNOWN);
            });
        }
        return values;
    }

    /** Names of the type parameters of a type or trait of the workspace or of std. */
    parameterNames(symbol: number): readonly string[] {
        return this.program.symbolAt(symbol).external === ""
            ? this.genericsOf(symbol).names
            : this.std.generics(symbol).names;
    }

    /** Whether a type has a trait, named as such, among its derives. */
    isDerived(type: number, trait: number): boolean {
        const derives = itemOf(this.program.symbolAt(type))?.attributes.derives;
        return derives?.includes(this.program.symbolAt(trait).name) === true;
    }

    /** Reads the headers of all impls; called once imports are resolved. */
    readImpls(): void {
        this.impls.build((site) => this.headerOf(site));
    }

    canonical(symbol: number): number {
        return this.program.symbolAt(symbol).external === ""
            ? symbol
            : (this.std.canonical(symbol) ?? symbol);
    }

    stdType(symbol: number, args: readonly Ty[]): Ty | undefined {
        return this.std.typeOf(this.program.symbolAt(symbol).external, args);
    }

    writtenArguments(ty: Ty & { readonly k: "external" }): readonly Ty[] {
        const path = this.program.symbolAt(ty.symbol).external;
        for (let length = 0; length < ty.args.length; length++) {
            const written = this.std.typeOf(path, ty.args.slice(0, length));
            if (JSON.stringify(written) === JSON.stringify(ty)) {
                return ty.args.slice(0, length);
            }
        }
        return ty.args;
    }

    implOf(symbol: number): ImplHeader | undefined {
        return this.impls.of(symbol);
    }

    /** Reads the header of one impl. */
    headerOf({ inst, scope, item, symbol }: ImplSite): ImplHeader {
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

function receiverKind(inst: FileInstance, parameter: number): ReceiverKind {
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
