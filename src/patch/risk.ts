// How much can go wrong with an operation that the proof does not see, as a number and its reasons.

import { NODE_FLAG } from "../graph/index.ts";
import type { RenamePlan } from "../refactor/index.ts";
import type { RiskDto, RiskReasonDto } from "../protocol/index.ts";
import type { Resolution, SymbolInfo } from "../resolve/index.ts";

/** What the score of one operation is made of. */
export interface RiskInput {
    readonly resolution: Resolution;
    readonly plan: RenamePlan;
    /** What a change of the item reaches. */
    readonly reach: { readonly symbols: number; readonly crates: number };
    /** Whether `cargo` is to check other configurations too. */
    readonly checksConfigurations: boolean;
}

const SCORE_MAX = 100;
const MEDIUM = 20;
const HIGH = 50;

/** Weighs an operation. */
export function weighOperation(input: RiskInput): RiskDto {
    const symbols = membersOf(input);
    const reasons = [
        macroReason(input),
        publicReason(input, symbols),
        unsafeReason(input, symbols),
        linkedReason(symbols),
        printedReason(input),
        textualReason(input),
        cfgReason(input, symbols),
        reachReason(input),
        movesReason(input),
    ].filter((reason) => reason !== undefined);
    return totalOf(reasons);
}

/** The score of reasons together. */
export function totalOf(reasons: readonly RiskReasonDto[]): RiskDto {
    const sum = reasons.reduce((total, { weight }) => total + weight, 0);
    const score = Math.min(SCORE_MAX, sum);
    return { score, level: score >= HIGH ? "high" : score >= MEDIUM ? "medium" : "low", reasons };
}

/** The risk of several operations: each kind of reason counts at its heaviest, and a little for more. */
export function combineRisks(risks: readonly RiskDto[]): RiskDto {
    const byKind = new Map<string, RiskReasonDto[]>();
    for (const reason of risks.flatMap(({ reasons }) => reasons)) {
        byKind.set(reason.kind, [...(byKind.get(reason.kind) ?? []), reason]);
    }
    const reasons = [...byKind.values()].flatMap((group) => {
        const [heaviest] = [...group].sort((a, b) => b.weight - a.weight);
        const more = group.length - 1;
        return heaviest === undefined
            ? []
            : [
                  {
                      ...heaviest,
                      weight: heaviest.weight + Math.min(more, heaviest.weight),
                      message:
                          more === 0 ? heaviest.message : `${heaviest.message}, and ${more} more`,
                  },
              ];
    });
    return totalOf(reasons.sort((a, b) => b.weight - a.weight));
}

function membersOf({ resolution, plan }: RiskInput): SymbolInfo[] {
    return plan.target.kind === "local"
        ? []
        : resolution.renameFamily(plan.target.symbol).map((index) => resolution.symbol(index));
}

function counted(
    kind: string,
    count: number,
    { each, most }: { readonly each: number; readonly most: number },
    message: string,
): RiskReasonDto | undefined {
    return count === 0 ? undefined : { kind, weight: Math.min(most, each * count), message };
}

function macroReason({ plan }: RiskInput): RiskReasonDto | undefined {
    const edits = plan.edits.filter(({ role }) => role === "macro-body" || role === "macro-input");
    return counted(
        "macros",
        edits.length,
        { each: 3, most: 20 },
        `${edits.length} edits in macros`,
    );
}

function publicReason(
    { plan }: RiskInput,
    symbols: readonly SymbolInfo[],
): RiskReasonDto | undefined {
    const isPublic =
        symbols.some(({ flags }) => (flags & NODE_FLAG.publicApi) !== 0) ||
        plan.conflicts.some(({ grade }) => grade === "breaks-api");
    return isPublic
        ? { kind: "public-api", weight: 15, message: "what is public changes" }
        : undefined;
}

function unsafeReason(
    { resolution, plan }: RiskInput,
    symbols: readonly SymbolInfo[],
): RiskReasonDto | undefined {
    const isUnsafe = ({ flags }: SymbolInfo): boolean => (flags & NODE_FLAG.unsafe) !== 0;
    const inside = plan.edits.filter(({ path, span }) =>
        resolution.occurrencesAt(path, span.start).some(({ enclosing }) => {
            return enclosing !== undefined && isUnsafe(resolution.symbol(enclosing));
        }),
    );
    return symbols.some(isUnsafe) || inside.length > 0
        ? { kind: "unsafe", weight: 5, message: "unsafe code is edited" }
        : undefined;
}

function linkedReason(symbols: readonly SymbolInfo[]): RiskReasonDto | undefined {
    return symbols.some(({ flags }) => (flags & NODE_FLAG.noMangle) !== 0)
        ? { kind: "linked-name", weight: 30, message: "other languages link to it by name" }
        : undefined;
}

function printedReason({ plan }: RiskInput): RiskReasonDto | undefined {
    return plan.conflicts.some(({ grade }) => grade === "changes-output")
        ? { kind: "printed-names", weight: 15, message: "derived code puts the name out" }
        : undefined;
}

function textualReason({ plan }: RiskInput): RiskReasonDto | undefined {
    const edits = plan.edits.filter(({ precision }) => precision === "textual").length;
    const open = plan.unproved.length;
    const left = plan.leftAlone.length;
    const message = `${edits} edits by text alone, ${open} places open, ${left} in files that nothing compiles`;
    return counted("textual", edits + open + Math.min(left, 2), { each: 5, most: 30 }, message);
}

function cfgReason(
    { checksConfigurations }: RiskInput,
    symbols: readonly SymbolInfo[],
): RiskReasonDto | undefined {
    const gated = symbols.filter(({ cfg }) => cfg !== "");
    return checksConfigurations
        ? undefined
        : counted(
              "cfg",
              gated.length,
              { each: 4, most: 12 },
              `${gated.length} definitions under cfg, and no configurations to check`,
          );
}

function reachReason({ reach }: RiskInput): RiskReasonDto | undefined {
    const weight = Math.min(20, Math.round(4 * Math.log10(1 + reach.symbols)));
    const message = `${reach.symbols} symbols in ${reach.crates} crates can feel it`;
    return weight === 0 ? undefined : { kind: "reach", weight, message };
}

function movesReason({ plan }: RiskInput): RiskReasonDto | undefined {
    const count = plan.moves.length;
    return counted("moves", count, { each: 4, most: 12 }, `${count} files move`);
}
