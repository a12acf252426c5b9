// What may be written after `ferrograph`, as types. Parsed by parse-command-line.ts.

import type { LogLevel } from "../platform/index.ts";
import type { Landing, RenameIntent, TypesParams, ValidationLevel } from "../protocol/index.ts";

/** When colors are used. */
export type ColorChoice = "auto" | "always" | "never";

/** Options that every command takes. */
export interface CommonOptions {
    /** Folder inside the workspace; undefined for the current folder. */
    readonly workspace: string | undefined;
    readonly store: string | undefined;
    readonly json: boolean;
    /** Do everything in this process, without a daemon. */
    readonly noDaemon: boolean;
    /** `cargo` may be run in the workspace. */
    readonly trust: boolean;
    /** The daemon that is started does not run cargo and rustc by itself. */
    readonly noFacts: boolean;
    /** Nor rust-analyzer. */
    readonly noRustAnalyzer: boolean;
    /** Above this much memory the daemon that is started lets go of what it can have again. */
    readonly memoryMib: number | undefined;
    readonly logLevel: LogLevel | undefined;
    readonly color: ColorChoice;
}

/** Asks for what reaches a symbol. */
export interface ImpactCommand {
    readonly name: "impact";
    /** Empty where all are asked for. */
    readonly symbol: string;
    /** Ask which symbols the most others reach. */
    readonly all: boolean;
    /** With `all`: only what is declared public. */
    readonly publicOnly: boolean;
    readonly edges: readonly string[] | undefined;
    readonly depth: number | undefined;
    readonly testsOnly: boolean;
    /** Most symbols to print; 0 for all. */
    readonly limit: number;
    /** Number of deltas after which the graph is asked; undefined for now. */
    readonly at: number | undefined;
}

/** Proves something of a symbol, or checks a proof. */
export interface ProofCommand {
    readonly name: "proof";
    /** Undefined where a proof is checked. */
    readonly symbol: string | undefined;
    /** Commits between which the history is proved to have only grown. */
    readonly between: readonly [number, number] | undefined;
    /** Proof file to check. */
    readonly verify: string | undefined;
    /** State root or log root that the proof must be of. */
    readonly root: string | undefined;
    /** File to write the proof to. */
    readonly out: string | undefined;
}

/** Asks what leads from one state to another. */
export interface DiffCommand {
    readonly name: "diff";
    readonly j: number;
    readonly k: number;
    /** Most entries of each kind to print; 0 for all. */
    readonly limit: number;
}

/** How the rows of an answer are printed. */
export const QUERY_OUTPUTS = ["table", "json", "csv", "arrow", "parquet"] as const;

/** One of QUERY_OUTPUTS. */
export type QueryOutput = (typeof QUERY_OUTPUTS)[number];

/** Asks the tables. */
export interface QueryCommand {
    readonly name: "query";
    readonly sql: string;
    readonly format: QueryOutput;
    /** Folder of exported tables to ask instead of the workspace's. */
    readonly from: string | undefined;
    readonly at: number | undefined;
    readonly timeoutMs: number | undefined;
    /** File to write to. */
    readonly out: string | undefined;
}

/** Asks how control flows in an item's body. */
export interface FlowCommand {
    readonly name: "flow";
    readonly symbol: string;
    /** Block that reachability is told from. */
    readonly from: number | undefined;
    /** Block, or line counted from 1, of which it is told what every way there passes. */
    readonly to: { readonly block: number } | { readonly line: number } | undefined;
    /** Show only the blocks that cannot be reached. */
    readonly unreachedOnly: boolean;
}

/** How affected tests are printed. */
export const AFFECTED_OUTPUTS = ["names", "nextest", "cargo", "json"] as const;

/** One of AFFECTED_OUTPUTS. */
export type AffectedOutput = (typeof AFFECTED_OUTPUTS)[number];

/** Asks which tests a change may affect. */
export interface AffectedCommand {
    readonly name: "affected";
    /** Revision of git that the files are compared with. */
    readonly since: string;
    readonly format: AffectedOutput;
}

/** Shows or makes a rename. */
export interface RenameCommand {
    readonly name: "rename";
    readonly symbol: string;
    readonly newName: string;
    readonly apply: boolean;
    /** Grades of conflicts that are accepted. */
    readonly accept: readonly string[];
    /** What is renamed: the item, the import that brings it there, or the import's alias. */
    readonly as: RenameIntent | undefined;
    readonly text: boolean;
    /** Asks rust-analyzer about places that are not proved. */
    readonly ask: boolean;
    /** Has the compiler validate it in a worktree; undefined where that is not asked for. */
    readonly validation:
        | {
              readonly withUncommitted: boolean;
              /** Ignored files and folders that come along. */
              readonly bring: readonly string[];
              readonly write: boolean;
              readonly thorough: boolean;
              readonly fresh: boolean;
          }
        | undefined;
}

/** Plans a semantic patch. */
export interface PlanCommand {
    readonly name: "plan";
    /** File of the patch. */
    readonly file: string;
    /** Where the plan is written; its summary is shown all the same. */
    readonly out: string | undefined;
}

/** How a change is checked, and what becomes of it. */
interface ExecutionChoice {
    readonly validate: ValidationLevel;
    readonly land: Landing;
    /** The remote to push to. */
    readonly push: string | undefined;
    /** Ignored files and folders that come along. */
    readonly bring: readonly string[];
    /** Keep the worktree when it fails. */
    readonly keep: boolean;
    /** Check the unedited files, whatever is remembered of them. */
    readonly fresh: boolean;
}

/** Makes a plan. */
export interface ApplyCommand extends ExecutionChoice {
    readonly name: "apply";
    /** File of the plan. */
    readonly file: string;
    /** Write the files as they lie, without git and checks. */
    readonly inPlace: boolean;
    readonly withUncommitted: boolean;
}

/** Lists operations. */
export interface LogCommand {
    readonly name: "log";
    readonly limit: number;
}

/** Undoes an operation. */
export interface RollbackCommand extends ExecutionChoice {
    readonly name: "rollback";
    readonly opId: string;
}

/** Plans the patch of an operation anew. */
export interface ReplayCommand {
    readonly name: "replay";
    readonly opId: string;
    readonly out: string | undefined;
}

/** Brings renames that were made elsewhere here. */
export interface PropagateCommand {
    readonly name: "propagate";
    /** Revisions of git, or numbers of deltas. */
    readonly between:
        | { readonly kind: "revisions"; readonly from: string; readonly to: string }
        | { readonly kind: "deltas"; readonly from: number; readonly to: number };
    /** Grades of conflicts that the patch agrees to. */
    readonly accept: readonly string[];
    /** Where the patch is written. */
    readonly out: string | undefined;
}

/** A command with its own arguments. */
export type Command =
    | {
          readonly name: "capture";
          readonly full: boolean;
          readonly rustc: boolean;
          readonly mir: boolean;
          readonly rustAnalyzer: boolean;
          /** Tools that are asked for types. */
          readonly types: TypesParams["sources"];
      }
    | { readonly name: "status" }
    | ImpactCommand
    | AffectedCommand
    | FlowCommand
    | RenameCommand
    | PlanCommand
    | ApplyCommand
    | LogCommand
    | RollbackCommand
    | ReplayCommand
    | PropagateCommand
    | { readonly name: "root" }
    | ProofCommand
    | { readonly name: "verify" }
    | { readonly name: "snapshot"; readonly k: number }
    | DiffCommand
    | QueryCommand
    | { readonly name: "export"; readonly folder: string; readonly syntax: boolean }
    | { readonly name: "inspect"; readonly file: string; readonly limit: number }
    | { readonly name: "compact"; readonly checkpoint: string | undefined }
    | { readonly name: "archive"; readonly before: number }
    | { readonly name: "salvage" }
    | { readonly name: "doctor" }
    | { readonly name: "lsp"; readonly idleMs: number | undefined }
    | { readonly name: "mcp"; readonly idleMs: number | undefined }
    | { readonly name: "daemon"; readonly idleMs: number | undefined }
    | { readonly name: "stop" };

/** Name of a command. */
export type CommandName = Command["name"];

/** What a command line means. */
export type CommandLine =
    | { readonly kind: "run"; readonly command: Command; readonly common: CommonOptions }
    | { readonly kind: "help"; readonly topic: CommandName | undefined }
    | { readonly kind: "version" }
    | {
          readonly kind: "usage";
          readonly message: string;
          readonly topic: CommandName | undefined;
      };

/** All commands, in the order of the help. */
export const COMMAND_NAMES = [
    "capture",
    "status",
    "impact",
    "affected",
    "flow",
    "rename",
    "plan",
    "apply",
    "log",
    "rollback",
    "replay",
    "propagate",
    "root",
    "proof",
    "verify",
    "snapshot",
    "diff",
    "query",
    "export",
    "inspect",
    "compact",
    "archive",
    "salvage",
    "doctor",
    "lsp",
    "mcp",
    "daemon",
    "stop",
] as const satisfies readonly CommandName[];
