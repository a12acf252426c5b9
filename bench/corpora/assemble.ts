// Assembles a real Cargo workspace from the crate sources that Debian packages. Members depend on each
// other by path, everything else comes from Debian's registry folder, so that cargo needs no network.
// Dev-dependencies, and what Debian does not package, leave the manifests; sources stay as published.

import {
    cpSync,
    existsSync,
    mkdirSync,
    readdirSync,
    readFileSync,
    rmSync,
    writeFileSync,
} from "node:fs";
import path from "node:path";
import { parse, stringify } from "smol-toml";

import { OperatingError } from "../../src/base/index.ts";
import { requireSuccess, runProcess } from "../../src/platform/index.ts";
import { pruneManifest, type Table } from "./prune-manifest.ts";
import type { Recipe } from "./recipes.ts";

const REGISTRY = "/usr/share/cargo/registry";
const LEFT_OUT = /(^|\/)(\.cargo[^/]*|benches|debian)$/u;

interface PublishedCrate {
    readonly folder: string;
    readonly version: string;
    readonly manifest: Table;
}

/** How an assembly may change the machine. */
export interface AssembleOptions {
    /** Install the Debian packages that are missing; needs to be root. */
    readonly install: boolean;
}

/** Assembles a workspace in a folder that is replaced; a git repository with one commit. */
export async function assemble(
    recipe: Recipe,
    destination: string,
    options: AssembleOptions,
): Promise<void> {
    await ensurePackages(recipe, options);
    const published = readRegistry();
    rmSync(destination, { recursive: true, force: true });
    mkdirSync(path.join(destination, "crates"), { recursive: true });
    for (const member of recipe.members) {
        const crate = newest(published.get(member) ?? [], member);
        const to = path.join(destination, "crates", member);
        cpSync(crate.folder, to, { recursive: true, filter: (from) => !LEFT_OUT.test(from) });
        const more = recipe.features[member] ?? [];
        const manifest = pruneManifest(crate.manifest, new Set(published.keys()), more);
        writeFileSync(path.join(to, "Cargo.toml"), stringify(manifest) + "\n");
    }
    writeWorkspaceFiles(recipe, destination);
    await commitAll(destination);
}

function writeWorkspaceFiles(recipe: Recipe, destination: string): void {
    const root = {
        workspace: { resolver: "2", members: ["crates/*"] },
        patch: {
            "crates-io": Object.fromEntries(
                recipe.members.map((member) => [member, { path: `crates/${member}` }]),
            ),
        },
    };
    const config = {
        source: {
            "crates-io": { "replace-with": "debian" },
            debian: { directory: REGISTRY },
        },
        net: { offline: true },
        build: { rustflags: ["--cap-lints", "warn"] },
    };
    mkdirSync(path.join(destination, ".cargo"));
    writeFileSync(path.join(destination, "Cargo.toml"), stringify(root) + "\n");
    writeFileSync(path.join(destination, ".cargo", "config.toml"), stringify(config) + "\n");
    writeFileSync(path.join(destination, ".gitignore"), "/target\n");
}

async function commitAll(destination: string): Promise<void> {
    const settings = ["user.name=corpus", "user.email=corpus@localhost", "init.defaultBranch=main"];
    const git = async (...args: string[]): Promise<void> => {
        const all = [...settings.flatMap((setting) => ["-c", setting]), ...args];
        requireSuccess("git", await runProcess("git", all, { cwd: destination }));
    };
    await git("init", "-q");
    await git("add", "-A");
    await git("commit", "-qm", "Published crate sources");
}

function readRegistry(): Map<string, PublishedCrate[]> {
    const found = new Map<string, PublishedCrate[]>();
    const folders = existsSync(REGISTRY) ? readdirSync(REGISTRY).sort() : [];
    for (const name of folders) {
        const folder = path.join(REGISTRY, name);
        const file = path.join(folder, "Cargo.toml");
        if (existsSync(file)) {
            const manifest = parse(readFileSync(file, "utf8")) as Table;
            const own = manifest["package"] as { readonly name: string; readonly version: string };
            const crate = { folder, version: own.version, manifest };
            found.set(own.name, [...(found.get(own.name) ?? []), crate]);
        }
    }
    return found;
}

function newest(crates: readonly PublishedCrate[], name: string): PublishedCrate {
    const [best] = [...crates].sort((a, b) =>
        b.version.localeCompare(a.version, "en", { numeric: true }),
    );
    if (best === undefined) {
        throw new OperatingError(
            "CORPUS_CRATE_MISSING",
            `there is no crate ${name} in ${REGISTRY}`,
        );
    }
    return best;
}

async function ensurePackages(recipe: Recipe, options: AssembleOptions): Promise<void> {
    const missing: string[] = [];
    for (const name of recipe.packages) {
        const asked = await runProcess("dpkg", ["-s", name]);
        if (asked.code !== 0) {
            missing.push(name);
        }
    }
    if (missing.length === 0) {
        return;
    }
    const install = ["install", "-y", "-qq", "--no-install-recommends", ...missing];
    if (!options.install || process.getuid?.() !== 0) {
        throw new OperatingError(
            "CORPUS_PACKAGES_MISSING",
            `${missing.length} Debian packages of the recipe ${recipe.name} are not installed`,
            { advice: `run as root with --install, or: apt-get ${install.join(" ")}` },
        );
    }
    requireSuccess("apt-get", await runProcess("apt-get", ["update", "-qq"]));
    requireSuccess("apt-get", await runProcess("apt-get", install));
}
