// Moves an item to another module of its crate. What is written in it keeps its meaning: names that only its old
// place knew are written out. What names it follows: paths are written anew, imports are pointed to the new
// place. It is seen by all that use it. The proof compares every token of it at its old and its new place.

import { refuse, type Refusal } from "../base/index.ts";
import type { Occurrence, Resolution, SymbolInfo } from "../resolve/index.ts";
import type { RenameContext } from "./context.ts";
import { FileSyntax } from "./file-syntax.ts";
import { isUndecided, refuseSymbol } from "./find-target.ts";
import { finishEdits } from "./finish-edits.ts";
import { publishedConflicts } from "./meaningful-names.ts";
import type { RenamePlan, UnprovedPlace } from "./model.ts";
import { hiddenConstructors } from "./hidden-constructors.ts";
import { hiddenPositions } from "./hidden-positions.ts";
import { isWithinModule, moduleAt, modulePath } from "./module-at.ts";
import { bodyOf, type ModuleBody } from "./module-body.ts";
import { MovedItem } from "./moved-item.ts";
import { pathEdit, startOfPath } from "./path-edit.ts";
import type { PlannedEdit } from "./planned-edit.ts";
import { placeKey } from "./proof-view.ts";
import { prepareSubject, type Subject } from "./subject.ts";
import { UseTreeEdits } from "./use-tree-edits.ts";

/** What can be moved. */
const MOVABLE: ReadonlySet<SymbolInfo["kind"]> = new Set([
    "const",
    "enum",
    "function",
    "static",
    "struct",
    "trait",
    "type-alias",
    "union",
]);

/** Plans the move of a symbol into a module, given as `krate::module`. */
export function moveItem(
    context: RenameContext,
    symbol: number,
    written: string,
): RenamePlan | Refusal {
    const { resolution } = context;
    const item = resolution.symbol(symbol);
    const refusal = refuseSymbol(resolution, symbol) ?? refuseKind(context, item);
    if (refusal !== undefined) {
        return refusal;
    }
    const target = findModule(context, item, written);
    if ("code" in target) {
        return target;
    }
    const otherCfg = refuseOtherCfg(resolution, item, target);
    if (otherCfg !== undefined) {
        return otherCfg;
    }
    const subject = prepareSubject(resolution, { kind: "symbol", symbol });
    const moved = MovedItem.read(context, item);
    if (moved === undefined) {
        return refuse(
            "MOVE_UNREADABLE",
            `\`${item.display}\` is not written as an item of its own`,
        );
    }
    const path = `${pathOf(resolution, target.module)}::${item.name}`;
    const references = referenceEdits(context, { subject, moved, target, path });
    const isSeenOutside = references.isUsedBeyond;
    const arrival = arrivalEdit(target, moved.textFor(isSeenOutside));
    const edits = [...references.edits, arrival, ...moved.removals(path)];
    const plan = finishEdits(context, subject, {
        edits,
        conflicts: [
            ...publishedConflicts(
                context,
                subject.members,
                `\`${subject.oldName}\` is public in a library that can be published, by its path`,
            ),
            ...hiddenConstructors(context, item, moved, target.module),
        ],
        open: [...openInside(moved), ...hiddenPositions(context, item, moved, target.module)],
    });
    return plan.kind === "refusal" ? plan : { ...plan, landed: landing(item, edits, arrival) };
}

function refuseKind(context: RenameContext, item: SymbolInfo): Refusal | undefined {
    const { resolution } = context;
    const parent = item.parent === undefined ? undefined : resolution.symbol(item.parent);
    const isFree = parent?.kind === "module" || parent?.kind === "crate";
    if (!MOVABLE.has(item.kind) || !isFree) {
        return refuse(
            "MOVE_KIND",
            `\`${item.display}\` is a ${item.kind} that cannot be moved by itself`,
            {
                advice: "a function, constant, static, type or trait of a module can be",
            },
        );
    }
    const definitions = new Set(
        resolution
            .renameFamily(item.index)
            .map((one) => resolution.symbol(one))
            .map(({ file, nameSpan }) => `${file ?? ""}:${nameSpan?.start ?? ""}`),
    );
    return definitions.size === 1
        ? undefined
        : refuse("MOVE_TWINS", `\`${item.display}\` has ${definitions.size} definitions under cfg`);
}

/** Where both modules are not there together, the item would come, or go, with the other one. */
function refuseOtherCfg(
    resolution: Resolution,
    item: SymbolInfo,
    { module }: Target,
): Refusal | undefined {
    const from = item.parent === undefined ? "" : resolution.symbol(item.parent).cfg;
    const to = resolution.symbol(module).cfg;
    const say = (cfg: string): string => (cfg === "" ? "no cfg" : `cfg(${cfg})`);
    return from === to
        ? undefined
        : refuse(
              "MOVE_CFG",
              `\`${item.display}\` lies in a module under ${say(from)}, and would go to one under ${say(to)}`,
              { advice: "move it by hand, with the predicates that it needs there" },
          );
}

interface Target extends ModuleBody {
    readonly module: number;
}

function findModule(context: RenameContext, item: SymbolInfo, written: string): Target | Refusal {
    const { resolution } = context;
    const found = resolution
        .findByPath(written)
        .map((index) => resolution.symbol(index))
        .filter(
            ({ kind, display }) => (kind === "module" || kind === "crate") && display === written,
        );
    const module = found.find(({ crate, index }) => (crate ?? index) === item.crate);
    if (module === undefined) {
        const message =
            found.length === 0
                ? `there is no module \`${written}\``
                : `\`${written}\` is of another crate`;
        return refuse("MOVE_TARGET", message, {
            advice: "write the whole path of a module of the same crate: krate::module",
        });
    }
    if (module.index === item.parent) {
        return refuse("MOVE_SAME", `\`${item.display}\` lies there already`);
    }
    const isTaken = resolution
        .childrenOf(module.index)
        .some((child) => resolution.symbol(child).name === item.name);
    if (isTaken) {
        return refuse("MOVE_TAKEN", `\`${written}\` has a \`${item.name}\` already`);
    }
    const body = bodyOf(context, module.index);
    return body === undefined
        ? refuse("MOVE_TARGET", `the text of \`${written}\` is not at hand`)
        : { ...body, module: module.index };
}

/** A symbol's path as it is written in its own crate. */
function pathOf(resolution: Resolution, index: number): string {
    return ["crate", ...resolution.symbol(index).display.split("::").slice(1)].join("::");
}

interface References {
    readonly edits: readonly PlannedEdit[];
    /** Something outside of the new module uses it. */
    readonly isUsedBeyond: boolean;
}

function referenceEdits(
    context: RenameContext,
    parts: {
        readonly subject: Subject;
        readonly moved: MovedItem;
        readonly target: Target;
        readonly path: string;
    },
): References {
    const { subject, moved, target, path } = parts;
    const { resolution } = context;
    const imports = new UseTreeEdits(subject.oldName, true);
    const gone = new UseTreeEdits(subject.oldName);
    const edits: PlannedEdit[] = [];
    const seen = new Set<string>();
    let isUsedBeyond = false;
    const uses = subject.members.flatMap(({ index }) => [...resolution.occurrencesOf(index)]);
    const imported = importingModules(resolution, uses);
    const homes = new Set(subject.members.map(({ parent }) => parent));
    for (const use of uses) {
        const key = placeKey(use.file, use.span.start);
        if (seen.has(key) || use.role === "definition" || moved.holds(use.file, use.span.start)) {
            continue;
        }
        seen.add(key);
        const from = moduleAt(resolution, use.file, use.span.start, use.crate);
        const isInside = from !== undefined && isWithinModule(resolution, from, target.module);
        isUsedBeyond ||= !isInside;
        const file = FileSyntax.of(context, use.file);
        const name = file?.nodeStartingAt(use.span.start, "identifier", "type_identifier");
        if (file === undefined || name === undefined || use.viaAlias || file.isMacroToken(name)) {
            continue;
        }
        const isHome = use.crate === subject.members[0]?.crate;
        const absolute = isHome ? path : outside(subject, path);
        const before = modulesBefore(context, file, name, { use, from });
        if (before !== undefined && !before.some((one) => homes.has(one))) {
            continue; // By a re-export, which follows.
        }
        if (use.role === "import") {
            (from === target.module ? gone : imports).add(file, name, absolute);
        } else if (
            before !== undefined ||
            (isHome && from !== target.module && !imported.has(from ?? -1))
        ) {
            edits.push(pathEdit(file, use, startOfPath(file, name), absolute));
        }
    }
    return { edits: [...edits, ...imports.edits(), ...gone.edits()], isUsedBeyond };
}

/** The path from another crate. */
function outside({ members }: Subject, path: string): string {
    const crate = members[0]?.display.split("::")[0] ?? "crate";
    return path.replace(/^crate/u, crate);
}

/** Modules that have an import of their own of what moves. */
function importingModules(
    resolution: Resolution,
    uses: readonly Occurrence[],
): ReadonlySet<number> {
    return new Set(
        uses
            .filter(({ role }) => role === "import")
            .map((use) => moduleAt(resolution, use.file, use.span.start, use.crate) ?? -1),
    );
}

/** What the path before a name means; undefined where there is none. */
function modulesBefore(
    { resolution }: RenameContext,
    file: FileSyntax,
    name: number,
    { use, from }: { readonly use: Occurrence; readonly from: number | undefined },
): readonly (number | undefined)[] | undefined {
    const path = pathBefore(file, name);
    if (path === undefined) {
        return undefined;
    }
    const last = file.child(path, "name") ?? path;
    if (file.is(last, "crate")) {
        return [use.crate];
    }
    if (file.is(last, "self", "super")) {
        const ups = file.textOf(path).match(/super/gu)?.length ?? 0;
        const around = from === undefined ? [] : modulePath(resolution, from);
        return [around[around.length - 1 - ups]];
    }
    const start = file.start(last);
    return resolution
        .occurrencesAt(file.path, start)
        .filter(({ span }) => span.start === start)
        .flatMap(({ binding }) => (binding.kind === "symbol" ? binding.symbols : []));
}

/** Node of the path before a name: in the same path, or before the list of imports that it is in. */
function pathBefore(file: FileSyntax, name: number): number | undefined {
    const above = file.parent(name);
    if (file.is(above, "scoped_identifier", "scoped_type_identifier")) {
        return file.child(above, "name") === name ? file.child(above, "path") : undefined;
    }
    const clause = file.is(above, "use_as_clause") ? file.parent(above) : above;
    const tree = file.is(clause, "use_list") ? file.parent(clause) : clause;
    return file.is(tree, "scoped_use_list") ? file.child(tree, "path") : undefined;
}

/** Puts the text at the end of the module. */
function arrivalEdit(
    { file, end, isInline }: Target,
    moved: ReturnType<MovedItem["textFor"]>,
): PlannedEdit {
    const before = /\n\n$|^$/u.test(file.text.slice(0, end))
        ? ""
        : file.text.slice(0, end).endsWith("\n")
          ? "\n"
          : "\n\n";
    const head = isInline ? "\n" : before;
    return {
        path: file.path,
        span: { start: end, end },
        oldText: "",
        newText: `${head}${moved.text}\n`,
        role: "definition",
        precision: "syntactic",
        tokens: moved.tokens.map((token) => ({ ...token, at: token.at + head.length })),
        added: moved.added.map((at) => ({ at: at + head.length })),
    };
}

/** Tokens in what moves of which it is not known what they mean: they may mean another thing there. */
function openInside(moved: MovedItem): UnprovedPlace[] {
    return moved
        .occurrences()
        .filter(({ binding }) => isUndecided(binding))
        .map(({ file, span, name }) => ({
            path: file,
            span,
            reason: `what \`${name}\` means where it moves is not decided`,
        }));
}

/** Where the definition stands afterwards. */
function landing(
    { file = "", nameSpan }: SymbolInfo,
    edits: readonly PlannedEdit[],
    arrival: PlannedEdit,
): NonNullable<RenamePlan["landed"]> {
    const start = nameSpan?.start ?? 0;
    const token = arrival.tokens.find(
        (one) => one.before.start === start && (one.file ?? arrival.path) === file,
    );
    const shift = edits
        .filter(({ path, span }) => path === arrival.path && span.start < arrival.span.start)
        .reduce((sum, { span, newText }) => sum + newText.length - (span.end - span.start), 0);
    return {
        from: { path: file, start },
        to: { path: arrival.path, start: arrival.span.start + shift + (token?.at ?? 0) },
    };
}
