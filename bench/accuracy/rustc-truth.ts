// What rustc says of a workspace, for questions about its tokens; and our resolver with that as evidence.

import path from "node:path";

import { absPath, finishSteps } from "../../src/base/index.ts";
import {
    DEFAULT_CONFIGURATION,
    multiCapture,
    openFactStore,
    TESTS_CONFIGURATION,
    type RustcFacts,
    type StoredUnit,
} from "../../src/capture/index.ts";
import { readTextSync } from "../../src/platform/index.ts";
import {
    decodeUnitEvidence,
    Evidence,
    FactReducer,
    Resolver,
    type Resolution,
} from "../../src/resolve/index.ts";
import type { ResolvedHere } from "./resolve-here.ts";

/** The facts of one compilation, and how the store knows it. */
export interface TrueUnit {
    readonly stored: StoredUnit;
    readonly facts: RustcFacts;
}

/** Compiles a workspace, with its tests where they compile, and reads what rustc said; or why it is not had. */
export async function captureTruth(root: string, folder: string): Promise<TrueUnit[] | string> {
    const result = await multiCapture(
        { root, cargoFolders: [""] },
        {
            trusted: true,
            folder,
            configurations: [DEFAULT_CONFIGURATION, TESTS_CONFIGURATION],
        },
    );
    if (result.frontend.kind === "aside") {
        return result.frontend.message;
    }
    const store = await openFactStore(folder);
    const units: TrueUnit[] = [];
    for (const stored of store.units) {
        const facts = stored.stale === undefined ? await store.read(stored.key) : undefined;
        if (facts !== undefined) {
            units.push({ stored, facts });
        }
    }
    return units;
}

/** Resolves once more, with rustc's word on every token that it has spoken of. */
export function resolveWithTruth(here: ResolvedHere, truth: readonly TrueUnit[]): Resolution {
    const { model, captures } = here;
    const textOf = (file: string): string | undefined => here.texts.get(file);
    const reducer = new FactReducer({ model, captures, resolution: here.resolution, textOf });
    finishSteps(reducer.prepare());
    truth.forEach(({ facts }) => {
        reducer.readDefinitions(facts);
    });
    const units = truth.flatMap(({ stored, facts }) => {
        const { key, factsHash, configurations } = stored;
        const reduced = finishSteps(reducer.reduce(facts, { key, factsHash, configurations }));
        const unit = reduced.kind === "reduced" ? decodeUnitEvidence(reduced.bytes) : undefined;
        return unit === undefined ? [] : [unit];
    });
    const outside = new Map([...reducer.outside]);
    const evidence = new Evidence(
        units,
        outside,
        (file) => textOf(file) ?? readTextSync(absPath(path.join(here.root, file))),
    );
    return new Resolver().resolve({ model, captures, evidence });
}
