// Uses of an item become uses of another one: every path that means the first is written as a path to the
// second, and imports of the first go where nothing needs them any more. The definitions of both stay as they
// are, and so does what they do: the second may call the first.

import { refuse, type Place, type Refusal } from "../base/index.ts";
import type { Binding, Occurrence, Resolution, SymbolInfo } from "../resolve/index.ts";
import { absentItems } from "./absent-items.ts";
import { absentSysroot } from "./absent-sysroot.ts";
import type { RenameContext } from "./context.ts";
import { FileSyntax } from "./file-syntax.ts";
import { finishEdits } from "./finish-edits.ts";
import type { FoundConflict, RenamePlan } from "./model.ts";
import { pathEdit, startOfPath } from "./path-edit.ts";
import { placeAt } from "./places.ts";
import { placeKey } from "./proof-view.ts";
import { selfTypeOf } from "./self-type.ts";
import { prepareSubject, type Subject } from "./subject.ts";
import { UseTreeEdits } from "./use-tree-edits.ts";

/** What is used instead. */
interface Replacement {
    readonly kind: "replacement";
    readonly binding: Binding;
    readonly name: string;
    /** The item, where it is one of the workspace. */
    readonly symbol: SymbolInfo | undefined;
    /** How it is written in a crate. */
    pathIn(crate: number | undefined, edition: string): string;
}

/** Crates that every crate can name. */
const STD_CRATES: ReadonlySet<string> = new Set(["std", "core", "alloc"]);

/** Plans the replacement of all paths to a symbol by paths to another item, given as `krate::module::item`. */
export function replacePath(
    context: RenameContext,
    symbol: number,
    written: string,
): RenamePlan | Refusal {
    const subject = prepareSubject(context.resolution, { kind: "symbol", symbol });
    const replacement = findReplacement(context, written, subject);
    if (replacement.kind === "refusal") {
        return replacement;
    }
    const uses = readUses(context, subject, replacement);
    const edits = [
        ...uses.paths.map(({ occurrence, file, start }) => {
            const edition = context.resolution.editionOf(file.path);
            return pathEdit(file, occurrence, start, replacement.pathIn(occurrence.crate, edition));
        }),
        ...uses.imports.edits(),
    ];
    if (edits.length === 0) {
        return refuse("REPLACE_NOTHING", `nothing uses \`${subject.oldName}\` by a path`);
    }
    const { resolution } = context;
    const aliased = subject.members.flatMap(({ index }) =>
        [...resolution.occurrencesOf(index)].filter(({ viaAlias }) => viaAlias),
    );
    const rebound = [
        ...[...uses.paths.map((use) => use.occurrence), ...aliased].map((one) =>
            placeKey(one.file, one.span.start),
        ),
        ...uses.imports.keptTokens(),
    ];
    return finishEdits(context, subject, {
        edits,
        conflicts: [
            ...otherUses(uses.others),
            ...absentSysroot(context, edits),
            ...(replacement.symbol === undefined
                ? []
                : absentItems(context, replacement.symbol, uses.rewritten)),
        ],
        newName: replacement.name,
        names: aliased.map(({ name }) => name),
        expected: {
            rebound: new Map(rebound.map((key) => [key, replacement.binding])),
            follows: membersInStep(resolution, subject, replacement),
        },
    });
}

/** Members of a type with those of the same name and kind of the type that is used instead. */
function membersInStep(
    resolution: Resolution,
    { members }: Subject,
    { symbol }: Replacement,
): Map<number, number> {
    const steps = new Map<number, number>();
    for (const { index } of symbol === undefined ? [] : members) {
        for (const child of resolution.childrenOf(index)) {
            const { kind, name } = resolution.symbol(child);
            const other = resolution.childrenOf(symbol?.index ?? index).find((one) => {
                const member = resolution.symbol(one);
                return member.kind === kind && member.name === name;
            });
            if (other !== undefined) {
                steps.set(child, other);
            }
        }
    }
    return steps;
}

function findReplacement(
    context: RenameContext,
    written: string,
    subject: Subject,
): Replacement | Refusal {
    const path = written.trim().replace(/^::/u, "");
    const segments = path.split("::");
    const [first = "", ...rest] = segments;
    const name = segments.at(-1) ?? "";
    const { resolution } = context;
    if (STD_CRATES.has(first)) {
        return {
            kind: "replacement",
            binding: { kind: "external", path },
            name,
            symbol: undefined,
            pathIn: (_, edition) => (edition === "2015" ? `::${path}` : path),
        };
    }
    const found = resolution
        .findByPath(path)
        .filter((index) => resolution.symbol(index).display === path)
        .filter((index) => resolution.symbol(index).file !== undefined);
    const [index] = found;
    if (index === undefined || found.some((one) => !resolution.renameFamily(index).includes(one))) {
        return refuse(
            "REPLACE_UNKNOWN",
            `\`${written}\` names no item that could be used instead`,
            {
                advice: "write its whole path, from its crate: krate::module::item",
                candidates: resolution
                    .findByName(name)
                    .map((one) => resolution.symbol(one).display),
            },
        );
    }
    if (subject.family.has(index)) {
        return refuse("REPLACE_SAME", `\`${written}\` is what is to be replaced`);
    }
    const symbol = resolution.symbol(index);
    return {
        kind: "replacement",
        binding: { kind: "symbol", symbols: found },
        name,
        symbol,
        pathIn: (crate, edition) => {
            if (crate === symbol.crate) {
                return ["crate", ...rest].join("::");
            }
            return edition === "2015" ? `::${path}` : path;
        },
    };
}

/** A path in an expression, pattern or type. */
interface PathUse {
    readonly occurrence: Occurrence;
    readonly file: FileSyntax;
    /** Where the path begins. */
    readonly start: number;
}

interface Uses {
    readonly paths: readonly PathUse[];
    readonly imports: UseTreeEdits;
    readonly others: readonly Place[];
    /** All that come to name the replacement. */
    readonly rewritten: readonly Occurrence[];
}

function readUses(context: RenameContext, subject: Subject, replacement: Replacement): Uses {
    const { resolution } = context;
    const own = [
        ...subject.members,
        ...(replacement.symbol === undefined ? [] : [replacement.symbol]),
    ];
    const paths: PathUse[] = [];
    const others: Place[] = [];
    const rewritten: Occurrence[] = [];
    const imports = new UseTreeEdits(replacement.name);
    const seen = new Set<string>();
    for (const occurrence of subject.members.flatMap(({ index }) => [
        ...resolution.occurrencesOf(index),
    ])) {
        const { file: path, span, role } = occurrence;
        const key = placeKey(path, span.start);
        const isOwn = own.some((one) => holds(one, path, span.start));
        if (seen.has(key) || isOwn || occurrence.viaAlias || UNTOUCHED.has(role)) {
            continue;
        }
        seen.add(key);
        const file = FileSyntax.of(context, path);
        const name = file?.nodeStartingAt(span.start, "identifier", "type_identifier");
        const place = placeAt(context.textOf(path), path, span.start);
        if (file === undefined || name === undefined || file.isMacroToken(name)) {
            others.push(place);
        } else if (role === "import") {
            const edition = resolution.editionOf(path);
            imports.add(file, name, replacement.pathIn(occurrence.crate, edition));
            rewritten.push(occurrence);
        } else if (role === "method-call" || role === "macro-body") {
            others.push(place);
        } else if (!isInImplOf(context, file, name, subject)) {
            paths.push({ occurrence, file, start: startOfPath(file, name) });
            rewritten.push(occurrence);
        }
    }
    return { paths, imports, others, rewritten };
}

/** Definitions stay; what documentation links to is for its author to say. */
const UNTOUCHED: ReadonlySet<Occurrence["role"]> = new Set([
    "definition",
    "doc-link",
    "import-alias",
    "visibility",
]);

function holds({ file, extent }: SymbolInfo, path: string, offset: number): boolean {
    return file === path && extent !== undefined && extent.start <= offset && offset < extent.end;
}

/** Whether a name stands in an `impl` of the subject, which stays with it. */
function isInImplOf(
    { resolution }: RenameContext,
    file: FileSyntax,
    name: number,
    { family }: Subject,
): boolean {
    const impl = file.around(name, "impl_item");
    return (
        impl !== undefined &&
        selfTypeOf(resolution, file, impl).some((symbol) => family.has(symbol))
    );
}

function otherUses(at: readonly Place[]): FoundConflict[] {
    return at.length === 0
        ? []
        : [
              {
                  kind: "used-otherwise",
                  grade: "error",
                  message: "it is used otherwise than by a path that could be written anew",
                  at,
              },
          ];
}
