// `ferrograph doctor`: looks at everything that ferrograph needs or can use on this machine.

import { accessSync, constants, readFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";

import { findWorkspaceRoot } from "../capture/index.ts";
import {
    BUILD_COMMAND,
    describeCard,
    loadNative,
    openCard,
    type NativeState,
} from "../native/index.ts";
import { findRealPath, runProcess, socketPathFor } from "../platform/index.ts";
import { connectDaemon } from "../server/index.ts";
import { openSyntax } from "../syntax/index.ts";
import type { CommandContext } from "./command-context.ts";
import { EXIT, type ExitStatus } from "./exit-status.ts";
import { renderDoctor, type Finding } from "./render-doctor.ts";

const NODE_MINIMUM = [20, 19] as const;
const TOOL_LIMIT_MS = 10_000;
/** Below this, a large workspace cannot be watched file by file. */
const WATCHES_WANTED = 65_536;

const TOOLS = [
    {
        name: "cargo",
        without: "targets, features and dependencies are read from the manifests alone",
        advice: "install Rust from https://rustup.rs, or put cargo on the PATH",
    },
    {
        name: "rustc",
        without: "nothing can be checked by the compiler",
        advice: "install Rust from https://rustup.rs, or put rustc on the PATH",
    },
    {
        name: "git",
        without: "a refactoring cannot be tried on a branch of its own",
        advice: "install git, or put it on the PATH",
    },
    {
        name: "rust-analyzer",
        without: "occurrences stay `syntactic`, none are confirmed by it",
        advice: "run `rustup component add rust-analyzer rust-src`",
    },
] as const;

/** Checks this machine and the workspace; the status says whether ferrograph can work. */
export async function runDoctor(context: CommandContext): Promise<ExitStatus> {
    const findings = [
        checkNode(process.versions.node),
        await checkGrammar(),
        ...(await Promise.all(TOOLS.map(checkTool))),
        checkAddon(),
        await checkCard(),
        ...checkWatches(),
        ...(await checkWorkspace(context)),
    ];
    const { terminal, common } = context;
    terminal.print(
        common.json ? [JSON.stringify(findings, null, 2)] : renderDoctor(findings, terminal.paint),
    );
    return findings.some((finding) => finding.grade === "bad") ? EXIT.worldFailed : EXIT.done;
}

/** Judges a version of Node. */
export function checkNode(version: string): Finding {
    const [major = 0, minor = 0] = version.split(".").map(Number);
    const isEnough =
        major > NODE_MINIMUM[0] || (major === NODE_MINIMUM[0] && minor >= NODE_MINIMUM[1]);
    return {
        name: "node",
        grade: isEnough ? "good" : "bad",
        detail: version,
        advice: isEnough ? "" : `install Node ${NODE_MINIMUM.join(".")} or newer`,
    };
}

async function checkGrammar(): Promise<Finding> {
    try {
        const parser = await openSyntax();
        const capture = parser.capture("doctor.rs", "fn check() {}\n");
        return {
            name: "grammar",
            grade: "good",
            detail: `tree-sitter-rust loads and parses (${capture.tree.count} nodes)`,
            advice: "",
        };
    } catch (error) {
        const detail = error instanceof Error ? error.message : String(error);
        return { name: "grammar", grade: "bad", detail, advice: "install ferrograph again" };
    }
}

async function checkTool(tool: (typeof TOOLS)[number]): Promise<Finding> {
    try {
        const result = await runProcess(tool.name, ["--version"], { timeoutMs: TOOL_LIMIT_MS });
        if (result.code === 0) {
            const detail = result.stdout.trim().split("\n")[0] ?? "";
            return { name: tool.name, grade: "good", detail, advice: "" };
        }
        const reason = result.stderr.trim().split("\n")[0] ?? "";
        return missing(tool, `cannot be run: ${reason}`);
    } catch {
        return missing(tool, "not found");
    }
}

function missing(tool: (typeof TOOLS)[number], reason: string): Finding {
    const detail = `${reason}; without it, ${tool.without}`;
    return { name: tool.name, grade: "poor", detail, advice: tool.advice };
}

/** Judges the state of the addon; all works without it. */
export function checkAddon(native: NativeState = loadNative()): Finding {
    if (native.ok) {
        const level = native.addon.shaLevels().at(-1) ?? "";
        const detail = `loads; traversal in C++, pages hashed by up to ${level}`;
        return { name: "native addon", grade: "good", detail, advice: "" };
    }
    const slower = "searches of large graphs and the hashing of roots take several times as long";
    const detail = `${native.reason}; without it, ${slower}`;
    const advice = `in the source tree: \`${BUILD_COMMAND}\` (wants cmake and a C++17 compiler)`;
    // Nothing is amiss: it is only slower.
    return { name: "native addon", grade: "good", detail, advice };
}

/** Looks for a card; few workspaces are large enough to gain by one. */
export async function checkCard(native: NativeState = loadNative()): Promise<Finding> {
    const state = await openCard(native);
    const detail =
        state.phase === "ready"
            ? describeCard(state)
            : `${describeCard(state)}; without one, graphs are searched by the processor`;
    if (native.ok) {
        native.addon.stopCard();
    }
    return { name: "CUDA", grade: "good", detail, advice: "" };
}

function checkWatches(): Finding[] {
    if (process.platform !== "linux") {
        return [];
    }
    let limit: number;
    try {
        limit = Number(readFileSync("/proc/sys/fs/inotify/max_user_watches", "utf8"));
    } catch {
        return [
            {
                name: "file watches",
                grade: "poor",
                detail: "the kernel does not say how many there may be",
                advice: "run `ferrograph capture` after changes if they are not noticed",
            },
        ];
    }
    const isEnough = limit >= WATCHES_WANTED;
    return [
        {
            name: "file watches",
            grade: isEnough ? "good" : "poor",
            detail: `${limit} allowed`,
            advice: isEnough ? "" : `sudo sysctl fs.inotify.max_user_watches=${WATCHES_WANTED * 8}`,
        },
    ];
}

async function checkWorkspace(context: CommandContext): Promise<Finding[]> {
    const { common } = context;
    let root: string;
    try {
        root = await findWorkspaceRoot(common.workspace ?? process.cwd());
    } catch (error) {
        const detail = error instanceof Error ? error.message : String(error);
        const advice = "run in a Cargo workspace, or name one with --workspace DIR";
        return [{ name: "workspace", grade: "poor", detail, advice }];
    }
    return [
        { name: "workspace", grade: "good", detail: root, advice: "" },
        checkStore(common.store ?? path.join(root, ".ferrograph")),
        await checkDaemon(root, common.trust),
    ];
}

function checkStore(folder: string): Finding {
    let existing = folder;
    while (findRealPath(existing) === undefined && path.dirname(existing) !== existing) {
        existing = path.dirname(existing);
    }
    try {
        accessSync(existing, constants.W_OK);
        const detail = `${folder}${existing === folder ? "" : " (not made yet)"}`;
        return { name: "store", grade: "good", detail, advice: "" };
    } catch {
        return {
            name: "store",
            grade: "poor",
            detail: `${existing} cannot be written`,
            advice: "the store goes to your cache folder; or choose one with --store DIR",
        };
    }
}

async function checkDaemon(root: string, trusted: boolean): Promise<Finding> {
    const socket = socketPathFor(root);
    try {
        const client = await connectDaemon({
            root,
            trusted,
            clientName: "doctor",
            autoStart: false,
        });
        const { pid, serverVersion } = client.server;
        await client.close();
        const detail = `process ${pid}, version ${serverVersion}, at ${socket}`;
        return { name: "daemon", grade: "good", detail, advice: "" };
    } catch (error) {
        const code = error instanceof Error && "code" in error ? error.code : undefined;
        if (code === "DAEMON_NOT_RUNNING") {
            const detail = `not running; commands start it, at ${socket}`;
            return { name: "daemon", grade: "good", detail, advice: "" };
        }
        const detail = error instanceof Error ? error.message : String(error);
        const advice = "end it with `ferrograph stop`, then try again";
        return { name: "daemon", grade: "poor", detail, advice };
    }
}
