// Asks everything of one workspace: renames, callers, tokens.

import { mkdirSync } from "node:fs";
import path from "node:path";

import { isRefusal, type DaemonClient } from "../../src/server/index.ts";
import { monotonicMs } from "../../src/platform/index.ts";
import type { StdSources } from "../corpora/std-sources.ts";
import { makeScipIndex, knowsStd } from "../peers/rust-analyzer-scip.ts";
import type { ScipDocument } from "../peers/scip-index.ts";
import { demand, openSubject, stopSubject } from "../peers/subject.ts";
import type { NamedWorkspace } from "../workspaces.ts";
import { compareCallers, findMuchCalled, TheirCalls, type CallerComparison } from "./callers.ts";
import { CargoJudge } from "./cargo-judge.ts";
import { freshName } from "./fresh-name.ts";
import type { AccuracyReport } from "./render-report.ts";
import { tryRename, type TrialBench, type TrialResult } from "./rename-trial.ts";
import { resolveHere, type ResolvedHere } from "./resolve-here.ts";
import type { ResultStore } from "./result-store.ts";
import { drawInShares } from "./sample.ts";
import { compareWithScip } from "./scip-comparison.ts";
import { listCandidates } from "./strata.ts";
import { WorkspaceCopy } from "./workspace-copy.ts";
import { workspaceKey } from "./workspace-key.ts";

const CALLED_FUNCTIONS = 10;

/** How a measurement is made. */
export interface MeasureOptions {
    readonly sample: number;
    readonly seed: number;
    readonly scratch: string;
    readonly product: string;
    readonly command: string;
    readonly results: ResultStore<TrialResult>;
    /** Version of rust-analyzer; undefined when it is not there. */
    readonly peerVersion: string | undefined;
    readonly std: StdSources | undefined;
    readonly log: (line: string) => void;
}

/** Measures a workspace. Everything happens on copies: the workspace itself is only read. */
export async function measureWorkspace(
    workspace: NamedWorkspace,
    options: MeasureOptions,
): Promise<AccuracyReport> {
    const here = await resolveHere(workspace.root);
    const key = workspaceKey(here.texts);
    const folder = path.join(options.scratch, `${workspace.name}-${key}`);
    mkdirSync(folder, { recursive: true });
    const asked = new WorkspaceCopy(workspace.root, path.join(folder, "asked"));
    const index = await findIndex(asked.root, path.join(folder, "index.scip"), options);
    const client = await openSubject(asked.root, path.join(folder, "store"));
    try {
        await demand(client, "rename-impact/capture", {});
        const callers =
            index.documents === undefined
                ? undefined
                : await measureCallers(here, index.documents, client);
        const renames = await measureRenames(workspace, { here, key, folder }, client, options);
        const lines = [...here.texts.values()].reduce((sum, text) => sum + countLines(text), 0);
        return {
            name: workspace.name,
            about: workspace.about,
            files: here.texts.size,
            lines,
            product: options.product,
            workspace: key,
            command: options.command,
            seed: options.seed,
            configurations: renames.configurations,
            renames: renames.results,
            callers,
            tokens:
                index.documents === undefined
                    ? undefined
                    : compareWithScip(here.resolution, here.texts, index.documents),
            peer: index.peer,
        };
    } finally {
        await stopSubject(client);
    }
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
}

async function measureRenames(
    workspace: NamedWorkspace,
    measured: Measured,
    client: DaemonClient,
    options: MeasureOptions,
): Promise<{ results: TrialResult[]; configurations: string[] }> {
    const { here, key, folder } = measured;
    const { results: store, product, log } = options;
    const copy = new WorkspaceCopy(workspace.root, path.join(folder, "edited"));
    const judge = new CargoJudge(copy.root, path.join(folder, "target"));
    log(`${workspace.name}: which configurations compile`);
    await judge.prepare(here.model.packages.map(({ name }) => name));
    const bench: TrialBench = {
        copy,
        judge: async () => judge.judge(),
        textOf: (file) => here.texts.get(file) ?? "",
        now: monotonicMs,
        plan: async (place, newName) => {
            const symbol = { kind: "place", place } as const;
            const answer = await client.request("rename-impact", {
                symbol,
                newName,
                planOnly: true,
            });
            return isRefusal(answer) ? answer : answer.plan;
        },
    };
    const everything = [...here.texts.values()].join("\n");
    const isTaken = (name: string): boolean => everything.includes(name);
    const drawn = drawInShares(listCandidates(here), options.sample, options.seed);
    const results: TrialResult[] = [];
    for (const { item } of drawn) {
        const newName = freshName(item.stratum, item.name, isTaken);
        const subject = `${item.path}:${item.offset}:${item.name}`;
        const trialKey = { product, workspace: key, subject, question: newName };
        const result = await store.recall(trialKey, () => tryRename(bench, item, newName));
        results.push(result);
        log(`${results.length}/${drawn.length} ${describeTrial(result)}`);
    }
    return { results, configurations: [...judge.configurations.keys()] };
}

function describeTrial(result: TrialResult): string {
    const { stratum, display, outcome, reason, complaint, milliseconds } = result;
    const why = reason === "" ? "" : ` (${reason})`;
    const said = complaint === "" ? "" : `\n${complaint}`;
    return `${outcome}: ${stratum} ${display}${why}, planned in ${milliseconds} ms${said}`;
}
