// What may be depended on: exact versions, Node 20.19, nothing that must run at install.

import semver from "semver";
import { expect, test } from "vitest";

import { readRepositoryFile } from "../support/repository.ts";

interface Locked {
    readonly version?: string;
    readonly engines?: { readonly node?: string } | readonly string[];
    readonly optional?: boolean;
    readonly peer?: boolean;
}

const NODE = "20.19.0";
const LOCK = JSON.parse(readRepositoryFile("package-lock.json")) as {
    packages: Record<string, Locked>;
};
const MANIFEST = JSON.parse(readRepositoryFile("package.json")) as {
    engines: { node: string };
    dependencies: Record<string, string>;
    devDependencies: Record<string, string>;
};

function nodeRange(entry: Locked): string {
    const engines = entry.engines;
    return engines !== undefined && "node" in engines ? (engines.node ?? "*") : "*";
}

test("no dependency asks for a Node above 20.19", () => {
    const bad = Object.entries(LOCK.packages)
        .filter(([, entry]) => !semver.satisfies(NODE, nodeRange(entry)))
        .map(([name, entry]) => `${name}@${entry.version ?? ""} wants ${nodeRange(entry)}`);
    expect(bad).toEqual([]);
});

test("every dependency has an exact version", () => {
    const all = { ...MANIFEST.dependencies, ...MANIFEST.devDependencies };
    const bad = Object.entries(all).filter(([, version]) => semver.valid(version) === null);
    expect(bad).toEqual([]);
    expect(MANIFEST.engines.node).toBe(">=20.19");
});

test("there is one copy of vscode-jsonrpc", () => {
    const copies = Object.keys(LOCK.packages).filter((name) => name.endsWith("/vscode-jsonrpc"));
    expect(copies).toEqual(["node_modules/vscode-jsonrpc"]);
});

test("install scripts are switched off for everybody", () => {
    expect(readRepositoryFile(".npmrc")).toMatch(/^ignore-scripts=true$/m);
});
