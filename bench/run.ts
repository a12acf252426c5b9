// npm run bench: how fast and how large we are, beside rust-analyzer on the same workspace in one run.

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";

import { OperatingError } from "../src/base/index.ts";
import { resolveHere, type ResolvedHere } from "./accuracy/resolve-here.ts";
import { WorkspaceCopy } from "./accuracy/workspace-copy.ts";
import { productKey, workspaceKey } from "./accuracy/workspace-key.ts";
import {
    measureSelection,
    type SelectionOptions,
    type SelectionResult,
} from "./affected/measure-selection.ts";
import { renderSelection } from "./affected/render-selection.ts";
import { findStdSources, type StdSources } from "./corpora/std-sources.ts";
import { runEditsBench } from "./edits/run-edits.ts";
import { runGraphBench } from "./graphs/run-graphs.ts";
import { measureOwn, type OwnFigures } from "./measure/own-figures.ts";
import { measurePhases, renderPhases } from "./measure/phases.ts";
import { measurePlans, renderAhead, renderPlans, type PlanFigure } from "./measure/plan-figures.ts";
import { chooseQuestions, type Questions } from "./measure/questions.ts";
import { makeRows, renderRows, type BenchRow, type Measured } from "./measure/rows.ts";
import {
    measureSession,
    measureStart,
    type MeasuredServer,
    type SessionFigures,
} from "./measure/server-figures.ts";
import { ourServer, rustAnalyzer } from "./measure/servers.ts";
import { median, quantile } from "./measure/statistics.ts";
import { findRustAnalyzer } from "./peers/rust-analyzer-scip.ts";
import { demand, openSubject, shippedCommand, stopLeftover, stopSubject } from "./peers/subject.ts";
import { runLandingBench } from "./landing/run-landing.ts";
import { runPatchesBench } from "./patches/run-patches.ts";
import { writeSection } from "./report/write-section.ts";
import { runStoreBench } from "./store/run-store.ts";
import { runTablesBench } from "./tables/run-tables.ts";
import { runValidatedBench } from "./validated/run-validated.ts";
import { defaultScratch, findWorkspaces, type NamedWorkspace } from "./workspaces.ts";

const USAGE = `npm run bench -- [options]
  --json FILE       also write the rows as a JSON array
  --workspace DIR   a Cargo workspace; may be repeated
  --recipe NAME     a workspace of published crates: search, network, libraries, …; may be repeated
  --install         install the Debian packages that a recipe needs (as root)
  --renames N       names to rename, in every session (40)
  --edits N         only an editor that changes a long file a thousand times a minute, for N minutes
  --plans N         only what the plans of N renames cost the processor, ours alone
  --phases          only where the time of a cold capture goes, step by step, ours alone
  --store           only the store beside better-sqlite3 and lmdb, on the disk of --scratch
  --affected        only how good the selection of affected tests is, by faults put into a workspace
  --mutations N     with --affected: faults that compile, in each workspace (60)
  --minutes N       with --affected, --patches: nothing further is tried after so long, in each workspace (30; no limit)
  --no-doctests     with --affected: without documentation tests, which take most of the time
  --tables          only the tables: filling, exports, saving to queryable, look-ups, queries of the cookbook
  --bulk            with --tables: filling and exports alone, in place, for the largest workspaces
  --syntax          with --bulk: also the table of syntax nodes
  --patches N       only semantic patches: N of each action by seeded choice (more until a quarter of N is made), checked by cargo; goes on where it was ended
  --with-tests      with --patches: also run the tests that passed before, where they are compiled anew
  --action NAME     with --patches: only this action, the others as earlier runs found them; may be repeated
  --validated N     only validated renames: N by seeded choice, with what they cost beside the cargo check in them
  --landing N       only a plan of N edits, landed on a warm cache, beside the cargo check in it
  --graphs          only searches, dominators, pages and roots, beside plain JavaScript, graphology, SQLite and DuckDB
  --nodes N         with --store: size of the large graph (1000000); edges are five times as many
  --runs N          sessions of each server, of which medians are taken (3)
  --no-peer         leave rust-analyzer out
  --out FILE        the document that gets the tables; nothing is written without it
  --scratch DIR     for copies and stores
Without a workspace or a recipe: the demo.`;

const OPTIONS = {
    json: { type: "string" },
    workspace: { type: "string", multiple: true, default: [] as string[] },
    recipe: { type: "string", multiple: true, default: [] as string[] },
    install: { type: "boolean", default: false },
    renames: { type: "string", default: "40" },
    edits: { type: "string" },
    plans: { type: "string" },
    phases: { type: "boolean", default: false },
    store: { type: "boolean", default: false },
    tables: { type: "boolean", default: false },
    bulk: { type: "boolean", default: false },
    syntax: { type: "boolean", default: false },
    graphs: { type: "boolean", default: false },
    patches: { type: "string" },
    action: { type: "string", multiple: true, default: [] as string[] },
    validated: { type: "string" },
    landing: { type: "string" },
    nodes: { type: "string", default: "1000000" },
    runs: { type: "string", default: "3" },
    "no-peer": { type: "boolean", default: false },
    affected: { type: "boolean", default: false },
    mutations: { type: "string", default: "60" },
    minutes: { type: "string" },
    "with-tests": { type: "boolean", default: false },
    "no-doctests": { type: "boolean", default: false },
    out: { type: "string" },
    scratch: { type: "string", default: defaultScratch() },
    help: { type: "boolean", default: false },
} as const;

interface Bench {
    readonly repository: string;
    readonly runs: number;
    readonly renames: number;
    readonly scratch: string;
    readonly peer: { readonly version: string; readonly std: StdSources | undefined } | undefined;
    readonly peerAbsence: string;
}

interface ServerResult {
    readonly sessions: readonly SessionFigures[];
    readonly warmMs: readonly number[];
}

interface WorkspaceResult {
    readonly rows: readonly BenchRow[];
    readonly notes: readonly string[];
}

async function main(): Promise<void> {
    const { values } = parseArgs({ options: OPTIONS });
    if (values.help) {
        console.log(USAGE);
        return;
    }
    const repository = process.cwd();
    const scratch = path.resolve(values.scratch);
    mkdirSync(scratch, { recursive: true });
    if (values.store) {
        const { out, json } = values;
        await runStoreBench({ repository, scratch, nodes: Number(values.nodes), out, json });
        return;
    }
    if (values.edits !== undefined) {
        await runEditsBench({
            repository,
            scratch,
            minutes: Number(values.edits),
            json: values.json,
        });
        return;
    }
    if (values.graphs) {
        const { out, json, "no-peer": noPeer } = values;
        runGraphBench({ repository, scratch, withPeers: !noPeer, out, json });
        return;
    }
    const workspaces = await findWorkspaces({
        folders: values.workspace,
        recipes: values.recipe,
        install: values.install,
        scratch,
        repository,
    });
    if (values.tables) {
        const { bulk: bulkOnly, syntax: withSyntax, out, json } = values;
        const options = { bulkOnly, withSyntax, out, json };
        await runTablesBench({ repository, scratch, workspaces, ...options });
        return;
    }
    if (values.patches !== undefined) {
        const each = Number(values.patches);
        const { action: actions, out, minutes: limit, "with-tests": withTests } = values;
        const minutes = limit === undefined ? undefined : Number(limit);
        const options = { each, actions, withTests, minutes, out };
        await runPatchesBench({ repository, scratch, workspaces, ...options });
        return;
    }
    if (values.validated !== undefined) {
        const count = Number(values.validated);
        await runValidatedBench({ scratch, workspaces, count, out: values.out });
        return;
    }
    if (values.landing !== undefined) {
        const edits = Number(values.landing);
        await runLandingBench({ scratch, workspaces, edits, out: values.out });
        return;
    }
    if (values.affected) {
        const { mutations, minutes = SELECTION_MINUTES, out } = values;
        await showSelection(workspaces, {
            ...{ repository, scratch, seed: SELECTION_SEED, out },
            ...{ mutations: Number(mutations), minutes: Number(minutes) },
            withDoctests: !values["no-doctests"],
        });
        return;
    }
    if (values.phases) {
        await showPhases(workspaces, scratch, values.out);
        return;
    }
    if (values.plans !== undefined) {
        const figures = await showPlans(workspaces, Number(values.plans), values.out);
        if (values.json !== undefined) {
            writeFileSync(values.json, `${JSON.stringify(figures, undefined, 2)}\n`);
        }
        return;
    }
    const version = values["no-peer"] ? undefined : await findRustAnalyzer();
    const bench: Bench = {
        repository,
        runs: Number(values.runs),
        renames: Number(values.renames),
        scratch,
        peer:
            version === undefined
                ? undefined
                : { version, std: await findStdSources(process.env["RUST_SRC_PATH"], scratch) },
        peerAbsence: values["no-peer"] ? "left out" : "rust-analyzer is not installed",
    };
    const rows: BenchRow[] = [];
    for (const workspace of workspaces) {
        const result = await measure(workspace, bench);
        const table = renderRows(result.rows);
        console.log(`\n${workspace.name}\n\n${table}\n\n${result.notes.join("\n")}`);
        const several = workspaces.length > 1;
        rows.push(...result.rows.map((row) => (several ? nameAfter(workspace, row) : row)));
        if (values.out !== undefined) {
            writeWorkspace(values.out, workspace, [table, ...result.notes]);
        }
    }
    if (values.json !== undefined) {
        writeFileSync(values.json, `${JSON.stringify(rows, undefined, 2)}\n`);
    }
}

/** Any number; a fixed one, so that the same faults are put in again. */
const SELECTION_MINUTES = "30";
const SELECTION_SEED = 7;

async function showSelection(
    workspaces: readonly NamedWorkspace[],
    { out, ...options }: SelectionOptions & { readonly out: string | undefined },
): Promise<void> {
    const results: SelectionResult[] = [];
    for (const workspace of workspaces) {
        results.push(await measureSelection(workspace, options));
    }
    const command = `npm run bench -- ${process.argv.slice(2).join(" ")}`;
    const text = renderSelection(results, command);
    console.log(text);
    writeSection(out, "affected", text);
}

async function showPhases(
    workspaces: readonly NamedWorkspace[],
    scratch: string,
    out: string | undefined,
): Promise<void> {
    for (const { name, root } of workspaces) {
        const table = renderPhases(await measurePhases(root, scratch));
        console.log(`\n${name}\n\n${table}`);
        const load = (loadavg()[0] ?? 0).toFixed(1);
        const note = `One run, load ${load}, ${cpus().length} cores, Node ${process.version}.`;
        const text = `### Steps of a cold capture of \`${name}\`\n\n${table}\n\n${note}`;
        writeSection(out, `phases ${name}`, text);
    }
}

async function showPlans(
    workspaces: readonly NamedWorkspace[],
    count: number,
    out: string | undefined,
): Promise<PlanFigure[][]> {
    const all: PlanFigure[][] = [];
    for (const { name, root } of workspaces) {
        const here = await resolveHere(root);
        const rounds = await measurePlans(here, count);
        const { first, second, prepared, preparedAgain } = rounds;
        all.push([...first], [...second], [...prepared], [...preparedAgain]);
        const size = `${here.texts.size} files, ${countLines(here).toLocaleString("en")} lines`;
        const text =
            `### Plans of renames in \`${name}\`\n\n${size}, Node ${process.version}.\n\n` +
            [
                ["First round:", renderPlans(first)],
                ["The same again:", renderPlans(second)],
                [
                    "From the new name to the answer, after `prepareRename`; first round:",
                    renderPlans(prepared),
                ],
                ["The same again:", renderPlans(preparedAgain)],
                [
                    "What was made ahead of the new name, in the first of these two rounds:",
                    renderAhead(prepared),
                ],
                ["And in the second:", renderAhead(preparedAgain)],
            ]
                .map(([title = "", table = ""]) => `${title}\n\n${table}`)
                .join("\n\n");
        console.log(`\n${text}`);
        writeSection(out, `plans ${name}`, text);
    }
    return all;
}

function nameAfter(workspace: NamedWorkspace, row: BenchRow): BenchRow {
    return { ...row, name: `${workspace.name}: ${row.name}` };
}

function writeWorkspace(file: string, workspace: NamedWorkspace, parts: readonly string[]): void {
    const [table = "", ...notes] = parts;
    const list = notes.map((note) => `- ${note}`).join("\n");
    const text = `### Workspace \`${workspace.name}\`\n\n${table}\n\n${list}`;
    writeSection(file, `bench ${workspace.name}`, text);
}

async function measure(workspace: NamedWorkspace, bench: Bench): Promise<WorkspaceResult> {
    const here = await resolveHere(workspace.root);
    const questions = chooseQuestions(here, bench.renames);
    const folder = path.join(bench.scratch, `bench-${workspace.name}-${workspaceKey(here.texts)}`);
    mkdirSync(folder, { recursive: true });
    const { root } = new WorkspaceCopy(workspace.root, path.join(folder, "copy"));
    const store = path.join(folder, "store");
    await stopLeftover(root, store);
    const server = ourServer(bench.repository, root, store);
    console.log(`${workspace.name}: ferrograph`);
    const ours = await measureServer(server, { root, questions, runs: bench.runs }, () => {
        rmSync(store, { recursive: true, force: true });
    });
    const own = await measureOwnRequests(here, questions, { root, store }, bench);
    const theirs = await measurePeer(root, questions, bench);
    const peerName = theirs.result === undefined ? "rust-analyzer" : theirs.name;
    return {
        rows: makeRows(figuresOf(ours, own, theirs.result), peerName),
        notes: [
            ...describeInput(here, questions, bench),
            describeAnswers("ferrograph", ours, questions),
            theirs.result === undefined
                ? theirs.name
                : describeAnswers(theirs.name, theirs.result, questions),
            `Product ${await productKey(bench.repository)}.`,
        ],
    };
}

interface Series {
    readonly root: string;
    readonly questions: Questions;
    readonly runs: number;
}

async function measureServer(
    server: MeasuredServer,
    series: Series,
    forget: () => void,
): Promise<ServerResult> {
    const { root, questions, runs } = series;
    const [first] = questions.references;
    if (first === undefined) {
        throw new OperatingError("BENCH_NOTHING_TO_ASK", "no name of the workspace occurs twice");
    }
    const sessions: SessionFigures[] = [];
    const warmMs: number[] = [];
    for (let run = 0; run < runs; run++) {
        forget();
        sessions.push(await measureSession(server, root, questions));
        warmMs.push(await measureStart(server, root, first));
        console.log(
            `  run ${run + 1} of ${runs}: loaded in ${sessions.at(-1)?.loadMs.toFixed(0)} ms`,
        );
    }
    return { sessions, warmMs };
}

async function measureOwnRequests(
    here: ResolvedHere,
    questions: Questions,
    place: { readonly root: string; readonly store: string },
    bench: Bench,
): Promise<OwnFigures> {
    const client = await openSubject(place.root, place.store);
    try {
        await demand(client, "rename-impact/status", {});
        const where = ["--workspace", place.root, "--store", place.store];
        return await measureOwn(client, here, questions.renames, [
            ...shippedCommand(bench.repository),
            "impact",
            ...where,
        ]);
    } finally {
        await stopSubject(client);
    }
}

async function measurePeer(
    root: string,
    questions: Questions,
    bench: Bench,
): Promise<{ readonly result: ServerResult | undefined; readonly name: string }> {
    const { peer, runs } = bench;
    if (peer === undefined) {
        return { result: undefined, name: `No peer: ${bench.peerAbsence}.` };
    }
    const server = rustAnalyzer(peer.std);
    const [first] = questions.references;
    console.log(`  ${peer.version}`);
    if (first !== undefined) {
        // Once for nothing: build scripts and macros are compiled the first time.
        await measureStart(server, root, first);
    }
    const result = await measureServer(server, { root, questions, runs }, () => undefined);
    return result.sessions.every(({ knowsStd }) => knowsStd)
        ? { result, name: peer.version }
        : { result: undefined, name: `No peer: ${peer.version} does not resolve std here.` };
}

function figuresOf(
    ours: ServerResult,
    own: OwnFigures,
    theirs: ServerResult | undefined,
): Measured[] {
    const both = (
        name: string,
        unit: string,
        pick: (result: ServerResult) => number | undefined,
    ): Measured => ({
        name,
        unit,
        better: "lower",
        ours: pick(ours),
        peer: theirs === undefined ? undefined : pick(theirs),
    });
    const ofSessions =
        (pick: (session: SessionFigures) => number | undefined) =>
        ({ sessions }: ServerResult): number | undefined =>
            orNothing(
                sessions.flatMap((one) => pick(one) ?? []),
                median,
            );
    const ofAll =
        (pick: (session: SessionFigures) => readonly number[], share: number) =>
        ({ sessions }: ServerResult): number | undefined =>
            orNothing(sessions.flatMap(pick), (values) => quantile(values, share));
    const alone = (name: string, ms: readonly number[], share: number): Measured => ({
        name,
        unit: "ms",
        better: "lower",
        ours: orNothing(ms, (values) => quantile(values, share)),
        peer: undefined,
    });
    const renamed = (session: SessionFigures): readonly number[] => session.renameMs;
    return [
        both(
            "cold capture: process start to 20 references answers",
            "ms",
            ofSessions((one) => one.loadMs),
        ),
        both(
            "the same, processor time",
            "ms",
            ofSessions((one) => one.loadProcessorMs),
        ),
        both("warm start: process start to the first references answer", "ms", ({ warmMs }) =>
            median(warmMs),
        ),
        both(
            "memory: peak resident size",
            "MiB",
            ofSessions((one) => one.memoryMiB),
        ),
        both(
            "edit to answer: definition of what was typed, p50",
            "ms",
            ofAll((one) => one.editToDefinitionMs, 0.5),
        ),
        both(
            "edit to answer: definition of what was typed, p95",
            "ms",
            ofAll((one) => one.editToDefinitionMs, 0.95),
        ),
        both(
            "edit to answer: references, p50",
            "ms",
            ofAll((one) => one.editToReferencesMs, 0.5),
        ),
        both(
            "references, p50",
            "ms",
            ofAll((one) => one.referencesMs, 0.5),
        ),
        both(
            "first answer: process start to the first references answer, nothing stored",
            "ms",
            ofSessions((one) => one.firstAnswerMs),
        ),
        both("rename, p50", "ms", ofAll(renamed, 0.5)),
        both("rename, p95", "ms", ofAll(renamed, 0.95)),
        // The nearest thing that the peer has is a rename without ripple and proof.
        {
            ...both("rename-impact, p50 (peer: rename)", "ms", ofAll(renamed, 0.5)),
            ours: orNothing(own.renameImpactMs, median),
        },
        {
            ...both("rename-impact, p95 (peer: rename)", "ms", ofAll(renamed, 0.95)),
            ours: orNothing(own.renameImpactMs, (values) => quantile(values, 0.95)),
        },
        alone("impact, all distances, p50", own.impactMs, 0.5),
        alone("impact, all distances, p95", own.impactMs, 0.95),
        alone("ferrograph impact in a terminal, daemon running, p50", own.commandMs, 0.5),
    ];
}

function orNothing(
    values: readonly number[],
    sum: (values: readonly number[]) => number,
): number | undefined {
    return values.length === 0 ? undefined : sum(values);
}

function describeInput(here: ResolvedHere, questions: Questions, bench: Bench): string[] {
    const lines = countLines(here);
    const [cpu] = cpus();
    const memory = Math.round(totalmem() / 2 ** 30);
    const load = loadavg()[0] ?? 0;
    const { edit } = questions;
    return [
        `${here.texts.size} files, ${lines.toLocaleString("en")} lines; medians of ${bench.runs} runs.`,
        `${cpus().length} cores (${cpu?.model ?? "unknown"}), ${memory} GiB, load ${load.toFixed(1)}, ` +
            `Node ${process.version}.`,
        edit === undefined
            ? "No file to edit."
            : `Edited: \`${edit.path}\`, ${edit.lines.toLocaleString("en")} lines.`,
    ];
}

function countLines(here: ResolvedHere): number {
    return [...here.texts.values()].reduce((sum, text) => sum + text.split("\n").length - 1, 0);
}

function describeAnswers(name: string, result: ServerResult, questions: Questions): string {
    const [last] = result.sessions.slice(-1);
    return (
        `${name} found something for ${last?.answered ?? 0} of ${questions.references.length} references ` +
        `questions, and edits for ${last?.renamesAnswered ?? 0} of ${questions.renames.length} renames; ` +
        "the other renames were refused."
    );
}

try {
    await main();
} catch (error) {
    if (!(error instanceof OperatingError)) {
        throw error;
    }
    console.error(
        `${error.message} [${error.code}]${error.advice === "" ? "" : `\n${error.advice}`}`,
    );
    process.exitCode = 3;
}
