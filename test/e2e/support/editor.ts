// A real VS Code on a copy of a workspace: code-server with the packaged extension, in headless Chromium,
// driven as a person would: by keys, menus, and the palette.

import { execFileSync, spawn, spawnSync, type ChildProcess } from "node:child_process";
import {
    cpSync,
    existsSync,
    mkdirSync,
    mkdtempSync,
    readFileSync,
    rmSync,
    writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { chromium, type Browser, type Frame, type Locator, type Page } from "playwright-core";
import { vi } from "vitest";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const IMAGES = path.join(ROOT, "docs", "images");
const CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];
/** Activation may take that long on a busy machine. */
const SLOW_MS = 45_000;
/** What is asked of the server takes no longer. */
const WAIT_MS = 30_000;

/** How much of the daemon's log is told when a test fails. */
const LOGGED_LINES = 40;

/** How an editor is to be started. */
export interface EditorOptions {
    readonly settings?: Readonly<Record<string, unknown>>;
    /** Workspace trust is asked for, and not given. */
    readonly untrusted?: boolean;
    /** Packages of further extensions. */
    readonly extensions?: readonly string[];
    /** Files that the workspace has beside its own, by path. */
    readonly files?: Readonly<Record<string, string>>;
    readonly size?: { readonly width: number; readonly height: number };
}

function need(name: string): string {
    const value = process.env[name];
    if (value === undefined) {
        throw new Error(`${name} is not set: run \`npm run test:e2e\``);
    }
    return value;
}

/** The editor, its workspace, and its browser. */
export class Editor {
    readonly folder: string;
    readonly home: string;
    readonly page: Page;
    readonly #server: ChildProcess;
    readonly #browser: Browser;

    private constructor(parts: {
        home: string;
        folder: string;
        page: Page;
        server: ChildProcess;
        browser: Browser;
    }) {
        this.home = parts.home;
        this.folder = parts.folder;
        this.page = parts.page;
        this.#server = parts.server;
        this.#browser = parts.browser;
    }

    /** Starts it on a copy of examples/orrery, which is a repository of git. */
    static async start(options: EditorOptions = {}): Promise<Editor> {
        const home = mkdtempSync(path.join(tmpdir(), "ferrograph-vscode-"));
        const folder = copyWorkspace(home, options.files ?? {});
        writeSettings(home, options);
        const environment = environmentOf(home);
        const main = [need("E2E_CODE_SERVER"), ...folders(home)];
        for (const vsix of [need("E2E_VSIX"), ...(options.extensions ?? [])]) {
            execFileSync(need("E2E_NODE"), [...main, "--install-extension", vsix], {
                env: environment,
                stdio: "pipe",
            });
        }
        const port = await freePort();
        const server = spawn(
            need("E2E_NODE"),
            [
                ...main,
                ...["--bind-addr", `127.0.0.1:${port}`, "--auth", "none"],
                ...["--disable-telemetry", "--disable-update-check"],
                "--disable-getting-started-override",
                ...(options.untrusted === true ? [] : ["--disable-workspace-trust"]),
                folder,
            ],
            { env: environment, stdio: "ignore" },
        );
        await untilUp(`http://127.0.0.1:${port}/healthz`);
        const browser = await chromium.launch({
            executablePath: which(need("E2E_BROWSER")),
            headless: true,
            args: CHROMIUM,
        });
        const context = await browser.newContext({
            viewport: options.size ?? { width: 1240, height: 780 },
        });
        await context.grantPermissions(["clipboard-read", "clipboard-write"]);
        const page = await context.newPage();
        page.setDefaultTimeout(WAIT_MS);
        await page.goto(`http://127.0.0.1:${port}/?folder=${folder}`);
        await page.waitForSelector(".monaco-workbench", { timeout: SLOW_MS });
        return new Editor({ home, folder, page, server, browser });
    }

    /** Waits until the extension's server answers: its status bar item shows a number. */
    async ready(): Promise<void> {
        const item = this.page.locator("#ferrograph\\.ferrograph\\.ferrograph\\.status");
        try {
            await until(async () => /\d/u.test(await item.innerText({ timeout: 500 })), SLOW_MS);
        } catch (error) {
            await this.pictureOfFailure("not ready");
            throw error;
        }
    }

    /** Opens a file of the workspace, with the cursor where `^` stands in the given part of a line. */
    async openAt(file: string, marked: string): Promise<void> {
        const text = marked.replace("^", "");
        const lines = this.read(file).split("\n");
        const line = lines.findIndex((each) => each.includes(text));
        const column = (lines[line] ?? "").indexOf(text) + marked.indexOf("^");
        if (line === -1) {
            throw new Error(`${file} has no ${text}`);
        }
        await this.page.keyboard.press("Control+KeyP");
        await this.quickInput().fill(`${file}:${line + 1}:${column + 1}`);
        const first = this.page.locator(".quick-input-widget .monaco-list-row").first();
        await first.filter({ hasText: path.basename(file) }).waitFor();
        await this.page.waitForTimeout(300);
        await this.page.keyboard.press("Enter");
        await this.page
            .locator(`.tab.active[data-resource-name="${path.basename(file)}"]`)
            .first()
            .waitFor();
        await this.page.waitForTimeout(400);
    }

    /** Runs a command by its title in the palette. */
    async command(title: string): Promise<void> {
        await this.page.keyboard.press("F1");
        await this.quickInput().fill(`>${title}`);
        const rows = ["=", "^="].map((is) => {
            const label = is === "=" ? title : `${title}, `;
            return `.quick-input-widget .monaco-list-row[aria-label${is}"${label}"]`;
        });
        await this.page.locator(rows.join(", ")).first().click();
    }

    /** Types into the input box that the palette and questions share, and confirms. */
    async answer(text: string): Promise<void> {
        await this.quickInput().waitFor();
        await this.page.waitForTimeout(200);
        await this.quickInput().fill(text);
        await this.page.keyboard.press("Enter");
    }

    /** Chooses a row of a quick pick. */
    async pick(label: string): Promise<void> {
        await this.page
            .locator(".quick-input-widget .monaco-list-row", { hasText: label })
            .first()
            .click();
    }

    quickInput(): Locator {
        return this.page.locator(".quick-input-widget input[type=text]").first();
    }

    /** Types a new name into the rename box that F2 opens. */
    async renameTo(name: string): Promise<void> {
        await this.page.keyboard.press("F2");
        const input = this.page.locator(".rename-input");
        await input.waitFor();
        // The box takes what is typed only a moment after it has appeared.
        await this.page.waitForTimeout(600);
        await input.fill(name);
        await this.page.keyboard.press("Enter");
    }

    /** Rows of one of the extension's views, as they are read out. */
    async rows(view: "Impact" | "Operations"): Promise<string[]> {
        const rows = this.page.locator(
            `.pane:has(.pane-header[aria-label^="${view}"]) .monaco-list-row`,
        );
        const labels = await rows.evaluateAll((all) =>
            all.map((row) => row.getAttribute("aria-label") ?? row.textContent),
        );
        return labels;
    }

    /** A row of one of the extension's views. */
    row(view: "Impact" | "Operations", label: string | RegExp): Locator {
        return this.page
            .locator(`.pane:has(.pane-header[aria-label^="${view}"]) .monaco-list-row`, {
                hasText: label,
            })
            .first();
    }

    /** A button on a row, by its title. */
    async rowAction(
        view: "Impact" | "Operations",
        label: string | RegExp,
        title: string,
    ): Promise<void> {
        const row = this.row(view, label);
        await row.hover();
        await row.locator(`.action-label[aria-label^="${title}"]`).click();
    }

    /** An action of a row that asks a modal question, and the answer. */
    async rowQuestion(
        view: "Impact" | "Operations",
        label: string | RegExp,
        { title, answer }: { readonly title: string; readonly answer: string },
    ): Promise<void> {
        const dialog = this.page.locator(".monaco-dialog-box");
        for (let tries = 1; !(await dialog.isVisible()); tries++) {
            // Rows are made anew when facts come in, and a click on one that goes is lost.
            await this.rowAction(view, label, title);
            await dialog.waitFor({ timeout: 5_000 }).catch((thrown: unknown) => {
                if (tries === 3) {
                    throw thrown;
                }
            });
        }
        await this.dialogButton(answer);
    }

    /** The page in a panel: the inner one of the two frames. */
    async panel(script: string): Promise<Frame> {
        return vi.waitFor(
            async () => {
                for (const frame of this.page.frames()) {
                    const has = await frame
                        .evaluate((id) => document.getElementById(id) !== null, script)
                        .catch(() => false);
                    if (has) {
                        return frame;
                    }
                }
                throw new Error(`there is no page with #${script}`);
            },
            { timeout: WAIT_MS, interval: 200 },
        );
    }

    /** Text of all notifications that are shown. */
    async notifications(): Promise<string> {
        const all = await this.page.locator(".notification-list-item-message").allInnerTexts();
        return all.join("\n");
    }

    /** Chooses a button of a notification. */
    async notificationButton(label: string): Promise<void> {
        await this.page
            .locator(".notification-list-item-buttons-container .monaco-button", { hasText: label })
            .first()
            .click();
    }

    /** Text of the modal question. */
    dialog(): Promise<string> {
        return this.page.locator(".monaco-dialog-box").innerText();
    }

    /** Command lines of all processes that were started from the installed extension. */
    commandLines(): string[] {
        const listed = execFileSync("ps", ["-eo", "args"], { encoding: "utf8" });
        const own = path.join(this.home, "extensions");
        return listed.split("\n").filter((line) => line.includes(own));
    }

    /** Chooses a button of a modal question. */
    async dialogButton(label: string): Promise<void> {
        await this.page
            .locator(".monaco-dialog-box .monaco-button", { hasText: label })
            .first()
            .click();
    }

    /** The editor's refactor preview. */
    preview(): Locator {
        return this.page.locator(".bulk-edit-panel");
    }

    /** Content of a file of the workspace, on disk. */
    read(file: string): string {
        return readFileSync(path.join(this.folder, file), "utf8");
    }

    /** Runs git in the workspace; answers with what it says. */
    git(...args: readonly string[]): string {
        return execFileSync("git", args, { cwd: this.folder, encoding: "utf8" });
    }

    /** Waits for a notification that fits; they go by themselves after some seconds. Answers with all that were seen. */
    async notified(wanted: RegExp, timeout = WAIT_MS): Promise<readonly string[]> {
        const seen: string[] = [];
        try {
            await until(async () => {
                const now = await this.notifications();
                if (now !== "" && now !== seen.at(-1)) {
                    seen.push(now);
                }
                return wanted.test(now);
            }, timeout);
        } catch (cause) {
            throw new Error(`no notification fits ${wanted}: ${seen.join(" | ")}`, { cause });
        }
        return seen;
    }

    /** Closes all notifications. */
    async clearNotifications(): Promise<void> {
        await this.command("Notifications: Clear All Notifications");
        await until(async () => (await this.notifications()) === "", WAIT_MS);
    }

    /** Chooses a theme. */
    async theme(name: string): Promise<void> {
        await this.command("Preferences: Color Theme");
        await this.quickInput().fill(name);
        await this.pick(name);
    }

    /** Changes settings while the editor runs, in the editor: files are not watched without native modules. */
    async settings(settings: Readonly<Record<string, unknown>>): Promise<void> {
        const before = JSON.parse(readFileSync(settingsFile(this.home), "utf8")) as object;
        const text = JSON.stringify({ ...before, ...settings });
        await this.command("Preferences: Open User Settings (JSON)");
        await this.page.locator('.tab.active[data-resource-name="settings.json"]').waitFor();
        await this.page.waitForTimeout(500);
        // What is typed would be completed with quotes and brackets; what is pasted is not.
        await this.page.evaluate((all) => navigator.clipboard.writeText(all), text);
        await this.page.keyboard.press("Control+KeyA");
        await this.page.keyboard.press("Control+KeyV");
        await this.page.keyboard.press("Control+KeyS");
        await until(
            () => Promise.resolve(readFileSync(settingsFile(this.home), "utf8") === text),
            WAIT_MS,
        );
        await this.command("View: Close Editor");
        await this.page.waitForTimeout(800);
    }

    /** Keeps a picture for the documents, where pictures are wanted. */
    async picture(name: string): Promise<void> {
        if (process.env["E2E_IMAGES"] !== "1") {
            return;
        }
        await this.page.mouse.move(680, 2);
        await this.page.waitForTimeout(400);
        mkdirSync(IMAGES, { recursive: true });
        await this.page.screenshot({ path: path.join(IMAGES, `${name}.png`) });
    }

    /** Keeps a picture of what was on the screen when a test failed, where a folder is given for such. */
    async pictureOfFailure(test: string): Promise<void> {
        const folder = process.env["E2E_FAILURES"];
        if (folder !== undefined) {
            const name = `${test.replaceAll(/\W+/gu, "-").slice(0, 60)}.png`;
            await this.page.screenshot({ path: path.join(folder, name) });
        }
        const tab = this.page.locator(".tab.active");
        const said = this.page.locator(".notification-list-item-message");
        const told = {
            tabs: await tab.allInnerTexts(),
            notifications: await said.allInnerTexts(),
            settings: readFileSync(settingsFile(this.home), "utf8"),
            daemon: this.#daemonLog(),
        };
        process.stderr.write(`when ${test} failed: ${JSON.stringify(told, undefined, 2)}\n`);
    }

    /** The end of the daemon's log. */
    #daemonLog(): string[] {
        const file = path.join(this.folder, ".ferrograph", "daemon.log");
        return existsSync(file)
            ? readFileSync(file, "utf8").trimEnd().split("\n").slice(-LOGGED_LINES)
            : [];
    }

    async close(): Promise<void> {
        await this.#browser.close();
        this.#server.kill();
        await new Promise((resolve) => this.#server.once("exit", resolve));
        // Only now, or the editor's bridge starts another one.
        const main = path.join(this.home, "extensions");
        const found = spawnSync("find", [main, "-path", "*/server/dist/bundle/main.js"], {
            encoding: "utf8",
        });
        const server = found.stdout.trim().split("\n")[0] ?? "";
        if (server !== "") {
            spawnSync(need("E2E_NODE"), [server, "stop", "--workspace", this.folder], {
                env: environmentOf(this.home),
            });
        }
        rmSync(this.home, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
    }
}

function folders(home: string): string[] {
    return [
        ...["--config", path.join(home, "config.yaml")],
        ...["--extensions-dir", path.join(home, "extensions")],
        ...["--user-data-dir", path.join(home, "user")],
    ];
}

function settingsFile(home: string): string {
    return path.join(home, "user", "User", "settings.json");
}

function writeSettings(home: string, { settings, untrusted }: EditorOptions): void {
    writeFileSync(path.join(home, "config.yaml"), "");
    mkdirSync(path.dirname(settingsFile(home)), { recursive: true });
    mkdirSync(path.join(home, "extensions"));
    const all = {
        "workbench.colorTheme": "Light Modern",
        "workbench.startupEditor": "none",
        "workbench.editor.useModal": "off",
        "workbench.tips.enabled": false,
        "workbench.secondarySideBar.defaultVisibility": "hidden",
        "chat.disableAIFeatures": true,
        "window.menuBarVisibility": "hidden",
        "editor.minimap.enabled": false,
        "extensions.ignoreRecommendations": true,
        "git.openRepositoryInParentFolders": "never",
        "security.workspace.trust.startupPrompt": untrusted === true ? "never" : "once",
        ...settings,
    };
    writeFileSync(settingsFile(home), JSON.stringify(all));
}

function environmentOf(home: string): NodeJS.ProcessEnv {
    const own = path.join(home, "runtime");
    mkdirSync(own, { recursive: true, mode: 0o700 });
    return { ...process.env, XDG_RUNTIME_DIR: own, XDG_CACHE_HOME: own, XDG_CONFIG_HOME: own };
}

function copyWorkspace(home: string, files: Readonly<Record<string, string>>): string {
    const folder = path.join(home, "orrery");
    cpSync(path.join(ROOT, "examples", "orrery"), folder, {
        recursive: true,
        filter: (file) => !["target", ".ferrograph"].includes(path.basename(file)),
    });
    const git = (...args: string[]): void => {
        execFileSync(
            "git",
            ["-c", "user.name=Test", "-c", "user.email=test@example.org", ...args],
            {
                cwd: folder,
                stdio: "pipe",
            },
        );
    };
    for (const [name, text] of Object.entries({ ".gitignore": "target/\n", ...files })) {
        writeFileSync(path.join(folder, name), text);
    }
    git("init", "--quiet", "--initial-branch=main");
    git("config", "user.name", "Test");
    git("config", "user.email", "test@example.org");
    git("add", ".");
    git("commit", "--quiet", "--message=Begin");
    return folder;
}

function which(program: string): string {
    return execFileSync("sh", ["-c", `command -v ${program}`], { encoding: "utf8" }).trim();
}

function freePort(): Promise<number> {
    return new Promise((resolve, reject) => {
        const server = createServer();
        server.once("error", reject);
        server.listen(0, "127.0.0.1", () => {
            const address = server.address();
            server.close(() => {
                resolve(typeof address === "object" && address !== null ? address.port : 0);
            });
        });
    });
}

async function untilUp(url: string): Promise<void> {
    await until(async () => (await fetch(url)).ok, SLOW_MS);
}

/** Waits until something holds; that asking fails means that it does not, yet. */
async function until(holds: () => Promise<boolean>, timeout: number): Promise<void> {
    const check = async (): Promise<void> => {
        if (!(await holds())) {
            throw new Error("it did not come to hold");
        }
    };
    await vi.waitFor(check, { timeout, interval: 200 });
}
