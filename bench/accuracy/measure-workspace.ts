// Asks everything of one workspace: renames, callers, tokens, calls.

import { mkdirSync } from "node:fs";
import path from "node:path";

import { isRefusal, LineIndex } from "../../src/base/index.ts";
import type { ScipDocument } from "../../src/capture/index.ts";
import type { DaemonClient } from "../../src/server/index.ts";
import { monotonicMs } from "../../src/platform/index.ts";
import type { StdSources } from "../corpora/std-sources.ts";
import type { FilePosition } from "../peers/language-client.ts";
import { makeScipIndex, knowsStd } from "../peers/rust-analyzer-scip.ts";
import { RenamePeer } from "../peers/rename-peer.ts";
import { demand, openSubject, stopSubject } from "../peers/subject.ts";
import { makeRepository } from "../measure/engine-on-repository.ts";
import type { NamedWorkspace } from "../workspaces.ts";
import { compareCalls } from "./calls.ts";
import { compareCallers, findMuchCalled, TheirCalls, type CallerComparison } from "./callers.ts";
import { DumpJudge, emptyFolder, folderOfState } from "./bindings-judge.ts";
import { CargoJudge } from "./cargo-judge.ts";
import { judge, type Court, type Judgement } from "./judge.ts";
import type { CallFigures } from "./render-calls.ts";
import type { AccuracyReport } from "./render-report.ts";
import { tryRename, type TrialBench, type TrialResult } from "./rename-trial.ts";
import { resolveHere, type ResolvedHere } from "./resolve-here.ts";
import type { ResultStore } from "./result-store.ts";
import { compareWithScip } from "./scip-comparison.ts";
import { captureTruth, resolveWithTruth } from "./rustc-truth.ts";
import { orderTrials, type Wish } from "./trial-order.ts";
import { WorkspaceCopy } from "./workspace-copy.ts";
import { workspaceKey } from "./workspace-key.ts";

const CALLED_FUNCTIONS = 10;
const STD_PLACES = 8;
const RECORDER = path.join("bench", "accuracy", "record-rustc.mjs");
// Raised when dumps are compared in another way.
const DUMP_FORMAT = "4";

/** How a measurement is made. */
export interface MeasureOptions {
    /** Renames at most; as many as there is time for when undefined. */
    readonly sample: number | undefined;
    /** Seconds for everything that this workspace is asked. */
    readonly budgetSeconds: number;
    readonly seeds: readonly number[];
    readonly scratch: string;
    readonly product: string;
    readonly command: string;
    readonly compiler: string;
    readonly results: ResultStore<TrialResult>;
    readonly judgements: ResultStore<Judgement>;
    /** Version of rust-analyzer; undefined when it is not there. */
    readonly peerVersion: string | undefined;
    readonly std: StdSources | undefined;
    /** Compare the compiler's bindings too. */
    readonly withBindings: boolean;
    /** Let rustc's facts be captured before anything is asked. */
    readonly withFacts: boolean;
    /** Compare calls with what rustc binds them to. */
    readonly withCalls: boolean;
    readonly repository: string;
    /** Have the compiler compare what is not answered at once. */
    readonly withValidation: boolean;
    /** Compare every token, and callers, with the index of rust-analyzer. */
    readonly withIndex: boolean;
    readonly log: (line: string) => void;
}

/** Measures a workspace. Everything happens on copies: the workspace itself is only read. */
export async function measureWorkspace(
    workspace: NamedWorkspace,
    options: MeasureOptions,
): Promise<AccuracyReport> {
    const begin = monotonicMs();
    const here = await resolveHere(workspace.root);
    const key = workspaceKey(here.texts);
    const folder = path.join(options.scratch, `${workspace.name}-${key}`);
    mkdirSync(folder, { recursive: true });
    const asked = new WorkspaceCopy(workspace.root, path.join(folder, "asked"));
    if (options.withValidation) {
        makeRepository(asked.root);
    }
    const index = await findIndex(asked.root, path.join(folder, "index.scip"), options);
    const client = await openSubject(asked.root, path.join(folder, "store"));
    try {
        await demand(client, "rename-impact/capture", {});
        const callers =
            index.documents === undefined
                ? undefined
                : await measureCallers(here, index.documents, client);
        if (options.withFacts) {
            options.log("rustc is asked first");
            await demand(client, "rename-impact/capture", { rustc: true });
        }
        const calls = options.withCalls
            ? await measureCalls(here, asked.root, path.join(folder, "truth"))
            : "Not compared: it was not asked for.";
        const measured = { here, key, folder, asked, begin };
        const renames = await measureRenames(workspace, measured, client, options);
        const lines = [...here.texts.values()].reduce((sum, text) => sum + countLines(text), 0);
        return {
            name: workspace.name,
            about: workspace.about,
            files: here.texts.size,
            lines,
            product: options.product,
            workspace: key,
            command: options.command,
            seeds: options.seeds,
            ...renames,
            calls,
            callers,
            tokens:
                index.documents === undefined
                    ? undefined
                    : compareWithScip(here.resolution, here.texts, index.documents),
            index: index.peer,
            minutes: Math.round((monotonicMs() - begin) / 60_000),
        };
    } finally {
        await stopSubject(client);
    }
}

async function measureCalls(
    here: ResolvedHere,
    root: string,
    folder: string,
): Promise<CallFigures | string> {
    const truth = await captureTruth(root, folder);
    if (typeof truth === "string") {
        return `Not compared: ${truth}.`;
    }
    const facts = truth.map((unit) => unit.facts);
    return {
        without: compareCalls(here.resolution, here.texts, facts),
        with: compareCalls(resolveWithTruth(here, truth), here.texts, facts),
    };
}

function countLines(text: string): number {
    return text.split("\n").length - 1;
}

interface FoundIndex {
    readonly documents: readonly ScipDocument[] | undefined;
    readonly peer: string;
}

async function findIndex(root: string, file: string, options: MeasureOptions): Promise<FoundIndex> {
    const { peerVersion, std } = options;
    if (!options.withIndex) {
        return { documents: undefined, peer: "the index of rust-analyzer was not asked for" };
    }
    if (peerVersion === undefined) {
        return { documents: undefined, peer: "rust-analyzer is not installed" };
    }
    options.log(`${peerVersion} makes its index`);
    const documents = await makeScipIndex(root, file, std);
    return knowsStd(documents)
        ? { documents, peer: `${peerVersion}, std from ${std?.origin ?? "the toolchain"}` }
        : { documents: undefined, peer: `${peerVersion} does not resolve std` };
}

async function measureCallers(
    here: ResolvedHere,
    documents: readonly ScipDocument[],
    client: DaemonClient,
): Promise<CallerComparison[]> {
    const calls = new TheirCalls(here, documents);
    const compared: CallerComparison[] = [];
    for (const target of findMuchCalled(here, CALLED_FUNCTIONS)) {
        const impact = await demand(client, "rename-impact/impact", {
            symbol: { kind: "place", place: target.place },
            edges: ["call"],
            depth: 1,
        });
        compared.push(compareCallers(here, target, impact, calls));
    }
    return compared;
}

interface Measured {
    readonly here: ResolvedHere;
    readonly key: string;
    readonly folder: string;
    readonly asked: WorkspaceCopy;
    /** When the measurement began. */
    readonly begin: number;
}

type RenameFigures = Pick<
    AccuracyReport,
    "renames" | "configurations" | "bindings" | "peer" | "stopped"
>;

async function measureRenames(
    workspace: NamedWorkspace,
    measured: Measured,
    client: DaemonClient,
    options: MeasureOptions,
): Promise<RenameFigures> {
    const { here, folder, asked } = measured;
    const { log } = options;
    const copy = new WorkspaceCopy(workspace.root, path.join(folder, "edited"));
    const records = path.join(folder, "records");
    emptyFolder(records);
    const cargo = new CargoJudge(copy.root, path.join(folder, "target"), {
        RUSTC_WORKSPACE_WRAPPER: path.join(options.repository, RECORDER),
        RUSTC_RECORDS: records,
    });
    log(`${workspace.name}: which configurations compile`);
    await cargo.prepare(here.model.packages.map(({ name }) => name));
    const bindings = options.withBindings
        ? await prepareBindings({ root: copy.root, records, folder }, cargo.units, options)
        : undefined;
    const court: Court = {
        copy,
        cargo,
        bindings,
        known: options.judgements,
        compiler: options.compiler,
        workspace: measured.key,
        now: monotonicMs,
    };
    const peer = await startPeer(here, asked.root, options);
    const { session } = peer;
    try {
        const bench: TrialBench = {
            here,
            judge: async (proposal) => judge(court, proposal),
            now: monotonicMs,
            plan: async (place, newName) => askPlan(client, place, newName),
            ...(options.withValidation
                ? { validate: async (place, newName) => askValidated(client, place, newName) }
                : {}),
            askPeer:
                session === undefined
                    ? undefined
                    : async (at, newName) => session.rename(at, newName),
        };
        const tried = await tryAsManyAsTimeAllows(workspace.name, measured, bench, options);
        return {
            renames: tried.results,
            stopped: tried.stopped,
            configurations: [...cargo.configurations.keys()],
            bindings:
                bindings === undefined
                    ? "not compared"
                    : `HIR, THIR and MIR of ${bindings.crateCount} crates`,
            peer: peer.about,
        };
    } finally {
        await session?.stop();
    }
}

async function prepareBindings(
    where: { readonly root: string; readonly records: string; readonly folder: string },
    units: ReadonlySet<string>,
    options: MeasureOptions,
): Promise<DumpJudge> {
    options.log("dumps of everything as it is");
    const before = folderOfState(where.folder, [options.compiler, DUMP_FORMAT]);
    return DumpJudge.prepare({ root: where.root, records: where.records, before }, units);
}

/** Asks the daemon for a plan. */
export async function askPlan(
    client: DaemonClient,
    place: FilePosition,
    newName: string,
): ReturnType<TrialBench["plan"]> {
    const symbol = { kind: "place", place } as const;
    const answer = await client.request("rename-impact", { symbol, newName, planOnly: true });
    return isRefusal(answer) ? answer : answer.plan;
}

/** Has the daemon validate a rename; what a person may say yes to is agreed to. */
async function askValidated(
    client: DaemonClient,
    place: FilePosition,
    newName: string,
): ReturnType<NonNullable<TrialBench["validate"]>> {
    const symbol = { kind: "place", place } as const;
    const accept = ["changes-output", "breaks-api"];
    return client.request("rename-impact/validate", { symbol, newName, accept });
}

interface StartedPeer {
    readonly session: RenamePeer | undefined;
    /** For people. */
    readonly about: string;
}

async function startPeer(
    here: ResolvedHere,
    root: string,
    options: MeasureOptions,
): Promise<StartedPeer> {
    const { peerVersion, std } = options;
    if (peerVersion === undefined) {
        return { session: undefined, about: "rust-analyzer is not installed" };
    }
    const session = await RenamePeer.start(root, std);
    if (await session.knowsStd(placesOfStd(here))) {
        const origin = std?.origin ?? "the toolchain";
        return { session, about: `${peerVersion}, std from ${origin}` };
    }
    await session.stop();
    return { session: undefined, about: `${peerVersion} does not resolve std and is not counted` };
}

// Places of names that std defines, each in a file of its own.
function placesOfStd(here: ResolvedHere): FilePosition[] {
    const places: FilePosition[] = [];
    for (const [file, text] of here.texts) {
        const found = here.resolution
            .occurrencesIn(file)
            .find(
                ({ binding, role }) =>
                    binding.kind === "external" &&
                    /^(std|core|alloc)::/u.test(binding.path) &&
                    (role === "type" || role === "import"),
            );
        if (found !== undefined && places.length < STD_PLACES) {
            places.push({ path: file, ...new LineIndex(text).position(found.span.start) });
        }
    }
    return places;
}

async function tryAsManyAsTimeAllows(
    name: string,
    measured: Measured,
    bench: TrialBench,
    options: MeasureOptions,
): Promise<{ results: TrialResult[]; stopped: string }> {
    const { here, key, begin } = measured;
    const { results: store, product, sample, budgetSeconds, log } = options;
    const results: TrialResult[] = [];
    // Time that results took which an earlier, interrupted run has left.
    let recalled = 0;
    let longestTurn = 0;
    const spent = (): number => (monotonicMs() - begin) / 1000 + recalled;
    for (const turn of orderTrials(here, options.seeds)) {
        const before = spent();
        // Only whole turns keep the shares equal.
        if (sample === undefined && before + longestTurn > budgetSeconds) {
            return { results, stopped: "the time was used up" };
        }
        for (const wish of turn) {
            if (results.length === sample) {
                return { results, stopped: "as many as were asked for" };
            }
            const trialKey = { product, workspace: key, ...questionOf(wish) };
            const known = store.get(trialKey);
            const result = known ?? (await tryRename(bench, wish));
            recalled += known?.seconds ?? 0;
            if (known === undefined) {
                store.put(trialKey, result);
            }
            results.push(result);
            log(`${name} ${results.length}: ${describeTrial(result)}`);
        }
        longestTurn = Math.max(longestTurn, spent() - before);
    }
    return { results, stopped: "there are no more names" };
}

function questionOf({ candidate, mode, newName }: Wish): { subject: string; question: string } {
    const subject = `${candidate.path}:${candidate.offset}:${candidate.name}`;
    return { subject, question: `${mode} ${newName}` };
}

function describeTrial(result: TrialResult): string {
    const { stratum, display, mode, clash, newName, ours, peer, validated, provedWrongBy } = result;
    const side = (label: string, one: TrialResult["ours"]): string =>
        `${label} ${one.outcome}${one.reason === "" ? "" : ` (${one.reason})`} ${one.milliseconds} ms`;
    const isWorse = ours.outcome === "broken" || ours.outcome === "meaning changed";
    return [
        `${stratum} ${display} to ${newName}, ${mode}${clash === "" ? "" : ` (${clash})`}:`,
        side("ours", ours),
        validated === undefined ? "" : `| ${side("validated", validated)}`,
        peer === undefined ? "" : `| ${side("peer", peer)}`,
        provedWrongBy === "" ? "" : `| shown by ${provedWrongBy}`,
        `| check ${result.checkSeconds} s, bindings ${result.bindingsSeconds} s`,
        isWorse ? `\n${ours.complaint}` : "",
    ]
        .filter((part) => part !== "")
        .join(" ");
}
