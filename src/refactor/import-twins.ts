// A name that one scope has several times, under predicates of which only one holds at once: imports, or an
// import and an item. Whoever names it means one of them, as the configuration says; they are renamed together.

import {
    areExclusive,
    predicateOf,
    type Binding,
    type Occurrence,
    type Resolution,
} from "../resolve/index.ts";
import type { RenameContext } from "./context.ts";
import { namespacesOf } from "./duplicates.ts";
import { isSeveral } from "./find-target.ts";
import { FileSyntax } from "./file-syntax.ts";
import type { Subject } from "./subject.ts";
import { isImportedName } from "./type-path.ts";

/** The tokens that give a scope one name, each in configurations of its own. */
export interface Twins {
    /** Imports, by their local names. */
    readonly imports: readonly Occurrence[];
    /** What the name can mean, by `meaningKeys`. */
    readonly meanings: ReadonlySet<string>;
    /** Definitions of the workspace among them. */
    readonly symbols: readonly number[];
    /** Whether an item stands among the imports. */
    readonly hasItem: boolean;
}

interface Bringer {
    readonly token: Occurrence;
    readonly cfg: string;
}

/** The twins of an import, itself among them; undefined where it has none. */
export function twinsOfImport(context: RenameContext, start: Occurrence): Twins | undefined {
    const { resolution } = context;
    const file = FileSyntax.of(context, start.file);
    if (file === undefined || start.enclosing === undefined) {
        return undefined;
    }
    const spaces = spacesOf(resolution, start.binding);
    const found: Bringer[] = [];
    for (const token of resolution.occurrencesNamed(start.name)) {
        const isHere = token.file === start.file && token.crate === start.crate;
        if (isHere && meets(spaces, spacesOf(resolution, token.binding))) {
            const cfg = predicateAt(context, file, token, start.enclosing);
            if (cfg !== undefined) {
                found.push({ token, cfg });
            }
        }
    }
    const isApart = found.every((one, at) =>
        found.slice(at + 1).every((other) => areExclusive(one.cfg, other.cfg)),
    );
    return found.length > 1 && isApart ? gather(resolution, found) : undefined;
}

/** Under which predicate a token gives the scope its name; undefined where it does not. */
function predicateAt(
    { resolution, ...context }: RenameContext,
    file: FileSyntax,
    token: Occurrence,
    scope: number,
): string | undefined {
    if (isImportedName({ resolution, ...context }, token)) {
        const name = file.nodeStartingAt(token.span.start, "identifier", "type_identifier");
        const use = name === undefined ? undefined : file.around(name, "use_declaration");
        return token.enclosing === scope && use !== undefined
            ? predicateOf(file.tree, use)
            : undefined;
    }
    const [symbol] = token.binding.kind === "symbol" ? token.binding.symbols : [];
    const isItem =
        token.role === "definition" &&
        symbol !== undefined &&
        resolution.symbol(symbol).parent === scope;
    return isItem ? resolution.symbol(symbol).cfg : undefined;
}

function gather(resolution: Resolution, found: readonly Bringer[]): Twins {
    const tokens = found.map(({ token }) => token);
    const symbols = tokens.flatMap(({ binding }) =>
        binding.kind === "symbol" ? [...binding.symbols] : [],
    );
    return {
        imports: tokens.filter(({ role }) => role !== "definition"),
        meanings: new Set(tokens.flatMap((one) => meaningKeys(resolution, one.binding))),
        symbols: [...new Set(symbols)].sort((a, b) => a - b),
        hasItem: tokens.some(({ role }) => role === "definition"),
    };
}

/** What a binding can mean, one text each; none where it says nothing. */
export function meaningKeys(resolution: Resolution, binding: Binding): string[] {
    const keyOf = (index: number): string => {
        const { kind, display } = resolution.symbol(index);
        return kind === "external" ? `external ${display}` : `symbol ${index}`;
    };
    switch (binding.kind) {
        case "symbol":
            return binding.symbols.map(keyOf);
        case "ambiguous":
            return binding.candidates.map(keyOf);
        case "external":
            return [`external ${binding.path}`];
        default:
            return [];
    }
}

/** Whether a token means one of several things of a scope, all of which are known. */
export function isOneOf(
    resolution: Resolution,
    { binding }: Occurrence,
    meanings: ReadonlySet<string>,
): boolean {
    return isSeveral(binding) && meaningKeys(resolution, binding).every((key) => meanings.has(key));
}

/** Name spaces; undefined where they are not known: of another crate's item. */
type Spaces = ReadonlySet<string> | undefined;

/** Name spaces in which a binding's meanings live. */
export function spacesOf(resolution: Resolution, binding: Binding): Spaces {
    const symbols =
        binding.kind === "symbol"
            ? binding.symbols
            : binding.kind === "ambiguous"
              ? binding.candidates
              : [];
    const kinds = symbols.map((one) => resolution.symbol(one).kind);
    return kinds.length === 0 || kinds.includes("external")
        ? undefined
        : new Set(kinds.flatMap((kind) => namespacesOf(kind)));
}

/** Whether two may have a name space in common. */
export function meets(a: Spaces, b: Spaces): boolean {
    return a === undefined || b === undefined || [...a].some((one) => b.has(one));
}

/**
 * The subject with the items that imports under other predicates put in its place, if all these are the
 * workspace's, and known to be it.
 */
export function withImportTwins(context: RenameContext, subject: Subject): Subject {
    const { resolution } = context;
    const isOpen = resolution
        .occurrencesNamed(subject.oldName)
        .some(
            ({ binding }) =>
                isSeveral(binding) && binding.candidates.some((one) => subject.family.has(one)),
        );
    if (!isOpen) {
        return subject;
    }
    const family = new Set(subject.family);
    let waiting = resolution
        .occurrencesNamed(subject.oldName)
        .filter((token) => token.role === "import" && isImportedName(context, token))
        .flatMap((token) => twinsOfImport(context, token) ?? [])
        .filter((twins) => isRenamedAsOne(resolution, twins, subject.oldName));
    for (let size = 0; size < family.size;) {
        size = family.size;
        const isMet = ({ symbols }: Twins): boolean => symbols.some((one) => family.has(one));
        waiting
            .filter(isMet)
            .flatMap(({ symbols }) => symbols.flatMap((one) => resolution.renameFamily(one)))
            .forEach((one) => family.add(one));
        waiting = waiting.filter((twins) => !isMet(twins));
    }
    const members = [...family].sort((a, b) => a - b).map((index) => resolution.symbol(index));
    return family.size === subject.family.size ? subject : { ...subject, family, members };
}

/** Whether all that twins bring are items of the workspace that have the name itself. */
function isRenamedAsOne(resolution: Resolution, twins: Twins, name: string): boolean {
    return (
        twins.symbols.length === twins.meanings.size &&
        twins.imports.every(({ viaAlias }) => !viaAlias) &&
        twins.symbols.every((one) => {
            const symbol = resolution.symbol(one);
            return symbol.name === name && symbol.file !== undefined && symbol.kind !== "external";
        })
    );
}

/** Tokens of which only the configuration says which member of the subject they mean. */
export function meansSomeMember(
    resolution: Resolution,
    subject: Subject,
): (occurrence: Occurrence) => "is-subject" | undefined {
    const meanings = new Set([...subject.family].map((one) => `symbol ${one}`));
    return (occurrence) => (isOneOf(resolution, occurrence, meanings) ? "is-subject" : undefined);
}
