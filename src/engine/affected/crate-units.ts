// Which package and target each crate is, and which symbol stands around which in the text.

import { appendTo } from "../../base/index.ts";
import { parseCanonicalPath } from "../../graph/index.ts";
import type { ResolutionSource } from "../../resolve/index.ts";
import type { TargetKind, WorkspaceModel } from "../../workspace/index.ts";

/** A crate as Cargo knows it. */
export interface CrateUnit {
    /** Index into the model's packages. */
    readonly package: number;
    readonly targetKind: TargetKind;
    readonly targetName: string;
}

/** Package and target of each crate's symbol. */
export function crateUnits(input: {
    readonly model: WorkspaceModel;
    readonly source: ResolutionSource;
}): ReadonlyMap<number, CrateUnit> {
    const { model, source } = input;
    const units = new Map<number, CrateUnit>();
    for (let index = 0; index < source.symbolCount; index++) {
        if (source.kindOf(index) !== "crate" || source.externalPath(index) !== "") {
            continue;
        }
        const { origin } = parseCanonicalPath(source.symbol(index).path);
        if (origin.kind !== "workspace") {
            continue;
        }
        const folder = origin.folder === "." ? "" : origin.folder;
        const at = model.packages.findIndex(
            (one) => one.folder === folder && one.name === origin.package,
        );
        if (at !== -1) {
            units.set(index, {
                package: at,
                targetKind: origin.targetKind as TargetKind,
                targetName: origin.targetName,
            });
        }
    }
    return units;
}

/** The innermost symbol of the same file and crate around each symbol; -1 for none. */
export function lexicalParents(source: ResolutionSource): Int32Array {
    const parents = new Int32Array(source.symbolCount).fill(-1);
    const groups = new Map<string, { index: number; start: number; end: number }[]>();
    for (let index = 0; index < source.symbolCount; index++) {
        if (source.externalPath(index) !== "") {
            continue;
        }
        const { file, extent, crate } = source.symbol(index);
        if (file !== undefined && extent !== undefined) {
            appendTo(groups, `${crate ?? -1} ${file}`, { index, ...extent });
        }
    }
    for (const symbols of groups.values()) {
        symbols.sort((a, b) => a.start - b.start || b.end - a.end);
        const open: { index: number; end: number }[] = [];
        for (const { index, start, end } of symbols) {
            while ((open.at(-1)?.end ?? Infinity) <= start) {
                open.pop();
            }
            parents[index] = open.at(-1)?.index ?? -1;
            open.push({ index, end });
        }
    }
    return parents;
}

/** Packages whose items a package's code can name: it, and what it depends on over all depths. */
export function packageReach({ packages }: WorkspaceModel): ReadonlySet<number>[] {
    return packages.map((_, index) => {
        const found = new Set([index]);
        for (const one of found) {
            packages[one]?.dependencies.forEach(({ local }) => {
                if (local !== undefined) {
                    found.add(local);
                }
            });
        }
        return found;
    });
}
