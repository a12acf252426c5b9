// What axe has against a page.

import { source } from "axe-core";
import type { Frame } from "playwright-core";

interface AxeWindow {
    readonly axe: {
        run(): Promise<{
            readonly passes: readonly unknown[];
            readonly violations: readonly {
                readonly id: string;
                readonly nodes: readonly {
                    readonly html: string;
                    readonly failureSummary: string;
                }[];
            }[];
        }>;
    };
}

/** What a page fails, and how many rules it passes. */
export async function checkAccessibility(
    frame: Frame,
): Promise<{ readonly failed: readonly string[]; readonly passed: number }> {
    await frame.evaluate(source);
    return frame.evaluate(async () => {
        const { violations, passes } = await (window as unknown as AxeWindow).axe.run();
        return {
            failed: violations.map(
                ({ id, nodes }) =>
                    `${id}: ${nodes[0]?.html ?? ""} ${nodes[0]?.failureSummary ?? ""}`,
            ),
            passed: passes.length,
        };
    });
}
