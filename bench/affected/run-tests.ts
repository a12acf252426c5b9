// Runs a workspace's tests, binary by binary, and tells of each how it ended.

import path from "node:path";

import { runProcess } from "../../src/platform/index.ts";

/** One test of one target. */
export interface TestName {
    readonly package: string;
    readonly targetKind: string;
    readonly targetName: string;
    readonly test: string;
}

/** How tests ended. */
export interface TestRun {
    readonly passed: readonly TestName[];
    readonly failed: readonly TestName[];
}

interface TestBinary {
    readonly package: string;
    readonly targetKind: string;
    readonly targetName: string;
    readonly executable: string;
    readonly folder: string;
}

const BUILD_MS = 300_000;
const BINARY_MS = 30_000;
/** A test that does not end by itself is one that fails. */
const TEST_MS = 10_000;
/** Linking with what debuggers need takes most of the time. */
const BUILD = { CARGO_PROFILE_DEV_DEBUG: "0", CARGO_PROFILE_TEST_DEBUG: "0" };
function environment(target: string | undefined): Readonly<Record<string, string>> {
    return target === undefined ? BUILD : { ...BUILD, CARGO_TARGET_DIR: target };
}

const OUTPUT_MAX = 64 * 1024 * 1024;

/** Which tests are run. */
export interface TestsToRun {
    /** Packages whose tests do not compile, faults or not. */
    readonly without: readonly string[];
    /** Packages whose documentation tests are run. */
    readonly documented: readonly string[];
    /** Folder of what is compiled, where it is not the workspace's own. */
    readonly target?: string;
    /** Only binaries that this very call compiles: the others are what they were. */
    readonly onlyCompiled?: boolean;
}

/** Packages whose tests do not compile as they are: what they need for tests may not be there. */
export async function packagesWithoutTests(root: string, target?: string): Promise<string[]> {
    const args = ["build", "--tests", "--offline", "--keep-going", "--message-format=json"];
    const done = await runProcess("cargo", args, {
        cwd: root,
        env: environment(target),
        maxOutputBytes: OUTPUT_MAX,
    });
    const failing = messagesOf(done.stdout).filter(({ message }) => message?.level === "error");
    return [...new Set(failing.map((each) => packageName(each.package_id ?? "")))].sort();
}

/** Builds and runs all tests; undefined where they do not compile. */
export async function runTests(root: string, toRun: TestsToRun): Promise<TestRun | undefined> {
    const binaries = await buildTests(root, toRun);
    if (binaries === undefined) {
        return undefined;
    }
    const passed: TestName[] = [];
    const failed: TestName[] = [];
    for (const binary of binaries) {
        for (const [test, isPassed] of await runBinary(binary)) {
            const { package: name, targetKind, targetName } = binary;
            (isPassed ? passed : failed).push({ package: name, targetKind, targetName, test });
        }
    }
    const documented = await runDoctests(root, toRun);
    return {
        passed: [...passed, ...documented.passed],
        failed: [...failed, ...documented.failed],
    };
}

async function buildTests(
    root: string,
    { without, target: folder, onlyCompiled }: TestsToRun,
): Promise<TestBinary[] | undefined> {
    const only = ["--workspace", ...without.flatMap((name) => ["--exclude", name])];
    const args = ["test", "--offline", "--no-run", "--message-format=json", "--quiet", ...only];
    const done = await runProcess("cargo", args, {
        cwd: root,
        env: environment(folder),
        timeoutMs: BUILD_MS,
        maxOutputBytes: OUTPUT_MAX,
    });
    if (done.code !== 0) {
        return undefined;
    }
    return messagesOf(done.stdout).flatMap((message) => {
        const { executable, manifest_path: manifest, target, profile } = message;
        const isWanted = onlyCompiled !== true || message.fresh !== true;
        const isTest = isWanted && typeof executable === "string" && profile?.test === true;
        return isTest && manifest !== undefined && target !== undefined
            ? [
                  {
                      package: packageName(message.package_id ?? ""),
                      targetKind: target.kind[0] ?? "",
                      targetName: target.name,
                      executable,
                      folder: path.dirname(manifest),
                  },
              ]
            : [];
    });
}

function messagesOf(output: string): CargoMessage[] {
    return output
        .split("\n")
        .filter((line) => line.startsWith("{"))
        .map((line) => JSON.parse(line) as CargoMessage);
}

/* eslint-disable @typescript-eslint/naming-convention -- these are Cargo's names */
interface CargoMessage {
    readonly message?: { readonly level: string };
    readonly executable?: string | null;
    readonly manifest_path?: string;
    readonly package_id?: string;
    readonly target?: { readonly kind: readonly string[]; readonly name: string };
    readonly profile?: { readonly test: boolean };
    readonly fresh?: boolean;
}
/* eslint-enable @typescript-eslint/naming-convention */

/** `path+file:///a/b#name@0.1.0`, or without the name where it is the folder's. */
function packageName(id: string): string {
    const [where = "", what = ""] = id.split("#");
    return what.includes("@") ? (what.split("@")[0] ?? "") : path.basename(where);
}

async function runBinary(binary: TestBinary): Promise<ReadonlyMap<string, boolean>> {
    const listed = await run(binary, ["--list", "--format", "terse"], BINARY_MS);
    const names = [...listed.matchAll(/^(.+): test$/gmu)].map((match) => match[1] ?? "");
    const ended = resultsOf(await run(binary, [], BINARY_MS));
    const results = new Map<string, boolean>();
    for (const name of names) {
        const alone = async (): Promise<boolean | undefined> =>
            resultsOf(await run(binary, ["--exact", name], TEST_MS)).get(name);
        results.set(name, ended.get(name) ?? (await alone()) ?? false);
    }
    return results;
}

/** What a binary printed until its end, or until it was ended. */
async function run(
    { executable, folder }: TestBinary,
    args: readonly string[],
    timeoutMs: number,
): Promise<string> {
    const seconds = String(timeoutMs / 1000);
    const command = ["--kill-after=1", seconds, executable, ...args];
    const done = await runProcess("timeout", command, {
        cwd: folder,
        env: { CARGO_MANIFEST_DIR: folder },
        maxOutputBytes: OUTPUT_MAX,
    });
    return done.stdout;
}

function resultsOf(output: string): Map<string, boolean> {
    return new Map(
        [...output.matchAll(/^test (.+?)(?: - should panic)? \.\.\. (ok|FAILED)/gmu)].map(
            (match) => [match[1] ?? "", match[2] === "ok"],
        ),
    );
}

/** Tests in documentation have no binary: Cargo runs them. Their target kind is `doc`. */
async function runDoctests(root: string, { documented, target }: TestsToRun): Promise<TestRun> {
    const passed: TestName[] = [];
    const failed: TestName[] = [];
    for (const name of documented) {
        const cargo = ["test", "--offline", "--doc", "--no-fail-fast", "-p", name];
        const done = await runProcess("timeout", ["120", "cargo", ...cargo], {
            cwd: root,
            env: environment(target),
            maxOutputBytes: OUTPUT_MAX,
        });
        for (const [test, isPassed] of resultsOf(done.stdout)) {
            const of = { package: name, targetKind: "doc", targetName: "", test };
            (isPassed ? passed : failed).push(of);
        }
    }
    return { passed, failed };
}
