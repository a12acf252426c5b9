// A cursor over a parse that is walked fast. The package's own copies its state into the memory of the
// wasm and out again at every call, which is half of a walk's time; this one leaves it there for as long
// as nothing else is asked of the parser, and falls back on the package's where that cannot be had.
//
// Invariant: at most one cursor's state is in that memory; before anything else of the package is called
// while cursors live, `park` puts it back.

import type { Tree, TreeCursor } from "web-tree-sitter";

/** The package's functions over cursors, by what they are here; each is told a tree's address. */
const FUNCTIONS = {
    firstChild: "_ts_tree_cursor_goto_first_child_wasm",
    lastChild: "_ts_tree_cursor_goto_last_child_wasm",
    nextSibling: "_ts_tree_cursor_goto_next_sibling_wasm",
    parent: "_ts_tree_cursor_goto_parent_wasm",
    descendant: "_ts_tree_cursor_goto_descendant_wasm",
    typeId: "_ts_tree_cursor_current_node_type_id_wasm",
    fieldId: "_ts_tree_cursor_current_field_id_wasm",
    isMissing: "_ts_tree_cursor_current_node_is_missing_wasm",
    descendantIndex: "_ts_tree_cursor_current_descendant_index_wasm",
    start: "_ts_tree_cursor_start_index_wasm",
    end: "_ts_tree_cursor_end_index_wasm",
} as const;

type Calls = Readonly<
    Record<keyof typeof FUNCTIONS, (tree: number, descendant?: number) => number>
>;

/** What is exported of the wasm. */
interface Runtime {
    readonly calls: Calls;
    /** Where it reads and writes a cursor's state, as an index of words. */
    readonly place: number;
    /** Its memory as words; another array whenever it has grown. */
    memory(): Int32Array;
}

/** What the package keeps of a cursor or a tree: addresses, under small numbers. */
type Handles = Record<number, number>;

/** Words of a cursor's state. */
const STATE_WORDS = 4;

/** What a walk asks of a cursor. */
export type WalkCursor = Pick<
    TreeCursor,
    | "gotoFirstChild"
    | "gotoLastChild"
    | "gotoNextSibling"
    | "gotoParent"
    | "gotoDescendant"
    | "nodeTypeId"
    | "currentFieldId"
    | "nodeIsMissing"
    | "currentDescendantIndex"
    | "startIndex"
    | "endIndex"
    | "nodeType"
    | "delete"
> & {
    /** The node that it stands on; as much of it as a walk asks. */
    readonly currentNode: { readonly hasError: boolean };
};

/** Opens cursors of one parser's runtime. */
export class CursorRuntime {
    readonly #runtime: Runtime | undefined;
    #live: FastCursor | undefined;

    /** `module` is what the package was told to make its runtime in; empty when it had one before. */
    constructor(module: object) {
        this.#runtime = findRuntime(module);
    }

    /** Whether cursors are the fast ones. */
    get isFast(): boolean {
        return this.#runtime !== undefined;
    }

    /** A cursor at a tree's root; delete it when done. */
    open(tree: Tree): WalkCursor {
        this.park();
        const cursor = tree.walk();
        return this.#runtime === undefined
            ? cursor
            : new FastCursor(this, this.#runtime.calls, cursor, tree);
    }

    /** Puts the state of the cursor at work back; to be called before anything else of the package is. */
    park(): void {
        const live = this.#live;
        if (live !== undefined && this.#runtime !== undefined) {
            const { place } = this.#runtime;
            const memory = this.#runtime.memory();
            for (let word = 0; word < STATE_WORDS; word++) {
                live.handles[word] = memory[place + word] ?? 0;
            }
            this.#live = undefined;
        }
    }

    /** Puts a cursor's state where the wasm works on it. */
    take(cursor: FastCursor): void {
        if (this.#live !== cursor && this.#runtime !== undefined) {
            this.park();
            const { place } = this.#runtime;
            const memory = this.#runtime.memory();
            for (let word = 0; word < STATE_WORDS; word++) {
                memory[place + word] = cursor.handles[word] ?? 0;
            }
            this.#live = cursor;
        }
    }
}

function findRuntime(module: object): Runtime | undefined {
    const found = module as Record<string, unknown>;
    const init = found["_ts_init"];
    const functions = Object.entries(FUNCTIONS).map(([name, key]) => [name, found[key]] as const);
    const isWhole =
        typeof init === "function" &&
        ArrayBuffer.isView(found["HEAP32"]) &&
        functions.every(([, value]) => typeof value === "function");
    if (!isWhole) {
        return undefined;
    }
    return {
        calls: Object.fromEntries(functions) as Calls,
        place: (init as () => number)() >> 2,
        memory: () => found["HEAP32"] as Int32Array,
    };
}

class FastCursor implements WalkCursor {
    readonly handles: Handles;
    readonly #runtime: CursorRuntime;
    readonly #calls: Calls;
    readonly #cursor: TreeCursor;
    readonly #tree: Tree;
    /** Address of the tree. */
    readonly #address: number;

    constructor(runtime: CursorRuntime, calls: Calls, cursor: TreeCursor, tree: Tree) {
        this.#runtime = runtime;
        this.#calls = calls;
        this.#cursor = cursor;
        this.#tree = tree;
        this.handles = cursor as unknown as Handles;
        this.#address = (tree as unknown as Handles)[0] ?? 0;
    }

    gotoFirstChild(): boolean {
        this.#runtime.take(this);
        return this.#calls.firstChild(this.#address) === 1;
    }

    gotoLastChild(): boolean {
        this.#runtime.take(this);
        return this.#calls.lastChild(this.#address) === 1;
    }

    gotoNextSibling(): boolean {
        this.#runtime.take(this);
        return this.#calls.nextSibling(this.#address) === 1;
    }

    gotoParent(): boolean {
        this.#runtime.take(this);
        return this.#calls.parent(this.#address) === 1;
    }

    gotoDescendant(index: number): void {
        this.#runtime.take(this);
        this.#calls.descendant(this.#address, index);
    }

    get nodeTypeId(): number {
        this.#runtime.take(this);
        return this.#calls.typeId(this.#address);
    }

    get currentFieldId(): number {
        this.#runtime.take(this);
        return this.#calls.fieldId(this.#address);
    }

    get nodeIsMissing(): boolean {
        this.#runtime.take(this);
        return this.#calls.isMissing(this.#address) === 1;
    }

    get currentDescendantIndex(): number {
        this.#runtime.take(this);
        return this.#calls.descendantIndex(this.#address);
    }

    get startIndex(): number {
        this.#runtime.take(this);
        return this.#calls.start(this.#address);
    }

    get endIndex(): number {
        this.#runtime.take(this);
        return this.#calls.end(this.#address);
    }

    get nodeType(): string {
        return this.#tree.language.types[this.nodeTypeId] ?? "ERROR";
    }

    get currentNode(): TreeCursor["currentNode"] {
        this.#runtime.park();
        return this.#cursor.currentNode;
    }

    delete(): void {
        this.#runtime.park();
        this.#cursor.delete();
    }
}
