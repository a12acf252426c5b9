// What can be found out of a rename before its new name is known: what is renamed, and what its name means in macros. An
// editor says where a rename begins seconds before it says the new name.

import type { Steps } from "../base/index.ts";
import type { Resolution } from "../resolve/index.ts";
import type { RenameContext } from "./context.ts";
import { localKey, refuseSymbol } from "./find-target.ts";
import { findSubject } from "./found-subject.ts";
import type { FoundSubject, NobodysReading, RenameAhead } from "./known-ahead.ts";
import { readAhead } from "./known-relations.ts";
import { findMadeNames } from "./made-names.ts";
import { refuseMeaning } from "./meaningful-names.ts";
import type { RenameTarget } from "./model.ts";
import { isPlainTarget } from "./plain-target.ts";
import { findPrintedNames } from "./printed-names.ts";
import { relationOf, type ItemTarget, type Subject } from "./subject.ts";

class PreparedRename implements RenameAhead {
    readonly #resolution: Resolution;
    readonly #found: FoundSubject;
    readonly #readings: ReadonlyMap<string, NobodysReading>;

    constructor(
        resolution: Resolution,
        found: FoundSubject,
        readings: ReadonlyMap<string, NobodysReading>,
    ) {
        this.#resolution = resolution;
        this.#found = found;
        this.#readings = readings;
    }

    foundOf({ resolution }: RenameContext, target: ItemTarget): FoundSubject | undefined {
        const { subject, companions } = this.#found;
        return resolution === this.#resolution && isSameTarget(subject.target, target)
            ? { subject: { ...subject, target }, companions }
            : undefined;
    }

    readingOf(context: RenameContext, subject: Subject): NobodysReading | undefined {
        return this.foundOf(context, subject.target) && this.#readings.get(readingKey(subject));
    }
}

/** Prepares the rename of a target to a name that is not known yet; undefined where there is nothing to prepare. */
export function* prepareRename(
    context: RenameContext,
    target: RenameTarget,
): Steps<RenameAhead | undefined> {
    const { resolution } = context;
    if (!isPlainTarget(context, target)) {
        return undefined;
    }
    if (target.kind === "symbol" && refuseSymbol(resolution, target.symbol) !== undefined) {
        return undefined;
    }
    yield* walkNamed(resolution, target);
    const found = findSubject(context, target);
    const { subject, companions } = found;
    yield;
    if (refuseMeaning(context, subject) !== undefined) {
        return undefined;
    }
    // What these find is asked for again; what it is found by stays.
    yield;
    findMadeNames(context, subject);
    yield;
    findPrintedNames(context, subject);
    for (const path of editedFiles(resolution, subject)) {
        yield;
        resolution.rowsIn(path);
    }
    const readings = new Map<string, NobodysReading>();
    const together = { ...subject, companions };
    for (const each of companions.size === 0 ? [subject] : [together, subject]) {
        yield;
        readings.set(readingKey(each), yield* readAhead(context, each));
    }
    return new PreparedRename(resolution, found, readings);
}

/** Walks what spells the target's name, some files at a time: everything that follows asks for it. */
function* walkNamed(resolution: Resolution, target: ItemTarget): Steps<void> {
    const name =
        target.kind === "local" ? target.local.name : resolution.symbol(target.symbol).name;
    const paths = resolution.files().map(({ path }) => path);
    for (let at = 0; at < paths.length; at += FILES_AT_ONCE) {
        const some = new Set(paths.slice(at, at + FILES_AT_ONCE));
        resolution.rowsNamed(name, (path) => some.has(path));
        yield;
    }
}

/** Most of them do not spell the name. */
const FILES_AT_ONCE = 8;

/** Files of which all tokens will be compared. */
function editedFiles(resolution: Resolution, subject: Subject): ReadonlySet<string> {
    return new Set(
        resolution
            .occurrencesNamed(subject.oldName)
            .filter((one) => relationOf(subject, one) === "is-subject")
            .map(({ file }) => file),
    );
}

function readingKey({ companions }: Subject): string {
    return [...companions].sort().join(" ");
}

function isSameTarget(a: ItemTarget, b: ItemTarget): boolean {
    if (a.kind === "symbol" || b.kind === "symbol") {
        return a.kind === "symbol" && b.kind === "symbol" && a.symbol === b.symbol;
    }
    return localKey(a.local) === localKey(b.local);
}
