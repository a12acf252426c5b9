// Collects the items of std's crates: module trees, types, traits, impls and functions, with item macros
// expanded. Nothing is resolved here; texts are kept with the module in which they are written.

import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

import { expandMacro, parseRules } from "./expand-macro.mjs";
import { printLoose, tokenize } from "./tokens.mjs";

// Cfg options: the platform's may hold or not (undefined), on x86-64 Linux as said by `onLinux`.
const CFG_FALSE = new Set(
    (
        "test bootstrap doc doctest miri fuzzing no_global_oom_handling no_rc no_sync restricted_std " +
        "no_fp_fmt_parse feature=optimize_for_size feature=panic_immediate_abort " +
        "panic=immediate-abort overflow_checks ub_checks feature=debug_refcell"
    ).split(" "),
);
const CFG_PLATFORM = /^(target_|unix$|windows$|panic=|debug_assertions|target$)/;
const LINUX = new Set(
    (
        "unix target_os=linux target_env=gnu target_arch=x86_64 target_pointer_width=64 panic=unwind " +
        "target_family=unix target_endian=little target_thread_local"
    ).split(" "),
);

/** Value of a cfg predicate's tokens: true, false, or undefined for "hangs on the platform". */
function evaluateCfg(tokens, onLinux) {
    const name = tokens[0]?.s ?? "true";
    const group = tokens[1]?.k === "group" ? splitCommas(tokens[1].c) : undefined;
    if (group !== undefined) {
        const values = group.map((one) => evaluateCfg(one, onLinux));
        if (name === "not") {
            return values[0] === undefined ? undefined : !values[0];
        }
        const decisive = name === "any";
        return values.includes(decisive)
            ? decisive
            : values.includes(undefined)
              ? undefined
              : !decisive;
    }
    const value = tokens[2]?.s.replaceAll('"', "");
    const option = value === undefined ? name : `${name}=${value}`;
    if (CFG_FALSE.has(option)) {
        return false;
    }
    if (!CFG_PLATFORM.test(option) || option.startsWith("target_has_atomic")) {
        return option !== "false";
    }
    return onLinux ? LINUX.has(option) : undefined;
}

/** Splits tokens at commas outside brackets. */
export function splitCommas(tokens) {
    const parts = [[]];
    for (const token of tokens) {
        if (token.k === "punct" && token.s === ",") {
            parts.push([]);
        } else {
            parts[parts.length - 1].push(token);
        }
    }
    return parts.filter((part) => part.length > 0);
}

/** What the attributes of an item say. */
function readAttributes(texts) {
    const found = {
        cfg: true,
        linux: true,
        unstable: false,
        derives: [],
        path: undefined,
        macroUse: false,
    };
    for (const text of texts) {
        const inner = tokenize(text).find((token) => token.k === "group")?.c ?? [];
        const [name, second, third] = inner;
        if (name?.s === "cfg" && second?.k === "group") {
            if (evaluateCfg(second.c, false) === false) {
                found.cfg = false;
            }
            found.linux &&= evaluateCfg(second.c, true) === true;
        } else if (name?.s === "unstable") {
            found.unstable = true;
        } else if (name?.s === "derive" || name?.s === "derive_const") {
            found.derives.push(
                ...splitCommas(second.c).map((part) => printLoose(part).replaceAll(" ", "")),
            );
        } else if (name?.s === "path" && third !== undefined) {
            found.path = third.s.slice(1, -1);
        }
    }
    return found;
}

/** All items of the crates; see the fields. */
export class ItemCollector {
    /** Module trees: `{crate, name, parent, types, values, uses, isPublic}`; roots by crate. */
    roots = new Map();
    modules = [];
    impls = [];
    /** Item macro calls that were not expanded: `{name, module, why}`. */
    unexpanded = [];
    expandedCounts = new Map();
    fileCount = 0;
    #parser;
    #library;
    #macros = [];
    #pending = [];

    constructor(parser, library) {
        this.#parser = parser;
        this.#library = library;
    }

    /** Collects a crate from its folder under the library folder. */
    addCrate(name) {
        const root = this.#newModule({ crate: name, name, parent: undefined, isPublic: true });
        this.roots.set(name, root);
        const file = path.join(this.#library, name, "src/lib.rs");
        this.#readFile(root, file, { folder: path.dirname(file), linux: true });
    }

    /** Expands the item macros met so far, and those that they make. */
    expandAll() {
        for (let i = 0; i < this.#pending.length; i++) {
            this.#expand(this.#pending[i]);
        }
        this.#pending = [];
    }

    #newModule(of) {
        const module = { ...of, types: new Map(), values: new Map(), uses: [], children: [] };
        this.modules.push(module);
        return module;
    }

    #readFile(module, file, place) {
        this.fileCount += 1;
        const text = readFileSync(file, "utf8");
        this.#walkText(module, text, { ...place, file });
    }

    #walkText(module, text, place) {
        const { tree } = this.#parser.capture(place.file, text);
        const source = { tree, text, ...place };
        for (let node = 1; node < tree.count; node++) {
            if (tree.kindOf(node) === "macro_definition") {
                this.#addMacro(module, source, node);
            }
        }
        this.#walkItems(module, source, 0);
    }

    #addMacro(module, source, node) {
        const name = textOf(source, source.tree.findChild(node, "name"));
        const groups = tokenize(textOf(source, node)).filter((one) => one.k === "group");
        const last = groups[groups.length - 1];
        if (last !== undefined) {
            // `macro m(pattern) { body }` has the one rule.
            const isRule =
                /^(pub(\([^)]*\))?\s+)?macro\s/.test(textOf(source, node)) && groups.length > 1;
            const pattern = groups[groups.length - 2];
            const body = isRule ? [pattern, { k: "punct", s: "=>" }, last] : last.c;
            this.#macros.push({ name, file: source.file, crate: module.crate, body });
        }
    }

    #walkItems(module, source, parent) {
        for (const { node, attributes } of itemsOf(source, parent)) {
            if (attributes.cfg) {
                this.#item(module, source, node, attributes);
            }
        }
    }

    #item(module, source, node, attributes) {
        const { tree } = source;
        const linux = source.linux && attributes.linux;
        const base = {
            module,
            linux,
            unstable: attributes.unstable,
            isPublic: isPublic(source, node),
            name: textOf(source, tree.findChild(node, "name")),
        };
        switch (tree.kindOf(node)) {
            case "mod_item":
                return this.#module(base, source, node, attributes);
            case "struct_item":
            case "enum_item":
            case "union_item":
                return define(module.types, { ...base, ...typeParts(source, node, attributes) });
            case "type_item":
                return define(module.types, { ...base, ...aliasParts(source, node) });
            case "trait_item":
                return define(module.types, this.#trait(base, source, node));
            case "function_item":
                return define(module.values, { ...base, kind: "fn", ...signature(source, node) });
            case "use_declaration":
                module.uses.push({ isPublic: base.isPublic, linux, text: textOf(source, node) });
                return undefined;
            case "impl_item":
                this.impls.push(this.#impl(base, source, node));
                return undefined;
            case "macro_invocation":
                return this.#macroCall(
                    { module, source: { ...source, linux }, node },
                    (text, place) => {
                        this.#walkText(module, text, place);
                    },
                );
            case "expression_statement":
                return this.#item(module, source, node + 1, attributes);
            default:
                return undefined;
        }
    }

    #module(base, source, node, attributes) {
        const { module, name, linux } = base;
        const { tree } = source;
        const body = tree.findChild(node, "body");
        const inner = this.#newModule({ crate: module.crate, name, parent: module });
        const kind = { kind: "mod", target: inner };
        define(module.types, { ...base, ...kind });
        if (body !== undefined) {
            const folder = path.join(source.folder, name);
            return this.#walkItems(inner, { ...source, folder, linux }, body);
        }
        const given = attributes.path;
        const candidates =
            given === undefined
                ? [path.join(source.folder, `${name}.rs`), path.join(source.folder, name, "mod.rs")]
                : [path.join(path.dirname(source.file), given)];
        const file = candidates.find((one) => existsSync(one));
        if (file === undefined || /stdarch|portable-simd|backtrace\//.test(file)) {
            inner.isMissing = true;
            return undefined;
        }
        const isRoot = given !== undefined || file.endsWith("mod.rs");
        const folder = isRoot ? path.dirname(file) : path.join(path.dirname(file), name);
        return this.#readFile(inner, file, { folder, linux });
    }

    #trait(base, source, node) {
        const { tree } = source;
        const trait = {
            ...base,
            kind: "trait",
            generics: textOf(source, tree.findChild(node, "type_parameters")),
            bounds: textOf(source, tree.findChild(node, "bounds")),
            where: textOf(source, tree.findKind(node, "where_clause")),
            members: [],
        };
        this.#members(source, tree.findChild(node, "body"), base.module, trait);
        return trait;
    }

    #impl(base, source, node) {
        const { tree } = source;
        const impl = {
            module: base.module,
            linux: base.linux,
            unstable: base.unstable,
            isNegative: /^[^{]*?\s!\s*[A-Z]/.test(headerOf(source, node)),
            generics: textOf(source, tree.findChild(node, "type_parameters")),
            trait: textOf(source, tree.findChild(node, "trait")),
            self: textOf(source, tree.findChild(node, "type")),
            where: textOf(source, tree.findKind(node, "where_clause")),
            members: [],
            unexpanded: [],
        };
        this.#members(source, tree.findChild(node, "body"), base.module, impl);
        return impl;
    }

    #members(source, body, module, owner) {
        if (body === undefined) {
            return;
        }
        const { tree } = source;
        for (const { node, attributes } of itemsOf(source, body)) {
            if (!attributes.cfg) {
                continue;
            }
            const kind = tree.kindOf(node);
            if (kind === "macro_invocation" || kind === "expression_statement") {
                const call = kind === "macro_invocation" ? node : node + 1;
                this.#memberMacro(source, call, module, owner);
                continue;
            }
            const member = {
                name: textOf(source, tree.findChild(node, "name")),
                isPublic: isPublic(source, node),
                unstable: attributes.unstable,
                linux: source.linux && attributes.linux,
            };
            if (kind === "function_item" || kind === "function_signature_item") {
                const isProvided = kind === "function_item";
                owner.members.push({
                    ...member,
                    kind: "fn",
                    isProvided,
                    ...signature(source, node),
                });
            } else if (kind === "const_item") {
                const type = textOf(source, tree.findChild(node, "type"));
                const isProvided = tree.findChild(node, "value") !== undefined;
                owner.members.push({ ...member, kind: "const", isProvided, type });
            } else if (kind === "type_item" || kind === "associated_type") {
                owner.members.push({ ...member, kind: "type", ...assocType(source, node) });
            }
        }
    }

    #memberMacro(source, node, module, owner) {
        const kind = owner.kind === "trait" ? "trait" : owner.trait !== "" ? "trait impl" : "impl";
        const wrap =
            kind === "trait" ? "trait X" : kind === "trait impl" ? "impl X for X" : "impl X";
        this.#macroCall({ module, source, node, owner }, (text, place) => {
            const wrapped = `${wrap} {${text}}`;
            const { tree } = this.#parser.capture(place.file, wrapped);
            const inner = { ...place, tree, text: wrapped };
            for (let at = 1; at < tree.count; at++) {
                if (tree.kindOf(at) === "macro_definition") {
                    this.#addMacro(module, inner, at);
                }
            }
            this.#members(inner, tree.findChild(1, "body"), module, owner);
        });
    }

    #macroCall({ module, source, node, owner }, then) {
        const { tree } = source;
        const name = textOf(source, tree.findChild(node, "macro")).split("::").pop().trim();
        const branches = tree.findKind(node, "macro_arguments");
        if (branches !== undefined && /^cfg_(if|select)$/.test(name)) {
            this.#branches(module, source, branches, owner);
            return;
        }
        const group = tokenize(textOf(source, node)).find((one) => one.k === "group");
        const place = { file: source.file, folder: source.folder, linux: source.linux };
        this.#pending.push({ name, module, tokens: group?.c ?? [], place, then, owner });
    }

    #branches(module, source, node, owner) {
        const { tree } = source;
        let taken = { cfg: true, linux: true };
        let isDecided = false;
        for (const child of tree.childrenOf(node)) {
            if (tree.kindOf(child) === "attribute_item") {
                const text = textOf(source, child).replace(
                    /^#\s*\[\s*cfg\s*\(([^]*)\)\s*\]$/,
                    "$1",
                );
                const tokens = tokenize(text);
                taken = {
                    cfg: evaluateCfg(tokens, false),
                    linux: evaluateCfg(tokens, true) === true,
                };
                continue;
            }
            if (taken.cfg !== false && !(isDecided && taken.linux)) {
                const inner = { ...source, linux: source.linux && taken.linux };
                if (owner === undefined) {
                    this.#walkItems(module, inner, child);
                } else {
                    this.#members(inner, child, module, owner);
                }
            } else if (taken.cfg !== false) {
                const inner = { ...source, linux: false };
                if (owner === undefined) {
                    this.#walkItems(module, inner, child);
                }
            }
            isDecided ||= taken.linux;
            if (taken.cfg === true) {
                return;
            }
            taken = { cfg: true, linux: !isDecided };
        }
    }

    #expand(call) {
        const { name, module, place } = call;
        const all = this.#macros.filter((one) => one.name === name);
        const near = all.filter((one) => one.file === place.file);
        const kin = all.filter((one) => one.crate === module.crate);
        const order = [...near, ...kin, ...all];
        let why = all.length === 0 ? "no definition" : "no rule matches";
        for (const macro of new Set(order)) {
            try {
                macro.rules ??= parseRules(macro.body);
                const tokens = expandMacro(macro.rules, call.tokens, macro.crate);
                if (tokens !== undefined) {
                    this.expandedCounts.set(name, (this.expandedCounts.get(name) ?? 0) + 1);
                    call.then(printLoose(tokens), place);
                    return;
                }
            } catch (error) {
                why = error.message;
            }
        }
        this.unexpanded.push({ name, module, why });
        call.owner?.unexpanded?.push(name);
    }
}

function textOf(source, node) {
    if (node === undefined) {
        return "";
    }
    const { start, end } = source.tree.columns;
    return source.text.slice(start[node], end[node]);
}

function headerOf(source, node) {
    const body = source.tree.findChild(node, "body");
    const { start, end } = source.tree.columns;
    return source.text.slice(start[node], body === undefined ? end[node] : start[body]);
}

/** Children that are items, each with what its attributes say. */
function itemsOf(source, parent) {
    const { tree } = source;
    const items = [];
    let texts = [];
    for (const node of tree.childrenOf(parent)) {
        const kind = tree.kindOf(node);
        if (kind === "attribute_item") {
            texts.push(textOf(source, node));
        } else if (kind !== "doc_comment" && kind !== "doc_link") {
            items.push({ node, attributes: readAttributes(texts) });
            texts = [];
        }
    }
    return items;
}

function isPublic(source, node) {
    const child = source.tree.findKind(node, "visibility_modifier");
    return child !== undefined && textOf(source, child).trim() === "pub";
}

/** Enters a definition; of twins, the one that Linux has comes first. */
function define(table, definition) {
    const list = table.get(definition.name) ?? [];
    if (definition.linux) {
        list.splice(list.filter((one) => one.linux).length, 0, definition);
    } else {
        list.push(definition);
    }
    table.set(definition.name, list);
}

function typeParts(source, node, attributes) {
    const { tree } = source;
    const body = tree.findChild(node, "body");
    const children = body === undefined ? [] : itemsOf(source, body);
    const kind = tree.kindOf(node).replace("_item", "");
    const fields = children
        .filter(
            (one) => tree.kindOf(one.node) === "field_declaration" && isPublic(source, one.node),
        )
        .map(({ node: field, attributes: { unstable } }) => ({
            name: textOf(source, tree.findChild(field, "name")),
            type: textOf(source, tree.findChild(field, "type")),
            unstable,
        }));
    const variants = children
        .filter((one) => tree.kindOf(one.node) === "enum_variant" && one.attributes.cfg)
        .map(({ node: variant, attributes: { unstable } }) => ({
            name: textOf(source, tree.findChild(variant, "name")),
            payload: textOf(source, tree.findChild(variant, "body")),
            unstable,
        }));
    return {
        kind,
        fields: kind === "enum" ? [] : [...fields, ...tupleFields(source, body)],
        variants,
        derives: attributes.derives,
        generics: textOf(source, tree.findChild(node, "type_parameters")),
        where: textOf(source, tree.findKind(node, "where_clause")),
    };
}

function tupleFields(source, body) {
    const { tree } = source;
    if (body === undefined || tree.kindOf(body) !== "ordered_field_declaration_list") {
        return [];
    }
    const fields = [];
    let index = 0;
    let visible = false;
    for (const child of tree.childrenOf(body)) {
        const kind = tree.kindOf(child);
        if (kind === "visibility_modifier") {
            visible = textOf(source, child).trim() === "pub";
        } else if (kind !== "attribute_item" && kind !== "doc_comment") {
            if (visible) {
                fields.push({ name: String(index), type: textOf(source, child), unstable: false });
            }
            index += 1;
            visible = false;
        }
    }
    return fields;
}

function aliasParts(source, node) {
    const { tree } = source;
    return {
        kind: "alias",
        generics: textOf(source, tree.findChild(node, "type_parameters")),
        target: textOf(source, tree.findChild(node, "type")),
    };
}

/** An associated type from its text: the grammar does not take bounds together with a default. */
function assocType(source, node) {
    const tokens = tokenize(textOf(source, node));
    const start = tokens.findIndex((token) => token.s === "type") + 2;
    const rest = tokens.slice(start).filter((token) => token.s !== ";");
    const whereAt = rest.findIndex((token) => token.s === "where");
    const main = whereAt < 0 ? rest : rest.slice(0, whereAt);
    let depth = 0;
    const mark = (text) =>
        main.findIndex((token) => {
            depth += token.s === "<" ? 1 : token.s === ">" ? -1 : 0;
            return depth === 0 && token.s === text;
        });
    const equals = mark("=");
    depth = 0;
    const colon = mark(":");
    const head = equals < 0 ? main : main.slice(0, equals);
    const isBound = colon >= 0 && (equals < 0 || colon < equals);
    return {
        isProvided: equals >= 0,
        generics: printLoose(isBound ? head.slice(0, colon) : head),
        bounds: isBound ? printLoose(head.slice(colon + 1)) : "",
        type: equals < 0 ? "" : printLoose(main.slice(equals + 1)),
    };
}

function signature(source, node) {
    const { tree } = source;
    const list = tree.findChild(node, "parameters");
    let self = "";
    const parameters = [];
    for (const child of list === undefined ? [] : tree.childrenOf(list)) {
        const kind = tree.kindOf(child);
        const pattern = tree.findChild(child, "pattern");
        if (kind === "self_parameter") {
            self = textOf(source, child).replace(/^mut\s+/, "");
        } else if (
            kind === "parameter" &&
            pattern !== undefined &&
            textOf(source, pattern) === "self"
        ) {
            self = `self: ${textOf(source, tree.findChild(child, "type"))}`;
        } else if (kind === "parameter") {
            parameters.push(textOf(source, tree.findChild(child, "type")));
        }
    }
    const result = textOf(source, tree.findChild(node, "return_type"));
    const isAsync = /\basync\s+(unsafe\s+)?(extern\s+)?fn\b/.test(headerOf(source, node));
    return {
        generics: textOf(source, tree.findChild(node, "type_parameters")),
        self,
        parameters,
        result: isAsync ? `impl Future<Output = ${result === "" ? "()" : result}>` : result,
        where: textOf(source, tree.findKind(node, "where_clause")),
    };
}
