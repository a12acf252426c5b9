// Finds and reads a Cargo workspace, or a folder with several: lists files, reads manifests and
// lock files, asks Cargo where that is allowed, and has the model built from it all.

import { dirname, isAbsolute, join, parse, relative } from "node:path";

import {
    absPath,
    checkCancelled,
    OperatingError,
    type AbsPath,
    type Problem,
    type RepoPath,
} from "../base/index.ts";
import { readCargoMetadata } from "../cargo/index.ts";
import { findRealPath, homeFolder, listTree, readBytes, statFile } from "../platform/index.ts";
import {
    buildWorkspaceModel,
    findRootManifest,
    folderOf,
    groupWorkspaces,
    isManifest,
    isModelFile,
    isVendorMark,
    lockFileOf,
    parseManifest,
    relativeTo,
    type CargoWorkspace,
    type Manifest,
    type WorkspaceFacts,
    type WorkspaceModel,
} from "../workspace/index.ts";

/** How to load a workspace. */
export interface LoadWorkspaceOptions {
    /** Whether Cargo may be run: its configuration can name programs that it starts. */
    readonly trusted: boolean;
    readonly signal?: AbortSignal;
    /** The folder's files as `listTree` lists them, at least those that `isModelFile` is true of. */
    readonly listed?: readonly RepoPath[];
}

/** With more Cargo workspaces than this in one folder, manifests alone are read. */
const METADATA_RUNS_MAX = 40;
const METADATA_RUNS_AT_ONCE = 2;

const NOT_FOUND_ADVICE = "run in a folder with a Cargo.toml, or name one with --workspace DIR";

/** Reads the Cargo workspaces of a folder; throws WORKSPACE_NOT_FOUND when there is no manifest. */
export async function loadWorkspace(
    root: string,
    options: LoadWorkspaceOptions,
): Promise<WorkspaceModel> {
    const real = findRealPath(root);
    if (real === undefined) {
        throw notFound(root);
    }
    const listed =
        options.listed ??
        (await listTree(real, {
            accept: isModelFile,
            ...(options.signal === undefined ? {} : { signal: options.signal }),
        }));
    const vendored = new Set(listed.filter(isVendorMark).map(folderOf));
    const paths = listed.filter((path) => isManifest(path) && !vendored.has(folderOf(path)));
    if (paths.length === 0) {
        throw notFound(real);
    }
    const problems: Problem[] = [];
    const manifests: Manifest[] = [];
    for (const path of paths) {
        checkCancelled(options.signal);
        const parsed = parseManifest(path, decode(await readBytes(join(real, path))));
        problems.push(...parsed.problems);
        if (parsed.manifest !== undefined) {
            manifests.push(parsed.manifest);
        }
    }
    const groups = groupWorkspaces(manifests);
    const read = await readFacts(real, groups, options);
    return buildWorkspaceModel({
        root: absPath(real),
        workspaces: read.facts,
        rustFiles: listed.filter((path) => path.endsWith(".rs")),
        problems: [...problems, ...read.problems],
    });
}

/**
 * Finds the root folder of the Cargo workspace that encloses a file or folder: the nearest
 * `[workspace]` that covers the nearest package, else that package; else the folder itself when
 * manifests lie below it. A home folder or what contains one is never taken for that: all of the disk
 * would be read. Throws WORKSPACE_NOT_FOUND.
 */
export async function findWorkspaceRoot(start: string): Promise<AbsPath> {
    const real = findRealPath(start);
    if (real === undefined) {
        throw notFound(start);
    }
    const folder = (await statFile(real)) === undefined ? real : dirname(real);
    const top = parse(folder).root;
    const byFolder = new Map<RepoPath, Manifest>();
    let nearest: Manifest | undefined;
    for (let at = folder; ; at = dirname(at)) {
        const manifest = await readManifestIn(top, at);
        if (manifest !== undefined) {
            byFolder.set(manifest.folder, manifest);
            nearest ??= manifest;
        }
        if (at === dirname(at)) {
            break;
        }
    }
    if (nearest !== undefined) {
        const named = nearest.package?.workspacePath;
        const owner =
            named === undefined
                ? undefined
                : await readManifestIn(top, join(top, nearest.folder, named));
        if (owner !== undefined) {
            byFolder.set(owner.folder, owner);
        }
        return absPath(join(top, findRootManifest(nearest, byFolder).folder));
    }
    if (holdsHome(folder)) {
        throw tooWide(folder);
    }
    if ((await listTree(folder, { accept: isManifest })).length > 0) {
        return absPath(folder);
    }
    throw notFound(folder);
}

function notFound(folder: string): OperatingError {
    const message = `there is no Cargo.toml in ${folder}, above it or below it`;
    return new OperatingError("WORKSPACE_NOT_FOUND", message, { advice: NOT_FOUND_ADVICE });
}

function holdsHome(folder: string): boolean {
    const home = findRealPath(homeFolder()) ?? homeFolder();
    const below = relative(folder, home);
    return folder === parse(folder).root || (!below.startsWith("..") && !isAbsolute(below));
}

function tooWide(folder: string): OperatingError {
    const message = `there is no Cargo.toml in ${folder}, and too much below it to look for one`;
    return new OperatingError("WORKSPACE_NOT_FOUND", message, { advice: NOT_FOUND_ADVICE });
}

/** Reads a folder's manifest, its path relative to the file system's root. */
async function readManifestIn(top: string, folder: string): Promise<Manifest | undefined> {
    const path = relativeTo(top, join(folder, "Cargo.toml"));
    const text = await readIfThere(join(folder, "Cargo.toml"));
    if (path === undefined || text === undefined) {
        return undefined;
    }
    // A broken manifest still marks its folder; what is broken is said when it is loaded.
    return (
        parseManifest(path, text).manifest ?? {
            path,
            folder: folderOf(path),
            package: undefined,
            workspace: undefined,
            patches: [],
        }
    );
}

interface FactsRead {
    readonly facts: readonly WorkspaceFacts[];
    readonly problems: readonly Problem[];
}

async function readFacts(
    root: string,
    groups: readonly CargoWorkspace[],
    options: LoadWorkspaceOptions,
): Promise<FactsRead> {
    const reasons = new Set<string>();
    let askCargo = options.trusted && groups.length <= METADATA_RUNS_MAX;
    if (!options.trusted) {
        reasons.add("the workspace is not trusted to run Cargo");
    } else if (!askCargo) {
        reasons.add(`${groups.length} Cargo workspaces are too many to ask Cargo for each`);
    }
    const facts: WorkspaceFacts[] = [];
    const pending = groups.entries();
    const work = async (): Promise<void> => {
        for (const [index, group] of pending) {
            checkCancelled(options.signal);
            const lockText = await readIfThere(join(root, lockFileOf(group.folder)));
            const configText = await readConfig(join(root, group.folder));
            let metadata: unknown;
            if (askCargo && group.packages.length > 0) {
                const asked = await tryMetadata(join(root, group.folder), lockText, options);
                metadata = asked.json;
                if (asked.failure !== undefined) {
                    askCargo &&= asked.failure.code !== "TOOL_MISSING";
                    const where = askCargo ? `${group.rootManifest.path}: ` : "";
                    reasons.add(where + firstCause(asked.failure.message));
                }
            }
            facts[index] = { group, metadata, lockText, configText };
        }
    };
    await Promise.all(Array.from({ length: METADATA_RUNS_AT_ONCE }, work));
    return { facts, problems: [...reasons].map(manifestsOnly) };
}

async function tryMetadata(
    folder: string,
    lockText: string | undefined,
    options: LoadWorkspaceOptions,
): Promise<{ readonly json: unknown; readonly failure: OperatingError | undefined }> {
    try {
        const found = await readCargoMetadata(folder, {
            hasLock: lockText !== undefined,
            ...(options.signal === undefined ? {} : { signal: options.signal }),
        });
        return { json: found.json, failure: undefined };
    } catch (failure) {
        if (failure instanceof OperatingError) {
            return { json: undefined, failure };
        }
        throw failure;
    }
}

/** Cargo's first complaint, without the lines of context that follow it. */
function firstCause(message: string): string {
    const lines = message.split("\n");
    const complaint = lines.find((line) => line.startsWith("error")) ?? lines[0] ?? "";
    const cause = lines[lines.indexOf("Caused by:") + 1];
    return lines.includes("Caused by:") ? `${complaint}: ${(cause ?? "").trim()}` : complaint;
}

function manifestsOnly(reason: string): Problem {
    return {
        code: "WORKSPACE_MANIFEST_ONLY",
        message: `packages are read from their manifests, which is less certain: ${reason}`,
    };
}

/** Cargo's configuration in a folder; of its two names Cargo prefers the older one. */
async function readConfig(folder: string): Promise<string | undefined> {
    const older = await readIfThere(join(folder, ".cargo", "config"));
    return older ?? readIfThere(join(folder, ".cargo", "config.toml"));
}

async function readIfThere(path: string): Promise<string | undefined> {
    return (await statFile(path)) === undefined ? undefined : decode(await readBytes(path));
}

function decode(bytes: Uint8Array): string {
    return new TextDecoder().decode(bytes);
}
