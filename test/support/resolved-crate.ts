// A library of one file in a folder of its own, resolved as the accuracy tool does it.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { resolveHere, type ResolvedHere } from "../../bench/accuracy/resolve-here.ts";
import { listCandidates, type Candidate } from "../../bench/accuracy/strata.ts";

/** A library on the disk, with what its names mean. */
export interface ResolvedCrate {
    readonly here: ResolvedHere;
    /** The candidate for a rename that has a name, parameters left out; throws where there is none. */
    candidate(name: string): Candidate;
    remove(): void;
}

/** Writes a library and resolves it. */
export async function resolveCrate(source: string): Promise<ResolvedCrate> {
    const root = mkdtempSync(path.join(tmpdir(), "resolved-crate-"));
    mkdirSync(path.join(root, "src"));
    writeFileSync(
        path.join(root, "Cargo.toml"),
        '[package]\nname = "sample"\nversion = "0.1.0"\nedition = "2021"\n',
    );
    writeFileSync(path.join(root, "src", "lib.rs"), source);
    const here = await resolveHere(root);
    return {
        here,
        candidate: (name) => {
            const all = [...listCandidates(here).values()].flat();
            const found = all.find((one) => one.name === name && one.kind !== "parameter");
            if (found === undefined) {
                throw new Error(`no candidate ${name}`);
            }
            return found;
        },
        remove: () => {
            rmSync(root, { recursive: true, force: true });
        },
    };
}
