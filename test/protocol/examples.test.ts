// The examples of docs/protocol/examples: each request is sent as it stands there, and the answer has the shape
// that stands there. UPDATE_GOLDEN=1 writes them anew.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

import { METHOD } from "../../src/protocol/index.ts";
import { DaemonHarness } from "../support/daemon-harness.ts";
import type { LspClient } from "../support/lsp-client.ts";
import { git } from "../support/table-queries.ts";

const FOLDER = fileURLToPath(new URL("../../docs/protocol/examples/", import.meta.url));
const ROOT = "/projects/shapes";
const ITEMS_MAX = 2;
const TEXT_MAX = 200;
const SCALE = { kind: "path", path: "shapes::scale" };
const PATCH = {
    id: "first",
    patterns: [{ match: { symbol: "shapes::total" }, action: { rename: "sum" } }],
};

let harness: DaemonHarness;
let client: LspClient;

interface Answered {
    readonly fingerprint?: string;
    readonly next?: string;
    readonly opId?: string;
    readonly plan?: { readonly fingerprint: string };
}

/** Answers by method, which later requests are made of. */
const answers = new Map<string, Answered>();

/** In this order; parameters may be made of what was answered before. */
const REQUESTS: readonly (readonly [method: string, params: () => object])[] = [
    [METHOD.capture, () => ({ full: false })],
    [METHOD.status, () => ({})],
    [METHOD.root, () => ({})],
    [METHOD.impact, () => ({ symbol: SCALE, depth: 1 })],
    [METHOD.reach, () => ({ limit: 2 })],
    [METHOD.references, () => ({ symbol: SCALE })],
    [METHOD.renameImpact, () => ({ symbol: SCALE, newName: "rescale" })],
    [
        METHOD.applyRename,
        () => ({
            symbol: SCALE,
            newName: "rescale",
            fingerprint: answers.get(METHOD.renameImpact)?.plan?.fingerprint,
        }),
    ],
    [METHOD.proof, () => ({ symbol: { kind: "path", path: "shapes::rescale" } })],
    [METHOD.growth, () => ({ before: 1, after: 2 })],
    [METHOD.verify, () => ({})],
    [METHOD.snapshot, () => ({ k: 5 })],
    [METHOD.diff, () => ({ j: 0, k: 5, limit: 2 })],
    [METHOD.query, () => ({ sql: "SELECT range FROM range(5000)" })],
    [METHOD.queryNext, () => ({ cursor: answers.get(METHOD.query)?.next })],
    [METHOD.export, () => ({ folder: `${harness.workspace.root}/.ferrograph/out` })],
    [METHOD.affected, () => ({ since: "HEAD" })],
    [METHOD.plan, () => ({ patch: JSON.stringify(PATCH) })],
    [
        METHOD.applyPlan,
        () => ({ plan: JSON.stringify(answers.get(METHOD.plan)?.plan), inPlace: true }),
    ],
    [METHOD.operations, () => ({ limit: 1 })],
    [METHOD.rollback, () => ({ opId: answers.get(METHOD.applyPlan)?.opId })],
    [METHOD.replay, () => ({ opId: answers.get(METHOD.applyPlan)?.opId })],
];

beforeAll(async () => {
    harness = new DaemonHarness();
    const { workspace } = harness;
    workspace.write(".gitignore", "target\n");
    git(workspace.root, "init", "-q");
    git(workspace.root, "add", "-A");
    git(workspace.root, "commit", "-qm", "base");
    client = harness.editor().client;
    await client.initialize();
});

afterAll(async () => {
    await harness.close();
});

/** What differs from run to run is written as if it did not, and what is long is cut. */
function redact(value: unknown): unknown {
    if (typeof value === "string") {
        const text = value
            .replaceAll(harness.workspace.root, ROOT)
            .replaceAll(
                /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}/g,
                "f7978320-8247-4431-9561-40a612834a66",
            )
            .replaceAll(/[0-9a-f]{64}/g, "93ab…")
            .replaceAll(/[0-9a-f]{40}/g, "9c41…");
        return text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX)}…` : text;
    }
    if (Array.isArray(value)) {
        return value.slice(0, ITEMS_MAX).map(redact);
    }
    return typeof value === "object" && value !== null
        ? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, redact(each)]))
        : value;
}

/** Types of values by name of field; of a list, that of its first element. */
function shapeOf(value: unknown): unknown {
    if (Array.isArray(value)) {
        return value.length === 0 ? [] : [shapeOf(value[0])];
    }
    return typeof value === "object" && value !== null
        ? Object.fromEntries(
              Object.entries(value)
                  .sort(([a], [b]) => (a < b ? -1 : 1))
                  .map(([key, each]) => [key, shapeOf(each)]),
          )
        : typeof value;
}

test.each(REQUESTS)("%s is answered as its example says", async (method, paramsOf) => {
    const params = paramsOf();
    const result = await client.request<Answered>(method, params);
    answers.set(method, result);
    const file = `${FOLDER}${method.replace("/", ".")}.json`;
    const example = { method, params: redact(params), result: redact(result) };
    if (process.env["UPDATE_GOLDEN"] === "1") {
        writeFileSync(file, `${JSON.stringify(example, null, 4)}\n`);
    }
    expect(existsSync(file), "run this test with UPDATE_GOLDEN=1").toBe(true);
    const written = JSON.parse(readFileSync(file, "utf8")) as typeof example;
    expect({ method: written.method, params: written.params }).toEqual({
        method,
        params: example.params,
    });
    expect(shapeOf(example.result)).toEqual(shapeOf(written.result));
});
