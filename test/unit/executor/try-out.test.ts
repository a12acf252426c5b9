// Things tried out in a worktree: whatever becomes of them, nothing is left but what they give.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { refuse, type Refusal } from "../../../src/base/index.ts";
import { recover, type Trial, type TrialPlace } from "../../../src/executor/index.ts";
import { ExecutorFixture } from "../../support/executor-fixture.ts";

let fixture: ExecutorFixture;

beforeEach(() => {
    fixture = new ExecutorFixture();
});

afterEach(() => {
    fixture.remove();
});

function trial<T>(work: (place: TrialPlace) => Promise<T | Refusal>): Trial<T> {
    return {
        opId: "00000000-0000-4000-8000-000000000001",
        patchId: "rename",
        description: "validate",
        planFingerprint: null,
        rootBefore: "ab".repeat(32),
        touches: ["src/lib.rs"],
        verify: () => Promise.resolve(undefined),
        work,
    };
}

const OPTIONS = { withUncommitted: false };

test("gives what was found, and leaves the repository as it was", async () => {
    fixture.commit();
    fixture.write("notes.txt", "half a thought\n");
    const before = fixture.trace();
    const executor = fixture.executor();
    const found = await executor.tryOut(
        trial((place) => {
            writeFileSync(join(place.folder, "src/lib.rs"), "// edited\n");
            return Promise.resolve({
                left: place.left,
                text: readFileSync(join(place.folder, "notes.txt"), "utf8"),
            });
        }),
        OPTIONS,
    );
    await executor.finish();
    expect(found).toEqual({ left: 1, text: "notes\n" });
    expect(fixture.trace()).toEqual(before);
});

test("takes uncommitted work along, files that are not tracked too", async () => {
    fixture.commit();
    fixture.write("notes.txt", "half a thought\n");
    fixture.write("src/new.rs", "// new\n");
    const before = fixture.trace();
    const executor = fixture.executor();
    const found = await executor.tryOut(
        trial(({ folder, left }) =>
            Promise.resolve({
                left,
                text: readFileSync(join(folder, "notes.txt"), "utf8"),
                isNew: existsSync(join(folder, "src/new.rs")),
            }),
        ),
        { withUncommitted: true },
    );
    await executor.finish();
    expect(found).toEqual({ left: 0, text: "half a thought\n", isNew: true });
    expect(fixture.trace()).toEqual(before);
});

test("is refused over uncommitted work in a file that it touches", async () => {
    fixture.commit();
    fixture.write("src/lib.rs", "pub fn area() {}\n");
    const executor = fixture.executor();
    const found = await executor.tryOut(
        trial(() => Promise.resolve({ ran: true })),
        OPTIONS,
    );
    await executor.finish();
    expect(found).toMatchObject({ kind: "refusal", code: "EXECUTOR_UNCOMMITTED" });
});

test("leaves nothing behind when it is refused, and when it throws", async () => {
    fixture.commit();
    const before = fixture.trace();
    const executor = fixture.executor();
    const refused = await executor.tryOut(
        trial(() => Promise.resolve(refuse("VALIDATE_BROKEN", "no"))),
        OPTIONS,
    );
    await executor.finish();
    expect(refused).toMatchObject({ code: "VALIDATE_BROKEN" });
    expect(fixture.trace()).toEqual(before);
    const thrown = executor.tryOut(
        trial(() => Promise.reject(new Error("gone"))),
        OPTIONS,
    );
    await expect(thrown).rejects.toThrow("gone");
    await executor.finish();
    expect(fixture.trace()).toEqual(before);
});

test.each(["trial", "landed"] as const)(
    "a process that ends at `%s` leaves nothing after the next start",
    async (step) => {
        fixture.commit();
        const before = fixture.trace();
        await new Promise<void>((reached) => {
            const executor = fixture.executor({
                lock: fixture.lock,
                atStep: (at, when) => {
                    if (at !== step || when !== "before") {
                        return Promise.resolve();
                    }
                    reached();
                    return new Promise<never>(() => undefined);
                },
            });
            void executor.tryOut(
                trial(() => Promise.resolve({})),
                OPTIONS,
            );
        });
        const found = await recover(fixture.store, fixture.log, () => Promise.resolve(false));
        expect(found).toMatchObject({ hasLanded: false, entry: { step } });
        await fixture.executor({ lock: fixture.lock }).finish();
        expect(fixture.trace()).toEqual(before);
    },
);
