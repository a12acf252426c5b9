// Ports whose resolver knows the evidence of the moment: every resolution of a state or an overlay has it,
// those of texts that do not exist yet (a proof's text after) have not.

import type { EnginePorts } from "./ports.ts";
import type { ToolFacts } from "./tool-facts.ts";

/** Joins all resolutions with the facts of rustc and rust-analyzer. */
export function withEvidence(
    ports: EnginePorts,
    facts: Pick<ToolFacts, "evidence" | "load">,
): EnginePorts {
    const { resolver } = ports;
    return {
        ...ports,
        resolver: {
            load: async () => {
                await Promise.all([resolver.load(), facts.load()]);
            },
            lookAhead: (capture) => {
                resolver.lookAhead(capture);
            },
            resolve: (input) => resolver.resolve({ ...input, evidence: facts.evidence }),
            checked: (resolution) => resolver.checked(resolution),
            resolveAside: (input, change) => resolver.resolveAside(input, change),
            resolvePart: (input, part) => resolver.resolvePart(input, part),
            settle: () => {
                resolver.settle();
            },
            contentOf: (resolution, captures) => resolver.contentOf(resolution, captures),
            encode: (resolution) => resolver.encode(resolution),
            forget: () => {
                resolver.forget();
            },
            decode: (bytes) => resolver.decode(bytes),
        },
    };
}
