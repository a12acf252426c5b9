// Real processes that commit are killed at random moments, and at every system call that changes a file.
// The page cache survives a kill: what a power loss does is shown on the simulated disk.

import { spawnSync } from "node:child_process";

import { expect, test } from "vitest";

import {
    BUILT,
    environmentOf,
    inRounds,
    killAtRandom,
    TRACED,
    writerArguments,
} from "../support/kill-rounds.ts";
import { describeWith } from "../support/needs.ts";

const SEED = Number(process.env["TORTURE_SEED"] ?? "1");
const ROUNDS = Number(process.env["TORTURE_ROUNDS"] ?? "1000");
const LANES = 2;
// A round takes some 0.2 s on an idle machine, and many times that on a busy one.
const TIMEOUT_MS = 1_800_000;

describeWith(BUILT, "a process that commits", () => {
    test(
        `killed ${ROUNDS} times at random loses nothing acknowledged (seed ${SEED})`,
        async () => {
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
        },
        TIMEOUT_MS,
    );

    describeWith(TRACED, "under strace", () => {
        test("killed at any system call that changes a file loses nothing either", killAtCalls);
    });
});

async function killAtCalls(): Promise<void> {
    const calls =
        "pwrite64,write,fdatasync,fsync,rename,unlink,link,openat,ftruncate,fallocate,flock,fchmod";
    for (const call of calls.split(",")) {
        const most = 12;
        await inRounds(most, async (folder, expected, round) => {
            await Promise.resolve();
            const inject = `inject=${call}:signal=KILL:when=${1 + round * 3}`;
            const options = ["-f", "-qq", "-e", `trace=${call}`, "-e", inject, "-o", "/dev/null"];
            const command = [process.execPath, ...writerArguments(folder, expected, 45)];
            const env = environmentOf(round);
            spawnSync("strace", [...options, ...command], { stdio: "ignore", env });
        });
    }
}
