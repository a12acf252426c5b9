// What std's types and traits have: names, signatures, impls. Read from the text in data/ (its format is in
// data/README.md), head by head when first asked for. Texts of types are Rust with absolute paths, to be
// lowered by whoever needs them.

import { appendTo } from "../../base/index.ts";
import {
    boundNames,
    boundsOn,
    readMember,
    readPart,
    selfOf,
    skipGenerics,
    splitOutside,
    type StdMember,
    type StdPart,
} from "./std-member.ts";

/** Files of the summary beside this module; joined in this order they are the text. */
export const STD_SUMMARY_FILES = [
    "data/std-summary-1.txt",
    "data/std-summary-2.txt",
    "data/std-summary-3.txt",
] as const;

/** What a head is; `blanket` for the impls on `T`, `&T` and `&mut T`. */
export type StdHeadKind = "struct" | "enum" | "union" | "trait" | "alias" | "primitive" | "blanket";

/** A type or trait of std. */
export interface StdHead {
    /** Shortest public path (`std::vec::Vec`), or a primitive's name (`slice`, `u8`). */
    readonly path: string;
    readonly kind: StdHeadKind;
    readonly stable: boolean;
    /** `<T, A: std::alloc::Allocator>`, or empty. */
    readonly generics: string;
}

/** That a type implements a trait. */
export interface StdImpl {
    /** Canonical path of the trait. */
    readonly trait: string;
    /** `impl<T: Clone> Clone for Vec<T>`; empty where the trait is derived. */
    readonly header: string;
    /** Values of associated types by name. */
    readonly bindings: ReadonlyMap<string, string>;
    /** `impl !Trait for …`. */
    readonly negative: boolean;
    readonly origin: "impl" | "derive" | "blanket";
}

interface Section extends StdHead {
    readonly complete: boolean;
    readonly start: number;
    readonly end: number;
}

interface Content {
    readonly members: Map<string, StdMember[]>;
    readonly impls: StdImpl[];
    readonly fields: StdPart[];
    readonly variants: StdPart[];
    supertraits: string;
    aliasTarget: string;
}

interface Blanket {
    readonly impl: StdImpl;
    /** Paths of the traits that the self type must have. */
    readonly bounds: readonly string[];
}

const ALIAS_STEPS_MAX = 6;

/** Traits of the language whose impls are not listed: every type may have them. */
const UNLISTED = /^(Sized|Send|Sync|Unpin|std::marker::(?!FnPtr|Copy|Tuple)\w+|std::panic::\w+)$/u;

/** Reads the text of the summary. */
export function loadStdSummary(text: string): StdSummary {
    return new StdSummary(text);
}

/** Reads the summary's files with a function that reads a text file. */
export function openStdSummary(readText: (url: URL) => string): StdSummary {
    return new StdSummary(
        STD_SUMMARY_FILES.map((file) => readText(new URL(file, import.meta.url))).join(""),
    );
}

/** Answers about std; nothing is parsed before it is asked for. */
export class StdSummary {
    readonly #text: string;
    readonly #codes = new Map<string, string>();
    readonly #lists: string[][] = [];
    readonly #sections = new Map<string, Section>();
    readonly #paths = new Map<string, Section>();
    readonly #prelude = new Map<string, Section>();
    readonly #contents = new Map<Section, Content>();
    readonly #traits = new Map<Section, readonly StdImpl[]>();
    readonly #methods = new Map<Section, ReadonlyMap<string, "inherent" | "trait">>();
    #functions: Map<string, StdMember> | undefined;
    #blankets: readonly Blanket[] | undefined;

    constructor(text: string) {
        this.#text = text;
        let at = this.#readFront();
        while (at < text.length) {
            const found = text.indexOf("\n@", at);
            const end = found < 0 ? text.length : found + 1;
            this.#readHead(at, end);
            at = end;
        }
    }

    /** All heads. */
    get heads(): readonly StdHead[] {
        return [...this.#sections.values()].filter((one) => !one.path.startsWith("@"));
    }

    /**
     * The head that a path names: any public path of std, core, alloc or proc_macro, `std::prelude::Name`,
     * or a primitive's name. Of an alias, the head that it stands for (see aliasTarget).
     */
    findHead(path: string): StdHead | undefined {
        return this.#follow(this.#find(path));
    }

    /** What an alias such as `std::io::Result` stands for, with its generics; undefined for other paths. */
    aliasTarget(path: string): { readonly generics: string; readonly type: string } | undefined {
        const section = this.#find(path);
        return section?.kind === "alias"
            ? { generics: section.generics, type: this.#content(section).aliasTarget }
            : undefined;
    }

    /** Whether all inherent names of the head are known. */
    isComplete(head: StdHead): boolean {
        return this.#section(head)?.complete ?? false;
    }

    /** An inherent member; of several impls' (`Option::copied`), the first. */
    inherentMember(head: StdHead, name: string): StdMember | undefined {
        return this.inherentMembers(head, name)[0];
    }

    /** All inherent members of a name, one for each impl that has it. */
    inherentMembers(head: StdHead, name: string): readonly StdMember[] {
        const section = this.#section(head);
        return section === undefined || section.kind === "trait"
            ? this.#dynMembers(section, name)
            : (this.#content(section).members.get(name) ?? []);
    }

    /** Names of all inherent members. */
    inherentNames(head: StdHead): readonly string[] {
        const section = this.#section(head);
        return section === undefined
            ? []
            : [...this.#content(section).members.keys()].filter(
                  (name) => this.inherentMember(head, name) !== undefined,
              );
    }

    /** An item of a trait itself, supertraits aside. */
    traitMember(trait: string, name: string): StdMember | undefined {
        const section = this.#find(trait);
        return section?.kind === "trait"
            ? this.#content(section)
                  .members.get(name)
                  ?.find((one) => one.impl === "")
            : undefined;
    }

    /** Names of a trait's own items. */
    traitNames(trait: string): readonly string[] {
        const section = this.#find(trait);
        return section?.kind === "trait"
            ? [...this.#content(section).members]
                  .filter(([, members]) => members.some((one) => one.impl === ""))
                  .map(([name]) => name)
            : [];
    }

    /** Supertraits and where clause of a trait as text (`Clone + Copy where …`). */
    supertraits(trait: string): string {
        const section = this.#find(trait);
        return section === undefined ? "" : this.#content(section).supertraits;
    }

    /** Public fields of a struct. */
    fieldsOf(head: StdHead): readonly StdPart[] {
        const section = this.#section(head);
        return section === undefined ? [] : this.#content(section).fields;
    }

    /** Variants of an enum; `type` is the payload with its brackets. */
    variantsOf(head: StdHead): readonly StdPart[] {
        const section = this.#section(head);
        return section === undefined ? [] : this.#content(section).variants;
    }

    /** A free function by its canonical path (`std::mem::take`; `core` and `alloc` are taken for `std`). */
    findFunction(path: string): StdMember | undefined {
        this.#functions ??= this.#readFunctions();
        return this.#functions.get(path.replace(/^(core|alloc)::/u, "std::"));
    }

    /**
     * Traits that the type implements, also behind a reference: by impls (whatever their bounds), by derives
     * and by those blanket impls whose bounds it meets.
     */
    traitsOf(head: StdHead): readonly StdImpl[] {
        const section = this.#section(head);
        if (section === undefined) {
            return [];
        }
        let impls = this.#traits.get(section);
        if (impls === undefined) {
            impls = this.#closeUnderBlankets(section);
            this.#traits.set(section, impls);
        }
        return impls;
    }

    /** `Target` of the type's Deref impl, with the impl's header to bind its parameters; undefined without one. */
    derefTarget(head: StdHead): { readonly target: string; readonly header: string } | undefined {
        const section = this.#section(head);
        const impl =
            section === undefined
                ? undefined
                : this.#content(section).impls.find((one) => one.trait === "std::ops::Deref");
        const target = impl?.bindings.get("Target");
        return impl === undefined || target === undefined
            ? undefined
            : { target, header: impl.header };
    }

    /**
     * Whether `value.name(…)` may be a method of this type itself, before any deref: inherent, of a trait of
     * std, or neither. "no" says nothing for a head that is not complete. Arrays do not have slices' methods
     * here, though they coerce.
     */
    mayHaveMethod(head: StdHead, name: string): "inherent" | "trait" | "no" {
        const section = this.#section(head);
        if (section === undefined) {
            return "no";
        }
        let names = this.#methods.get(section);
        if (names === undefined) {
            names = this.#methodNames(section);
            this.#methods.set(section, names);
        }
        return names.get(name) ?? "no";
    }

    #methodNames(section: Section): ReadonlyMap<string, "inherent" | "trait"> {
        const names = new Map<string, "inherent" | "trait">();
        const addTrait = (trait: Section | undefined, seen: Set<Section>): void => {
            if (trait === undefined || seen.has(trait)) {
                return;
            }
            seen.add(trait);
            for (const [name, members] of this.#content(trait).members) {
                if (members.some((one) => one.impl === "" && one.self !== "none")) {
                    names.set(name, "trait");
                }
            }
            if (section.kind === "trait") {
                for (const parent of boundNames(this.#content(trait).supertraits)) {
                    addTrait(this.#find(parent), seen);
                }
            }
        };
        const seen = new Set<Section>();
        for (const impl of this.traitsOf(section)) {
            if (!impl.negative) {
                addTrait(this.#sections.get(impl.trait), seen);
            }
        }
        if (section.kind === "trait") {
            addTrait(section, seen);
        }
        for (const [name, members] of this.#content(section).members) {
            const isInherent = section.kind !== "trait" || members.some((one) => one.impl !== "");
            if (isInherent && members.some((one) => one.self !== "none")) {
                names.set(name, "inherent");
            }
        }
        return names;
    }

    #dynMembers(section: Section | undefined, name: string): readonly StdMember[] {
        const members =
            section === undefined ? [] : (this.#content(section).members.get(name) ?? []);
        return members.filter((one) => one.impl !== "");
    }

    /** The head's own impls, and blanket ones as long as their bounds are met by what is known so far. */
    #closeUnderBlankets(section: Section): readonly StdImpl[] {
        const impls = [...this.#content(section).impls];
        const traits = new Set(impls.filter((one) => !one.negative).map((one) => one.trait));
        if (section.kind === "trait") {
            traits.add(section.path);
        }
        this.#blankets ??= this.#readBlankets();
        let open = this.#blankets;
        for (;;) {
            const isMet = (one: Blanket): boolean => one.bounds.every((trait) => traits.has(trait));
            const met = open.filter(isMet);
            if (met.length === 0) {
                return impls;
            }
            open = open.filter((one) => !met.includes(one));
            for (const { impl } of met) {
                impls.push(impl);
                traits.add(impl.trait);
            }
        }
    }

    /** Blanket impls with the traits that they demand of the type; traits that are not listed are not demanded. */
    #readBlankets(): readonly Blanket[] {
        return ["*", "reference"].flatMap((path) => {
            const section = this.#sections.get(path);
            const impls = section === undefined ? [] : this.#content(section).impls;
            return impls.map((impl) => {
                const parameter =
                    /^(?:&(?:'\w+ )?(?:mut )?)?(\w+)/u.exec(selfOf(impl.header))?.[1] ?? "";
                const bounds = boundsOn(impl.header, parameter)
                    .filter((bound) => !UNLISTED.test(bound))
                    .flatMap((bound) => this.#find(bound)?.path ?? []);
                return { impl: { ...impl, origin: "blanket" as const }, bounds };
            });
        });
    }

    #section(head: StdHead): Section | undefined {
        return this.#sections.get(head.path);
    }

    #find(path: string): Section | undefined {
        const prelude = /^(?:std|core|alloc)::prelude::(?:\w+::)?(\w+)$/u.exec(path)?.[1];
        if (prelude !== undefined) {
            return this.#prelude.get(prelude);
        }
        return this.#paths.get(path) ?? (path.includes("::") ? undefined : this.#prelude.get(path));
    }

    #follow(section: Section | undefined): Section | undefined {
        let at = section;
        for (let step = 0; at?.kind === "alias" && step < ALIAS_STEPS_MAX; step++) {
            const name = /^[\w:]+/u.exec(this.#content(at).aliasTarget)?.[0];
            at = name === undefined ? undefined : this.#find(name);
        }
        return at;
    }

    /** Reads comments, codes and lists; returns where the heads begin. */
    #readFront(): number {
        const end = this.#text.indexOf("\n@") + 1;
        for (const line of this.#text.slice(0, end).split("\n")) {
            if (line.startsWith("&")) {
                this.#codes.set(line.charAt(1), line.slice(2));
            } else if (line.startsWith("%")) {
                this.#lists.push(line.slice(1).split(" "));
            }
        }
        return end;
    }

    #readHead(start: number, end: number): void {
        const lineEnd = this.#text.indexOf("\n", start);
        const parts = /^@(~?)(\??)(\w+)(?: ([^<]+)(.*))?$/u.exec(this.#text.slice(start, lineEnd));
        const kind = parts?.[3] as StdHeadKind | undefined;
        if (parts === null || kind === undefined) {
            return;
        }
        const path = parts[4] ?? `@${kind}`;
        const section: Section = {
            path,
            kind,
            stable: parts[1] === "",
            complete: parts[2] === "",
            generics: parts[5] ?? "",
            start: lineEnd + 1,
            end,
        };
        this.#sections.set(path, section);
        if (path.startsWith("@")) {
            return;
        }
        this.#paths.set(path, section);
        if (this.#text.charAt(lineEnd + 1) === "a") {
            const aliases = this.#text.slice(lineEnd + 2, this.#text.indexOf("\n", lineEnd + 1));
            this.#addAliases(section, aliases.split(" "));
        }
    }

    #addAliases(section: Section, aliases: readonly string[]): void {
        const { path } = section;
        for (const alias of aliases) {
            if (alias === "prelude") {
                this.#prelude.set(path.slice(path.lastIndexOf("::") + 2), section);
            } else {
                const whole = alias.includes("::") ? alias : alias + path.slice(path.indexOf("::"));
                this.#paths.set(whole, section);
            }
        }
    }

    #expand(text: string): string {
        return text.includes("^")
            ? text.replace(/\^(\w)/gu, (_, code: string) => this.#codes.get(code) ?? "")
            : text;
    }

    /** The lines that a line stands for, with the bar's types filled in; `only` picks one type. */
    #lines(line: string, only?: string): { readonly type: string; readonly text: string }[] {
        const bar = /\|(\d+)$/u.exec(line);
        if (bar === null) {
            return [{ type: "", text: this.#expand(line) }];
        }
        const types = this.#lists[Number(bar[1])] ?? [];
        const text = this.#expand(line.slice(0, bar.index));
        return types
            .filter((type) => only === undefined || type === only)
            .map((type) => ({ type, text: text.replaceAll("$", type) }));
    }

    #content(section: Section): Content {
        let content = this.#contents.get(section);
        if (content === undefined) {
            content = {
                members: new Map(),
                impls: [],
                fields: [],
                variants: [],
                supertraits: "",
                aliasTarget: "",
            };
            this.#contents.set(section, content);
            const isShared = section.kind === "primitive" && this.#isListed(section.path);
            if (isShared) {
                this.#readShared(section.path, content);
            }
            this.#readSection(section, content);
        }
        return content;
    }

    #isListed(name: string): boolean {
        return this.#lists.some((list) => list.includes(name));
    }

    #readShared(type: string, content: Content): void {
        const shared = this.#sections.get("@shared");
        if (shared === undefined) {
            return;
        }
        for (const line of this.#text.slice(shared.start, shared.end).split("\n")) {
            for (const { text } of this.#lines(line, type)) {
                this.#readLine(text, `impl ${type}`, content);
            }
        }
    }

    #readSection(section: Section, content: Content): void {
        let headers: { readonly type: string; readonly text: string }[] = [{ type: "", text: "" }];
        for (const line of this.#text.slice(section.start, section.end).split("\n")) {
            if (line.startsWith("i")) {
                headers = this.#lines(line);
            } else if (/^[mu]/u.test(line)) {
                const text = this.#expand(line);
                for (const header of headers) {
                    const filled = header.type === "" ? text : text.replaceAll("$", header.type);
                    const impl = header.text === "" ? "" : `impl${header.text.slice(1)}`;
                    this.#readLine(filled, impl, content);
                }
            } else if (line !== "") {
                for (const { text } of this.#lines(line)) {
                    this.#readLine(text, "", content);
                }
            }
        }
    }

    #readLine(line: string, impl: string, content: Content): void {
        const rest = line.slice(1);
        switch (line.charAt(0)) {
            case "m":
            case "u":
            case "p":
            case "q":
                addMember(content.members, readMember(line, impl));
                return;
            case "x":
                content.impls.push(this.#readImpl(rest));
                return;
            case "d":
                content.impls.push(
                    ...rest.split(" ").map((trait) => ({
                        trait: this.#find(trait)?.path ?? trait,
                        header: "",
                        bindings: new Map<string, string>(),
                        negative: false,
                        origin: "derive" as const,
                    })),
                );
                return;
            case "f":
            case "g":
            case "v":
            case "w":
                (/[fg]/u.test(line.charAt(0)) ? content.fields : content.variants).push(
                    readPart(line),
                );
                return;
            case "s":
                content.supertraits = rest;
                return;
            case "=":
                content.aliasTarget = rest;
                return;
            default:
        }
    }

    #readImpl(text: string): StdImpl {
        const brace = /^(.*?) \{(.*)\}$/u.exec(text);
        const header = brace?.[1] ?? text;
        const bindings = new Map<string, string>();
        for (const binding of splitOutside(brace?.[2] ?? "", ";").map((one) => one.trim())) {
            const equals = binding.indexOf(" = ");
            if (equals > 0) {
                bindings.set(binding.slice(0, equals), binding.slice(equals + 3));
            }
        }
        const trait = header.slice(skipGenerics(header, 0)).trimStart();
        const name = /^!?([\w:]+)/u.exec(trait)?.[1] ?? "";
        return {
            trait: this.#find(name)?.path ?? name,
            header: `impl${header}`,
            bindings,
            negative: trait.startsWith("!"),
            origin: "impl",
        };
    }

    #readFunctions(): Map<string, StdMember> {
        const functions = new Map<string, StdMember>();
        const section = this.#sections.get("@functions");
        let module = "";
        for (const line of this.#text.slice(section?.start, section?.end).split("\n")) {
            if (line.startsWith(">")) {
                module = line.slice(1);
            } else if (line !== "") {
                const member = readMember(this.#expand(line), "");
                functions.set(module + member.name, member);
            }
        }
        return functions;
    }
}

function addMember(members: Map<string, StdMember[]>, member: StdMember): void {
    appendTo(members, member.name, member);
}
