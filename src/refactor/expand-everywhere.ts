// The workspace with every macro call expanded that can be expanded with certainty where it stands: what its code
// means is then read as any other's. A call of which something is in doubt stays as it is written.

import { LineIndex, type Span, type Steps } from "../base/index.ts";
import {
    BIND,
    isStdMacroName,
    type LocalInfo,
    type OccurrenceTable,
    type ResolvedWorkspace,
} from "../resolve/index.ts";
import {
    KIND,
    renderTokens,
    type FileCapture,
    type MacroToken,
    type RenderedTokens,
    type SyntaxTree,
} from "../syntax/index.ts";
import { withAttributes } from "./expand-call.ts";
import { ExpandedFile } from "./expanded-file.ts";
import { MacroTexts, type MacroContext } from "./macro-texts.ts";
import { placeKey } from "./proof-view.ts";
import {
    asTwins,
    definitionKey,
    macrosOfCall,
    siteOfCall,
    type CallSite,
} from "./written-calls.ts";

/** What is expanded. */
export interface EverywhereInput extends Omit<MacroContext, "treeOf"> {
    readonly captures: ReadonlyMap<string, FileCapture>;
    /** Whether what stands at an offset is given to a macro that no call shows, such as an attribute. */
    isTakenApart(path: string, offset: number): boolean;
    capture(path: string, text: string): FileCapture;
    resolve(captures: ReadonlyMap<string, FileCapture>): ResolvedWorkspace;
}

/** A call in whose place its output stands. */
export interface ExpandedCall {
    /** Where it was written. */
    readonly written: Span;
    /** Where its output stands. */
    readonly output: Span;
    /** Places of the definitions that were expanded, the called one first. */
    readonly macros: readonly string[];
}

/** The expanded workspace. */
export interface ExpandedCode {
    readonly captures: ReadonlyMap<string, FileCapture>;
    readonly resolution: ResolvedWorkspace;
    /** The calls of each file that has such, in order. */
    readonly calls: ReadonlyMap<string, readonly ExpandedCall[]>;
    /** A file's text, expanded. */
    textOf(path: string): string;
    /** Where what stands in an expanded text was written, `path:offset`; empty for what only the expansion has. */
    keyOf(path: string, offset: number): string;
}

/** A call and what it gives. */
interface Expansion {
    readonly call: CallSite;
    readonly rendered: RenderedTokens;
    readonly macros: readonly string[];
}

/** So many times calls that turn out to be in doubt are taken back; then whole files are. */
const ROUNDS_MAX = 4;

const HYGIENIC: ReadonlySet<LocalInfo["kind"]> = new Set(["local", "parameter", "label"]);

/** Expands the calls of a workspace, a file in each step; undefined where none can be. */
export function expandEverywhere(input: EverywhereInput): Steps<ExpandedCode | undefined> {
    return new Expander(input).expand();
}

class Expander {
    readonly #input: EverywhereInput;
    readonly #texts: MacroTexts;
    readonly #expansions = new Map<string, Expansion[]>();
    readonly #files = new Map<string, ExpandedFile>();
    readonly #captures: Map<string, FileCapture>;

    constructor(input: EverywhereInput) {
        this.#input = input;
        const treeOf = (path: string): SyntaxTree | undefined => input.captures.get(path)?.tree;
        this.#texts = new MacroTexts({ ...input, treeOf }, undefined);
        this.#captures = new Map(input.captures);
    }

    *expand(): Steps<ExpandedCode | undefined> {
        for (const [path, capture] of this.#input.captures) {
            // Text that does not parse is read by guessing.
            const found = capture.problems.length > 0 ? [] : this.#expansionsOf(path, capture.tree);
            if (found.length > 0) {
                this.#expansions.set(path, found);
                this.#write(path);
            }
            yield;
        }
        for (let round = 0; this.#files.size > 0; round++) {
            // A copy, as what resolves may hold on to it.
            const resolution = this.#input.resolve(new Map(this.#captures));
            const doubtful = yield* this.#takeBack(resolution, round >= ROUNDS_MAX);
            if (!doubtful) {
                return this.#finish(resolution);
            }
        }
        return undefined;
    }

    #expansionsOf(path: string, tree: SyntaxTree): Expansion[] {
        return this.#callsOf(path, tree).flatMap((call) => {
            const output = this.#texts.expand(call);
            // A macro that an output defines may be meant in the place of one that is expanded elsewhere.
            if (output === undefined || output.defined.length > 0) {
                return [];
            }
            const attributes = this.#attributesOf(call, tree);
            if (attributes === undefined) {
                return [];
            }
            const tokens = withAttributes(output.tokens, attributes);
            const position = call.place === "value" ? "bare-expression" : "items";
            const rendered = renderTokens(tokens, position);
            const inner = output.consumed.map(({ definition }) =>
                placeKey(this.#texts.pathOf(definition.source), definition.nameStart),
            );
            const macros = [...new Set([...call.macros.map(definitionKey), ...inner])];
            return [{ call, rendered, macros }];
        });
    }

    /** The attributes of a call, none for a call without; undefined where they cannot stand before its output. */
    #attributesOf(call: CallSite, tree: SyntaxTree): readonly MacroToken[] | undefined {
        const node = tree.nodeAt(call.start) ?? 0;
        let at = node;
        while (at !== 0 && tree.columns.kind[at] !== KIND.macro_invocation) {
            at = tree.columns.parent[at] ?? 0;
        }
        const start = attributesOf(tree, at);
        if (start === undefined) {
            return [];
        }
        return call.place === "list" ? this.#texts.lex(call.path, start, call.start) : undefined;
    }

    /** The outermost calls of a file that mean one macro of the workspace. */
    #callsOf(path: string, tree: SyntaxTree): CallSite[] {
        const { resolution } = this.#input;
        const { kind, start, next } = tree.columns;
        const calls: CallSite[] = [];
        for (let node = 1; node < tree.count; node++) {
            if (kind[node] === KIND.macro_definition || kind[node] === KIND.attribute_item) {
                node = (next[node] ?? node + 1) - 1;
            }
            if (kind[node] !== KIND.macro_invocation) {
                continue;
            }
            const macros = macrosOfCall(resolution, tree, { path, node });
            if (macros?.length === 0 && this.#isPlain(path, tree, node)) {
                continue;
            }
            const twins = macros === undefined ? undefined : asTwins(resolution, macros);
            const [only, ...more] = twins ?? [];
            const isSure =
                only !== undefined &&
                more.length === 0 &&
                !this.#input.isTakenApart(path, start[node] ?? 0);
            const site = isSure
                ? siteOfCall(this.#input.textOf(path), tree, { path, node, macros: [only] })
                : undefined;
            if (site !== undefined) {
                calls.push(site);
            }
            node = (next[node] ?? node + 1) - 1;
        }
        return calls;
    }

    /** Whether a call's input is expressions where they stand. */
    #isPlain(path: string, tree: SyntaxTree, node: number): boolean {
        const macro = tree.findChild(node, "macro");
        const word = macro === undefined ? undefined : (tree.findChild(macro, "name") ?? macro);
        const name = word === undefined ? "" : tree.nameOf(word);
        const start = word === undefined ? -1 : (tree.columns.start[word] ?? -1);
        return (
            isStdMacroName(name) &&
            !/^(?:stringify|concat|include|macro_rules)/u.test(name) &&
            this.#input.resolution
                .occurrencesAt(path, start)
                .every(
                    ({ binding }) =>
                        binding.kind === "builtin" ||
                        (binding.kind === "external" &&
                            /^(?:std|core|alloc)::/u.test(binding.path)),
                )
        );
    }

    /** Makes a file's text anew; calls whose output is no Rust where it stands are taken back. */
    #write(path: string): void {
        const before = this.#input.captures.get(path);
        for (let round = 0; ; round++) {
            const expansions = this.#expansions.get(path) ?? [];
            if (expansions.length === 0) {
                this.#expansions.delete(path);
                this.#files.delete(path);
                if (before !== undefined) {
                    this.#captures.set(path, before);
                }
                return;
            }
            const file = new ExpandedFile(this.#input.textOf(path), expansions.map(asSplice));
            const capture = this.#input.capture(path, file.text);
            if (capture.problems.length === 0) {
                this.#files.set(path, file);
                this.#captures.set(path, capture);
                return;
            }
            const index = new LineIndex(file.text);
            const lines = capture.problems.map(({ line }) => line ?? 0);
            const kept = expansions.filter((_, at) => {
                const { start, end } = file.regions[at] ?? { start: 0, end: 0 };
                const [first, last] = [index.position(start).line, index.position(end).line];
                return !lines.some((line) => first <= line && line <= last);
            });
            const isStuck = round >= ROUNDS_MAX || kept.length === expansions.length;
            this.#expansions.set(path, isStuck ? [] : kept);
        }
    }

    /** Takes back the calls by which a name means a local that it cannot mean by hygiene; says whether there are any. */
    *#takeBack({ source }: ResolvedWorkspace, isLast: boolean): Steps<boolean> {
        let found = false;
        for (const [path, file] of [...this.#files]) {
            const doubtful = new Set<number>();
            for (const each of source.filesOf(path)) {
                this.#addStrays(source.table(each), { path, file }, doubtful);
            }
            if (doubtful.size > 0) {
                found = true;
                const all = this.#expansions.get(path) ?? [];
                this.#expansions.set(path, isLast ? [] : all.filter((_, at) => !doubtful.has(at)));
                this.#write(path);
            }
            yield;
        }
        return found;
    }

    /** Adds the calls that give a name, or the local that it is said to mean, where the two differ in who wrote them. */
    #addStrays(
        table: OccurrenceTable,
        { path, file }: { readonly path: string; readonly file: ExpandedFile },
        doubtful: Set<number>,
    ): void {
        for (let row = 0; row < table.start.length; row++) {
            if (table.bind[row] !== BIND.local) {
                continue;
            }
            const local = table.locals[table.target[row] ?? 0];
            if (local === undefined || !HYGIENIC.has(local.kind) || local.file !== path) {
                continue;
            }
            const use = table.start[row] ?? 0;
            const definition = local.nameSpan.start;
            if (file.writtenAt(use)?.mark !== file.writtenAt(definition)?.mark) {
                for (const splice of [file.spliceAt(use), file.spliceAt(definition)]) {
                    if (splice !== -1) {
                        doubtful.add(splice);
                    }
                }
            }
        }
    }

    #finish(resolution: ResolvedWorkspace): ExpandedCode {
        const files = this.#files;
        const texts = this.#texts;
        const calls = new Map(
            [...files].map(([path, { regions }]) => [
                path,
                (this.#expansions.get(path) ?? []).map(({ call, macros }, at): ExpandedCall => {
                    const { start, end } = regions[at] ?? call;
                    const written = { start: call.start, end: call.end };
                    return { written, output: { start, end }, macros };
                }),
            ]),
        );
        return {
            ...{ captures: this.#captures, resolution, calls },
            textOf: (path) => files.get(path)?.text ?? this.#input.textOf(path),
            keyOf: (path, offset) => {
                const file = files.get(path);
                if (file === undefined) {
                    return placeKey(path, offset);
                }
                const written = file.writtenAt(offset);
                if (written === undefined) {
                    return "";
                }
                const { source, start } = written;
                return placeKey(source === undefined ? path : texts.pathOf(source), start);
            },
        };
    }
}

function asSplice({
    call,
    rendered,
}: Expansion): ConstructorParameters<typeof ExpandedFile>[1][number] {
    const frame = call.place === "value" ? (["(", ")"] as const) : (["", ""] as const);
    return { start: call.start, end: call.end, rendered, frame };
}

/** Where the attributes of a call begin, which are those of all that it gives; undefined without any. */
function attributesOf(tree: SyntaxTree, call: number): number | undefined {
    const { parent, kind, start } = tree.columns;
    const holder = parent[call] ?? 0;
    const item = kind[holder] === KIND.expression_statement ? holder : call;
    let first: number | undefined;
    for (const sibling of tree.childrenOf(parent[item] ?? 0)) {
        if (sibling === item) {
            break;
        }
        first = kind[sibling] === KIND.attribute_item ? (first ?? start[sibling]) : undefined;
    }
    return first;
}
