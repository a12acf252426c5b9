// The extension's manifest, its code and its README say the same.

import { expect, test } from "vitest";

import { listRepositoryFiles, readRepositoryFile } from "../../support/repository.ts";

interface Manifest {
    readonly contributes: {
        readonly commands: readonly { readonly command: string; readonly title: string }[];
        readonly configuration: {
            readonly properties: Readonly<
                Record<string, { readonly default: unknown; readonly markdownDescription: string }>
            >;
        };
        readonly menus: Readonly<Record<string, readonly { readonly command: string }[]>>;
        readonly keybindings: readonly { readonly command: string }[];
        readonly walkthroughs: readonly {
            readonly steps: readonly { readonly media: { readonly markdown: string } }[];
        }[];
    };
    readonly capabilities: {
        readonly untrustedWorkspaces: {
            readonly supported: string;
            readonly restrictedConfigurations: readonly string[];
        };
    };
}

const FOLDER = "extensions/vscode";
const MANIFEST = JSON.parse(readRepositoryFile(`${FOLDER}/package.json`)) as Manifest;
const README = readRepositoryFile(`${FOLDER}/README.md`);
const CODE = listRepositoryFiles()
    .filter((name) => name.startsWith(`${FOLDER}/src/`))
    .map(readRepositoryFile)
    .join("\n");
const { contributes } = MANIFEST;
const COMMANDS = contributes.commands.map(({ command }) => command);

test("every command of the manifest is registered, and every registered one is known", () => {
    const registered = [...CODE.matchAll(/register\(\s*"(ferrograph\.[^"]+)"/gu)].map(
        (match) => match[1] ?? "",
    );
    const internal = ["ferrograph.open"];
    expect([...COMMANDS, ...internal].sort()).toEqual([...new Set(registered)].sort());
});

test("menus and keys name commands that there are", () => {
    const named = [...Object.values(contributes.menus).flat(), ...contributes.keybindings];
    expect(named.map(({ command }) => command).filter((name) => !COMMANDS.includes(name))).toEqual(
        [],
    );
});

test("the README lists every command and every setting with its default", () => {
    for (const { title } of contributes.commands) {
        expect(README, title).toContain(`| Ferrograph: ${title} |`);
    }
    for (const [name, { default: value, markdownDescription }] of Object.entries(
        contributes.configuration.properties,
    )) {
        const shown = value === "" ? "empty" : `\`${JSON.stringify(value).replaceAll('"', "")}\``;
        expect(README, name).toContain(`| \`${name}\` | ${shown} | ${markdownDescription} |`);
    }
});

test("settings that are read are those of the manifest", () => {
    const read = [...CODE.matchAll(/setting(?:<[^>]*>)?\(\s*"([^"]+)"/gu)].map(
        (match) => `ferrograph.${match[1] ?? ""}`,
    );
    const known = Object.keys(contributes.configuration.properties);
    expect(read.filter((name) => !known.includes(name))).toEqual([]);
    // The language client reads this one.
    expect(known.filter((name) => !read.includes(name))).toEqual(["ferrograph.trace.server"]);
});

test("an untrusted workspace cannot say what is started", () => {
    expect(MANIFEST.capabilities.untrustedWorkspaces).toMatchObject({
        supported: "limited",
        restrictedConfigurations: ["ferrograph.server.path"],
    });
});

test("the walkthrough's pages are there", () => {
    for (const { media } of contributes.walkthroughs.flatMap(({ steps }) => steps)) {
        expect(readRepositoryFile(`${FOLDER}/${media.markdown}`)).toMatch(/^## /u);
    }
});
