// `npm run mutate`: removes every sync, rename, removal, positioned write, cut and check of the
// durability code, one at a time, in a copy of the repository, and runs the store's tests each time. What
// no test notices survives and must be explained in docs/durability.md. `--list` only lists; `--lane I/N`
// does every Nth from I on; `--only TEXT` those whose name has TEXT; `--out FILE` appends a line each.

import { spawnSync } from "node:child_process";
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { writeFileSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import ts from "typescript";

import { ROOT } from "./steps.mjs";

const FILES = [
    ...readdirSync(path.join(ROOT, "src/graphstore/durable")).map(
        (name) => `src/graphstore/durable/${name}`,
    ),
    "src/graphstore/graph-store.ts",
    "src/graphstore/replay-log.ts",
    "src/graphstore/open-graph-store.ts",
    "src/wal/epoch-layout.ts",
    "src/wal/epoch-writer.ts",
    "src/wal/frames-of.ts",
    "src/wal/log-layout.ts",
    "src/wal/scan-epoch-log.ts",
    "src/wal/scan-log.ts",
    "src/wal/write-guard.ts",
    "src/platform/disk.ts",
    "src/platform/log-file.ts",
];

const TESTS = [
    "test/unit/graphstore/durable",
    "test/unit/wal",
    "test/unit/platform/log-file.test.ts",
    "test/contract/graphstore/store-on-disk.test.ts",
    "test/contract/graphstore/system-calls.test.ts",
];

// Calls that change a file or its name, make it durable, or check something.
const CHANGES = /^(datasync|sync|syncFolder|rename|remove|rm|writeAt|truncate|fillZeros|keepCut)$/;
const CHECKS = /^#?(check\w*|assertSound|verifyCheckpoint)$/;

function calleeOf(node) {
    const call = ts.isAwaitExpression(node) ? node.expression : node;
    if (!ts.isCallExpression(call)) {
        return undefined;
    }
    const { expression } = call;
    return ts.isPropertyAccessExpression(expression) ? expression.name.text : expression.getText();
}

/** Every mutant of a file: what is replaced by what. */
function mutantsOf(file) {
    const text = readFileSync(path.join(ROOT, file), "utf8");
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
    const mutants = [];
    const add = (node, replacement, what) => {
        const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
        const shown = node.getText().replace(/\s+/g, " ").slice(0, 70);
        const [start, end] = [node.getStart(), node.getEnd()];
        mutants.push({ file, name: `${file}:${line} ${what} ${shown}`, start, end, replacement });
    };
    const visit = (node) => {
        if (ts.isExpressionStatement(node)) {
            const callee = calleeOf(node.expression) ?? "";
            if (CHANGES.test(callee) || CHECKS.test(callee)) {
                add(node, ";", CHANGES.test(callee) ? "without" : "unchecked");
            }
        } else if (ts.isArrowFunction(node) && CHANGES.test(calleeOf(node.body) ?? "")) {
            add(node.body, "Promise.resolve()", "without");
        } else if (ts.isIfStatement(node) && endsInThrow(node.thenStatement)) {
            add(node.expression, "false", "unchecked");
        } else if (ts.isVariableDeclaration(node) && /^is[A-Z]/.test(node.name.getText())) {
            conjunctsOf(node.initializer).forEach((part) => add(part, "true", "unchecked"));
        }
        ts.forEachChild(node, visit);
    };
    visit(source);
    return mutants;
}

function endsInThrow(statement) {
    const last = ts.isBlock(statement) ? statement.statements.at(-1) : statement;
    return last !== undefined && ts.isThrowStatement(last);
}

function conjunctsOf(node) {
    if (node === undefined || !ts.isBinaryExpression(node)) {
        return node === undefined ? [] : [node];
    }
    return node.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken
        ? [...conjunctsOf(node.left), ...conjunctsOf(node.right)]
        : [node];
}

function option(name) {
    const at = process.argv.indexOf(name);
    return at === -1 ? undefined : process.argv[at + 1];
}

function makeCopy() {
    const copy = mkdtempSync(path.join(tmpdir(), "ferrograph-mutants-"));
    for (const name of [
        "src",
        "test",
        "dist",
        "package.json",
        "tsconfig.json",
        "vitest.config.ts",
    ]) {
        cpSync(path.join(ROOT, name), path.join(copy, name), { recursive: true });
    }
    symlinkSync(path.join(ROOT, "node_modules"), path.join(copy, "node_modules"));
    return copy;
}

/** Writes a source file, and what is built of it for tests that run the program. */
function put(copy, file, text) {
    writeFileSync(path.join(copy, file), text);
    const built = ts.transpileModule(text, {
        compilerOptions: {
            module: ts.ModuleKind.ESNext,
            target: ts.ScriptTarget.ES2023,
            rewriteRelativeImportExtensions: true,
            verbatimModuleSyntax: true,
        },
    });
    const place = file.replace(/^src/u, "dist").replace(/\.ts$/u, ".js");
    writeFileSync(path.join(copy, place), built.outputText);
}

function runTests(copy) {
    const vitest = path.join(ROOT, "node_modules", "vitest", "vitest.mjs");
    const done = spawnSync(
        process.execPath,
        [vitest, "run", "--bail", "1", "--maxWorkers", "1", ...TESTS],
        { cwd: copy, stdio: "ignore", timeout: 180_000, killSignal: "SIGKILL" },
    );
    return done.status === 0;
}

function main() {
    const [lane, lanes] = (option("--lane") ?? "0/1").split("/").map(Number);
    const only = option("--only") ?? "";
    const mutants = FILES.flatMap(mutantsOf)
        .filter(({ name }) => name.includes(only))
        .filter((_, index) => index % lanes === lane);
    if (process.argv.includes("--list")) {
        mutants.forEach(({ name }) => console.log(name));
        console.log(`${mutants.length} mutants`);
        return;
    }
    const copy = makeCopy();
    let survivors = 0;
    try {
        if (!runTests(copy)) {
            throw new Error("the tests fail without any change");
        }
        for (const { file, name, start, end, replacement } of mutants) {
            const text = readFileSync(path.join(ROOT, file), "utf8");
            put(copy, file, text.slice(0, start) + replacement + text.slice(end));
            const survived = runTests(copy);
            put(copy, file, text);
            survivors += survived ? 1 : 0;
            const line = `${survived ? "SURVIVED" : "killed"} ${name}`;
            console.log(line);
            const out = option("--out");
            if (out !== undefined) {
                appendFileSync(out, `${line}\n`);
            }
        }
    } finally {
        rmSync(copy, { recursive: true, force: true });
    }
    console.log(`${mutants.length - survivors} of ${mutants.length} killed`);
}

main();
