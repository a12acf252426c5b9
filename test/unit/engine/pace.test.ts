// Background work leaves questions that follow each other alone, and goes on in the end.

import { setTimeout as delay } from "node:timers/promises";

import { expect, test } from "vitest";

import { Pace } from "../../../src/engine/pace.ts";
import { monotonicMs } from "../../../src/platform/index.ts";

test("work waits for the end of questions that follow each other", async () => {
    const pace = new Pace();
    let isQuiet = false;
    let hasTurn = false;
    pace.noteQuestion();
    const quiet = pace.quiet().then(() => (isQuiet = true));
    const turn = pace.turn().then(() => (hasTurn = true));
    for (let question = 0; question < 10; question++) {
        await delay(20);
        pace.noteQuestion();
        expect([isQuiet, hasTurn]).toEqual([false, false]);
    }
    await Promise.all([quiet, turn]);
    expect([isQuiet, hasTurn]).toEqual([true, true]);
});

test("work that somebody waits for goes on while questions come", async () => {
    const pace = new Pace();
    pace.noteQuestion();
    const start = monotonicMs();
    await pace.hurry(pace.turn());
    expect(monotonicMs() - start).toBeLessThan(100);
});

test("the quiet after an answer comes neither before one nor while questions go on", async () => {
    const pace = new Pace();
    let isOver = false;
    const over = pace.quietAfterAnswer().then(() => (isOver = true));
    await delay(150);
    expect(isOver).toBe(false);
    pace.noteQuestion();
    pace.noteAnswer();
    await delay(20);
    expect(isOver).toBe(false);
    await over;
});
