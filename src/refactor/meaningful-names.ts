// Names that mean something outside the program's own bindings: to the language, the linker, a derive, a
// user of a published crate. Some refuse the rename, the others need a yes.

import { refuse, type Place, type Refusal } from "../base/index.ts";
import { NODE_FLAG } from "../graph/index.ts";
import type { Resolution, SymbolInfo } from "../resolve/index.ts";
import { KIND, type SyntaxTree } from "../syntax/index.ts";
import { attributesOf, derivesOf } from "./attributes.ts";
import type { RenameContext } from "./context.ts";
import type { FoundConflict } from "./model.ts";
import { placeAt } from "./places.ts";
import type { PlannedEdit } from "./planned-edit.ts";
import type { Subject } from "./subject.ts";

/** Refuses what the language, a tool or a trait outside the workspace knows by its name. */
export function refuseMeaning(context: RenameContext, subject: Subject): Refusal | undefined {
    for (const member of subject.members) {
        const refusal =
            refuseForeignTrait(context.resolution, subject, member) ??
            refuseEntryPoint(context, member) ??
            refuseCalledByAttribute(context, member) ??
            refuseMade(context, member);
        if (refusal !== undefined) {
            return refusal;
        }
    }
    return undefined;
}

function refuseForeignTrait(
    resolution: Resolution,
    subject: Subject,
    member: SymbolInfo,
): Refusal | undefined {
    const trait = resolution.externalTraitOf(member.index);
    if (trait !== undefined) {
        return refuse(
            "RENAME_FOREIGN_TRAIT",
            `\`${member.display}\` implements \`${trait}\`, which lies outside the workspace`,
        );
    }
    if (member.parent === undefined || member.kind === "field") {
        return undefined;
    }
    const parent = resolution.symbol(member.parent);
    const implementsTrait = parent.kind === "impl" && /\bfor\b(?!\s*<)/u.test(parent.name);
    const knowsTrait = subject.members.some(
        ({ parent: holder }) => holder !== undefined && resolution.symbol(holder).kind === "trait",
    );
    return implementsTrait && !knowsTrait
        ? refuse(
              "RENAME_UNKNOWN_TRAIT",
              `\`${member.display}\` implements an item of a trait that is not known`,
          )
        : undefined;
}

function refuseEntryPoint(context: RenameContext, member: SymbolInfo): Refusal | undefined {
    const parent =
        member.parent === undefined ? undefined : context.resolution.symbol(member.parent);
    const isMain = member.kind === "function" && member.name === "main" && parent?.kind === "crate";
    return isMain || (member.flags & NODE_FLAG.entryPoint) !== 0
        ? refuse(
              "RENAME_SPECIAL_NAME",
              `\`${member.display}\` is found by its name: ${isMain ? "the program starts there" : "it is an entry point"}`,
          )
        : undefined;
}

/** `#[serde(with = "module")]` calls two functions of the module by their names. */
function refuseCalledByAttribute(
    context: RenameContext,
    { name, parent, kind, display }: SymbolInfo,
): Refusal | undefined {
    const isCalled = name === "serialize" || name === "deserialize";
    if (!isCalled || kind !== "function" || parent === undefined) {
        return undefined;
    }
    const caller = context.resolution
        .occurrencesOf(parent)
        .find(
            ({ role, file, span }) =>
                role === "attribute" && context.textOf(file)[span.end] === '"',
        );
    return caller === undefined
        ? undefined
        : refuse(
              "RENAME_SPECIAL_NAME",
              `\`${display}\` is found by its name: an attribute of serde names its module`,
              { at: [placeAt(context.textOf(caller.file), caller.file, caller.span.start)] },
          );
}

function refuseMade(context: RenameContext, member: SymbolInfo): Refusal | undefined {
    const { file, nameSpan } = member;
    if (
        file === undefined ||
        nameSpan === undefined ||
        (member.flags & NODE_FLAG.macroMade) !== 0
    ) {
        return refuse("RENAME_MACRO_MADE", `\`${member.display}\` is made by a macro`);
    }
    const text = context.textOf(file);
    if (!isForeignItem(context, member)) {
        return undefined;
    }
    return attributesOf(context, member).some(({ path }) => path === "link_name")
        ? undefined
        : refuse(
              "RENAME_SPECIAL_NAME",
              `\`${member.display}\` is declared in an \`extern\` block and linked by its name`,
              {
                  at: [placeAt(text, file, nameSpan.start)],
                  advice: "Give it `#[link_name]` first.",
              },
          );
}

function isForeignItem(context: RenameContext, member: SymbolInfo): boolean {
    const { file, nameSpan, extent, kind } = member;
    const tree = file === undefined ? undefined : context.treeOf(file);
    if (file === undefined || nameSpan === undefined || extent === undefined) {
        return false;
    }
    if (tree === undefined) {
        const text = context.textOf(file).slice(extent.start, extent.end);
        return kind === "function" && /;\s*$/u.test(text);
    }
    const { kind: kinds, parent } = tree.columns;
    const item = parent[tree.nodeAt(nameSpan.start) ?? 0] ?? 0;
    return kinds[parent[parent[item] ?? 0] ?? 0] === KIND.foreign_mod_item;
}

/** Conflicts that a person can accept: what is printed, serialized, linked or published changes. */
export function findOutsideMeanings(
    context: RenameContext,
    subject: Subject,
    edits: readonly PlannedEdit[],
    newName: string,
): FoundConflict[] {
    const conflicts: FoundConflict[] = [];
    for (const member of subject.members) {
        const at = placesOf(context, member);
        for (const [grade, message] of outsideMeanings(context, member)) {
            conflicts.push({ kind: grade, grade, message, at });
        }
        if (newName === "main" && isCrateFunction(context.resolution, member)) {
            conflicts.push({
                kind: "special-name",
                grade: "changes-meaning",
                message: "a function `main` at the root of a crate is where a program starts",
                at,
            });
        }
    }
    const printed = edits.find((edit) => isStringified(context, edit));
    if (printed !== undefined) {
        conflicts.push({
            kind: "changes-output",
            grade: "changes-output",
            message: "the name stands inside `stringify!`, and so in what the program puts out",
            at: [placeAt(context.textOf(printed.path), printed.path, printed.span.start)],
        });
    }
    return distinct(conflicts);
}

function isCrateFunction(resolution: Resolution, member: SymbolInfo): boolean {
    return (
        member.kind === "function" &&
        member.parent !== undefined &&
        resolution.symbol(member.parent).kind === "crate"
    );
}

function placesOf(context: RenameContext, member: SymbolInfo): Place[] {
    const { file, nameSpan } = member;
    return file === undefined || nameSpan === undefined
        ? []
        : [placeAt(context.textOf(file), file, nameSpan.start)];
}

/** Derives whose output does not contain names. */
const SILENT_DERIVES: ReadonlySet<string> = new Set([
    "Clone",
    "Copy",
    "Default",
    "Eq",
    "Hash",
    "Ord",
    "PartialEq",
    "PartialOrd",
]);

function* outsideMeanings(
    context: RenameContext,
    member: SymbolInfo,
): Iterable<["changes-output" | "breaks-api", string]> {
    for (const holder of holders(context.resolution, member)) {
        const loud = derivesOf(attributesOf(context, holder)).filter(
            (name) => !SILENT_DERIVES.has(name),
        );
        if (loud.length > 0) {
            yield [
                "changes-output",
                `\`${holder.display}\` derives ${loud.join(", ")}: the name may be part of what the program puts out`,
            ];
        }
    }
    const linked = attributesOf(context, member).some(({ text }) => /\bno_mangle\b/u.test(text));
    const exported = attributesOf(context, member).some(({ text }) =>
        /\bexport_name\b/u.test(text),
    );
    const isFlagged = (member.flags & NODE_FLAG.noMangle) !== 0;
    if (linked || (isFlagged && !exported)) {
        yield ["breaks-api", `\`${member.display}\` is linked by its name`];
    }
    if (isPublished(context, member)) {
        yield ["breaks-api", `\`${member.display}\` is public in a library that can be published`];
    }
}

/** The item itself, and the types around a field or variant. */
function* holders(resolution: Resolution, member: SymbolInfo): Iterable<SymbolInfo> {
    if (member.kind !== "field" && member.kind !== "variant") {
        if (isDataType(member)) {
            yield member;
        }
        return;
    }
    for (let at = member.parent; at !== undefined; at = resolution.symbol(at).parent) {
        const holder = resolution.symbol(at);
        if (isDataType(holder)) {
            yield holder;
            return;
        }
    }
}

function isDataType(symbol: SymbolInfo): boolean {
    return symbol.kind === "struct" || symbol.kind === "enum" || symbol.kind === "union";
}

/** The conflict of a change that users outside must follow; none for what nobody outside can name. */
export function publishedConflicts(
    context: RenameContext,
    members: readonly SymbolInfo[],
    message: string,
): FoundConflict[] {
    return members.some((member) => isPublished(context, member))
        ? [{ kind: "breaks-api", grade: "breaks-api", message, at: [] }]
        : [];
}

/** Whether others outside the workspace may name an item. */
export function isPublished(context: RenameContext, member: SymbolInfo): boolean {
    const { resolution, model } = context;
    if (member.crate === undefined || !isReachable(resolution, member)) {
        return false;
    }
    const root = resolution.symbol(member.crate);
    return model.packages.some(
        (one) =>
            one.publishable &&
            one.targets.some(
                (target) =>
                    target.crateName === root.name &&
                    (target.kind === "lib" || target.kind === "proc-macro"),
            ),
    );
}

function isReachable(resolution: Resolution, member: SymbolInfo): boolean {
    if ((member.flags & NODE_FLAG.publicApi) !== 0) {
        return true;
    }
    for (let at: SymbolInfo | undefined = member; at !== undefined;) {
        if (at.kind === "crate") {
            return true;
        }
        if (at.kind !== "impl" && at.visibility !== "public") {
            return false;
        }
        at = at.parent === undefined ? undefined : resolution.symbol(at.parent);
    }
    return false;
}

function isStringified(context: RenameContext, edit: PlannedEdit): boolean {
    const tree = context.treeOf(edit.path);
    return tree !== undefined && isInsideMacro(tree, edit.span.start, "stringify");
}

function isInsideMacro(tree: SyntaxTree, offset: number, name: string): boolean {
    const { kind, parent } = tree.columns;
    for (let at = tree.nodeAt(offset) ?? 0; at !== 0; at = parent[at] ?? 0) {
        if (kind[at] === KIND.macro_invocation) {
            const macro = tree.findChild(at, "macro");
            if (macro !== undefined && tree.nameOf(macro) === name) {
                return true;
            }
        }
    }
    return false;
}

function distinct(conflicts: readonly FoundConflict[]): FoundConflict[] {
    const seen = new Map<string, FoundConflict>();
    for (const conflict of conflicts) {
        seen.set(`${conflict.kind} ${conflict.message}`, conflict);
    }
    return [...seen.values()];
}
