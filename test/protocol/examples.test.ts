// The examples of docs/protocol/examples: each request is sent as it stands there, and the answer has the shape
// that stands there. UPDATE_GOLDEN=1 writes them anew.

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

import { METHOD, PROTOCOL_VERSION } from "../../src/protocol/index.ts";
import { DaemonHarness } from "../support/daemon-harness.ts";
import { LspClient } from "../support/lsp-client.ts";
import { describeWith } from "../support/needs.ts";
import { git } from "../support/table-queries.ts";

const FOLDER = fileURLToPath(new URL("../../docs/protocol/examples/", import.meta.url));
const MANIFEST = new URL("../../package.json", import.meta.url);
const { version: VERSION } = JSON.parse(readFileSync(MANIFEST, "utf8")) as { version: string };
const GREETING = {
    protocolVersion: PROTOCOL_VERSION,
    clientVersion: VERSION,
    clientName: "cli",
};
const ROOT = "/projects/shapes";
const ITEMS_MAX = 2;
const TEXT_MAX = 200;
const SCALE = { kind: "path", path: "shapes::scale" };
/** What it is called once the example of a rename has been made. */
const RESCALED = { kind: "path", path: "shapes::rescale" };
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
    [METHOD.proof, () => ({ symbol: RESCALED })],
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

/** Asks, and compares with the example that is written down. */
async function compareWithExample(
    asked: LspClient,
    method: string,
    params: object,
): Promise<Answered> {
    const result = await asked.request<Answered>(method, params);
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
    return result;
}

test.each(REQUESTS)("%s is answered as its example says", async (method, paramsOf) => {
    answers.set(method, await compareWithExample(client, method, paramsOf()));
});

/** A connection to the daemon's own socket: no handshake is made for it. */
function stranger(): LspClient {
    const stream = connect(harness.socketPath());
    return new LspClient({ input: stream, output: stream }, harness.workspace.root);
}

test("a connection begins with a handshake as its example says", async () => {
    await compareWithExample(stranger(), METHOD.handshake, GREETING);
});

test("renames between two revisions are told as the example says", async () => {
    git(harness.workspace.root, "add", "-A");
    git(harness.workspace.root, "commit", "-qm", "rescaled");
    const between = { kind: "revisions", from: "HEAD~1", to: "HEAD" };
    await compareWithExample(client, METHOD.propagate, { between });
});

const CARGO = {
    isThere: ["cargo", "rustc", "rustdoc"].every(
        (program) => spawnSync(program, ["--version"]).status === 0,
    ),
    what: "cargo, rustc and rustdoc",
};

/** Those that run cargo, over a daemon that may. */
const WITH_CARGO: readonly (readonly [method: string, params: object])[] = [
    [METHOD.types, { sources: ["rustdoc"] }],
    [METHOD.flow, { symbol: RESCALED }],
    [METHOD.validateRename, { symbol: RESCALED, newName: "scale" }],
];

describeWith(CARGO, "in a trusted workspace", () => {
    let trusted: LspClient;

    beforeAll(async () => {
        await harness.run("stop");
        trusted = harness.editor("--trust", "--no-facts").client;
        await trusted.initialize();
        await trusted.request(METHOD.capture, { rustc: true, mir: true });
    }, 120_000);

    test.each(WITH_CARGO)("%s is answered as its example says", async (method, params) => {
        await compareWithExample(trusted, method, params);
    });
});

test("a daemon stops as its example says, and says farewell to others", async () => {
    const other = stranger();
    await other.request(METHOD.handshake, GREETING);
    await compareWithExample(stranger(), METHOD.stop, {});
    await expect
        .poll(() => other.notifications)
        .toContainEqual({
            method: METHOD.stopping,
            params: { reason: expect.any(String) as string },
        });
});
