// Files renamed in an editor: what it is told to change with them.

import { PassThrough } from "node:stream";
import { pathToFileURL } from "node:url";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

import { METHOD, PROTOCOL_VERSION } from "../../../src/protocol/index.ts";
import { packageVersion } from "../../../src/platform/index.ts";
import { serveClient } from "../../../src/server/serve-client.ts";
import { openTestEngine, TestWorkspace, type EngineFixture } from "../../support/engine-fixture.ts";
import { LspClient, MODERN_CLIENT } from "../../support/lsp-client.ts";

const FILING_CLIENT = {
    ...MODERN_CLIENT,
    workspace: { ...MODERN_CLIENT.workspace, fileOperations: { willRename: true } },
};

interface Edit {
    readonly documentChanges: readonly {
        readonly kind?: string;
        readonly oldUri?: string;
        readonly textDocument?: { readonly uri: string };
        readonly edits?: readonly { readonly newText: string }[];
    }[];
}

let workspace: TestWorkspace;
let fixture: EngineFixture;
let client: LspClient;
let capabilities: object;

beforeAll(async () => {
    workspace = new TestWorkspace();
    const lib = workspace.read("shapes/src/lib.rs");
    workspace.write("shapes/src/lib.rs", `${lib}pub mod tables;\n`);
    workspace.write("shapes/src/tables.rs", "pub mod rows;\npub const SIZE: u8 = 1;\n");
    workspace.makeFolder("shapes/src/tables");
    workspace.write("shapes/src/tables/rows.rs", "pub fn size() -> u8 { crate::tables::SIZE }\n");
    workspace.write("shapes/src/cli.rs", "fn main() {}\n");
    const manifest = workspace.read("shapes/Cargo.toml");
    const bin = '[[bin]]\nname = "shapes-cli"\npath = "src/cli.rs"\n';
    workspace.write("shapes/Cargo.toml", `${manifest}\n${bin}`);
    fixture = openTestEngine(workspace);
    await fixture.engine.ready;
    const [input, output] = [new PassThrough(), new PassThrough()];
    const { engine, log: logger } = fixture;
    const host = { engine, logger, stop: () => undefined, isStopping: () => false };
    serveClient("client", host, { input, output }, () => undefined);
    client = new LspClient({ input: output, output: input }, workspace.root);
    await client.request(METHOD.handshake, {
        protocolVersion: PROTOCOL_VERSION,
        clientVersion: packageVersion(),
        clientName: "test",
    });
    ({ capabilities } = await client.initialize(FILING_CLIENT));
});

afterAll(async () => {
    await fixture.engine.close();
    workspace.remove();
});

function uriOf(path: string): string {
    return pathToFileURL(join(workspace.root, path)).href;
}

function willRename(...renames: readonly (readonly [string, string])[]): Promise<Edit | null> {
    const files = renames.map(([from, to]) => ({ oldUri: uriOf(from), newUri: uriOf(to) }));
    return client.request("workspace/willRenameFiles", { files });
}

test("a client that asks before it renames files is offered to", () => {
    expect(capabilities).toMatchObject({
        workspace: { fileOperations: { willRename: { filters: [{}, {}] } } },
    });
});

test("a module takes the name of its file, and its folder moves along", async () => {
    const edit = await willRename(["shapes/src/tables.rs", "shapes/src/lists.rs"]);
    const texts = edit!.documentChanges.flatMap(({ edits = [] }) =>
        edits.map((one) => one.newText),
    );
    expect(texts).toEqual(["lists", "lists"]);
    const moves = edit!.documentChanges.filter(({ kind }) => kind === "rename");
    expect(moves.map(({ oldUri }) => oldUri)).toEqual([uriOf("shapes/src/tables/rows.rs")]);
});

test("a manifest follows the root of a target", async () => {
    const edit = await willRename(["shapes/src/cli.rs", "shapes/src/main_tool.rs"]);
    expect(edit!.documentChanges).toMatchObject([
        {
            textDocument: { uri: uriOf("shapes/Cargo.toml") },
            edits: [{ newText: "src/main_tool.rs" }],
        },
    ]);
});

test("nothing is answered for what no module is, nor for several at once", async () => {
    expect(await willRename(["README.md", "READ.md"])).toBeNull();
    const several = [
        ["shapes/src/tables.rs", "shapes/src/a.rs"],
        ["shapes/src/cli.rs", "shapes/src/b.rs"],
    ] as const;
    expect(await willRename(...several)).toBeNull();
});

test("what cannot follow is said", async () => {
    expect(await willRename(["shapes/src/tables.rs", "shapes/src/my-tables.rs"])).toBeNull();
    const shown = client.notifications.filter(({ method }) => method === "window/showMessage");
    expect(shown.at(-1)).toMatchObject({
        params: { type: 2, message: expect.stringContaining("no module can be called") as string },
    });
});
