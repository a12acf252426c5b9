// What tokens in macros' input and bodies mean, by the calls: those that matter are expanded in a copy of the
// workspace, the resolver reads it, and each token means what it means at every place where it has come to
// stand. A name that nothing has can capture nothing; for any other the rename is planned and proved on that copy.

import { finishSteps, type Refusal, type Steps } from "../base/index.ts";
import {
    isLanguageName,
    isStdMemberName,
    type LocalInfo,
    type Occurrence,
    type Resolution,
} from "../resolve/index.ts";
import { KIND, MACRO_TOKEN, type MacroToken } from "../syntax/index.ts";
import { callsToExpand } from "./calls-to-expand.ts";
import type { RenameContext } from "./context.ts";
import { couldMean } from "./could-mean.ts";
import { partAround } from "./crate-part.ts";
import { expandWorkspaces, type ExpandedWorkspace } from "./expanded-workspace.ts";
import { isUndecided } from "./find-target.ts";
import type { NobodysReading, TokenMeanings } from "./known-ahead.ts";
import type { Conflict, RenamePlan, TextEdit } from "./model.ts";
import { placeKey } from "./proof-view.ts";
import type { CallSite } from "./written-calls.ts";
import { prepareSubject, relationOf, type Subject } from "./subject.ts";

const NOTHING: TokenMeanings = new Map();

/** Plans the rename of a subject on a copy of the workspace. */
export type PlanOfSubject = (context: RenameContext, subject: Subject) => RenamePlan | Refusal;

/** What reading takes besides. */
export interface ReadingWish {
    readonly isKnown: (occurrence: Occurrence) => boolean;
    /** Undefined where nothing is to be expanded to a name that somebody has. */
    readonly plan: PlanOfSubject | undefined;
    /** What `readForNobodys` gives, where that was done ahead. */
    readonly ahead?: NobodysReading | undefined;
}

/** Reads the tokens whose meaning is open, and could be the subject, in the calls that they stand in. */
export function readInExpansions(
    context: RenameContext,
    subject: Subject,
    newName: string,
    { isKnown, plan, ahead }: ReadingWish,
): TokenMeanings {
    if (isNobodys(context, newName)) {
        const reading = ahead ?? finishSteps(readForNobodys(context, subject, isKnown));
        return reading(newName);
    }
    // Which macro a call means that has been expanded is not asked again.
    const isMacro = subject.members.some(({ kind }) => kind === "macro");
    if (plan === undefined || isMacro) {
        return NOTHING;
    }
    const isOpen = (one: Occurrence): boolean => isDoubt(context, subject, one) && !isKnown(one);
    const { resolution } = context;
    const old = resolution.occurrencesNamed(subject.oldName).filter(isOpen);
    const taken = resolution.occurrencesNamed(newName).filter(isOpen);
    const calls = callsAround(context, [...old, ...taken]);
    const worlds = calls.length === 0 ? undefined : finishSteps(expandWorkspaces(context, calls));
    const [world, ...others] = worlds ?? [];
    return world === undefined || others.length > 0
        ? NOTHING
        : new ExpandedReading(context, world).meaningsBeside(
              subject,
              { newName, plan },
              { old, taken },
          );
}

/**
 * Reads the same tokens for a name that nothing has: which one that is decides only whether the calls still match
 * the same rules.
 */
export function* readForNobodys(
    context: RenameContext,
    subject: Subject,
    isKnown: (occurrence: Occurrence) => boolean,
): Steps<NobodysReading> {
    const doubts = context.resolution
        .occurrencesNamed(subject.oldName)
        .filter((one) => isDoubt(context, subject, one) && !isKnown(one));
    yield;
    const calls = callsAround(context, doubts);
    if (calls.length === 0) {
        return () => NOTHING;
    }
    // What tokens mean hangs on what their crates can name.
    const paths = new Set([...calls.map(({ path }) => path), ...doubts.map(({ file }) => file)]);
    const part = partAround(context, paths);
    const worlds = (yield* expandWorkspaces(context, calls, part)) ?? [];
    const readings = worlds.map((world) => new ExpandedReading(context, world));
    const meanings = yield* meaningsIn(readings, subject, doubts);
    const renamed = renamedIn(meanings);
    return (newName) =>
        readings.every((reading) => reading.keepsRules(renamed, newName)) ? meanings : NOTHING;
}

/** The calls in which the tokens among some doubts stand that macros have; none where they cannot be read so. */
function callsAround(context: RenameContext, doubts: readonly Occurrence[]): readonly CallSite[] {
    const ofMacros = doubts.filter((one) => isInMacro(context, one));
    const isHopeless = doubts.length - ofMacros.length > PLAIN_MAX;
    return ofMacros.length === 0 || isHopeless ? [] : (callsToExpand(context, ofMacros) ?? []);
}

/** What tokens mean by several readings, each of other definitions of macros: what all agree on. */
function* meaningsIn(
    readings: readonly ExpandedReading[],
    subject: Subject,
    doubts: readonly Occurrence[],
): Steps<TokenMeanings> {
    const seen = new Map<string, Set<string>>();
    for (const reading of readings) {
        const relations = yield* reading.relations(subject, doubts);
        if (relations === undefined) {
            return NOTHING;
        }
        for (const [key, found] of relations) {
            seen.set(key, new Set([...(seen.get(key) ?? []), ...found]));
        }
    }
    const meanings = new Map<string, "is-subject" | "is-other">();
    for (const one of doubts) {
        const key = placeKey(one.file, one.span.start);
        const relations = seen.get(key);
        const [only] = relations ?? [];
        if (relations === undefined) {
            // What a call drops, and what a rule only compares with, names nothing.
            if (readings.some((reading) => !reading.isWritten(one))) {
                meanings.set(key, "is-other");
            }
        } else if (relations.size === 1 && (only === "is-subject" || only === "is-other")) {
            meanings.set(key, only);
        }
    }
    return meanings;
}

/** Whether nothing has a name, so that a token that takes it can mean nothing else. */
export function isNobodys({ resolution }: RenameContext, name: string): boolean {
    return (
        /^[\p{XID_Start}_]\p{XID_Continue}*$/u.test(name) &&
        !isStdMemberName(name) &&
        !isLanguageName(name) &&
        resolution.occurrencesNamed(name).length === 0 &&
        // What no token spells may be left of a look-up for it.
        resolution.findByName(name).every((one) => resolution.symbol(one).kind === "external")
    );
}

/** So many doubts outside of macros are worth a look: what macros define may decide them. */
const PLAIN_MAX = 8;

/** Whether a token stands in a macro's input or definition. */
function isInMacro(context: RenameContext, { role, file, span, binding }: Occurrence): boolean {
    if (role === "macro-body" || binding.kind !== "opaque") {
        return role === "macro-body";
    }
    const tree = context.treeOf(file);
    if (tree === undefined) {
        return false;
    }
    const { kind, parent } = tree.columns;
    for (let at = tree.nodeAt(span.start) ?? 0; at !== 0; at = parent[at] ?? 0) {
        if (kind[at] === KIND.macro_invocation) {
            return true;
        }
    }
    return false;
}

/** Whether a token is open and could mean the subject; those of files outside all targets do not count. */
function isDoubt(context: RenameContext, subject: Subject, occurrence: Occurrence): boolean {
    return (
        !occurrence.viaAlias &&
        isUndecided(occurrence.binding) &&
        occurrence.crate !== undefined &&
        couldMean(context, subject, occurrence)
    );
}

/** Whether a conflict says that the rename would be wrong. */
function isHard({ grade }: Conflict): boolean {
    return grade === "error" || grade === "changes-meaning";
}

class ExpandedReading {
    readonly #context: RenameContext;
    readonly #world: ExpandedWorkspace;
    readonly #after: Resolution;

    constructor(context: RenameContext, world: ExpandedWorkspace) {
        this.#context = context;
        this.#world = world;
        this.#after = world.resolution;
    }

    /** How tokens stand to the subject wherever they have come to stand; undefined where that cannot be told. */
    *relations(
        subject: Subject,
        doubts: readonly Occurrence[],
    ): Steps<ReadonlyMap<string, ReadonlySet<string>> | undefined> {
        const after = this.#subjectAfter(subject);
        if (after === undefined || !(yield* this.#world.checkHygiene())) {
            return undefined;
        }
        // File by file, what is asked next is walked.
        for (const path of this.#world.paths) {
            yield;
            this.#after.rowsNamed(subject.oldName, (file) => file === path);
        }
        yield;
        if (!this.#keepsDecided(subject, after)) {
            return undefined;
        }
        yield;
        const outside = doubts.filter((one) => !isInMacro(this.#context, one));
        return this.#relationsOf(subject.oldName, { subject, after }, outside);
    }

    /** Whether a token is written by what it stands in; a macro may drop its input, and compare it. */
    isWritten(one: Occurrence): boolean {
        return one.role === "macro-body"
            ? !this.#world.texts.isInMatcher(one.file, one.span.start)
            : !isInMacro(this.#context, one);
    }

    /** Whether the calls match the same rules when tokens have another name. */
    keepsRules(renamed: ReadonlySet<string>, newName: string): boolean {
        return this.#world.keepsRules(renamed, newName);
    }

    /**
     * The same for a name that somebody has: the rename must be proved in the expanded workspace. Tokens that
     * have that name keep what they mean where each is decided at all places where it has come to stand.
     */
    meaningsBeside(
        subject: Subject,
        { newName, plan }: { readonly newName: string; readonly plan: PlanOfSubject },
        doubts: { readonly old: readonly Occurrence[]; readonly taken: readonly Occurrence[] },
    ): TokenMeanings {
        const read = finishSteps(meaningsIn([this], subject, doubts.old));
        const old = this.keepsRules(renamedIn(read), newName) ? read : NOTHING;
        const after = this.#subjectAfter(subject);
        if (after === undefined || !this.#world.isHygienic()) {
            return NOTHING;
        }
        const made = plan(this.#world.planned(), after);
        if (made.kind === "refusal" || made.conflicts.some(isHard)) {
            return NOTHING;
        }
        // A token of a body, where the macro is defined, means what it means in the expansions.
        const open = new Set(
            made.unproved
                .filter(({ path, span }) => this.#isExpanded(path, span.start))
                .map(({ path, span }) => this.#world.keyOf(path, span.start)),
        );
        const edited = this.#editedIn(made.edits, newName);
        if (edited === undefined || !this.#world.keepsRules(edited, newName)) {
            return NOTHING;
        }
        const seen = this.#relationsOf(newName, { subject, after }, []);
        const meanings = new Map([...old].filter(([key]) => !open.has(key)));
        for (const one of doubts.taken.filter((each) => isInMacro(this.#context, each))) {
            const key = placeKey(one.file, one.span.start);
            const relations = seen.get(key) ?? new Set<string>();
            const isWritten =
                one.role === "macro-body" &&
                !this.#world.texts.isInMatcher(one.file, one.span.start);
            const isOther = [...relations].every((relation) => relation === "is-other");
            if (isOther && !open.has(key) && (relations.size > 0 || !isWritten)) {
                meanings.set(key, "is-other");
            }
        }
        return meanings;
    }

    #isExpanded(path: string, offset: number): boolean {
        return this.#world.writtenAt(path, offset)?.token !== undefined;
    }

    /** Written tokens of calls and macros that a plan edits; undefined where it does more than to rename them. */
    #editedIn(edits: readonly TextEdit[], newName: string): ReadonlySet<string> | undefined {
        const edited = new Set<string>();
        for (const { path, span, newText } of edits) {
            const first = this.#world.writtenAt(path, span.start);
            const last = this.#world.writtenAt(path, Math.max(span.end - 1, 0));
            if (first?.token === undefined && last?.token === undefined) {
                continue;
            }
            if (first?.token === undefined || first.token !== last?.token || newText !== newName) {
                return undefined;
            }
            edited.add(this.#world.keyOf(path, span.start));
        }
        return edited;
    }

    /** The subject as the expanded workspace has it; its definitions are tokens of the text before. */
    #subjectAfter(subject: Subject): Subject | undefined {
        const { local } = subject;
        if (local !== undefined) {
            const wanted = placeKey(local.file, local.nameSpan.start);
            const found = this.#after
                .occurrencesNamed(local.name)
                .map(({ binding }) => (binding.kind === "local" ? binding.local : undefined))
                .find((one) => one !== undefined && this.#placeOf(one) === wanted);
            return found && prepareSubject(this.#after, { kind: "local", local: found });
        }
        const wanted = new Set(
            subject.members.map(({ file, nameSpan }) =>
                placeKey(file ?? "", nameSpan?.start ?? -1),
            ),
        );
        const family = new Set<number>();
        for (const index of this.#after.findByName(subject.oldName)) {
            const { file, nameSpan } = this.#after.symbol(index);
            const place =
                file === undefined || nameSpan === undefined
                    ? ""
                    : this.#world.keyOf(file, nameSpan.start);
            if (wanted.has(place)) {
                this.#after.renameFamily(index).forEach((one) => family.add(one));
            }
        }
        const isForeign = [...family].some((one) => this.#after.externalTraitOf(one) !== undefined);
        const [first] = family;
        return first === undefined || isForeign
            ? undefined
            : {
                  ...prepareSubject(this.#after, { kind: "symbol", symbol: first }),
                  family,
                  members: [...family].map((one) => this.#after.symbol(one)),
              };
    }

    /**
     * Whether the tokens outside of macros mean what they meant before the calls were expanded: a local that a
     * macro binds by a name of its input is seen in what follows the call, which was read without it. What items a
     * macro may define has been thought of in all other files.
     */
    #keepsDecided(subject: Subject, after: Subject): boolean {
        const before = new Map<string, boolean>();
        const expanded = new Set(this.#world.paths);
        for (const one of this.#context.resolution.occurrencesNamed(subject.oldName, expanded)) {
            const relation = one.viaAlias ? "is-other" : relationOf(subject, one);
            if (relation !== "is-undecided") {
                const key = `${placeKey(one.file, one.span.start)} ${one.shorthand ?? ""}`;
                before.set(key, relation === "is-subject");
            }
        }
        return this.#after.occurrencesNamed(subject.oldName, expanded).every((one) => {
            const written = this.#world.writtenAt(one.file, one.span.start);
            const relation = one.viaAlias ? "is-other" : relationOf(after, one);
            if (written?.token !== undefined || relation === "is-undecided") {
                return true;
            }
            const key = this.#world.keyOf(one.file, one.span.start);
            const was = before.get(`${key} ${one.shorthand ?? ""}`);
            return was === undefined || was === (relation === "is-subject");
        });
    }

    #placeOf({ file, nameSpan }: LocalInfo): string {
        return this.#world.keyOf(file, nameSpan.start);
    }

    /** How the tokens of a name stand to the subject, at all places where each has come to stand. */
    #relationsOf(
        name: string,
        { subject, after }: { readonly subject: Subject; readonly after: Subject },
        outside: readonly Occurrence[],
    ): ReadonlyMap<string, ReadonlySet<string>> {
        const places = new Set(outside.map(({ file, span }) => placeKey(file, span.start)));
        const files = new Set([...this.#world.paths, ...outside.map(({ file }) => file)]);
        const seen = new Map<string, Set<string>>();
        const add = (key: string, relation: string): void => {
            seen.set(key, (seen.get(key) ?? new Set()).add(relation));
        };
        const read = new Set<MacroToken>();
        const isOnForeign = this.#isOnForeign(after);
        const context = this.#world.after();
        for (const occurrence of this.#after.occurrencesNamed(name, files)) {
            const written = this.#world.writtenAt(occurrence.file, occurrence.span.start);
            const key = this.#world.keyOf(occurrence.file, occurrence.span.start);
            if (written === undefined || (written.token === undefined && !places.has(key))) {
                continue;
            }
            if (written.token !== undefined) {
                read.add(written.token);
            }
            const isRisky = isOnForeign && written.token !== undefined;
            const relation = occurrence.viaAlias
                ? "is-other"
                : isRisky && occurrence.role === "method-call"
                  ? "is-undecided"
                  : relationOf(after, occurrence);
            const isOpen = relation === "is-undecided" && couldMean(context, after, occurrence);
            add(key, relation === "is-undecided" && !isOpen ? "is-other" : relation);
        }
        for (const { tokens, consumed, dropped } of this.#world.outputs) {
            for (const { token, definition } of consumed) {
                const macro = placeKey(
                    this.#world.texts.pathOf(definition.source),
                    definition.nameStart,
                );
                const isMeant = subject.members.some(
                    ({ file, nameSpan }) => placeKey(file ?? "", nameSpan?.start ?? -1) === macro,
                );
                const key = placeKey(this.#world.texts.pathOf(token.source), token.start);
                add(key, isMeant ? "is-subject" : "is-other");
            }
            for (const token of [...tokens, ...dropped]) {
                const isName = token.kind === MACRO_TOKEN.identifier && plain(token.text) === name;
                if (isName && !read.has(token)) {
                    add(
                        placeKey(this.#world.texts.pathOf(token.source), token.start),
                        "is-undecided",
                    );
                }
            }
        }
        return seen;
    }

    /** Whether the subject is a trait's, and given to types of dependencies, whose own members come first. */
    #isOnForeign({ members }: Subject): boolean {
        const crates = new Set(
            this.#context.model.packages.flatMap(({ targets }) =>
                targets.map(({ crateName }) => crateName),
            ),
        );
        return members.some(({ display }) => {
            const type = /^<[&*\s]*(?:mut |const )?(.*) as /u.exec(display)?.[1];
            const root = type === undefined ? "std" : (/^(\w+)::/u.exec(type)?.[1] ?? type);
            // What has no path is a parameter of the impl: methods of its bounds are all that it has.
            const isParameter = root === type && root !== "_" && /^\w+$/u.test(root);
            return (
                !isParameter &&
                !crates.has(root) &&
                !/^(?:std|core|alloc)$/u.test(root) &&
                !isLanguageName(root)
            );
        });
    }
}

function renamedIn(meanings: TokenMeanings): ReadonlySet<string> {
    return new Set(
        [...meanings].flatMap(([key, relation]) => (relation === "is-subject" ? [key] : [])),
    );
}

function plain(text: string): string {
    return text.startsWith("r#") ? text.slice(2) : text;
}
