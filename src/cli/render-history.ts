// What is told of the past, and proofs, as a person reads them. Pure.

import type { InspectedPart, ProofVerdict } from "../graphstore/index.ts";
import type {
    DiffResult,
    GrowthResult,
    HistoryPointDto,
    ProofResult,
    SnapshotResult,
    SymbolDto,
    VerifyResult,
} from "../protocol/index.ts";
import { alignPairs, count, groupDigits, showBytes, showMilliseconds } from "./layout.ts";
import type { Paint } from "./paint.ts";

/** `after 17 deltas, commit 3 of 2026-05-04 10:11:12`. */
export function describePoint({ k, commit, inside, timeMs }: HistoryPointDto): string {
    if (timeMs === undefined) {
        return "before the first delta: the empty graph";
    }
    const time = new Date(timeMs).toISOString().replace("T", " ").slice(0, 19);
    const place = inside ? `inside commit ${groupDigits(commit)}` : `commit ${groupDigits(commit)}`;
    return `after ${count(k, "delta")}, ${place} of ${time} UTC`;
}

/** A state in numbers. */
export function renderSnapshot(snapshot: SnapshotResult, paint: Paint): string[] {
    const { point } = snapshot;
    const inside = "the state is inside a commit: it was never one by itself";
    return [
        describePoint(point),
        ...(point.inside ? [paint.yellow(inside)] : []),
        ...alignPairs([
            ["state root", snapshot.stateRoot],
            ["graph root", snapshot.graphRoot],
            ["nodes", listKinds(snapshot.nodes)],
            ["edges", listKinds(snapshot.edges)],
            ["files", groupDigits(snapshot.files)],
        ]),
    ];
}

/** A difference, symbol by symbol. */
export function renderDiff(diff: DiffResult, paint: Paint): string[] {
    const lines = [`from  ${describePoint(diff.from)}`, `to    ${describePoint(diff.to)}`];
    const section = (name: string, title: string, shown: readonly string[]): void => {
        const total = diff.counts[name] ?? 0;
        if (total > 0) {
            const rest = total - shown.length;
            lines.push("", paint.bold(`${title}: ${groupDigits(total)}`), ...shown);
            if (rest > 0) {
                lines.push(
                    paint.dim(`  … and ${count(rest, "more", "more")}; --limit 0 shows all`),
                );
            }
        }
    };
    const name = ({ kind, path }: SymbolDto): string => `${kind} ${path}`;
    const plus = paint.green("+");
    const minus = paint.red("-");
    section(
        "renamed",
        "renamed",
        diff.renamed.map(({ from, to, followers }) => {
            const along =
                followers === 0 ? "" : paint.dim(`  and ${count(followers, "symbol")} with it`);
            return `  ${name(from)} → ${lastNames(from.path, to.path)}${along}`;
        }),
    );
    section(
        "added",
        "new symbols",
        diff.added.map((each) => `  ${plus} ${name(each)}`),
    );
    section(
        "removed",
        "removed symbols",
        diff.removed.map((each) => `  ${minus} ${name(each)}`),
    );
    section(
        "changed",
        "changed symbols",
        diff.changed.map(({ symbol, before, after }) => {
            const gone = before.filter((flag) => !after.includes(flag)).map((flag) => `-${flag}`);
            const come = after.filter((flag) => !before.includes(flag)).map((flag) => `+${flag}`);
            return `  ~ ${name(symbol)}  ${paint.dim([...gone, ...come].join(" "))}`.trimEnd();
        }),
    );
    const edge = (mark: string) => (each: DiffResult["addedEdges"][number]) =>
        `  ${mark} ${each.source} ${paint.dim(each.kind)} ${each.target}`;
    section("addedEdges", "new edges between symbols that stayed", diff.addedEdges.map(edge(plus)));
    section(
        "removedEdges",
        "removed edges between symbols that stayed",
        diff.removedEdges.map(edge(minus)),
    );
    section(
        "addedFiles",
        "new files",
        diff.addedFiles.map((path) => `  ${plus} ${path}`),
    );
    section(
        "removedFiles",
        "removed files",
        diff.removedFiles.map((path) => `  ${minus} ${path}`),
    );
    section(
        "changedFiles",
        "changed files",
        diff.changedFiles.map((path) => `  ~ ${path}`),
    );
    return lines.length === 2 ? [...lines, "", "nothing differs"] : lines;
}

/** What a replay of the history found. */
export function renderVerified(result: VerifyResult, paint: Paint): string[] {
    const history = `${count(result.deltas, "delta")} in ${count(result.commits, "commit")}`;
    return [
        `${paint.green("verified")} ${history}, ${showBytes(result.logBytes)}, in ${showMilliseconds(result.milliseconds)}`,
        ...alignPairs([
            ["state root", result.stateRoot],
            ["log root", result.logRoot],
            ...(result.archivedDeltas === 0
                ? []
                : [["archived", `deltas 1 to ${groupDigits(result.archivedDeltas)}`] as const]),
        ]),
    ];
}

/** What a proof that was written says. */
export function renderProof(result: ProofResult, file: string, paint: Paint): string[] {
    return [
        `${paint.green("proved")}: ${result.path} is ${result.claim} in commit ${groupDigits(result.commit)}`,
        ...alignPairs([
            ["state root", result.stateRoot],
            ["log root", result.logRoot],
            ["written to", file],
        ]),
    ];
}

/** What checking a proof gave. */
export function renderVerdict(
    verdict: Exclude<ProofVerdict, { kind: "fails" }>,
    isRootKnown: boolean,
    paint: Paint,
): string[] {
    const advice = isRootKnown
        ? []
        : [paint.yellow("compare one of the roots with one that you know; --root HASH does it")];
    if (verdict.kind === "grown") {
        return [...renderGrown(verdict, paint), ...advice];
    }
    const kind = verdict.symbolKind === undefined ? "" : ` (${verdict.symbolKind})`;
    const what = `${verdict.path}${kind} is ${verdict.claim}`;
    const commit = `commit ${groupDigits(verdict.commitCount)}, ${count(verdict.deltaCount, "delta")}`;
    return [
        `${paint.green("holds")}: ${what}`,
        ...alignPairs([
            ["as of", commit],
            ["state root", verdict.stateRoot],
            ["log root", `${verdict.logRoot}  ${count(verdict.logSize, "commit")}`],
        ]),
        ...advice,
    ];
}

function renderGrown(
    { before, after }: Extract<ProofVerdict, { kind: "grown" }>,
    paint: Paint,
): string[] {
    const between = `commit ${groupDigits(before.commitCount)} to ${groupDigits(after.commitCount)}`;
    return [
        `${paint.green("holds")}: the history only grew from ${between}`,
        ...[before, after].flatMap(({ commitCount, deltaCount, stateRoot, logRoot }) => [
            `commit ${groupDigits(commitCount)}, ${count(deltaCount, "delta")}`,
            ...alignPairs([
                ["state root", stateRoot],
                ["log root", logRoot],
            ]),
        ]),
    ];
}

/** What a proof of growth that was written says. */
export function renderGrowth(result: GrowthResult, file: string, paint: Paint): string[] {
    const { before, after, logRootBefore, logRoot } = result;
    const between = `commit ${groupDigits(before)} to ${groupDigits(after)}`;
    return [
        `${paint.green("proved")}: the history only grew from ${between}`,
        ...alignPairs([
            ["log root before", logRootBefore],
            ["log root", logRoot],
            ["written to", file],
        ]),
    ];
}

/** Parts of a file, one a line. */
export function renderParts(
    parts: readonly InspectedPart[],
    total: number,
    paint: Paint,
): string[] {
    const width = String(parts.at(-1)?.offset ?? 0).length;
    const lines = parts.map(({ offset, byteCount, what, fields }) => {
        const told = Object.entries(fields).map(([name, value]) => `${paint.dim(name)} ${value}`);
        const title = what === "damage" ? paint.red(what.padEnd(7)) : what.padEnd(7);
        return [String(offset).padStart(width), title, `${byteCount} bytes`, ...told].join("  ");
    });
    const rest = total - parts.length;
    return rest > 0
        ? [...lines, paint.dim(`… and ${count(rest, "more part")}; --limit 0 shows all`)]
        : lines;
}

function listKinds(counts: Readonly<Record<string, number>>): string {
    const entries = Object.entries(counts).filter(([, number]) => number > 0);
    const total = entries.reduce((sum, [, number]) => sum + number, 0);
    const parts = entries.map(([kind, number]) => `${groupDigits(number)} ${kind}`);
    return parts.length === 0 ? "none" : `${groupDigits(total)}: ${parts.join(", ")}`;
}

/** The new path, without what it shares with the old one up to its last names. */
function lastNames(from: string, to: string): string {
    const old = from.split("::");
    const parts = to.split("::");
    let shared = 0;
    while (shared < parts.length - 1 && shared < old.length - 1 && parts[shared] === old[shared]) {
        shared += 1;
    }
    return parts.slice(shared).join("::");
}
