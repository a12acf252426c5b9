// The page of the graph in a real browser, with ripples of thousands of symbols: it stays readable, can be
// searched, and is drawn without a wait that is felt.

import { readFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { chromium, type Browser, type Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";

import { toGraphData, type GraphData } from "../../extensions/vscode/src/model/graph-model.ts";
import { GRAPH_BODY } from "../../extensions/vscode/src/model/graph-page.ts";
import { EVERYTHING } from "../../extensions/vscode/src/model/impact-filter.ts";
import { pageHtml } from "../../extensions/vscode/src/model/page.ts";
import { rippleOf } from "../unit/vscode/impacts.ts";
import { checkAccessibility } from "./support/accessibility.ts";

const EXTENSION = fileURLToPath(new URL("../../extensions/vscode/", import.meta.url));
const IMAGES = fileURLToPath(new URL("../../docs/images/", import.meta.url));
const SITE = "http://extension.test";
const SYMBOLS = 3_000;
/** What is closed is drawn within this time, and everything open within the next: far above what a quiet machine needs. */
const CLOSED_MS = 3_000;
const OPEN_MS = 12_000;
/** Letters are 12 pixels high at a zoom of 1. */
const READABLE_ZOOM = 0.75;

/** What Cytoscape keeps at the element that it draws in, as far as it is used here. */
interface Drawn {
    readonly _cyreg: {
        readonly cy: {
            zoom(): number;
            extent(): { x1: number; x2: number; y1: number; y2: number };
            nodes(selector?: string): {
                readonly length: number;
                map<T>(of: (node: DrawnNode) => T): T[];
            };
            one(event: "render", listener: () => void): void;
        };
    };
}

interface DrawnNode {
    id(): string;
    position(): { x: number; y: number };
    boundingBox(options: object): { x1: number; x2: number; y1: number; y2: number };
}

let browser: Browser;
let page: Page;

beforeAll(async () => {
    const program = process.env["E2E_BROWSER"] ?? "chromium";
    const executablePath = execFileSync("sh", ["-c", `command -v ${program}`], {
        encoding: "utf8",
    }).trim();
    browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
});

beforeEach(async () => {
    page = await browser.newPage({ viewport: { width: 1240, height: 780 } });
    await page.route(`${SITE}/**`, (route) => {
        const file = new URL(route.request().url()).pathname.slice(1);
        return file === ""
            ? route.fulfill({ contentType: "text/html", body: html() })
            : route.fulfill({
                  contentType: file.endsWith(".css") ? "text/css" : "text/javascript",
                  body: readFileSync(path.join(EXTENSION, file)),
              });
    });
    // What the editor gives a page: messages, something to keep, and colors.
    await page.addInitScript(() => {
        let state: unknown;
        const api = {
            postMessage: () => undefined,
            getState: () => state,
            setState: (next: unknown) => (state = next),
        };
        Object.assign(window, { acquireVsCodeApi: () => api });
        document.addEventListener("DOMContentLoaded", () => {
            document.body.classList.add("vscode-light");
            const colors = {
                foreground: "#3b3b3b",
                "editor-background": "#ffffff",
                "editor-foreground": "#3b3b3b",
                descriptionForeground: "#595959",
                "sideBar-background": "#f8f8f8",
                "editorWidget-background": "#f8f8f8",
                "panel-border": "#767676",
                focusBorder: "#005fb8",
                "charts-blue": "#1a85ff",
                "charts-purple": "#652d90",
                "charts-green": "#388a34",
                "charts-yellow": "#bf8803",
                "button-secondaryBackground": "#e5e5e5",
                "button-secondaryForeground": "#3b3b3b",
                "font-family": "sans-serif",
                "font-size": "13px",
            };
            for (const [name, value] of Object.entries(colors)) {
                document.documentElement.style.setProperty(`--vscode-${name}`, value);
            }
        });
    });
    await page.goto(`${SITE}/`);
    return () => page.close();
});

afterAll(() => browser.close());

function html(): string {
    return pageHtml({
        title: "Impact graph",
        nonce: "0123456789abcdef",
        cspSource: SITE,
        styles: [`${SITE}/media/page.css`, `${SITE}/media/graph.css`],
        script: `${SITE}/dist/graph.js`,
        body: GRAPH_BODY,
    });
}

/** Symbols at six distances, in crates and modules of uneven size; every ninth is a test. */
function wide(symbols: number): GraphData {
    const lines = Array.from({ length: symbols }, (_, index) => {
        const distance = 1 + Math.floor(Math.sqrt((index / symbols) * 36));
        const crate = `crate_${Math.floor(Math.sqrt(index * 7) % 24)}`;
        const target = distance === 1 ? -1 : Math.floor(((distance - 1) ** 2 / 36) * symbols) - 1;
        const kind = ["call", "reference", "implements"][index % 3] ?? "call";
        const test = index % 9 === 0 ? " test" : "";
        return `${crate}::module_${index % 11}::function_${index} ${distance} ${target} ${kind}${test}`;
    });
    return toGraphData(rippleOf(...lines), EVERYTHING);
}

/** Does something, and says how long it took until the graph was drawn, in milliseconds. */
function untilDrawn(act: "close-all" | "open-all" | GraphData): Promise<number> {
    return page.evaluate((what) => {
        const { cy } = (document.getElementById("canvas") as unknown as Drawn)._cyreg;
        return new Promise<number>((resolve) => {
            const begin = performance.now();
            const before = cy.nodes().length;
            const look = (): void => {
                if (cy.nodes().length === before) {
                    cy.one("render", look);
                } else {
                    resolve(performance.now() - begin);
                }
            };
            cy.one("render", look);
            if (typeof what === "string") {
                document.getElementById(what)?.click();
            } else {
                window.postMessage({ kind: "graph", data: what });
            }
        });
    }, act);
}

interface Sight {
    readonly zoom: number;
    /** Nodes, and those of them that lie within what is shown. */
    readonly nodes: number;
    readonly inSight: readonly string[];
    /** Pairs of nodes that cover each other, of those in sight. */
    readonly covering: number;
}

/** What a person sees. */
function look(): Promise<Sight> {
    return page.evaluate(() => {
        const { cy } = (document.getElementById("canvas") as unknown as Drawn)._cyreg;
        const shown = cy.extent();
        const boxes = cy
            .nodes()
            .map((node) => ({ id: node.id(), ...node.boundingBox({ includeOverlays: false }) }));
        const seen = boxes.filter(
            ({ x1, x2, y1, y2 }) =>
                x1 >= shown.x1 && x2 <= shown.x2 && y1 >= shown.y1 && y2 <= shown.y2,
        );
        const covering = seen.flatMap((a, index) =>
            seen
                .slice(index + 1)
                .filter((b) => a.x1 < b.x2 && b.x1 < a.x2 && a.y1 < b.y2 && b.y1 < a.y2),
        ).length;
        return {
            zoom: cy.zoom(),
            nodes: boxes.length,
            inSight: seen.map(({ id }) => id),
            covering,
        };
    });
}

test("three thousand symbols begin as a few closed crates, drawn at once and large enough to read", async ({
    annotate,
}) => {
    const milliseconds = await untilDrawn(wide(SYMBOLS));
    await annotate(`drawn closed: ${Math.round(milliseconds)} ms`);
    expect(milliseconds).toBeLessThan(CLOSED_MS);
    const sight = await look();
    expect(sight.nodes).toBeLessThan(200);
    expect(sight.inSight.length).toBeGreaterThan(15);
    expect(sight.zoom).toBeGreaterThan(READABLE_ZOOM);
    expect(sight.covering).toBe(0);
    const { failed, passed } = await checkAccessibility(page.mainFrame());
    expect(failed).toEqual([]);
    expect(passed).toBeGreaterThan(15);
    if (process.env["E2E_IMAGES"] === "1") {
        await page.screenshot({ path: path.join(IMAGES, "vscode-graph-wide.png") });
    }
});

test("search finds one symbol among them, opens what hides it, and brings it into sight", async () => {
    await untilDrawn(wide(SYMBOLS));
    await page.locator("#search").fill("function_2987");
    await expect.poll(() => page.locator("#said").innerText()).toBe("1 match");
    await page.locator("#search").press("Enter");
    await expect.poll(() => page.locator("#details h2").innerText()).toContain("function_2987");
    const sight = await look();
    expect(sight.inSight).toContain("symbol:2987");
    expect(sight.nodes).toBeLessThan(300);
    expect(sight.zoom).toBeGreaterThan(READABLE_ZOOM);
    await expect
        .poll(() => page.locator('#tree [aria-selected="true"]').innerText())
        .toContain("function_2987");
});

test("all of them can be opened and closed again, and none covers another", async ({
    annotate,
}) => {
    await untilDrawn(wide(SYMBOLS));
    const opened = await untilDrawn("open-all");
    await annotate(`drawn open: ${Math.round(opened)} ms`);
    expect(opened).toBeLessThan(OPEN_MS);
    const sight = await look();
    expect(sight.nodes).toBe(SYMBOLS + 1);
    expect(sight.covering).toBe(0);
    expect(sight.zoom).toBeGreaterThan(READABLE_ZOOM);
    expect((await checkAccessibility(page.mainFrame())).failed).toEqual([]);
    expect(await untilDrawn("close-all")).toBeLessThan(CLOSED_MS);
    expect((await look()).nodes).toBeLessThan(200);
});
