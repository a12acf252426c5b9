// The fingerprint of the definitions that a crate depends on: of all files of the crate and of the crates of
// the workspace that it needs, all but function bodies; of procedural macros and build scripts, all; of the
// packages, their versions and features.

import { createHash } from "node:crypto";

import type { FileCapture } from "../../syntax/index.ts";
import type { WorkspaceModel } from "../../workspace/index.ts";
import type { ResolutionSource } from "../resolution-source.ts";
import { targetOfCrate } from "./crate-target.ts";

/** What fingerprints are computed from. */
export interface FingerprintInput {
    readonly model: WorkspaceModel;
    readonly source: ResolutionSource;
    readonly captures: ReadonlyMap<string, FileCapture>;
    /** Hash of a file's tokens outside function bodies; undefined when its text is not at hand. */
    readonly outsideOf: (path: string) => string | undefined;
}

interface CrateFiles {
    readonly package: number;
    readonly kind: string;
    readonly files: string[];
}

/** Computes fingerprints of crates, each once. */
export class Fingerprints {
    readonly #input: FingerprintInput;
    readonly #crates: ReadonlyMap<number, CrateFiles>;
    readonly #byPackage = new Map<number, number[]>();
    readonly #crateHashes = new Map<number, string | undefined>();
    readonly #results = new Map<number, string | undefined>();
    #packages = "";

    constructor(input: FingerprintInput) {
        this.#input = input;
        this.#crates = cratesOf(input);
        for (const [crate, { package: pkg }] of this.#crates) {
            this.#byPackage.set(pkg, [...(this.#byPackage.get(pkg) ?? []), crate]);
        }
    }

    /** The fingerprint of a crate by its symbol; undefined when it cannot be told. */
    of(crate: number): string | undefined {
        if (!this.#results.has(crate)) {
            this.#results.set(crate, this.#compute(crate));
        }
        return this.#results.get(crate);
    }

    /** Crates that a crate needs, itself among them. */
    closureOf(crate: number): number[] {
        const own = this.#crates.get(crate);
        const needed = new Set([crate]);
        const seen = new Set<number>();
        const waiting = own === undefined ? [] : [own.package];
        for (let pkg = waiting.pop(); pkg !== undefined; pkg = waiting.pop()) {
            if (seen.has(pkg)) {
                continue;
            }
            seen.add(pkg);
            for (const other of this.#byPackage.get(pkg) ?? []) {
                if (NEEDED_KINDS.has(this.#crates.get(other)?.kind ?? "")) {
                    needed.add(other);
                }
            }
            for (const { local } of this.#input.model.packages[pkg]?.dependencies ?? []) {
                if (local !== undefined) {
                    waiting.push(local);
                }
            }
        }
        return [...needed].sort((a, b) => a - b);
    }

    filesOf(crate: number): readonly string[] {
        return this.#crates.get(crate)?.files ?? [];
    }

    #compute(crate: number): string | undefined {
        const hash = createHash("sha256").update(this.#packagesHash());
        for (const one of this.closureOf(crate)) {
            const part = this.#crateHash(one);
            if (part === undefined) {
                return undefined;
            }
            hash.update(part);
        }
        return hash.digest("hex");
    }

    #crateHash(crate: number): string | undefined {
        if (!this.#crateHashes.has(crate)) {
            this.#crateHashes.set(crate, this.#computeCrate(crate));
        }
        return this.#crateHashes.get(crate);
    }

    #computeCrate(crate: number): string | undefined {
        const { captures, outsideOf } = this.#input;
        const { kind = "", files = [] } = this.#crates.get(crate) ?? {};
        // What runs while compiling decides by its bodies what others see.
        const isRun = kind === "proc-macro" || kind === "build";
        const lines: string[] = [];
        for (const path of files) {
            const part = isRun ? captures.get(path)?.tokenHash : outsideOf(path);
            if (part === undefined) {
                return undefined;
            }
            lines.push(`${path} ${part}\n`);
        }
        return lines.sort().join("");
    }

    #packagesHash(): string {
        if (this.#packages === "") {
            const text = JSON.stringify(this.#input.model.packages);
            this.#packages = createHash("sha256").update(text, "utf8").digest("hex");
        }
        return this.#packages;
    }
}

/** Targets that others of the workspace depend on. */
const NEEDED_KINDS = new Set(["lib", "proc-macro", "build"]);

/** Packages and files of each crate, by the crate's symbol. */
function cratesOf({ model, source }: FingerprintInput): Map<number, CrateFiles> {
    const packages = new Map(
        model.packages.map((pkg, number) => [`${pkg.folder} ${pkg.name}`, number]),
    );
    const crates = new Map<number, CrateFiles>();
    for (const { path, crate } of source.files) {
        if (crate === -1) {
            continue;
        }
        let known = crates.get(crate);
        if (known === undefined) {
            const { packageFolder, packageName, targetKind } = targetOfCrate(source, crate);
            const pkg = packages.get(`${packageFolder} ${packageName}`) ?? -1;
            known = { package: pkg, kind: targetKind, files: [] };
            crates.set(crate, known);
        }
        known.files.push(path);
    }
    return crates;
}
