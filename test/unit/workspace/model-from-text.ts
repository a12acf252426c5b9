// Builds a model from manifests given as text: what the tests of `workspace` are written in.

import { absPath, repoPath, type Problem } from "../../../src/base/index.ts";
import {
    buildWorkspaceModel,
    groupWorkspaces,
    parseManifest,
    type Manifest,
    type Package,
    type WorkspaceModel,
} from "../../../src/workspace/index.ts";

/** Files by path; every `Cargo.toml` and `Cargo.lock` is read, of `.rs` files the names count. */
export function modelFromText(
    files: Readonly<Record<string, string>>,
    metadata: Readonly<Record<string, unknown>> = {},
): WorkspaceModel {
    const manifests: Manifest[] = [];
    const problems: Problem[] = [];
    for (const [path, text] of Object.entries(files)) {
        if (path.endsWith("Cargo.toml")) {
            const parsed = parseManifest(repoPath(path), text);
            problems.push(...parsed.problems);
            manifests.push(...(parsed.manifest === undefined ? [] : [parsed.manifest]));
        }
    }
    return buildWorkspaceModel({
        root: absPath("/w"),
        workspaces: groupWorkspaces(manifests).map((group) => ({
            group,
            metadata: metadata[group.folder],
            configText: files[`${group.folder}/.cargo/config.toml`.replace(/^\//u, "")],
            lockText: files[group.folder === "" ? "Cargo.lock" : `${group.folder}/Cargo.lock`],
        })),
        rustFiles: Object.keys(files)
            .filter((path) => path.endsWith(".rs"))
            .sort()
            .map(repoPath),
        problems,
    });
}

/** A package by name. */
export function packageNamed(model: WorkspaceModel, name: string): Package {
    const found = model.packages.find((each) => each.name === name);
    if (found === undefined) {
        throw new Error(`no package ${name}`);
    }
    return found;
}

/** The targets of a package as `kind name path`. */
export function targetsOf(model: WorkspaceModel, name: string): string[] {
    return packageNamed(model, name).targets.map(
        (target) => `${target.kind} ${target.name} ${target.rootFile}`,
    );
}

/** The dependencies of a package as `extern -> folder` or `extern -> name@version`. */
export function dependenciesOf(model: WorkspaceModel, name: string): string[] {
    return packageNamed(model, name).dependencies.map((dep) => {
        const to =
            dep.local === undefined
                ? `${dep.packageName}@${dep.version}`
                : `/${model.packages[dep.local]!.folder}`;
        return `${dep.externName} -> ${to}`;
    });
}

/** Codes of a model's problems. */
export function codesOf(model: WorkspaceModel): string[] {
    return model.problems.map((problem) => problem.code);
}
