// Configurations beside those that are checked as a rule: where a place is left open that none of them compiles, its
// package with the features that the place may wait for.

import { appendTo } from "../../base/index.ts";
import type { CaptureConfiguration } from "../../capture/index.ts";
import type { UnprovedPlace } from "../../refactor/index.ts";
import { packageOfFile, type Package } from "../../workspace/index.ts";
import type { EnginePorts } from "../ports.ts";
import type { View } from "../view.ts";

/** A package and how it may be compiled, what compiles most first. */
export interface WiderConfiguration {
    readonly packageName: string;
    readonly choices: readonly CaptureConfiguration[];
}

/** Each package is checked by itself, and a check is seconds. */
const PACKAGES_MAX = 4;

/** What may compile places that nothing has compiled; empty where no feature can be behind it. */
export async function widerConfigurations(
    ports: EnginePorts,
    view: View,
    places: readonly UnprovedPlace[],
): Promise<readonly WiderConfiguration[]> {
    const byPackage = new Map<Package, UnprovedPlace[]>();
    for (const place of places) {
        const home = view.model.packages[packageOfFile(view.model, place.path) ?? -1];
        if (home !== undefined && Object.keys(home.features).some((name) => name !== "default")) {
            appendTo(byPackage, home, place);
        }
    }
    if (byPackage.size === 0 || byPackage.size > PACKAGES_MAX) {
        return [];
    }
    const { branchesOf } = await import("../../refactor/index.ts");
    await ports.parser.load();
    const captures = await view.loadCaptures();
    const context = {
        resolution: view.resolution,
        treeOf: (path: string) => captures.get(path)?.tree,
    };
    return [...byPackage].map(([{ name, features }, own]) => {
        const predicates = branchesOf(context, own);
        const named = [...new Set(predicates.flatMap(featuresAskedFor))].filter(
            (feature) => features[feature] !== undefined,
        );
        return { packageName: name, choices: choicesOf(named.sort()) };
    });
}

/** Features that a predicate asks for; those that must be absent left out. */
export function featuresAskedFor(predicate: string): string[] {
    let text = predicate;
    for (let before = ""; before !== text;) {
        before = text;
        text = text
            .replaceAll(/\b(?:all|any)\(([^()]*)\)/gu, "$1")
            .replaceAll(/\bnot\([^()]*\)/gu, "");
    }
    return [...text.matchAll(/\bfeature\s*=\s*"([^"]+)"/gu)].map(([, name = ""]) => name);
}

function choicesOf(named: readonly string[]): CaptureConfiguration[] {
    const list = named.join(",");
    const kinds = [
        { name: "--all-features", features: [], allFeatures: true },
        ...(named.length === 0
            ? []
            : [{ name: `--features ${list}`, features: named, allFeatures: false }]),
    ];
    // Tests, benches and examples often need what the features do not bring.
    return kinds.flatMap(({ name, ...kind }) =>
        [true, false].map((allTargets) => ({
            ...kind,
            ...{ allTargets, noDefaultFeatures: false },
            name: allTargets ? `all targets ${name}` : name,
        })),
    );
}
