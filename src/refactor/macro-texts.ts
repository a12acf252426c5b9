// Macros' definitions and calls as tokens, read from the workspace's texts, with some of them renamed if asked.

import { finishSteps, required, type Steps } from "../base/index.ts";
import { isStdMacroName, type SymbolInfo } from "../resolve/index.ts";
import {
    isMacroProblem,
    KIND,
    lexMacroTokens,
    parseMacroTokens,
    type MacroDefinition,
    type MacroToken,
} from "../syntax/index.ts";
import type { RenameContext } from "./context.ts";
import { canReachCrate } from "./crate-reach.ts";
import { expandCall, type CallOutput } from "./expand-call.ts";
import { isBeforeColons } from "./places.ts";
import { placeKey } from "./proof-view.ts";
import { asTwins, definitionKey, type CallSite } from "./written-calls.ts";

const EDITIONS: Readonly<Record<string, number>> = {
    "2015": 2015,
    "2018": 2018,
    "2021": 2021,
    "2024": 2024,
};

/** Tokens that are spelled otherwise, by `placeKey`. */
interface Renaming {
    readonly places: ReadonlySet<string>;
    readonly newName: string;
}

/** What macros are read from. */
export type MacroContext = Pick<RenameContext, "resolution" | "model" | "textOf" | "treeOf">;

/** Which definition a macro with several has, by the definitions' keys. */
export type TwinChoice = ReadonlyMap<string, number>;

/** The macros of a workspace, read as needed. */
export class MacroTexts {
    /** How many definitions each macro has that has several, in the order in which they were met. */
    readonly met = new Map<string, number>();
    readonly #context: MacroContext;
    readonly #choice: TwinChoice | undefined;
    readonly #renaming: Renaming | undefined;
    readonly #paths: string[];
    readonly #definitions = new Map<string, MacroDefinition | undefined>();
    readonly #named = new Map<string, MacroDefinition | undefined>();

    /** Without a choice, a macro with several definitions is not expanded. */
    constructor(
        context: MacroContext,
        choice: TwinChoice | undefined,
        renaming?: Renaming,
        paths: string[] = [],
    ) {
        this.#context = context;
        this.#choice = choice;
        this.#renaming = renaming;
        this.#paths = paths;
    }

    /** The same macros with some tokens renamed. */
    renamed(places: ReadonlySet<string>, newName: string): MacroTexts {
        return new MacroTexts(this.#context, this.#choice, { places, newName }, this.#paths);
    }

    /** The file whose text has a number. */
    pathOf(source: number): string {
        return required(this.#paths[source], "a text that was not read");
    }

    keyOf({ source, start }: MacroToken): string {
        return placeKey(this.pathOf(source), start);
    }

    /** Expands calls to the end; undefined where one cannot be. */
    expandAll(calls: readonly CallSite[]): readonly CallOutput[] | undefined {
        return finishSteps(this.expandInSteps(calls));
    }

    /** The same, one call in each step. */
    *expandInSteps(calls: readonly CallSite[]): Steps<readonly CallOutput[] | undefined> {
        const outputs: CallOutput[] = [];
        for (const call of calls) {
            yield;
            const output = this.expand(call);
            if (output === undefined) {
                return undefined;
            }
            outputs.push(output);
        }
        return this.#isHidden(calls, outputs) ? undefined : outputs;
    }

    /** Whether a macro that some output defines has the name of one that was expanded, and may be meant in its place. */
    #isHidden(calls: readonly CallSite[], outputs: readonly CallOutput[]): boolean {
        const defined = new Set(outputs.flatMap((one) => one.defined));
        return (
            defined.size > 0 &&
            (calls.some(({ macros }) => macros.some(({ name }) => defined.has(name))) ||
                outputs.some(({ consumed }) =>
                    consumed.some(({ token }) => defined.has(token.text)),
                ))
        );
    }

    /** Whether a token stands in what a rule matches. */
    isInMatcher(path: string, offset: number): boolean {
        const tree = this.#context.treeOf(path);
        if (tree === undefined) {
            return false;
        }
        const { kind, parent, end } = tree.columns;
        for (let at = tree.nodeAt(offset) ?? 0; at !== 0; at = parent[at] ?? 0) {
            if (kind[at] === KIND.macro_rule) {
                const left = tree.findChild(at, "left");
                return left !== undefined && offset < (end[left] ?? 0);
            }
        }
        return false;
    }

    /** Expands one call to the end; undefined where it cannot be. */
    expand(call: CallSite): CallOutput | undefined {
        const definition = this.#chosenOf(call.macros);
        const tokens = this.lex(call.path, call.inputStart, call.inputEnd);
        if (definition === undefined || tokens === undefined) {
            return undefined;
        }
        const edition = this.#editionOf(call.path);
        const output = expandCall(definition, { tokens, edition }, (name, isPlain) => {
            const near = isPlain && this.#choice === undefined ? this.#inScope(name, call) : [];
            const [only, ...more] = near;
            return only !== undefined && more.length === 0
                ? this.#definitionOf(only)
                : this.#find(name, call.path);
        });
        return output && this.#withCrates(call, output);
    }

    #editionOf(path: string): number {
        return EDITIONS[this.#context.resolution.editionOf(path)] ?? 2021;
    }

    /** The tokens of a text; undefined where it has none. */
    lex(path: string, start: number, end: number): readonly MacroToken[] | undefined {
        const known = this.#paths.indexOf(path);
        const source = known === -1 ? this.#paths.push(path) - 1 : known;
        const tokens = lexMacroTokens({ text: this.#context.textOf(path), start, end, source });
        if (isMacroProblem(tokens)) {
            return undefined;
        }
        const renaming = this.#renaming;
        return renaming === undefined
            ? tokens
            : tokens.map((token) =>
                  renaming.places.has(this.keyOf(token))
                      ? { ...token, text: renaming.newName }
                      : token,
              );
    }

    /** The definition among a macro's that is chosen, the first where nothing is said. */
    #chosenOf(twins: readonly SymbolInfo[]): MacroDefinition | undefined {
        const key = twins.map(definitionKey).join(" ");
        if (twins.length > 1) {
            this.met.set(key, twins.length);
            if (this.#choice === undefined) {
                return undefined;
            }
        }
        const chosen = twins[this.#choice?.get(key) ?? 0];
        return chosen && this.#definitionOf(chosen);
    }

    #definitionOf(macro: SymbolInfo): MacroDefinition | undefined {
        const key = definitionKey(macro);
        if (!this.#definitions.has(key)) {
            this.#definitions.set(key, this.#parse(macro));
        }
        return this.#definitions.get(key);
    }

    #parse({ file, extent, crate }: SymbolInfo): MacroDefinition | undefined {
        const tokens =
            file === undefined || extent === undefined
                ? undefined
                : this.lex(file, extent.start, extent.end);
        if (tokens === undefined || file === undefined || crate === undefined) {
            return undefined;
        }
        const source = this.#paths.indexOf(file);
        const edition = this.#editionOf(file);
        const definition = parseMacroTokens(tokens, { source, crate, edition });
        // A `macro` is hygienic in all names, which no plain text is.
        return isMacroProblem(definition) || definition.flavor === "macro" ? undefined : definition;
    }

    /** Macros of a name that are in scope at a call by the order of its text, which come before any other. */
    #inScope(name: string, { path, start }: CallSite): readonly SymbolInfo[] {
        const { resolution } = this.#context;
        const tree = this.#context.treeOf(path);
        // A module's macros may come between.
        if (tree === undefined || tree.columns.names.includes("macro_use")) {
            return [];
        }
        const { kind, parent, end } = tree.columns;
        const found = new Map<string, SymbolInfo>();
        for (const index of resolution.findByName(name)) {
            const macro = resolution.symbol(index);
            const { file, extent } = macro;
            if (macro.kind !== "macro" || file !== path || extent === undefined) {
                continue;
            }
            let node = tree.nodeAt(extent.start) ?? 0;
            while (node !== 0 && kind[node] !== KIND.macro_definition) {
                node = parent[node] ?? 0;
            }
            const scope = parent[node] ?? 0;
            const isBefore = node !== 0 && extent.end <= start;
            if (isBefore && (scope === 0 || start < (end[scope] ?? 0))) {
                found.set(definitionKey(macro), macro);
            }
        }
        return [...found.values()];
    }

    /** The macro that a name can only mean where a file's calls are expanded. */
    #find(name: string, path: string): MacroDefinition | undefined {
        const key = `${path} ${name}`;
        if (!this.#named.has(key)) {
            this.#named.set(key, this.#findOnly(this.#oldName(name), path));
        }
        return this.#named.get(key);
    }

    /** The name before the renaming, which changes one name only. */
    #oldName(name: string): string {
        const [place] = this.#renaming?.newName === name ? this.#renaming.places : [];
        const cut = place?.lastIndexOf(":") ?? -1;
        if (place === undefined) {
            return name;
        }
        const text = this.#context.textOf(place.slice(0, cut)).slice(Number(place.slice(cut + 1)));
        return /^(?:r#)?([\p{XID_Start}_]\p{XID_Continue}*)/u.exec(text)?.[1] ?? name;
    }

    #findOnly(name: string, path: string): MacroDefinition | undefined {
        const { resolution } = this.#context;
        const owners = this.#ownersOf(path);
        const macros = resolution
            .findByName(name)
            .map((one) => resolution.symbol(one))
            .filter((one) => one.kind === "macro" && this.#isSeenBy(owners, one));
        const twins = asTwins(resolution, macros);
        const isElsewhere = (): boolean =>
            resolution.occurrencesNamed(name).some(({ role, binding, file, span }) => {
                const isOutside = binding.kind === "external" || binding.kind === "builtin";
                // What an import's path goes on behind is a crate or a module, as `std::num` is.
                const isModule =
                    isBeforeColons(this.#context.textOf(file), span.end) ||
                    (binding.kind === "external" && isOtherOfStd(binding.path));
                const isImported = role === "import" && !isModule;
                return isOutside && (role === "macro-call" || isImported);
            });
        return twins?.every(({ file }) => file !== undefined) === true && !isElsewhere()
            ? this.#chosenOf(twins)
            : undefined;
    }

    #ownersOf(path: string): readonly number[] {
        return this.#context.resolution.files().find((one) => one.path === path)?.owners ?? [];
    }

    /** Whether one of some crates may name a macro. */
    #isSeenBy(owners: readonly number[], { crate, visibility }: SymbolInfo): boolean {
        const { resolution, model } = this.#context;
        return (
            crate === undefined ||
            owners.length === 0 ||
            owners.some(
                (owner) =>
                    owner === crate ||
                    (visibility === "public" && canReachCrate(model, resolution, owner, crate)),
            )
        );
    }

    /** Writes `$crate` as the crate's name where the call is in another one. */
    #withCrates(call: CallSite, output: CallOutput): CallOutput | undefined {
        const tokens: MacroToken[] = [];
        for (const token of output.tokens) {
            if (token.text !== "$crate" || token.crate === undefined) {
                tokens.push(token);
                continue;
            }
            const text = this.#crateAt(call.path, token.crate);
            if (text === undefined) {
                return undefined;
            }
            tokens.push(text === "crate" ? token : { ...token, text });
        }
        return { ...output, tokens };
    }

    /** How a file names the crate of a macro. */
    #crateAt(path: string, crate: number): string | undefined {
        const { resolution, model } = this.#context;
        const owners = this.#ownersOf(path);
        if (owners.includes(crate)) {
            return owners.length === 1 ? "crate" : undefined;
        }
        const wanted = resolution.symbol(crate).name;
        const [owner] = owners;
        const own = owner === undefined || owners.length > 1 ? "" : resolution.symbol(owner).name;
        const names = new Set(
            model.packages
                .filter(({ targets }) => targets.some(({ crateName }) => crateName === own))
                .flatMap(({ targets, dependencies }) => [
                    ...targets.filter(({ crateName }) => crateName === wanted).map(() => wanted),
                    ...dependencies
                        .filter(({ local }) =>
                            (model.packages[local ?? -1]?.targets ?? []).some(
                                ({ crateName }) => crateName === wanted,
                            ),
                        )
                        .map(({ externName }) => externName),
                ]),
        );
        const [name] = names;
        return name === undefined || names.size > 1 ? undefined : `::${name}`;
    }
}

/** Whether a path leads to something of std that is no macro. */
function isOtherOfStd(path: string): boolean {
    return (
        /^(?:std|core|alloc)::\w+$/u.test(path) &&
        !isStdMacroName(path.slice(path.lastIndexOf(":") + 1))
    );
}
