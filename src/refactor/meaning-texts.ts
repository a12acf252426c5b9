// Bindings of the proof, in words for people, and which of them no compiler takes.

import type { Binding, Resolution } from "../resolve/index.ts";
import { describe } from "./find-target.ts";

/** Whether two traits give one type a method of the name: a call of it does not compile. */
export function isClash(resolution: Resolution, binding: Binding): boolean {
    const givers = new Map<string, Set<number>>();
    for (const candidate of binding.kind === "ambiguous" ? binding.candidates : []) {
        const { display, parent } = resolution.symbol(candidate);
        const holder = parent === undefined ? undefined : resolution.symbol(parent);
        const type = /^<(.+) as /u.exec(display)?.[1];
        if (holder === undefined || (type === undefined && holder.kind !== "trait")) {
            return false;
        }
        const traits = givers.get(type ?? "") ?? new Set();
        givers.set(type ?? "", traits.add(holder.index));
    }
    return givers.size === 1 && [...givers.values()].every((traits) => traits.size > 1);
}

/** What a token means, seen by every crate that it is part of. */
export function meaningText(resolution: Resolution, bindings: readonly Binding[]): string {
    const texts = new Set(bindings.map((one) => bindingText(resolution, one)));
    return [...texts].join(" and ");
}

function bindingText(resolution: Resolution, binding: Binding): string {
    switch (binding.kind) {
        case "symbol":
            return binding.symbols
                .slice(0, 1)
                .map((symbol) => describe(resolution, { kind: "symbol", symbol }))
                .join("");
        case "local":
            return describe(resolution, { kind: "local", local: binding.local });
        case "external":
            return `\`${binding.path}\``;
        case "builtin":
            return `the built-in \`${binding.name}\``;
        case "ambiguous":
            return "one of several things";
        case "unresolved":
        case "opaque":
            return "nothing that is known";
    }
}
