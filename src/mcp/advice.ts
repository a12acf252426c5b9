// What to do, in the terms of the tools: the daemon's advice is written for a person at a terminal, who has options
// that a tool does not have, and none of its arguments.

/** A daemon that runs already keeps the trust that it was started with. */
const WITHOUT_TRUST =
    "a person may end the daemon, which runs without trust (`ferrograph stop`); this server starts one that has it";

/** Said instead, where what the advice names is not there for a tool, or is another person's to do. */
const INSTEAD: Readonly<Record<string, string>> = {
    EXECUTOR_NO_REPOSITORY: "a person may `git init` and commit",
    EXECUTOR_NO_COMMIT: "a person may commit first",
    EXECUTOR_NO_GIT: "a person may install git",
    EXECUTOR_NOT_COMMITTED: "a person may add and commit it; ignored files are not edited",
    EXECUTOR_UNTRUSTED: WITHOUT_TRUST,
    VALIDATE_UNTRUSTED: WITHOUT_TRUST,
    PATCH_PRECISION:
        "a person may run `ferrograph capture --rustc --trust`, so that the compiler's word is there",
    QUERY_TIMEOUT: "ask for less",
};

/** Options of the command line, and the arguments that stand for them. */
const ARGUMENTS: readonly (readonly [RegExp, string])[] = [
    [/`--as (\w+)`/gu, '`as: "$1"`'],
    [/--accept ([a-z-]+)/gu, '`accept: ["$1"]`'],
    [/, or make it with --in-place$/gu, ""],
    [/--bring (\S+)/gu, '`bring: ["$1"]`'],
    [/--with-uncommitted/gu, "`withUncommitted: true`"],
    [/look at (?:its preview|the preview of the rename)/gu, "`plan` shows what is in its way"],
    [
        /\baccept ([a-z-]+) and ([a-z-]+) if you mean to/gu,
        'pass `accept: ["$1", "$2"]` if that is agreed to',
    ],
    [/\baccept ([a-z-]+) if you mean to/gu, 'pass `accept: ["$1"]` if that is agreed to'],
    [/preview (?:the rename|it) again/gu, "ask `plan` again"],
];

/** The advice to a refusal, or a conflict, as it is of use to whoever calls a tool. */
export function adviceForTools(code: string, advice: string): string {
    return ARGUMENTS.reduce(
        (text, [written, said]) => text.replaceAll(written, said),
        INSTEAD[code] ?? advice,
    );
}
