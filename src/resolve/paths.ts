// One step of a path: from what the segments so far name to a name inside it (modules, enums, externals).
// Associated items of types are semantics.ts's business.

import { isFound, lookupInModule, type Found, type Lookup, type NameQuery } from "./lookup.ts";
import type { Program } from "./program.ts";

/** Looks a name up inside modules, crates, enums (variants), traits (items) and externals. */
export function stepInto(program: Program, containers: Found, query: NameQuery): Lookup {
    const symbols: number[] = [];
    let alias = false;
    let reason = `no ${query.name} there`;
    for (const container of containers.symbols) {
        const answer = stepOne(program, container, query);
        if (isFound(answer)) {
            symbols.push(...answer.symbols);
            alias ||= answer.alias;
        } else {
            reason = answer.reason;
        }
    }
    if (symbols.length === 0) {
        return { reason };
    }
    return { symbols: symbols.length === 1 ? symbols : [...new Set(symbols)], alias };
}

function stepOne(program: Program, container: number, query: NameQuery): Lookup {
    const symbol = program.symbolAt(container);
    if (symbol.external !== "") {
        return { symbols: [program.external(`${symbol.external}::${query.name}`)], alias: false };
    }
    const scope = program.scopeOfModule.get(container);
    if (scope !== undefined) {
        if (query.name === "super") {
            return { symbols: [(scope.parentModule ?? scope).symbol], alias: false };
        }
        return query.name === "self"
            ? { symbols: [container], alias: false }
            : lookupInModule(program, scope, query);
    }
    const members = program.members
        .get(container)
        ?.get(query.name)
        ?.filter((member) => isPathMember(program, member, query.namespace));
    return members === undefined || members.length === 0
        ? { reason: `${symbol.name} has no ${query.name} that is seen here` }
        : { symbols: members, alias: false };
}

/** Fields are members, but no path reaches them. */
function isPathMember(program: Program, member: number, namespace: number): boolean {
    const symbol = program.symbolAt(member);
    return symbol.kind !== "field" && (symbol.namespaces & namespace) !== 0;
}
