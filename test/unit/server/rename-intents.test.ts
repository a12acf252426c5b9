// Renames of imports and aliases, of `self` and `'_`, as an editor and our own requests ask for them.

import { PassThrough } from "node:stream";
import { afterAll, beforeAll, expect, test } from "vitest";

import { METHOD, PROTOCOL_VERSION, type RenameImpactResult } from "../../../src/protocol/index.ts";
import { packageVersion } from "../../../src/platform/index.ts";
import { serveClient } from "../../../src/server/serve-client.ts";
import { openTestEngine, TestWorkspace, type EngineFixture } from "../../support/engine-fixture.ts";
import { LspClient, MODERN_CLIENT } from "../../support/lsp-client.ts";

const ROUND = "shapes/src/round.rs";
const TEXT = `use crate::scale as sized;
use std::fmt::Debug;
pub struct Disc<'a>(&'a f64);
impl Disc<'_> {
    pub fn area(&self) -> f64 { sized(*self.0) }
}
pub fn show(disc: &Disc<'_>, name: &dyn Debug) -> f64 { disc.area() }
`;

/** Resolves the edits of code actions. */
const RESOLVING_CLIENT = {
    ...MODERN_CLIENT,
    textDocument: {
        ...MODERN_CLIENT.textDocument,
        codeAction: {
            ...MODERN_CLIENT.textDocument.codeAction,
            dataSupport: true,
            resolveSupport: { properties: ["edit"] },
        },
    },
};

interface Edit {
    readonly documentChanges: readonly {
        readonly edits: readonly { readonly newText: string; readonly range: object }[];
    }[];
}

let workspace: TestWorkspace;
let fixture: EngineFixture;
let client: LspClient;

beforeAll(async () => {
    workspace = new TestWorkspace();
    workspace.write(ROUND, TEXT);
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
    await client.initialize(RESOLVING_CLIENT);
});

afterAll(async () => {
    await fixture.engine.close();
    workspace.remove();
});

function newTexts(edit: Edit): string[] {
    return edit.documentChanges.flatMap(({ edits }) => edits.map((each) => each.newText));
}

function rename(needle: string, newName: string): Promise<Edit> {
    const at = client.at(ROUND, TEXT, needle);
    return client.request<Edit>("textDocument/rename", { ...at, newName });
}

function ask(needle: string, newName: string, as: string): Promise<RenameImpactResult> {
    const { line, character: column } = client.at(ROUND, TEXT, needle).position;
    const symbol = { kind: "place", place: { path: ROUND, line, column } };
    return client.request(METHOD.renameImpact, { symbol, newName, as, planOnly: true });
}

test("an editor renames the alias that the cursor stands on", async () => {
    expect(newTexts(await rename("sized(*", "larger"))).toEqual(["larger", "larger"]);
});

test("`self` is offered, and becomes a parameter", async () => {
    const at = client.at(ROUND, TEXT, "self) ->");
    expect(await client.request("textDocument/prepareRename", at)).toMatchObject({
        placeholder: "self",
    });
    const texts = newTexts(await rename("self) ->", "disc"));
    expect(texts.sort()).toEqual(["", "Disc::area(", "disc", "disc: &Self"]);
});

test("`'_` takes a name", async () => {
    expect(newTexts(await rename("'_> {", "'a")).sort()).toEqual(["'a", "<'a>"]);
});

test("our own request says what is meant", async () => {
    const item = await ask("scale as", "resize", "item");
    const imported = await ask("scale as", "resize", "import");
    const foreign = await ask("Debug;", "Show", "import");
    expect(item.plan.edits.length).toBeGreaterThan(imported.plan.edits.length);
    expect(imported.plan).toMatchObject({ applicable: true, files: 1 });
    expect(foreign.plan.edits.map((each) => each.newText)).toEqual([" as Show", "Show"]);
});

test("our own request is refused where it is not clear, or no import", async () => {
    const { line, character: column } = client.at(ROUND, TEXT, "sized(*").position;
    const symbol = { kind: "place", place: { path: ROUND, line, column } };
    const refused = async (params: object): Promise<string | undefined> =>
        (await client.refused(METHOD.renameImpact, { newName: "x", ...params })).data?.code;
    expect(await refused({ symbol })).toBe("RENAME_ALIAS");
    expect(await refused({ symbol, as: "thing" })).toBe("RENAME_AS_KIND");
    const path = { kind: "path", path: "shapes::scale" };
    expect(await refused({ symbol: path, as: "import" })).toBe("RENAME_NO_IMPORT");
});

test("code actions import under another name, and under the item's own", async () => {
    const offered = async (needle: string): Promise<{ title: string }[]> => {
        const { position, textDocument } = client.at(ROUND, TEXT, needle);
        const range = { start: position, end: position };
        const context = { diagnostics: [] };
        return client.request("textDocument/codeAction", { textDocument, range, context });
    };
    const [own] = (await offered("sized;")).filter((one) => one.title.startsWith("Import"));
    expect(own?.title).toBe("Import `scale` under its own name");
    const resolved = await client.request<{ edit: Edit }>("codeAction/resolve", own!);
    expect(newTexts(resolved.edit).sort()).toEqual(["", "scale"]);
    const [other] = (await offered("Debug;")).filter((one) => one.title.startsWith("Import"));
    expect(other?.title).toBe("Import `Debug` as `DebugAlias`");
    const alias = await client.request<{ edit: Edit }>("codeAction/resolve", other!);
    expect(newTexts(alias.edit).sort()).toEqual([" as DebugAlias", "DebugAlias"]);
    const elsewhere = await offered("Disc<'a>");
    expect(elsewhere.filter((one) => one.title.startsWith("Import"))).toEqual([]);
});
