// npm run accuracy: how right the answers are, by the compiler and by rust-analyzer, on real workspaces.
// Writes its tables into docs/accuracy.md. An interrupted run goes on where it ended.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";

import { OperatingError } from "../src/base/index.ts";
import { measureWorkspace } from "./accuracy/measure-workspace.ts";
import { renderReport } from "./accuracy/render-report.ts";
import type { TrialResult } from "./accuracy/rename-trial.ts";
import { ResultStore } from "./accuracy/result-store.ts";
import { productKey } from "./accuracy/workspace-key.ts";
import { findStdSources } from "./corpora/std-sources.ts";
import { findRustAnalyzer } from "./peers/rust-analyzer-scip.ts";
import { fillSection } from "./report/markdown-table.ts";
import { defaultScratch, findWorkspaces } from "./workspaces.ts";

const USAGE = `npm run accuracy -- [options]
  --workspace DIR   a Cargo workspace that compiles offline; may be repeated
  --recipe NAME     a workspace of published crates: search, network; may be repeated
  --install         install the Debian packages that a recipe needs (as root)
  --sample N        renames of each workspace (100)
  --seed S          which sample (1)
  --out FILE        the document that gets the tables (docs/accuracy.md)
  --scratch DIR     for copies, indexes, compiled files and results
  --fail-on-broken  exit with status 1 when an answered rename broke the build
Without a workspace or a recipe: the demo.`;

const OPTIONS = {
    workspace: { type: "string", multiple: true, default: [] as string[] },
    recipe: { type: "string", multiple: true, default: [] as string[] },
    install: { type: "boolean", default: false },
    sample: { type: "string", default: "100" },
    seed: { type: "string", default: "1" },
    out: { type: "string", default: "docs/accuracy.md" },
    scratch: { type: "string", default: defaultScratch() },
    "fail-on-broken": { type: "boolean", default: false },
    help: { type: "boolean", default: false },
} as const;

const TITLE = "# Accuracy\n\nHow often the answers are right, and who says so.\n";

async function main(): Promise<number> {
    const { values } = parseArgs({ options: OPTIONS });
    if (values.help) {
        console.log(USAGE);
        return 0;
    }
    const repository = process.cwd();
    const scratch = path.resolve(values.scratch);
    mkdirSync(scratch, { recursive: true });
    const workspaces = await findWorkspaces({
        folders: values.workspace,
        recipes: values.recipe,
        install: values.install,
        scratch,
        repository,
    });
    const peerVersion = await findRustAnalyzer();
    const std =
        peerVersion === undefined
            ? undefined
            : await findStdSources(process.env["RUST_SRC_PATH"], scratch);
    const results = new ResultStore<TrialResult>(path.join(scratch, "accuracy.jsonl"));
    let broken = 0;
    for (const workspace of workspaces) {
        const wish =
            values.recipe.includes(workspace.name) && workspace.root.startsWith(scratch)
                ? ` --recipe ${workspace.name}`
                : workspace.root.startsWith(repository)
                  ? ""
                  : ` --workspace ${workspace.name}`;
        const report = await measureWorkspace(workspace, {
            sample: Number(values.sample),
            seed: Number(values.seed),
            scratch,
            product: await productKey(repository),
            command: `npm run accuracy --${wish} --sample ${values.sample} --seed ${values.seed}`,
            results,
            peerVersion,
            std,
            log: (line) => {
                console.log(line);
            },
        });
        writeSection(path.resolve(values.out), `accuracy ${workspace.name}`, renderReport(report));
        broken += report.renames.filter(({ outcome }) => outcome.startsWith("broken")).length;
    }
    console.log(`${values.out} is written; ${broken} answered renames broke the build`);
    return broken > 0 && values["fail-on-broken"] ? 1 : 0;
}

function writeSection(file: string, name: string, text: string): void {
    const document = existsSync(file) ? readFileSync(file, "utf8") : TITLE;
    writeFileSync(file, fillSection(document, name, text));
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
