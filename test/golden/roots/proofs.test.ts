import { readFileSync, writeFileSync } from "node:fs";

import { describe, expect, test } from "vitest";

import { verifyProofFile } from "../../../src/graphstore/index.ts";
import { checkIndependently, hasPython } from "../../support/independent-verifier.ts";
import { makeVectors, type RootVectors } from "../../support/root-vectors.ts";

const FILE = new URL("vectors.json", import.meta.url);
const SCRIPT = new URL("verify.py", import.meta.url).pathname;

const made = await makeVectors();
if (process.env["UPDATE_VECTORS"] === "1") {
    writeFileSync(FILE, `${JSON.stringify(made, undefined, 1)}\n`);
}
const pinned = JSON.parse(readFileSync(FILE, "utf8")) as RootVectors;

describe("golden vectors of roots", () => {
    test("pages, roots, proofs and the log of headers are as pinned", () => {
        expect(made).toEqual(pinned);
    });

    test("the pinned proofs hold", () => {
        for (const proof of pinned.proofs) {
            expect(verifyProofFile(JSON.stringify(proof))).toMatchObject({
                kind: "holds",
                claim: proof.claim,
                path: proof.path,
            });
        }
        for (const proof of pinned.growths) {
            expect(verifyProofFile(JSON.stringify(proof))).toMatchObject({
                kind: "grown",
                before: { commitCount: proof.before["size"], logRoot: proof.before["root"] },
                after: { commitCount: 6, logRoot: pinned.log.roots[6] },
            });
        }
        expect(new Set(pinned.proofs.map(({ claim, end }) => `${claim} ${end.kind}`))).toEqual(
            new Set(["present page", "absent page", "absent fork", "absent empty"]),
        );
    });
});

describe.runIf(hasPython())("thirty lines of Python and SHA-256", () => {
    test("agree with every pinned vector", () => {
        expect(checkIndependently(SCRIPT, JSON.stringify(pinned))).toBe("all hold");
    });

    test("do not agree with a vector that was changed", () => {
        const first = pinned.proofs.find(({ claim }) => claim === "present");
        const grown = pinned.growths[2];
        const changed = [
            { ...pinned, proofs: [{ ...first, path: `${first!.path}x` }] },
            { ...pinned, proofs: [{ ...first, state: { ...first!.state, edgeCount: 1 } }] },
            { ...pinned, growths: [{ ...grown, proof: grown!.proof.toReversed() }] },
            { ...pinned, growths: [{ ...grown, before: pinned.growths[3]!.before }] },
            { ...pinned, log: { ...pinned.log, roots: pinned.log.roots.toReversed() } },
            { ...pinned, log: { ...pinned.log, headers: pinned.log.headers.toReversed() } },
        ];
        for (const one of changed) {
            expect(checkIndependently(SCRIPT, JSON.stringify(one))).not.toBe("all hold");
        }
    });
});
