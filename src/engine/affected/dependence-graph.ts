// Who may behave differently when something changes: the graph's edges turned round, and with them all that
// no edge says: tokens that are not decided, impls of foreign traits, binaries that tests run, packages.
// It may say too much, never too little.

import { appendTo, type Steps } from "../../base/index.ts";
import { NODE_FLAG } from "../../graph/index.ts";
import {
    BIND,
    ROLES,
    UNKNOWN_OWNER,
    type OccurrenceTable,
    type ResolutionSource,
} from "../../resolve/index.ts";
import { attributeFactsOf } from "./attribute-facts.ts";
import { crateUnits, lexicalParents, packageReach, type CrateUnit } from "./crate-units.ts";
import { expandedUses } from "./expanded-uses.ts";
import { finishGraph, type DependenceGraph } from "./graph-layout.ts";
import { addBinaries, addPackages, addUnseen } from "./package-edges.ts";
import { TEST_WORD, testMakers } from "./test-makers.ts";
import { ANY_FORM, MEMBER_FORM, targetsOf, TokenForms, type TokenForm } from "./token-forms.ts";
import { isOfTrait, isTraitImpl, isVisible } from "./visible-items.ts";
import { WAY, type DependenceInput, type EdgeSink } from "./ways.ts";

const SILENT_ROLES: ReadonlySet<string> = new Set([
    "definition",
    "import",
    "import-alias",
    "doc-link",
    "visibility",
    "lifetime",
    "label",
]);
const MODULES: ReadonlySet<string> = new Set(["module", "crate"]);
const HEADER_KINDS: ReadonlySet<string> = new Set([
    "struct",
    "enum",
    "union",
    "trait",
    "type-alias",
]);

/** The scope of tokens that may mean what any package has. */
const ANYWHERE = -1;
/** That of tokens in a macro's body: it is the caller's. */
const IN_BODY = -2;

/** An import under another name. */
interface AliasFacts {
    readonly alias: string;
    readonly targets: readonly number[];
    /** The name that the import gives another name to; empty where it is not known. */
    readonly named: string;
}

/** A name as the tokens of one package have it, or the body of a macro as it is called there. */
interface NameNode {
    readonly name: string;
    readonly scope: number;
    readonly node: number;
    readonly macro: number | undefined;
    /** Only an item of a trait can be meant. */
    readonly isOfTrait: boolean;
    readonly form: TokenForm;
}

/** An undecided token of a macro's body. */
type BodyWord = Pick<NameNode, "name" | "form">;

/** Builds the graph of a state, a file in each step. */
export function* buildDependenceGraph(input: DependenceInput): Steps<DependenceGraph> {
    const { source } = input;
    // Walking every file is what makes externals: nodes are numbered after the last of them.
    for (let file = 0; file < source.files.length; file++) {
        source.table(file);
        source.implicitCalls(file);
        yield;
    }
    return yield* new GraphBuilder(input).build();
}

class GraphBuilder implements EdgeSink {
    readonly input: DependenceInput;
    readonly source: ResolutionSource;
    readonly units: ReadonlyMap<number, CrateUnit>;
    readonly parents: Int32Array;
    readonly everything: number;
    readonly #packageBase: number;
    readonly #nameBase: number;
    /** Items that implement an item of a trait of the workspace. */
    readonly #implementing: readonly { readonly source: number; readonly target: number }[];
    /** For each item that others implement, a node that stands for these: who calls it may run any of them. */
    readonly #dispatched = new Map<number, number>();
    /** Nodes of names, by the package whose token it is, and the name. */
    readonly #names = new Map<string, NameNode>();
    readonly #aliases: AliasFacts[] = [];
    /** What the bodies of macros name undecidedly, and the macros that they call. */
    readonly #bodyWords = new Map<number, Map<string, BodyWord>>();
    readonly #bodyMacros = new Map<number, number[]>();
    readonly #testMakers: ReadonlySet<string>;
    readonly #forms: TokenForms;
    readonly #reach: readonly ReadonlySet<number>[];
    /** Items of foreign traits: whoever has the type may run them, so no token needs to name them. */
    readonly #foreign = new Set<number>();
    readonly #from: number[] = [];
    readonly #to: number[] = [];
    readonly #kinds: number[] = [];
    /** What the tokens of impl headers name. */
    readonly #headers = new Map<number, number[]>();
    /** Modules by undecided words in calls of macros that stand in them. */
    readonly #macroWords = new Map<string, Set<number>>();
    readonly macroModules = new Set<number>();
    readonly #tests = new Set<number>();

    constructor(input: DependenceInput) {
        this.input = input;
        this.source = input.source;
        this.units = crateUnits(input);
        this.parents = lexicalParents(input.source);
        this.#packageBase = input.source.symbolCount;
        this.everything = this.#packageBase + input.model.packages.length;
        this.#reach = packageReach(input.model);
        this.#testMakers = testMakers(input);
        this.#forms = new TokenForms(input, this.parents);
        this.#implementing = input.source
            .implementing()
            .filter(
                ({ source: item, target }) =>
                    input.source.kindOf(item) !== "impl" &&
                    input.source.externalPath(target) === "",
            );
        for (const { target } of this.#implementing) {
            if (!this.#dispatched.has(target)) {
                this.#dispatched.set(target, this.everything + 1 + this.#dispatched.size);
            }
        }
        this.#nameBase = this.everything + 1 + this.#dispatched.size;
    }

    packageNode(index: number): number {
        return this.#packageBase + index;
    }

    add(dependent: number, dependency: number, why: number): void {
        if (dependent !== dependency) {
            this.#from.push(dependency);
            this.#to.push(dependent);
            this.#kinds.push(why);
        }
    }

    *build(): Steps<DependenceGraph> {
        const { source } = this;
        for (let file = 0; file < source.files.length; file++) {
            const { crate, path } = source.files[file] ?? { crate: -1, path: "" };
            if (crate !== -1) {
                this.#addTokens(source.table(file), this.#forms.of(path));
                this.#addImplicit(file);
            }
            yield;
        }
        for (const { source: item, target } of this.#implementing) {
            const dispatched = this.#dispatched.get(target);
            if (dispatched !== undefined) {
                this.add(dispatched, item, WAY.dispatches);
                this.add(item, target, WAY.implements);
            }
        }
        this.#addMembers();
        this.#addAttributes();
        this.#addExpanded();
        addPackages(this, this.#tests);
        addUnseen(this);
        addBinaries(this);
        this.#addNames();
        return this.#finish();
    }

    #addTokens(table: OccurrenceTable, formAt: (start: number) => TokenForm): void {
        const { source } = this;
        for (let row = 0; row < table.start.length; row++) {
            const role = ROLES[table.role[row] ?? 0] ?? "value";
            if (role === "import-alias") {
                this.#addAlias(table, row);
            }
            const from = source.nodeOf(table.enclosing[row] ?? 0);
            if (from === -1 || SILENT_ROLES.has(role)) {
                continue;
            }
            const name = table.names[table.name[row] ?? 0] ?? "";
            // What a macro's body names is looked for where the macro is called.
            const isBody = role === "macro-body" && source.kindOf(from) === "macro";
            const scope = isBody ? IN_BODY : this.#scopeOf(from);
            const isUndecided = this.#addToken(table, row, { from, name, scope, formAt });
            const inModule = MODULES.has(source.kindOf(from));
            if (inModule && (role === "macro-input" || role === "macro-call")) {
                if (TEST_WORD.test(name) || this.#testMakers.has(name)) {
                    this.macroModules.add(from);
                }
                if (isUndecided) {
                    const modules = this.#macroWords.get(name) ?? new Set();
                    this.#macroWords.set(name, modules.add(from));
                }
            }
        }
    }

    /** Adds what a token may name; says whether that is undecided. */
    #addToken(
        table: OccurrenceTable,
        row: number,
        token: {
            readonly from: number;
            readonly name: string;
            readonly scope: number;
            readonly formAt: (start: number) => TokenForm;
        },
    ): boolean {
        const { source } = this;
        const { from, name, scope } = token;
        const bind = table.bind[row] ?? 0;
        if (bind === BIND.local || bind === BIND.builtin) {
            return false;
        }
        const isUndecided = bind !== BIND.symbol && bind !== BIND.external;
        for (const target of targetsOf(table, row)) {
            if (source.externalPath(target).startsWith(UNKNOWN_OWNER)) {
                // A member of a foreign type: an impl that is not seen may give it a trait's.
                this.add(from, this.#traitItemNumber(name, scope), WAY.maybeNames);
            } else if (!MODULES.has(source.kindOf(target))) {
                if (!this.#noteHeader(from, target)) {
                    this.#use(from, target, WAY.mentions);
                    this.#useMacro(from, target, scope);
                }
            }
        }
        const form = isUndecided ? token.formAt(table.start[row] ?? 0) : ANY_FORM;
        if (isUndecided && scope === IN_BODY) {
            const words = this.#bodyWords.get(from) ?? new Map<string, BodyWord>();
            this.#bodyWords.set(from, words.set(`${form}${name}`, { name, form }));
        } else if (isUndecided) {
            const node = this.#nameNumber(name, scope, form);
            this.add(from, node, WAY.maybeNames);
            this.#noteHeader(from, node);
        }
        return isUndecided;
    }

    /** Who uses an item that others implement may run any of these. */
    #use(from: number, target: number, why: number): void {
        const node = this.source.nodeOf(target);
        const used = node === -1 ? target : node;
        this.add(from, used, why);
        const dispatched = this.#dispatched.get(used);
        if (dispatched !== undefined) {
            this.add(from, dispatched, why);
        }
    }

    /** Who calls a macro names what its body names, as far as that can be named there. */
    #useMacro(from: number, target: number, scope: number): void {
        const macro = this.source.nodeOf(target);
        if (macro === -1 || this.source.kindOf(macro) !== "macro") {
            return;
        }
        if (scope === IN_BODY) {
            appendTo(this.#bodyMacros, from, macro);
        } else {
            this.add(from, this.#macroNumber(macro, scope), WAY.maybeNames);
        }
    }

    /** Notes a type that an impl's header names: it is no use of it, who has the type runs the items. */
    #noteHeader(from: number, target: number): boolean {
        const { source } = this;
        const isName = target >= this.#nameBase;
        const isNoted =
            source.kindOf(from) === "impl" &&
            (isName ||
                (source.externalPath(target) === "" && HEADER_KINDS.has(source.kindOf(target))));
        if (isNoted) {
            appendTo(this.#headers, from, target);
        }
        return isNoted;
    }

    /** The package whose token an item's is; a procedural macro's tokens may end up in any. */
    #scopeOf(symbol: number): number {
        const unit = this.units.get(this.source.symbol(symbol).crate ?? -1);
        return unit === undefined || unit.targetKind === "proc-macro" ? ANYWHERE : unit.package;
    }

    /** A token may have the name that an import gives. */
    #addAlias(table: OccurrenceTable, row: number): void {
        const alias = table.names[table.name[row] ?? 0] ?? "";
        const named = table.names[table.name[row - 1] ?? 0] ?? "";
        const isAfterName = row > 0 && ROLES[table.role[row - 1] ?? 0] === "import";
        this.#aliases.push({
            alias,
            targets: targetsOf(table, row),
            named: isAfterName ? named : "",
        });
    }

    #addImplicit(file: number): void {
        const calls = this.source.implicitCalls(file);
        for (let row = 0; row < calls.source.length; row++) {
            const from = this.source.nodeOf(calls.source[row] ?? 0);
            if (from !== -1) {
                this.#use(from, calls.target[row] ?? 0, WAY.calls);
            }
        }
    }

    /** Fields and variants are of their type; items of an impl or trait hang on its header. */
    #addMembers(): void {
        const { source } = this;
        const implementing = new Set(this.#implementing.map((pair) => pair.source));
        for (let index = 0; index < source.symbolCount; index++) {
            if (source.externalPath(index) !== "" || source.nodeOf(index) !== index) {
                continue;
            }
            const kind = source.kindOf(index);
            const parent = this.parents[index] ?? -1;
            const holder = parent === -1 ? "" : source.kindOf(parent);
            if (kind === "field" || kind === "variant") {
                const owner = parent === -1 ? source.graphParentOf(index) : parent;
                if (owner !== -1) {
                    this.add(owner, index, WAY.member);
                    this.add(index, owner, WAY.member);
                }
            } else if (holder === "impl" || holder === "trait") {
                this.add(index, parent, WAY.within);
            }
            if (holder === "impl" && isTraitImpl(source.symbol(parent).name)) {
                this.#addForeign(index, parent, implementing.has(index));
            }
            const made = source.symbol(index).flags & NODE_FLAG.macroMade;
            const module = source.graphParentOf(index);
            if (made !== 0 && module !== -1) {
                this.add(index, module, WAY.within);
            }
        }
    }

    /** An item that a foreign trait calls: whoever has the type may run it without naming it. */
    #addForeign(item: number, parent: number, isOwnTrait: boolean): void {
        if (isOwnTrait) {
            return;
        }
        const named = this.#selfTypes(parent);
        if (named.length > 0) {
            this.#foreign.add(item);
        }
        for (const node of named) {
            this.add(node, item, WAY.mayRun);
        }
        if (named.length === 0) {
            const unit = this.units.get(this.source.symbol(item).crate ?? -1);
            this.add(
                unit === undefined ? this.everything : this.packageNode(unit.package),
                item,
                WAY.mayRun,
            );
        }
    }

    /** The type that an impl is for, where it is one of the workspace; else all that its header names. */
    #selfTypes(parent: number): readonly number[] {
        const named = this.#headers.get(parent) ?? [];
        const header = this.source.symbol(parent).name;
        const self = /\bfor\b(?!\s*<)\s*(?:[&*]|mut\b|const\b|'\w+|\s)*([\w:]+)/u.exec(header)?.[1];
        const found = named.filter(
            (node) => node < this.#packageBase && this.source.displayOf(node) === self,
        );
        return found.length > 0 ? found : named;
    }

    #addAttributes(): void {
        for (const [path, capture] of this.input.captures) {
            const facts = attributeFactsOf(this.source, path, capture);
            for (const { symbol, word } of facts.words) {
                if (this.source.findByName(word).length > 0) {
                    const node = this.#nameNumber(word, this.#scopeOf(symbol));
                    this.add(symbol, node, WAY.attribute);
                }
            }
            facts.tests.forEach((test) => this.#tests.add(test));
            for (const symbol of facts.alwaysRun) {
                const unit = this.units.get(this.source.symbol(symbol).crate ?? -1);
                if (unit !== undefined) {
                    this.add(this.packageNode(unit.package), symbol, WAY.mayRun);
                }
            }
        }
        for (let index = 0; index < this.source.symbolCount; index++) {
            if (
                this.source.externalPath(index) === "" &&
                this.source.nodeOf(index) === index &&
                (this.source.symbol(index).flags & NODE_FLAG.test) !== 0
            ) {
                this.#tests.add(index);
            }
        }
    }

    #addNames(): void {
        const aliased = new Map<string, AliasFacts[]>();
        this.#aliases.forEach((one) => {
            appendTo(aliased, one.alias, one);
        });
        // Names that are added on the way are gone through as well.
        for (const {
            name,
            node,
            scope,
            macro,
            isOfTrait: isTraitItem,
            form,
        } of this.#names.values()) {
            if (macro !== undefined) {
                for (const word of this.#bodyWords.get(macro)?.values() ?? []) {
                    this.add(node, this.#nameNumber(word.name, scope, word.form), WAY.maybeNames);
                }
                for (const called of new Set(this.#bodyMacros.get(macro))) {
                    this.add(node, this.#macroNumber(called, scope), WAY.maybeNames);
                }
                continue;
            }
            for (const { targets, named } of isTraitItem || form === MEMBER_FORM
                ? []
                : (aliased.get(name) ?? [])) {
                targets.forEach((target) => {
                    this.#useNamed(node, target, scope);
                });
                if (named !== "") {
                    this.add(node, this.#nameNumber(named, scope), WAY.maybeNames);
                }
            }
            for (const symbol of this.source.findByName(name)) {
                if (
                    this.#canName(scope, symbol) &&
                    (!isTraitItem || isOfTrait(this, symbol)) &&
                    this.#forms.fits(form, symbol)
                ) {
                    this.#useNamed(node, this.source.nodeOf(symbol), scope);
                }
            }
            for (const module of this.#macroWords.get(name) ?? []) {
                if (this.#isInReach(scope, module)) {
                    this.add(node, module, WAY.maybeNames);
                }
            }
        }
    }

    #useNamed(node: number, target: number, scope: number): void {
        this.#use(node, target, WAY.maybeNames);
        this.#useMacro(node, target, scope);
    }

    /** Whether a token of a package may mean a symbol: one of it, or of what it depends on. */
    #canName(scope: number, symbol: number): boolean {
        const target = this.source.nodeOf(symbol);
        if (
            target === -1 ||
            this.source.externalPath(symbol) !== "" ||
            MODULES.has(this.source.kindOf(target)) ||
            this.#foreign.has(target)
        ) {
            return false;
        }
        return this.#isInReach(scope, target) && isVisible(this, scope, symbol);
    }

    /** Whether code of a package can name what another one has: it, or what it depends on. */
    #isInReach(scope: number, symbol: number): boolean {
        const unit = this.units.get(this.source.symbol(symbol).crate ?? -1);
        const reach = this.#reach[scope];
        return unit === undefined || reach === undefined || reach.has(unit.package);
    }

    #nameNumber(name: string, scope: number, form: TokenForm = ANY_FORM): number {
        const facts = { name, scope, macro: undefined, isOfTrait: false, form };
        return this.#numberOf(`${scope} ${form} ${name}`, facts);
    }

    #traitItemNumber(name: string, scope: number): number {
        const facts = { name, scope, macro: undefined, isOfTrait: true, form: ANY_FORM };
        return this.#numberOf(`${scope} ?${name}`, facts);
    }

    #macroNumber(macro: number, scope: number): number {
        const name = this.source.symbol(macro).name;
        const facts = { name, scope, macro, isOfTrait: false, form: ANY_FORM };
        return this.#numberOf(`${scope} !${macro}`, facts);
    }

    #numberOf(key: string, facts: Omit<NameNode, "node">): number {
        const known = this.#names.get(key);
        if (known !== undefined) {
            return known.node;
        }
        const node = this.#nameBase + this.#names.size;
        this.#names.set(key, { ...facts, node });
        return node;
    }

    /** Who calls a macro that stands expanded here has what it makes, and depends on the macros that made it. */
    #addExpanded(): void {
        for (const { symbols, macros } of expandedUses(this.input)) {
            for (const symbol of symbols) {
                for (const macro of macros) {
                    this.add(symbol, macro, WAY.mentions);
                }
            }
        }
    }

    #finish(): DependenceGraph {
        const names = [...this.#names.values()].map(({ name, scope, macro }) => {
            const isBody = macro !== undefined;
            return { name, isBody, package: Math.max(-1, scope) };
        });
        return finishGraph(this, {
            ...{ from: this.#from, to: this.#to, kinds: this.#kinds, tests: this.#tests, names },
            implemented: [...this.#dispatched.keys()],
            packageBase: this.#packageBase,
        });
    }
}
