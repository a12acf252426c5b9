// From collected items to the lines of the summary: heads with their members and impls, traits, functions.
// The line format is described in src/resolve/std/data/README.md.

import { printCompact } from "./tokens.mjs";
import {
    flatTokens,
    genericParameters,
    TypeRewriter,
    PRIMITIVES,
    closing,
} from "./rewrite-types.mjs";

const CRATE_RANK = { std: 0, proc_macro: 0, core: 1, alloc: 2 };
const PRELUDE = /^(std|core|alloc)::prelude::/;
const EDITION_PRELUDE = /^std::prelude::(v1|rust_2024)::/;
// Platform and compiler internals: public to std's own crates only, or of no use to type a program.
const LEFT_OUT =
    /^(std|core|alloc)::(intrinsics|arch|simd|core_arch|unicode|panicking|rt|autodiff|contracts|offload|profiling|ub_checks|unsafe_binder|core_simd|std_float|num::imp|num::niche_types)(::|$)|^proc_macro::bridge::/;
// Impls of these are many and give no method.
const TRAITS_LEFT_OUT = new Set(
    (
        "std::marker::Send std::marker::Sync std::marker::Unpin std::panic::UnwindSafe std::panic::RefUnwindSafe " +
        "std::marker::Freeze std::marker::UnsafeUnpin std::marker::StructuralPartialEq std::ops::CoerceUnsized " +
        "std::ops::DispatchFromDyn std::marker::PointerLike std::ops::DerefPure std::iter::TrustedLen " +
        "std::iter::TrustedStep std::iter::TrustedFused std::iter::InPlaceIterable std::iter::SourceIter " +
        "std::marker::ConstParamTy_ std::marker::UnsizedConstParamTy std::clone::UseCloned " +
        "std::clone::TrivialClone std::pin::PinCoerceUnsized std::sync::atomic::AtomicPrimitive " +
        "std::num::ZeroablePrimitive std::mem::TransmuteFrom std::marker::Freeze Send Sync Unpin"
    ).split(" "),
);
const IMPLIED_BY_LANGUAGE = {
    tuple: ["Clone", "Copy"],
    fn: ["Clone", "Copy", "Fn", "FnMut", "FnOnce", "std::marker::FnPtr", "std::fmt::Debug"],
    array: ["Copy"],
};

/** Describes all items; `lines` maps a head's name to its lines. */
export class ItemDescriber {
    heads = new Map();
    functions = [];
    counts = { members: 0, impls: 0, skippedImpls: 0 };
    rewriter;
    #collector;
    #scopes;
    #names = new Map();
    #bare = new Set();

    constructor(collector, scopes) {
        this.#collector = collector;
        this.#scopes = scopes;
        this.#chooseNames();
        this.rewriter = new TypeRewriter(scopes, (definition) => this.#shown(definition));
    }

    #chooseNames() {
        for (const [definition, paths] of this.#scopes.publicPaths()) {
            const usable = [...paths].filter((path) => !PRELUDE.test(path) && !LEFT_OUT.test(path));
            const [best] = usable.sort((a, b) => rankPath(a) - rankPath(b) || (a < b ? -1 : 1));
            if (best !== undefined) {
                this.#names.set(definition, {
                    best,
                    usable,
                    isPrelude: [...paths].some((one) => EDITION_PRELUDE.test(one)),
                });
            }
        }
        for (const [definition, { isPrelude }] of this.#names) {
            if (isPrelude) {
                this.#bare.add(definition);
            }
        }
    }

    /** Canonical path as written in texts: names of the prelude are bare. */
    #shown(definition) {
        return this.#bare.has(definition) ? definition.name : this.#names.get(definition)?.best;
    }

    /** Describes everything. */
    describe() {
        const seen = new Set();
        for (const [definition, names] of this.#names) {
            if (definition.kind === "fn") {
                this.#function(definition, names);
            } else if (!seen.has(names.best)) {
                seen.add(names.best);
                this.#head(definition, names);
            }
        }
        for (const impl of this.#collector.impls) {
            this.#impl(impl);
        }
        for (const [head, traits] of Object.entries(IMPLIED_BY_LANGUAGE)) {
            this.#headOf(head, "primitive").derives.push(...traits);
        }
    }

    #headOf(path, kind) {
        let head = this.heads.get(path);
        if (head === undefined) {
            head = {
                path,
                kind,
                generics: "",
                lines: [],
                derives: [],
                blocks: new Map(),
                impls: [],
                aliases: [],
            };
            this.heads.set(path, head);
        }
        return head;
    }

    #head(definition, names) {
        const { module } = definition;
        const generics = new Set(genericParameters(definition.generics).map((one) => one.name));
        const context = { module, generics };
        const head = this.#headOf(names.best, definition.kind);
        head.unstable = definition.unstable;
        head.generics = this.rewriter.generics(definition.generics, context);
        head.aliases = shortAliases(names);
        const { rewriter } = this;
        if (definition.kind === "alias") {
            head.lines.push(`=${rewriter.text(definition.target, context)}`);
            return;
        }
        if (definition.kind === "trait") {
            this.#trait(definition, head, context);
            return;
        }
        head.derives = definition.derives
            .map((one) => this.#traitPath(module, one))
            .filter((one) => one !== undefined && !TRAITS_LEFT_OUT.has(one));
        for (const field of definition.fields) {
            head.lines.push(
                `${field.unstable ? "g" : "f"}${field.name}: ${rewriter.text(field.type, context)}`,
            );
        }
        for (const variant of definition.variants) {
            const payload = variant.payload === "" ? "" : rewriter.text(variant.payload, context);
            head.lines.push(`${variant.unstable ? "w" : "v"}${variant.name}${payload}`);
        }
    }

    #traitPath(module, text) {
        const derive = { Debug: "std::fmt::Debug", Hash: "std::hash::Hash" }[text];
        if (derive !== undefined) {
            return derive;
        }
        const found = this.#scopes.resolve(module, text.split("::"));
        return found?.definition.kind === "trait" ? this.#shown(found.definition) : undefined;
    }

    #trait(definition, head, context) {
        const { rewriter } = this;
        const supers =
            definition.bounds === ""
                ? ""
                : rewriter.text(definition.bounds.replace(/^:/, ""), context);
        const where = rewriter.where(definition.where, context);
        if (supers !== "" || where !== "") {
            head.lines.push(`s${supers}${where}`);
        }
        for (const member of definition.members) {
            const text = this.#member(member, context);
            const tag = member.isProvided
                ? member.unstable
                    ? "q"
                    : "p"
                : member.unstable
                  ? "u"
                  : "m";
            head.lines.push(tag + text);
            this.counts.members += 1;
        }
        head.isOpen = (definition.unexpanded ?? []).length > 0;
    }

    #member(member, context) {
        const { rewriter } = this;
        if (member.kind === "fn") {
            return rewriter.signature(member, context);
        }
        if (member.kind === "const") {
            return `const ${member.name}: ${rewriter.text(member.type, context)}`;
        }
        const own = genericParameters(member.generics).map((one) => one.name);
        const inner = { ...context, generics: new Set([...context.generics, ...own]) };
        const bounds = member.bounds === "" ? "" : rewriter.text(member.bounds, inner);
        const value = member.type === "" ? "" : ` = ${rewriter.text(member.type, inner)}`;
        const generics = rewriter.generics(member.generics, inner);
        return `type ${member.name}${generics}${bounds === "" ? "" : `: ${bounds}`}${value}`;
    }

    #function(definition, names) {
        if (!/^(std|proc_macro)::/.test(names.best)) {
            return;
        }
        const text = this.rewriter.signature(definition, {
            module: definition.module,
            generics: new Set(),
        });
        this.functions.push(
            `${definition.unstable ? "u" : "m"}${names.best.slice(0, -definition.name.length)} ${text}`,
        );
    }

    #impl(impl) {
        const context = {
            module: impl.module,
            generics: new Set(genericParameters(impl.generics).map((one) => one.name)),
        };
        const self = this.rewriter.tokens(flatTokens(impl.self), context);
        const headName = this.#selfHead(self, context.generics);
        if (headName === undefined) {
            this.counts.skippedImpls += 1;
            return;
        }
        const generics = this.rewriter.generics(impl.generics, context);
        const where = this.rewriter.where(impl.where, context);
        const selfText = printCompact(self);
        if (impl.trait === "") {
            this.#inherent(impl, headName, { header: `${generics} ${selfText}${where}`, context });
            return;
        }
        const trait = this.rewriter.text(impl.trait, context);
        const traitName = /^[\w:]+/.exec(trait)?.[0] ?? "";
        if (!this.#isShownTrait(impl, context) || TRAITS_LEFT_OUT.has(traitName)) {
            this.counts.skippedImpls += 1;
            return;
        }
        const types = impl.members
            .filter((one) => one.kind === "type")
            .map((one) => this.#member(one, context).slice(5));
        const bindings = types.length === 0 ? "" : ` {${types.join("; ")}}`;
        const sign = impl.isNegative ? "!" : "";
        const head = this.#headOf(headName, kindOfHead(headName));
        head.impls.push({
            text: `${generics} ${sign}${trait} for ${selfText}${where}${bindings}`,
            traitName,
            self: selfText,
        });
        this.counts.impls += 1;
    }

    #isShownTrait(impl, context) {
        const words = flatTokens(impl.trait).filter(
            (token) => token.k === "word" || token.s === "::" || token.s === "<",
        );
        const stop = words.findIndex((token) => token.s === "<");
        const path = (stop < 0 ? words : words.slice(0, stop))
            .filter((token) => token.s !== "::")
            .map((token) => token.s);
        const found = this.#scopes.resolve(context.module, path);
        return found !== undefined && this.#names.has(found.definition);
    }

    #inherent(impl, headName, { header, context }) {
        const head = this.#headOf(headName, kindOfHead(headName));
        const block = head.blocks.get(header) ?? new Set();
        head.blocks.set(header, block);
        for (const member of impl.members.filter((one) => one.isPublic)) {
            const line =
                (member.unstable || impl.unstable ? "u" : "m") + this.#member(member, context);
            if (!block.has(line)) {
                block.add(line);
                this.counts.members += 1;
            }
        }
        head.isOpen ||= impl.unexpanded.length > 0;
    }

    /** Path of the head that an impl is for; undefined for types that nobody outside std can name. */
    #selfHead(tokens, generics) {
        let i = 0;
        while (/^(&|&&|\(|mut)$/.test(tokens[i]?.s) || tokens[i]?.k === "life") {
            if (tokens[i].s === "(" && closesAsTuple(tokens, i)) {
                break;
            }
            i += 1;
        }
        const token = tokens[i];
        const isReferenced = i > 0 && tokens[0].s !== "(";
        switch (token?.s) {
            case "[":
                return isArray(tokens, i) ? "array" : "slice";
            case "(":
                return "tuple";
            case "*":
                return "pointer";
            case "!":
                return "never";
            case "fn":
            case "unsafe":
            case "extern":
            case "for":
                return "fn";
            default:
        }
        const at = token?.s === "dyn" ? i + 1 : i;
        const path = /^(?:\w|::)+/.exec(printCompact(tokens.slice(at)))?.[0];
        if (path === undefined) {
            return undefined;
        }
        if (generics.has(path)) {
            return isReferenced ? "reference" : "*";
        }
        return this.heads.has(path) || PRIMITIVES.has(path)
            ? path
            : (this.#bareHead(path) ?? undefined);
    }

    #bareHead(name) {
        for (const definition of this.#bare) {
            if (definition.name === name) {
                return this.#names.get(definition).best;
            }
        }
        return undefined;
    }
}

function closesAsTuple(tokens, open) {
    const end = closing(tokens, open);
    const inner = tokens.slice(open + 1, end);
    return inner.length === 0 || inner.some((token) => token.s === ",");
}

function isArray(tokens, open) {
    let depth = 0;
    for (let i = open; i <= closing(tokens, open); i++) {
        depth += tokens[i].s === "[" ? 1 : tokens[i].s === "]" ? -1 : 0;
        if (depth === 1 && tokens[i].s === ";") {
            return true;
        }
    }
    return false;
}

function kindOfHead(path) {
    return path === "*" || path === "reference" ? "blanket" : "primitive";
}

function rankPath(path) {
    const segments = path.split("::");
    const isOs = segments.includes("os") ? 10 : 0;
    const isNested = /::(legacy|range::legacy|__|core_arch|assert_)/.test(path) ? 50 : 0;
    return (
        (CRATE_RANK[segments[0]] ?? 3) * 1000 +
        isOs +
        isNested +
        segments.length +
        path.length / 1000
    );
}

/** Other public paths; `core`, `alloc`: the same path in that crate; `prelude`: in the prelude. */
function shortAliases({ best, usable, isPrelude }) {
    const tail = best.slice(best.indexOf("::"));
    const others = usable
        .filter((path) => path !== best)
        .map((path) =>
            path.slice(path.indexOf("::")) === tail ? path.slice(0, path.indexOf("::")) : path,
        )
        .filter((path) => !/::slice::range::|::__/.test(path));
    return [...(isPrelude ? ["prelude"] : []), ...others.sort()];
}
