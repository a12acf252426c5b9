// What planning a rename needs of a workspace whose files are texts in memory: without daemon, engine and disk.

import { captureChanges, moveFiles, type FileChanges } from "../../src/engine/plan-rename.ts";
import type { RenameContext } from "../../src/refactor/index.ts";
import type { Resolver } from "../../src/resolve/index.ts";
import type { FileCapture, openSyntax } from "../../src/syntax/index.ts";
import type { WorkspaceModel } from "../../src/workspace/index.ts";

/** A workspace in memory, and who resolves it. */
export interface WorkspaceInMemory {
    readonly model: WorkspaceModel;
    readonly captures: ReadonlyMap<string, FileCapture>;
    readonly textOf: (path: string) => string;
    readonly resolver: Resolver;
    readonly syntax: Awaited<ReturnType<typeof openSyntax>>;
}

/** As the daemon makes it. Neither files that are not Rust nor hashes of contents are known; callers that need them add them. */
export function contextInMemory(workspace: WorkspaceInMemory): RenameContext {
    const { model, captures, textOf, resolver, syntax } = workspace;
    const capturesAfter = (how: FileChanges): Map<string, FileCapture> =>
        captureChanges(captures, how, (file) =>
            syntax.captureRenamed({ ...file, before: textOf(file.capture.path) }),
        );
    return {
        resolution: resolver.resolve({ model, captures }),
        model,
        textOf,
        contentHashOf: () => "",
        treeOf: (path) => captures.get(path)?.tree,
        // Without it no macro call would be expanded, which is most of what some renames cost.
        isWhole: (path, after) => {
            const capture = captures.get(path);
            const file = { path, before: textOf(path), after };
            return (
                capture !== undefined &&
                syntax.captureRenamed({ ...file, capture }).problems.length === 0
            );
        },
        resolvePart: (changes, part) =>
            resolver.resolvePart({ model, captures: capturesAfter({ changes, moves: [] }) }, part),
        reResolve: (changes, moves, change) =>
            resolver.resolveAside(
                { model: moveFiles(model, moves), captures: capturesAfter({ changes, moves }) },
                change && { ...change, moved: { model, files: moves } },
            ),
    };
}
