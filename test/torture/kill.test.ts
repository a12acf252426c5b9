// Real processes that commit are killed at random moments, and at every system call that changes a file.
// The page cache survives a kill: what a power loss does is shown on the simulated disk.

import { spawnSync } from "node:child_process";

import { describe, expect, test } from "vitest";

import { inRounds, isBuilt, killAtRandom, writerArguments } from "../support/kill-rounds.ts";

const SEED = Number(process.env["TORTURE_SEED"] ?? "1");
const ROUNDS = Number(process.env["TORTURE_ROUNDS"] ?? "1000");
const LANES = 2;

const hasStrace = spawnSync("strace", ["-V"]).status === 0;

describe.runIf(isBuilt)("a process that commits", () => {
    test(`killed ${ROUNDS} times at random loses nothing acknowledged (seed ${SEED})`, async () => {
        const lanes = Array.from({ length: LANES }, (_, lane) =>
            killAtRandom(Math.ceil(ROUNDS / LANES), SEED * 1000 + lane),
        );
        const found = await Promise.all(lanes);
        const sum = (of: (one: (typeof found)[number]) => number): number =>
            found.reduce((total, one) => total + of(one), 0);
        process.stderr.write(
            `kills: ${sum((one) => one.rounds)} rounds, seed ${SEED}, ` +
                `${sum((one) => one.recoveries)} with something to mend\n`,
        );
        expect(sum((one) => one.rounds)).toBeGreaterThanOrEqual(ROUNDS);
    });

    test.runIf(hasStrace)("killed at any system call that changes a file", async () => {
        const calls = "pwrite64,write,fdatasync,fsync,rename,unlink,link,openat,ftruncate";
        for (const call of calls.split(",")) {
            const most = call === "openat" ? 40 : 24;
            await inRounds(most, async (folder, expected, round) => {
                await Promise.resolve();
                const inject = `inject=${call}:signal=KILL:when=${1 + round * 2}`;
                const options = [
                    "-f",
                    "-qq",
                    "-e",
                    `trace=${call}`,
                    "-e",
                    inject,
                    "-o",
                    "/dev/null",
                ];
                const command = [process.execPath, ...writerArguments(folder, expected, 45)];
                spawnSync("strace", [...options, ...command], { stdio: "ignore" });
            });
        }
    });
});
