// Clients and their unsaved texts. An overlay is its client's own: never committed, invisible to the
// others, resolved when the client next asks something.

import { setImmediate as nextTurn } from "node:timers/promises";

import { LineIndex, required, takeTurns } from "../base/index.ts";
import type { FileCapture } from "../syntax/index.ts";
import type { CommittedState } from "./committed-state.ts";
import type { ClientId } from "./engine.ts";
import type { OverlayChange } from "./loop.ts";
import type { Pace } from "./pace.ts";
import type { EnginePorts, GraphPort, LiveDocument } from "./ports.ts";
import type { RippleSource } from "./ripple.ts";
import { hashBytes } from "./source-table.ts";
import type { View } from "./view.ts";
import { makeView, type BaseState, type TextCache, type ViewParts } from "./workspace-view.ts";

interface Overlay {
    text: string;
    /** Undefined until asked for. */
    contentHash: string | undefined;
    lines: LineIndex | undefined;
    document: LiveDocument | undefined;
    capture: FileCapture | undefined;
}

interface Client {
    name: string;
    readonly overlays: Map<string, Overlay>;
    /** Counts changes of the overlays. */
    version: number;
    memo: Memo | undefined;
}

interface Memo {
    readonly base: BaseState;
    readonly version: number;
    readonly view: View;
}

/** A state with all its captures; the map is the receiver's own. */
interface LoadedBase {
    readonly base: BaseState;
    readonly captures: Map<string, FileCapture>;
}

/** What views are made from. */
export interface OverlayParts {
    readonly committed: CommittedState;
    readonly ports: EnginePorts;
    readonly graph: GraphPort;
    readonly pace: Pace;
    readonly texts: TextCache;
    readonly root: ViewParts["root"];
    readonly generated?: ViewParts["generated"];
}

/** All clients of an engine. */
export class Overlays {
    readonly #parts: OverlayParts;
    readonly #clients = new Map<ClientId, Client>();
    #baseView: { readonly base: BaseState; readonly view: View } | undefined;

    constructor(parts: OverlayParts) {
        this.#parts = parts;
    }

    /** Names of the clients, in the order of their coming. */
    get names(): readonly string[] {
        return [...this.#clients.values()].map((client) => client.name);
    }

    /** The text that a client has of a file, if it has the one with this hash. */
    unsavedText(path: string, contentHash: string): string | undefined {
        for (const { overlays } of this.#clients.values()) {
            const overlay = overlays.get(path);
            if (overlay?.contentHash === contentHash) {
                return overlay.text;
            }
        }
        return undefined;
    }

    /** Takes a change at once. */
    change(change: OverlayChange): void {
        switch (change.kind) {
            case "client-join":
                this.#client(change.client).name = change.name;
                return;
            case "client-leave":
                this.#leave(change.client);
                return;
            case "overlay-put":
                this.#put(change);
                return;
            case "overlay-drop":
                this.#drop(change.client, change.path);
                return;
        }
    }

    /** The state that a client sees. */
    async view(id: ClientId): Promise<View> {
        const { committed } = this.#parts;
        const base = required(committed.current, "views are asked after the first capture");
        const client = this.#clients.get(id);
        if (client === undefined || this.#unsaved(client, base).size === 0) {
            return this.#viewOfBase(base);
        }
        if (client.memo?.base === base && client.memo.version === client.version) {
            return client.memo.view;
        }
        const loaded = await this.#loadBase();
        return this.#unsaved(client, loaded.base).size === 0
            ? this.#viewOfBase(loaded.base)
            : this.#viewOfOverlay(client, loaded);
    }

    /**
     * Makes ready what the first edit needs: the syntax of texts that clients have opened, and the
     * resolver's program of the committed state, which is built in one piece.
     */
    async prepare(): Promise<void> {
        const { ports } = this.#parts;
        const { base, captures } = await this.#loadBase();
        const { model } = base;
        ports.resolver.resolve({ model, captures });
        for (const client of [...this.#clients.values()]) {
            for (const [path, overlay] of [...client.overlays]) {
                await nextTurn();
                if (client.overlays.get(path) === overlay && captures.has(path)) {
                    const own = new Map(captures).set(path, this.#captureOf(path, overlay));
                    // Its tokens are bound when the first one is asked for.
                    ports.resolver.resolve({ model, captures: own }).occurrencesAt(path, 0);
                }
            }
        }
    }

    /** The newest state with all its captures. */
    async #loadBase(): Promise<LoadedBase> {
        const { committed, ports } = this.#parts;
        await ports.parser.load();
        await ports.resolver.load();
        // The state may have moved on while its captures were loaded: then those of the next.
        for (;;) {
            const base = required(committed.current, "a state stays");
            const captures = await committed.loadCaptures(base.captures);
            if (base === committed.current) {
                return { base, captures };
            }
        }
    }

    close(): void {
        for (const id of [...this.#clients.keys()]) {
            this.#leave(id);
        }
    }

    #viewOfBase(base: BaseState): View {
        if (this.#baseView?.base !== base) {
            const { committed, pace, root, texts, generated } = this.#parts;
            const view = makeView({
                ...{ root, generated },
                base,
                resolution: base.resolution,
                unsaved: new Map(),
                texts,
                loadCaptures: () => committed.loadCaptures(base.captures),
                ripple: async () => (await pace.hurry(base.graph.committed())).ripple(),
            });
            this.#baseView = { base, view };
        }
        return this.#baseView.view;
    }

    /** Resolves with a client's texts in place; runs in one piece, so that nothing changes meanwhile. */
    #viewOfOverlay(client: Client, { base, captures }: LoadedBase): View {
        const { ports, graph, pace, root, texts, generated } = this.#parts;
        const unsaved = this.#unsaved(client, base);
        for (const [path, overlay] of unsaved) {
            captures.set(path, this.#captureOf(path, overlay));
        }
        const resolution = ports.resolver.resolve({ model: base.model, captures });
        let ripple: RippleSource | undefined;
        const view = makeView({
            ...{ root, generated },
            base,
            resolution,
            unsaved: new Map([...unsaved].map(([path, overlay]) => [path, describe(overlay)])),
            texts,
            loadCaptures: () => Promise.resolve(captures),
            ripple: async () => {
                const steps = ports.resolver.contentOf(resolution, captures);
                const content = await pace.hurry(takeTurns(steps, pace.pause));
                ripple ??= (await graph.load()).rippleOf(content);
                return ripple;
            },
        });
        client.memo = { base, version: client.version, view };
        return view;
    }

    #captureOf(path: string, overlay: Overlay): FileCapture {
        const { parser } = this.#parts.ports;
        const { text } = overlay;
        overlay.document ??= parser.openDocument({ path, text });
        overlay.capture ??= overlay.document.capture();
        return overlay.capture;
    }

    /** Texts that differ from what is captured: an editor opens many files and changes few. */
    #unsaved(client: Client, base: BaseState): Map<string, Overlay> {
        const unsaved = new Map<string, Overlay>();
        for (const [path, overlay] of client.overlays) {
            overlay.contentHash ??= hashBytes(Buffer.from(overlay.text, "utf8"));
            if (base.sources.get(path)?.contentHash !== overlay.contentHash) {
                unsaved.set(path, overlay);
            }
        }
        return unsaved;
    }

    #put(change: Extract<OverlayChange, { kind: "overlay-put" }>): void {
        const client = this.#client(change.client);
        client.version += 1;
        const overlay = client.overlays.get(change.path);
        if (overlay === undefined) {
            client.overlays.set(change.path, {
                text: change.text,
                contentHash: undefined,
                lines: undefined,
                document: undefined,
                capture: undefined,
            });
            return;
        }
        overlay.document?.update(change.text);
        overlay.text = change.text;
        overlay.contentHash = undefined;
        overlay.lines = undefined;
        overlay.capture = undefined;
    }

    #drop(id: ClientId, path: string): void {
        const client = this.#client(id);
        client.version += 1;
        client.overlays.get(path)?.document?.close();
        client.overlays.delete(path);
    }

    #leave(id: ClientId): void {
        for (const overlay of this.#clients.get(id)?.overlays.values() ?? []) {
            overlay.document?.close();
        }
        this.#clients.delete(id);
    }

    #client(id: ClientId): Client {
        let client = this.#clients.get(id);
        if (client === undefined) {
            client = { name: id, overlays: new Map(), version: 0, memo: undefined };
            this.#clients.set(id, client);
        }
        return client;
    }
}

function describe(overlay: Overlay): { contentHash: string; lines: LineIndex } {
    overlay.contentHash ??= hashBytes(Buffer.from(overlay.text, "utf8"));
    overlay.lines ??= new LineIndex(overlay.text);
    return { contentHash: overlay.contentHash, lines: overlay.lines };
}
