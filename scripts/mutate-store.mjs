// `npm run mutate`: removes every sync, rename, removal, positioned write, cut and check of the
// durability code, one at a time, in a copy of the repository, and runs the store's tests each time until
// one fails. What no test notices survives and must be explained in docs/durability.md. `--list` only
// lists; `--lane I/N` does every Nth from I on; `--only TEXT` those whose name has TEXT; `--out FILE`
// appends a line each, and passes over those whose line is there already.

import { fork } from "node:child_process";
import { appendFileSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

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
    "src/wal/walk-frames.ts",
    "src/wal/write-guard.ts",
    "src/platform/disk.ts",
    "src/platform/files.ts",
    "src/platform/log-file.ts",
];

/** Of files that are not the store's alone, the function that is. */
const FUNCTIONS = { "src/platform/files.ts": "syncFolder" };

const DURABLE = "test/unit/graphstore/durable";

/** Tests in the order in which they are asked: those that say it soonest first. */
const STAGES = [
    [
        "test/unit/wal",
        `${DURABLE}/archive-checks.test.ts`,
        `${DURABLE}/checkpoint-checks.test.ts`,
        `${DURABLE}/log-checks.test.ts`,
        `${DURABLE}/damaged-tails.test.ts`,
        `${DURABLE}/salvage.test.ts`,
        `${DURABLE}/write-order.test.ts`,
        `${DURABLE}/upgrade.test.ts`,
    ],
    [
        `${DURABLE}/failing-disk.test.ts`,
        `${DURABLE}/recovery.test.ts`,
        `${DURABLE}/crash.test.ts`,
        `${DURABLE}/archive.test.ts`,
        "test/unit/graphstore/graph-store.test.ts",
        "test/unit/graphstore/history.test.ts",
        "test/unit/graphstore/tables-image.test.ts",
    ],
    [
        "test/contract/graphstore/store-on-disk.test.ts",
        "test/contract/graphstore/system-calls.test.ts",
    ],
];

/** The tests that most likely notice what is wrong with a file: asked before all others. */
const NEAREST = [
    [/^src\/wal\//, ["test/unit/wal"]],
    [
        /(archive-|history-|earlier-)\w+\.ts$/,
        [`${DURABLE}/archive-checks.test.ts`, `${DURABLE}/archive.test.ts`],
    ],
    [/checkpoint(-layout)?\.ts$/, [`${DURABLE}/checkpoint-checks.test.ts`]],
    [/(salvage-store|restore-state)\.ts$/, [`${DURABLE}/salvage.test.ts`]],
    [
        /(transactions|replay-pages|page-deltas|epoch-base|replay-log|upgrade-store)\.ts$/,
        [`${DURABLE}/log-checks.test.ts`],
    ],
    [
        /(store-log|create-store|cut-files|whole-file|recover-store|graph-store)\.ts$/,
        [`${DURABLE}/write-order.test.ts`, `${DURABLE}/damaged-tails.test.ts`],
    ],
];

const PLATFORM_STAGES = [
    [
        "test/unit/platform/log-file.test.ts",
        "test/unit/platform/disk.test.ts",
        "test/contract/graphstore/system-calls.test.ts",
    ],
    ["test/contract/graphstore/store-on-disk.test.ts"],
];

/** Tests that take longer will never end. */
const ENDLESS_MS = 240_000;

// Calls that change a file or its name, make it durable, or check something.
const CHANGES =
    /^(datasync|datasyncNow|sync|syncFolder|rename|remove|rm|writeAt|truncate|fillZeros|keepCut)$/;
const CHECKS = /^#?(check\w*|assertSound|verifyCheckpoint)$/;
/** Functions that say whether something holds. */
const QUESTIONS = /^(is[A-Z]\w*|follows|payloadMatches)$/;

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
        if (file in FUNCTIONS && functionAround(node) !== FUNCTIONS[file]) {
            return;
        }
        const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
        const shown = node.getText().replace(/\s+/g, " ").slice(0, 90);
        const mutated = text.slice(0, node.getStart()) + replacement + text.slice(node.getEnd());
        mutants.push({ file, text, name: `${file}:${line} ${what} ${shown}`, mutated });
    };
    const visit = (node) => {
        if (ts.isExpressionStatement(node)) {
            const callee = calleeOf(node.expression) ?? "";
            if (CHANGES.test(callee) || CHECKS.test(callee)) {
                add(node, ";", CHANGES.test(callee) ? "without" : "unchecked");
            }
        } else if (ts.isArrowFunction(node) && CHANGES.test(calleeOf(node.body) ?? "")) {
            add(node.body, "Promise.resolve()", "without");
        } else if (ts.isIfStatement(node) && isRefusal(node.thenStatement, file)) {
            const parts = partsOf(node.expression, ts.SyntaxKind.BarBarToken);
            parts.forEach((part) => add(part, "false", "unchecked"));
        } else if (ts.isVariableDeclaration(node) && /^is[A-Z]/.test(node.name.getText())) {
            const isFunction = node.initializer && ts.isArrowFunction(node.initializer);
            const value = isFunction ? node.initializer.body : node.initializer;
            const parts = value && !ts.isBlock(value) ? conjunctsOf(value) : [];
            parts.forEach((part) => add(part, "true", "unchecked"));
        } else if (ts.isReturnStatement(node) && node.expression && isAnswer(node)) {
            const parts = conjunctsOf(node.expression);
            if (parts.length > 1) {
                parts.forEach((part) => add(part, "true", "unchecked"));
            }
        }
        ts.forEachChild(node, visit);
    };
    visit(source);
    return mutants;
}

/** Whether a statement ends by throwing; in the log's own code also by "not good" and by stopping. */
function isRefusal(statement, file) {
    const last = ts.isBlock(statement) ? statement.statements.at(-1) : statement;
    if (last === undefined || ts.isThrowStatement(last)) {
        return last !== undefined;
    }
    const isNo =
        ts.isReturnStatement(last) && /^(undefined|false)$/.test(last.expression?.getText() ?? "");
    return file.startsWith("src/wal/") && (isNo || ts.isBreakStatement(last));
}

function isAnswer(node) {
    return QUESTIONS.test(functionAround(node) ?? "");
}

function functionAround(node) {
    return ts.findAncestor(node, ts.isFunctionLike)?.name?.getText();
}

function conjunctsOf(node) {
    return partsOf(node, ts.SyntaxKind.AmpersandAmpersandToken);
}

function partsOf(node, operator) {
    const inner = ts.isParenthesizedExpression(node) ? node.expression : node;
    return ts.isBinaryExpression(inner) && inner.operatorToken.kind === operator
        ? [...partsOf(inner.left, operator), ...partsOf(inner.right, operator)]
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

/**
 * Tests of the copy, run by a process of its own that stays: what is not changed is not read again. One
 * that does not come to an end is killed, and the next begins anew.
 */
class TestRunner {
    #copy;
    #child;

    constructor(copy) {
        this.#copy = copy;
    }

    /** Whether all tests pass after a file was changed; what is no test's failure is tried again. */
    async passes(changed, tests) {
        for (let attempt = 0; attempt < 3; attempt++) {
            const answer = await this.#ask({ changed, tests });
            if (answer !== "lost") {
                return answer === "passed"; // One that never ends is noticed too.
            }
            this.stop();
        }
        throw new Error("the tests cannot be run");
    }

    #ask(question) {
        this.#child ??= fork(fileURLToPath(import.meta.url), ["--worker", this.#copy], {
            cwd: this.#copy,
            detached: true,
            stdio: "ignore",
        });
        const child = this.#child;
        return new Promise((resolve) => {
            const end = (answer) => {
                clearTimeout(timer);
                child.removeAllListeners();
                resolve(answer);
            };
            const timer = setTimeout(() => {
                this.stop();
                end("endless");
            }, ENDLESS_MS);
            child.once("message", end);
            child.once("exit", () => end("lost"));
            child.send(question);
        });
    }

    stop() {
        if (this.#child?.pid !== undefined) {
            try {
                process.kill(-this.#child.pid, "SIGKILL");
            } catch {
                // It has ended by itself.
            }
        }
        this.#child = undefined;
    }
}

/** Answers whether tests pass, one question after the other. */
async function work(copy) {
    const { createVitest } = await import("vitest/node");
    const quiet = { onInit: () => undefined };
    const options = { root: copy, watch: false, bail: 1, maxWorkers: 1, reporters: [quiet] };
    const vitest = await createVitest("test", options);
    process.on("message", ({ changed, tests }) => {
        const ask = async () => {
            changed.forEach((file) => vitest.invalidateFile(path.join(copy, file)));
            const specifications = await vitest.globTestSpecifications(tests);
            const { testModules, unhandledErrors } =
                await vitest.runTestSpecifications(specifications);
            if (testModules.some((module) => module.state() === "failed")) {
                return "failed";
            }
            const isWhole = testModules.every((module) => module.state() === "passed");
            return isWhole && unhandledErrors.length === 0 ? "passed" : "lost";
        };
        void ask()
            .catch(() => "lost")
            .then((answer) => process.send(answer));
    });
}

function selected() {
    const [lane, lanes] = (option("--lane") ?? "0/1").split("/").map(Number);
    const only = option("--only") ?? "";
    const out = option("--out") ?? "";
    const before = existsSync(out) ? readFileSync(out, "utf8").split("\n") : [];
    return FILES.flatMap(mutantsOf)
        .filter(({ name }) => name.includes(only))
        .filter(({ name }) => !before.some((line) => line.endsWith(` ${name}`)))
        .filter((_, index) => index % lanes === lane);
}

/** Whether no test notices the change of a file; `restored` was changed before and is right again. */
async function survives(runner, file, restored) {
    const nearest = NEAREST.filter(([files]) => files.test(file)).map(([, tests]) => tests);
    const stages = file.startsWith("src/platform/") ? PLATFORM_STAGES : STAGES;
    for (const tests of [...nearest, ...stages]) {
        if (!(await runner.passes([file, restored], tests))) {
            runner.stop(); // What failed is not to be taken for a failure of the next one.
            return false;
        }
    }
    return true;
}

async function main() {
    const mutants = selected();
    if (process.argv.includes("--list")) {
        mutants.forEach(({ name }) => console.log(name));
        console.log(`${mutants.length} mutants`);
        return;
    }
    const out = option("--out");
    const copy = makeCopy();
    const runner = new TestRunner(copy);
    let survivors = 0;
    let restored = FILES[0];
    try {
        for (const tests of [...STAGES, ...PLATFORM_STAGES]) {
            if (!(await runner.passes([], tests))) {
                throw new Error("the tests fail without any change");
            }
        }
        for (const { file, text, name, mutated } of mutants) {
            put(copy, file, mutated);
            const survived = await survives(runner, file, restored);
            put(copy, file, text);
            restored = file;
            survivors += survived ? 1 : 0;
            const line = `${survived ? "SURVIVED" : "killed"} ${name}`;
            console.log(line);
            if (out !== undefined) {
                appendFileSync(out, `${line}\n`);
            }
        }
    } finally {
        runner.stop();
        rmSync(copy, { recursive: true, force: true });
    }
    console.log(`${mutants.length - survivors} of ${mutants.length} killed`);
}

const copyOfWorker = option("--worker");
await (copyOfWorker === undefined ? main() : work(copyOfWorker));
