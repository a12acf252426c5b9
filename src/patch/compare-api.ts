// Two public APIs, and a plan that leads from the one to the other: what differs is what the plan declares, or is
// not expected. Pure.

import type { ApiItem } from "../refactor/index.ts";
import type { PatchPlan } from "./patch-plan.ts";
import { plannedName } from "./plan-names.ts";

/** Something that users of a library see otherwise. */
export interface ApiDifference {
    /** Path before, or after where there was none. */
    readonly path: string;
    readonly message: string;
    /** The plan says so. */
    readonly isDeclared: boolean;
}

type DeclaringPlan = Pick<PatchPlan, "operations" | "patch">;

/** An item in the words of the state after the plan. */
interface Told {
    readonly item: ApiItem;
    /** Path under which it is to be found afterwards. */
    readonly key: string;
    readonly of: string;
    readonly says: string;
}

/** Compares; what is equal is left out. */
export function compareApi(
    before: readonly ApiItem[],
    after: readonly ApiItem[],
    plan: DeclaringPlan,
): ApiDifference[] {
    const names = new PlanNames(plan);
    const gone = before.map((item) => names.tell(item));
    const come = after.map(asItIs);
    removeEqual(gone, come, (a, b) => a.key === b.key && a.of === b.of && a.says === b.says);
    removeEqual(gone, come, (a, b) => a.key === b.key && a.says === b.says);
    const missing = new Set(gone.map(({ item }) => item));
    const renamed = before.flatMap((item) => {
        const { key } = names.tell(item);
        const isItself = item.kind !== "impl" && lastOf(key) !== lastOf(pathOf(item));
        return isItself && !missing.has(item) ? [difference(item, `is \`${key}\` now`, true)] : [];
    });
    const isDeclared = ({ item, of }: Told): boolean =>
        names.declares("change_visibility", of) || names.isReplaced(item);
    return [
        ...renamed,
        ...changed(gone, come, names),
        ...moved(gone, come, names),
        ...gone.map((one) => difference(one.item, "is not public any more", isDeclared(one))),
        ...come.map((one) => difference(one.item, "is public now", isDeclared(one))),
    ];
}

/** What has another declaration under the same path. */
function changed(gone: Told[], come: Told[], names: PlanNames): ApiDifference[] {
    const found: ApiDifference[] = [];
    removeEqual(
        gone,
        come,
        (a, b) => a.key === b.key && a.item.kind === b.item.kind && a.item.kind !== "impl",
        (a, b) => {
            const isDeclared =
                names.declares("change_signature", a.of) ||
                names.declaresIn("change_visibility", a.of) ||
                names.isReplaced(a.item);
            found.push(difference(a.item, `was \`${a.says}\` and is \`${b.says}\``, isDeclared));
        },
    );
    return found;
}

/** What is declared at another place, or is given on under another alias, as the plan says. */
function moved(gone: Told[], come: Told[], names: PlanNames): ApiDifference[] {
    const found: ApiDifference[] = [];
    const tell = (a: Told, b: Told): void => {
        found.push(difference(a.item, `is \`${b.key}\` now`, true));
    };
    removeEqual(
        gone,
        come,
        (a, b) =>
            a.of === b.of &&
            a.says === b.says &&
            (names.declares("move_item", a.of) || names.isAlias(b.of, b.item)),
        tell,
    );
    return found;
}

/** Takes pairs out of both lists. */
function removeEqual(
    gone: Told[],
    come: Told[],
    isPair: (a: Told, b: Told) => boolean,
    tell?: (a: Told, b: Told) => void,
): void {
    const byKind = new Map<string, Told[]>();
    for (const one of come) {
        byKind.set(one.item.kind, [...(byKind.get(one.item.kind) ?? []), one]);
    }
    const kept: Told[] = [];
    for (const a of gone) {
        const others = byKind.get(a.item.kind) ?? [];
        const at = others.findIndex((b) => isPair(a, b));
        const b = others[at];
        if (b === undefined) {
            kept.push(a);
        } else {
            others.splice(at, 1);
            tell?.(a, b);
        }
    }
    const left = new Set([...byKind.values()].flat());
    gone.splice(0, gone.length, ...kept);
    come.splice(0, come.length, ...come.filter((one) => left.has(one)));
}

function asItIs(item: ApiItem): Told {
    return { item, key: pathOf(item), of: item.of, says: textOf(item.declaration) };
}

function pathOf({ segments }: ApiItem): string {
    return segments.map(({ name }) => name).join("::");
}

function textOf(tokens: ApiItem["declaration"]): string {
    return tokens.map(({ text }) => text).join(" ");
}

function difference(item: ApiItem, what: string, isDeclared: boolean): ApiDifference {
    const path = pathOf(item);
    const name = item.kind === "impl" ? textOf(item.declaration) : path;
    return { path, message: `${item.kind} \`${name}\` ${what}`, isDeclared };
}

/** What a plan makes of paths. */
class PlanNames {
    /** Paths right before each operation, and right after it. */
    readonly #steps: readonly { readonly from: string; readonly to: string }[];
    readonly #plan: DeclaringPlan;
    readonly #translated = new Map<string, string>();

    constructor(plan: DeclaringPlan) {
        this.#plan = plan;
        this.#steps = plan.operations.flatMap((operation) => {
            const { path, pattern, symbolId } = operation;
            if (symbolId === "") {
                return []; // Locals are nobody else's.
            }
            const name = plannedName(operation, plan.patch);
            if (name !== undefined) {
                const to = `${path.slice(0, path.lastIndexOf(":") + 1)}${name.newName}`;
                return name.as === "item" ? [{ from: path, to }] : [];
            }
            const action = plan.patch.patterns[pattern]?.action;
            return action !== undefined && "move_item" in action
                ? [{ from: path, to: `${action.move_item}::${lastOf(path)}` }]
                : [];
        });
    }

    /** The item in the words of the state after. */
    tell(item: ApiItem): Told {
        const segments = item.segments.map(({ name, of }) =>
            of === undefined ? name : of === name ? this.path(of) : lastOf(this.path(of)),
        );
        const says = item.declaration.map(({ text, of }) =>
            of === undefined ? text : this.path(of),
        );
        return { item, key: segments.join("::"), of: this.path(item.of), says: says.join(" ") };
    }

    /** A path, after all operations. */
    path(path: string): string {
        let known = this.#translated.get(path);
        if (known === undefined) {
            known = path;
            for (const { from, to } of this.#steps) {
                known = known.replace(whole(from), () => to);
            }
            this.#translated.set(path, known);
        }
        return known;
    }

    /** Whether an operation is about an item, or what it lies in; paths are those after the plan. */
    declares(action: string, of: string): boolean {
        return this.#about(action).some((path) => of === path || of.startsWith(`${path}::`));
    }

    /** Whether an operation is about an item or what lies in it. */
    declaresIn(action: string, of: string): boolean {
        return this.#about(action).some((path) => of === path || path.startsWith(`${of}::`));
    }

    /** Whether something is used instead of what an item names, and it was agreed that users see that. */
    isReplaced({ declaration, of }: ApiItem): boolean {
        const { operations, patch } = this.#plan;
        const names = new Set([of, ...declaration.map((one) => one.of ?? one.text)]);
        return (
            patch.constraints?.accept?.includes("breaks-api") === true &&
            operations.some(
                ({ action, path, pattern }) =>
                    action === "replace_path" &&
                    (names.has(path) || names.has(replacementOf(patch, pattern))),
            )
        );
    }

    /** Whether an operation gives an alias of an item the name that this one has. */
    isAlias(of: string, { segments }: ApiItem): boolean {
        const { operations, patch } = this.#plan;
        return operations.some((operation) => {
            const name = plannedName(operation, patch);
            return (
                name !== undefined &&
                name.as !== "item" &&
                this.path(name.path) === of &&
                segments.at(-1)?.name === name.newName
            );
        });
    }

    #about(action: string): string[] {
        return this.#plan.operations
            .filter((operation) => operation.action === action)
            .map(({ path }) => this.path(path));
    }
}

function replacementOf({ patterns }: PatchPlan["patch"], pattern: number): string {
    const action = patterns[pattern]?.action;
    return action !== undefined && "replace_path" in action ? action.replace_path : "";
}

function lastOf(path: string): string {
    return path.slice(path.lastIndexOf(":") + 1);
}

/** A path wherever it stands as a whole or begins a longer one. */
function whole(path: string): RegExp {
    const escaped = path.replaceAll(/[.*+?^${}()|[\]\\]/gu, "\\$&");
    return new RegExp(`(?<![\\w:])${escaped}(?!\\w)`, "gu");
}
