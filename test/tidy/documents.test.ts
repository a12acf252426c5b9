// The documents say what the code says: error codes, protocol, versions, links.

import { createHash } from "node:crypto";
import path from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";

import { listRepositoryFiles, readRepositoryFile, sizeOf } from "../support/repository.ts";

const FILES = listRepositoryFiles();

// Upper-case words with underscores that are not error codes: names of the environment, LSP and Node.
const NOT_CODES =
    /^(NEW_NAME|XDG_.*|NO_COLOR|FORCE_COLOR|FERROGRAPH_.*|CARGO_(HOME|TARGET_DIR|MANIFEST_DIR|PKG_NAME|TERM_.*|NET_.*|BIN_EXE_.*|CRATE_NAME|PRIMARY_PACKAGE)|OUT_DIR|RUST_(LOG|BACKTRACE|MIN_STACK)|RUSTUP_.*|RUSTC_.*|ERR_[A-Z_]+|LOCAL_?APP_?DATA|LC_ALL|GIT_.*)$/;

function codesOf(name: string): string[] {
    const found: string[] = [];
    const source = ts.createSourceFile(
        name,
        readRepositoryFile(name),
        ts.ScriptTarget.ES2023,
        true,
    );
    const visit = (node: ts.Node): void => {
        if (ts.isStringLiteral(node) && /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/.test(node.text)) {
            found.push(node.text);
        }
        ts.forEachChild(node, visit);
    };
    visit(source);
    return found.filter((code) => !NOT_CODES.test(code));
}

test("every error code of the code is explained in docs/errors.md, and no other", () => {
    const inCode = new Set(
        FILES.filter((name) => name.startsWith("src/") && name.endsWith(".ts")).flatMap(codesOf),
    );
    const headings = [...readRepositoryFile("docs/errors.md").matchAll(/^##+ `([A-Z0-9_]+)`$/gm)];
    const inDocument = headings.map((heading) => heading[1] ?? "");
    expect([...inCode].filter((code) => !inDocument.includes(code)).sort()).toEqual([]);
    expect(inDocument.filter((code) => !inCode.has(code)).sort()).toEqual([]);
    expect(inDocument.length).toBe(new Set(inDocument).size);
});

test.each([
    "requests",
    "daemon-requests",
    "affected-requests",
    "patch-requests",
    "table-requests",
    "validate-requests",
    "facts-status",
    "capture-requests",
    "analyzer-status",
])("docs/protocol/requests.md is pinned to src/protocol/%s.ts", (name) => {
    const file = `src/protocol/${name}.ts`;
    const hash = createHash("sha256").update(readRepositoryFile(file)).digest("hex");
    const document = readRepositoryFile("docs/protocol/requests.md");
    // After a change of the protocol: bring the document up to date, then write the new hash into it.
    const pins = [...document.matchAll(/^sha256 of (\S+): ([0-9a-f]{64})$/gm)];
    expect(pins.find(([, of]) => of === file)?.[2]).toBe(hash);
});

test("docs/protocol/requests.md has a section for every request", () => {
    const document = readRepositoryFile("docs/protocol/requests.md");
    const methods = [
        ...readRepositoryFile("src/protocol/requests.ts").matchAll(
            /^ {4}"(rename-impact[^"]*)": \[/gm,
        ),
    ].map((match) => match[1] ?? "");
    expect(methods.length).toBeGreaterThan(5);
    expect(methods.filter((method) => !document.includes(`\n## \`${method}\`\n`))).toEqual([]);
});

test("the changelog's top entry is the version of both packages", () => {
    const top = /^## (\d+\.\d+\.\d+)/m.exec(readRepositoryFile("CHANGELOG.md"))?.[1];
    for (const manifest of ["package.json", "extensions/vscode/package.json"]) {
        const parsed = JSON.parse(readRepositoryFile(manifest)) as { version: string };
        expect(parsed.version, manifest).toBe(top);
    }
});

test("no link between documents is broken", () => {
    const broken: string[] = [];
    for (const name of FILES.filter((file) => file.endsWith(".md"))) {
        const text = readRepositoryFile(name).replace(/```[^]*?```/g, "");
        for (const match of text.matchAll(/\]\(([^)#\s]+)(#[^)]*)?\)/g)) {
            const link = match[1] ?? "";
            const target = path.posix.join(path.posix.dirname(name), link);
            if (!/^[a-z]+:/.test(link) && sizeOf(target) === undefined) {
                broken.push(`${name}: ${link}`);
            }
        }
    }
    expect(broken).toEqual([]);
});

test("every folder of src has its paragraph in the architecture", () => {
    const document = readRepositoryFile("docs/ARCHITECTURE.md");
    const folders = new Set(
        FILES.filter((name) => /^src\/[^/]+\/./.test(name)).map((name) => name.split("/")[1] ?? ""),
    );
    expect([...folders].filter((folder) => !document.includes(`\n### \`${folder}\``))).toEqual([]);
    expect(document.split("\n").length).toBeLessThan(400);
});

test("the first screen of the README shows what the command prints", () => {
    const lines = readRepositoryFile("README.md").split("\n");
    expect(lines.findIndex((line) => line.startsWith("$ "))).toBeGreaterThan(0);
    expect(lines.findIndex((line) => line.startsWith("$ "))).toBeLessThan(40);
});
