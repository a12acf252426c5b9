// Which definition of one capture is which of another, taken before and after an edit. Paired by the name
// token through the edit, never by spelling; what has no token by its place in a paired parent.

import type { FactDefinition, FactRole, RustcFacts } from "../facts.ts";
import { parentPath } from "./dump-words.ts";

/** Where an offset of the text before the edit lies after it; the role tells the halves of a shorthand. */
export type MapPosition = (
    file: string,
    offset: number,
    role: FactRole,
) => { readonly file: string; readonly offset: number } | undefined;

/** Names of one capture in terms of the other. */
export class DefinitionPairs {
    readonly #pairs = new Map<string, string>();
    /** Definitions before that have no counterpart, and after. */
    readonly lost: FactDefinition[] = [];
    readonly gained: FactDefinition[] = [];

    /** Pairs the definitions of two captures of one compilation. */
    add(before: RustcFacts, after: RustcFacts, mapPosition: MapPosition): void {
        const rootBefore = rootOf(before);
        const rootAfter = rootOf(after);
        if (rootBefore !== undefined && rootAfter !== undefined) {
            this.#pairs.set(rootBefore, rootAfter);
        }
        const places = new Map<string, FactDefinition[]>();
        for (const definition of after.definitions) {
            const key = placeKey(after, definition);
            if (key !== undefined) {
                places.set(key, [...(places.get(key) ?? []), definition]);
            }
        }
        const taken = new Set<string>();
        for (const definition of before.definitions) {
            const partner = this.#byToken(before, definition, { places, mapPosition, taken });
            if (partner !== undefined) {
                this.#pairs.set(definition.path, partner.path);
                taken.add(partner.path);
            }
        }
        this.#pairTokenless(before, after, taken);
    }

    /** The path after the edit; undefined when a definition of the workspace has no counterpart. */
    translate(path: string): string | undefined {
        const known = this.#pairs.get(path);
        if (known !== undefined) {
            return known;
        }
        for (let parent = parentPath(path); parent !== undefined; parent = parentPath(parent)) {
            const paired = this.#pairs.get(parent);
            if (paired !== undefined) {
                return paired + path.slice(parent.length);
            }
        }
        return path;
    }

    #byToken(
        before: RustcFacts,
        definition: FactDefinition,
        about: {
            readonly places: ReadonlyMap<string, readonly FactDefinition[]>;
            readonly mapPosition: MapPosition;
            readonly taken: ReadonlySet<string>;
        },
    ): FactDefinition | undefined {
        const file = before.files[definition.file]?.path;
        if (file === undefined) {
            return undefined;
        }
        const at = about.mapPosition(file, definition.start, "definition");
        const found = at === undefined ? [] : (about.places.get(`${at.file}:${at.offset}`) ?? []);
        // Several expansions of a macro share one token: taken in order.
        const free = found.filter(
            (each) => each.kind === definition.kind && !about.taken.has(each.path),
        );
        return free[0];
    }

    /** Derived impls and their members, tuple fields: in order among those of the same parent and kind. */
    #pairTokenless(before: RustcFacts, after: RustcFacts, taken: Set<string>): void {
        const free = new Map<string, FactDefinition[]>();
        for (const definition of after.definitions) {
            if (!taken.has(definition.path)) {
                const key = `${definition.kind} ${parentPath(definition.path) ?? ""}`;
                free.set(key, [...(free.get(key) ?? []), definition]);
            }
        }
        for (const definition of before.definitions) {
            if (this.#pairs.has(definition.path)) {
                continue;
            }
            const parent = this.translate(parentPath(definition.path) ?? "");
            const candidates =
                definition.file >= 0 ? undefined : free.get(`${definition.kind} ${parent ?? ""}`);
            const partner = candidates?.find((each) => each.file < 0);
            if (candidates === undefined || partner === undefined) {
                this.lost.push(definition);
                continue;
            }
            candidates.splice(candidates.indexOf(partner), 1);
            this.#pairs.set(definition.path, partner.path);
            taken.add(partner.path);
        }
        this.gained.push(
            ...after.definitions.filter(
                (each) => !taken.has(each.path) && each.path !== rootOf(after),
            ),
        );
    }
}

function rootOf(facts: RustcFacts): string | undefined {
    return facts.definitions[0]?.path.split("::")[0];
}

function placeKey(facts: RustcFacts, definition: FactDefinition): string | undefined {
    const file = facts.files[definition.file]?.path;
    return file === undefined ? undefined : `${file}:${definition.start}`;
}
