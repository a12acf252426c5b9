// How good the selection of affected tests is: faults are put into a copy of a workspace, one at a time;
// the whole suite is run, and each test that fails must have been selected.

import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

import { runProcess } from "../../src/platform/index.ts";
import type { AffectedResult } from "../../src/protocol/index.ts";
import { seededRandom } from "../accuracy/sample.ts";
import type { NamedWorkspace } from "../workspaces.ts";
import { mutationsOf, orderMutations, type Mutation } from "./mutations.ts";
import { packagesWithoutTests, runTests, type TestName, type TestRun } from "./run-tests.ts";

/** What one fault showed. */
export interface MutationResult {
    readonly mutation: Mutation;
    /** Tests that failed with it and not without. */
    readonly failed: readonly TestName[];
    readonly missed: readonly TestName[];
    readonly selected: number;
    /** Tests of the package and of all that depend on it. */
    readonly ofDependents: number;
    readonly milliseconds: number;
}

/** What all faults of a workspace showed. */
export interface SelectionResult {
    readonly workspace: NamedWorkspace;
    readonly tests: number;
    /** Packages whose tests do not compile, faults or not: left out. */
    readonly without: readonly string[];
    readonly withDoctests: boolean;
    readonly results: readonly MutationResult[];
    /** Faults that did not compile. */
    readonly discarded: number;
}

/** How tests ended, kept in a file: an interrupted run goes on where it ended. */
class TruthStore {
    readonly #file: string;
    readonly #known: Record<string, TestRun | null>;

    constructor(file: string) {
        this.#file = file;
        this.#known = existsSync(file)
            ? (JSON.parse(readFileSync(file, "utf8")) as Record<string, TestRun | null>)
            : {};
    }

    async of(key: string, run: () => Promise<TestRun | undefined>): Promise<TestRun | undefined> {
        const known = this.#known[key];
        if (known !== undefined) {
            return known ?? undefined;
        }
        const done = await run();
        this.#known[key] = done ?? null;
        writeFileSync(this.#file, JSON.stringify(this.#known));
        return done;
    }
}

/** How much is measured. */
export interface SelectionOptions {
    readonly repository: string;
    readonly scratch: string;
    readonly mutations: number;
    readonly seed: number;
    readonly minutes: number;
    /** Documentation tests as well, which take most of the time. */
    readonly withDoctests: boolean;
}

interface Place {
    readonly root: string;
    readonly store: string;
    readonly main: string;
    readonly packages: readonly PackageFacts[];
}

interface PackageFacts {
    readonly name: string;
    readonly folder: string;
    readonly needs: readonly string[];
}

/** Measures a workspace. */
export async function measureSelection(
    workspace: NamedWorkspace,
    options: SelectionOptions,
): Promise<SelectionResult> {
    const place = await prepare(workspace, options);
    const without = await packagesWithoutTests(place.root);
    const names = place.packages.map((one) => one.name).filter((name) => !without.includes(name));
    const truth = new TruthStore(path.join(options.scratch, "affected", `${workspace.name}.json`));
    const documented = options.withDoctests ? names : [];
    const base = await truth.of("base", () => runTests(place.root, { without, documented }));
    if (base === undefined) {
        throw new Error(`the tests of ${workspace.name} do not compile`);
    }
    const wanted = await listMutations(place, options.seed);
    const results: MutationResult[] = [];
    let discarded = 0;
    const end = Date.now() + options.minutes * 60_000;
    for (const mutation of wanted) {
        if (results.length >= options.mutations || Date.now() > end) {
            break;
        }
        const result = await tryMutation(place, { base, truth, without }, mutation);
        discarded += result === undefined ? 1 : 0;
        if (result !== undefined) {
            results.push(result);
            const { path: file, what } = mutation;
            const said = `${file}: ${what}: ${result.failed.length} failed, ${result.missed.length} missed, ${result.selected} selected`;
            console.error(`${results.length}/${options.mutations} ${said}`);
        }
    }
    const { withDoctests } = options;
    return { workspace, tests: base.passed.length, without, withDoctests, results, discarded };
}

async function prepare(
    { name, root: from }: NamedWorkspace,
    { repository, scratch }: SelectionOptions,
): Promise<Place> {
    const root = path.join(scratch, "affected", name);
    const kept = new Set([".git", ".ferrograph", "target"]);
    mkdirSync(root, { recursive: true });
    cpSync(from, root, {
        recursive: true,
        filter: (each) => !kept.has(path.relative(from, each).split(path.sep)[0] ?? ""),
    });
    rmSync(path.join(root, ".git"), { recursive: true, force: true });
    // A lock file that comes later would be a change that affects everything.
    await check(root, "cargo", ["generate-lockfile", "--offline"]);
    const metadata = ["metadata", "--offline", "--no-deps", "--format-version", "1"];
    const said = JSON.parse(await check(root, "cargo", metadata)) as CargoMetadata;
    await check(root, "git", ["init", "-q"]);
    mkdirSync(path.join(root, ".git", "info"), { recursive: true });
    writeFileSync(path.join(root, ".git", "info", "exclude"), "target\n");
    const identity = ["-c", "user.name=bench", "-c", "user.email=bench@example.org"];
    for (const args of [
        ["add", "-A"],
        [...identity, "commit", "-qm", "base"],
    ]) {
        await check(root, "git", args);
    }
    return {
        root,
        store: path.join(scratch, "affected", `${name}.store`),
        main: path.join(repository, "dist", "bundle", "main.js"),
        packages: said.packages.map((one) => ({
            name: one.name,
            folder: path.relative(root, path.dirname(one.manifest_path)),
            needs: one.dependencies.map((dependency) => dependency.name),
        })),
    };
}

/* eslint-disable @typescript-eslint/naming-convention -- these are Cargo's names */
interface CargoMetadata {
    readonly packages: readonly {
        readonly name: string;
        readonly manifest_path: string;
        readonly dependencies: readonly { readonly name: string }[];
    }[];
}
/* eslint-enable @typescript-eslint/naming-convention */

async function check(cwd: string, command: string, args: readonly string[]): Promise<string> {
    const done = await runProcess(command, args, { cwd, maxOutputBytes: 256 * 1024 * 1024 });
    if (done.code !== 0) {
        throw new Error(`${command} ${args.join(" ")}: ${done.stderr}`);
    }
    return done.stdout;
}

async function listMutations({ root }: Place, seed: number): Promise<Mutation[]> {
    const files = (await check(root, "git", ["ls-files", "*.rs"])).trim().split("\n");
    const sources = files.filter((file) => /(?:^|\/)src\//u.test(file));
    const all = sources.flatMap((file) =>
        mutationsOf(file, readFileSync(path.join(root, file), "utf8")),
    );
    return orderMutations(all, seededRandom(seed));
}

/** What a fault is held against. */
interface Trial {
    readonly base: TestRun;
    readonly truth: TruthStore;
    readonly without: readonly string[];
}

async function tryMutation(
    place: Place,
    { base, truth, without }: Trial,
    mutation: Mutation,
): Promise<MutationResult | undefined> {
    const file = path.join(place.root, mutation.path);
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.slice(0, mutation.start) + mutation.text + text.slice(mutation.end));
    try {
        const documented = base.passed.filter((test) => test.targetKind === "doc");
        const packages = [...new Set(documented.map((test) => test.package))];
        const run = await truth.of(JSON.stringify(mutation), () =>
            runTests(place.root, { without, documented: packages }),
        );
        if (run === undefined) {
            return undefined;
        }
        const affected = await askAffected(place);
        const known = new Set(base.passed.map(keyOf));
        const failed = run.failed.filter((test) => known.has(keyOf(test)));
        const near = new Set(dependentsOf(place, mutation.path));
        return {
            mutation,
            failed,
            missed: failed.filter((test) => !isSelected(affected, test)),
            selected: base.passed.filter((test) => isSelected(affected, test)).length,
            ofDependents: base.passed.filter((test) => near.has(test.package)).length,
            milliseconds: affected.milliseconds,
        };
    } finally {
        writeFileSync(file, text);
    }
}

async function askAffected({ root, store, main }: Place): Promise<AffectedResult> {
    const where = ["--workspace", root, "--store", store, "--no-daemon", "--no-facts"];
    const args = [main, "affected", "--since", "HEAD", "--format", "json", ...where];
    return JSON.parse(await check(root, process.execPath, args)) as AffectedResult;
}

function keyOf({ package: name, targetKind, targetName, test }: TestName): string {
    return [name, targetKind, targetName, test].join("\n");
}

function isSelected(affected: AffectedResult, test: TestName): boolean {
    const name = test.package;
    if (test.targetKind === "doc") {
        return affected.doctests.includes(name);
    }
    return affected.tests.some((each) => {
        if (each.package !== name) {
            return false;
        }
        const isTarget =
            each.targetKind === "" ||
            (each.targetKind === test.targetKind && each.targetName === test.targetName);
        const isNamed =
            each.test === "" ||
            each.test === test.test ||
            (each.extent === "below" && test.test.startsWith(`${each.test}::`));
        return isTarget && isNamed;
    });
}

/** Names of the package of a file and of all that depend on it. */
function dependentsOf({ packages }: Place, file: string): string[] {
    const own = packages
        .filter(({ folder }) => folder === "" || file.startsWith(`${folder}/`))
        .sort((a, b) => b.folder.length - a.folder.length)[0];
    const found = new Set(own === undefined ? [] : [own.name]);
    for (let size = -1; size !== found.size;) {
        size = found.size;
        for (const { name, needs } of packages) {
            if (needs.some((need) => found.has(need))) {
                found.add(name);
            }
        }
    }
    return [...found];
}
