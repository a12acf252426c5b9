// Which tests the changes since a revision may affect: what differs, item by item, and what depends on it.

import { assert, required, type Refusal } from "../../base/index.ts";
import { kindMask, type BfsResult } from "../../csr/index.ts";
import { readChanges, type ChangedFile, type GitChanges } from "../../git/index.ts";
import { monotonicMs } from "../../platform/index.ts";
import type { AffectedChangeDto, AffectedParams, AffectedResult } from "../../protocol/index.ts";
import { ResolvedWorkspace } from "../../resolve/index.ts";
import { openSyntax, type FileCapture, type SyntaxParser } from "../../syntax/index.ts";
import { placeAt } from "../describe.ts";
import { traversalHere } from "../traversal-here.ts";
import type { View } from "../view.ts";
import { SeedFinder } from "./change-seeds.ts";
import { buildDependenceGraph, type DependenceGraph } from "./dependence-graph.ts";
import { effectOfFile, effectOfSource, type FileEffect } from "./file-effects.ts";
import { compareItems, itemUnitsOf, type ItemChange, type ItemUnit } from "./item-units.ts";
import { selectTests } from "./select-tests.ts";
import { WAY } from "./ways.ts";

/** What is known while changes are gone through. */
interface Measuring {
    readonly view: View;
    readonly source: ResolvedWorkspace["source"];
    readonly captures: ReadonlyMap<string, FileCapture>;
    readonly graph: DependenceGraph;
    readonly finder: SeedFinder;
    readonly owned: ReadonlySet<string>;
    readonly changes: AffectedChangeDto[];
    /** The change by which each node is met first. */
    readonly seeds: Map<number, number>;
    /** Files whose documentation differs. */
    readonly documented: Set<string>;
}

let parser: Promise<SyntaxParser> | undefined;

/** Measures what the changes since a revision affect. */
export async function measureAffected(
    view: View,
    { since }: AffectedParams,
): Promise<AffectedResult | Refusal> {
    const start = monotonicMs();
    const git = await readChanges(view.root, since);
    return git.kind === "refusal" ? git : measureChanges(view, { since, start, git });
}

/** Measures what changes affect that are known already. */
export async function measureChanges(
    view: View,
    { since, start, git }: { since: string; start: number; git: GitChanges },
): Promise<AffectedResult> {
    const { resolution, model } = view;
    assert(resolution instanceof ResolvedWorkspace, "views are of resolved workspaces");
    const captures = await view.loadCaptures();
    const { source } = resolution;
    const graph = buildDependenceGraph({ model, source, captures });
    const measuring: Measuring = {
        view,
        source,
        captures,
        graph,
        finder: new SeedFinder(source, graph),
        owned: new Set(resolution.files().flatMap((f) => (f.owners.length > 0 ? [f.path] : []))),
        changes: [],
        seeds: new Map(),
        documented: new Set(),
    };
    for (const file of git.files) {
        await addFile(measuring, file, git);
    }
    const kinds = kindMask(Object.values(WAY));
    const found: BfsResult = traversalHere().bfs(graph.csr, measuring.seeds.keys(), { kinds });
    const { changes, seeds, documented } = measuring;
    const selected = selectTests({ view, source, graph, found, seeds, documented });
    return {
        since,
        commit: git.commit,
        changes,
        ...selected,
        milliseconds: Math.round(monotonicMs() - start),
    };
}

async function addFile(measuring: Measuring, file: ChangedFile, git: GitChanges): Promise<void> {
    const { view, owned, graph } = measuring;
    const { path, status, isOutside } = file;
    if (isOutside) {
        const effect = "everything: it lies outside the workspace, and what reads it is not known";
        addEffect(measuring, file, { what: "file", effect, packages: [], everything: true });
        return;
    }
    const isCompiled = owned.has(path) || (status === "removed" && path.endsWith(".rs"));
    if (!isCompiled) {
        const filesNaming = (word: string): readonly string[] =>
            view.paths().filter((each) => view.text(each).includes(word));
        const { model, resolution } = view;
        addEffect(measuring, file, effectOfFile(path, { model, resolution, filesNaming }));
        return;
    }
    const whole = effectOfSource(path, status, view);
    if (whole !== undefined) {
        addEffect(measuring, file, whole);
    }
    const textBefore = status === "added" ? "" : await git.textBefore(path);
    if (textBefore === undefined) {
        const nodes = measuring.finder.below(path);
        addSeeds(measuring, nodes, describeFileChange(file, "everything below: it was no text"));
        return;
    }
    const before = textBefore === "" ? [] : await unitsOf(path, textBefore);
    const after = status === "removed" ? [] : currentUnits(measuring, path);
    for (const change of compareItems(before, after)) {
        // A file that comes or goes as a whole is no item.
        if (change.how === "changed" || (change.after ?? change.before)?.kind !== "source_file") {
            addItem(measuring, { path, before, after }, change);
        }
    }
    if (graph.csr.nodeCount > 0) {
        await new Promise<void>((resolve) => setImmediate(resolve));
    }
}

async function unitsOf(path: string, text: string): Promise<readonly ItemUnit[]> {
    parser ??= openSyntax();
    return itemUnitsOf(text, (await parser).capture(path, text));
}

function currentUnits({ view, captures }: Measuring, path: string): readonly ItemUnit[] {
    return itemUnitsOf(view.text(path), required(captures.get(path), "an owned file is captured"));
}

function addItem(
    measuring: Measuring,
    file: Parameters<SeedFinder["seedsOf"]>[0],
    change: ItemChange,
): void {
    const { view, finder, documented } = measuring;
    const { nodes, effect, docsOnly } = finder.seedsOf(file, change);
    if (docsOnly) {
        documented.add(file.path);
    }
    const unit = required(change.after ?? change.before, "a change has a unit");
    addSeeds(measuring, nodes, {
        path: file.path,
        how: change.how,
        what: nameUnit(unit),
        at: change.after === undefined ? undefined : placeAt(view, file.path, change.after.start),
        effect,
        symbols: nodes.size,
    });
}

function nameUnit({ kind, name, tokens }: ItemUnit): string {
    if (kind === "source_file") {
        return "file";
    }
    const word = kind.replace(/_(?:item|declaration|definition|invocation)$/u, "");
    return name === "" ? tokens.slice(0, 12).join(" ") : `${word.replaceAll("_", " ")} ${name}`;
}

function describeFileChange({ path, status }: ChangedFile, effect: string): AffectedChangeDto {
    return { path, how: status, what: "file", at: undefined, effect, symbols: 0 };
}

function addEffect(measuring: Measuring, file: ChangedFile, effect: FileEffect): void {
    const { graph } = measuring;
    const nodes = new Set(effect.packages.map((one) => graph.packageNode(one)));
    if (effect.everything) {
        nodes.add(graph.everything);
    }
    const change = describeFileChange(file, effect.effect);
    addSeeds(measuring, nodes, { ...change, what: effect.what });
}

function addSeeds(
    { seeds, changes }: Measuring,
    nodes: ReadonlySet<number>,
    change: AffectedChangeDto,
): void {
    for (const node of nodes) {
        if (!seeds.has(node)) {
            seeds.set(node, changes.length);
        }
    }
    changes.push(change);
}
