// `'_` takes a name: the function or impl around it declares one lifetime more, and this token means it.

import { refuse, type Refusal } from "../base/index.ts";
import type { LocalInfo, Occurrence } from "../resolve/index.ts";
import { groupByFile } from "./apply-edits.ts";
import { NO_DIFFERENCE } from "./binding-proof.ts";
import type { RenameContext } from "./context.ts";
import { hasLifetime, isElided } from "./elided-lifetimes.ts";
import { FileSyntax } from "./file-syntax.ts";
import { finishPlan } from "./finish-plan.ts";
import { splitReference } from "./method-syntax.ts";
import type { FoundConflict, RenamePlan } from "./model.ts";
import { checkNewName, needsRawLifetime } from "./new-name.ts";
import { placeAt } from "./places.ts";
import type { PlannedEdit } from "./planned-edit.ts";
import { spellName } from "./rust-names.ts";

/** Whether a local is a lifetime without a name. */
export function isAnonymous(local: LocalInfo): boolean {
    return local.kind === "lifetime" && local.name === "_";
}

/** Plans a name for `'_`. */
export function nameLifetime(
    context: RenameContext,
    local: LocalInfo,
    newName: string,
): RenamePlan | Refusal {
    const checked = checkNewName(newName, "lifetime");
    if (checked.kind === "refusal") {
        return checked;
    }
    const edition = context.resolution.editionOf(local.file);
    if (needsRawLifetime(checked) && edition < "2021") {
        return refuse(
            "RENAME_BAD_NAME",
            `\`'${checked.name}\` is a keyword, and edition ${edition} has no raw lifetimes`,
        );
    }
    const file = FileSyntax.of(context, local.file);
    const name = file?.nodeStartingAt(local.nameSpan.start, "identifier");
    const found =
        file === undefined || name === undefined
            ? denyAt(context, local, "there is no lifetime here")
            : findBinder(context, file, file.parent(name));
    if (found.kind === "refusal") {
        return found;
    }
    const spelled = `'${spellName(checked, edition, "lifetime")}`;
    const edits = [
        declare(found.file, found.binder, spelled),
        ...found.uses.map((node) => mention(found.file, node, spelled)),
    ];
    return finishPlan(
        context,
        {
            target: { kind: "local", local },
            oldName: "_",
            newName: checked.name,
            files: groupByFile(edits),
            moves: [],
            names: [checked.name],
            expected: NO_DIFFERENCE,
            couldMean: () => false,
        },
        duplicates(context, found, checked.name),
        [],
    );
}

function denyAt(context: RenameContext, { file, nameSpan }: LocalInfo, message: string): Refusal {
    return refuse("RENAME_KEYWORD", message, {
        at: [placeAt(context.textOf(file), file, nameSpan.start)],
    });
}

/** What declares the lifetime, and what means it: `'_`, `&T`, `&self`. */
interface Binder {
    readonly kind: "binder";
    readonly file: FileSyntax;
    readonly binder: number;
    readonly uses: readonly number[];
}

function findBinder(context: RenameContext, file: FileSyntax, node: number): Binder | Refusal {
    const deny = (message: string): Refusal =>
        refuse("RENAME_KEYWORD", `\`'_\` cannot be named here: ${message}`, {
            at: [placeAt(file.text, file.path, file.start(node))],
        });
    let below = node;
    for (let at = file.parent(node); at !== 0; below = at, at = file.parent(at)) {
        if (file.is(at, "function_type", "higher_ranked_trait_bound")) {
            return deny("it is a lifetime of each call");
        }
        if (file.is(at, "block", "closure_parameters", "token_tree")) {
            return deny("it is inferred");
        }
        if (file.is(at, "function_item", "function_signature_item")) {
            if (file.is(below, "parameters")) {
                return { kind: "binder", file, binder: at, uses: [node] };
            }
            return file.child(at, "return_type") === below
                ? findSource(context, file, { item: at, node, deny })
                : deny("it is inferred");
        }
        if (file.is(at, "impl_item")) {
            const isHeader = [file.child(at, "trait"), file.child(at, "type")].includes(below);
            return isHeader
                ? { kind: "binder", file, binder: at, uses: [node] }
                : deny("no function or impl header is around it");
        }
    }
    return deny("no function or impl header is around it");
}

/** The lifetime that a result takes over by elision: the receiver's, else the only one of the parameters. */
function findSource(
    context: RenameContext,
    file: FileSyntax,
    {
        item,
        node,
        deny,
    }: {
        readonly item: number;
        readonly node: number;
        readonly deny: (message: string) => Refusal;
    },
): Binder | Refusal {
    const list = file.child(item, "parameters");
    const parameters = list === undefined ? [] : file.parts(list);
    const receiver = parameters.find((one) => file.is(one, "self_parameter"));
    if (receiver !== undefined) {
        const { mode, lifetime } = splitReference(file.textOf(receiver));
        if (mode !== "value") {
            const written = file.tree.findKind(receiver, "lifetime");
            return lifetime !== "" && lifetime !== "'_"
                ? deny(`it is \`${lifetime}\`, the lifetime of \`self\``)
                : { kind: "binder", file, binder: item, uses: [written ?? receiver, node] };
        }
    }
    const sources = parameters.filter((one) => hasLifetime(context, file, one));
    const [source] = sources;
    if (source === undefined || sources.length > 1) {
        return deny("which parameter's lifetime it is, is not known");
    }
    const uses = lifetimesOf(context, file, source);
    const [use] = uses;
    return use === undefined || uses.length > 1 || !file.is(use, "reference_type", "lifetime")
        ? deny("which parameter's lifetime it is, is not known")
        : file.is(use, "lifetime") && file.textOf(use) !== "'_"
          ? deny(`it is \`${file.textOf(use)}\``)
          : { kind: "binder", file, binder: item, uses: [use, node] };
}

/** Nodes of a parameter that hold a lifetime, each told once. */
function lifetimesOf(context: RenameContext, file: FileSyntax, parameter: number): number[] {
    return [...file.below(parameter)].filter(
        (node) => file.is(node, "lifetime") || isElided(context, file, node),
    );
}

const LABEL = "lifetime";

/** Declares the lifetime: after those that are declared already, before types and consts. */
function declare(file: FileSyntax, binder: number, spelled: string): PlannedEdit {
    const list = file.child(binder, "type_parameters");
    if (list === undefined) {
        const name = file.child(binder, "name");
        const head = /^(?:default\s+)?(?:unsafe\s+)?impl/u.exec(file.textOf(binder))?.[0] ?? "";
        const at = name === undefined ? file.start(binder) + head.length : file.end(name);
        return insertion(file, at, `<${spelled}>`, { at: 2, defines: LABEL });
    }
    const parameters = file.parts(list);
    const last = parameters.findLast((one) => file.is(one, "lifetime_parameter", "lifetime"));
    if (last !== undefined) {
        return insertion(file, file.end(last), `, ${spelled}`, { at: 3, defines: LABEL });
    }
    const text = parameters.length === 0 ? spelled : `${spelled}, `;
    return insertion(file, file.start(list) + 1, text, { at: 1, defines: LABEL });
}

/** Makes one node mean the lifetime. */
function mention(file: FileSyntax, node: number, spelled: string): PlannedEdit {
    if (file.is(node, "lifetime")) {
        return {
            ...insertion(file, file.start(node), spelled, { at: 1, means: LABEL }),
            span: file.span(node),
            oldText: file.textOf(node),
        };
    }
    return insertion(file, file.start(node) + 1, `${spelled} `, { at: 1, means: LABEL });
}

function insertion(
    file: FileSyntax,
    start: number,
    newText: string,
    added: NonNullable<PlannedEdit["added"]>[number],
): PlannedEdit {
    return {
        path: file.path,
        span: { start, end: start },
        oldText: "",
        newText,
        role: added.defines === undefined ? "lifetime" : "definition",
        precision: "syntactic",
        tokens: [],
        added: [added],
    };
}

/** Lifetimes of the name in a scope around or inside the binder: no two may be nested. */
function duplicates(
    context: RenameContext,
    { file, binder }: Binder,
    name: string,
): FoundConflict[] {
    const { start, end } = file.span(binder);
    const meets = ({ binding, role, span }: Occurrence): boolean =>
        role === "definition" &&
        binding.kind === "local" &&
        binding.local.kind === "lifetime" &&
        span.start < end &&
        binding.local.scope.end > start;
    const found = context.resolution
        .occurrencesNamed(name)
        .find((one) => one.file === file.path && meets(one));
    return found === undefined
        ? []
        : [
              {
                  kind: "duplicate",
                  grade: "error",
                  message: `lifetime \`${name}\` is declared in a scope around or inside this one`,
                  at: [placeAt(file.text, file.path, found.span.start)],
              },
          ];
}
