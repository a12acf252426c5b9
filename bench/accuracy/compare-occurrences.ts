// Compares what two sides say of the tokens of a workspace: same definition, another, or none.

/** A definition in the workspace: file and offset of its token. */
export interface DefinitionSite {
    readonly path: string;
    readonly offset: number;
}

/** What one side says of a token. */
export interface TokenVerdict {
    /** Where it is defined in the workspace; empty when it is not. */
    readonly sites: readonly DefinitionSite[];
    /** It names something outside of the workspace, or of the language itself. */
    readonly isExternal: boolean;
    /** Why there is no decision; empty when there is one. */
    readonly undecided: string;
    /** How the side calls what is named; for people. */
    readonly text: string;
    /** How the token is used; empty when the side does not say. */
    readonly role: string;
}

/** How two verdicts relate. */
export type Agreement =
    | "same"
    | "same-external"
    | "undecided"
    | "not-seen"
    | "other-place"
    | "ours-external"
    | "theirs-external";

/** Relates our verdicts on a token to theirs; ours may be several, as a token can have two uses. */
export function compareToken(
    ours: readonly TokenVerdict[],
    theirs: readonly TokenVerdict[],
): Agreement {
    if (ours.length === 0) {
        return "not-seen";
    }
    const decided = ours.filter((one) => one.undecided === "");
    for (const mine of decided) {
        for (const other of theirs) {
            if (mine.sites.some((site) => other.sites.some((place) => isSame(site, place)))) {
                return "same";
            }
        }
    }
    if (decided.length === 0) {
        return "undecided";
    }
    const oursOutside = decided.some((one) => one.isExternal);
    const theirsOutside = theirs.some((one) => one.isExternal);
    if (oursOutside && theirsOutside) {
        return "same-external";
    }
    if (ours.length > decided.length) {
        return "undecided";
    }
    return oursOutside ? "ours-external" : theirsOutside ? "theirs-external" : "other-place";
}

function isSame(one: DefinitionSite, other: DefinitionSite): boolean {
    return one.path === other.path && one.offset === other.offset;
}

/** Counts of agreements. */
export type AgreementCounts = Record<Agreement, number>;

/** Counts with nothing in them. */
export function noAgreements(): AgreementCounts {
    return {
        same: 0,
        "same-external": 0,
        undecided: 0,
        "not-seen": 0,
        "other-place": 0,
        "ours-external": 0,
        "theirs-external": 0,
    };
}

/** Share of our decisions that the other side confirms; undefined when we made none. */
export function precisionOf(counts: AgreementCounts): number | undefined {
    const right = counts.same + counts["same-external"];
    const wrong = counts["other-place"] + counts["ours-external"] + counts["theirs-external"];
    return right + wrong === 0 ? undefined : right / (right + wrong);
}

/** Share of the other side's tokens that we decide as it does; undefined when it has none. */
export function recallOf(counts: AgreementCounts): number | undefined {
    const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
    return all === 0 ? undefined : (counts.same + counts["same-external"]) / all;
}
