// Whether a workspace compiles, by `cargo check`, in every configuration in which it compiled before.

import path from "node:path";

import { OperatingError } from "../../src/base/index.ts";
import { firstNewWarning, isTellingWarning } from "../../src/cargo/index.ts";
import { runProcess } from "../../src/platform/index.ts";

/** What the compiler said. */
export interface Verdict {
    readonly ok: boolean;
    /** First error, or first new warning, rendered; empty when there is none. */
    readonly first: string;
    /** All errors are in packages outside of the workspace, which use it as a library. */
    readonly isElsewhere: boolean;
}

interface Diagnostics {
    readonly ok: boolean;
    readonly firstError: string;
    /** Warnings that can betray a changed meaning, by lint, rendered. */
    readonly warnings: ReadonlyMap<string, readonly string[]>;
    /** What was compiled, or was fresh: crate names with the suffix that cargo gives their files. */
    readonly units: ReadonlySet<string>;
    /** Packages with errors. */
    readonly failed: ReadonlySet<string>;
    /** There are errors, and none in a package of the workspace. */
    readonly isElsewhere: boolean;
}

const CHECK_MS_MAX = 15 * 60_000;

/** Judges one workspace folder, with a target folder of its own. */
export class CargoJudge {
    readonly #root: string;
    readonly #target: string;
    /** Arguments of each configuration that compiled before, by what it is called. */
    readonly configurations = new Map<string, readonly string[]>();
    readonly #before = new Map<string, Diagnostics>();
    readonly #env: Readonly<Record<string, string>>;

    /** `env` is added to cargo's environment. */
    constructor(root: string, target: string, env: Readonly<Record<string, string>> = {}) {
        this.#root = root;
        this.#target = target;
        this.#env = env;
    }

    /**
     * Finds the configurations that compile: the workspace as it is built, and tests, examples and
     * benches of those packages where they compile. Throws when the workspace does not compile at all.
     */
    async prepare(packages: readonly string[]): Promise<void> {
        const plain = await this.#check(["--workspace"]);
        if (!plain.ok) {
            throw new OperatingError(
                "ACCURACY_BASE_BROKEN",
                `the workspace does not compile before any edit: ${plain.firstError}`,
            );
        }
        this.#keep("all packages", ["--workspace"], plain);
        const all = ["--workspace", "--all-targets"];
        const everything = await this.#check([...all, "--keep-going"]);
        if (everything.ok) {
            this.#keep("all targets", all, everything);
            this.configurations.delete("all packages");
            return;
        }
        const tested = packages.filter((name) => !everything.failed.has(name));
        if (tested.length > 0) {
            const args = [...tested.flatMap((name) => ["-p", name]), "--all-targets"];
            const label = `all targets of ${tested.length} of ${packages.length} packages`;
            this.#keep(label, args, await this.#check(args));
        }
    }

    /** Everything that the configurations compile, by crate name and the suffix of its files. */
    get units(): ReadonlySet<string> {
        return new Set([...this.#before.values()].flatMap(({ units }) => [...units]));
    }

    /** Checks the workspace as it is now. */
    async judge(): Promise<Verdict> {
        for (const [label, args] of this.configurations) {
            const now = await this.#check(args);
            if (!now.ok) {
                return { ok: false, first: now.firstError, isElsewhere: now.isElsewhere };
            }
            const warning = firstNewWarning(this.#before.get(label)?.warnings, now.warnings);
            if (warning !== undefined) {
                return { ok: false, first: warning, isElsewhere: false };
            }
        }
        return { ok: true, first: "", isElsewhere: false };
    }

    #keep(label: string, args: readonly string[], diagnostics: Diagnostics): void {
        if (diagnostics.ok) {
            this.configurations.set(label, args);
            this.#before.set(label, diagnostics);
        }
    }

    async #check(args: readonly string[]): Promise<Diagnostics> {
        const result = await runProcess(
            "cargo",
            ["check", "--offline", "--quiet", "--message-format=json", ...args],
            {
                cwd: this.#root,
                env: {
                    ...this.#env,
                    CARGO_TARGET_DIR: path.resolve(this.#target),
                    CARGO_INCREMENTAL: "1",
                },
                timeoutMs: CHECK_MS_MAX,
            },
        );
        return readDiagnostics(result.stdout, result.code === 0, result.stderr);
    }
}

/** Reads cargo's JSON messages. */
export function readDiagnostics(stdout: string, ok: boolean, stderr: string): Diagnostics {
    const warnings = new Map<string, string[]>();
    const units = new Set<string>();
    const failed = new Set<string>();
    let firstError = "";
    let isInside = false;
    for (const line of stdout.split("\n")) {
        const found = readMessage(line);
        if (found === undefined) {
            continue;
        }
        if ("files" in found) {
            found.files.forEach((file) => units.add(unitOf(file)));
        } else if (found.level === "error") {
            firstError = firstError === "" ? found.rendered : firstError;
            failed.add(found.packageName);
            isInside ||= found.isOfWorkspace;
        } else if (isTellingWarning(found.code, found.rendered)) {
            warnings.set(found.code, [...(warnings.get(found.code) ?? []), found.rendered]);
        }
    }
    const said = firstError === "" ? stderr.trim() : firstError;
    const isElsewhere = !ok && failed.size > 0 && !isInside;
    return { ok, firstError: ok ? "" : said, warnings, units, failed, isElsewhere };
}

// `libserde-0123456789abcdef.rmeta` is of the unit `serde-0123456789abcdef`.
function unitOf(file: string): string {
    return path
        .basename(file)
        .replace(/^lib/u, "")
        .replace(/\.\w+$/u, "");
}

interface CompilerMessage {
    readonly level: string;
    readonly code: string;
    readonly rendered: string;
    readonly packageName: string;
    readonly isOfWorkspace: boolean;
}

interface CompiledFiles {
    readonly files: readonly string[];
}

function readMessage(line: string): CompilerMessage | CompiledFiles | undefined {
    if (!line.startsWith("{")) {
        return undefined;
    }
    const parsed = JSON.parse(line) as {
        readonly reason?: string;
        readonly filenames?: readonly string[];
        readonly message?: {
            readonly level?: string;
            readonly code?: { readonly code?: string } | null;
            readonly rendered?: string;
        };
    };
    if (parsed.reason === "compiler-artifact") {
        return { files: parsed.filenames ?? [] };
    }
    if (parsed.reason !== "compiler-message" || parsed.message === undefined) {
        return undefined;
    }
    const { level = "", code, rendered = "" } = parsed.message;
    const packageId = (parsed as Readonly<Record<string, unknown>>)["package_id"];
    const id = typeof packageId === "string" ? packageId : "";
    const isOfWorkspace = !id.startsWith("registry+");
    const packageName = nameOfPackage(id);
    return { level, code: code?.code ?? "", rendered, packageName, isOfWorkspace };
}

// `path+file:///w/crates/regex#1.7.1`, or `path+file:///w/crates/other#regex@1.7.1`.
function nameOfPackage(id: string): string {
    const [place = "", version = ""] = id.split("#");
    return version.includes("@") ? version.replace(/@.*$/u, "") : path.posix.basename(place);
}
