// Public names that a glob gives to a module, and that an item or import which takes them there would hide: from users
// of the library, who are not seen, and with a warning of the compiler where it is private.

import type { Occurrence, SymbolInfo } from "../resolve/index.ts";
import type { RenameContext } from "./context.ts";
import { namespacesOf } from "./duplicates.ts";
import { LintLevels, type Lint, type LintPlace } from "./lint-levels.ts";
import { isPublished } from "./meaningful-names.ts";
import type { FoundConflict } from "./model.ts";
import { moduleAt } from "./module-at.ts";
import { placeAt } from "./places.ts";
import type { Subject } from "./subject.ts";

/** A place at which a module gets the new name. */
interface Brought extends LintPlace {
    readonly module: SymbolInfo;
    readonly isPublic: boolean;
}

const HIDDEN: Lint = { names: ["hidden_glob_reexports"], byDefault: "warn" };

/** Conflicts of a new name with public names of globs in the modules that it comes to. */
export function findHiddenReexports(
    context: RenameContext,
    { members, family }: Subject,
    newName: string,
): FoundConflict[] {
    const { resolution } = context;
    // Most names are nobody's.
    if (resolution.findByName(newName).length === 0) {
        return [];
    }
    return members.flatMap((member) =>
        [...broughtBy(context, member)].flatMap((brought) =>
            hiddenBy(context, brought, { items: [member], family }, newName),
        ),
    );
}

/** The same of an import that takes the name, in the module that it stands in. */
export function findHiddenByImport(
    context: RenameContext,
    { item, isPublic }: { readonly item: Occurrence; readonly isPublic: boolean },
    module: number | undefined,
    newName: string,
): FoundConflict[] {
    const { resolution } = context;
    const { binding, file: path, span } = item;
    if (module === undefined || binding.kind !== "symbol") {
        return [];
    }
    const brought = { path, offset: span.start, enclosing: module, isPublic };
    const items = binding.symbols.map((one) => resolution.symbol(one));
    return hiddenBy(
        context,
        { ...brought, module: resolution.symbol(module) },
        { items, family: new Set(binding.symbols) },
        newName,
    );
}

/** What takes the name: items, or those that are imported; and what else may be called so, as it is renamed, too. */
interface Taking {
    readonly items: readonly SymbolInfo[];
    readonly family: ReadonlySet<number>;
}

function hiddenBy(
    context: RenameContext,
    brought: Brought,
    { items, family }: Taking,
    newName: string,
): FoundConflict[] {
    const spaces = items.flatMap(({ kind }) => namespacesOf(kind));
    const path = `${brought.module.display}::${newName}`;
    const isHidden = context.resolution
        .reexportsAt(path)
        .filter((one) => !family.has(one))
        .flatMap((one) => namespacesOf(context.resolution.symbol(one).kind))
        .some((each) => spaces.includes(each));
    return isHidden ? conflictsAt(context, brought, path) : [];
}

/** The modules in which an item has its name: its own, and those that import it. */
function* broughtBy(context: RenameContext, member: SymbolInfo): Iterable<Brought> {
    const { resolution } = context;
    const { file, nameSpan, parent, visibility } = member;
    const own = parent === undefined ? undefined : resolution.symbol(parent);
    if (file === undefined || nameSpan === undefined || own === undefined || !isModule(own)) {
        return;
    }
    yield {
        ...{ module: own, path: file, offset: nameSpan.start, enclosing: parent },
        isPublic: visibility === "public",
    };
    for (const { role, file: path, span, crate, viaAlias } of resolution.occurrencesOf(
        member.index,
    )) {
        const isNamed = !/^\s+as\b/u.test(context.textOf(path).slice(span.end, span.end + 40));
        const at =
            role === "import" && !viaAlias && isNamed
                ? moduleAt(resolution, path, span.start, crate)
                : undefined;
        if (at !== undefined && at !== parent) {
            const module = resolution.symbol(at);
            yield { module, path, offset: span.start, enclosing: at, isPublic: false };
        }
    }
}

function isModule({ kind }: SymbolInfo): boolean {
    return kind === "module" || kind === "crate";
}

function conflictsAt(context: RenameContext, brought: Brought, path: string): FoundConflict[] {
    const at = [placeAt(context.textOf(brought.path), brought.path, brought.offset)];
    const found: FoundConflict[] = [];
    if (isPublished(context, brought.module)) {
        const message = `\`${path}\`, which a glob gives to users of the library, would be hidden`;
        found.push({ kind: "breaks-api", grade: "breaks-api", message, at });
    }
    if (!brought.isPublic && new LintLevels(context, brought).denies(HIDDEN) !== "no") {
        const message = `the lint \`${HIDDEN.names[0]}\`, which is denied there, may say that \`${path}\` is hidden`;
        found.push({ kind: "denied-lint", grade: "unproved", message, at });
    }
    return found;
}
