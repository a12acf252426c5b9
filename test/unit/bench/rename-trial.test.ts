// What a rename comes to, by what the judges say, and where they see nothing.

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { Judgement, Proposal } from "../../../bench/accuracy/judge.ts";
import { areCallsSeen } from "../../../bench/accuracy/seen-by-judges.ts";
import { tryRename, type TrialResult } from "../../../bench/accuracy/rename-trial.ts";
import { resolveCrate, type ResolvedCrate } from "../../support/resolved-crate.ts";

const SOURCE = `
fn plain() -> u8 { plain() }
#[cfg(test)]
mod tests {
    fn hidden() -> u8 { hidden() }
}
macro_rules! call_me { () => {}; }
call_me! {}
`;

let crate: ResolvedCrate;

beforeAll(async () => {
    crate = await resolveCrate(SOURCE);
});

afterAll(() => {
    crate.remove();
});

/** Judges that compile `plain` alone: an edit breaks it that leaves one of its two tokens. */
function judgeOf(asked: Proposal[]): (proposal: Proposal) => Promise<Judgement> {
    return async (proposal) => {
        asked.push(proposal);
        const isBroken = proposal.oldName === "plain" && proposal.change.edits.length < 2;
        const verdict = isBroken ? "broken" : "passes";
        return Promise.resolve({ verdict, first: "", checkSeconds: 0, bindingsSeconds: 0 });
    };
}

async function tryIt(
    name: string,
    isAnswered: boolean,
    validated?: { readonly edits: number } | { readonly code: string },
): Promise<{ readonly result: TrialResult; readonly asked: readonly Proposal[] }> {
    const asked: Proposal[] = [];
    const token = { path: "src/lib.rs", line: 0, oldText: name, newText: "other", endLine: 0 };
    const edits = [1, 2].map((column) => ({ ...token, column, endColumn: column + 5 }));
    const proof = { verdict: isAnswered ? "proved" : "refuted", tokens: 2, digest: "" };
    const plan = { edits, moves: [], conflicts: [], unproved: [], proof, applicable: true };
    const result = await tryRename(
        {
            here: crate.here,
            plan: async () => Promise.resolve({ ...plan, newName: "other" } as never),
            ...(validated === undefined
                ? {}
                : {
                      validate: async () =>
                          Promise.resolve(
                              ("code" in validated
                                  ? validated
                                  : {
                                        edits: edits.slice(0, validated.edits),
                                        moves: [],
                                        conflicts: [],
                                    }) as never,
                          ),
                  }),
            askPeer: async () =>
                Promise.resolve({
                    kind: "edit",
                    change: { edits, moves: [] },
                    outside: [],
                    needsYes: false,
                } as never),
            judge: judgeOf(asked),
            now: () => 0,
        },
        { candidate: crate.candidate(name), newName: "other", mode: "fresh", clash: "", seed: 1 },
    );
    return { result, asked };
}

describe("code that the judges compile", () => {
    test("an edit that passes is clean, and a refusal beside it wrong", async () => {
        const answered = await tryIt("plain", true);
        expect([answered.result.ours.outcome, answered.result.peer!.outcome]).toEqual([
            "clean",
            "clean",
        ]);
        const refused = await tryIt("plain", false);
        expect(refused.result.ours.outcome).toBe("refused wrongly");
        expect(refused.result.provedWrongBy).toBe("peer");
    });

    test("only a refusal makes the judges look whether they see it", async () => {
        const probes = ({ asked }: { readonly asked: readonly Proposal[] }): number =>
            asked.filter(({ newName }) => newName !== "other").length;
        expect(probes(await tryIt("plain", true))).toBe(0);
        expect(probes(await tryIt("plain", false))).toBe(1);
    });
});

describe("what is validated where it is not answered at once", () => {
    test.each([
        [{ edits: 2 }, "clean", ""],
        [{ edits: 1 }, "broken", ""],
        [{ code: "VALIDATE_BROKEN" }, "refused wrongly", "VALIDATE_BROKEN"],
    ])("%j is %s", async (validated, outcome, reason) => {
        const { result } = await tryIt("plain", false, validated);
        expect(result.ours.outcome).toBe("refused wrongly");
        expect(result.validated).toMatchObject({ outcome, reason });
    });

    test.each([
        ["a place that no configuration compiles", "VALIDATE_UNPROVED"],
        ["documentation", "VALIDATE_DOCUMENTATION"],
    ])("%s is seen by no judge either", async (_, code) => {
        const { result } = await tryIt("plain", false, { code });
        expect([result.ours.outcome, result.validated?.outcome]).toEqual([
            "not judged",
            "not judged",
        ]);
        expect(result.provedWrongBy).toBe("");
    });

    test("what is answered at once is not asked again", async () => {
        const { result } = await tryIt("plain", true, { edits: 1 });
        expect(result.validated).toBeUndefined();
    });
});

test("what passes where the judges compile nothing is neither right nor wrong", async () => {
    for (const isAnswered of [true, false]) {
        const { result, asked } = await tryIt("hidden", isAnswered);
        expect([result.ours.outcome, result.peer!.outcome]).toEqual(["not judged", "not judged"]);
        expect(result.provedWrongBy).toBe("");
        expect(asked.at(-1)!.change.edits).toMatchObject([{ line: 4, column: 7, endColumn: 13 }]);
    }
});

test("whether the calls of a macro mean it is seen where they need its definition", async () => {
    const { here } = crate;
    const macro = crate.candidate("call_me");
    const text = here.texts.get(macro.path)!;
    const edits = [macro.offset, text.lastIndexOf("call_me")].map((offset) => {
        const line = text.slice(0, offset).split("\n").length - 1;
        const column = offset - text.lastIndexOf("\n", offset) - 1;
        const end = { endLine: line, endColumn: column + "call_me".length };
        return { path: macro.path, line, column, ...end, oldText: "call_me", newText: "vec" };
    });
    const names = { oldName: "call_me", newName: "vec", outside: [] };
    const asked: Proposal[] = [];
    const judgeAs =
        (verdict: Judgement["verdict"]) =>
        async (proposal: Proposal): Promise<Judgement> => {
            asked.push(proposal);
            return Promise.resolve({ verdict, first: "", checkSeconds: 0, bindingsSeconds: 0 });
        };
    const proposal = { ...names, change: { edits, moves: [] } };
    expect(await areCallsSeen(here, macro, proposal, judgeAs("broken"))).toBe(true);
    expect(await areCallsSeen(here, macro, proposal, judgeAs("passes"))).toBe(false);
    expect(asked[0]!.change.edits.map(({ newText }) => newText)).toEqual([
        "nobody_has_this_name",
        "vec",
    ]);
    // Which function a name means, the compiler's bindings tell.
    const plain = crate.candidate("plain");
    expect(await areCallsSeen(here, plain, proposal, judgeAs("passes"))).toBe(true);
    expect(asked).toHaveLength(2);
});
