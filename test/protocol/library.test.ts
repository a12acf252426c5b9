// The package as programs import it: by its name, from what is shipped.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

import { readRepositoryFile } from "../support/repository.ts";

test("the package gives the library, and its types stand on their own", async () => {
    const manifest = JSON.parse(readRepositoryFile("package.json")) as {
        readonly exports: { readonly ".": { readonly types: string; readonly default: string } };
    };
    const { types, default: module } = manifest.exports["."];
    const loaded = (await import(new URL(`../../${module}`, import.meta.url).href)) as object;
    expect(Object.keys(loaded)).toEqual(["openGraph"]);
    const text = readFileSync(new URL(`../../${types}`, import.meta.url), "utf8");
    expect(text).toContain(
        "export declare function openGraph(folder: string): Promise<GraphFile>;",
    );
    expect([...text.matchAll(/from "([^"]+)"/gu)].map(([, from]) => from)).toEqual([
        "apache-arrow",
    ]);
});
