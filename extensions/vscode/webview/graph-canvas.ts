// The drawn graph, by Cytoscape. Where nodes stand is computed elsewhere; here they are drawn, and say what
// was done to them.

import cytoscape from "cytoscape";

import type { VisibleEdge, VisibleNode } from "../src/model/graph-model.ts";
import { COLUMN_WIDTH, placeNodes, ROW_HEIGHT } from "../src/model/graph-layout.ts";
import { readTheme, type Theme } from "./theme.ts";

/** What a user does to the graph. */
export interface CanvasEvents {
    readonly onChoose: (id: string) => void;
    /** A second click, or a double one. */
    readonly onOpen: (id: string) => void;
}

const PAN = 80;
const ZOOM = 1.25;
/** A fitted graph is not drawn larger, nor smaller, than this. */
const FIT_ZOOM_MAX = 1.1;
const FIT_ZOOM_MIN = 0.8;
const MARGIN = 30;
/** From so many edges on they are drawn fainter, so that what they cross can be read. */
const EDGES_MANY = 150;

/** The graph on its canvas. */
export class GraphCanvas {
    readonly #graph: cytoscape.Core;
    readonly #element: HTMLElement;

    constructor(element: HTMLElement, events: CanvasEvents) {
        this.#element = element;
        this.#graph = cytoscape({
            container: element,
            style: styleOf(readTheme()),
            autoungrabify: true,
            boxSelectionEnabled: false,
            minZoom: 0.04,
            maxZoom: 3,
            wheelSensitivity: 0.6,
            hideEdgesOnViewport: true,
            textureOnViewport: true,
        });
        this.#graph.on("tap", "node", (event) => {
            events.onChoose((event.target as cytoscape.NodeSingular).id());
        });
        this.#graph.on("dbltap", "node", (event) => {
            events.onOpen((event.target as cytoscape.NodeSingular).id());
        });
        element.addEventListener("keydown", (event) => {
            this.#onKey(event);
        });
        new ResizeObserver(() => this.#graph.resize()).observe(element);
    }

    /** Draws other nodes; what stays in sight stays where it is, unless all of it is to be seen. */
    draw(nodes: readonly VisibleNode[], edges: readonly VisibleEdge[], isNew: boolean): void {
        const places = placeNodes(nodes, edges);
        const classes = (node: VisibleNode): string =>
            [node.kind, node.tests > 0 ? "test" : ""].join(" ").trim();
        const elements: cytoscape.ElementDefinition[] = [
            ...nodes.map((node) => ({
                group: "nodes" as const,
                data: { id: node.id, label: `${clip(node.label)}\n${clip(node.detail)}` },
                position: { ...(places.get(node.id) ?? { x: 0, y: 0 }) },
                classes: classes(node),
            })),
            ...edges.map(({ id, source, target, edge, size }) => ({
                group: "edges" as const,
                data: { id, source, target, width: 1 + Math.min(5, Math.log2(size)) },
                classes: edges.length > EDGES_MANY ? `${edge} many` : edge,
            })),
        ];
        this.#graph.batch(() => {
            this.#graph.elements().remove();
            this.#graph.add(elements);
        });
        if (isNew) {
            this.fit();
        }
    }

    /** Marks the chosen node, with its edges. */
    choose(id: string | undefined): void {
        this.#graph.batch(() => {
            this.#graph.elements(".chosen, .near").removeClass("chosen near");
            const node = id === undefined ? undefined : this.#graph.getElementById(id);
            if (node?.nonempty() === true) {
                node.addClass("chosen");
                node.connectedEdges().addClass("near");
            }
        });
    }

    /** Marks what was found. */
    mark(ids: ReadonlySet<string>): void {
        this.#graph.batch(() => {
            this.#graph.nodes().forEach((node) => {
                node.toggleClass("match", ids.has(node.id()));
                node.toggleClass("faded", ids.size > 0 && !ids.has(node.id()));
            });
        });
    }

    /** Brings a node into sight. */
    reveal(id: string): void {
        const node = this.#graph.getElementById(id);
        if (node.empty()) {
            return;
        }
        const { x1, x2, y1, y2 } = this.#graph.extent();
        const { x, y } = node.position();
        const isFar =
            x < x1 + COLUMN_WIDTH / 2 ||
            x > x2 - COLUMN_WIDTH / 2 ||
            y < y1 + ROW_HEIGHT ||
            y > y2 - ROW_HEIGHT;
        if (isFar || this.#graph.zoom() < FIT_ZOOM_MIN) {
            this.#graph.zoom(Math.max(this.#graph.zoom(), FIT_ZOOM_MIN));
            this.#graph.center(node);
        }
    }

    /** Shows all of it, as long as it stays readable; else its beginning. */
    fit(): void {
        this.#graph.resize();
        this.#graph.fit(undefined, MARGIN);
        const zoom = Math.min(FIT_ZOOM_MAX, Math.max(FIT_ZOOM_MIN, this.#graph.zoom()));
        if (zoom === this.#graph.zoom()) {
            return;
        }
        this.#graph.zoom(zoom);
        const box = this.#graph.elements().boundingBox();
        const height = this.#element.clientHeight;
        const isWide = (box.x2 - box.x1) * zoom > this.#element.clientWidth;
        const x = isWide
            ? MARGIN - box.x1 * zoom
            : (this.#element.clientWidth - (box.x1 + box.x2) * zoom) / 2;
        this.#graph.pan({ x, y: height / 2 - ((box.y1 + box.y2) / 2) * zoom });
    }

    zoomBy(factor: number): void {
        const { clientWidth, clientHeight } = this.#element;
        this.#graph.zoom({
            level: this.#graph.zoom() * factor,
            renderedPosition: { x: clientWidth / 2, y: clientHeight / 2 },
        });
    }

    zoomIn(): void {
        this.zoomBy(ZOOM);
    }

    zoomOut(): void {
        this.zoomBy(1 / ZOOM);
    }

    /** Takes over the editor's colors. */
    restyle(): void {
        this.#graph.style(styleOf(readTheme()));
    }

    #onKey(event: KeyboardEvent): void {
        const moves = new Map<string, () => void>([
            ["ArrowLeft", () => this.#graph.panBy({ x: PAN, y: 0 })],
            ["ArrowRight", () => this.#graph.panBy({ x: -PAN, y: 0 })],
            ["ArrowUp", () => this.#graph.panBy({ x: 0, y: PAN })],
            ["ArrowDown", () => this.#graph.panBy({ x: 0, y: -PAN })],
            ["+", this.zoomIn.bind(this)],
            ["-", this.zoomOut.bind(this)],
            ["0", this.fit.bind(this)],
        ]);
        const move = moves.get(event.key);
        if (move !== undefined) {
            event.preventDefault();
            move();
        }
    }
}

const LABEL_MAX = 30;

function clip(text: string): string {
    return text.length <= LABEL_MAX ? text : `…${text.slice(1 - LABEL_MAX)}`;
}

function styleOf(theme: Theme): cytoscape.StylesheetJson {
    const line = (style: "solid" | "dashed" | "dotted", color: string | undefined): object => ({
        "line-style": style,
        "line-color": color ?? theme.foreground,
        "target-arrow-color": color ?? theme.foreground,
    });
    const { edges } = theme;
    return [
        {
            selector: "node",
            style: {
                shape: "round-rectangle",
                width: COLUMN_WIDTH - 40,
                height: ROW_HEIGHT - 14,
                label: "data(label)",
                color: theme.foreground,
                "background-color": theme.background,
                "border-color": theme.border,
                "border-width": 1,
                "font-family": theme.font,
                "font-size": 12,
                "text-valign": "center",
                "text-halign": "center",
                "text-wrap": "wrap",
                "line-height": 1.3,
                "text-max-width": `${COLUMN_WIDTH - 48}px`,
                "min-zoomed-font-size": 5,
            },
        },
        {
            selector: ".crate, .module",
            style: {
                "background-color": theme.cluster,
                "border-width": 3,
                "border-style": "double",
            },
        },
        { selector: ".asked", style: { "border-color": theme.accent, "border-width": 3 } },
        { selector: ".test", style: { "border-color": theme.test, "border-width": 2 } },
        { selector: ".test.crate, .test.module", style: { "border-width": 3 } },
        {
            selector: "edge",
            style: {
                width: "data(width)",
                "curve-style": "bezier",
                "target-arrow-shape": "triangle",
                "arrow-scale": 0.9,
                opacity: 0.55,
            },
        },
        { selector: "edge.call", style: line("solid", edges["call"]) },
        { selector: "edge.reference", style: line("dashed", edges["reference"]) },
        { selector: "edge.implements", style: line("dotted", edges["implements"]) },
        {
            selector: "edge.dispatch",
            style: { ...line("dashed", edges["dispatch"]), "line-dash-pattern": [2, 6] },
        },
        { selector: "edge.many", style: { opacity: 0.2 } },
        { selector: ".faded", style: { opacity: 0.35 } },
        { selector: ".match", style: { "border-color": theme.match, "border-width": 4 } },
        { selector: ".chosen", style: { "border-color": theme.accent, "border-width": 4 } },
        { selector: "edge.near", style: { opacity: 1, "z-index": 9 } },
    ] as cytoscape.StylesheetJson;
}
