// A refusal or a failure as a person reads it. Pure.

import type { OperatingError, Refusal } from "../base/index.ts";
import type { Paint } from "./paint.ts";
import { showExcerpt, showPlace, type SourceLines } from "./source-lines.ts";

const PLACES_MAX = 5;

/** Refusals that list what is in the way, where others list what may have been meant. */
const LISTS = /^(?:EXECUTOR|OPERATION|PATCH|PLAN|ROLLBACK)_/u;

/** Why what was asked for was not done, where, and what to do instead. */
export function renderRefusal(refusal: Refusal, source: SourceLines, paint: Paint): string[] {
    const lines = [
        `${paint.red(paint.bold("refused"))}: ${refusal.message} ${paint.dim(`[${refusal.code}]`)}`,
    ];
    for (const place of refusal.at.slice(0, PLACES_MAX)) {
        lines.push(`  ${paint.cyan("at")} ${showPlace(place, source)}`);
        lines.push(...showExcerpt(place, source).map((line) => `     ${line}`));
    }
    if (refusal.at.length > PLACES_MAX) {
        lines.push(`  and at ${refusal.at.length - PLACES_MAX} more places`);
    }
    if (refusal.candidates.length > 0) {
        const head = LISTS.test(refusal.code) ? "in detail" : "it could be";
        lines.push(`  ${head}:`, ...refusal.candidates.map((each) => `    ${each}`));
    }
    if (refusal.advice !== "") {
        lines.push(`  ${paint.green("help")}: ${refusal.advice}`);
    }
    return lines;
}

/** What failed, what it came from, and what to do. */
export function renderFailure(error: OperatingError, paint: Paint): string[] {
    const lines = [
        `${paint.red(paint.bold("failed"))}: ${error.message} ${paint.dim(`[${error.code}]`)}`,
    ];
    let cause: unknown = error.cause;
    for (let depth = 0; depth < 3 && cause instanceof Error; depth++) {
        if (!error.message.includes(cause.message)) {
            lines.push(`  because: ${cause.message}`);
        }
        cause = cause.cause;
    }
    if (error.advice !== "") {
        lines.push(`  ${paint.green("help")}: ${error.advice}`);
    }
    return lines;
}
