// Everything that a folder exports has a doc comment, and a folder's index lists names.

import ts from "typescript";
import { expect, test } from "vitest";

import { listRepositoryFiles, readRepositoryFile } from "../support/repository.ts";

const FILES = listRepositoryFiles();
const INDEXES = FILES.filter((name) => /^src\/[^/]+\/index\.ts$/.test(name));

function parse(name: string): ts.SourceFile {
    return ts.createSourceFile(name, readRepositoryFile(name), ts.ScriptTarget.ES2023, true);
}

interface Exported {
    readonly name: string;
    readonly file: string;
}

// What an index re-exports: the name in its own file, and that file.
function listExports(index: string): Exported[] {
    const folder = index.slice(0, -"index.ts".length);
    const found: Exported[] = [];
    for (const statement of parse(index).statements) {
        if (!ts.isExportDeclaration(statement) || statement.exportClause === undefined) {
            continue;
        }
        const from = statement.moduleSpecifier;
        if (from === undefined || !ts.isStringLiteral(from) || !from.text.startsWith("./")) {
            continue;
        }
        if (ts.isNamedExports(statement.exportClause)) {
            for (const element of statement.exportClause.elements) {
                const name = (element.propertyName ?? element.name).text;
                found.push({ name, file: folder + from.text.slice(2) });
            }
        }
    }
    return found;
}

function declares(statement: ts.Statement, name: string): boolean {
    if (ts.isVariableStatement(statement)) {
        return statement.declarationList.declarations.some(
            (declaration) => ts.isIdentifier(declaration.name) && declaration.name.text === name,
        );
    }
    const named =
        ts.isFunctionDeclaration(statement) ||
        ts.isClassDeclaration(statement) ||
        ts.isInterfaceDeclaration(statement) ||
        ts.isTypeAliasDeclaration(statement);
    return named && statement.name?.text === name;
}

function docComment(node: ts.Node, source: ts.SourceFile): string {
    const ranges = ts.getLeadingCommentRanges(source.text, node.getFullStart()) ?? [];
    const last = ranges[ranges.length - 1];
    const text = last === undefined ? "" : source.text.slice(last.pos, last.end);
    return text.startsWith("/**") ? text : "";
}

test.each(INDEXES)("every export of %s has a one-sentence doc comment", (index) => {
    const bad = listExports(index).filter(({ name, file }) => {
        const source = parse(file);
        const declarations = source.statements.filter((statement) => declares(statement, name));
        return !declarations.some((declaration) =>
            /^\/\*\*\s+(\*\s+)?\S[^]*[.:;)]/.test(docComment(declaration, source)),
        );
    });
    expect(bad.map(({ name, file }) => `${file}: ${name}`)).toEqual([]);
});

test("every folder of src has an index, but for the command", () => {
    const folders = new Set(
        FILES.filter((name) => /^src\/[^/]+\/.*\.ts$/.test(name)).map((name) => name.split("/")[1]),
    );
    folders.delete("cli");
    const without = [...folders].filter(
        (folder) => !INDEXES.includes(`src/${folder ?? ""}/index.ts`),
    );
    expect(without).toEqual([]);
});
