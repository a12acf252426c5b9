// What the level `deep` compares of a plan besides what Cargo finds: the public API of the libraries by the graph,
// the compiler's bindings and MIR where the plan only renames, and what cargo-semver-checks says where it is installed.

import { join } from "node:path";

import {
    hasSemverChecks,
    runSemverChecks,
    type RunCargoOptions,
    type SemverFinding,
} from "../../cargo/index.ts";
import type { ComparedChange, ComparePlace, Comparison } from "../../executor/index.ts";
import { GitRepository } from "../../git/index.ts";
import {
    applyToFile,
    compareApi,
    movesOf,
    type ApiDifference,
    type PatchPlan,
} from "../../patch/index.ts";
import {
    copyEntry,
    findRealPath,
    makeTemporaryFolder,
    removeFolder,
} from "../../platform/index.ts";
import { publicApi } from "../../refactor/index.ts";
import type { EnginePorts } from "../ports.ts";
import { ComparedPlan } from "../validate/compared-plan.ts";
import type { View } from "../view.ts";
import { ViewState } from "./view-state.ts";

/** What comparisons are made with. */
export interface DeepParts {
    readonly ports: EnginePorts;
    readonly plan: PatchPlan;
    /** Folders of the root manifests of Cargo workspaces. */
    readonly cargoFolders: readonly string[];
    /** Asks the view that the plan is made for. */
    readonly query: <T>(ask: (view: View) => Promise<T>) => Promise<T>;
}

/** All comparisons of a plan. */
export function deepComparisons(parts: DeepParts): readonly Comparison[] {
    const api = new ComparedApi(parts);
    return [api, new ComparedPlan(parts.plan, parts.cargoFolders), new SemverChecked(api)];
}

/** Differences that are told one by one. */
const TOLD_MAX = 20;

/** Public API of the libraries by the graph, of the state that the plan is made for and the one it leads to. */
class ComparedApi implements Comparison {
    readonly title = "public API";
    readonly #parts: DeepParts;
    #differences: readonly ApiDifference[] = [];

    constructor(parts: DeepParts) {
        this.#parts = parts;
    }

    /** What the plan declares to be otherwise: last names of paths. */
    get declared(): ReadonlySet<string> {
        const declared = this.#differences.filter(({ isDeclared }) => isDeclared);
        return new Set(declared.map(({ path }) => path.slice(path.lastIndexOf(":") + 1)));
    }

    before(): Promise<string | undefined> {
        return this.#parts.query(async (view) => {
            const { plan, ports } = this.#parts;
            const other = plan.files.find(({ path, before }) => {
                const known = view.file(path)?.contentHash ?? view.plain(path)?.contentHash;
                return known !== before;
            });
            if (other !== undefined) {
                return `${other.path} is not in the graph as the plan was made for it`;
            }
            await Promise.all([ports.parser.load(), ports.resolver.load(), ports.planner.load()]);
            const state = new ViewState(ports, view, await view.loadCaptures(), undefined);
            this.#differences = state.atOnce(() => {
                const after = state.after(...changesOf(plan, view));
                return compareApi(publicApi(state.context), publicApi(after.context), plan);
            });
            return undefined;
        });
    }

    after(): Promise<ComparedChange> {
        const wrong = this.#differences.filter(({ isDeclared }) => !isDeclared);
        const declared = this.#differences.filter(({ isDeclared }) => isDeclared);
        const told = declared.map(({ message }) => `as the plan says, ${message}`);
        const more = told.length - TOLD_MAX;
        return Promise.resolve({
            wrong: wrong.map(({ message }) => `the plan does not say so, and ${message}`),
            told:
                told.length === 0
                    ? ["nothing that others can name is otherwise"]
                    : [...told.slice(0, TOLD_MAX), ...(more > 0 ? [`and ${more} more`] : [])],
        });
    }
}

/** Texts after a plan by path, and its moves. */
function changesOf(plan: PatchPlan, view: View): Parameters<ViewState["after"]> {
    const changes = new Map<string, string>();
    for (const file of plan.files.filter(({ path }) => path.endsWith(".rs"))) {
        const done = applyToFile(file, Buffer.from(view.text(file.path), "utf8"));
        if (done.kind === "bytes") {
            changes.set(file.pathAfter, Buffer.from(done.bytes).toString("utf8"));
        }
    }
    return [changes, movesOf(plan).filter(({ from }) => from.endsWith(".rs"))];
}

/** What cargo-semver-checks finds, where it is installed. */
class SemverChecked implements Comparison {
    readonly title = "cargo semver-checks";
    readonly #api: ComparedApi;

    constructor(api: ComparedApi) {
        this.#api = api;
    }

    async before(place: ComparePlace): Promise<string | undefined> {
        return (await hasSemverChecks(cargoPlace(place))) ? undefined : "it is not installed";
    }

    async after(place: ComparePlace): Promise<ComparedChange> {
        const repository = await GitRepository.open(place.worktree);
        if (typeof repository === "string") {
            return { wrong: [], told: [], aside: "the worktree is gone" };
        }
        const folder = await makeTemporaryFolder("ferrograph-baseline-");
        try {
            const tree = join(folder, "tree");
            await repository.exportTree(place.base, tree, join(folder, "index"));
            await bringAlong(place, tree);
            const done = await runSemverChecks(cargoPlace(place), join(tree, place.prefix));
            return done.kind === "aside"
                ? { wrong: [], told: [], aside: done.reason }
                : this.#judge(done.findings);
        } finally {
            await removeFolder(folder);
        }
    }

    #judge(findings: readonly SemverFinding[]): ComparedChange {
        const { declared } = this.#api;
        const isDeclared = ({ place }: SemverFinding): boolean =>
            (place.split(", previously in")[0] ?? "")
                .split(/[^\p{XID_Continue}]+/u)
                .some((word) => declared.has(word));
        const wrong = findings.filter((one) => !isDeclared(one));
        const known = findings.length - wrong.length;
        return {
            wrong: wrong.map(({ lint, place }) => `${lint}: ${place}`),
            told: [
                known === 0
                    ? "users of the libraries miss nothing"
                    : `${known} findings are what the plan says`,
            ],
        };
    }
}

/** What a build needs beside the files of the commit, which the edit leaves as it is. */
async function bringAlong(
    { worktree, prefix, brought }: ComparePlace,
    tree: string,
): Promise<void> {
    for (const path of [...brought, `${prefix}Cargo.lock`]) {
        const from = join(worktree, path);
        if (findRealPath(from) !== undefined) {
            await copyEntry(from, join(tree, path));
        }
    }
}

function cargoPlace({ folder, cache, signal }: ComparePlace): Omit<RunCargoOptions, "args"> {
    return { folder, targetFolder: join(cache, "semver-checks"), signal };
}
