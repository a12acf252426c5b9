// Gives an item another visibility. The proof resolves the workspace again with it, so that a use that could
// no longer see the item is found as one that no longer means it; what no name shows is looked for here.

import { appendTo, refuse, type Refusal, type Span } from "../base/index.ts";
import type { Occurrence, Resolution, SymbolInfo } from "../resolve/index.ts";
import type { RenameContext } from "./context.ts";
import { FileSyntax } from "./file-syntax.ts";
import { refuseSymbol } from "./find-target.ts";
import { finishEdits } from "./finish-edits.ts";
import { isPublished } from "./meaningful-names.ts";
import type { FoundConflict, RenamePlan } from "./model.ts";
import { isBeyond, isWithinModule, moduleAt, modulePath } from "./module-at.ts";
import { placeAt } from "./places.ts";
import type { PlannedEdit } from "./planned-edit.ts";
import { placeKey } from "./proof-view.ts";
import { shownBeyond } from "./shown-types.ts";
import { prepareSubject, type Subject } from "./subject.ts";

/** A definition whose visibility is written at its item. */
interface Definition {
    readonly file: FileSyntax;
    readonly symbol: SymbolInfo;
    /** Node of the whole item or field. */
    readonly item: number;
    readonly modifier: number | undefined;
}

/** How widely something is seen: everywhere, in the crate, or in one module. */
type Reach = { readonly kind: "everywhere" } | { readonly kind: "within"; readonly module: number };

/** Plans another visibility of a symbol, and of its cfg twins: `private`, or as it is written. */
export function changeVisibility(
    context: RenameContext,
    symbol: number,
    visibility: string,
): RenamePlan | Refusal {
    const unnamed = refuseSymbol(context.resolution, symbol);
    if (unnamed !== undefined) {
        return unnamed;
    }
    const subject = prepareSubject(context.resolution, { kind: "symbol", symbol });
    const definitions = findDefinitions(context, subject);
    if ("code" in definitions) {
        return definitions;
    }
    const changed = definitions.filter((each) => writtenAt(each) !== visibility);
    const [first] = changed;
    if (first === undefined) {
        return refuse("VISIBILITY_SAME", `\`${subject.oldName}\` is ${visibility} already`);
    }
    const found = changed.map((each) => checkUses(context, subject, each, visibility));
    const refusal = found.find((one) => "code" in one);
    if (refusal !== undefined && "code" in refusal) {
        return refusal;
    }
    return finishEdits(context, subject, {
        edits: changed.map((each) => editOf(each, visibility)),
        conflicts: found.flatMap((one) => ("code" in one ? [] : one)),
    });
}

function findDefinitions(context: RenameContext, subject: Subject): Definition[] | Refusal {
    const found = new Map<string, Definition>();
    for (const symbol of subject.members) {
        const { file: path, nameSpan } = symbol;
        if (path === undefined || nameSpan === undefined) {
            continue;
        }
        const file = FileSyntax.of(context, path);
        const item = file === undefined ? undefined : itemAt(file, nameSpan);
        if (file === undefined || item === undefined) {
            return noVisibility(context, symbol, "is not written as an item of its own");
        }
        const holder = file.parent(file.parent(item));
        const isImplOfTrait =
            file.is(holder, "impl_item") && file.child(holder, "trait") !== undefined;
        if (file.is(holder, "trait_item") || isImplOfTrait) {
            return noVisibility(context, symbol, "is as visible as its trait");
        }
        if (file.is(holder, "enum_variant")) {
            return noVisibility(context, symbol, "is as visible as its enum");
        }
        const modifier = file.tree
            .childrenOf(item)
            .find((child) => file.is(child, "visibility_modifier"));
        found.set(placeKey(path, nameSpan.start), { file, symbol, item, modifier });
    }
    return [...found.values()];
}

function itemAt(file: FileSyntax, { start }: Span): number | undefined {
    const name = file.nodeStartingAt(start, "identifier", "type_identifier", "field_identifier");
    const item = name === undefined ? undefined : file.parent(name);
    const hasVisibility =
        item !== undefined &&
        file.is(
            item,
            "const_item",
            "enum_item",
            "field_declaration",
            "function_item",
            "function_signature_item",
            "mod_item",
            "static_item",
            "struct_item",
            "trait_item",
            "type_item",
            "union_item",
        );
    return hasVisibility ? item : undefined;
}

function noVisibility(context: RenameContext, symbol: SymbolInfo, why: string): Refusal {
    const { file, nameSpan, display } = symbol;
    return refuse("VISIBILITY_NONE", `\`${display}\` ${why}: it has no visibility of its own`, {
        at:
            file === undefined || nameSpan === undefined
                ? []
                : [placeAt(context.textOf(file), file, nameSpan.start)],
    });
}

/** A definition's visibility as a patch writes it. */
function writtenAt({ file, modifier }: Definition): string {
    return modifier === undefined
        ? "private"
        : file
              .textOf(modifier)
              .replace(/\s+/gu, " ")
              .replace(/^pub ?\( ?/u, "pub(")
              .replace(/ ?\)$/u, ")");
}

function editOf({ file, item, modifier }: Definition, visibility: string): PlannedEdit {
    const start = file.start(modifier ?? item);
    const end = modifier === undefined ? start : afterBlanks(file.text, file.end(modifier));
    const newText = visibility === "private" ? "" : `${visibility} `;
    return {
        path: file.path,
        span: { start, end },
        oldText: file.text.slice(start, end),
        newText,
        role: "visibility",
        precision: "syntactic",
        tokens: [],
        added: [...newText.matchAll(/(?<=\(|in |::)[A-Za-z_]\w*/gu)]
            .filter(([word]) => word !== "in")
            .map(({ index }) => ({ at: index })),
    };
}

function afterBlanks(text: string, offset: number): number {
    let at = offset;
    while (text[at] === " ") {
        at += 1;
    }
    return at;
}

/** What names do not show: uses from too far away, re-exports, literals that fill fields up from a base. */
function checkUses(
    context: RenameContext,
    subject: Subject,
    definition: Definition,
    visibility: string,
): FoundConflict[] | Refusal {
    const { resolution } = context;
    const { symbol, file } = definition;
    const home = moduleAt(resolution, file.path, file.start(definition.item), symbol.crate);
    const reach = home === undefined ? undefined : reachOf(resolution, home, visibility);
    if (reach === undefined) {
        return refuse(
            "VISIBILITY_PATH",
            `\`${visibility}\` names no module around \`${symbol.name}\``,
        );
    }
    if (reach.kind === "everywhere") {
        return [];
    }
    const conflicts: FoundConflict[] = [];
    const { module } = reach;
    const far = usesBeyond(resolution, subject, module);
    if (far.length > 0) {
        conflicts.push({
            kind: "not-visible",
            grade: "error",
            message: `it is used where \`${visibility}\` does not let it be seen`,
            at: far.map((one) => placeOf(context, one)),
        });
    }
    const exported = usesOf(resolution, subject).filter((one) =>
        isWiderImport(context, one, reach),
    );
    if (exported.length > 0) {
        conflicts.push({
            kind: "re-exported",
            grade: "error",
            message: `an import gives it on to more than \`${visibility}\` lets see it`,
            at: exported.map((one) => placeOf(context, one)),
        });
    }
    conflicts.push(...basesBeyond(context, definition, module));
    conflicts.push(...shownBeyond(context, usesOf(resolution, subject), module));
    if (isPublished(context, symbol)) {
        conflicts.push({
            kind: "breaks-api",
            grade: "breaks-api",
            message: `\`${symbol.display}\` is public in a library that can be published`,
            at: [placeAt(file.text, file.path, file.start(definition.item))],
        });
    }
    return conflicts;
}

function reachOf(resolution: Resolution, home: number, visibility: string): Reach | undefined {
    if (visibility === "pub") {
        return { kind: "everywhere" };
    }
    const within = (module: number | undefined): Reach | undefined =>
        module === undefined ? undefined : { kind: "within", module };
    const path = modulePath(resolution, home);
    if (visibility === "private" || visibility === "pub(self)") {
        return within(home);
    }
    if (visibility === "pub(crate)") {
        return within(path[0]);
    }
    if (visibility === "pub(super)") {
        return within(path.at(-2));
    }
    const written = /^pub\(in (.+)\)$/u.exec(visibility)?.[1]?.split("::") ?? [];
    return within(followModules(resolution, path, written));
}

/** The ancestor that `crate::a`, `super::super` or `self` names. */
function followModules(
    resolution: Resolution,
    path: readonly number[],
    written: readonly string[],
): number | undefined {
    if (written.every((word) => word === "super")) {
        return path[path.length - 1 - written.length];
    }
    const names = written[0] === "crate" || written[0] === "" ? written.slice(1) : written;
    const fits = names.every((name, at) => {
        const module = path[at + 1];
        return module !== undefined && resolution.symbol(module).name === name;
    });
    return fits ? path[names.length] : undefined;
}

function usesOf(resolution: Resolution, subject: Subject): Occurrence[] {
    return subject.members.flatMap((member) => [...resolution.occurrencesOf(member.index)]);
}

function usesBeyond(resolution: Resolution, subject: Subject, module: number): Occurrence[] {
    return usesOf(resolution, subject).filter((one) => isBeyond(resolution, one, module));
}

/** Whether an import that stands near enough shows the item to more than may see it. */
function isWiderImport(
    context: RenameContext,
    { role, file: path, span, crate }: Occurrence,
    reach: Extract<Reach, { kind: "within" }>,
): boolean {
    const file = role === "import" ? FileSyntax.of(context, path) : undefined;
    const node = file?.tree.nodeAt(span.start);
    const use =
        file === undefined || node === undefined ? undefined : file.around(node, "use_declaration");
    if (file === undefined || use === undefined) {
        return false;
    }
    const modifier = file.tree.childrenOf(use).find((one) => file.is(one, "visibility_modifier"));
    const home = moduleAt(context.resolution, path, span.start, crate);
    if (modifier === undefined || home === undefined) {
        return false;
    }
    const written = file.textOf(modifier).replace(/\s+/gu, " ");
    const shown = reachOf(context.resolution, home, written);
    return (
        shown === undefined ||
        shown.kind === "everywhere" ||
        !isWithinModule(context.resolution, shown.module, reach.module)
    );
}

/** `S { a, ..base }` names no field that it takes from the base, and must see all of them. */
function basesBeyond(
    context: RenameContext,
    { symbol, item, file }: Definition,
    module: number,
): FoundConflict[] {
    if (!file.is(item, "field_declaration") || symbol.parent === undefined) {
        return [];
    }
    const { resolution } = context;
    const byFile = new Map<string, Occurrence[]>();
    for (const one of resolution.occurrencesOf(symbol.parent)) {
        appendTo(byFile, one.file, one);
    }
    const at = [...byFile].flatMap(([path, uses]) => {
        const other = FileSyntax.of(context, path);
        return uses.filter(
            (one) =>
                isBeyond(resolution, one, module) &&
                other !== undefined &&
                hasBase(other, one.span.start),
        );
    });
    return at.length === 0
        ? []
        : [
              {
                  kind: "not-visible",
                  grade: "error",
                  message: "a literal takes it from a base where it could not be seen",
                  at: at.map((one) => placeOf(context, one)),
              },
          ];
}

function hasBase(file: FileSyntax, start: number): boolean {
    const node = file.tree.nodeAt(start);
    const literal = node === undefined ? undefined : file.around(node, "struct_expression");
    const body = literal === undefined ? undefined : file.child(literal, "body");
    return (
        body !== undefined &&
        file.tree.childrenOf(body).some((child) => file.is(child, "base_field_initializer"))
    );
}

function placeOf(context: RenameContext, { file, span }: Occurrence): ReturnType<typeof placeAt> {
    return placeAt(context.textOf(file), file, span.start);
}
