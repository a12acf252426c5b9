// Lets only those compilers be asked whose dumps are understood: each is identified and tested once.

import { OperatingError } from "../../base/index.ts";
import { requireCargo } from "../../cargo/index.ts";
import { environmentVariable } from "../../platform/index.ts";
import { identifyCompiler, type Compiler } from "./compiler.ts";
import type { FrontendState } from "./model.ts";
import { testCompiler } from "./self-test.ts";

/** A compiler that may be asked, or why not. */
export type Guarded =
    | { readonly compiler: Compiler; readonly state: FrontendState }
    | { readonly compiler: undefined; readonly state: FrontendState & { readonly kind: "aside" } };

/** Judges compilers. */
export class CompilerGuard {
    readonly #folder: string;
    readonly #signal: AbortSignal | undefined;
    readonly #known = new Map<string, Promise<Guarded>>();

    constructor(folder: string, signal: AbortSignal | undefined) {
        this.#folder = folder;
        this.#signal = signal;
    }

    /** Judges the compiler that Cargo would run in a folder, and that Cargo is there. */
    async judgeDefault(cwd: string): Promise<Guarded> {
        try {
            await requireCargo(cwd, this.#signal);
        } catch (error) {
            return standAside(error);
        }
        return this.judge(environmentVariable("RUSTC") ?? "rustc", cwd, {});
    }

    /** Judges a compiler by its path; `env` is that of its compilations. */
    judge(rustc: string, cwd: string, env: Readonly<Record<string, string>>): Promise<Guarded> {
        const key = `${rustc}\n${env["RUSTUP_TOOLCHAIN"] ?? ""}`;
        const known = this.#known.get(key) ?? this.#judge(rustc, cwd, env);
        this.#known.set(key, known);
        return known;
    }

    /** Judges the compiler that Cargo would run, of which it is known already who it is. */
    judgeKnown(compiler: Compiler): Promise<Guarded> {
        return this.#test(() => Promise.resolve(compiler), {});
    }

    #judge(rustc: string, cwd: string, env: Readonly<Record<string, string>>): Promise<Guarded> {
        const signal = this.#signal;
        return this.#test(() => identifyCompiler(rustc, cwd, { env, signal }), env);
    }

    async #test(
        identify: () => Promise<Compiler>,
        env: Readonly<Record<string, string>>,
    ): Promise<Guarded> {
        const signal = this.#signal;
        try {
            const compiler = await identify();
            const toolchain = env["RUSTUP_TOOLCHAIN"];
            const test = await testCompiler(compiler, {
                folder: this.#folder,
                env: toolchain === undefined ? {} : { RUSTUP_TOOLCHAIN: toolchain },
                signal,
            });
            const { commitHash, version } = compiler;
            return test.passed
                ? { compiler, state: { kind: "ready", compiler: commitHash, version } }
                : standAside(selfTestFailed(version, test.reason));
        } catch (error) {
            return standAside(error);
        }
    }
}

function selfTestFailed(version: string, reason: string): OperatingError {
    const message = `what ${version} prints of its work is not understood: ${reason}`;
    return new OperatingError("COMPILER_SELF_TEST", message, {
        advice: "everything works without it, from syntax alone; use a newer release, or report this",
    });
}

/** What the world lacks is a state of the frontend; anything else is no affair of it. */
function standAside(error: unknown): Guarded {
    if (!(error instanceof OperatingError)) {
        throw error;
    }
    const { code, message, advice } = error;
    return { compiler: undefined, state: { kind: "aside", code, message, advice } };
}
