// From callees that MIR prints to symbols: `<vec::V as std::ops::Add>::add` is the item of the impl that the
// workspace has for that type and trait, or the trait's item where the type is not known until it runs.
// What cannot be told for sure is not mapped.

import { appendTo, type Steps } from "../../base/index.ts";
import type { ImplicitUse } from "../../capture/index.ts";
import type { ResolvedWorkspace } from "../resolved-workspace.ts";
import {
    lastNameOf,
    parsePrintedCallee,
    parsePrintedType,
    type PrintedCallee,
    type PrintedType,
} from "./printed-path.ts";

/** What a use calls. */
export type ImplicitCallee =
    | { readonly kind: "symbols"; readonly symbols: readonly number[] }
    /** Not of the workspace; an empty path where it has no name that others could ask for. */
    | { readonly kind: "outside"; readonly path: string }
    | { readonly kind: "unknown" };

/** An item of an impl of a trait. */
interface ImplItem {
    readonly symbol: number;
    readonly display: string;
    readonly self: PrintedType;
    readonly trait: PrintedType;
}

type TraitCallee = Extract<PrintedCallee, { readonly kind: "trait" }>;

const OUTSIDE: ImplicitCallee = { kind: "outside", path: "" };
const UNKNOWN: ImplicitCallee = { kind: "unknown" };
const STEP_SYMBOLS = 512;
const STD = /^(?:std|core|alloc)::/u;

/** What a derive writes an impl of, which no symbol stands for: its type stands in. */
const DERIVED = new Set([
    "Clone",
    "Debug",
    "Default",
    "Eq",
    "Hash",
    "Ord",
    "PartialEq",
    "PartialOrd",
]);

/** Provided items of std's traits, and the item that they call. */
const PROVIDED: Readonly<Record<string, string>> = {
    "PartialEq::ne": "eq",
    "PartialOrd::lt": "partial_cmp",
    "PartialOrd::le": "partial_cmp",
    "PartialOrd::gt": "partial_cmp",
    "PartialOrd::ge": "partial_cmp",
};

/** What `#[test]` calls, by the name that the harness gives its own crate. */
const HARNESS = /(?:^|::)test::(?:assert_test_result|test_main_static)$/u;

/** Traits that std implements for all types that have another one. */
const BLANKET = new Set(["IntoIterator", "IntoFuture", "Try", "Fn", "FnMut", "FnOnce"]);

/** Types of std that drop what they are given as arguments. */
const OWNING = new Set(
    (
        "Option Result Box Vec VecDeque LinkedList BTreeMap BTreeSet BinaryHeap HashMap HashSet " +
        "Rc Arc Cell RefCell UnsafeCell OnceCell Mutex RwLock OnceLock IntoIter Pin Reverse Wrapping"
    ).split(" "),
);

/** Constructors of a format's argument, and the trait whose `fmt` it calls. */
const FORMAT_TRAITS: Readonly<Record<string, string>> = {
    new_display: "Display",
    new_debug: "Debug",
    new_lower_hex: "LowerHex",
    new_upper_hex: "UpperHex",
    new_binary: "Binary",
    new_octal: "Octal",
    new_pointer: "Pointer",
    new_lower_exp: "LowerExp",
    new_upper_exp: "UpperExp",
};

/** Finds the symbols behind printed callees. */
export class ImplicitTargets {
    readonly #resolution: ResolvedWorkspace;
    /** By trait's name and item's name. */
    readonly #items = new Map<string, ImplItem[]>();
    /** Paths of foreign traits as the workspace's impls know them, by name. */
    readonly #foreign = new Map<string, string>();
    readonly #crateNames = new Set<string>();
    /** What the paths of public imports stand for. */
    readonly #reexports = new Map<string, number[]>();
    readonly #known = new Map<string, ImplicitCallee>();

    constructor(resolution: ResolvedWorkspace) {
        this.#resolution = resolution;
    }

    /** Makes ready what all look-ups need: must be done first. */
    *prepare(): Steps<void> {
        const { source } = this.#resolution;
        for (const { path, symbol } of source.reexports()) {
            appendTo(this.#reexports, path, symbol);
        }
        for (let index = 0; index < source.symbolCount; index++) {
            if (index % STEP_SYMBOLS === 0) {
                yield;
            }
            if (source.externalPath(index) !== "") {
                continue;
            }
            const { kind, name, parent, display } = source.symbol(index);
            if (kind === "crate") {
                this.#crateNames.add(name);
            }
            if (parent !== undefined && source.kindOf(parent) === "impl") {
                this.#addItem(index, name, display);
            }
        }
    }

    #addItem(symbol: number, name: string, display: string): void {
        const callee = parsePrintedCallee(display);
        if (callee?.kind !== "trait" || callee.trait === "_") {
            return;
        }
        const trait = { refs: "", head: callee.trait, args: callee.traitArgs };
        const item = { symbol, display, self: parsePrintedType(callee.self), trait };
        appendTo(this.#items, `${lastNameOf(trait.head)}::${name}`, item);
        if (STD.test(trait.head)) {
            this.#foreign.set(lastNameOf(trait.head), trait.head);
        }
    }

    /** What a use of the given crate calls. */
    calleeOf(use: Pick<ImplicitUse, "target" | "cause">, crate: number): ImplicitCallee {
        const key = `${crate} ${use.target}`;
        let callee = this.#known.get(key);
        if (callee === undefined) {
            const look = new LookUp(this.#resolution, crate, {
                items: this.#items,
                foreign: this.#foreign,
                crateNames: this.#crateNames,
                reexports: this.#reexports,
            });
            callee =
                use.cause === "drop"
                    ? look.dropped(use.target.slice("drop ".length))
                    : look.called(use.target);
            this.#known.set(key, callee);
        }
        return callee;
    }
}

interface Tables {
    readonly items: ReadonlyMap<string, readonly ImplItem[]>;
    readonly foreign: ReadonlyMap<string, string>;
    readonly crateNames: ReadonlySet<string>;
    readonly reexports: ReadonlyMap<string, readonly number[]>;
}

/** Look-ups as one crate prints its paths. */
class LookUp {
    readonly #resolution: ResolvedWorkspace;
    readonly #crate: number;
    readonly #tables: Tables;

    constructor(resolution: ResolvedWorkspace, crate: number, tables: Tables) {
        this.#resolution = resolution;
        this.#crate = crate;
        this.#tables = tables;
    }

    called(printed: string): ImplicitCallee {
        const callee = parsePrintedCallee(printed);
        if (callee === undefined) {
            return UNKNOWN;
        }
        if (callee.kind === "path") {
            return this.#path(callee.path, callee.args);
        }
        const trait = lastNameOf(callee.trait);
        const hidden = this.#tables.foreign.get(trait.replace(/^__/u, ""));
        if (trait.startsWith("__") && hidden !== undefined) {
            return this.#traitItem({ ...callee, trait: hidden });
        }
        if (STD.test(callee.trait) && (trait === "FromResidual" || trait === "Into")) {
            return this.#converted(callee);
        }
        return this.#traitItem(callee);
    }

    /** `Drop::drop` of what a value owns, as far as its type's arguments say. */
    dropped(printed: string): ImplicitCallee {
        const found: number[] = [];
        let isOpen = false;
        const waiting = [printed];
        for (let text = waiting.pop(); text !== undefined; text = waiting.pop()) {
            const type = parsePrintedType(text);
            if (type.refs !== "") {
                continue;
            }
            const isOwning = STD.test(type.head) && OWNING.has(lastNameOf(type.head));
            if (isOwning || type.head === "(" || type.head === "[") {
                waiting.push(...type.args);
                continue;
            }
            const items = this.#implItems({
                kind: "trait",
                self: text,
                trait: "std::ops::Drop",
                traitArgs: [],
                item: "drop",
            });
            found.push(...items);
            // What is inside a type of the workspace is dropped by glue, which is not followed.
            isOpen ||=
                items.length === 0 &&
                this.#tables.items.has("Drop::drop") &&
                this.#typeNamed(type.head) !== undefined;
        }
        return found.length > 0
            ? { kind: "symbols", symbols: [...new Set(found)].sort((a, b) => a - b) }
            : isOpen
              ? UNKNOWN
              : OUTSIDE;
    }

    #traitItem(callee: TraitCallee): ImplicitCallee {
        const found = this.#implItems(callee);
        if (found.length > 0) {
            return { kind: "symbols", symbols: found };
        }
        const name = lastNameOf(callee.trait);
        const provided = PROVIDED[`${name}::${callee.item}`];
        if (provided !== undefined) {
            return this.#traitItem({ ...callee, item: provided });
        }
        const ofTrait = this.#itemNamed(`${callee.trait}::${callee.item}`);
        if (ofTrait.length > 0) {
            return { kind: "symbols", symbols: ofTrait };
        }
        const inner = forwardedTo(callee.self);
        return inner === undefined
            ? this.#foreignItem(callee, name)
            : this.#traitItem({
                  ...callee,
                  self: inner,
                  traitArgs: callee.traitArgs.map((one) => forwardedTo(one) ?? one),
              });
    }

    /** An item of a foreign trait that no impl of the workspace gives. */
    #foreignItem(callee: TraitCallee, name: string): ImplicitCallee {
        const { head, args } = parsePrintedType(callee.self);
        const type = this.#typeNamed(head);
        if (type !== undefined) {
            return DERIVED.has(name) && !this.#isWritten(type, callee)
                ? { kind: "symbols", symbols: [type] }
                : BLANKET.has(name)
                  ? OUTSIDE
                  : UNKNOWN;
        }
        const isOpen =
            head === "dyn" || head === "impl" || (/^[A-Z]\w*$/u.test(head) && args.length === 0);
        if (isOpen) {
            const path = this.#tables.foreign.get(name) ?? callee.trait;
            return { kind: "outside", path: `${path}::${callee.item}` };
        }
        // Never the trait's item: whoever implements that would seem to be called.
        return head.includes("::") ? { kind: "outside", path: `${head}::${callee.item}` } : OUTSIDE;
    }

    /** Whether the source has impls of the trait for the type, though none that fits. */
    #isWritten(type: number, callee: TraitCallee): boolean {
        const display = this.#display(type);
        const items = this.#tables.items.get(`${lastNameOf(callee.trait)}::${callee.item}`) ?? [];
        return items.some((item) => item.self.head === display);
    }

    /** `?` on an error and `into` call `From::from`. */
    #converted({ self, trait, traitArgs }: TraitCallee): ImplicitCallee {
        const isTry = trait.endsWith("FromResidual");
        const to = isTry ? errorOf(self) : traitArgs[0];
        const from = isTry ? errorOf(traitArgs[0] ?? "") : self;
        if (to === undefined || from === undefined || plain(to) === plain(from)) {
            return OUTSIDE;
        }
        const found = this.#implItems({
            kind: "trait",
            self: to,
            trait: "std::convert::From",
            traitArgs: [from],
            item: "from",
        });
        return found.length > 0
            ? { kind: "symbols", symbols: found }
            : this.#typeNamed(parsePrintedType(to).head) === undefined
              ? OUTSIDE
              : UNKNOWN;
    }

    #path(path: string, args: readonly string[]): ImplicitCallee {
        const format = /^(?:core|std)::fmt::rt::Argument::(\w+)$/u.exec(path)?.[1];
        const trait = format === undefined ? undefined : FORMAT_TRAITS[format];
        if (trait !== undefined && args[0] !== undefined) {
            const callee = { self: args[0], trait: `std::fmt::${trait}`, traitArgs: [] };
            return this.#traitItem({ kind: "trait", ...callee, item: "fmt" });
        }
        const found = this.#itemNamed(path);
        if (found.length > 0) {
            return { kind: "symbols", symbols: found };
        }
        if (HARNESS.test(path)) {
            return OUTSIDE;
        }
        const [first = ""] = path.split("::");
        const isOurs =
            !path.includes("::") ||
            this.#tables.crateNames.has(first) ||
            this.#named(`${this.#crateName}::${first}`).length > 0;
        return isOurs ? UNKNOWN : { kind: "outside", path };
    }

    /** The item of the one impl that fits; several only where they are cfg twins. */
    #implItems(callee: TraitCallee): readonly number[] {
        const self = parsePrintedType(callee.self);
        const named = this.#typeNamed(self.head);
        const display = named === undefined ? self.head : this.#display(named);
        const trait = { refs: "", head: callee.trait, args: callee.traitArgs };
        const key = `${lastNameOf(callee.trait)}::${callee.item}`;
        const fitting = (this.#tables.items.get(key) ?? []).filter(
            (item) =>
                item.self.refs === self.refs &&
                item.self.head === display &&
                this.#isTrait(item.trait.head, callee.trait) &&
                fitsAll(item.self.args, self.args) &&
                fitsTrait(item, trait, callee.self) &&
                this.#canSee(item.symbol, named),
        );
        const displays = new Set(fitting.map((item) => item.display));
        return displays.size === 1 ? fitting.map((item) => item.symbol) : [];
    }

    #isTrait(ours: string, printed: string): boolean {
        return (
            (STD.test(ours) && STD.test(printed)) ||
            ours === printed ||
            ours === `${this.#crateName}::${printed}`
        );
    }

    /** Crates of one name (a library and a program) are told apart by the type's. */
    #canSee(item: number, type: number | undefined): boolean {
        const { crate } = this.#resolution.symbol(item);
        const ofType = type === undefined ? undefined : this.#resolution.symbol(type).crate;
        return (
            crate === this.#crate ||
            crate === ofType ||
            this.#resolution.symbol(crate ?? item).name !== this.#crateName
        );
    }

    #typeNamed(head: string): number | undefined {
        const types = this.#itemNamed(head).filter((one) =>
            TYPE_KINDS.has(this.#resolution.source.kindOf(one)),
        );
        return types.length > 0 ? types[0] : undefined;
    }

    /** Items by printed path: the crate's own without its name, others with theirs. */
    #itemNamed(path: string): readonly number[] {
        const own = this.#named(`${this.#crateName}::${path}`).filter(
            (one) => this.#resolution.symbol(one).crate === this.#crate,
        );
        const [first = ""] = path.split("::");
        return own.length > 0
            ? own
            : this.#tables.crateNames.has(first) && path.includes("::")
              ? this.#named(path)
              : [];
    }

    #named(path: string): readonly number[] {
        const { source } = this.#resolution;
        const direct = source
            .findByName(lastNameOf(path))
            .filter((one) => source.displayOf(one) === path);
        if (direct.length > 0) {
            return direct;
        }
        // The path that is printed is one that is visible: it may go through an import.
        const cut = path.lastIndexOf("::");
        const whole = this.#tables.reexports.get(path) ?? [];
        const [type, ...others] = this.#tables.reexports.get(path.slice(0, cut)) ?? [];
        if (whole.length > 0 || type === undefined || others.length > 0) {
            return whole.length === 1 ? whole : [];
        }
        const inType = this.#display(type) + path.slice(cut);
        return source
            .findByName(lastNameOf(path))
            .filter((one) => source.displayOf(one) === inType);
    }

    #display(symbol: number): string {
        return this.#resolution.source.displayOf(symbol);
    }

    get #crateName(): string {
        return this.#resolution.symbol(this.#crate).name;
    }
}

const TYPE_KINDS: ReadonlySet<string> = new Set(["struct", "enum", "union", "trait"]);

/** What std's own impls for references and boxes pass a call on to. */
function forwardedTo(self: string): string | undefined {
    const ref = /^&(?:'\w+ )?(?:mut )?/u.exec(self)?.[0];
    if (ref !== undefined) {
        return self.slice(ref.length);
    }
    const { head, args } = parsePrintedType(self);
    return head === "std::boxed::Box" ? args[0] : undefined;
}

/** The error type of a `Result`. */
function errorOf(printed: string): string | undefined {
    const { head, args } = parsePrintedType(printed);
    return lastNameOf(head) === "Result" ? args[1] : undefined;
}

/** Without lifetimes and the paths before names. */
function plain(type: string): string {
    return type.replace(/'\w+ ?/gu, "").replace(/(?:\w+::)+/gu, "");
}

/** A trait's arguments; one that is not written is the type itself. */
function fitsTrait(item: ImplItem, trait: PrintedType, self: string): boolean {
    const count = Math.max(item.trait.args.length, trait.args.length);
    const own = item.display.slice(1, item.display.indexOf(" as "));
    return Array.from({ length: count }, (_, at) => at).every((at) =>
        fits(item.trait.args[at] ?? own, trait.args[at] ?? self),
    );
}

function fitsAll(pattern: readonly string[], printed: readonly string[]): boolean {
    return pattern.every((one, at) => {
        const other = printed[at];
        return other === undefined || fits(one, other);
    });
}

/** Whether a printed type may be one of ours, whose parameters stand for any. */
function fits(pattern: string, printed: string): boolean {
    const ours = parsePrintedType(pattern);
    const theirs = parsePrintedType(printed);
    if (/^(?:[A-Z]\w*|_)$/u.test(ours.head) && ours.args.length === 0) {
        return true;
    }
    return (
        ours.refs === theirs.refs &&
        lastNameOf(ours.head) === lastNameOf(theirs.head) &&
        fitsAll(ours.args, theirs.args)
    );
}
