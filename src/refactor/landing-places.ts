// Where code can come to stand that procedural macros make: where one is called. In a module whose files call
// none, private items are out of its sight.

import {
    isLanguageName,
    isStdMacroName,
    type Resolution,
    type SymbolInfo,
} from "../resolve/index.ts";
import type { RenameContext } from "./context.ts";
import { moduleAround } from "./path-holders.ts";

type LandingContext = Pick<RenameContext, "resolution" | "textOf">;

const known = new WeakMap<Resolution, Map<number, boolean>>();

/** Whether code that a macro from outside makes may stand where a private item is seen. Says no only when certain. */
export function mayLandBeside(context: LandingContext, symbol: SymbolInfo): boolean {
    const { resolution } = context;
    const around = moduleAround(resolution, symbol.parent);
    if (symbol.visibility !== "private" || around?.kind !== "module") {
        return true;
    }
    const module = around.index;
    const all = known.get(resolution) ?? new Map<number, boolean>();
    known.set(resolution, all);
    let found = all.get(module);
    if (found === undefined) {
        const files = filesOf(resolution, module);
        found =
            files.length === 0 || !files.every((file) => new ClosedFile(context, file).isClosed());
        all.set(module, found);
    }
    return found;
}

/** The files that a module and those inside of it are written in. */
function filesOf(resolution: Resolution, module: number): readonly string[] {
    const inside = new Set([module]);
    // A set visits what is added to it during the loop.
    for (const at of inside) {
        resolution
            .childrenOf(at)
            .filter((one) => resolution.symbol(one).kind === "module")
            .forEach((one) => inside.add(one));
    }
    const bodies = resolution
        .files()
        .filter(({ modules }) => modules.some((one) => inside.has(one)));
    const { file } = resolution.symbol(module);
    // A module in braces stands in the file that names it.
    const isInBraces = !bodies.some(({ modules }) => modules.includes(module));
    const paths = bodies.map(({ path }) => path);
    return isInBraces && file !== undefined ? [file, ...paths] : paths;
}

const ATTRIBUTE = /#\s*!?\s*\[\s*([^\s\](=,]*)/gu;
const DERIVE = /\bderive\b([^\])]*)/gu;
const CALL = /([$\p{XID_Continue}]+)\s*!\s*(?:[({[]|$)/gmu;
const GLOB = /\buse\s+(?!super\s*::\s*\*|self\s*::\s*\*)[^;]*\*/u;
const STD_DERIVES =
    /^[\s(,]*(?:(?:Clone|Copy|Debug|Default|Eq|Hash|Ord|PartialEq|PartialOrd)[\s,]*)*$/u;
/** Words before a `!` that call nothing. */
const KEYWORDS: ReadonlySet<string> = new Set(
    "macro_rules if while match return in else break mut".split(" "),
);
/** These make other files, or other attributes, part of what they stand in. */
const OPEN_WORDS: ReadonlySet<string> = new Set(["include", "cfg_attr", "global_allocator"]);

/** Whether nothing in a file calls a procedural macro, by its text: comments count as code. */
class ClosedFile {
    readonly #context: LandingContext;
    readonly #file: string;
    readonly #macros = new Map<string, boolean>();

    constructor(context: LandingContext, file: string) {
        this.#context = context;
        this.#file = file;
    }

    isClosed(): boolean {
        const { resolution, textOf } = this.#context;
        const text = textOf(this.#file);
        const occurrences = resolution.occurrencesIn(this.#file);
        return (
            !GLOB.test(text) &&
            this.#isPlain(text) &&
            occurrences.every(({ role, binding }) => {
                if (role !== "macro-call") {
                    return true;
                }
                return (
                    binding.kind === "builtin" ||
                    binding.kind === "symbol" ||
                    (binding.kind === "external" && STD.test(binding.path))
                );
            }) &&
            // An import may give a name of the language another meaning.
            occurrences.every(
                ({ role, name, binding }) =>
                    (role !== "import" && role !== "import-alias") ||
                    (binding.kind === "external" && STD.test(binding.path)) ||
                    (binding.kind === "symbol" &&
                        binding.symbols.every((one) => !CALLED.has(resolution.symbol(one).kind))) ||
                    !(isLanguageName(name) || isStdMacroName(name)),
            )
        );
    }

    /** Whether attributes, derives and macros of a text are the language's, or macros of the workspace like this. */
    #isPlain(text: string): boolean {
        return (
            [...text.matchAll(ATTRIBUTE)].every(([, name = ""]) => isPlainAttribute(name)) &&
            [...text.matchAll(DERIVE)].every(([, list = ""]) => STD_DERIVES.test(list)) &&
            [...text.matchAll(CALL)].every(([, name = ""]) => this.#isPlainMacro(name))
        );
    }

    #isPlainMacro(name: string): boolean {
        const found = this.#macros.get(name);
        if (KEYWORDS.has(name) || found !== undefined) {
            return found ?? true;
        }
        // What calls itself says nothing of itself.
        this.#macros.set(name, true);
        const { resolution, textOf } = this.#context;
        const macros = resolution
            .findByName(name)
            .map((one) => resolution.symbol(one))
            .filter(({ kind }) => kind === "macro");
        const isPlain =
            !OPEN_WORDS.has(name) &&
            (macros.length > 0 || isStdMacroName(name)) &&
            macros.every(
                ({ file, extent }) =>
                    file !== undefined &&
                    extent !== undefined &&
                    this.#isRules(textOf(file).slice(extent.start, extent.end)),
            );
        this.#macros.set(name, isPlain);
        return isPlain;
    }

    /** Whether the text of a macro is `macro_rules` that write nothing else. */
    #isRules(text: string): boolean {
        const body = /^(?:\s*(?:#\[[^\]]*\]|\/\/[^\n]*))*\s*macro_rules\s*!\s*\S+([^]*)$/u.exec(
            text,
        )?.[1];
        return body !== undefined && !body.includes("macro_rules") && this.#isPlain(body);
    }
}

/** What a name before `!`, or in an attribute, can be: procedural macros are functions where they are defined. */
const CALLED: ReadonlySet<SymbolInfo["kind"]> = new Set(["macro", "function"]);

const STD = /^(?:std|core|alloc)(?:::|$)/u;

function isPlainAttribute(name: string): boolean {
    return (
        // What a call gives stands in the file itself.
        name.startsWith("$") ||
        /^(?:rustfmt|clippy)::/u.test(name) ||
        (isLanguageName(name) && !OPEN_WORDS.has(name))
    );
}
