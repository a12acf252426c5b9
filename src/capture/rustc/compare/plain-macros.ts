// Which macros of a workspace are plain, by its texts: calls of them hold none of some names but those in their arguments.
// std's own are known, those of the workspace are read; whatever a crate may have from others is not plain.

import { RustTokens, TOKEN } from "../dump/rust-tokens.ts";
import { OUTWARD } from "../item-tokens.ts";
import { editionOf, readCommand } from "../rustc-arguments.ts";
import { hasWord, type ComparedCrate } from "./compared-crates.ts";

/** A macro as it is called. */
export interface CalledMacro {
    readonly name: string;
    /** First word of the path before it; undefined where there is none. */
    readonly root: string | undefined;
}

/**
 * Macros of std that write nothing but their arguments and paths from `$crate`, each with the methods that they call by
 * their names where they are called; and attributes that are macros.
 */
const STD_MACROS: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
    ...`assert assert_eq assert_ne debug_assert debug_assert_eq debug_assert_ne cfg column compile_error concat env
        eprint eprintln file format format_args line matches module_path option_env panic print println stringify
        test todo unimplemented unreachable vec`
        .split(/\s+/u)
        .map((name): [string, readonly string[]] => [name, []]),
    ["write", ["write_fmt"]],
    ["writeln", ["write_fmt"]],
]);

/** Crates of which std is made. */
export const STD_CRATES: ReadonlySet<string> = new Set(["std", "core", "alloc"]);

/** Words that begin a path in a crate of the workspace. */
const OWN_ROOTS: ReadonlySet<string> = new Set(["crate", "self", "super"]);

/** The edition in which `::core` names the crate everywhere. */
const NAMES_CORE_SINCE = 2018;

const AS_CORE = /\bas\s+core\b/u;

const DERIVING = /\bproc_macro_derive\s*\(\s*(?:r#)?(\w+)/gu;

/** Keywords that an expression may follow. */
const BEFORE_NEGATION: ReadonlySet<string> = new Set([
    "if",
    "while",
    "return",
    "match",
    "in",
    "else",
    "break",
    "move",
    "mut",
    "macro_rules",
]);

/** Words of a path that name no module by themselves. */
const PATH_WORDS: ReadonlySet<string> = new Set(["as", "_", ...OWN_ROOTS, ...STD_CRATES]);

/** The rules of a `macro_rules!`, as a range of tokens. */
interface Definition {
    readonly crate: ComparedCrate;
    readonly tokens: RustTokens;
    /** Its keyword. */
    readonly at: number;
    readonly to: number;
}

/** Where a source declares and imports: of all its tokens, few are asked again. */
interface Signposts {
    /** `macro_rules` and `macro`. */
    readonly definitions: readonly number[];
    /** `use`, and `crate` after `extern`. */
    readonly imports: readonly number[];
}

interface Source extends Signposts {
    readonly tokens: RustTokens;
}

/** What the texts of a crate say of its macros. */
interface CrateMacros {
    readonly definitions: Map<string, Definition[]>;
    /** Names that other crates than the workspace's gave it. */
    readonly foreign: Set<string>;
    /** Names that it gave to something. */
    readonly aliases: Set<string>;
    /** Of both, those that others may import from it. */
    readonly passedOn: Set<string>;
    /** It may have any name from another crate. */
    isOpen: boolean;
    /** So may those that import from it. */
    isPassedOn: boolean;
}

/** The macros of a workspace. */
export class PlainMacros {
    readonly #words: readonly string[];
    readonly #members: ReadonlySet<string>;
    readonly #crates: ReadonlyMap<ComparedCrate, CrateMacros>;
    /** Definitions that other crates of the workspace can call. */
    readonly #exported = new Map<string, Definition[]>();
    readonly #isPassedOn: boolean;
    readonly #passedOn: ReadonlySet<string>;
    readonly #known = new Map<string, boolean>();
    /** What procedural macros of the workspace derive. */
    readonly #derives: ReadonlySet<string>;
    readonly #tokens = new Map<string, RustTokens>();
    /** Crates that call something `core` by `as`. */
    readonly #namesCore = new Set<ComparedCrate>();

    /** Reads crates; `words` are the names that a plain macro does not hold. */
    constructor(crates: readonly ComparedCrate[], words: readonly string[]) {
        this.#words = words;
        this.#members = new Set(crates.map(({ record }) => readCommand(record.args).crateName));
        const signposts = new Map<RustTokens, Signposts>();
        const readSource = (text: string): Source => {
            const tokens = this.tokensOf(text);
            const known = signposts.get(tokens) ?? readSignposts(tokens);
            signposts.set(tokens, known);
            return { tokens, ...known };
        };
        this.#crates = new Map(
            crates.map((crate) => [crate, readCrate(crate, this.#members, readSource)]),
        );
        const withCore = new Map<string, boolean>();
        for (const crate of crates) {
            for (const text of crate.texts) {
                const isSo = withCore.get(text) ?? AS_CORE.test(text);
                withCore.set(text, isSo);
                if (isSo) {
                    this.#namesCore.add(crate);
                }
            }
        }
        this.#derives = new Set(
            crates
                .flatMap(({ texts }) => texts)
                .flatMap((text) => [...text.matchAll(DERIVING)].map(([, name = ""]) => name)),
        );
        const all = [...this.#crates.values()];
        this.#isPassedOn = all.some((one) => one.isPassedOn);
        this.#passedOn = new Set(all.flatMap((one) => [...one.passedOn]));
        for (const [name, definitions] of all.flatMap((one) => [...one.definitions])) {
            const known = this.#exported.get(name) ?? [];
            const exported = definitions.filter(({ tokens, at }) => isExported(tokens, at));
            this.#exported.set(name, [...known, ...exported]);
        }
    }

    /** Tokens of a text, read once: a library and its tests are made of the same files, of which most stay as they are. */
    tokensOf(text: string): RustTokens {
        const known = this.#tokens.get(text) ?? new RustTokens(text);
        this.#tokens.set(text, known);
        return known;
    }

    /** Whether a crate may have any name from a crate that is not of the workspace. */
    get mayHaveAnyName(): boolean {
        return this.#isPassedOn || [...this.#crates.values()].some(({ isOpen }) => isOpen);
    }

    /** Names that a crate has from crates that are not of the workspace, as far as it writes them. */
    foreignNames(crate: ComparedCrate): ReadonlySet<string> {
        return this.#crates.get(crate)?.foreign ?? new Set();
    }

    /** Whether a macro that a crate calls is surely plain. */
    isPlain(crate: ComparedCrate, { name, root }: CalledMacro): boolean {
        if (root !== undefined && STD_CRATES.has(root)) {
            return this.#isPlainInStd(name);
        }
        if (root !== undefined && !OWN_ROOTS.has(root) && !this.#members.has(root)) {
            return false;
        }
        const key = `${crate.record.name} ${name}`;
        const known = this.#known.get(key);
        if (known !== undefined) {
            return known;
        }
        this.#known.set(key, true); // For one that calls itself.
        const isPlain = this.#isPlainIn(crate, name);
        this.#known.set(key, isPlain);
        return isPlain;
    }

    /** Whether a macro of a crate has rules for tests: what else it makes is not asked. */
    makesTests(crate: ComparedCrate, { name }: CalledMacro): boolean {
        const definitions = this.#crates.get(crate)?.definitions.get(name) ?? [];
        return (
            definitions.length > 0 &&
            definitions.every(({ tokens, at, to }) => holdsTest(tokens, at, to))
        );
    }

    /** Whether a crate that derives a trait of std by its name surely has std do it, and can name `::core`. */
    derivesOfStd(crate: ComparedCrate, name: string): boolean {
        const own = this.#crates.get(crate);
        const { args } = crate.record;
        return (
            own !== undefined &&
            [name, "derive"].every((one) => !this.#mayBeAnother(own, one)) &&
            !this.#derives.has(name) &&
            editionOf(args) >= NAMES_CORE_SINCE &&
            !readCommand(args).externs.has("core") &&
            !this.#namesCore.has(crate)
        );
    }

    /** Whether a name may be another thing than what the crate, or std, makes of it. */
    #mayBeAnother(own: CrateMacros, name: string): boolean {
        return (
            this.#isPassedOn ||
            own.isOpen ||
            own.foreign.has(name) ||
            own.aliases.has(name) ||
            this.#passedOn.has(name)
        );
    }

    #isPlainInStd(name: string): boolean {
        return STD_MACROS.get(name)?.some((written) => this.#words.includes(written)) === false;
    }

    #isPlainIn(crate: ComparedCrate, name: string): boolean {
        const own = this.#crates.get(crate);
        if (own === undefined || this.#mayBeAnother(own, name)) {
            return false;
        }
        const definitions = [
            ...(own.definitions.get(name) ?? []),
            ...(this.#exported.get(name) ?? []),
        ];
        const isOfStd = definitions.length === 0 || STD_MACROS.has(name);
        return (
            (!isOfStd || this.#isPlainInStd(name)) &&
            definitions.every((definition) => this.#isPlainRule(definition, crate))
        );
    }

    /** Whether the rules of a macro write none of the words, when it is called in a crate. */
    #isPlainRule({ crate, tokens, at: keyword, to }: Definition, caller: ComparedCrate): boolean {
        const from = keyword + 1;
        if (hasWord(tokens.text.slice(tokens.starts[from], tokens.ends[to - 1]), this.#words)) {
            return false;
        }
        for (let at = from; at < to; at++) {
            // What makes items is seen from outside; `$name!` is whatever is handed over.
            if (OUTWARD.has(tokens.name(at)) && tokens.kinds[at] === TOKEN.ident) {
                return false;
            }
            const called = calledMacro(tokens, at);
            if (called === undefined) {
                continue;
            }
            const isHanded = tokens.isPunctuation(at - 1, "$");
            if (isHanded || ![crate, caller].every((one) => this.isPlain(one, called))) {
                return false;
            }
        }
        return true;
    }
}

function holdsTest(tokens: RustTokens, from: number, to: number): boolean {
    for (let at = from; at < to; at++) {
        if (
            tokens.isPunctuation(at, "#") &&
            tokens.isPunctuation(at + 1, "[") &&
            tokens.name(at + 2) === "test" &&
            tokens.isPunctuation(at + 3, "]")
        ) {
            return true;
        }
    }
    return false;
}

/** The macro that is called at a token, which is its name. */
export function calledMacro(tokens: RustTokens, at: number): CalledMacro | undefined {
    const isCall =
        tokens.kinds[at] === TOKEN.ident &&
        tokens.isPunctuation(at + 1, "!") &&
        !BEFORE_NEGATION.has(tokens.name(at)) &&
        // `a != b`
        !(tokens.isPunctuation(at + 2, "=") && tokens.ends[at + 1] === tokens.starts[at + 2]);
    if (!isCall) {
        return undefined;
    }
    let root: number | undefined;
    for (let before = at; tokens.isPathSeparator(before - 2); before -= 3) {
        root = before - 3;
    }
    return { name: tokens.name(at), root: root === undefined ? undefined : tokens.name(root) };
}

function readCrate(
    crate: ComparedCrate,
    members: ReadonlySet<string>,
    readSource: (text: string) => Source,
): CrateMacros {
    const externs = [...readCommand(crate.record.args).externs.keys()];
    const found: CrateMacros = {
        definitions: new Map(),
        foreign: new Set(externs.filter((name) => !members.has(name) && !STD_CRATES.has(name))),
        aliases: new Set(),
        passedOn: new Set(),
        ...{ isOpen: false, isPassedOn: false },
    };
    const sources = crate.files.flatMap((file, at) =>
        file.endsWith(".rs") ? [readSource(crate.texts[at] ?? "")] : [],
    );
    for (const source of sources) {
        readDefinitions(source, crate, found);
    }
    // Names that come from other crates may be modules, from which more is imported.
    for (let before = -1; before < found.foreign.size;) {
        before = found.foreign.size;
        for (const source of sources) {
            readImports(source, found);
        }
    }
    return found;
}

function readSignposts(tokens: RustTokens): Signposts {
    const definitions: number[] = [];
    const imports: number[] = [];
    for (let at = 0; at < tokens.count; at++) {
        switch (tokens.name(at)) {
            case "macro_rules":
                definitions.push(...(tokens.isPunctuation(at + 1, "!") ? [at] : []));
                break;
            case "macro":
                definitions.push(at);
                break;
            case "use":
                imports.push(at);
                break;
            case "crate":
                imports.push(...(tokens.name(at - 1) === "extern" ? [at] : []));
                break;
            default:
        }
    }
    return { definitions, imports };
}

function readDefinitions(
    { tokens, definitions: places }: Source,
    crate: ComparedCrate,
    { definitions }: CrateMacros,
): void {
    for (const at of places) {
        const name = tokens.name(tokens.name(at) === "macro" ? at + 1 : at + 2);
        const to = endOfRules(tokens, at);
        definitions.set(name, [...(definitions.get(name) ?? []), { crate, tokens, at, to }]);
    }
}

/** After the groups that a definition ends with: `macro_rules! m {…}`, `macro m(…) {…}`. */
function endOfRules(tokens: RustTokens, from: number): number {
    let at = from;
    while (at < tokens.count && !tokens.isOpen(at)) {
        at += 1;
    }
    const end = tokens.endOfGroup(at);
    return tokens.isOpen(end) ? tokens.endOfGroup(end) : end;
}

/** Whether a macro may be called from other crates: `#[macro_export]`, or `macro`. */
function isExported(tokens: RustTokens, at: number): boolean {
    if (tokens.name(at) === "macro") {
        return true;
    }
    for (let before = at - 1; before >= 0 && !/^[;}]$/u.test(tokens.name(before)); before--) {
        if (tokens.name(before) === "macro_export") {
            return true;
        }
    }
    return false;
}

function readImports({ tokens, imports }: Source, found: CrateMacros): void {
    for (const at of imports) {
        if (tokens.name(at) === "use") {
            readImport(tokens, at, found);
        } else {
            readExternCrate(tokens, at, found);
        }
    }
}

function readImport(tokens: RustTokens, use: number, found: CrateMacros): void {
    const words: string[] = [];
    const aliases: string[] = [];
    let hasGlob = false;
    for (let at = use + 1; at < tokens.count && !tokens.isPunctuation(at, ";"); at++) {
        hasGlob ||= tokens.isPunctuation(at, "*");
        const name = tokens.name(at);
        if (tokens.kinds[at] === TOKEN.ident && !PATH_WORDS.has(name)) {
            words.push(name);
            aliases.push(...(tokens.name(at - 1) === "as" ? [name] : []));
        }
    }
    const root = tokens.name(tokens.isPathSeparator(use + 1) ? use + 3 : use + 1);
    const isForeign = tokens.isPunctuation(use + 1, "{")
        ? words.some((word) => found.foreign.has(word))
        : found.foreign.has(root);
    const isPublic = tokens.name(use - 1) === "pub" || tokens.isPunctuation(use - 1, ")");
    const named = isForeign ? words : aliases;
    named.forEach((name) => (isForeign ? found.foreign : found.aliases).add(name));
    if (isPublic) {
        named.forEach((name) => found.passedOn.add(name));
    }
    found.isOpen ||= isForeign && hasGlob;
    found.isPassedOn ||= isForeign && hasGlob && isPublic;
}

/** `#[macro_use] extern crate x as y;` */
function readExternCrate(tokens: RustTokens, at: number, found: CrateMacros): void {
    if (!found.foreign.has(tokens.name(at + 1))) {
        return;
    }
    if (tokens.name(at + 2) === "as") {
        found.foreign.add(tokens.name(at + 3));
    }
    // `#[macro_use(a, b)] pub extern crate x;`
    for (let before = at - 1; before >= 0 && !/^[;}]$/u.test(tokens.name(before)); before--) {
        found.isOpen ||= tokens.name(before) === "macro_use";
    }
}
