// The part of a workspace that decides what the tokens of some files mean: the crates that have them, and those that these
// depend on. What is in no crate that they can name decides nothing there.

import type { WorkspacePart } from "../resolve/index.ts";
import type { Target, WorkspaceModel } from "../workspace/index.ts";
import type { RenameContext } from "./context.ts";

/** Where more than this share of the files is needed, a part costs what the whole does. */
const SHARE_MAX = 0.75;

/** The part that some files hang on; undefined where it is hardly less than the whole, or a file is in no crate. */
export function partAround(
    { model, resolution }: Pick<RenameContext, "model" | "resolution">,
    paths: ReadonlySet<string>,
): WorkspacePart | undefined {
    const ownership = resolution.files();
    const crates = new Set<string>();
    for (const { path, owners } of ownership) {
        if (paths.has(path)) {
            if (owners.length === 0) {
                return undefined;
            }
            owners.forEach((owner) => crates.add(resolution.symbol(owner).name));
        }
    }
    const part = restrict(model, crates);
    const files = new Set(
        ownership.flatMap(({ path, owners }) =>
            owners.some((owner) => part.crates.has(resolution.symbol(owner).name)) ? [path] : [],
        ),
    );
    return files.size > ownership.length * SHARE_MAX ? undefined : { model: part.model, files };
}

/** The model with some crates, their packages' libraries, and the libraries that these depend on. */
function restrict(
    model: WorkspaceModel,
    crates: ReadonlySet<string>,
): { readonly model: WorkspaceModel; readonly crates: ReadonlySet<string> } {
    const isAsked = ({ crateName }: Target): boolean => crates.has(crateName);
    const isLibrary = ({ kind }: Target): boolean => kind === "lib" || kind === "proc-macro";
    const reached = new Set(
        model.packages.flatMap(({ targets }, index) => (targets.some(isAsked) ? [index] : [])),
    );
    // A set visits what is added to it during the loop.
    const direct = new Set(reached);
    for (const at of reached) {
        const { targets = [], dependencies = [] } = model.packages[at] ?? {};
        // Of procedural macros others see the names, and what these are made with does not matter.
        const isMacros = targets.some(({ kind }) => kind === "proc-macro");
        for (const { local, kind } of dependencies) {
            // Who depends on a library sees none of its tests and of its build script.
            const isSeen = direct.has(at) || (kind === "normal" && !isMacros);
            if (local !== undefined && isSeen) {
                reached.add(local);
            }
        }
    }
    const kept = new Set<string>();
    const packages = model.packages.map((one, index) => {
        const targets = reached.has(index)
            ? one.targets.filter((target) => isAsked(target) || isLibrary(target))
            : [];
        targets.forEach(({ crateName }) => kept.add(crateName));
        return { ...one, targets };
    });
    return { model: { ...model, packages }, crates: kept };
}
