// Errors of system calls that the kernel gives back to a real process, by strace: interrupted calls are
// made again and nobody notices; anything else stops the store, and what was acknowledged is there.

import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, test } from "vitest";

import { loadNative } from "../../src/native/index.ts";
import { inRounds, TRACED, writerArguments } from "../support/kill-rounds.ts";
import { describeWith } from "../support/needs.ts";

const CHANGES = "pwrite64,fdatasync,fsync,rename,unlink,ftruncate,fallocate";
// Calls that only the addon makes.
const ADDON = { isThere: TRACED.isThere && loadNative().ok, what: `${TRACED.what}, and the addon` };

interface Injected {
    readonly status: number | null;
    readonly stderr: string;
    /** How many calls were answered with an error. */
    readonly errors: number;
}

/** Runs a writer of so many commits, in which a call fails at some of its occurrences. */
function runWith(folder: string, expected: string, inject: string, commits: number): Injected {
    const out = `${folder}.trace`;
    const traced = inject.split(":")[0] ?? "";
    const options = ["-f", "-qq", "-e", `trace=${traced}`, "-e", `inject=${inject}`, "-o", out];
    const command = [process.execPath, ...writerArguments(folder, expected, commits)];
    const done = spawnSync("strace", [...options, ...command], { encoding: "utf8" });
    const lines = existsSync(out) ? readFileSync(out, "utf8").split("\n") : [];
    rmSync(out, { force: true });
    return {
        status: done.status,
        stderr: done.stderr,
        errors: lines.filter((line) => line.includes("(INJECTED)")).length,
    };
}

describeWith(TRACED, "a process that commits", () => {
    test.each(["pwrite64", "fdatasync", "fsync"])(
        "and whose calls of %s are interrupted goes on",
        (call) => {
            const root = mkdtempSync(join(tmpdir(), "ferrograph-interrupted-"));
            try {
                const expected = join(root, "expected");
                const inject = `${call}:error=EINTR:when=2+3`;
                const { errors, status, stderr } = runWith(
                    join(root, "store"),
                    expected,
                    inject,
                    16,
                );
                expect(status, stderr).toBe(0);
                expect(errors, stderr).toBeGreaterThan(0);
                expect(readFileSync(expected, "utf8").trim().split("\n").length).toBe(16);
            } finally {
                rmSync(root, { recursive: true, force: true });
            }
        },
    );

    describeWith(ADDON, "by the addon", () => {
        test.each([
            "flock:error=EINTR:when=1+2",
            "fallocate:error=EINTR:when=1+2",
            "flock:error=ENOLCK",
            "flock:error=EIO",
            "fallocate:error=EOPNOTSUPP",
        ])("and whose system answers %s goes on", (inject) => {
            const root = mkdtempSync(join(tmpdir(), "ferrograph-lacking-"));
            try {
                const expected = join(root, "expected");
                const found = runWith(join(root, "store"), expected, inject, 16);
                expect(found.status, found.stderr).toBe(0);
                expect(found.errors, found.stderr).toBeGreaterThan(0);
                expect(readFileSync(expected, "utf8").trim().split("\n").length).toBe(16);
            } finally {
                rmSync(root, { recursive: true, force: true });
            }
        });
    });

    test.each(["EIO", "ENOSPC"])("stops at the first %s, and loses nothing", async (errno) => {
        let failures = 0;
        for (const call of CHANGES.split(",")) {
            await inRounds(5, async (folder, expected, round) => {
                await Promise.resolve();
                const inject = `${call}:error=${errno}:when=${1 + round * 3}`;
                const found = runWith(folder, expected, inject, 20);
                if (found.errors > 0 && found.status !== 0) {
                    failures += 1;
                    expect(found.stderr).toMatch(/DISK_IO|DISK_FULL|LOG_POISONED/u);
                }
            });
        }
        expect(failures).toBeGreaterThan(3);
    });
});
