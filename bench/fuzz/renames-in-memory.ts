// Renames of programs that are texts: the product's planner and resolver, without daemon, engine and disk.

import { createHash } from "node:crypto";

import { absPath, repoPath, type Refusal } from "../../src/base/index.ts";
import {
    applyEdits,
    findRenameTarget,
    planRename,
    type RenameContext,
    type RenamePlan,
    type RenameTarget,
} from "../../src/refactor/index.ts";
import { Resolver, type Binding } from "../../src/resolve/index.ts";
import { openSyntax, type FileCapture } from "../../src/syntax/index.ts";
import type { Package, WorkspaceModel } from "../../src/workspace/index.ts";
import { contextInMemory } from "../measure/rename-context.ts";
import type { Program, Texts } from "./part.ts";

/** Something of a program that has a name. */
export interface Named {
    readonly target: RenameTarget;
    readonly path: string;
    readonly offset: number;
    readonly name: string;
    /** What is said of it: `function`, `parameter`, … */
    readonly kind: string;
}

type Syntax = Awaited<ReturnType<typeof openSyntax>>;

/** Opens what captures need; once in a process. */
export function openRenames(): Promise<Syntax> {
    return openSyntax();
}

/** A program that is asked for renames. */
export class RenamesInMemory {
    readonly #context: RenameContext;
    readonly #resolver = new Resolver();

    constructor(syntax: Syntax, program: Pick<Program, "edition">, texts: Texts) {
        const model = modelOf(program.edition, [...texts.keys()]);
        const captures = new Map<string, FileCapture>();
        for (const [path, text] of texts) {
            captures.set(path, syntax.capture(path, text));
        }
        const textOf = (path: string): string => texts.get(path) ?? "";
        this.#context = {
            ...contextInMemory({ model, captures, textOf, resolver: this.#resolver, syntax }),
            contentHashOf: (path) => createHash("sha256").update(textOf(path)).digest("hex"),
            pathExists: (path) => texts.has(path),
            readPlain: () => undefined,
            parse: (text) => syntax.capture("snippet.rs", text).tree,
        };
    }

    /** Everything that has a name of its own, in the order of the definitions. */
    list(texts: Texts): Named[] {
        const found: Named[] = [];
        for (const path of texts.keys()) {
            const { resolution } = this.#context;
            for (const { role, span, name, binding } of resolution.occurrencesIn(path)) {
                const symbol = role.startsWith("import") ? symbolOf(binding) : undefined;
                if (symbol !== undefined) {
                    const as = role === "import" ? "import" : "alias";
                    const start = span.start;
                    const target = { kind: "import", symbol, file: path, start, as } as const;
                    found.push({ target, path, offset: start, name, kind: role });
                }
                if (role !== "definition") {
                    continue;
                }
                const start = findRenameTarget(this.#context, path, span.start);
                if (start.kind === "start") {
                    const kind =
                        binding.kind === "local"
                            ? binding.local.kind
                            : binding.kind === "symbol" && binding.symbols[0] !== undefined
                              ? resolution.symbol(binding.symbols[0]).kind
                              : "other";
                    found.push({ target: start.target, path, offset: span.start, name, kind });
                }
            }
        }
        return found;
    }

    /** Plans a rename. */
    plan({ target }: Named, newName: string): RenamePlan | Refusal {
        try {
            return planRename(this.#context, target, newName);
        } finally {
            this.#resolver.settle();
        }
    }
}

function symbolOf(binding: Binding): number | undefined {
    return binding.kind === "symbol"
        ? binding.symbols[0]
        : binding.kind === "ambiguous"
          ? binding.candidates[0]
          : undefined;
}

/** Texts after a plan; its moves are of files that no program here has. */
export function textsAfter(texts: Texts, plan: RenamePlan): Map<string, string> {
    return new Map(
        [...texts].map(([path, text]) => [
            path,
            applyEdits(
                text,
                plan.edits.filter((edit) => edit.path === path),
            ),
        ]),
    );
}

function modelOf(edition: Program["edition"], files: readonly string[]): WorkspaceModel {
    const library = files.find((path) => path.endsWith("lib.rs"));
    const packages = files.map((path): Package => {
        const isLibrary = path === library;
        const name = isLibrary ? "zl" : "main";
        const folder = isLibrary ? "zl" : "";
        return {
            name,
            version: "0.1.0",
            edition,
            folder: repoPath(folder),
            manifest: repoPath(isLibrary ? "zl/Cargo.toml" : "Cargo.toml"),
            targets: [
                {
                    kind: isLibrary ? "lib" : "bin",
                    name,
                    crateName: name,
                    rootFile: repoPath(path),
                    edition,
                    requiredFeatures: [],
                },
            ],
            dependencies:
                isLibrary || library === undefined ? [] : [dependency(files.indexOf(library))],
            features: {},
            workspaceFolder: repoPath(""),
            publishable: false,
        };
    });
    const rustFiles = files.map(repoPath).sort();
    return { root: absPath("/w"), source: "cargo-metadata", packages, rustFiles, problems: [] };
}

function dependency(local: number): Package["dependencies"][number] {
    const names = { externName: "zl", packageName: "zl", version: "", source: "" };
    return { ...names, kind: "normal", target: "", optional: false, local };
}
