// Strings that are paths of files, and follow when files move: of `#[path]` and `include!`, of targets in
// manifests. A path that cannot be written anew refuses the move.

import { refuse, type Refusal } from "../base/index.ts";
import { folderOf, joinPath, type Occurrence } from "../resolve/index.ts";
import { KIND } from "../syntax/index.ts";
import type { RenameContext } from "./context.ts";
import type { FileMove, TextEdit } from "./model.ts";
import { placeAt } from "./places.ts";
import type { PlannedEdit } from "./planned-edit.ts";

/** What follows some moves. */
export interface FollowedPaths {
    readonly kind: "followed";
    readonly edits: readonly PlannedEdit[];
    /** Edits of manifests, which no resolution knows. */
    readonly manifests: readonly TextEdit[];
}

/** Where everything is after some moves; files that are not Rust move with a folder that is renamed. */
type Placing = (path: string) => string;

/** Finds what follows; `renamed` is a file or folder that moves with all that is in it. */
export function followPaths(
    context: RenameContext,
    moves: readonly FileMove[],
    renamed?: FileMove,
): FollowedPaths | Refusal {
    const targets = new Map(moves.map((move) => [move.from, move.to]));
    const isInside = (path: string): boolean =>
        renamed !== undefined && path.startsWith(`${renamed.from}/`);
    const at: Placing = (path) =>
        targets.get(path) ??
        (renamed !== undefined && isInside(path)
            ? `${renamed.to}${path.slice(renamed.from.length)}`
            : path);
    const manifests = followTargets(context, moves, at);
    if ("kind" in manifests) {
        return manifests;
    }
    const edits: PlannedEdit[] = [];
    for (const name of [...PATH_MACROS, "path"]) {
        for (const occurrence of context.resolution.occurrencesNamed(name)) {
            const edit = followString(context, occurrence, at);
            if (edit?.kind === "refusal") {
                return edit;
            }
            if (edit !== undefined) {
                edits.push(edit.edit);
            }
        }
    }
    return { kind: "followed", edits: distinct(edits), manifests };
}

const PATH_MACROS = ["include", "include_str", "include_bytes"] as const;

/** A file with several owners has its tokens several times. */
function distinct(edits: readonly PlannedEdit[]): PlannedEdit[] {
    return [...new Map(edits.map((edit) => [`${edit.path}:${edit.span.start}`, edit])).values()];
}

const OF_ATTRIBUTE = /^\s*=\s*"([^"\\]*)"/u;
const OF_MACRO = /^\s*!\s*[([{]\s*r?"([^"\\]*)"/u;

function followString(
    context: RenameContext,
    { file, span, role, name }: Occurrence,
    at: Placing,
): Refusal | { readonly kind: "edit"; readonly edit: PlannedEdit } | undefined {
    const text = context.textOf(file);
    const isAttribute = name === "path";
    const match = (isAttribute ? OF_ATTRIBUTE : OF_MACRO).exec(
        text.slice(span.end, span.end + 1024),
    );
    const value = match?.[1];
    if (match === null || value === undefined || isAttribute !== (role === "attribute")) {
        return undefined;
    }
    const here = joinPath(folderOf(file), value);
    const there = joinPath(folderOf(at(file)), value);
    if (at(here) === there) {
        return undefined;
    }
    const isInline = isAttribute && isInInlineModule(context, file, span.start);
    if (isInline || value.startsWith("/") || role === "macro-body") {
        return refuse(
            "RENAME_BENDS_PATH",
            `\`"${value}"\` would no longer name \`${here}\` after the files move`,
            {
                at: [placeAt(text, file, span.start)],
                advice: "Move the files by hand, or make the path independent of the folder.",
            },
        );
    }
    const start = span.end + match[0].length - 1 - value.length;
    return {
        kind: "edit",
        edit: {
            path: file,
            span: { start, end: start + value.length },
            oldText: value,
            newText: relativePath(folderOf(at(file)), at(here)),
            role: "path-string",
            precision: "syntactic",
            tokens: [],
        },
    };
}

/** Whether a module in braces stands around an offset: then `#[path]` is read from another folder. */
function isInInlineModule(context: RenameContext, file: string, offset: number): boolean {
    const tree = context.treeOf(file);
    if (tree === undefined) {
        return true;
    }
    const { kind, parent } = tree.columns;
    for (let at = tree.nodeAt(offset) ?? 0; at !== 0; at = parent[at] ?? 0) {
        if (kind[at] === KIND.declaration_list) {
            return true;
        }
    }
    return false;
}

/** A path from a folder to a file. */
function relativePath(folder: string, path: string): string {
    const from = folder === "" ? [] : folder.split("/");
    const to = path.split("/");
    let common = 0;
    while (common < from.length && common < to.length - 1 && from[common] === to[common]) {
        common += 1;
    }
    return [...from.slice(common).map(() => ".."), ...to.slice(common)].join("/");
}

const TARGET_PATH = /(?<![\w.-])(?:path|build)\s*=\s*(["'])([^"'\n]*)\1/gu;

/** Manifests that name the root of a target which moves; one that moves unnamed is found no more. */
function followTargets(
    context: RenameContext,
    moves: readonly FileMove[],
    at: Placing,
): TextEdit[] | Refusal {
    const edits: TextEdit[] = [];
    for (const { targets, name, manifest, folder } of context.model.packages) {
        const moved = targets.filter(({ rootFile }) => moves.some(({ from }) => from === rootFile));
        const text = moved.length === 0 ? undefined : context.readPlain?.(manifest);
        const found = text === undefined ? [] : pathsIn(text, manifest);
        for (const target of moved) {
            const naming = found.filter(
                ({ oldText }) => joinPath(folder, oldText) === target.rootFile,
            );
            if (naming.length === 0) {
                return refuse(
                    "RENAME_MOVES_TARGET",
                    `\`${target.rootFile}\` would move, and it is the root of the ${target.kind} ` +
                        `\`${target.name}\` of package \`${name}\``,
                    {
                        advice: "Name the file in the manifest, or give the module a `#[path]`.",
                    },
                );
            }
            for (const edit of naming) {
                edits.push({ ...edit, newText: relativePath(folder, at(target.rootFile)) });
            }
        }
    }
    return [...new Map(edits.map((edit) => [`${edit.path}:${edit.span.start}`, edit])).values()];
}

/** Values of keys that name a target's file, comments left out. */
function pathsIn(text: string, manifest: string): TextEdit[] {
    return [...text.matchAll(TARGET_PATH)].flatMap((match) => {
        const value = match[2] ?? "";
        const end = match.index + match[0].length - 1;
        const line = text.slice(text.lastIndexOf("\n", match.index) + 1, match.index);
        return line.includes("#")
            ? []
            : [
                  {
                      path: manifest,
                      span: { start: end - value.length, end },
                      oldText: value,
                      newText: value,
                      role: "path-string",
                      precision: "syntactic",
                  } as const,
              ];
    });
}
