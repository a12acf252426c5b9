// Which of the nodes that went and came are one node under another name. Recorded renames are taken at
// their word. Else two are one when they are of one kind at one place, and everything below and
// around them is the same but for the name; or when they are the only ones of their kind that went and came
// there, and at least half of what lies below them is called the same. Where more than one would do, none is taken.

import { SEGMENT_SEPARATOR, type GraphNode, type NodeId } from "../../graph/index.ts";
import { appendTo } from "../../base/index.ts";
import type { NodesAndEdges } from "./nodes-and-edges.ts";

/** One rename, with all that moved along. */
export interface NodeRename {
    readonly from: GraphNode;
    readonly to: GraphNode;
    /** Nodes that moved along: members, and impls that are named after it. */
    readonly followers: number;
}

/** The renames of a difference, and all nodes that they moved. */
export interface FoundRenames {
    readonly renames: readonly NodeRename[];
    /** Old id to new id. */
    readonly moved: ReadonlyMap<NodeId, NodeId>;
}

/** Finds the renames among nodes that went and nodes that came. */
export function findRenames(
    content: NodesAndEdges,
    recorded: ReadonlyMap<NodeId, NodeId>,
): FoundRenames {
    const moved = new Map<NodeId, NodeId>();
    for (const [from, to] of recorded) {
        if (content.removed.has(from) && content.added.has(to)) {
            moved.set(from, to);
        }
    }
    do {
        inferMoves(content, moved);
    } while (pairOwners(content, moved));
    followNames(content, moved);
    return { renames: foldFollowers(content, moved), moved };
}

/** Pairs subtrees that are the same but for the name of their root. */
function inferMoves(content: NodesAndEdges, moved: Map<NodeId, NodeId>): void {
    const { old, young, places } = unpaired(content, moved);
    for (const { oldRoots, youngRoots } of places) {
        const bySignature = groupBy(youngRoots, (root) => young.signature(root));
        for (const [signature, roots] of groupBy(oldRoots, (root) => old.signature(root))) {
            const matches = bySignature.get(signature) ?? [];
            const [from, to] = [roots[0], matches[0]];
            if (roots.length === 1 && matches.length === 1 && from !== undefined) {
                pairSubtrees(old.below(from), young.byRelativePath(to ?? from), from, moved);
            }
        }
    }
}

/** Pairs roots whose members changed too, by the members that did not; says whether there was one. */
function pairOwners(content: NodesAndEdges, moved: Map<NodeId, NodeId>): boolean {
    const { old, young, places } = unpaired(content, moved);
    const before = moved.size;
    for (const { oldRoots, youngRoots } of places) {
        const [from, to] = [oldRoots[0], youngRoots[0]];
        if (oldRoots.length !== 1 || youngRoots.length !== 1 || from === undefined) {
            continue;
        }
        const members = young.byRelativePath(to ?? from);
        const kept = old.below(from).filter((node) => {
            const member = members.get(node.path.slice(from.path.length));
            return node !== from && member?.kind === node.kind && member.flags === node.flags;
        });
        const most = Math.max(old.below(from).length, members.size) - 1;
        if (kept.length > 0 && kept.length * 2 >= most) {
            pairSubtrees([from, ...kept], members, from, moved);
        }
    }
    return moved.size > before;
}

/** What is not paired yet, and the roots of it that could be, place by place. */
function unpaired(
    content: NodesAndEdges,
    moved: ReadonlyMap<NodeId, NodeId>,
): {
    readonly old: Subtrees;
    readonly young: Subtrees;
    readonly places: readonly {
        readonly oldRoots: readonly GraphNode[];
        readonly youngRoots: readonly GraphNode[];
    }[];
} {
    const taken = new Set(moved.values());
    const old = new Subtrees(content.removed, content.removedEdges, (id) => moved.has(id));
    const young = new Subtrees(content.added, content.addedEdges, (id) => taken.has(id));
    const paths = new Map<string, string>();
    for (const [from, to] of moved) {
        const [before, after] = [content.removed.get(from), content.added.get(to)];
        if (before !== undefined && after !== undefined) {
            paths.set(before.path, after.path);
        }
    }
    const youngByPlace = groupBy(young.roots(), ({ path }) => placeOf(path));
    const places = [...groupBy(old.roots(), ({ path }) => placeOf(movedPath(path, paths)))].map(
        ([place, oldRoots]) => ({ oldRoots, youngRoots: youngByPlace.get(place) ?? [] }),
    );
    return { old, young, places };
}

/** A path below the nearest of its owners that moved. */
function movedPath(path: string, paths: ReadonlyMap<string, string>): string {
    for (let at = path.lastIndexOf(SEGMENT_SEPARATOR); at > 0;) {
        const owner = path.slice(0, at);
        const moved = paths.get(owner);
        if (moved !== undefined) {
            return moved + path.slice(at);
        }
        at = owner.lastIndexOf(SEGMENT_SEPARATOR);
    }
    return path;
}

/** What is named after something renamed (an impl, its items) has that name in its own path. */
function followNames({ removed, added }: NodesAndEdges, moved: Map<NodeId, NodeId>): void {
    const leaders = new Map<string, { readonly from: GraphNode; readonly to: GraphNode }[]>();
    for (const [oldId, newId] of moved) {
        const [from, to] = [removed.get(oldId), added.get(newId)];
        if (from !== undefined && to !== undefined && from.name !== to.name) {
            appendTo(leaders, from.name, { from, to });
        }
    }
    const taken = new Set(moved.values());
    const free = [...added.values()].filter(({ id }) => !taken.has(id));
    const byPath = new Map(free.map((node) => [node.path, node]));
    for (const node of removed.values()) {
        const words = moved.has(node.id) ? [] : node.path.split(WORD);
        for (const leader of words.flatMap((word) => leaders.get(word) ?? [])) {
            const match = byPath.get(replaceWord(node.path, leader));
            if (match?.kind === node.kind && match.flags === node.flags && !taken.has(match.id)) {
                moved.set(node.id, match.id);
                taken.add(match.id);
                break;
            }
        }
    }
}

function pairSubtrees(
    old: readonly GraphNode[],
    young: ReadonlyMap<string, GraphNode>,
    root: GraphNode,
    moved: Map<NodeId, NodeId>,
): void {
    for (const node of old) {
        const match = young.get(node.path.slice(root.path.length));
        if (match !== undefined) {
            moved.set(node.id, match.id);
        }
    }
}

/** Nodes of one side as trees by their paths, and what is around each. */
class Subtrees {
    readonly #byPath = new Map<string, GraphNode>();
    readonly #below = new Map<string, GraphNode[]>();
    readonly #edges = new Map<NodeId, string[]>();
    readonly #nodes: ReadonlyMap<NodeId, GraphNode>;

    constructor(
        nodes: ReadonlyMap<NodeId, GraphNode>,
        edges: NodesAndEdges["removedEdges"],
        isTaken: (id: NodeId) => boolean,
    ) {
        this.#nodes = nodes;
        for (const node of nodes.values()) {
            if (!isTaken(node.id)) {
                this.#byPath.set(node.path, node);
            }
        }
        for (const node of this.#byPath.values()) {
            appendTo(this.#below, this.#rootPathOf(node.path), node);
        }
        for (const { source, target, kind } of edges) {
            const [from, to] = [this.#endName(source, target), this.#endName(target, source)];
            appendTo(this.#edges, source.id, `${kind} to ${to}`);
            appendTo(this.#edges, target.id, `${kind} from ${from}`);
        }
    }

    /** Nodes whose parents are not among these. */
    roots(): GraphNode[] {
        return [...this.#below.keys()].flatMap((path) => this.#byPath.get(path) ?? []);
    }

    /** A root and the nodes below it. */
    below(root: GraphNode): readonly GraphNode[] {
        return this.#below.get(root.path) ?? [];
    }

    /** The same by what of their paths follows the root's. */
    byRelativePath(root: GraphNode): Map<string, GraphNode> {
        return new Map(this.below(root).map((node) => [node.path.slice(root.path.length), node]));
    }

    /** What a tree is like, names of roots left out. */
    signature(root: GraphNode): string {
        const lines = this.below(root).map((node) => {
            const edges = (this.#edges.get(node.id) ?? []).toSorted();
            const relative = node.path.slice(root.path.length);
            return `${relative} ${node.kind} ${node.flags} ${edges.join(", ")}`;
        });
        return lines.sort().join("\n");
    }

    // An end that stays is named by its id, one of the same tree by its place there; of one that goes
    // with another tree it is not known yet what becomes of it.
    #endName(end: GraphNode, other: GraphNode): string {
        if (!this.#nodes.has(end.id)) {
            return end.id.toString(16);
        }
        const root = this.#rootPathOf(end.path);
        return root === this.#rootPathOf(other.path) ? `.${end.path.slice(root.length)}` : "*";
    }

    #rootPathOf(path: string): string {
        let root = path;
        for (let at = path.lastIndexOf(SEGMENT_SEPARATOR); at > 0;) {
            const parent = path.slice(0, at);
            if (!this.#byPath.has(parent)) {
                break;
            }
            root = parent;
            at = parent.lastIndexOf(SEGMENT_SEPARATOR);
        }
        return root;
    }
}

/** Where a node stands and what kind it is: its path without its name. */
function placeOf(path: string): string {
    const at = path.lastIndexOf(SEGMENT_SEPARATOR);
    const segment = path.slice(at + 1);
    const cfg = /#[^~]*/u.exec(segment)?.[0] ?? "";
    return `${path.slice(0, at)} ${segment.split(":", 1)[0] ?? ""} ${cfg}`;
}

/** Splits a path so that its words stand between what is around them. */
const WORD = /([\p{XID_Continue}]+)/u;

/** Moves as renames: members go with their owner, impls with what they are named after. */
function foldFollowers(
    { removed, added }: NodesAndEdges,
    moved: ReadonlyMap<NodeId, NodeId>,
): NodeRename[] {
    const pairs = [...moved].flatMap(([oldId, newId]) => {
        const [from, to] = [removed.get(oldId), added.get(newId)];
        return from === undefined || to === undefined ? [] : [{ from, to, followers: 0 }];
    });
    // Owners stand before what they own, items before impls of them and what these hold.
    const isOfImpl = ({ path }: GraphNode): number => Number(path.includes("/impl.none:"));
    pairs.sort(
        (a, b) =>
            isOfImpl(a.from) - isOfImpl(b.from) ||
            a.from.path.length - b.from.path.length ||
            (a.from.path < b.from.path ? -1 : 1),
    );
    const byPath = new Map<string, (typeof pairs)[number]>();
    const leaders: typeof pairs = [];
    for (const pair of pairs) {
        const isNamedAnew = pair.from.name !== pair.to.name;
        const owner = isNamedAnew ? undefined : leaderOf(pair.from.path, byPath);
        const leader = owner ?? leaderByName(pair, leaders);
        byPath.set(pair.from.path, leader ?? pair);
        if (leader === undefined) {
            leaders.push(pair);
        } else {
            leader.followers += 1;
        }
    }
    return leaders;
}

function leaderOf<T>(path: string, byPath: ReadonlyMap<string, T>): T | undefined {
    return byPath.get(path.slice(0, path.lastIndexOf(SEGMENT_SEPARATOR)));
}

function leaderByName<T extends { readonly from: GraphNode; readonly to: GraphNode }>(
    { from, to }: T,
    leaders: readonly T[],
): T | undefined {
    return leaders.find((leader) => replaceWord(from.path, leader) === to.path);
}

function replaceWord(
    path: string,
    { from, to }: { readonly from: GraphNode; readonly to: GraphNode },
): string {
    return path
        .split(WORD)
        .map((word) => (word === from.name ? to.name : word))
        .join("");
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
    const groups = new Map<string, T[]>();
    for (const item of items) {
        appendTo(groups, keyOf(item), item);
    }
    return groups;
}
