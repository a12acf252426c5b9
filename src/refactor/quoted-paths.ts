// Absolute paths in code that `quote!` writes for elsewhere: `::name::…::item` begins with a crate, wherever the
// code comes to stand, and where all packages mean one crate of the workspace by that name, it is that one.

import type { Occurrence, SymbolInfo } from "../resolve/index.ts";
import type { RenameContext } from "./context.ts";
import { couldMean } from "./could-mean.ts";
import { isReadAsPath } from "./path-before.ts";
import { firstAfter } from "./places.ts";
import { isQuoted } from "./quoted-code.ts";
import type { Subject } from "./subject.ts";

/** Tells the tokens of quoted code that mean the subject by an absolute path. */
export function quotedPaths(
    context: RenameContext,
    subject: Subject,
): (occurrence: Occurrence) => boolean {
    const crates = new Map<string, boolean>();
    const isOneCrate = (name: string): boolean => {
        const known = crates.get(name) ?? meansOneCrate(context, name);
        crates.set(name, known);
        return known;
    };
    return (occurrence) => {
        if (subject.local !== undefined || !isQuoted(context, occurrence)) {
            return false;
        }
        const path = pathBefore(context, occurrence);
        return (
            path !== undefined &&
            isOneCrate(path.crate) &&
            isReadAsPath(context, occurrence) &&
            couldMean(context, subject, occurrence) &&
            isMeant(context, subject, occurrence, path)
        );
    };
}

interface AbsolutePath {
    readonly crate: string;
    /** From the crate to the token. */
    readonly text: string;
    readonly isImport: boolean;
}

const WINDOW = 400;

/** What may stand before the `::` of an absolute path: nothing that a path goes on behind, or what is interpolated. */
const START =
    /(?:^|[([{<,;=&|!+:]|->|=>|\bimpl\s*#\s*(?<generics>[\p{XID_Start}_]\p{XID_Continue}*)(?=\s)|\b(?:impl|for|as|dyn|use|in|return|mut|where|else))\s*::\s*(?<path>(?:[\p{XID_Start}_]\p{XID_Continue}*\s*::\s*)+)$/u;

/** The absolute path that a token is in; undefined where there is none that is plain. */
function pathBefore(
    context: RenameContext,
    { file, span, name }: Occurrence,
): AbsolutePath | undefined {
    const from = Math.max(0, span.start - WINDOW);
    const text = context.textOf(file);
    const before = text.slice(from, span.start);
    const found = START.exec(before);
    const { path, generics } = found?.groups ?? {};
    const [crate] = path?.split("::").map((one) => one.trim()) ?? [];
    const isInAttribute = /#!?\s*\[[^\]]*$/u.test(before);
    // A line that a comment ends hides what is before.
    return found === null ||
        path === undefined ||
        crate === undefined ||
        (generics !== undefined && !isGenerics(text.slice(0, span.start), generics)) ||
        (found.index === 0 && from > 0) ||
        isInAttribute ||
        /\/[/*]/u.test(found[0])
        ? undefined
        : {
              crate,
              text: path.replaceAll(/\s/gu, "") + name,
              isImport: /^use\b/u.test(found[0]),
          };
}

/**
 * Whether a variable was last made what comes behind `impl`, by `let (generics, …) = ….split_for_impl()` of syn: that is
 * nothing, or ends with `>`. Any other could be a path that goes on.
 */
function isGenerics(before: string, name: string): boolean {
    const named = new RegExp(
        `(?<!#\\s*)(?<![\\p{XID_Continue}#])${name}(?!\\p{XID_Continue})`,
        "gu",
    );
    const last = [...before.matchAll(named)].at(-1);
    const around = last === undefined ? "" : before.slice(last.index, last.index + WINDOW);
    return (
        /\(\s*$/u.test(before.slice(0, last?.index ?? 0)) &&
        /^\w+\s*,\s*\w+\s*,\s*\w+\s*\)\s*=[^;{}]*\.\s*split_for_impl\s*\(\s*\)\s*;/u.test(around)
    );
}

/** Whether every package that has a name for a crate means one crate of the workspace by it. */
function meansOneCrate({ model, resolution }: RenameContext, name: string): boolean {
    const homes = model.packages.filter(({ targets }) =>
        targets.some(({ crateName, kind }) => crateName === name && kind !== "test"),
    );
    const [home] = homes;
    const isHome = (local: number | undefined): boolean =>
        local !== undefined && model.packages[local] === home;
    const named = resolution.findByName(name).map((one) => resolution.symbol(one));
    return (
        home !== undefined &&
        homes.length === 1 &&
        home.targets.filter(({ crateName }) => crateName === name).length === 1 &&
        model.packages.every(({ dependencies }) =>
            dependencies.every(({ externName, local }) => externName !== name || isHome(local)),
        ) &&
        // Before 2018 such a path began at the root of the crate; and `extern crate … as name` gives a name, too.
        named.every(({ kind }) => !ROOTS.has(kind)) &&
        resolution
            .occurrencesNamed(name)
            .every(({ viaAlias, role }) => !viaAlias && role !== "import-alias")
    );
}

/** What a path can go on behind. */
const ROOTS: ReadonlySet<SymbolInfo["kind"]> = new Set([
    "module",
    "struct",
    "enum",
    "union",
    "trait",
    "type-alias",
    "external",
]);

/** Whether all that a path leads to, in the name spaces that come into question, is the subject. */
function isMeant(
    context: RenameContext,
    subject: Subject,
    { file, span }: Occurrence,
    path: AbsolutePath,
): boolean {
    const text = context.textOf(file);
    const next = text.slice(firstAfter(text, span.end));
    const isCall = next.startsWith("!") && !next.startsWith("!=");
    const { resolution } = context;
    const found = resolution
        .findByPath(path.text)
        .map((one) => resolution.symbol(one))
        .filter(({ kind }) => path.isImport || isCall === (kind === "macro"));
    return (
        found.length > 0 &&
        found.every(({ index, name }) => subject.family.has(index) && name === subject.oldName)
    );
}
