// Which tests the changes since a revision may affect: what differs, item by item, and what depends on it.

import {
    appendTo,
    assert,
    checkCancelled,
    required,
    takeTurns,
    type CancelSignal,
    type Refusal,
} from "../../base/index.ts";
import { readChanges, type ChangedFile, type GitChanges } from "../../git/index.ts";
import { monotonicMs } from "../../platform/index.ts";
import type { AffectedChangeDto, AffectedParams, AffectedResult } from "../../protocol/index.ts";
import { ResolvedWorkspace } from "../../resolve/index.ts";
import { openSyntax, type FileCapture, type SyntaxParser } from "../../syntax/index.ts";
import { placeAt } from "../describe.ts";
import { Pace } from "../pace.ts";
import type { View } from "../view.ts";
import { SeedFinder } from "./change-seeds.ts";
import { buildExpandedGraph, isTooLarge } from "./expanded-graph.ts";
import { effectOfFile, effectOfSource, type FileEffect } from "./file-effects.ts";
import { compareItems, itemUnitsOf, type ItemChange, type ItemUnit } from "./item-units.ts";
import type { DependenceGraph } from "./graph-layout.ts";
import { PackageSearch } from "./package-search.ts";
import { selectTests } from "./select-tests.ts";

/** What is known while changes are gone through. */
interface Measuring {
    readonly view: View;
    readonly source: ResolvedWorkspace["source"];
    readonly captures: ReadonlyMap<string, FileCapture>;
    readonly graph: DependenceGraph;
    readonly finder: SeedFinder;
    readonly owned: ReadonlySet<string>;
    readonly changes: AffectedChangeDto[];
    /** The changes by which each node is met. */
    readonly seeds: Map<number, number[]>;
    /** The packages in which each change is; undefined for any. */
    readonly packages: (ReadonlySet<number> | undefined)[];
    /** Packages whose crates have a file. */
    readonly owners: ReadonlyMap<string, ReadonlySet<number>>;
    /** Files whose documentation differs. */
    readonly documented: Set<string>;
}

let parser: Promise<SyntaxParser> | undefined;

/** Graphs by the state that they are of: the next question about it finds its graph made. */
const graphs = new WeakMap<ResolvedWorkspace, DependenceGraph>();

async function graphOf(
    view: View,
    resolution: ResolvedWorkspace,
    captures: Measuring["captures"],
    signal: CancelSignal | undefined,
): Promise<DependenceGraph> {
    let graph = graphs.get(resolution);
    if (graph === undefined) {
        parser ??= openSyntax();
        const steps = buildExpandedGraph(await parser, { view, resolution, captures });
        const pace = new Pace();
        graph = await takeTurns(steps, () => {
            checkCancelled(signal);
            return pace.pause();
        });
        graphs.set(resolution, graph);
    }
    return graph;
}

/** Measures what the changes since a revision affect. */
export async function measureAffected(
    view: View,
    { since }: AffectedParams,
    signal: CancelSignal | undefined,
): Promise<AffectedResult | Refusal> {
    const start = monotonicMs();
    // git runs beside what is made ready here.
    const reading = readChanges(view.root, since);
    reading.catch(() => undefined); // Thrown where it is awaited.
    return measureChanges(view, { since, start, reading, signal });
}

/** Measures what changes affect that are told, or being read. */
export async function measureChanges(
    view: View,
    {
        since,
        start,
        reading,
        signal,
    }: {
        since: string;
        start: number;
        reading: Promise<GitChanges | Refusal>;
        signal: CancelSignal | undefined;
    },
): Promise<AffectedResult | Refusal> {
    parser ??= openSyntax();
    const { resolution } = view;
    assert(resolution instanceof ResolvedWorkspace, "views are of resolved workspaces");
    const { source } = resolution;
    const captures = await view.loadCaptures();
    const graph = await graphOf(view, resolution, captures, signal);
    const git = await reading;
    if (git.kind === "refusal") {
        return git;
    }
    const measuring: Measuring = {
        view,
        source,
        captures,
        graph,
        finder: new SeedFinder(source, graph),
        owned: new Set(resolution.files().flatMap((f) => (f.owners.length > 0 ? [f.path] : []))),
        changes: [],
        seeds: new Map(),
        packages: [],
        owners: ownersOf(source, graph),
        documented: new Set(),
    };
    for (const file of git.files) {
        await addFile(measuring, file, git);
    }
    const { changes, seeds: nodes, packages, documented } = measuring;
    const found = new PackageSearch({ model: view.model, graph, seeds: { nodes, packages } });
    const selected = selectTests({ view, source, graph, found, documented });
    return {
        since,
        commit: git.commit,
        changes,
        ...selected,
        notes: [...selected.notes, ...(isTooLarge(captures) ? [NOT_EXPANDED] : [])],
        milliseconds: Math.round(monotonicMs() - start),
    };
}

const NOT_EXPANDED =
    "macro calls are not expanded, as the workspace is too large for that: more tests are selected";

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
        const change = describeFileChange(file, "everything below: it was no text");
        addSeeds(measuring, nodes, change, path);
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
    const described: AffectedChangeDto = {
        path: file.path,
        how: change.how,
        what: nameUnit(unit),
        at: change.after === undefined ? undefined : placeAt(view, file.path, change.after.start),
        effect,
        symbols: nodes.size,
    };
    addSeeds(measuring, nodes, described, file.path);
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

/** Adds a change; one of a source's items only the packages have that have the source. */
function addSeeds(
    { seeds, changes, packages, owners }: Measuring,
    nodes: ReadonlySet<number>,
    change: AffectedChangeDto,
    source?: string,
): void {
    for (const node of nodes) {
        appendTo(seeds, node, changes.length);
    }
    changes.push(change);
    packages.push(source === undefined ? undefined : owners.get(source));
}

function ownersOf(
    source: Measuring["source"],
    { units }: DependenceGraph,
): ReadonlyMap<string, ReadonlySet<number>> {
    const found = new Map<string, ReadonlySet<number>>();
    for (const { path, owners } of source.ownership()) {
        const packages = owners.map((owner) => units.get(owner)?.package);
        const known = packages.filter((one) => one !== undefined);
        // One that is not known may be any.
        if (known.length > 0 && known.length === packages.length) {
            found.set(path, new Set(known));
        }
    }
    return found;
}
