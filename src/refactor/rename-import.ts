// An import takes another name: `use m::g as New`, an alias is changed, or dropped where it has become the
// item's own name. What is named through the import follows: the resolver says which tokens these are, as
// the ones that lose their meaning when the import alone is changed.

import { refuse, type Refusal } from "../base/index.ts";
import type { Binding, Occurrence, Resolution } from "../resolve/index.ts";
import { applyEdits, groupByFile } from "./apply-edits.ts";
import { NO_DIFFERENCE } from "./binding-proof.ts";
import { editionFor, editToken } from "./collect-edits.ts";
import type { RenameContext } from "./context.ts";
import { FileSyntax } from "./file-syntax.ts";
import { isUndecided } from "./find-target.ts";
import { finishPlan } from "./finish-plan.ts";
import { isPublished } from "./meaningful-names.ts";
import { isOneOf, meaningKeys, meets, spacesOf, twinsOfImport } from "./import-twins.ts";
import { primitiveImportConflict } from "./hidden-primitives.ts";
import { findHiddenByImport } from "./hidden-reexports.ts";
import type { FoundConflict, RenamePlan, RenameTarget } from "./model.ts";
import { checkNewName } from "./new-name.ts";
import { firstAfter, lastBefore, placeAt } from "./places.ts";
import { EditMap, type PlannedEdit } from "./planned-edit.ts";
import { compareRows, ProofView, tokenKey, type ProofRow } from "./proof-view.ts";
import { spellName, type NewName } from "./rust-names.ts";
import { groupByToken } from "./subject.ts";
import { isImportedName } from "./type-path.ts";

type ImportTarget = Extract<RenameTarget, { kind: "import" }>;

/** Plans another name for an import. */
export function renameImport(
    context: RenameContext,
    target: ImportTarget,
    newName: string,
): RenamePlan | Refusal {
    const checked = checkNewName(newName, "identifier");
    if (checked.kind === "refusal") {
        return checked;
    }
    const found = findImport(context, target);
    if (found.kind === "refusal") {
        return found;
    }
    const { file } = found;
    if (checked.name === found.name) {
        return refuse("RENAME_SAME_NAME", `it is called \`${found.name}\` here already`);
    }
    const together = withTwins(context, found);
    if (together.kind === "refusal") {
        return together;
    }
    const { imports, meanings } = together;
    const edition = editionFor(context, file.path);
    const own = imports.map((one) =>
        importEdit(one, checked.name, spellName(checked, edition, "import")),
    );
    const through = tokensThrough(context, together, own);
    const uses = through.map(({ group, parts }) =>
        editToken(context.textOf(group.file), group, parts, {
            newName: checked,
            edition: editionFor(context, group.file),
        }),
    );
    const dropped = imports.filter(
        ({ alias }, at) => alias !== undefined && own[at]?.newText === "",
    );
    const chosen = new Set(
        through.flatMap(({ group }) => group.occurrences.filter(isOneOfThese).map(tokenKey)),
    );
    const isChosen = (occurrence: Occurrence): boolean => chosen.has(tokenKey(occurrence));
    return finishPlan(
        context,
        {
            target,
            oldName: found.name,
            newName: checked.name,
            files: groupByFile([...own, ...uses]),
            moves: [],
            names: [found.name, checked.name],
            expected: {
                ...NO_DIFFERENCE,
                removed: new Set(dropped.flatMap(({ alias }) => (alias ? [tokenKey(alias)] : []))),
            },
            isSubject: isChosen,
            couldMean: (occurrence) =>
                !isChosen(occurrence) && imports.some((one) => couldUse(context, one, occurrence)),
            isImport: true,
        },
        conflictsOf(context, imports, checked),
        [],
    );

    function isOneOfThese(occurrence: Occurrence): boolean {
        return isOneOf(context.resolution, occurrence, meanings);
    }
}

/** What stands against a new name, each once. */
function conflictsOf(
    context: RenameContext,
    imports: readonly Import[],
    name: NewName,
): FoundConflict[] {
    return [
        ...imports.flatMap((one) => published(context, one)).slice(0, 1),
        ...imports.flatMap((one) => taken(context, one, name)).slice(0, 1),
        ...imports.flatMap((one) => primitiveImportConflict(context, one, name.name)).slice(0, 1),
        ...imports
            .flatMap((one) => {
                const home = moduleAround(context.resolution, one.item.enclosing);
                return findHiddenByImport(context, one, home, name.name);
            })
            .slice(0, 1),
    ];
}

interface Import {
    readonly kind: "import";
    readonly file: FileSyntax;
    /** Last segment of its path. */
    readonly item: Occurrence;
    readonly alias: Occurrence | undefined;
    /** Name that it has at present. */
    readonly name: string;
    readonly isPublic: boolean;
}

function findImport(context: RenameContext, start: ImportTarget): Import | Refusal {
    const { resolution } = context;
    const text = context.textOf(start.file);
    const deny = (message: string, advice = ""): Refusal =>
        refuse("RENAME_NO_IMPORT", message, {
            at: [placeAt(text, start.file, start.start)],
            advice,
        });
    const file = FileSyntax.of(context, start.file);
    const token = resolution
        .occurrencesAt(start.file, start.start)
        .find((one) => one.span.start <= start.start && one.shorthand !== "field");
    if (file === undefined || token === undefined) {
        return deny("there is no name here");
    }
    const found = importAt(resolution, file, token) ?? importOf(context, file, token);
    if (found === undefined) {
        return deny(`no import of this file brings \`${token.name}\` here`);
    }
    if (found.kind === "refusal") {
        return found;
    }
    return start.as === "alias" && found.alias === undefined
        ? deny(
              `the import of \`${found.name}\` has no alias`,
              "`--as import` gives it one; without it the item is renamed.",
          )
        : found;
}

/** The import that a token is the last segment or the alias of. */
function importAt(
    resolution: Resolution,
    file: FileSyntax,
    token: Occurrence,
): Import | Refusal | undefined {
    if (token.role !== "import" && token.role !== "import-alias") {
        return undefined;
    }
    const node = file.nodeStartingAt(token.span.start, "identifier", "type_identifier");
    if (node === undefined || file.text.startsWith("::", firstAfter(file.text, token.span.end))) {
        return undefined;
    }
    const declaration = file.around(node, "use_declaration", "extern_crate_declaration");
    if (declaration === undefined || file.is(declaration, "extern_crate_declaration")) {
        return refuse("RENAME_CRATE", "an `extern crate` is named after its crate", {
            at: [placeAt(file.text, file.path, token.span.start)],
        });
    }
    const leaf = file.is(file.parent(node), "scoped_identifier") ? file.parent(node) : node;
    const clause = file.parent(leaf);
    const isClause = file.is(clause, "use_as_clause");
    const path = isClause ? file.child(clause, "path") : leaf;
    const name = path === undefined ? undefined : (file.child(path, "name") ?? path);
    const aliasNode = isClause ? file.child(clause, "alias") : undefined;
    const item = name === undefined ? undefined : occurrenceAt(resolution, file, name);
    const alias = aliasNode === undefined ? undefined : occurrenceAt(resolution, file, aliasNode);
    if (item === undefined || (aliasNode !== undefined && alias === undefined)) {
        return undefined;
    }
    const isPublic = /^pub(?!\s*\()/u.test(file.textOf(declaration));
    return { kind: "import", file, item, alias, name: (alias ?? item).name, isPublic };
}

function occurrenceAt(
    resolution: Resolution,
    file: FileSyntax,
    node: number,
): Occurrence | undefined {
    const start = file.start(node);
    return resolution.occurrencesAt(file.path, start).find((one) => one.span.start === start);
}

/** The import that brings a name to where it is used. */
function importOf(
    context: RenameContext,
    file: FileSyntax,
    use: Occurrence,
): Import | Refusal | undefined {
    const { resolution } = context;
    for (let at = use.enclosing; at !== undefined; at = resolution.symbol(at).parent) {
        const found = resolution
            .occurrencesNamed(use.name)
            .filter(
                (one) =>
                    one.file === file.path &&
                    one.enclosing === at &&
                    isImportedName(context, one) &&
                    overlaps(resolution, one.binding, use.binding),
            );
        const [first] = found;
        if (first !== undefined) {
            const twins = new Set(twinsOfImport(context, first)?.imports.map(tokenKey));
            return found.length === 1 || found.every((one) => twins.has(tokenKey(one)))
                ? importAt(resolution, file, first)
                : refuse("RENAME_NO_IMPORT", `${found.length} imports bring \`${use.name}\` here`, {
                      at: found.map((one) => placeAt(file.text, file.path, one.span.start)),
                  });
        }
        const { kind } = resolution.symbol(at);
        if (kind === "module" || kind === "crate") {
            return undefined;
        }
    }
    return undefined;
}

function overlaps(resolution: Resolution, brought: Binding, used: Binding): boolean {
    const meant = new Set(meaningKeys(resolution, used));
    return meaningKeys(resolution, brought).some((key) => meant.has(key));
}

interface Together {
    readonly kind: "together";
    /** The import that was asked for, and those that bring its name under other predicates. */
    readonly imports: readonly Import[];
    /** What the name can mean, where there are several. */
    readonly meanings: ReadonlySet<string>;
}

/** The imports that are one with an import, as never two of them are compiled. */
function withTwins(context: RenameContext, found: Import): Together | Refusal {
    const { file, item, alias, name } = found;
    const twins = twinsOfImport(context, alias ?? item);
    if (twins === undefined) {
        return { kind: "together", imports: [found], meanings: new Set() };
    }
    if (twins.hasItem) {
        return refuse(
            "RENAME_NO_IMPORT",
            `under another predicate \`${name}\` is an item of this module, and no import`,
            {
                at: [placeAt(file.text, file.path, (alias ?? item).span.start)],
                advice: "Rename the item: imports in its place follow where they give no alias.",
            },
        );
    }
    const imports: Import[] = [];
    for (const token of twins.imports) {
        const one = importAt(context.resolution, file, token);
        if (one === undefined || one.kind === "refusal") {
            return one ?? refuse("RENAME_NO_IMPORT", `an import of \`${name}\` cannot be read`);
        }
        imports.push(one);
    }
    return { kind: "together", imports, meanings: twins.meanings };
}

/** The edit of the import itself. */
function importEdit({ file, item, alias }: Import, name: string, spelled: string): PlannedEdit {
    const common = { path: file.path, precision: item.precision };
    if (alias === undefined) {
        const { end } = item.span;
        const open = isUndecided(item.binding);
        return {
            ...common,
            span: { start: end, end },
            oldText: "",
            newText: ` as ${spelled}`,
            role: "import-alias",
            tokens: [],
            added: [{ at: 4, open }],
        };
    }
    const isOwn = name === item.name;
    const span = isOwn ? { start: item.span.end, end: alias.span.end } : alias.span;
    return {
        ...common,
        span,
        oldText: file.text.slice(span.start, span.end),
        newText: isOwn ? "" : spelled,
        role: "import-alias",
        tokens: isOwn
            ? []
            : [
                  {
                      before: alias.span,
                      part: undefined,
                      partAfter: undefined,
                      at: 0,
                      length: spelled.length,
                  },
              ],
    };
}

interface TokenThrough {
    readonly group: ReturnType<typeof groupByToken>[number];
    readonly parts: ReadonlySet<"whole" | "field" | "value">;
}

/** Tokens of the imports' name that mean something else, or nothing, once only the imports are changed. */
function tokensThrough(
    context: RenameContext,
    { imports, meanings }: Together,
    own: readonly PlannedEdit[],
): TokenThrough[] {
    const [first] = imports;
    if (first === undefined) {
        return [];
    }
    const { file, name } = first;
    const map = new EditMap(new Map([[file.path, own]]), []);
    const changed = applyEdits(file.text, own);
    const after = context.reResolve(new Map([[file.path, changed]]), []);
    const views = [
        new ProofView(context.resolution, map),
        new ProofView(after, undefined),
    ] as const;
    const old = views[0].read(context.resolution.occurrencesNamed(name));
    const now = views[1].read(after.occurrencesNamed(name));
    const edited = imports.flatMap(({ item, alias }) => [item, alias]);
    const lost: Occurrence[] = [];
    for (const [path, rows] of old) {
        const others = now.get(path) ?? [];
        let at = 0;
        for (const row of rows) {
            while (isBefore(others[at], row)) {
                at += 1;
            }
            const { occurrence } = row;
            const isOwn = edited.some((one) => isSameToken(one, occurrence));
            const isKept = isOneOf(context.resolution, occurrence, meanings)
                ? hasChoice(views, others[at], row)
                : isUnchanged(others, at, row);
            if (!isOwn && !isKept) {
                lost.push(occurrence);
            }
        }
    }
    return groupByToken(lost).map((group) => ({
        group,
        parts: new Set(group.occurrences.map((one) => one.shorthand ?? "whole")),
    }));
}

/** Whether a token that means one of several things can still mean the same ones. */
function hasChoice(
    [old, now]: readonly [ProofView, ProofView],
    other: ProofRow | undefined,
    row: ProofRow,
): boolean {
    return (
        other !== undefined &&
        compareRows(other, row) === 0 &&
        old.choiceKey(row.occurrence.binding) === now.choiceKey(other.occurrence.binding)
    );
}

function isBefore(other: ProofRow | undefined, row: ProofRow): boolean {
    return other !== undefined && compareRows(other, row) < 0;
}

function isUnchanged(others: readonly ProofRow[], from: number, row: ProofRow): boolean {
    for (let at = from; ; at++) {
        const other = others[at];
        if (other === undefined || compareRows(other, row) !== 0) {
            return false;
        }
        if (other.meaning === row.meaning && other.occurrence.role === row.occurrence.role) {
            return true;
        }
    }
}

function isSameToken(one: Occurrence | undefined, other: Occurrence): boolean {
    return one?.file === other.file && one.span.start === other.span.start;
}

/** Whether an open token could name what the import brings: in its module or below, or anywhere if public. */
function couldUse(context: RenameContext, found: Import, occurrence: Occurrence): boolean {
    const { resolution } = context;
    const { binding, role, file, span, enclosing } = occurrence;
    if (role === "import" && binding.kind === "ambiguous") {
        return false;
    }
    const text = context.textOf(file);
    const before = text[lastBefore(text, span.start)];
    if ((before === "." && text[span.start - 2] !== ".") || text[span.start - 1] === "'") {
        return false;
    }
    const home = moduleAround(resolution, found.item.enclosing);
    if (found.isPublic || home === undefined || role === "macro-body") {
        return true;
    }
    for (let at = enclosing; at !== undefined; at = resolution.symbol(at).parent) {
        if (at === home) {
            return true;
        }
    }
    return enclosing === undefined;
}

function moduleAround(resolution: Resolution, start: number | undefined): number | undefined {
    for (let at = start; at !== undefined; at = resolution.symbol(at).parent) {
        const { kind } = resolution.symbol(at);
        if (kind === "module" || kind === "crate") {
            return at;
        }
    }
    return undefined;
}

/** A public import of a library is named by others. */
function published(
    context: RenameContext,
    { file, item, isPublic, name }: Import,
): FoundConflict[] {
    const home = moduleAround(context.resolution, item.enclosing);
    return isPublic && home !== undefined && isPublished(context, context.resolution.symbol(home))
        ? [
              {
                  kind: "breaks-api",
                  grade: "breaks-api",
                  message: `\`${name}\` is imported publicly in a library that can be published`,
                  at: [placeAt(file.text, file.path, item.span.start)],
              },
          ]
        : [];
}

/** Items and imports of the module that have the name already, in a name space of the import's. */
function taken(context: RenameContext, { file, item }: Import, { name }: NewName): FoundConflict[] {
    const { resolution } = context;
    const spaces = spacesOf(resolution, item.binding);
    const isThere = (one: Occurrence): boolean =>
        one.file === file.path &&
        ((isImportedName(context, one) && one.enclosing === item.enclosing) ||
            (one.role === "definition" && definesIn(resolution, one, item.enclosing)));
    const clash = resolution
        .occurrencesNamed(name)
        .filter(isThere)
        .map((one) => ({ one, spaces: spacesOf(resolution, one.binding) }))
        .find((other) => meets(spaces, other.spaces));
    // What another crate's item is, is not known: it may live in another name space.
    const isKnown = spaces !== undefined && clash?.spaces !== undefined;
    return clash === undefined
        ? []
        : [
              {
                  kind: "duplicate",
                  grade: isKnown ? "error" : "unproved",
                  message: `the module has something of the name \`${name}\` already`,
                  at: [item, clash.one].map((one) => placeAt(file.text, file.path, one.span.start)),
              },
          ];
}

function definesIn(
    resolution: Resolution,
    { binding }: Occurrence,
    home: number | undefined,
): boolean {
    return (
        binding.kind === "symbol" &&
        binding.symbols.some((one) => resolution.symbol(one).parent === home)
    );
}
