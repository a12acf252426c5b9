// The tests among what may behave differently, each with the way by which it gets there.

import type { AffectedResult, AffectedTestDto } from "../../protocol/index.ts";
import type { ResolutionSource } from "../../resolve/index.ts";
import { placeAt } from "../describe.ts";
import type { View } from "../view.ts";
import type { CrateUnit } from "./crate-units.ts";
import type { MadeItem } from "./expanded-uses.ts";
import type { DependenceGraph } from "./graph-layout.ts";
import type { PackageSearch } from "./package-search.ts";
import { isPlainTestText } from "./plain-test.ts";
import { WAY } from "./ways.ts";

/** What tests are selected from. */
export interface SelectInput {
    readonly view: View;
    readonly source: ResolutionSource;
    readonly graph: DependenceGraph;
    readonly found: PackageSearch;
    /** Files whose documentation differs. */
    readonly documented: ReadonlySet<string>;
}

type Selected = Pick<
    AffectedResult,
    "tests" | "doctests" | "testsKnown" | "testsSelected" | "notes"
>;

const VERBS: Readonly<Record<number, string>> = {
    [WAY.calls]: "calls",
    [WAY.mentions]: "uses",
    [WAY.dispatches]: "may be",
    [WAY.implements]: "implements",
    [WAY.maybeNames]: "may mean",
    [WAY.member]: "is one with",
    [WAY.mayRun]: "may run, unnamed,",
    [WAY.runsBinary]: "may start the binary of",
    [WAY.attribute]: "has in an attribute",
    [WAY.package]: "is built with",
    [WAY.within]: "stands in",
};
const FENCE = /^[ \t]*\/\/[/!].*```|^[ \t*]*```|#!?\[\s*doc\b/mu;

/** Selects tests. */
export function selectTests(input: SelectInput): Selected {
    const { source, graph, found, view } = input;
    const isReached = (node: number, index: number): boolean =>
        (found.of(index).dist[node] ?? -1) >= 0;
    const whole = new Set<number>();
    view.model.packages.forEach((_, index) => {
        if (isReached(graph.packageNode(index), index)) {
            whole.add(index);
        }
    });
    const tests: AffectedTestDto[] = [...whole].map((index) => ({
        ...nowhere(view, index),
        ...reasonOf(input, graph.packageNode(index), index),
    }));
    let selected = 0;
    for (const test of graph.tests) {
        const unit = unitOf(input, test);
        if (unit === undefined) {
            continue;
        }
        const isWhole = whole.has(unit.package);
        const isMet = isWhole || isReached(test, unit.package);
        selected += isMet ? 1 : 0;
        if (isMet && !isWhole) {
            tests.push(describeTest(input, test, unit));
        }
    }
    for (const module of graph.macroModules) {
        const unit = unitOf(input, module);
        if (unit !== undefined && !whole.has(unit.package) && isReached(module, unit.package)) {
            const isCrate = module < graph.symbolCount && source.kindOf(module) === "crate";
            const extent = isCrate ? "all" : "below";
            tests.push({ ...describeTest(input, module, unit), extent });
        }
    }
    tests.push(...ownHarnesses(input, whole));
    return {
        tests: withoutTwins(tests),
        doctests: doctestsOf(input, whole),
        testsKnown: graph.tests.size,
        testsSelected: selected,
        notes: notesOf(view),
    };
}

function notesOf({ model, unsaved }: View): string[] {
    return [
        ...(unsaved.length === 0 ? [] : ["unsaved texts are taken as they are in the editor"]),
        ...(model.source === "cargo-metadata"
            ? []
            : ["packages are read from manifests only; `--trust` asks Cargo"]),
    ];
}

function nowhere(view: View, index: number): Omit<AffectedTestDto, "change" | "way"> {
    return {
        package: view.model.packages[index]?.name ?? "",
        targetKind: "",
        targetName: "",
        test: "",
        extent: "all",
        at: undefined,
    };
}

/** The target that a test is of. */
function unitOf({ source, graph }: SelectInput, test: number): CrateUnit | undefined {
    const crate = graph.madeAt(test)?.crate ?? source.symbol(test).crate;
    return graph.units.get(crate ?? -1);
}

function describeTest(input: SelectInput, symbol: number, unit: CrateUnit): AffectedTestDto {
    const { view, source, graph } = input;
    const made = graph.madeAt(symbol);
    if (made !== undefined) {
        return describeMade(input, made, unit);
    }
    const { file, nameSpan } = source.symbol(symbol);
    const display = source.displayOf(symbol);
    const cut = display.indexOf("::");
    return {
        ...nowhere(view, unit.package),
        targetKind: unit.targetKind,
        targetName: unit.targetName,
        test: cut === -1 ? "" : display.slice(cut + 2),
        // A macro makes several tests of one function, named below it.
        extent: isPlainTest(view, symbol) ? "one" : "below",
        at:
            file === undefined || nameSpan === undefined
                ? undefined
                : placeAt(view, file, nameSpan.start),
        ...reasonOf(input, symbol, unit.package),
    };
}

/** A test that stands in no text; it is shown where its name was written. */
function describeMade(input: SelectInput, made: MadeItem, unit: CrateUnit): AffectedTestDto {
    const cut = made.display.indexOf("::");
    const colon = made.place.lastIndexOf(":");
    const path = made.place.slice(0, Math.max(0, colon));
    return {
        ...nowhere(input.view, unit.package),
        targetKind: unit.targetKind,
        targetName: unit.targetName,
        test: cut === -1 ? "" : made.display.slice(cut + 2),
        extent: made.isPlainTest ? "one" : "below",
        at:
            path === ""
                ? undefined
                : placeAt(input.view, path, Number(made.place.slice(colon + 1))),
        ...reasonOf(input, made.node, unit.package),
    };
}

/** Whether the test is made by std's attribute, or one that keeps its name. */
function isPlainTest(view: View, symbol: number): boolean {
    const { file, extent, nameSpan } = view.resolution.symbol(symbol);
    if (file === undefined || extent === undefined || nameSpan === undefined) {
        return false;
    }
    return isPlainTestText(view.text(file), extent.start, nameSpan.start);
}

/** Tests with a main function of their own: they run as a whole. */
function ownHarnesses(input: SelectInput, whole: ReadonlySet<number>): AffectedTestDto[] {
    const { source, graph, found } = input;
    return source.findByName("main").flatMap((main) => {
        const { crate, kind } = source.symbol(main);
        const unit = graph.units.get(crate ?? -1);
        const isHarness =
            unit?.targetKind === "test" &&
            kind === "function" &&
            source.graphParentOf(main) === crate &&
            !whole.has(unit.package) &&
            (found.of(unit.package).dist[main] ?? -1) >= 0;
        return isHarness
            ? [{ ...describeTest(input, main, unit), test: "", extent: "all" as const }]
            : [];
    });
}

/** A file with two owners gives one test for each; one with both kinds of names is listed once. */
function withoutTwins(tests: readonly AffectedTestDto[]): AffectedTestDto[] {
    const kept = new Map<string, AffectedTestDto>();
    for (const test of tests) {
        const key = [test.package, test.targetKind, test.targetName, test.test].join("\n");
        const other = kept.get(key);
        if (other === undefined || other.extent === "one") {
            kept.set(key, test);
        }
    }
    return [...kept].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, test]) => test);
}

/** From a node to the change: what each step leads to. */
function reasonOf(
    input: SelectInput,
    from: number,
    index: number,
): Pick<AffectedTestDto, "change" | "way"> {
    const { graph } = input;
    const found = input.found.of(index);
    const way: string[] = [];
    let node = from;
    for (let next = found.parents[node] ?? -1; next !== -1; next = found.parents[node] ?? -1) {
        const verb = VERBS[found.parentKinds[node] ?? 0] ?? "depends on";
        way.push(`${verb} ${graph.label(next)}`);
        node = next;
    }
    return { change: input.found.changeAt(node, index) ?? -1, way };
}

/** Libraries with examples in their documentation that use what is reached. */
function doctestsOf(input: SelectInput, whole: ReadonlySet<number>): string[] {
    const { view, graph, found, documented } = input;
    const met = new Set(whole);
    const { packages } = view.model;
    packages.forEach((_, index) => {
        const reached = found.of(index).reachable();
        const isOwn = (node: number): boolean =>
            node < graph.symbolCount && graph.packages[node] === index;
        if (reached.some(isOwn)) {
            met.add(index);
        }
    });
    for (let size = -1; size !== met.size;) {
        size = met.size;
        packages.forEach((one, index) => {
            if (one.dependencies.some(({ local }) => local !== undefined && met.has(local))) {
                met.add(index);
            }
        });
    }
    return packages.flatMap((one, index) => {
        const isLibrary = one.targets.some(({ kind }) => kind === "lib" || kind === "proc-macro");
        const files = sourcesOf(input, index);
        const isMet = met.has(index) || files.some((file) => documented.has(file));
        return isLibrary && isMet && files.some((file) => FENCE.test(view.text(file)))
            ? [one.name]
            : [];
    });
}

function sourcesOf({ source, graph }: SelectInput, index: number): string[] {
    return source.ownership().flatMap(({ path, owners }) => {
        const isIts = owners.some((owner) => {
            const unit = graph.units.get(owner);
            return (
                unit?.package === index &&
                (unit.targetKind === "lib" || unit.targetKind === "proc-macro")
            );
        });
        return isIts ? [path] : [];
    });
}
