// Names of std's modules: what a path means where it is written, and under which public paths an item is seen.

import { splitCommas } from "./collect-items.mjs";
import { tokenize } from "./tokens.mjs";

const CRATE_NAMES = new Map([
    ["core", "core"],
    ["alloc", "alloc"],
    ["alloc_crate", "alloc"],
    ["std", "std"],
    ["proc_macro", "proc_macro"],
]);
const DEPTH_MAX = 7;
const PATHS_PER_MODULE_MAX = 12;

/** Looks names up in the modules of an ItemCollector. */
export class ModuleScopes {
    #roots;
    #useCache = new Map();
    #known = new Map();
    #depth = 0;

    constructor(collector) {
        this.#roots = collector.roots;
        this.#prelude = this.resolve(this.#roots.get("std"), [
            "crate",
            "prelude",
            "rust_2024",
        ])?.definition.target;
    }

    #prelude;

    /** What a path's longest known beginning means: `{definition, used}` (segments used), or undefined. */
    resolve(module, segments) {
        let at = this.#first(module, segments[0]);
        let used = 1;
        while (at !== undefined && at.kind === "mod" && used < segments.length) {
            const next =
                segments[used] === "super"
                    ? moduleDefinition(at.target.parent)
                    : this.inModule(at.target, segments[used], "types");
            if (next === undefined) {
                return undefined;
            }
            at = next;
            used += 1;
        }
        return at === undefined ? undefined : { definition: at, used };
    }

    #first(module, name) {
        switch (name) {
            case "crate":
                return moduleDefinition(this.#roots.get(module.crate));
            case "self":
                return moduleDefinition(module);
            case "super":
                return moduleDefinition(module.parent ?? module);
            default:
        }
        const own = this.inModule(module, name, "types");
        if (own !== undefined) {
            return own;
        }
        const crate = CRATE_NAMES.get(name);
        if (crate !== undefined) {
            return moduleDefinition(this.#roots.get(crate));
        }
        return this.#prelude === undefined
            ? undefined
            : this.inModule(this.#prelude, name, "types");
    }

    /** A name of a module in one name space, imports included. */
    inModule(module, name, space) {
        const own = module[space].get(name)?.[0];
        if (own !== undefined) {
            return own;
        }
        const key = `${space} ${name}`;
        let known = this.#known.get(module);
        if (known === undefined) {
            known = new Map();
            this.#known.set(module, known);
        }
        if (known.has(key)) {
            // Undefined too for a lookup under way: an import does not find itself.
            return known.get(key);
        }
        known.set(key, undefined);
        this.#depth += 1;
        const found = this.#imported(module, name, space);
        this.#depth -= 1;
        known.set(key, found);
        if (found === undefined && this.#depth > 0) {
            known.delete(key);
        }
        return found;
    }

    #imported(module, name, space) {
        const uses = this.usesOf(module);
        for (const use of uses) {
            if (!use.isGlob && use.alias === name) {
                const found = this.#target(module, use.path, space);
                if (found !== undefined) {
                    return found;
                }
            }
        }
        for (const use of uses) {
            if (use.isGlob) {
                const from = this.#target(module, use.path, "types");
                const found =
                    from?.kind === "mod" ? this.inModule(from.target, name, space) : undefined;
                if (found !== undefined) {
                    return found;
                }
            }
        }
        return undefined;
    }

    #target(module, path, space) {
        const last = path[path.length - 1];
        if (path.length === 1) {
            return space === "types" ? this.#first(module, last) : undefined;
        }
        const holder = this.resolve(module, path.slice(0, -1));
        return holder?.used === path.length - 1 && holder.definition.kind === "mod"
            ? this.inModule(holder.definition.target, last, space)
            : undefined;
    }

    /** The imports of a module, one entry a name. */
    usesOf(module) {
        let uses = this.#useCache.get(module);
        if (uses === undefined) {
            uses = [...module.uses]
                .sort((a, b) => Number(b.linux) - Number(a.linux))
                .flatMap((use) => parseUse(use));
            this.#useCache.set(module, uses);
        }
        return uses;
    }

    /** Public paths of every item: definition to set of paths. */
    publicPaths() {
        const paths = new Map();
        const visited = new Map();
        const queue = [...this.#roots.values()].map((module) => ({ module, path: module.name }));
        const record = (definition, path) => {
            if (definition.kind === "mod") {
                queue.push({ module: definition.target, path });
            } else {
                paths.set(definition, (paths.get(definition) ?? new Set()).add(path));
            }
        };
        for (const { module, path } of queue) {
            const seen = visited.get(module) ?? new Set();
            visited.set(module, seen);
            if (
                seen.has(path) ||
                seen.size >= PATHS_PER_MODULE_MAX ||
                path.split("::").length > DEPTH_MAX
            ) {
                continue;
            }
            seen.add(path);
            for (const table of [module.types, module.values]) {
                for (const [name, definitions] of table) {
                    definitions
                        .filter((one) => one.isPublic)
                        .forEach((one) => {
                            record(one, `${path}::${name}`);
                        });
                }
            }
            this.#publicUses(module, path, { record, queue });
        }
        return paths;
    }

    #publicUses(module, path, { record, queue }) {
        for (const use of this.usesOf(module).filter((one) => one.isPublic)) {
            if (use.isGlob) {
                const from = this.#target(module, use.path, "types");
                if (from?.kind === "mod") {
                    queue.push({ module: from.target, path });
                }
                continue;
            }
            for (const space of ["types", "values"]) {
                const found = this.#target(module, use.path, space);
                if (found !== undefined) {
                    record(found, `${path}::${use.alias}`);
                }
            }
        }
    }
}

function moduleDefinition(module) {
    return module === undefined ? undefined : { kind: "mod", name: module.name, target: module };
}

function parseUse(use) {
    const tokens = tokenize(use.text.replace(/^[^]*?\buse\b/, "").replace(/;\s*$/, ""));
    return spread(tokens, []).map((one) => ({ ...one, isPublic: use.isPublic }));
}

function spread(tokens, prefix) {
    const path = [...prefix];
    for (let i = 0; i < tokens.length; i++) {
        const token = tokens[i];
        if (token.k === "group") {
            return splitCommas(token.c).flatMap((part) => spread(part, path));
        }
        if (token.s === "*") {
            return [{ path, isGlob: true, alias: "" }];
        }
        if (token.s === "as") {
            return [finish(path, tokens[i + 1].s)];
        }
        if (token.k === "word") {
            path.push(token.s.replace(/^r#/, ""));
        }
    }
    return [finish(path, undefined)];
}

function finish(path, alias) {
    const whole = path[path.length - 1] === "self" && path.length > 1 ? path.slice(0, -1) : path;
    return { path: whole, isGlob: false, alias: alias ?? whole[whole.length - 1] };
}
