// Levels that attributes and manifests give to lints at a place.
// Source: https://doc.rust-lang.org/rustc/lints/levels.html, https://doc.rust-lang.org/cargo/reference/manifest.html#the-lints-section.

import type { SymbolIndex } from "../resolve/index.ts";
import { packageOfFile } from "../workspace/index.ts";
import type { RenameContext } from "./context.ts";
import { FileSyntax } from "./file-syntax.ts";

/** A lint with the groups that it is in, and its level where nobody says one. */
export interface Lint {
    readonly names: readonly string[];
    readonly byDefault: "allow" | "warn";
}

/** What is said of some lints in one place. */
interface Setting {
    readonly level: string;
    readonly lints: readonly string[];
    /** Said under a predicate only. */
    readonly isConditional: boolean;
}

/** Where to look from: an offset of a file, and the graph node around it. */
export interface LintPlace {
    readonly path: string;
    readonly offset: number;
    readonly enclosing: SymbolIndex | undefined;
}

const DENIED: ReadonlySet<string> = new Set(["deny", "forbid"]);

/** What is said of lints around a place, the nearest first. */
export class LintLevels {
    /** The later of two in a layer counts. */
    readonly #layers: readonly (readonly Setting[])[];

    constructor(context: RenameContext, place: LintPlace) {
        this.#layers = [...layersAround(context, place)];
    }

    /** Whether a lint that fires here ends a compilation; "perhaps" where a predicate decides. */
    denies({ names, byDefault }: Lint): "yes" | "perhaps" | "no" {
        const own = this.#find(names);
        if (own !== undefined && DENIED.has(own.level)) {
            return own.isConditional ? "perhaps" : "yes";
        }
        if ((own?.level ?? byDefault) !== "warn") {
            return "no";
        }
        // What warns is denied with all warnings.
        const all = this.#find(["warnings"]);
        return all === undefined || !DENIED.has(all.level)
            ? "no"
            : all.isConditional
              ? "perhaps"
              : "yes";
    }

    /** Whether a lint is expected to fire here. */
    expects({ names }: Lint): boolean {
        return this.#find(names)?.level === "expect";
    }

    #find(names: readonly string[]): Setting | undefined {
        for (const layer of this.#layers) {
            const found = layer.findLast(
                ({ lints, level, isConditional }) =>
                    lints.some((one) => names.includes(one)) &&
                    (!isConditional || DENIED.has(level)),
            );
            if (found !== undefined) {
                return found;
            }
        }
        return undefined;
    }
}

function* layersAround(context: RenameContext, place: LintPlace): Iterable<Setting[]> {
    const { resolution, model } = context;
    let { path } = place;
    yield* layersIn(context, path, place.offset);
    // A module's file ends where the item that declares it stands.
    for (let one = place.enclosing; one !== undefined;) {
        const { file, nameSpan, parent } = resolution.symbol(one);
        if (file !== undefined && file !== path && nameSpan !== undefined) {
            path = file;
            yield* layersIn(context, path, nameSpan.start);
        }
        one = parent;
    }
    const home = packageOfFile(model, path);
    const ofPackage = home === undefined ? undefined : model.packages[home]?.lints;
    yield (ofPackage ?? []).map(({ level, name }) => ({
        level,
        lints: [name],
        isConditional: false,
    }));
}

/** What attributes of the nodes around an offset of a file say, of each node the outer ones before the inner ones. */
function* layersIn(context: RenameContext, path: string, offset: number): Iterable<Setting[]> {
    const file = FileSyntax.of(context, path);
    let node = file?.tree.nodeAt(offset);
    while (file !== undefined && node !== undefined) {
        yield [...outerAttributes(file, node), ...innerAttributes(file, node)].flatMap((each) =>
            readSettings(file.textOf(each)),
        );
        node = node === 0 ? undefined : file.parent(node);
    }
}

function outerAttributes(file: FileSyntax, node: number): number[] {
    const before: number[] = [];
    for (const sibling of node === 0 ? [] : file.tree.childrenOf(file.parent(node))) {
        if (sibling === node) {
            return before;
        }
        if (file.is(sibling, "attribute_item")) {
            before.push(sibling);
        } else if (!file.is(sibling, "doc_comment")) {
            before.length = 0;
        }
    }
    return [];
}

/** Those of a body stand in it, and speak of the whole item. */
function innerAttributes(file: FileSyntax, node: number): number[] {
    const body = file.child(node, "body");
    return [node, ...(body === undefined ? [] : [body])].flatMap((holder) =>
        file.tree.childrenOf(holder).filter((child) => file.is(child, "inner_attribute_item")),
    );
}

const LEVEL = /\b(allow|expect|warn|deny|forbid)\s*\(([^()]*)\)/gu;

/** Reads an attribute's text: `#![deny(warnings)]`, `#[cfg_attr(test, allow(unused))]`. */
function readSettings(text: string): Setting[] {
    const isConditional = /^#!?\s*\[\s*cfg_attr\b/u.test(text);
    if (!isConditional && !/^#!?\s*\[\s*(?:allow|expect|warn|deny|forbid)\b/u.test(text)) {
        return [];
    }
    return [...text.matchAll(LEVEL)].map(([, level = "", lints = ""]) => ({
        level,
        lints: lints.split(",").map((one) => one.trim()),
        isConditional,
    }));
}
