// What tokens in macros' input and bodies mean, by the calls: those that matter are expanded in a copy of the
// workspace, the resolver reads it, and each token means what it means at every place where it has come to
// stand. Said only of a rename to a name that nothing has, which can then capture nothing.

import {
    isLanguageName,
    isStdMemberName,
    type LocalInfo,
    type Occurrence,
    type Resolution,
} from "../resolve/index.ts";
import { KIND, MACRO_TOKEN, type MacroToken } from "../syntax/index.ts";
import { callsToExpand, type CallSite } from "./calls-to-expand.ts";
import type { RenameContext } from "./context.ts";
import { couldMean } from "./could-mean.ts";
import { expandWorkspace, type ExpandedWorkspace } from "./expanded-workspace.ts";
import { isUndecided } from "./find-target.ts";
import { placeKey } from "./proof-view.ts";
import { prepareSubject, relationOf, type Subject } from "./subject.ts";

/** What is known of an undecided token, by `placeKey`. */
export type TokenMeanings = ReadonlyMap<string, "is-subject" | "is-other">;

const NOTHING: TokenMeanings = new Map();

/** Reads the tokens whose meaning is open, and could be the subject, in the calls that they stand in. */
export function readInExpansions(
    context: RenameContext,
    subject: Subject,
    newName: string,
    isKnown: (occurrence: Occurrence) => boolean,
): TokenMeanings {
    if (!isNobodys(context, newName)) {
        return NOTHING;
    }
    const doubts = context.resolution
        .occurrencesNamed(subject.oldName)
        .filter((one) => isDoubt(context, subject, one) && !isKnown(one));
    const ofMacros = doubts.filter((one) => isInMacro(context, one));
    const isHopeless = doubts.length - ofMacros.length > PLAIN_MAX;
    const calls =
        ofMacros.length === 0 || isHopeless ? undefined : callsToExpand(context, ofMacros);
    if (calls === undefined || calls.length === 0) {
        return NOTHING;
    }
    const reading = ExpandedReading.make(context, calls);
    return reading === undefined ? NOTHING : reading.meanings(subject, newName, doubts);
}

/** Whether nothing has a name, so that a token that takes it can mean nothing else. */
function isNobodys({ resolution }: RenameContext, name: string): boolean {
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

class ExpandedReading {
    readonly #context: RenameContext;
    readonly #world: ExpandedWorkspace;
    readonly #after: Resolution;

    private constructor(context: RenameContext, world: ExpandedWorkspace) {
        this.#context = context;
        this.#world = world;
        this.#after = world.resolution;
    }

    /** Expands the calls; undefined where one has no certain output, or one that is not Rust. */
    static make(context: RenameContext, calls: readonly CallSite[]): ExpandedReading | undefined {
        const world = expandWorkspace(context, calls);
        return world === undefined ? undefined : new ExpandedReading(context, world);
    }

    meanings(subject: Subject, newName: string, doubts: readonly Occurrence[]): TokenMeanings {
        const after = this.#subjectAfter(subject);
        if (after === undefined || !this.#world.isHygienic()) {
            return NOTHING;
        }
        const bodies = new Map<string, boolean>();
        const outside = new Set<string>();
        for (const one of doubts) {
            if (!isInMacro(this.#context, one)) {
                outside.add(placeKey(one.file, one.span.start));
            }
            const { role, file, span } = one;
            const isWritten =
                role === "macro-body"
                    ? !this.#world.texts.isInMatcher(file, span.start)
                    : !isInMacro(this.#context, one);
            bodies.set(placeKey(file, span.start), isWritten);
        }
        const seen = this.#relations(subject, after, outside);
        const meanings = new Map<string, "is-subject" | "is-other">();
        for (const [key, isWritten] of bodies) {
            const relations = seen.get(key);
            const [only] = relations ?? [];
            if (relations === undefined) {
                // What a call drops, and what a rule only compares with, names nothing.
                if (!isWritten) {
                    meanings.set(key, "is-other");
                }
            } else if (relations.size === 1 && (only === "is-subject" || only === "is-other")) {
                meanings.set(key, only);
            }
        }
        return this.#world.keepsRules(renamedIn(meanings), newName) ? meanings : NOTHING;
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

    #placeOf({ file, nameSpan }: LocalInfo): string {
        return this.#world.keyOf(file, nameSpan.start);
    }

    /** How the tokens of the old name stand to the subject, at all places where each has come to stand. */
    #relations(
        subject: Subject,
        after: Subject,
        outside: ReadonlySet<string>,
    ): ReadonlyMap<string, ReadonlySet<string>> {
        const { oldName } = subject;
        const seen = new Map<string, Set<string>>();
        const add = (key: string, relation: string): void => {
            seen.set(key, (seen.get(key) ?? new Set()).add(relation));
        };
        const read = new Set<MacroToken>();
        const isOnForeign = this.#isOnForeign(after);
        const context = this.#world.after();
        for (const occurrence of this.#after.occurrencesNamed(oldName)) {
            const written = this.#world.writtenAt(occurrence.file, occurrence.span.start);
            const key = this.#world.keyOf(occurrence.file, occurrence.span.start);
            if (written === undefined || (written.token === undefined && !outside.has(key))) {
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
        for (const { tokens, consumed } of this.#world.outputs) {
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
            for (const token of tokens) {
                const isName =
                    token.kind === MACRO_TOKEN.identifier && plain(token.text) === oldName;
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
            return (
                !crates.has(root) && !/^(?:std|core|alloc)$/u.test(root) && !isLanguageName(root)
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
