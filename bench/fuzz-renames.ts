// npm run fuzz:renames: searches generated programs for renames that are proved and yet wrong.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";

import { generateProgram } from "./fuzz/generate-program.ts";
import { textsOf, type Texts } from "./fuzz/part.ts";
import { openRenames } from "./fuzz/renames-in-memory.ts";
import type { Sound } from "./fuzz/repair-program.ts";
import { RustCompiler } from "./fuzz/rust-compiler.ts";
import { searchProgram, type Searched } from "./fuzz/search-program.ts";
import { shrinkProgram } from "./fuzz/shrink-program.ts";
import type { Finding, FuzzBench } from "./fuzz/try-renames.ts";

const USAGE = `npm run fuzz:renames -- [options]
  --seed S        seed of the first program (1); the next one has the next
  --programs N    number of programs (20)
  --std N         names of std that each thing is renamed to, besides the program's own (2)
  --renames N     this many renames of each program, drawn from all
  --refusals P    share of the refused renames that are made all the same, to count the needless (0)
  --no-shrink     do not make the programs of findings small
  --show          print the programs, and try no renames
Exit status 1 where a proved rename is wrong. See docs/fuzzing.md.`;

const OPTIONS = {
    seed: { type: "string", default: "1" },
    programs: { type: "string", default: "20" },
    std: { type: "string", default: "2" },
    renames: { type: "string" },
    refusals: { type: "string", default: "0" },
    "no-shrink": { type: "boolean", default: false },
    show: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
} as const;

const COUNTED = ["renames", "proved", "refused", "unproved", "asks", "refusalsTried"] as const;

/** What all programs gave together. */
class Sums {
    readonly counts = new Map<string, number>();
    readonly needless = new Map<string, number>();

    add(searched: Searched): void {
        for (const key of COUNTED) {
            addTo(this.counts, key, searched[key]);
        }
        addTo(this.counts, "programs", 1);
        addTo(this.counts, "wrong", searched.findings.length);
        for (const [reason, count] of searched.needless) {
            addTo(this.needless, reason, count);
        }
    }

    print(): void {
        console.log([...this.counts].map(([key, count]) => `${key}: ${count}`).join(", "));
        for (const [reason, count] of [...this.needless].sort(([, a], [, b]) => b - a)) {
            console.log(`  needless: ${count} ${reason}`);
        }
    }
}

function addTo(counts: Map<string, number>, key: string, count: number): void {
    counts.set(key, (counts.get(key) ?? 0) + count);
}

async function main(folder: string): Promise<void> {
    const { values } = parseArgs({ options: OPTIONS });
    if (values.help) {
        console.log(USAGE);
        return;
    }
    const bench = { compiler: new RustCompiler(folder), syntax: await openRenames() };
    const sums = new Sums();
    const shown = new Set<string>();
    for (let index = 0; index < Number(values.programs); index++) {
        const seed = Number(values.seed) + index;
        const sound = await generateProgram(bench.compiler, seed);
        if (sound === undefined) {
            console.log(`${seed}: no program that ends well`);
        } else if (values.show) {
            showTexts(textsOf(sound.program));
        } else {
            const searched = await searchProgram(bench, sound, {
                seed,
                renamesMax: values.renames === undefined ? undefined : Number(values.renames),
                triedRefusals: Number(values.refusals),
                stdNames: Number(values.std),
            });
            sums.add(searched);
            const { renames, proved, findings } = searched;
            console.log(`${seed}: ${renames} renames, ${proved} proved, ${findings.length} wrong`);
            for (const finding of findings) {
                // One program of each sort is enough to be looked at.
                const key = `${finding.kind} ${finding.what} ${finding.code}`;
                const isShrunk = !values["no-shrink"] && !shown.has(key);
                shown.add(key);
                await showFinding(bench, { sound, finding }, isShrunk);
            }
        }
    }
    if (!values.show) {
        sums.print();
        process.exitCode = (sums.counts.get("wrong") ?? 0) > 0 ? 1 : 0;
    }
}

async function showFinding(
    bench: FuzzBench,
    { sound, finding }: { readonly sound: Sound; readonly finding: Finding },
    isShrunk: boolean,
): Promise<void> {
    const { kind, oldName, newName, what, code, said } = finding;
    const [first = ""] = said.split("\n");
    console.log(`  ${kind} ${oldName} to ${newName}: ${what}: ${code} ${first}`);
    if (!isShrunk) {
        return;
    }
    const small = await shrinkProgram(bench, sound, finding);
    const { path: file, offset } = small.finding;
    const texts = new Map(textsOf(small.sound.program));
    const text = texts.get(file) ?? "";
    texts.set(file, `${text.slice(0, offset)}$0${text.slice(offset)}`);
    console.log(`--- rename ${newName}, edition ${small.sound.program.edition}`);
    showTexts(texts);
    console.log(`--- ${small.finding.said.trim()}`);
}

function showTexts(texts: Texts): void {
    for (const [file, text] of texts) {
        console.log(`//- /${file}`);
        console.log(text.replace(/^pub mod zz \{\n(?: {4}.*\n)*\}\n/mu, "// what prints\n"));
    }
}

const folder = mkdtempSync(path.join(tmpdir(), "ferrograph-fuzz-"));
try {
    await main(folder);
} finally {
    rmSync(folder, { recursive: true, force: true });
}
