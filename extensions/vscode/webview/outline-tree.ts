// The tree beside the graph: the same symbols as a list, for the keyboard and for screen readers
// (the ARIA pattern of a tree view, with one row in the order of the tab key).

import type { OutlineRow } from "../src/model/graph-model.ts";

/** What a user does to the tree. */
export interface TreeEvents {
    readonly onChoose: (row: OutlineRow) => void;
    /** Enter, or a double click. */
    readonly onActivate: (row: OutlineRow) => void;
    readonly onToggle: (row: OutlineRow, open: boolean) => void;
}

/** Rows that are put on the page; more would make it slow. */
const ROWS_MAX = 2_000;

/** The tree and its rows. */
export class OutlineTree {
    readonly #element: HTMLElement;
    readonly #events: TreeEvents;
    #rows: readonly OutlineRow[] = [];
    #current = "";

    constructor(element: HTMLElement, events: TreeEvents) {
        this.#element = element;
        this.#events = events;
        element.addEventListener("keydown", (event) => {
            this.#onKey(event);
        });
        element.addEventListener("click", (event) => {
            const row = this.#rowOf(event.target);
            if (row !== undefined) {
                this.#choose(row, true);
                if (row.isOpen !== undefined) {
                    this.#events.onToggle(row, !row.isOpen);
                }
            }
        });
        element.addEventListener("dblclick", (event) => {
            const row = this.#rowOf(event.target);
            if (row?.isOpen === undefined && row !== undefined) {
                this.#events.onActivate(row);
            }
        });
    }

    /** Shows other rows; the focus stays on its row. */
    show(rows: readonly OutlineRow[]): void {
        const hadFocus = this.#element.contains(document.activeElement);
        this.#rows = rows.slice(0, ROWS_MAX);
        if (!this.#rows.some((row) => row.id === this.#current)) {
            this.#current = this.#rows[0]?.id ?? "";
        }
        const items = this.#rows.map((row) => this.#item(row));
        if (rows.length > ROWS_MAX) {
            items.push(moreItem(rows.length - ROWS_MAX));
        }
        this.#element.replaceChildren(...items);
        if (hadFocus) {
            this.#itemOf(this.#current)?.focus();
        }
    }

    /** Chooses a row from outside: the focus is not moved. */
    choose(id: string): void {
        const row = this.#rows.find((each) => each.id === id);
        if (row !== undefined) {
            this.#mark(row);
            this.#itemOf(id)?.scrollIntoView({ block: "nearest" });
        }
    }

    #item(row: OutlineRow): HTMLElement {
        const item = document.createElement("li");
        const { id, depth, position, siblings, isOpen } = row;
        item.id = `row-${id}`;
        item.dataset["id"] = id;
        item.className = `row depth-${depth} ${row.kind}`;
        item.setAttribute("role", "treeitem");
        item.setAttribute("aria-level", String(depth));
        item.setAttribute("aria-posinset", String(position));
        item.setAttribute("aria-setsize", String(siblings));
        item.setAttribute("aria-selected", String(id === this.#current));
        if (isOpen !== undefined) {
            item.setAttribute("aria-expanded", String(isOpen));
        }
        item.tabIndex = id === this.#current ? 0 : -1;
        item.append(part("label", row.label), part("dim", row.detail));
        return item;
    }

    #choose(row: OutlineRow, focus: boolean): void {
        this.#mark(row);
        if (focus) {
            this.#itemOf(row.id)?.focus();
        }
        this.#events.onChoose(row);
    }

    #mark(row: OutlineRow): void {
        const before = this.#itemOf(this.#current);
        before?.setAttribute("aria-selected", "false");
        before?.setAttribute("tabindex", "-1");
        this.#current = row.id;
        const now = this.#itemOf(row.id);
        now?.setAttribute("aria-selected", "true");
        now?.setAttribute("tabindex", "0");
    }

    #onKey(event: KeyboardEvent): void {
        const at = this.#rows.findIndex((row) => row.id === this.#current);
        const row = this.#rows[at];
        if (row === undefined) {
            return;
        }
        const keys = new Map<string, () => void>([
            ["ArrowDown", this.#go.bind(this, at + 1)],
            ["ArrowUp", this.#go.bind(this, at - 1)],
            ["ArrowRight", this.#open.bind(this, row, at)],
            ["ArrowLeft", this.#close.bind(this, row, at)],
            ["Home", this.#go.bind(this, 0)],
            ["End", this.#go.bind(this, this.#rows.length - 1)],
            ["Enter", this.#events.onActivate.bind(undefined, row)],
            [" ", this.#choose.bind(this, row, true)],
        ]);
        const action = keys.get(event.key);
        if (action !== undefined) {
            event.preventDefault();
            action();
        }
    }

    #go(to: number): void {
        const target = this.#rows[Math.max(0, Math.min(this.#rows.length - 1, to))];
        if (target !== undefined) {
            this.#choose(target, true);
        }
    }

    /** Opens a row, or goes into an open one. */
    #open(row: OutlineRow, at: number): void {
        if (row.isOpen === false) {
            this.#events.onToggle(row, true);
        } else if (row.isOpen === true) {
            this.#go(at + 1);
        }
    }

    /** Closes a row, or goes to the one around it. */
    #close(row: OutlineRow, at: number): void {
        if (row.isOpen === true) {
            this.#events.onToggle(row, false);
            return;
        }
        const parent = this.#rows.findLastIndex((each, i) => i < at && each.depth < row.depth);
        if (parent >= 0) {
            this.#go(parent);
        }
    }

    #rowOf(target: EventTarget | null): OutlineRow | undefined {
        const item = target instanceof Element ? target.closest<HTMLElement>("li[data-id]") : null;
        return this.#rows.find((row) => row.id === item?.dataset["id"]);
    }

    #itemOf(id: string): HTMLElement | null {
        return document.getElementById(`row-${id}`);
    }
}

function part(className: string, text: string): HTMLElement {
    const span = document.createElement("span");
    span.className = className;
    span.textContent = text;
    return span;
}

function moreItem(number: number): HTMLElement {
    const item = document.createElement("li");
    item.className = "row dim";
    item.setAttribute("role", "none");
    item.textContent = `… and ${number.toLocaleString("en-US")} more: search, or close what you do not need`;
    return item;
}
