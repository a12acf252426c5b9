// A failed request as the user is told of it: what, why, and what to do.

/** What a refusal or failure of the server says. */
export interface RequestFailure {
    readonly message: string;
    /** Stable code; empty for what is not of the server. */
    readonly code: string;
    readonly advice: string;
    /** What else was meant, perhaps. */
    readonly candidates: readonly string[];
}

/** Reads what was thrown. */
export function readFailure(thrown: unknown): RequestFailure {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    const data =
        typeof thrown === "object" && thrown !== null && "data" in thrown ? thrown.data : {};
    const field = (name: string): unknown =>
        typeof data === "object" && data !== null ? Reflect.get(data, name) : undefined;
    const text = (name: string): string => {
        const value = field(name);
        return typeof value === "string" ? value : "";
    };
    const candidates = field("candidates");
    return {
        message,
        code: text("code"),
        advice: text("advice"),
        candidates: Array.isArray(candidates) ? candidates.map(String) : [],
    };
}

/** Puts it into one line. */
export function failureText({ message, advice, candidates }: RequestFailure): string {
    const near = candidates.length === 0 ? "" : ` (${candidates.slice(0, 3).join("; ")})`;
    // Answers to LSP's own requests have the advice in their message: most editors show nothing else.
    const isSaid = advice === "" || message.includes(advice);
    return `${message}${near}${isSaid ? "" : ` — ${advice}`}`;
}

/** LSP's number of a cancelled request. */
const REQUEST_CANCELLED = -32800;

/** Whether the user ended it. */
export function isCancelled(thrown: unknown): boolean {
    return (
        (thrown instanceof Error && thrown.name === "Canceled") ||
        (typeof thrown === "object" &&
            thrown !== null &&
            "code" in thrown &&
            thrown.code === REQUEST_CANCELLED)
    );
}
