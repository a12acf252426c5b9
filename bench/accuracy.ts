// npm run accuracy: how right the answers are, by the compiler and beside rust-analyzer, on real workspaces.
// Writes its tables into docs/accuracy.md. An interrupted run goes on where it ended.

import { mkdirSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";

import { OperatingError } from "../src/base/index.ts";
import { runProcess } from "../src/platform/index.ts";
import type { Judgement } from "./accuracy/judge.ts";
import { measurePlanted } from "./accuracy/measure-planted.ts";
import { measureWorkspace, type MeasureOptions } from "./accuracy/measure-workspace.ts";
import { renderPlanted } from "./accuracy/render-planted.ts";
import { renderReport } from "./accuracy/render-report.ts";
import type { TrialResult } from "./accuracy/rename-trial.ts";
import { ResultStore } from "./accuracy/result-store.ts";
import { FIXED_SEEDS, seedOfCommit } from "./accuracy/trial-order.ts";
import { productKey } from "./accuracy/workspace-key.ts";
import { RECIPES } from "./corpora/recipes.ts";
import { findStdSources } from "./corpora/std-sources.ts";
import { findRustAnalyzer } from "./peers/rust-analyzer-scip.ts";
import { writeSection } from "./report/write-section.ts";
import { defaultScratch, findWorkspaces, type NamedWorkspace } from "./workspaces.ts";

const USAGE = `npm run accuracy -- [options]
  --workspace DIR   a Cargo workspace that compiles offline; may be repeated
  --recipe NAME     a workspace of published crates: ${[...RECIPES.keys()].join(", ")}; may be
                    repeated; "all" for each
  --planted         the planted clashes too
  --install         install the Debian packages that a recipe needs (as root)
  --budget MINUTES  time for everything; the sample follows from it (150)
  --sample N        this many renames of each workspace, however long they take
  --jobs N          workspaces at a time (2)
  --no-bindings     judge by cargo check alone
  --no-index        leave callers and tokens out
  --no-calls        leave the calls that rustc knows out
  --facts           let rustc's facts be captured before anything is asked
  --validated       have the compiler compare what is not answered at once (rename --validate)
  --out FILE        the document that gets the tables (docs/accuracy.md)
  --scratch DIR     for copies, indexes, compiled files and results
  --fail-on-wrong   exit with status 1 when an answered rename was wrong
Without a workspace, a recipe or --planted: the demo.`;

const OPTIONS = {
    workspace: { type: "string", multiple: true, default: [] as string[] },
    recipe: { type: "string", multiple: true, default: [] as string[] },
    planted: { type: "boolean", default: false },
    install: { type: "boolean", default: false },
    budget: { type: "string", default: "150" },
    sample: { type: "string" },
    jobs: { type: "string", default: "2" },
    "no-bindings": { type: "boolean", default: false },
    "no-index": { type: "boolean", default: false },
    "no-calls": { type: "boolean", default: false },
    facts: { type: "boolean", default: false },
    validated: { type: "boolean", default: false },
    out: { type: "string", default: "docs/accuracy.md" },
    scratch: { type: "string", default: defaultScratch() },
    "fail-on-wrong": { type: "boolean", default: false },
    help: { type: "boolean", default: false },
} as const;

const TITLE = "# Accuracy\n\nHow often the answers are right, and who says so.\n";

type Wishes = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>["values"];

async function main(): Promise<number> {
    const begin = Date.now();
    const { values } = parseArgs({ options: OPTIONS });
    if (values.help) {
        console.log(USAGE);
        return 0;
    }
    const repository = process.cwd();
    const scratch = path.resolve(values.scratch);
    mkdirSync(scratch, { recursive: true });
    const isPlantedOnly = values.planted && values.workspace.length + values.recipe.length === 0;
    const workspaces = isPlantedOnly ? [] : await findWished(values, scratch, repository);
    const options = await prepareOptions(values, scratch, repository);
    const out = path.resolve(values.out);
    let wrong = 0;
    if (values.planted) {
        const results = await measurePlanted(path.join(repository, "bench", "planted"), options);
        const peer = options.peerVersion ?? "no rust-analyzer";
        writeSection(out, "planted clashes", renderPlanted(results, options.product, peer), TITLE);
        wrong += results.filter(({ ours }) => ours.outcome === "prints something else").length;
    }
    const jobs = Math.max(1, Math.min(Number(values.jobs), workspaces.length));
    const left = Number(values.budget) * 60 - (Date.now() - begin) / 1000;
    const budgetSeconds = (left * jobs) / Math.max(1, workspaces.length);
    const queue = [...workspaces];
    const work = async (): Promise<void> => {
        for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
            const command = `npm run accuracy -- ${process.argv.slice(2).join(" ")}`;
            const report = await measureWorkspace(next, { ...options, budgetSeconds, command });
            const section = [
                `accuracy ${next.name}`,
                ...(values.facts ? ["with facts"] : []),
                ...(values.validated ? ["validated"] : []),
            ].join(" ");
            writeSection(out, section, renderReport(report), TITLE);
            wrong += report.renames
                .flatMap(({ ours, validated }) => [ours, ...(validated ? [validated] : [])])
                .filter(({ outcome }) => WRONG.has(outcome)).length;
        }
    };
    await Promise.all(Array.from({ length: jobs }, work));
    console.log(`${values.out} is written; ${wrong} answered renames were wrong`);
    return wrong > 0 && values["fail-on-wrong"] ? 1 : 0;
}

const WRONG: ReadonlySet<string> = new Set(["broken", "meaning changed", "edits outside"]);

async function findWished(
    values: Wishes,
    scratch: string,
    repository: string,
): Promise<NamedWorkspace[]> {
    return findWorkspaces({
        folders: values.workspace,
        recipes: values.recipe.includes("all") ? [...RECIPES.keys()] : values.recipe,
        install: values.install,
        scratch,
        repository,
    });
}

async function prepareOptions(
    values: Wishes,
    scratch: string,
    repository: string,
): Promise<Omit<MeasureOptions, "budgetSeconds" | "command">> {
    const peerVersion = await findRustAnalyzer();
    const std =
        peerVersion === undefined
            ? undefined
            : await findStdSources(process.env["RUST_SRC_PATH"], scratch);
    const product = await productKey(repository);
    const compiler = await runProcess("rustc", ["--version"]);
    const withBindings = !values["no-bindings"];
    return {
        sample: values.sample === undefined ? undefined : Number(values.sample),
        seeds: [...FIXED_SEEDS, seedOfCommit(product)],
        scratch,
        product: [
            product,
            ...(withBindings ? [] : ["check alone"]),
            ...(values.facts ? ["with facts"] : []),
            ...(values.validated ? ["validated"] : []),
        ].join(", "),
        compiler: compiler.stdout.trim(),
        results: new ResultStore<TrialResult>(path.join(scratch, "renames.jsonl")),
        judgements: new ResultStore<Judgement>(path.join(scratch, "judgements.jsonl")),
        peerVersion,
        std,
        withBindings,
        repository,
        withFacts: values.facts,
        withValidation: values.validated,
        withCalls: !values["no-calls"],
        withIndex: !values["no-index"],
        log: (line) => {
            console.log(line);
        },
    };
}

try {
    process.exitCode = await main();
} catch (error) {
    if (!(error instanceof OperatingError)) {
        throw error;
    }
    console.error(
        `${error.message} [${error.code}]${error.advice === "" ? "" : `\n${error.advice}`}`,
    );
    process.exitCode = 3;
}
