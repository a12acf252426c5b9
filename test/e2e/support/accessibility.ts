// What axe has against a page.

import { source } from "axe-core";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
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
export interface Accessibility {
    readonly failed: readonly string[];
    readonly passed: number;
}

/** Checks a page that may run scripts. */
export async function checkAccessibility(frame: Frame): Promise<Accessibility> {
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

/** Checks a copy of a page in which no script may run, axe neither: its HTML with the editor's colors, and its styles. */
export async function checkStillPage(
    frame: Frame,
    styles: readonly string[],
): Promise<Accessibility> {
    const html = (await frame.content()).replaceAll(/<(?:meta http-equiv|link|script)[^>]*>/gu, "");
    const page = await frame.page().context().newPage();
    try {
        await page.setContent(html);
        for (const name of styles) {
            const file = new URL(`../../../extensions/vscode/media/${name}.css`, import.meta.url);
            await page.addStyleTag({ content: readFileSync(fileURLToPath(file), "utf8") });
        }
        return await checkAccessibility(page.mainFrame());
    } finally {
        await page.close();
    }
}
