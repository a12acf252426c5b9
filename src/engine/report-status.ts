// What is captured, how precisely, and what it costs.

import { join } from "node:path";

import type { AbsPath, Problem } from "../base/index.ts";
import { listFolder, memoryUsageBytes, packageVersion, statFile } from "../platform/index.ts";
import {
    PROTOCOL_VERSION,
    type AnalyzerStatus,
    type FactsStatus,
    type RootResult,
    type StatusResult,
    type TablesStatus,
} from "../protocol/index.ts";
import { describeProblem } from "./describe.ts";
import { CACHE_FOLDER } from "./derived-cache.ts";
import type { GraphFacts } from "./ports.ts";
import { describeTraversal } from "./traversal-here.ts";
import type { View } from "./view.ts";

/** What the engine knows beside the view. */
export interface StatusParts {
    readonly root: AbsPath;
    readonly storeFolder: string;
    readonly state: StatusResult["state"];
    readonly facts: GraphFacts;
    readonly rustc: FactsStatus;
    readonly rustAnalyzer: AnalyzerStatus;
    readonly tables: TablesStatus;
    readonly problems: readonly Problem[];
    readonly clients: readonly string[];
    readonly backlog: number;
    readonly memory: StatusResult["memory"];
    readonly heldFiles: number;
    readonly lastCaptureMilliseconds: number;
    readonly warmStartMilliseconds: number | undefined;
}

/** Reports the state of an engine. */
export async function reportStatus(view: View, parts: StatusParts): Promise<StatusResult> {
    const { facts } = parts;
    const { model, resolution } = view;
    return {
        root: parts.root,
        pid: process.pid,
        serverVersion: packageVersion(),
        protocolVersion: PROTOCOL_VERSION,
        state: facts.readOnlyReason === "" ? parts.state : "read-only",
        readOnlyReason: facts.readOnlyReason,
        workspaceSource: model.source,
        packages: model.packages.length,
        targets: model.packages.reduce((sum, each) => sum + each.targets.length, 0),
        files: view.paths().length,
        filesOutsideTargets: filesOutsideTargets(view),
        lines: countLines(view),
        symbols: facts.nodes,
        edges: facts.edges,
        occurrences: { ...resolution.counts() },
        frontends: [
            { name: "syntax", state: "ready", precision: "syntactic" },
            { name: "rustc", state: describePhase(parts.rustc), precision: "exact" },
            {
                name: "rust-analyzer",
                state: describePhase(parts.rustAnalyzer),
                precision: "exact",
            },
        ],
        rustc: parts.rustc,
        rustAnalyzer: parts.rustAnalyzer,
        tables: parts.tables,
        stateRoot: facts.stateRoot,
        graphRoot: facts.graphRoot,
        deltaCount: facts.deltaCount,
        commitCount: facts.commitCount,
        clients: parts.clients,
        backlog: parts.backlog,
        memoryBytes: memoryUsageBytes(),
        memory: parts.memory,
        heldFiles: parts.heldFiles,
        disk: await measureDisk(parts.storeFolder),
        problems: parts.problems.map(describeProblem),
        searches: describeTraversal(),
        versions: { ferrograph: packageVersion(), node: process.versions.node },
        lastCaptureMilliseconds: parts.lastCaptureMilliseconds,
        warmStartMilliseconds: parts.warmStartMilliseconds,
    };
}

function describePhase({ phase, reason }: Pick<FactsStatus, "phase" | "reason">): string {
    const word = phase === "aside" ? "stands aside" : phase;
    return reason === "" ? word : `${word}: ${reason}`;
}

/** Reports the roots of the committed graph. */
export function reportRoots(facts: GraphFacts, logRoot: string): RootResult {
    return {
        stateRoot: facts.stateRoot,
        graphRoot: facts.graphRoot,
        nodeRoot: facts.nodeRoot,
        edgeRoot: facts.edgeRoot,
        fileRoot: facts.fileRoot,
        deltaCount: facts.deltaCount,
        commitCount: facts.commitCount,
        nodes: facts.nodes,
        edges: sumOf(facts.edges),
        files: facts.files,
        logRoot,
    };
}

/** Sum of counts by name. */
export function sumOf(counts: Readonly<Record<string, number>>): number {
    return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** Lines of all captured files. */
export function countLines(view: View): number {
    return view.paths().reduce((sum, path) => sum + (view.file(path)?.lineCount ?? 0), 0);
}

function filesOutsideTargets(view: View): string[] {
    const owned = new Set(
        view.resolution
            .files()
            .filter((file) => file.owners.length > 0)
            .map((file) => file.path),
    );
    return view.paths().filter((path) => view.file(path) !== undefined && !owned.has(path));
}

async function measureDisk(folder: string): Promise<{ file: string; bytes: number }[]> {
    const cache = await listFolder(join(folder, CACHE_FOLDER)).catch(() => []);
    const files = [
        ...(await listFolder(folder)),
        ...cache.map((name) => `${CACHE_FOLDER}/${name}`),
    ];
    const found = await Promise.all(
        files.map(async (file) => ({ file, bytes: (await statFile(join(folder, file)))?.size })),
    );
    return found
        .flatMap(({ file, bytes }) => (bytes === undefined ? [] : [{ file, bytes }]))
        .sort((a, b) => (a.file < b.file ? -1 : 1));
}
