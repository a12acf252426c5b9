// Semantic patches on fixtures: one call plans, checks that the plan's bytes are what its steps give, and
// applies it in memory.

import { expect } from "vitest";

import { refuse, type Refusal } from "../../src/base/index.ts";
import {
    applyToFile,
    decodePlan,
    encodePlan,
    parsePatch,
    planPatch,
    type PatchPlan,
    type PatchWorld,
    type PlanState,
} from "../../src/patch/index.ts";
import { moveFiles, parseFixture, renderFiles, type Fixture } from "./fixture.ts";
import { openFixture } from "./rename-check.ts";

/** A world without tables, rustfmt, and reach. */
const WORLD: PatchWorld = {
    queryIds: (sql) => Promise.resolve(sql.split(" ")),
    format: () => Promise.resolve(undefined),
    reachOf: () => Promise.resolve({ symbols: 0, crates: 0 }),
};

/** The last state that was derived: what the texts are after all steps. */
interface Reached {
    fixture: Fixture;
}

function stateOf(fixture: Fixture, reached: Reached): PlanState {
    reached.fixture = fixture;
    const context = openFixture(fixture);
    const { resolution } = context;
    return {
        context,
        atOnce: (plan) => plan(),
        after: (changes, moves) => {
            const files = new Map(fixture.files);
            moves.forEach(({ from }) => files.delete(from));
            changes.forEach((text, path) => files.set(path, text));
            const model = moveFiles(fixture.model, moves);
            return stateOf({ ...fixture, files, model }, reached);
        },
        select: (written) => {
            const symbol = resolution
                .findByPath(written)
                .find((index) => resolution.symbol(index).file !== undefined);
            return symbol === undefined
                ? refuse("SYMBOL_NOT_FOUND", `no symbol \`${written}\` in the workspace`)
                : { kind: "symbol", symbol };
        },
    };
}

/** A plan of a fixture, and the files after it. */
export interface PlannedFixture {
    readonly plan: PatchPlan;
    readonly files: ReadonlyMap<string, string>;
}

/** What a patch comes to, as text: a refusal, or its operations and the files afterwards. */
export async function patchOutcome(
    patchText: string,
    before: string,
    world: Partial<PatchWorld> = {},
): Promise<string> {
    const planned = await planFixture(patchText, before, world);
    if ("kind" in planned) {
        return refusalText(planned);
    }
    const { plan, files } = planned;
    const operations = plan.operations.map(({ description }) => `${description}\n`).join("");
    const isSingle = !before.trimStart().startsWith("//- ");
    const text = renderFiles(files);
    return `${operations}---\n${isSingle ? text.slice(text.indexOf("\n") + 1) : text}`;
}

/** Plans a patch on a fixture, and applies it in memory. */
export async function planFixture(
    patchText: string,
    before: string,
    world: Partial<PatchWorld> = {},
): Promise<PlannedFixture | Refusal> {
    const parsed = parsePatch(patchText);
    if (parsed.kind === "refusal") {
        return parsed;
    }
    const fixture = parseFixture(before);
    const reached: Reached = { fixture };
    const plan = await planPatch({
        patch: parsed.patch,
        state: stateOf(fixture, reached),
        world: { ...WORLD, ...world },
        graphRoot: "00".repeat(32),
    });
    if ("kind" in plan) {
        return plan;
    }
    expect(decodePlan(encodePlan(plan))).toEqual({ kind: "plan", plan });
    const files = new Map(fixture.files);
    for (const file of plan.files) {
        const applied = applyToFile(file, Buffer.from(fixture.files.get(file.path)!, "utf8"));
        expect(applied.kind).toBe("bytes");
        files.delete(file.path);
        if (applied.kind === "bytes") {
            files.set(file.pathAfter, Buffer.from(applied.bytes).toString("utf8"));
        }
    }
    if (world.format === undefined) {
        expect(new Map([...files].sort())).toEqual(new Map([...reached.fixture.files].sort()));
    }
    return { plan, files };
}

function refusalText({ code, message, candidates }: Refusal): string {
    return [`${code}: ${message}`, ...candidates.map((each) => `  ${each}`), ""].join("\n");
}
