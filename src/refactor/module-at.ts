// Modules around places, and modules within modules.

import type { Occurrence, Resolution, SymbolInfo } from "../resolve/index.ts";

/** The innermost module around a place, as one crate sees it; the crate itself at its top. */
export function moduleAt(
    resolution: Resolution,
    path: string,
    offset: number,
    crate: number | undefined,
): number | undefined {
    const owned = modulesByFile(resolution).get(path) ?? [];
    const file = owned.find((one) => crate === undefined || resolution.symbol(one).crate === crate);
    return file === undefined ? undefined : innermost(resolution, file, { path, offset });
}

const known = new WeakMap<Resolution, ReadonlyMap<string, readonly number[]>>();

/** Modules of each file: asked for every use of an item, so that files are not gone through each time. */
function modulesByFile(resolution: Resolution): ReadonlyMap<string, readonly number[]> {
    let files = known.get(resolution);
    if (files === undefined) {
        files = new Map(resolution.files().map(({ path, modules }) => [path, modules]));
        known.set(resolution, files);
    }
    return files;
}

function innermost(
    resolution: Resolution,
    start: number,
    place: { readonly path: string; readonly offset: number },
): number {
    let at = start;
    for (;;) {
        const inner = resolution
            .childrenOf(at)
            .find((child) => holds(resolution.symbol(child), place));
        if (inner === undefined) {
            return at;
        }
        at = inner;
    }
}

function holds(
    { kind, file, extent }: SymbolInfo,
    { path, offset }: { readonly path: string; readonly offset: number },
): boolean {
    return (
        kind === "module" &&
        file === path &&
        extent !== undefined &&
        extent.start < offset &&
        offset < extent.end
    );
}

/** A module with the modules around it, the crate first. */
export function modulePath(resolution: Resolution, module: number): number[] {
    const path: number[] = [];
    for (let at: number | undefined = module; at !== undefined; at = resolution.symbol(at).parent) {
        const { kind } = resolution.symbol(at);
        if (kind === "module" || kind === "crate") {
            path.unshift(at);
        }
    }
    return path;
}

/** Whether a module is another one, or lies in it. */
export function isWithinModule(resolution: Resolution, inner: number, outer: number): boolean {
    return modulePath(resolution, inner).includes(outer);
}

/** Whether a token stands outside of a module and of those in it, or nobody knows where. */
export function isBeyond(
    resolution: Resolution,
    { file, span, crate }: Occurrence,
    module: number,
): boolean {
    const from = moduleAt(resolution, file, span.start, crate);
    return from === undefined || !isWithinModule(resolution, from, module);
}
