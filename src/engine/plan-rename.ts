// Plans a rename on a view, and describes the plan. What the plan rests on is compared with the disk.

import { join } from "node:path";

import {
    compareText,
    checkCancelled,
    repoPath,
    required,
    type CancelSignal,
    type RepoPath,
    type Refusal,
} from "../base/index.ts";
import { findRealPath, listTree } from "../platform/index.ts";
import type { ImpactResult, RenamePlanDto } from "../protocol/index.ts";
import type {
    FileMove,
    RenameAhead,
    RenameContext,
    RenameOptions,
    RenamePlan,
    RenameTarget,
} from "../refactor/index.ts";
import type { FileCapture, RenamedText } from "../syntax/index.ts";
import type { WorkspaceModel } from "../workspace/index.ts";
import { needsOf } from "./accepted.ts";
import { describeConflict, describeEdit, describeTarget, describeUnproved } from "./describe.ts";
import { RIPPLE_EDGES, rippleOf } from "./measure-impact.ts";
import type { MadeSources, WhoWaits } from "./generated-sources.ts";
import type { EnginePorts } from "./ports.ts";
import { readSource } from "./source-table.ts";
import { StaleFiles, type View } from "./view.ts";

/** What is to be renamed into what. */
export interface RenameWish {
    readonly target: RenameTarget;
    readonly newName: string;
    /** Words of comments, literals and documents, too. */
    readonly isTextIncluded?: boolean;
    /** What is said of tokens that the resolver leaves open. */
    readonly told?: RenameOptions["told"];
    /** What may have been prepared of it. */
    readonly renames?: PreparedRenames;
}

/** Renames that were begun, and not named yet. */
export interface PreparedRenames {
    /** What is known of a target in a state, as far as it helps to rename it so; undefined where that was not prepared. */
    take(view: View, target: RenameTarget, newName: string): RenameAhead | undefined;
}

/**
 * Plans a rename; throws StaleFiles when a file that the plan rests on is not on the disk as it was
 * captured.
 */
export async function planOnView(
    ports: EnginePorts,
    view: View,
    { target, newName, isTextIncluded = false, told, renames }: RenameWish,
    who: WhoWaits,
): Promise<RenamePlan | Refusal> {
    const { signal } = who;
    const documents = isTextIncluded ? await listDocuments(view.root, signal) : [];
    return planBy(ports, view, who, (context) => {
        const asked = isTextIncluded ? { isTextIncluded, plainFiles: documents } : {};
        const options = { signal, told, ahead: renames?.take(view, target, newName) };
        return ports.planner.plan({ ...context, ...asked }, target, newName, options);
    });
}

/** Plans what follows when a file or folder is renamed by hand; throws StaleFiles as `planOnView` does. */
export function planFileOnView(
    ports: EnginePorts,
    view: View,
    renamed: FileMove,
    who: WhoWaits,
): Promise<RenamePlan | Refusal | undefined> {
    return planBy(ports, view, who, (context) =>
        ports.planner.planFile(context, renamed, who.signal),
    );
}

/** Documents in which words are looked for; manifests name packages, not items. */
function listDocuments(root: string, signal: CancelSignal | undefined): Promise<string[]> {
    return listTree(root, {
        accept: (path) => /(?<!(?:^|\/)Cargo)\.(?:md|toml)$/u.test(path),
        ...(signal === undefined ? {} : { signal }),
    });
}

async function planBy<T extends RenamePlan | Refusal | undefined>(
    ports: EnginePorts,
    view: View,
    who: WhoWaits,
    make: (context: RenameContext) => T,
): Promise<T> {
    await Promise.all([ports.parser.load(), ports.resolver.load(), ports.planner.load()]);
    const { signal } = who;
    const captures = await view.loadCaptures();
    checkCancelled(signal);
    const context = contextOf(ports, view, captures, await view.made?.(who));
    checkCancelled(signal);
    const plan = atOnce(ports, () => make(context));
    if (plan?.kind === "plan") {
        const stale = await findStale(view, plan);
        if (stale.length > 0) {
            throw new StaleFiles(stale);
        }
    }
    return plan;
}

/** Plans in one piece: what the resolver lends to the text after is back before anything else runs. */
export function atOnce<T>({ resolver }: Pick<EnginePorts, "resolver">, plan: () => T): T {
    try {
        return plan();
    } finally {
        resolver.settle();
    }
}

/** Files of a plan whose bytes on disk are not those that it was made for; unsaved ones left out. */
export async function findStale(
    view: View,
    plan: Pick<RenamePlan, "fileHashes">,
): Promise<RepoPath[]> {
    const stale: RepoPath[] = [];
    for (const [path, hash] of plan.fileHashes) {
        if (view.file(path)?.unsaved === true) {
            continue;
        }
        const now = await readSource(view.root, path);
        if (now?.contentHash !== hash) {
            stale.push(repoPath(path));
        }
    }
    return stale;
}

/** Describes a plan. */
export function describePlan(view: View, plan: RenamePlan, isApplicable: boolean): RenamePlanDto {
    const touched = new Set([
        ...plan.edits.map((edit) => edit.path),
        ...plan.moves.map((move) => move.from),
    ]);
    const { verdict, tokens, digest } = plan.proof;
    return {
        symbol: describeTarget(view, plan.target),
        newName: plan.newName,
        edits: [...plan.edits]
            .sort((a, b) => compareText(a.path, b.path) || a.span.start - b.span.start)
            .map((edit) => describeEdit(view, edit)),
        moves: plan.moves,
        conflicts: plan.conflicts.map(describeConflict),
        unproved: plan.unproved.map((place) => describeUnproved(view, place)),
        leftAlone: plan.leftAlone.map((place) => describeUnproved(view, place)),
        branches: plan.branches,
        applicable: isApplicable,
        needs: needsOf(plan),
        proof: { verdict, tokens, digest },
        fileHashes: Object.fromEntries(plan.fileHashes),
        fingerprint: plan.fingerprint,
        crates: cratesOf(view, touched),
        files: touched.size,
    };
}

/** Ripple of everything that is renamed together; undefined for locals. */
export async function rippleOfRename(
    view: View,
    target: RenameTarget,
): Promise<ImpactResult | undefined> {
    if (target.kind === "local") {
        return undefined;
    }
    const family = view.resolution.renameFamily(target.symbol);
    return rippleOf(view, target.symbol, family, { edges: RIPPLE_EDGES, depth: undefined });
}

/** What planning asks of a state: a view, or what one would be after edits. */
export type PlannedOn = Pick<View, "file" | "model" | "resolution" | "root" | "text"> &
    Partial<Pick<View, "plain">>;

/** What a refactoring is planned on. */
export function contextOf(
    ports: EnginePorts,
    view: PlannedOn,
    captures: ReadonlyMap<string, FileCapture>,
    made: MadeSources | undefined,
): RenameContext {
    const { model } = view;
    const textOf = (path: string): string => view.text(path);
    const capturesAfter = (
        changes: FileChanges["changes"],
        moves: FileChanges["moves"],
    ): Map<string, FileCapture> =>
        captureChanges(captures, { changes, moves }, (file) =>
            ports.parser.captureRenamed({ ...file, before: view.text(file.capture.path) }),
        );
    return {
        ...(made === undefined ? {} : { generated: made.includesOf({ captures, model, textOf }) }),
        isGenerated: (path) => captures.has(path) && isMarkedGenerated(textOf(path)),
        resolution: view.resolution,
        model: view.model,
        textOf: (path) => view.text(path),
        contentHashOf: (path) =>
            view.file(path)?.contentHash ?? view.plain?.(path)?.contentHash ?? "",
        readPlain: (path) => view.plain?.(path)?.lines.text,
        treeOf: (path) => captures.get(path)?.tree,
        pathExists: (path) => findRealPath(join(view.root, path)) !== undefined,
        isWhole: (path, text) => {
            const capture = captures.get(path);
            const file = { path, before: view.text(path), after: text };
            return (
                capture !== undefined &&
                ports.parser.captureRenamed({ ...file, capture }).problems.length === 0
            );
        },
        parse: (text) => {
            const document = ports.parser.openDocument({ path: "snippet.rs", text });
            try {
                return document.capture().tree;
            } finally {
                document.close();
            }
        },
        resolvePart: (changes, part) =>
            ports.resolver.resolvePart({ model, captures: capturesAfter(changes, []) }, part),
        reResolve: (changes, moves, change) => {
            const after = capturesAfter(changes, moves);
            const model = moveFiles(view.model, moves);
            const input = { model, captures: after };
            return ports.resolver.resolveAside(
                input,
                change && { ...change, moved: { model: view.model, files: moves } },
            );
        },
    };
}

/** Whether a text says of itself, where rustfmt looks for it, that a program made it. */
function isMarkedGenerated(text: string): boolean {
    return text
        .split("\n", MARK_LINES)
        .some((line) => /^\s*(?:\/\/|\/?\*|#)/u.test(line) && line.includes("@generated"));
}

/** Lines in which the mark may stand. */
const MARK_LINES = 5;

/** What a rename does to files: new texts under their paths after the moves, and the moves. */
export interface FileChanges {
    readonly changes: ReadonlyMap<string, string>;
    readonly moves: readonly FileMove[];
}

/** The captures after a rename; each changed file's is asked for with that of the file that it was. */
export function captureChanges(
    captures: ReadonlyMap<string, FileCapture>,
    { changes, moves }: FileChanges,
    capture: (file: Omit<RenamedText, "before">) => FileCapture,
): Map<string, FileCapture> {
    const after = new Map(captures);
    const cameFrom = new Map(moves.map(({ from, to }) => [to, from]));
    for (const { from } of moves) {
        after.delete(from);
    }
    for (const [path, text] of changes) {
        const before = captures.get(cameFrom.get(path) ?? path);
        const known = required(before, "what a rename changes is captured");
        after.set(path, capture({ path, capture: known, after: text }));
    }
    return after;
}

/** Gives the model with files under their new paths. */
export function moveFiles(model: WorkspaceModel, moves: readonly FileMove[]): WorkspaceModel {
    if (moves.length === 0) {
        return model;
    }
    const movedTo = new Map(moves.map((move) => [move.from, move.to]));
    const at = (path: RepoPath): RepoPath => repoPath(movedTo.get(path) ?? path);
    return {
        ...model,
        rustFiles: model.rustFiles.map(at).sort(),
        packages: model.packages.map((each) => ({
            ...each,
            targets: each.targets.map((target) => ({ ...target, rootFile: at(target.rootFile) })),
        })),
    };
}

function cratesOf(view: View, paths: ReadonlySet<string>): string[] {
    const names = new Set<string>();
    for (const file of view.resolution.files()) {
        if (paths.has(file.path)) {
            for (const owner of file.owners) {
                names.add(view.resolution.symbol(owner).name);
            }
        }
    }
    return [...names].sort();
}
