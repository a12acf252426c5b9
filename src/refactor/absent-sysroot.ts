// Paths of `std` and `alloc` that an edit writes where a crate cannot name these. Names are resolved as if every crate
// had them; a crate that is `no_std` has them where an `extern crate` brings them, under its predicate.
// Source: https://doc.rust-lang.org/reference/names/preludes.html#extern-prelude.

import {
    allOfCfg,
    anyOfCfg,
    areExclusive,
    notOfCfg,
    predicateOf,
    readCfg,
} from "../resolve/index.ts";
import { KIND, type SyntaxTree } from "../syntax/index.ts";
import { Branches } from "./branches.ts";
import type { RenameContext } from "./context.ts";
import type { FoundConflict, TextEdit } from "./model.ts";
import { placeAt } from "./places.ts";

/** The first path for each crate's name that edits bring to a place where the name may mean nothing. */
export function absentSysroot(context: RenameContext, edits: readonly TextEdit[]): FoundConflict[] {
    const brings = (name: string): readonly TextEdit[] =>
        edits.filter(
            ({ oldText, newText }) =>
                sysrootNames(newText).has(name) && !sysrootNames(oldText).has(name),
        );
    return Object.entries(WHY).flatMap(([name, why]) =>
        findAbsent(context, brings(name), { name, why }),
    );
}

const WHY = {
    std: "the crate is `no_std`, so write a path of `core` where it has the item",
    alloc: "only `extern crate alloc` brings it",
} as const;

function findAbsent(
    context: RenameContext,
    edits: readonly TextEdit[],
    { name, why }: { readonly name: string; readonly why: string },
): FoundConflict[] {
    const branches = new Branches(context);
    const owners = new Map(context.resolution.files().map((file) => [file.path, file.owners]));
    const crates = new Set(edits.flatMap(({ path }) => owners.get(path) ?? []));
    for (const crate of crates) {
        const missing = missingUnder(context, crate, name);
        const edit =
            missing === undefined
                ? undefined
                : edits.find(
                      ({ path, span }) =>
                          owners.get(path)?.includes(crate) === true &&
                          !areExclusive(branches.at(path, span.start), missing),
                  );
        if (edit !== undefined) {
            const home = context.resolution.symbol(crate).name;
            const under = missing === "" ? "" : ` under cfg(${missing})`;
            return [
                {
                    kind: "absent-under-cfg",
                    grade: "error",
                    message: `\`${name}\` is not there in \`${home}\`${under}: ${why}`,
                    at: [placeAt(context.textOf(edit.path), edit.path, edit.span.start)],
                },
            ];
        }
    }
    return [];
}

/** Which of these crates a text has paths of. */
function sysrootNames(text: string): Set<string> {
    const code = text.replace(/"(?:[^"\\]|\\.)*"/gsu, '""');
    const names = [...code.matchAll(/\b(std|alloc)\s*::/gu)]
        // Behind another segment it is a module of that name; a sign makes it a variable.
        .filter(({ index }) => !/(?:[\w>]\s*::\s*|[$#])$/u.test(code.slice(0, index)))
        .map(([, name = ""]) => name);
    return new Set(names);
}

/** Where a crate cannot name `std` or `alloc`, as a predicate; undefined where it always can. */
function missingUnder(context: RenameContext, crate: number, name: string): string | undefined {
    const root = context.resolution.files().find(({ modules }) => modules.includes(crate));
    const tree = root === undefined ? undefined : context.treeOf(root.path);
    if (tree === undefined) {
        return undefined;
    }
    const without = name === "std" ? noStd(tree) : [""];
    const brought = broughtUnder(tree, name);
    return without.length === 0 || brought.includes("")
        ? undefined
        : allOfCfg(anyOfCfg(...without), ...brought.map(notOfCfg));
}

/** The predicates under which `#![no_std]` holds. */
function noStd(tree: SyntaxTree): string[] {
    return tree.childrenOf(0).flatMap((child) => {
        const isInner = tree.columns.kind[child] === KIND.inner_attribute_item;
        const attribute = isInner ? tree.findKind(child, "attribute") : undefined;
        if (attribute === undefined) {
            return [];
        }
        const name = tree.nameOf(attribute + 1);
        const tokens = tree.findChild(attribute, "arguments");
        if (NO_STD.has(name)) {
            return [""];
        }
        const isConditional =
            name === "cfg_attr" &&
            tokens !== undefined &&
            tree.childrenOf(tokens).some((token) => NO_STD.has(tree.nameOf(token)));
        return isConditional ? [readCfg(tree, tokens)] : [];
    });
}

const NO_STD: ReadonlySet<string> = new Set(["no_std", "no_core"]);

/** The predicates under which the crate's root brings a crate into its prelude by that name. */
function broughtUnder(tree: SyntaxTree, name: string): string[] {
    return tree
        .childrenOf(0)
        .filter(
            (child) =>
                tree.columns.kind[child] === KIND.extern_crate_declaration &&
                tree.findChild(child, "alias") === undefined &&
                tree.nameOf(tree.findChild(child, "name") ?? 0) === name,
        )
        .map((child) => predicateOf(tree, child));
}
