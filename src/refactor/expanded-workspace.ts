// A copy of the workspace in which some macro calls are expanded, as the resolver reads it, and the way from its
// tokens back to those that were written.

import { finishSteps, type Steps } from "../base/index.ts";
import {
    BIND,
    type LocalInfo,
    type OccurrenceTable,
    type Resolution,
    type WorkspacePart,
} from "../resolve/index.ts";
import { renderTokens, type HygieneMark, type SyntaxTree } from "../syntax/index.ts";
import type { RenameContext } from "./context.ts";
import type { CallOutput } from "./expand-call.ts";
import { ExpandedFile, type Splice, type WrittenAt } from "./expanded-file.ts";
import { MacroTexts, type TwinChoice } from "./macro-texts.ts";
import { placeKey } from "./proof-view.ts";
import type { CallSite } from "./written-calls.ts";

/** Kinds of locals that hygiene tells apart in the output of `macro_rules`. */
const HYGIENIC: ReadonlySet<LocalInfo["kind"]> = new Set(["local", "parameter", "label"]);

/** So many workspaces are made of macros with several definitions. */
const WORLDS_MAX = 4;

/**
 * Expands calls, once for every choice of definitions where a macro has several under predicates; undefined where
 * a call has no certain output, or one that is not Rust.
 */
export function* expandWorkspaces(
    context: RenameContext,
    calls: readonly CallSite[],
    part?: WorkspacePart,
): Steps<readonly ExpandedWorkspace[] | undefined> {
    const worlds: ExpandedWorkspace[] = [];
    const open: TwinChoice[] = [new Map()];
    for (let choice = open.pop(); choice !== undefined; choice = open.pop()) {
        const texts = new MacroTexts(context, choice);
        const world = yield* expandWith(context, calls, { texts, part });
        if (world === undefined || worlds.length >= WORLDS_MAX) {
            return undefined;
        }
        worlds.push(world);
        // What was met here, and nothing was said of, had its first definition.
        const taken = new Map(choice);
        for (const [macro, count] of texts.met) {
            if (!taken.has(macro)) {
                for (let other = 1; other < count; other++) {
                    open.push(new Map([...taken, [macro, other]]));
                }
                taken.set(macro, 0);
            }
        }
        if (worlds.length + open.length > WORLDS_MAX) {
            return undefined;
        }
    }
    return worlds;
}

function* expandWith(
    context: RenameContext,
    calls: readonly CallSite[],
    { texts, part }: { readonly texts: MacroTexts; readonly part: WorkspacePart | undefined },
): Steps<ExpandedWorkspace | undefined> {
    const outputs = yield* texts.expandInSteps(calls);
    if (outputs === undefined) {
        return undefined;
    }
    const splices = new Map<string, Splice[]>();
    calls.forEach((call, at) => {
        const rendered = renderTokens(
            outputs[at]?.tokens ?? [],
            call.place === "value" ? "bare-expression" : "items",
        );
        const frame = call.place === "value" ? (["(", ")"] as const) : (["", ""] as const);
        const splice = { start: call.start, end: call.end, rendered, frame };
        const known = splices.get(call.path);
        splices.set(call.path, known === undefined ? [splice] : [...known, splice]);
    });
    const files = new Map(
        [...splices].map(([path, list]) => [path, new ExpandedFile(context.textOf(path), list)]),
    );
    for (const [path, { text }] of files) {
        for (const one of [context.textOf(path), text]) {
            yield;
            if (context.isWhole?.(path, one) !== true) {
                return undefined;
            }
        }
    }
    const changes = new Map([...files].map(([path, { text }]) => [path, text]));
    const resolution =
        part === undefined || context.resolvePart === undefined
            ? context.reResolve(changes, [])
            : yield* context.resolvePart(changes, part);
    return new ExpandedWorkspace(context, { texts, calls, outputs, files, resolution });
}

function isIn({ scope }: LocalInfo, offset: number): boolean {
    return scope.start <= offset && offset < scope.end;
}

/** The workspace with calls expanded. */
export class ExpandedWorkspace {
    readonly texts: MacroTexts;
    readonly outputs: readonly CallOutput[];
    readonly resolution: Resolution;
    readonly #context: RenameContext;
    readonly #calls: readonly CallSite[];
    readonly #files: ReadonlyMap<string, ExpandedFile>;
    readonly #trees = new Map<string, SyntaxTree | undefined>();

    constructor(
        context: RenameContext,
        expanded: {
            readonly texts: MacroTexts;
            readonly calls: readonly CallSite[];
            readonly outputs: readonly CallOutput[];
            readonly files: ReadonlyMap<string, ExpandedFile>;
            /** Of the workspace, or of the part of it that is read. */
            readonly resolution: Resolution;
        },
    ) {
        this.#context = context;
        this.texts = expanded.texts;
        this.#calls = expanded.calls;
        this.outputs = expanded.outputs;
        this.#files = expanded.files;
        this.resolution = expanded.resolution;
    }

    #textsAfter(): Map<string, string> {
        return new Map([...this.#files].map(([path, { text }]) => [path, text]));
    }

    /** Paths of the files in which calls are expanded. */
    get paths(): readonly string[] {
        return [...this.#files.keys()];
    }

    /** Where what stands at an offset of the expanded text was written. */
    writtenAt(file: string, offset: number): WrittenAt | undefined {
        const expanded = this.#files.get(file);
        return expanded === undefined
            ? { source: undefined, start: offset, mark: undefined, token: undefined }
            : expanded.writtenAt(offset);
    }

    /** `placeKey` of the written token that stands at an offset; empty for what only the expansion has. */
    keyOf(file: string, offset: number): string {
        const written = this.writtenAt(file, offset);
        return written === undefined
            ? ""
            : placeKey(
                  written.source === undefined ? file : this.texts.pathOf(written.source),
                  written.start,
              );
    }

    /** A local's names must mean by hygiene what the plain text says. */
    isHygienic(): boolean {
        return finishSteps(this.checkHygiene());
    }

    /** The same, one file in each step. */
    *checkHygiene(): Steps<boolean> {
        for (const [path, { regions }] of this.#files) {
            yield;
            const tables = this.resolution.rowsTouching(path, regions);
            if (!tables.every(({ table }) => this.#isTableHygienic(path, table))) {
                return false;
            }
        }
        return true;
    }

    #isTableHygienic(path: string, { bind, target, start, locals }: OccurrenceTable): boolean {
        return bind.every((one, row) => {
            const local = one === BIND.local ? locals[target[row] ?? 0] : undefined;
            if (local === undefined || !HYGIENIC.has(local.kind)) {
                return true;
            }
            const at = start[row] ?? 0;
            const use = this.writtenAt(path, at)?.mark;
            return use === this.#markOf(local) || this.#isSeenFromMacro(local, use, at);
        });
    }

    #markOf({ file, nameSpan }: LocalInfo): HygieneMark | undefined {
        return this.writtenAt(file, nameSpan.start)?.mark;
    }

    /**
     * Whether a name that a macro's body wrote means a local that the macro sees where it is defined: nothing of the
     * body has the name at the use, and there no other local has.
     */
    #isSeenFromMacro(local: LocalInfo, mark: HygieneMark | undefined, use: number): boolean {
        const { file, name } = local;
        if (mark === undefined || this.texts.pathOf(mark.definition.source) !== file) {
            return false;
        }
        const at = this.#files.get(file)?.offsetOf(mark.definition.nameStart);
        const alike = new Map<number, LocalInfo>();
        for (const { binding } of this.resolution.occurrencesNamed(name)) {
            if (binding.kind === "local" && binding.local.file === file) {
                alike.set(binding.local.nameSpan.start, binding.local);
            }
        }
        const locals = [...alike.values()];
        const isHidden = locals.some((one) => isIn(one, use) && this.#markOf(one) === mark);
        const [nearest] = locals
            .filter((one) => at !== undefined && isIn(one, at) && this.#markOf(one) === mark.outer)
            .sort((a, b) => b.scope.start - a.scope.start || a.scope.end - b.scope.end);
        return !isHidden && nearest?.nameSpan.start === local.nameSpan.start;
    }

    /** The workspace as a rename sees it, trees of expanded files left out. */
    after(): RenameContext {
        return {
            ...this.#context,
            resolution: this.resolution,
            textOf: (path) => this.#files.get(path)?.text ?? this.#context.textOf(path),
            treeOf: (path) => (this.#files.has(path) ? undefined : this.#context.treeOf(path)),
        };
    }

    /** The workspace as a rename is planned on it. */
    planned(): RenameContext {
        const context = this.#context;
        return {
            ...this.after(),
            treeOf: (path) => this.#treeOf(path),
            reResolve: (changes, moves) => {
                const targets = new Map(moves.map(({ from, to }) => [from, to]));
                const texts = new Map(
                    [...this.#textsAfter()].map(([path, text]) => [
                        targets.get(path) ?? path,
                        text,
                    ]),
                );
                return context.reResolve(new Map([...texts, ...changes]), moves);
            },
        };
    }

    #treeOf(path: string): SyntaxTree | undefined {
        const expanded = this.#files.get(path);
        if (expanded === undefined) {
            return this.#context.treeOf(path);
        }
        if (!this.#trees.has(path)) {
            this.#trees.set(path, this.#context.parse?.(expanded.text));
        }
        return this.#trees.get(path);
    }

    /** With some tokens renamed, every call must give the same but for them: a rule may compare names. */
    keepsRules(renamed: ReadonlySet<string>, newName: string): boolean {
        if (renamed.size === 0) {
            return true;
        }
        const outputs = this.texts.renamed(renamed, newName).expandAll(this.#calls);
        return (
            outputs?.every(({ tokens }, at) => {
                const before = this.outputs[at]?.tokens ?? [];
                return (
                    tokens.length === before.length &&
                    tokens.every((token, i) => {
                        const old = before[i];
                        const text =
                            old !== undefined && renamed.has(this.texts.keyOf(old))
                                ? newName
                                : old?.text;
                        return token.kind === old?.kind && token.text === text;
                    })
                );
            }) === true
        );
    }
}
