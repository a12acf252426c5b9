// The layers below as the engine's ports. Heavy modules (the parser's wasm, the resolver, the planner)
// are loaded when they are first needed: a warm start answers without them.

import { assert, required } from "../base/index.ts";
import type { EnginePorts, PlannerPort, ResolverPort } from "./ports.ts";
import type * as Refactor from "../refactor/index.ts";
import type * as Resolve from "../resolve/index.ts";
import type { Resolution, ResolvedWorkspace, Resolver } from "../resolve/index.ts";
import { realAnalyzerPort, realFactsPort } from "./facts-port.ts";
import { openParserPort } from "./parser-port.ts";

/** The ports of a real engine. */
export function realPorts(): EnginePorts {
    const parser = openParserPort();
    return {
        parser,
        resolver: resolverPort(),
        planner: plannerPort(),
        codec: parser.codec,
        facts: realFactsPort(),
        analyzer: realAnalyzerPort(),
        loadWorkspace: async (root, options) => {
            const { loadWorkspace } = await import("../capture/index.ts");
            return loadWorkspace(root, options);
        },
        openGraph: async (folder) => {
            const { openGraphPort } = await import("./graph-port.ts");
            return openGraphPort(folder);
        },
    };
}

function resolverPort(): ResolverPort {
    let loaded: { readonly module: typeof Resolve; readonly resolver: Resolver } | undefined;
    const resolve = (): typeof Resolve => required(loaded, "the resolver is loaded").module;
    const checked = (resolution: Resolution): ResolvedWorkspace => {
        const known = resolve();
        assert(resolution instanceof known.ResolvedWorkspace, "the resolution is of this resolver");
        return resolution;
    };
    return {
        load: async () => {
            if (loaded === undefined) {
                const module = await import("../resolve/index.ts");
                loaded ??= { module, resolver: new module.Resolver() };
            }
        },
        lookAhead: (capture) => {
            loaded?.module.listItemsAhead(capture);
        },
        resolve: (input) => required(loaded, "the resolver is loaded").resolver.resolve(input),
        checked,
        resolveAside: (input, change) =>
            required(loaded, "the resolver is loaded").resolver.resolveAside(input, change),
        resolvePart: (input, part) =>
            required(loaded, "the resolver is loaded").resolver.resolvePart(input, part),
        settle: () => {
            loaded?.resolver.settle();
        },
        contentOf: (resolution, captures) =>
            resolve().graphContentOf(checked(resolution), captures),
        forget: () => {
            if (loaded !== undefined) {
                loaded = { ...loaded, resolver: new loaded.module.Resolver() };
            }
        },
        encode: (resolution) => resolve().encodeResolution(checked(resolution)),
        decode: (bytes) => resolve().decodeResolution(bytes),
    };
}

function plannerPort(): PlannerPort {
    let loaded: typeof Refactor | undefined;
    const module = (): typeof Refactor =>
        required(loaded, "the planner is loaded before it is used");
    return {
        load: async () => {
            loaded ??= await import("../refactor/index.ts");
        },
        plan: (context, target, newName, options) =>
            module().planRename(context, target, newName, options),
        prepare: (context, target) => module().prepareRename(context, target),
        planFile: (context, renamed, signal) => module().renameFile(context, renamed, { signal }),
        isApplicable: (plan, accepted) => module().isApplicable(plan, accepted),
        applyEdits: (text, edits) => module().applyEdits(text, edits),
        diff: (plan, textOf) => module().renderUnifiedDiff(plan.edits, plan.moves, textOf),
    };
}
