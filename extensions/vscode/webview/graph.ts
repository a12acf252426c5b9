// The page of the graph: keeps the drawn graph and the tree beside it in step.

import {
    allClusters,
    clustersOf,
    describeSymbol,
    openAtFirst,
    outline,
    searchSymbols,
    visibleGraph,
    type GraphData,
    type OutlineRow,
} from "../src/model/graph-model.ts";
import type { FromGraph, ToGraph } from "../src/model/messages.ts";
import { count } from "../src/model/words.ts";
import { element, keep, kept, onMessage, say, send } from "./editor.ts";
import { GraphCanvas } from "./graph-canvas.ts";
import { OutlineTree } from "./outline-tree.ts";
import { onThemeChange } from "./theme.ts";

interface Page {
    data: GraphData;
    open: Set<string>;
    levels: Set<number>;
    /** Indexes of symbols that were found. */
    matches: readonly number[];
    /** Place in `matches` of the one that is shown. */
    match: number;
    chosen: string | undefined;
}

const page: Page = {
    data: { asked: { label: "", path: "" }, summary: "", symbols: [] },
    open: new Set(),
    levels: new Set([1]),
    matches: [],
    match: -1,
    chosen: undefined,
};

const canvas = new GraphCanvas(element("canvas", HTMLElement), {
    onChoose: (id) => {
        choose(id);
    },
    onOpen: (id) => {
        activate(id);
    },
});

const tree = new OutlineTree(element("tree", HTMLElement), {
    onChoose: (row) => {
        choose(row.id);
    },
    onActivate: (row) => {
        activate(row.id);
    },
    onToggle: (row, open) => {
        toggle(row, open);
    },
});

function show(data: GraphData): void {
    const state = kept();
    const isSame = state["asked"] === data.asked.path && Array.isArray(state["open"]);
    page.data = data;
    page.open = new Set(isSame ? (state["open"] as string[]) : openAtFirst(data));
    page.levels = new Set(isSame ? (state["levels"] as number[]) : [1]);
    page.matches = [];
    page.chosen = undefined;
    element("title", HTMLElement).textContent = `Impact of ${data.asked.label}`;
    element("summary", HTMLElement).textContent = data.summary;
    element("canvas", HTMLElement).setAttribute(
        "aria-label",
        `Graph of the impact of ${data.asked.label}: ${data.summary}`,
    );
    draw(true);
    search();
    detail(undefined);
}

/** Draws what is open. */
function draw(isNew = false): void {
    const { nodes, edges } = visibleGraph(page.data, page.open);
    canvas.draw(nodes, edges, isNew);
    tree.show(outline(page.data, page.open, page.levels));
    markMatches();
    canvas.choose(page.chosen);
    keep({ asked: page.data.asked.path, open: [...page.open], levels: [...page.levels] });
}

function choose(id: string): void {
    page.chosen = id;
    canvas.choose(id);
    canvas.reveal(id);
    const index = symbolIndex(id);
    const symbol = index === undefined ? undefined : page.data.symbols[index];
    if (symbol !== undefined && !page.levels.has(symbol.distance)) {
        page.levels.add(symbol.distance);
        tree.show(outline(page.data, page.open, page.levels));
    }
    tree.choose(id);
    detail(index);
}

/** Opens a cluster; goes to a symbol. */
function activate(id: string): void {
    const index = symbolIndex(id);
    if (index !== undefined) {
        const at = page.data.symbols[index]?.at;
        if (at !== undefined) {
            send({ kind: "open", at });
        }
        return;
    }
    if (id === "asked") {
        const { at } = page.data.asked;
        if (at !== undefined) {
            send({ kind: "open", at });
        }
        return;
    }
    if (id.startsWith("level:")) {
        const distance = Number(id.slice("level:".length));
        setOpen(page.levels, distance, !page.levels.has(distance));
    } else {
        setOpen(page.open, id, !page.open.has(id));
    }
    draw();
}

function toggle(row: OutlineRow, open: boolean): void {
    if (row.kind === "level") {
        setOpen(page.levels, Number(row.id.slice("level:".length)), open);
    } else {
        setOpen(page.open, row.id, open);
    }
    draw();
}

function setOpen<T>(set: Set<T>, value: T, open: boolean): void {
    if (open) {
        set.add(value);
    } else {
        set.delete(value);
    }
}

function symbolIndex(id: string): number | undefined {
    return id.startsWith("symbol:") ? Number(id.slice("symbol:".length)) : undefined;
}

function detail(index: number | undefined): void {
    const box = element("details", HTMLElement);
    const symbol = index === undefined ? undefined : page.data.symbols[index];
    if (symbol === undefined) {
        box.replaceChildren();
        return;
    }
    const line = (tag: string, text: string): HTMLElement => {
        const part = document.createElement(tag);
        part.textContent = text;
        return part;
    };
    const button = (text: string, message: FromGraph): HTMLElement => {
        const part = document.createElement("button");
        part.type = "button";
        part.className = "second";
        part.textContent = text;
        part.addEventListener("click", () => {
            send(message);
        });
        return part;
    };
    const { at } = symbol;
    const next = page.data.symbols[symbol.via]?.path ?? page.data.asked.path;
    box.replaceChildren(
        line("h2", symbol.path),
        line("p", `${symbol.kind} · ${count(symbol.distance, "step")} · ${describeSymbol(symbol)}`),
        line("p", `→ ${next}`),
        ...(at === undefined ? [] : [line("p", `${at.path}:${at.line + 1}`)]),
        ...(at === undefined ? [] : [button("Go to Definition", { kind: "open", at })]),
        button("Show Its Impact", { kind: "ask", path: symbol.path }),
    );
}

function search(): void {
    const text = element("search", HTMLInputElement).value;
    page.matches = searchSymbols(page.data, text);
    page.match = -1;
    element("next", HTMLButtonElement).disabled = page.matches.length === 0;
    markMatches();
    if (text.trim() !== "") {
        say(count(page.matches.length, "match").replace("matchs", "matches"));
    }
}

function markMatches(): void {
    const { nodes } = visibleGraph(page.data, page.open);
    const found = new Set(page.matches);
    const ids = new Set<string>();
    const keys = new Set(page.matches.flatMap((index) => clustersOfIndex(index)));
    for (const { id, symbol } of nodes) {
        if (symbol === undefined ? keys.has(id) : found.has(symbol)) {
            ids.add(id);
        }
    }
    canvas.mark(ids);
}

function clustersOfIndex(index: number): readonly string[] {
    const symbol = page.data.symbols[index];
    return symbol === undefined ? [] : clustersOf(symbol);
}

/** Opens what hides the next match, and shows it. */
function nextMatch(): void {
    if (page.matches.length === 0) {
        return;
    }
    page.match = (page.match + 1) % page.matches.length;
    const index = page.matches[page.match] ?? 0;
    for (const key of clustersOfIndex(index)) {
        page.open.add(key);
    }
    draw();
    choose(`symbol:${index}`);
    say(`${page.match + 1} of ${page.matches.length}: ${page.data.symbols[index]?.path ?? ""}`);
}

function onClick(id: string, act: () => void): void {
    element(id, HTMLElement).addEventListener("click", act);
}

onClick("next", nextMatch);
onClick("open-all", () => {
    page.open = new Set(allClusters(page.data));
    draw(true);
});
onClick("close-all", () => {
    page.open = new Set();
    draw(true);
});
onClick("zoom-in", () => {
    canvas.zoomIn();
});
onClick("zoom-out", () => {
    canvas.zoomOut();
});
onClick("fit", () => {
    canvas.fit();
});
element("search", HTMLElement).addEventListener("input", search);
element("search", HTMLElement).addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
        nextMatch();
    }
});
onThemeChange(() => {
    canvas.restyle();
});
onMessage((message) => {
    show((message as ToGraph).data);
});
send({ kind: "ready" });
