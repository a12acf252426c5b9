// Where the server is: setting, the workspace's node_modules, inside the extension, PATH.

import { existsSync } from "node:fs";
import path from "node:path";

/** What is known when a server is looked for. */
export interface ServerSearch {
    /** The setting `ferrograph.server.path`; may be empty. */
    readonly setting: string;
    readonly folders: readonly string[];
    readonly extensionFolder: string;
    /** Whether programs of the workspace may be run. */
    readonly trusted: boolean;
    /** The program that runs this extension: the editor's own Node. */
    readonly runtime: string;
}

/** A program, its first arguments, and what is added to its environment. */
export interface ServerCommand {
    readonly command: string;
    readonly args: readonly string[];
    readonly env: Readonly<Record<string, string>>;
}

const MAIN = path.join("dist", "bundle", "main.js");

/** Finds the server; without any other, the one on the PATH. */
export function findServer(search: ServerSearch): ServerCommand {
    const { setting, folders, extensionFolder, trusted, runtime } = search;
    const local = folders.map((folder) => path.join(folder, "node_modules", "ferrograph", MAIN));
    const candidates = [...(trusted ? local : []), path.join(extensionFolder, "server", MAIN)];
    const found = setting === "" ? candidates.find((file) => existsSync(file)) : undefined;
    const command = setting === "" ? (found ?? "ferrograph") : setting;
    // The editor's own Node runs it, so that none has to be installed; Electron is told to be one.
    return command.endsWith(".js")
        ? { command: runtime, args: [command, "lsp"], env: { ELECTRON_RUN_AS_NODE: "1" } }
        : { command, args: ["lsp"], env: {} };
}
