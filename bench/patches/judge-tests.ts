// Whether the tests that passed before a change pass after it: all are run once on the unedited workspace, then
// those whose binaries a change had Cargo compile anew. The others are byte for byte what they were.

import path from "node:path";

import { packagesWithoutTests, runTests, type TestName } from "../affected/run-tests.ts";

/** What the tests said of a change. */
export interface TestVerdict {
    /** Tests that were run. */
    readonly run: number;
    /** Tests that passed before, and neither pass now nor when they are run again. */
    readonly failed: readonly string[];
    /** They do not compile any more. */
    readonly isBroken: boolean;
}

/** Judges one workspace folder, with a target folder of its own. */
export class TestJudge {
    readonly #root: string;
    readonly #target: string;
    #without: readonly string[] = [];
    #passing: ReadonlySet<string> = new Set();

    constructor(root: string, target: string) {
        this.#root = root;
        this.#target = path.resolve(target);
    }

    /** Runs all tests of the packages whose tests compile; tells how many pass. */
    async prepare(): Promise<number> {
        this.#without = await packagesWithoutTests(this.#root, this.#target);
        const ran = await this.#run(false);
        this.#passing = new Set(ran?.passed.map(keyOf));
        return this.#passing.size;
    }

    /** Runs the tests of the workspace as it is now. */
    async judge(): Promise<TestVerdict> {
        const ran = await this.#run(true);
        if (ran === undefined) {
            return { run: 0, failed: [], isBroken: true };
        }
        const run = ran.passed.length + ran.failed.length;
        const first = this.#newlyFailing(ran.failed);
        // A test that fails for want of time, or by chance, passes when it is run again.
        const again = first.length === 0 ? [] : ((await this.#run(false))?.failed ?? []);
        const twice = new Set(this.#newlyFailing(again));
        return { run, failed: first.filter((key) => twice.has(key)), isBroken: false };
    }

    #newlyFailing(failed: readonly TestName[]): string[] {
        return failed.map(keyOf).filter((key) => this.#passing.has(key));
    }

    #run(onlyCompiled: boolean): ReturnType<typeof runTests> {
        const toRun = { without: this.#without, documented: [], target: this.#target };
        return runTests(this.#root, { ...toRun, onlyCompiled });
    }
}

function keyOf({ package: name, targetKind, targetName, test }: TestName): string {
    return `${name} ${targetKind} ${targetName} ${test}`;
}
