// Renames what a macro makes of its input: `modules!(foo)` declares `foo`. The calls that have the name are
// expanded in a copy of the workspace, the rename is planned and proved there, and each of its edits is taken
// back to the token that was written; all places where a token has come to stand must take the new name.

import { compareText, finishSteps, refuse, type Place, type Refusal } from "../base/index.ts";
import { isGivenToMacro, type LocalInfo, type Occurrence } from "../resolve/index.ts";
import { callsToExpand } from "./calls-to-expand.ts";
import type { RenameContext } from "./context.ts";
import type { RenameOptions } from "./rename-options.ts";
import { expandWorkspaces, type ExpandedWorkspace } from "./expanded-workspace.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { isUndecided, localKey } from "./find-target.ts";
import type { RenamePlan, RenameTarget, TextEdit, UnprovedPlace } from "./model.ts";
import { checkNewName } from "./new-name.ts";
import { placeAt } from "./places.ts";
import { placeKey } from "./proof-view.ts";
import { renameSubjectOf } from "./rename-item.ts";
import { prepareSubject, type Subject } from "./subject.ts";

/** Whether a local stands for a token that is not decided, and that a macro may define. */
export function isMade({ resolution }: RenameContext, { file, nameSpan }: LocalInfo): boolean {
    const found = resolution
        .occurrencesAt(file, nameSpan.start)
        .filter((one) => one.span.start === nameSpan.start);
    return found.length > 0 && found.every(({ binding }) => isUndecided(binding));
}

/** Plans the rename of what a macro makes of a name. */
export function renameMade(
    context: RenameContext,
    target: Extract<RenameTarget, { kind: "local" }>,
    newName: string,
    options: RenameOptions,
): RenamePlan | Refusal {
    const { name, file, nameSpan } = target.local;
    const at = [placeAt(context.textOf(file), file, nameSpan.start)];
    const deny = (reason: string): Refusal =>
        refuse("RENAME_UNRESOLVED", `what \`${name}\` means is not known: ${reason}`, { at });
    const ofMacros = context.resolution
        .occurrencesNamed(name)
        .filter((one) => isGivenToMacro(one.binding) || one.role === "macro-body");
    const calls = callsToExpand(context, ofMacros);
    const worlds = calls === undefined ? undefined : finishSteps(expandWorkspaces(context, calls));
    const world = worlds?.length === 1 ? worlds[0] : undefined;
    if (world === undefined) {
        return deny(reasonAt(context, target.local));
    }
    const family = new MadeFamily(world, name);
    const problem = family.grow(placeKey(file, nameSpan.start));
    if (problem !== undefined) {
        return deny(problem);
    }
    const subject = family.subject();
    if (subject === undefined || !world.isHygienic()) {
        return deny(reasonAt(context, target.local));
    }
    const checked = checkNewName(newName, subject.use);
    if (checked.kind === "refusal") {
        return checked;
    }
    const plan = renameSubjectOf(world.planned(), subject, checked, options);
    return plan.kind === "refusal"
        ? { ...plan, at }
        : new WrittenPlan(context, world, family.keys).of(plan, target, deny);
}

function reasonAt({ resolution }: RenameContext, { file, nameSpan }: LocalInfo): string {
    const [found] = resolution.occurrencesAt(file, nameSpan.start);
    const binding = found?.binding;
    return binding !== undefined && "reason" in binding ? binding.reason : "not decided";
}

/** What a written token means in the expanded workspace, with all that must take the new name along. */
class MadeFamily {
    /** Written tokens that take the new name. */
    readonly keys = new Set<string>();
    readonly #world: ExpandedWorkspace;
    readonly #byKey = new Map<string, Occurrence[]>();
    readonly #symbols = new Set<number>();
    readonly #locals = new Map<string, LocalInfo>();

    constructor(world: ExpandedWorkspace, name: string) {
        this.#world = world;
        for (const occurrence of world.resolution.occurrencesNamed(name)) {
            const { file, span, shorthand } = occurrence;
            const isPlain = world.writtenAt(file, span.start)?.token === undefined;
            // Outside of macros a shorthand's names can be parted.
            const part = isPlain && shorthand !== undefined ? `#${shorthand}` : "";
            const key = `${world.keyOf(file, span.start)}${part}`;
            const known = this.#byKey.get(key) ?? [];
            this.#byKey.set(key, known);
            known.push(occurrence);
        }
    }

    /** Takes in a token and all that hangs on it; answers with what is in the way. */
    grow(start: string): string | undefined {
        const pending = [this.#byKey.has(start) ? start : `${start}#value`];
        for (let key = pending.pop(); key !== undefined; key = pending.pop()) {
            if (this.keys.has(key)) {
                continue;
            }
            this.keys.add(key);
            const found = this.#byKey.get(key) ?? [];
            if (found.length === 0) {
                return "the macro drops it";
            }
            for (const occurrence of found) {
                const problem = this.#take(occurrence);
                if (problem !== undefined) {
                    return problem;
                }
            }
            for (const [other, occurrences] of this.#byKey) {
                if (!this.keys.has(other) && occurrences.some((one) => this.#isMember(one))) {
                    pending.push(other);
                }
            }
        }
        return undefined;
    }

    #take({ binding, file, viaAlias }: Occurrence): string | undefined {
        const { resolution } = this.#world;
        if (viaAlias) {
            return "it is an alias that an import gave";
        }
        if (binding.kind === "local") {
            this.#locals.set(localKey(binding.local), binding.local);
            return undefined;
        }
        if (binding.kind !== "symbol") {
            const reason =
                "reason" in binding ? binding.reason : `it is used in ${file} as another`;
            return `a macro makes something else of it, too: ${reason}`;
        }
        for (const symbol of binding.symbols) {
            resolution.renameFamily(symbol).forEach((one) => this.#symbols.add(one));
        }
        const isOfBody = [...this.#symbols].some((one) => this.#isDefinedInBody(one));
        return isOfBody ? "its definition stands in the body of a macro" : undefined;
    }

    /** Whether an item is named by a macro's body, not by what a call gives. */
    #isDefinedInBody(index: number): boolean {
        const { file, nameSpan } = this.#world.resolution.symbol(index);
        const written =
            file === undefined || nameSpan === undefined
                ? undefined
                : this.#world.writtenAt(file, nameSpan.start);
        return written?.token !== undefined && written.mark !== undefined;
    }

    #isMember({ binding, viaAlias }: Occurrence): boolean {
        if (viaAlias) {
            return false;
        }
        return binding.kind === "local"
            ? this.#locals.has(localKey(binding.local))
            : binding.kind === "symbol" && binding.symbols.some((one) => this.#symbols.has(one));
    }

    /** What is renamed in the expanded workspace; undefined for what is several things at once. */
    subject(): Subject | undefined {
        const { resolution } = this.#world;
        const [local, ...others] = this.#locals.values();
        const [symbol] = this.#symbols;
        if (local !== undefined) {
            return symbol !== undefined || others.length > 0
                ? undefined
                : prepareSubject(resolution, { kind: "local", local });
        }
        return symbol === undefined
            ? undefined
            : {
                  ...prepareSubject(resolution, { kind: "symbol", symbol }),
                  family: this.#symbols,
                  members: [...this.#symbols]
                      .sort((a, b) => a - b)
                      .map((one) => resolution.symbol(one)),
              };
    }
}

/** Takes a plan of the expanded workspace back to what was written. */
class WrittenPlan {
    readonly #context: RenameContext;
    readonly #world: ExpandedWorkspace;
    readonly #keys: ReadonlySet<string>;

    constructor(context: RenameContext, world: ExpandedWorkspace, keys: ReadonlySet<string>) {
        this.#context = context;
        this.#world = world;
        this.#keys = keys;
    }

    of(
        plan: RenamePlan,
        target: RenameTarget,
        deny: (reason: string) => Refusal,
    ): RenamePlan | Refusal {
        const edits = this.#edits(plan.edits);
        if (edits === undefined) {
            return deny("what a macro makes of it would have to be written otherwise");
        }
        const given = edits.filter(({ role }) => role === "macro-input");
        const names = new Set(given.map(({ newText }) => newText));
        const [written] = names;
        const renamed = new Set(given.map(({ path, span }) => placeKey(path, span.start)));
        if (names.size !== 1 || written === undefined) {
            return deny("its tokens would be spelled in several ways");
        }
        if (!this.#world.keepsRules(renamed, written)) {
            return deny("a macro tells the new name from the old one");
        }
        const touched = new Set([...edits, ...plan.moves.map(({ from }) => ({ path: from }))]);
        const back: Omit<RenamePlan, "fingerprint"> = {
            ...plan,
            target,
            edits,
            conflicts: plan.conflicts.map((one) => ({
                ...one,
                at: one.at.flatMap((place) => this.#placeOf(place)),
            })),
            unproved: this.#places(plan.unproved),
            leftAlone: this.#places(plan.leftAlone),
            fileHashes: new Map(
                [...new Set([...touched].map(({ path }) => path))]
                    .sort()
                    .map((path) => [path, this.#context.contentHashOf(path)]),
            ),
        };
        return { ...back, fingerprint: fingerprintOf(this.#context.resolution, back) };
    }

    /** Edits of written tokens; undefined where one is no token, or not all that it has become are edited. */
    #edits(planned: readonly TextEdit[]): TextEdit[] | undefined {
        const edits = new Map<string, TextEdit>();
        for (const edit of planned) {
            const first = this.#world.writtenAt(edit.path, edit.span.start);
            const last = this.#world.writtenAt(edit.path, Math.max(edit.span.end - 1, 0));
            const key = this.#world.keyOf(edit.path, edit.span.start);
            const length = edit.span.end - edit.span.start;
            const isWhole =
                first?.token === last?.token &&
                first !== undefined &&
                last?.start === first.start + length - 1;
            if (!isWhole || (first.token !== undefined && !this.#keys.has(key))) {
                return undefined;
            }
            const path =
                first.source === undefined ? edit.path : this.#world.texts.pathOf(first.source);
            const span = { start: first.start, end: first.start + length };
            const role = first.token === undefined ? edit.role : "macro-input";
            const known = edits.get(key);
            if (known !== undefined && known.newText !== edit.newText) {
                return undefined;
            }
            edits.set(key, { ...edit, path, span, role });
        }
        return [...edits.values()].sort(
            (a, b) => compareText(a.path, b.path) || b.span.start - a.span.start,
        );
    }

    #places(places: readonly UnprovedPlace[]): UnprovedPlace[] {
        return places.map((place) => {
            const start = this.#startOf(place.path, place.span.start) ?? 0;
            const length = place.span.end - place.span.start;
            return { ...place, span: { start, end: start + length } };
        });
    }

    #startOf(path: string, offset: number): number | undefined {
        const written = this.#world.writtenAt(path, offset);
        const isHere =
            written?.source === undefined || this.#world.texts.pathOf(written.source) === path;
        return isHere ? written?.start : undefined;
    }

    /** A place of the expanded text, shown where it was written if that is in the same file. */
    #placeOf({ path, line, column }: Place): Place[] {
        const text = this.#world.after().textOf(path);
        const offset = text.split("\n").slice(0, line).join("\n").length + (line > 0 ? 1 : 0);
        const start = this.#startOf(path, offset + column);
        return start === undefined ? [] : [placeAt(this.#context.textOf(path), path, start)];
    }
}
