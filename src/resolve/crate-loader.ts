// Loads one crate: its module tree from the root file, a symbol for each item, a scope for each module and
// for each block that holds items.

import { appendTo } from "../base/index.ts";
import { NODE_FLAG } from "../graph/index.ts";
import type { FileCapture } from "../syntax/index.ts";
import { allOf } from "./cfg.ts";
import { inheritedCfg, NS, type ItemRecord } from "./file-items.ts";
import {
    findModuleFiles,
    folderOf,
    inlineFolder,
    moduleFileCandidates,
    type ModuleSource,
} from "./module-files.ts";
import { existsIn, passedCfg } from "./passed-calls.ts";
import type { PendingImport, Program } from "./program.ts";
import { define, makeScope, nestBlocks, ownEntry } from "./scopes.ts";
import type { CrateRecord, FileInstance, Scope } from "./symbols.ts";
import { readVisibility } from "./visibility.ts";

/** Where something stands: the enclosing item and the nearest block inside it. */
interface Position {
    readonly parent: number;
    readonly block: number;
}
const CHAIN_LENGTH_MAX = 64;

/** Loads the files of one crate. */
export class CrateLoader {
    readonly #program: Program;
    readonly #crate: CrateRecord;
    readonly #chain: string[] = [];

    constructor(program: Program, crate: CrateRecord) {
        this.#program = program;
        this.#crate = crate;
    }

    load(rootFile: string): void {
        const capture = this.#program.captures.get(rootFile);
        const symbol = this.#program.addSymbol({
            kind: "crate",
            name: this.#crate.name,
            namespaces: NS.type,
            inst: undefined,
            item: -1,
            parent: -1,
            crate: this.#program.symbols.length,
            visibility: "public",
            visibleIn: undefined,
            cfg: "",
            flags: 0,
            external: "",
        });
        this.#crate.symbol = symbol;
        this.#program.crateOfSymbol.set(symbol, this.#crate);
        const scope = makeScope({ symbol, crate: this.#crate, node: 0 });
        this.#crate.root = scope;
        this.#program.scopeOfModule.set(symbol, scope);
        if (capture === undefined) {
            return;
        }
        const source = { path: rootFile, childFolder: folderOf(rootFile), cfg: "" };
        this.#loadFile(capture, source, scope);
    }

    #loadFile(capture: FileCapture, source: ModuleSource, rootScope: Scope): void {
        const program = this.#program;
        const items = program.itemsOf(capture);
        const inst: FileInstance = {
            index: program.instances.length,
            path: source.path,
            capture,
            tree: capture.tree,
            items,
            crate: this.#crate,
            rootScope,
            symbols: new Int32Array(items.items.length).fill(-1),
            scopes: new Map([[0, rootScope]]),
            childFolder: source.childFolder,
            cfg: allOf(source.cfg, items.cfg),
        };
        rootScope.inst = inst;
        program.instances.push(inst);
        appendTo(program.instancesByPath, source.path, inst);
        this.#chain.push(source.path);
        items.macroNames.forEach((name) => program.macroNames.add(name));
        items.macroDefines.forEach((name) => program.macroDefines.add(name));
        items.items.forEach((item, number) => {
            this.#declare(inst, item, number);
        });
        this.#collectUses(inst);
        nestBlocks(inst);
        this.#chain.pop();
    }

    #declare(inst: FileInstance, item: ItemRecord, number: number): void {
        const program = this.#program;
        if (!existsIn(program, inst, item)) {
            return;
        }
        const container = inst.items.items[item.parent];
        const parent =
            item.parent === -1 ? inst.rootScope.symbol : (inst.symbols[item.parent] ?? -1);
        const scope = this.#holder(inst, item);
        const isMember =
            item.block === -1 && container !== undefined && container.kind !== "module";
        const seen = isMember
            ? this.#memberVisibility(inst, item, scope, container)
            : readVisibility(program.symbols, inst, item.visibilityNode, scope);
        const passed = passedCfg(program, inst, item);
        const isDerive = item.kind === "macro" && item.attributes.deriveMacroNode !== -1;
        const exported =
            isDerive || (item.kind === "macro" && item.attributes.names.has("macro_export"));
        const symbol = program.addSymbol({
            kind: item.kind,
            name: item.name,
            namespaces: item.namespaces,
            inst,
            item: number,
            parent,
            crate: this.#crate.symbol,
            visibility: exported ? "public" : seen.visibility,
            visibleIn: exported ? undefined : seen.visibleIn,
            cfg: allOf(item.cfg, passed),
            flags: passed === "" ? item.flags : item.flags | NODE_FLAG.cfgGated,
            external: "",
        });
        inst.symbols[number] = symbol;
        if (item.kind === "impl") {
            program.implSites.push({ symbol, inst, item, scope });
        }
        if (isMember) {
            addMember(program, parent, item.name, symbol);
            return;
        }
        if (item.kind === "macro" && !isDerive) {
            this.#declareMacro(inst, item, symbol, scope);
            return;
        }
        if (item.namespaces !== 0) {
            const visibleIn = exported ? undefined : seen.visibleIn;
            define(scope, item.name, ownEntry(symbol, item.namespaces, visibleIn));
        }
        if (item.kind === "module") {
            this.#enterModule(inst, item, symbol, scope);
        }
    }

    #memberVisibility(
        inst: FileInstance,
        item: ItemRecord,
        scope: Scope,
        container: ItemRecord,
    ): ReturnType<typeof readVisibility> {
        const inherits =
            container.kind === "enum" ||
            container.kind === "trait" ||
            container.kind === "variant" ||
            (container.kind === "impl" &&
                inst.tree.findChild(container.node, "trait") !== undefined);
        return readVisibility(
            this.#program.symbols,
            inst,
            inherits ? container.visibilityNode : item.visibilityNode,
            scope,
        );
    }

    #declareMacro(inst: FileInstance, item: ItemRecord, symbol: number, scope: Scope): void {
        const isMacroTwo = inst.tree.nameOf(item.node) === "macro";
        if (isMacroTwo) {
            const seen = readVisibility(this.#program.symbols, inst, item.visibilityNode, scope);
            define(scope, item.name, ownEntry(symbol, NS.macro, seen.visibleIn));
            return;
        }
        scope.textual.push({ node: item.node, name: item.name, symbol });
        const exported = item.attributes.names.has("macro_export");
        if (exported && this.#crate.root !== undefined) {
            define(this.#crate.root, item.name, ownEntry(symbol, NS.macro, undefined));
        }
    }

    /** The scope in which an item's name is defined (for members: in which its container stands). */
    #holder(inst: FileInstance, item: Position): Scope {
        if (item.block !== -1) {
            return this.#blockScope(inst, item.block);
        }
        for (let at: Position = item; ;) {
            const container = inst.items.items[at.parent];
            if (container === undefined) {
                return inst.rootScope;
            }
            if (container.kind === "module") {
                return inst.scopes.get(container.body) ?? inst.rootScope;
            }
            if (container.block !== -1) {
                return this.#blockScope(inst, container.block);
            }
            at = container;
        }
    }

    #blockScope(inst: FileInstance, block: number): Scope {
        const known = inst.scopes.get(block);
        if (known !== undefined) {
            return known;
        }
        const { parent } = inst.tree.columns;
        let module = inst.rootScope;
        for (let at = parent[block] ?? 0; at !== 0; at = parent[at] ?? 0) {
            const scope = inst.scopes.get(at);
            if (scope?.kind === "module") {
                module = scope;
                break;
            }
        }
        const scope = makeScope({
            symbol: module.symbol,
            crate: this.#crate,
            node: block,
            module,
            inst,
            isBlock: true,
        });
        inst.scopes.set(block, scope);
        return scope;
    }

    #enterModule(inst: FileInstance, item: ItemRecord, symbol: number, outer: Scope): void {
        const inner = makeScope({
            symbol,
            crate: this.#crate,
            node: item.body === -1 ? 0 : item.body,
            parentModule: outer.module,
            inst,
            declaredAt: item.node,
        });
        if (item.attributes.names.has("macro_use")) {
            outer.macroUse.push({ node: item.node, scope: inner });
        }
        this.#program.scopeOfModule.set(symbol, inner);
        if (item.body !== -1) {
            inst.scopes.set(item.body, inner);
            return;
        }
        const [first, ...twins] = findModuleFiles(inst, item, (path) =>
            this.#program.captures.has(path),
        );
        if (first === undefined) {
            this.#reportMissing(inst, item);
            return;
        }
        this.#loadModuleFile(first, inner, inst, item);
        for (const twin of twins) {
            this.#loadTwin(twin, symbol, outer, { inst, item });
        }
    }

    /** A second file for one `mod` (by `cfg_attr(…, path = …)`): a twin symbol with its own predicate. */
    #loadTwin(
        source: ModuleSource,
        symbol: number,
        outer: Scope,
        at: { inst: FileInstance; item: ItemRecord },
    ): void {
        const original = this.#program.symbolAt(symbol);
        const twin = this.#program.addSymbol({
            ...original,
            cfg: allOf(original.cfg, source.cfg),
            flags: original.flags | NODE_FLAG.cfgGated,
        });
        define(outer, original.name, ownEntry(twin, NS.type, original.visibleIn));
        const inner = makeScope({
            symbol: twin,
            crate: this.#crate,
            node: 0,
            parentModule: outer.module,
            inst: at.inst,
            declaredAt: at.item.node,
        });
        this.#program.scopeOfModule.set(twin, inner);
        this.#loadModuleFile(source, inner, at.inst, at.item);
    }

    #loadModuleFile(
        source: ModuleSource,
        scope: Scope,
        inst: FileInstance,
        item: ItemRecord,
    ): void {
        const capture = this.#program.captures.get(source.path);
        if (capture === undefined) {
            this.#reportMissing(inst, item);
            return;
        }
        if (this.#chain.includes(source.path) || this.#chain.length > CHAIN_LENGTH_MAX) {
            this.#program.problems.push({
                code: "MODULE_CYCLE",
                message: `module ${item.name} includes its own file ${source.path}`,
                path: inst.path,
            });
            return;
        }
        const cfg = allOf(
            inst.cfg,
            inheritedCfg(inst.items, inst.items.items.indexOf(item), (one) =>
                passedCfg(this.#program, inst, one),
            ),
            source.cfg,
        );
        this.#loadFile(capture, { ...source, cfg }, scope);
    }

    #reportMissing(inst: FileInstance, item: ItemRecord): void {
        const folder = inlineFolder(inst, item);
        this.#program.problems.push({
            code: "MODULE_FILE_MISSING",
            message: `no file for mod ${item.name}: looked for ${[
                ...item.attributes.paths.map(({ value }) => value),
                ...moduleFileCandidates(folder, item.name),
            ].join(", ")}`,
            path: inst.path,
        });
    }

    #collectUses(inst: FileInstance): void {
        const program = this.#program;
        const byLeaf = new Map<object, PendingImport>();
        program.importOfLeaf.set(inst, byLeaf);
        for (const use of inst.items.uses) {
            if (!existsIn(program, inst, use)) {
                continue;
            }
            const scope = this.#holder(inst, use);
            const { visibleIn } = readVisibility(program.symbols, inst, use.visibilityNode, scope);
            for (const leaf of use.leaves) {
                const pending = { scope, use, leaf, inst, visibleIn, isUncompiled: false };
                program.imports.push(pending);
                byLeaf.set(leaf, pending);
            }
        }
        for (const call of inst.items.macroCalls) {
            this.#holder(inst, call).macroCalls.push(call.node);
        }
    }
}

function addMember(program: Program, parent: number, name: string, symbol: number): void {
    let members = program.members.get(parent);
    if (members === undefined) {
        members = new Map();
        program.members.set(parent, members);
    }
    appendTo(members, name, symbol);
}
