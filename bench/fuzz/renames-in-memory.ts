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
import { Resolver, type Binding, type Resolution } from "../../src/resolve/index.ts";
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
    readonly #syntax: Syntax;

    constructor(syntax: Syntax, program: Pick<Program, "edition">, texts: Texts) {
        const model = modelOf(program.edition, [...texts.keys()]);
        this.#syntax = syntax;
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

    /**
     * The first token that a session derived from the one before knows otherwise than one that knows nothing of before;
     * undefined if all is the same, as it must be after what was proved.
     */
    differenceAfter(plan: RenamePlan, after: Texts): string | undefined {
        const change = { from: plan.oldName, to: plan.newName };
        const changed = new Set(plan.edits.map(({ path }) => path));
        const edited = new Map([...after].filter(([path]) => changed.has(path)));
        const captures = new Map(
            [...after].map(([path, text]) => [path, this.#syntax.capture(path, text)]),
        );
        try {
            const derived = this.#context.reResolve(edited, [], change);
            const fresh = new Resolver().resolve({ model: this.#context.model, captures });
            const known = new Set(meaningsOf(fresh, after.keys()));
            const other = meaningsOf(derived, after.keys()).find((one) => !known.has(one));
            return other ?? (known.size === 0 ? "nothing is known" : undefined);
        } finally {
            this.#resolver.settle();
        }
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

/** What every token of some files means, a line for each. */
function meaningsOf(resolution: Resolution, paths: Iterable<string>): string[] {
    return [...paths].flatMap((path) =>
        resolution
            .occurrencesIn(path)
            .map(
                ({ span, role, name, binding }) =>
                    `${path}:${span.start} ${role} ${name}: ${bindingText(resolution, binding)}`,
            ),
    );
}

function bindingText(resolution: Resolution, binding: Binding): string {
    const placeOf = (index: number): string => {
        const { path, file, nameSpan } = resolution.symbol(index);
        return `${path} ${file ?? ""}:${nameSpan?.start ?? ""}`;
    };
    switch (binding.kind) {
        case "symbol":
            return binding.symbols.map(placeOf).sort().join(" | ");
        case "ambiguous":
            return `${binding.reason}: ${binding.candidates.map(placeOf).sort().join(" | ")}`;
        case "local":
            return `local ${binding.local.file}:${binding.local.nameSpan.start}`;
        case "external":
            return binding.path;
        case "builtin":
            return binding.name;
        case "unresolved":
        case "opaque":
            return `${binding.kind}: ${binding.reason}`;
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
