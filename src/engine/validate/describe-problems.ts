// What the compiler found wrong with an edit, as a refusal.

import { refuse, type Refusal } from "../../base/index.ts";
import type { RoundProblems } from "./checked-configurations.ts";

const SHOWN_MAX = 20;

/** Says what the compiler found wrong. */
export function describeProblems(
    { diagnostics, first, configuration }: RoundProblems,
    rounds: number,
): Refusal {
    const [head = "it does not compile"] = first.split("\n");
    const shown = diagnostics.slice(0, SHOWN_MAX).map(({ level, code, message, spans }) => {
        const span = spans.find(({ isPrimary }) => isPrimary) ?? spans[0];
        const where = span === undefined ? "" : `${span.file}:${span.line + 1}: `;
        return `${where}${level}${code === "" ? "" : `[${code}]`}: ${message}`;
    });
    const more = diagnostics.length - shown.length;
    return refuse(
        "VALIDATE_BROKEN",
        `after ${rounds === 1 ? "one round" : `${rounds} rounds`}, ${configuration}: ${head}`,
        {
            candidates: [...shown, ...(more > 0 ? [`and ${more} more`] : [])],
            advice: "nothing was changed; look at the preview of the rename",
        },
    );
}
