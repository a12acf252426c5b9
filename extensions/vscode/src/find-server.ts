// Where the `ferrograph` command is: setting, the workspace's node_modules, beside the extension, PATH.

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
}

/** A program and its first arguments. */
export interface ServerCommand {
    readonly command: string;
    readonly args: readonly string[];
}

/** Finds the server; without any other, the one on the PATH. */
export function findServer(search: ServerSearch): ServerCommand {
    const bundled = path.join(search.extensionFolder, "server", "dist", "cli", "main.js");
    const local = search.folders.map((folder) =>
        path.join(folder, "node_modules", "ferrograph", "dist", "cli", "main.js"),
    );
    const candidates = [...(search.trusted ? local : []), bundled];
    const found = search.setting === "" ? candidates.find((file) => existsSync(file)) : undefined;
    const command = search.setting === "" ? (found ?? "ferrograph") : search.setting;
    return command.endsWith(".js")
        ? { command: "node", args: [command, "lsp"] }
        : { command, args: ["lsp"] };
}
