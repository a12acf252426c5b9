// What a client and a daemon tell each other of themselves. Documented in docs/protocol/requests.md, which is
// pinned to this file.

/** What a daemon is a version of. */
export interface DaemonVersions {
    readonly serverVersion: string;
    readonly protocolVersion: number;
}

/** Last word of a daemon that ends orderly, to every client; one that crashes says nothing. */
export interface StoppingParams {
    readonly reason: string;
}

/** First request on a connection to the daemon, before any other. */
export interface HandshakeParams {
    readonly protocolVersion: number;
    /** Package version of the client. */
    readonly clientVersion: string;
    /** `cli`, or the editor's name. */
    readonly clientName: string;
}

/** The daemon's answer to a handshake. */
export interface HandshakeResult {
    readonly protocolVersion: number;
    readonly serverVersion: string;
    readonly pid: number;
    readonly root: string;
}

/** The limit of memory and what it has cost. */
export interface MemoryStatus {
    /** Undefined where none was set. */
    readonly limitBytes: number | undefined;
    /** What had to be let go and is read or computed again when it is needed, by kind. */
    readonly dropped: readonly {
        readonly what: string;
        readonly times: number;
        /** Texts or files, all times together. */
        readonly items: number;
    }[];
    /** Nothing more can be let go, and it is above the limit all the same. */
    readonly isExceeded: boolean;
}
