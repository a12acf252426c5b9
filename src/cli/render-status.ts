// Status, capture and root as a person reads them. Pure.

import type { CaptureResult, ProblemDto, RootResult, StatusResult } from "../protocol/index.ts";
import { alignPairs, count, groupDigits, showBytes, showMilliseconds } from "./layout.ts";
import type { Paint } from "./paint.ts";
import { describeAnalyzer, renderAnalyzer, renderAnalyzerTrouble } from "./render-analyzer.ts";
import { describeFacts, renderFacts, renderFactsTrouble } from "./render-facts.ts";
import { describeTables } from "./render-tables.ts";

const PROBLEMS_MAX = 15;
const FILES_MAX = 8;

/** What is captured, how precisely, and what it costs. */
export function renderStatus(status: StatusResult, paint: Paint): string[] {
    const state = status.state === "ready" ? paint.green(status.state) : paint.yellow(status.state);
    const reason = status.readOnlyReason === "" ? "" : `: ${status.readOnlyReason}`;
    const pairs: (readonly [string, string])[] = [
        ["workspace", `${status.root} (from ${status.workspaceSource})`],
        ["daemon", describeDaemon(status)],
        ["state", `${state}${reason}`],
        ["captured", describeCaptured(status)],
        ["graph", `${count(status.symbols, "symbol")}; edges: ${listCounts(status.edges)}`],
        ["occurrences", listCounts(status.occurrences)],
        ...status.frontends.map(
            (each) => ["frontend", `${each.name}: ${each.state}, ${each.precision}`] as const,
        ),
        ...describeFacts(status.rustc),
        ...describeAnalyzer(status.rustAnalyzer),
        ...describeTables(status.tables, paint),
        ["history", describeHistory(status)],
        ["state root", status.stateRoot],
        ["graph root", status.graphRoot],
        ["searches", `${status.searches.backend}; card: ${status.searches.card}`],
        ["memory", describeMemory(status)],
        ...describeLimit(status),
        ["disk", describeDisk(status)],
        ...describeArchives(status),
        ["last capture", showMilliseconds(status.lastCaptureMilliseconds)],
    ];
    if (status.warmStartMilliseconds !== undefined) {
        pairs.push(["warm start", showMilliseconds(status.warmStartMilliseconds)]);
    }
    if (status.backlog > 0) {
        pairs.push(["backlog", count(status.backlog, "change")]);
    }
    pairs.push(["clients", status.clients.join(", ")], ["versions", listTexts(status.versions)]);
    return [
        ...alignPairs(pairs),
        ...renderOutside(status.filesOutsideTargets),
        ...renderFactsTrouble(status.rustc, paint),
        ...renderAnalyzerTrouble(status.rustAnalyzer, paint),
        ...renderProblems(status.problems, paint),
    ];
}

function describeHistory(of: Pick<RootResult, "deltaCount" | "commitCount">): string {
    return `${count(of.deltaCount, "delta")} in ${count(of.commitCount, "commit")}`;
}

function describeMemory({ memoryBytes, heldFiles, files }: StatusResult): string {
    const held = heldFiles === 0 ? "no syntax held" : `syntax of ${count(heldFiles, "file")} held`;
    return `${showBytes(memoryBytes)}${heldFiles === files ? "" : `, ${held}`}`;
}

function describeLimit({ memory }: StatusResult): [string, string][] {
    if (memory.limitBytes === undefined) {
        return [];
    }
    const dropped = memory.dropped.map(
        ({ what, times, items }) =>
            `${what} (${count(times, "time")}, ${groupDigits(items)} in all)`,
    );
    const said = [
        showBytes(memory.limitBytes),
        ...(dropped.length === 0 ? ["nothing let go"] : [`let go: ${dropped.join(", ")}`]),
        ...(memory.isExceeded ? ["what must be held exceeds it"] : []),
    ];
    return [["memory limit", said.join("; ")]];
}

/** What a capture did. */
export function renderCapture(result: CaptureResult, paint: Paint): string[] {
    const facts = result.facts === undefined ? [] : renderFacts(result.facts, paint);
    const analyzer = result.analyzer === undefined ? [] : renderAnalyzer(result.analyzer, paint);
    const graph = `${count(result.symbols, "symbol")}, ${count(result.edges, "edge")}`;
    return [
        describeCapture(result, paint),
        `  ${graph}; ${count(result.deltas, "delta")} committed`,
        paint.dim(`  graph root ${result.root}`),
        ...facts,
        ...analyzer,
        ...renderProblems(result.problems, paint),
    ];
}

/** A daemon that has just started has captured everything already: then there is nothing left to do. */
function describeCapture(result: CaptureResult, paint: Paint): string {
    const size = `${count(result.files, "file")}, ${count(result.lines, "line")}`;
    const time = showMilliseconds(result.milliseconds);
    if (result.parsed === 0 && result.deltas === 0) {
        return `${paint.green("up to date")}: ${size}; looked through in ${time}`;
    }
    const parsed = result.parsed === result.files ? "all" : groupDigits(result.parsed);
    return `${paint.green("captured")} ${size} (${parsed} parsed) in ${time}`;
}

/** Hashes of the captured state. */
export function renderRoot(root: RootResult): string[] {
    return alignPairs([
        ["state root", root.stateRoot],
        ["graph root", root.graphRoot],
        ["node root", `${root.nodeRoot}  ${count(root.nodes, "node")}`],
        ["edge root", `${root.edgeRoot}  ${count(root.edges, "edge")}`],
        ["file root", `${root.fileRoot}  ${count(root.files, "file")}`],
        ["log root", `${root.logRoot}  ${describeHistory(root)}`],
    ]);
}

function describeDaemon(status: StatusResult): string {
    return `process ${status.pid}, version ${status.serverVersion}, protocol ${status.protocolVersion}`;
}

function describeCaptured(status: StatusResult): string {
    return [
        count(status.packages, "package"),
        count(status.targets, "target"),
        count(status.files, "file"),
        count(status.lines, "line"),
    ].join(", ");
}

function describeDisk(status: StatusResult): string {
    const total = status.disk.reduce((sum, each) => sum + each.bytes, 0);
    const files = status.disk.map((each) => `${each.file} ${showBytes(each.bytes)}`).join(", ");
    return status.disk.length === 0 ? "nothing yet" : `${showBytes(total)} (${files})`;
}

/** What of the history lies in archives; nothing where none does. */
function describeArchives({ disk }: StatusResult): (readonly [string, string])[] {
    const archives = disk
        .flatMap(({ file, bytes }) => {
            const upTo = /^workspace\.archive-(\d+)$/u.exec(file)?.[1];
            return upTo === undefined ? [] : [{ upTo: Number(upTo), bytes }];
        })
        .sort((a, b) => a.upTo - b.upTo);
    const texts = archives.map(
        ({ upTo, bytes }) => `up to commit ${groupDigits(upTo)} (${showBytes(bytes)})`,
    );
    return texts.length === 0 ? [] : [["archives", texts.join(", ")]];
}

function listCounts(counts: Readonly<Record<string, number>>): string {
    const entries = Object.entries(counts).filter(([, number]) => number > 0);
    return entries.length === 0
        ? "none"
        : entries.map(([name, number]) => `${groupDigits(number)} ${name}`).join(", ");
}

function listTexts(texts: Readonly<Record<string, string>>): string {
    return Object.entries(texts)
        .map(([name, text]) => `${name} ${text}`)
        .join(", ");
}

function renderOutside(files: readonly string[]): string[] {
    if (files.length === 0) {
        return [];
    }
    const shown = files.slice(0, FILES_MAX).map((file) => `  ${file}`);
    const more = files.length > FILES_MAX ? [`  and ${files.length - FILES_MAX} more`] : [];
    return ["", `${count(files.length, "file")} that no target reaches:`, ...shown, ...more];
}

function renderProblems(problems: readonly ProblemDto[], paint: Paint): string[] {
    if (problems.length === 0) {
        return [];
    }
    const shown = problems.slice(0, PROBLEMS_MAX).map((problem) => {
        const line = problem.line === undefined ? "" : `:${problem.line + 1}`;
        const place = problem.path === undefined ? "" : `${problem.path}${line}: `;
        return `  ${place}${problem.message} ${paint.dim(`[${problem.code}]`)}`;
    });
    const more =
        problems.length > PROBLEMS_MAX
            ? [`  and ${problems.length - PROBLEMS_MAX} more; --json lists all`]
            : [];
    return ["", paint.yellow(`${count(problems.length, "problem")}:`), ...shown, ...more];
}
