// What std's types and traits have: names, signatures, impls. Read from the text in data/ (its format is in
// data/README.md), head by head when first asked for. Texts of types are Rust with absolute paths, to be
// lowered by whoever needs them.

/** Files of the summary beside this module; joined in this order they are the text. */
export const STD_SUMMARY_FILES = [
    "data/std-summary-1.txt",
    "data/std-summary-2.txt",
    "data/std-summary-3.txt",
] as const;

/** How a member takes its receiver; `none` for functions without one, constants and types. */
export type StdSelf = "none" | "value" | "ref" | "mut" | "typed";

/** What a head is; `blanket` for the impls on `T`, `&T` and `&mut T`. */
export type StdHeadKind =
    "struct" | "enum" | "union" | "trait" | "alias" | "primitive" | "blanket" | "shared";

/** A type or trait of std. */
export interface StdHead {
    /** Shortest public path (`std::vec::Vec`), or a primitive's name (`slice`, `u8`). */
    readonly path: string;
    readonly kind: StdHeadKind;
    readonly stable: boolean;
    /** `<T, A: std::alloc::Allocator>`, or empty. */
    readonly generics: string;
}

/** An associated function, constant or type. */
export interface StdMember {
    readonly name: string;
    readonly kind: "fn" | "const" | "type";
    readonly self: StdSelf;
    readonly stable: boolean;
    /** Of traits: whether it has a default. */
    readonly provided: boolean;
    /** `fn push(&mut self, _: T)`, `const MAX: Self`, `type Item`, as in a trait's body but for the end. */
    readonly signature: string;
    /** Header of the impl that has it (`impl<T> Vec<T>`), empty for a trait's. */
    readonly impl: string;
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

/** A public field, or a variant with its payload as text. */
export interface StdPart {
    readonly name: string;
    readonly type: string;
    readonly stable: boolean;
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

const BOUND_DEPTH_MAX = 6;

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
        return [...this.#sections.values()];
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
            impls = [
                ...this.#content(section).impls,
                ...this.#blanketImpls().filter((one) => this.#isMet(one, section, 0)),
            ];
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

    #blanketImpls(): readonly StdImpl[] {
        return ["*", "reference"].flatMap((path) => {
            const section = this.#sections.get(path);
            return section === undefined
                ? []
                : this.#content(section).impls.map((one) => ({
                      ...one,
                      origin: "blanket" as const,
                  }));
        });
    }

    /** Whether a blanket impl's bounds on its self parameter hold for the type, as far as is known. */
    #isMet(impl: StdImpl, section: Section, depth: number): boolean {
        const parameter = /^(?:&(?:'\w+ )?(?:mut )?)?(\w+)/u.exec(selfOf(impl.header))?.[1] ?? "";
        return boundsOn(impl.header, parameter).every((bound) => {
            if (UNLISTED.test(bound)) {
                return true;
            }
            const trait = this.#find(bound);
            return trait === undefined || this.#implements(section, trait, depth + 1);
        });
    }

    #implements(section: Section, trait: Section, depth: number): boolean {
        if (section === trait) {
            return true;
        }
        if (this.#content(section).impls.some((one) => one.trait === trait.path && !one.negative)) {
            return true;
        }
        return (
            depth < BOUND_DEPTH_MAX &&
            this.#blanketImpls().some(
                (one) => one.trait === trait.path && this.#isMet(one, section, depth),
            )
        );
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
        for (let step = 0; at?.kind === "alias" && step < BOUND_DEPTH_MAX; step++) {
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
        for (const binding of (brace?.[2] ?? "").split("; ")) {
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
    const list = members.get(member.name);
    if (list === undefined) {
        members.set(member.name, [member]);
    } else {
        list.push(member);
    }
}

function readPart(line: string): StdPart {
    const name = /^\w+/u.exec(line.slice(1))?.[0] ?? "";
    const type = line.slice(1 + name.length).replace(/^: /u, "");
    return { name, type, stable: /^[fv]/u.test(line) };
}

function readMember(line: string, impl: string): StdMember {
    const tag = line.charAt(0);
    const text = line.slice(1);
    const declared = /^(const|type) (\w+)/u.exec(text);
    const kind = declared === null ? "fn" : declared[1] === "const" ? "const" : "type";
    const name = declared?.[2] ?? /^(?:r#)?\w+/u.exec(text)?.[0] ?? "";
    return {
        name,
        kind,
        self: kind === "fn" ? selfKind(text.slice(skipGenerics(text, name.length))) : "none",
        stable: tag === "m" || tag === "p",
        provided: tag === "p" || tag === "q",
        signature: kind === "fn" ? `fn ${text}` : text,
        impl,
    };
}

/** How a parameter list that begins with `(` takes self. */
function selfKind(list: string): StdSelf {
    const parts = /^\((&(?:'\w+ )?(mut )?)?self\b(:)?/u.exec(list);
    if (parts === null) {
        return "none";
    }
    if (parts[3] !== undefined) {
        return "typed";
    }
    return parts[1] === undefined ? "value" : parts[2] === undefined ? "ref" : "mut";
}

/** Index after the `<…>` at an index, or the index itself. */
function skipGenerics(text: string, at: number): number {
    if (text.charAt(at) !== "<") {
        return at;
    }
    let depth = 0;
    for (let i = at; i < text.length; i++) {
        const char = text.charAt(i);
        if (char === "<") {
            depth += 1;
        } else if (char === ">" && text.charAt(i - 1) !== "-") {
            depth -= 1;
            if (depth === 0) {
                return i + 1;
            }
        }
    }
    return text.length;
}

/** The self type (with a where clause behind it) of an impl's header. */
function selfOf(header: string): string {
    const from = skipGenerics(header, "impl".length);
    return header.slice(header.indexOf(" for ", from) + " for ".length);
}

/** Names of the traits that a header demands of a parameter. */
function boundsOn(header: string, parameter: string): string[] {
    const end = skipGenerics(header, "impl".length);
    const where = header.indexOf(" where ");
    const predicates = [
        ...splitOutside(header.slice("impl".length + 1, Math.max(end - 1, 0)), ","),
        ...(where < 0 ? [] : splitOutside(header.slice(where + " where ".length), ",")),
    ];
    return predicates.flatMap((predicate) => {
        const text = predicate.trim();
        return text.startsWith(`${parameter}: `)
            ? boundNames(text.slice(parameter.length + 2))
            : [];
    });
}

/** Names of the traits in `A<T> + B + 'a where …`. */
function boundNames(bounds: string): string[] {
    return splitOutside(bounds.replace(/ ?\bwhere .*$/u, ""), "+")
        .map((bound) => /^(?:for<[^>]*> )?([\w:]+)/u.exec(bound.trim())?.[1] ?? "")
        .filter((name) => name !== "");
}

function splitOutside(text: string, separator: string): string[] {
    const parts: string[] = [];
    let depth = 0;
    let start = 0;
    for (let i = 0; i < text.length; i++) {
        const char = text.charAt(i);
        if ("<([{".includes(char)) {
            depth += 1;
        } else if (")]}".includes(char) || (char === ">" && text.charAt(i - 1) !== "-")) {
            depth -= 1;
        } else if (char === separator && depth === 0) {
            parts.push(text.slice(start, i));
            start = i + 1;
        }
    }
    parts.push(text.slice(start));
    return parts;
}
