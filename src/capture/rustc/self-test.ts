// The guard of the frontend: what dumps look like is no promise of the compiler. Before one is trusted, a
// crate of ours is captured in the same way as all others, and the facts are compared with those expected.

import { createHash } from "node:crypto";
import { join } from "node:path";

import { OperatingError } from "../../base/index.ts";
import { readBytes, readTextSync, writeFileAtomic } from "../../platform/index.ts";
import { captureSnapshot } from "./capture-snapshot.ts";
import type { Compiler } from "./compiler.ts";
import { renderFacts } from "./dump/index.ts";

const SOURCE = new URL("data/self-test.rs", import.meta.url);
const EXPECTED = new URL("data/self-test-facts.txt", import.meta.url);
const CRATE = "ferrograph_self_test";
const FILE = "self-test.rs";

/** Result of a self-test. */
export interface SelfTest {
    readonly passed: boolean;
    /** What differs, in words; empty when it passed. */
    readonly reason: string;
}

/** How to run the self-test. */
export interface SelfTestOptions {
    /** Our own folder. */
    readonly folder: string;
    readonly env: Readonly<Record<string, string>>;
    readonly signal?: AbortSignal | undefined;
    /** What must be found, instead of what is shipped. */
    readonly expected?: string;
}

/** Tests a compiler, or recalls that this same one has passed with these same expectations. */
export async function testCompiler(
    compiler: Compiler,
    options: SelfTestOptions,
): Promise<SelfTest> {
    const source = readTextSync(SOURCE);
    const expected = options.expected ?? readTextSync(EXPECTED);
    const key = createHash("sha256").update(`${source}\n${expected}`).digest("hex").slice(0, 16);
    const folder = join(options.folder, "self-test");
    const path = join(folder, `${compiler.commitHash}-${key}.json`);
    const known = await readResult(path);
    if (known !== undefined) {
        return known;
    }
    const found = await captureSelfTest(compiler, options);
    const result =
        typeof found === "string"
            ? compare(found, expected)
            : { passed: false, reason: found.message };
    if (result.passed) {
        await writeFileAtomic(path, Buffer.from(JSON.stringify(result), "utf8"));
    }
    return result;
}

/** Facts of the self-test's crate as text, or why there are none. */
export async function captureSelfTest(
    compiler: Compiler,
    { folder: own, env, signal }: Omit<SelfTestOptions, "expected">,
): Promise<string | OperatingError> {
    const source = readTextSync(SOURCE);
    const folder = join(own, "self-test");
    await writeFileAtomic(join(folder, FILE), Buffer.from(source, "utf8"));
    const args = ["--crate-name", CRATE, "--edition=2021", FILE, "--crate-type", "lib"];
    const entry = {
        unit: {
            packageFolder: "",
            packageName: CRATE,
            crateName: CRATE,
            targetKind: "lib" as const,
            targetName: CRATE,
            isTest: false,
            features: [],
            configuration: "self-test",
        },
        compiler: compiler.commitHash,
        rustc: compiler.rustc,
        cwd: folder,
        root: folder,
        scratch: join(folder, "scratch"),
        withMir: false,
        signal,
    };
    try {
        const { facts } = await captureSnapshot(entry, args, env);
        return withoutPrinting(renderFacts(facts, () => source));
    } catch (error) {
        if (error instanceof OperatingError && error.code === "COMPILER_DUMP_FAILED") {
            return error;
        }
        throw error;
    }
}

/** Without what has no token and how types are printed, which matters less and changes more. */
function withoutPrinting(text: string): string {
    return text
        .split("\n")
        .filter((line) => !line.startsWith("- "))
        .map((line) => line.replace(/ on .*$/, ""))
        .join("\n");
}

function compare(found: string, expected: string): SelfTest {
    const lines = new Set(found.split("\n"));
    const wanted = new Set(expected.split("\n"));
    const missing = [...wanted].filter((line) => !lines.has(line));
    const extra = [...lines].filter((line) => !wanted.has(line));
    if (missing.length === 0 && extra.length === 0) {
        return { passed: true, reason: "" };
    }
    const first = missing[0] ?? extra[0] ?? "";
    const what = `${missing.length} facts are missing and ${extra.length} are new`;
    return { passed: false, reason: `${what}, the first: ${first}` };
}

async function readResult(path: string): Promise<SelfTest | undefined> {
    try {
        const value = JSON.parse(
            Buffer.from(await readBytes(path)).toString(),
        ) as Partial<SelfTest>;
        const { passed, reason } = value;
        return passed === undefined || reason === undefined ? undefined : { passed, reason };
    } catch {
        return undefined; // Not tested yet, or a result that was cut off.
    }
}
