// What the names of a SCIP index stand for here. Names collide: a package's binaries, examples and tests share
// one name space, items in function bodies leave the function out, twins under a cfg have one name. A name is
// believed only where the index has one definition of it, on a token that is one symbol's name here.

import {
    crateNameOf,
    isCrateRoot,
    isMemberTerm,
    parseScipSymbol,
    readableScipPath,
} from "../../capture/index.ts";
import type { ResolutionSource } from "../resolution-source.ts";
import type { DefinitionPlaces } from "./definition-places.ts";
import type { EvidenceTarget } from "./model.ts";

/** Why an occurrence of an index says nothing here. */
export type LeftOut =
    /** Its file belongs to several crates, or to none. */
    | "several-owners"
    /** Its name has several definitions. */
    | "collided"
    /** Its definition has no token: a macro or a derive made it. */
    | "made"
    /** Its definition is not the token of one symbol here, or stands in a function's body. */
    | "not-ours"
    /** It is spelled otherwise than what it names. */
    | "other-spelling"
    /** The token has several meanings at once. */
    | "several-meanings"
    /** It stands under a cfg that may be off. */
    | "under-cfg"
    /** Under another cfg there may be another thing in its place. */
    | "other-cfg"
    /** It stands in a macro's input, which may have more expansions than the one that was looked at. */
    | "in-macro"
    /** Its name could not be read. */
    | "unread";

/** What a name stands for: a target, and how that is spelled. */
export interface Named {
    readonly target: EvidenceTarget;
    /** Symbols of the workspace that it stands for. */
    readonly symbols: readonly number[];
    readonly name: string;
    readonly isField: boolean;
}

/** Where an index has the definition of a name. */
export interface DefinedAt {
    readonly file: string;
    readonly start: number;
    readonly end: number;
    /** The definition is the file: of a module, or a crate. */
    readonly isFile: boolean;
}

/** What names are looked up in. */
export interface DefinitionInput {
    readonly source: ResolutionSource;
    readonly places: DefinitionPlaces;
    /** Names of the workspace's packages. */
    readonly packages: ReadonlySet<string>;
}

const SEVERAL = "several";

/** Definitions of an index by name. */
export class ScipDefinitions {
    readonly #input: DefinitionInput;
    readonly #numbers = new Map<string, number>();
    readonly #texts: string[] = [];
    readonly #definitions = new Map<number, DefinedAt | typeof SEVERAL>();
    readonly #named = new Map<number, Named | LeftOut>();
    #modules: ReadonlyMap<string, readonly number[]> | undefined;

    constructor(input: DefinitionInput) {
        this.#input = input;
    }

    /** Number of a name. */
    numberOf(symbol: string): number {
        let number = this.#numbers.get(symbol);
        if (number === undefined) {
            number = this.#texts.push(symbol) - 1;
            this.#numbers.set(symbol, number);
        }
        return number;
    }

    /** Takes in a definition; undefined for one whose place here is not known. */
    define(number: number, at: DefinedAt | undefined): void {
        const isNew = at !== undefined && !this.#definitions.has(number);
        this.#definitions.set(number, isNew ? at : SEVERAL);
    }

    /** What a name stands for; to be asked when all definitions are in. */
    named(number: number): Named | LeftOut {
        let named = this.#named.get(number);
        if (named === undefined) {
            named = this.#find(number);
            this.#named.set(number, named);
        }
        return named;
    }

    /** What the definition at a place is here. */
    symbolAt({ file, start, end, isFile }: DefinedAt): Named | LeftOut {
        const { source, places } = this.#input;
        const found = isFile
            ? (this.#modulesOf().get(file) ?? [])
            : places.at(file, start).filter((one) => source.symbol(one).nameSpan?.end === end);
        const [symbol] = found;
        const crates = new Set(found.map((one) => source.symbol(one).crate));
        if (symbol === undefined || crates.size > 1 || found.some((one) => this.#isInBody(one))) {
            return "not-ours";
        }
        // A file that is two modules of a crate, one for each cfg, has two symbols for one token.
        const ids = found.map((one) => source.idOf(one).toString(16).padStart(16, "0"));
        return {
            target: { kind: "symbols", ids },
            symbols: found,
            name: source.symbol(symbol).name,
            isField: source.kindOf(symbol) === "field",
        };
    }

    #find(number: number): Named | LeftOut {
        const at = this.#definitions.get(number);
        if (at === SEVERAL) {
            return "collided";
        }
        if (at !== undefined) {
            return this.symbolAt(at);
        }
        const symbol = parseScipSymbol(this.#texts[number] ?? "");
        if (symbol === undefined) {
            return "unread";
        }
        if (this.#input.packages.has(symbol.package)) {
            return "made";
        }
        return {
            target: { kind: "outside", path: readableScipPath(symbol) },
            symbols: [],
            name: isCrateRoot(symbol)
                ? crateNameOf(symbol)
                : (symbol.descriptors.at(-1)?.name ?? ""),
            isField: isMemberTerm(symbol),
        };
    }

    /** Symbols whose body is a file. */
    #modulesOf(): ReadonlyMap<string, readonly number[]> {
        const { source } = this.#input;
        this.#modules ??= new Map(
            source.ownership().map(({ path, modules }) => [path, modules] as const),
        );
        return this.#modules;
    }

    #isInBody(symbol: number): boolean {
        const { source } = this.#input;
        for (
            let parent = source.symbol(symbol).parent;
            parent !== undefined;
            parent = source.symbol(parent).parent
        ) {
            if (BODIED.has(source.kindOf(parent))) {
                return true;
            }
        }
        return false;
    }
}

/** Kinds whose bodies may hold items. */
const BODIED: ReadonlySet<string> = new Set([
    "function",
    "method",
    "const",
    "static",
    "assoc-const",
]);
