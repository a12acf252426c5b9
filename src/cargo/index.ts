// Runs Cargo. The only folder that knows its command line.

export {
    runCargoCheck,
    type CargoArtifact,
    type CargoCheckOptions,
    type CargoCheckResult,
} from "./cargo-check.ts";
export { runCargoDoc, type CargoDocOptions, type CargoDocResult } from "./cargo-doc.ts";
export {
    readCargoMetadata,
    readCargoTargets,
    requireCargo,
    type CargoMetadata,
    type CargoOptions,
    type CargoTarget,
} from "./cargo-metadata.ts";
export { describeToolchain } from "./describe-toolchain.ts";
export {
    firstNewWarning,
    isTellingWarning,
    type Diagnostic,
    type DiagnosticSpan,
} from "./diagnostics.ts";
export type { CargoError } from "./messages.ts";
export { runCargo, type CargoRun, type RunCargoOptions } from "./run-cargo.ts";
export {
    hasSemverChecks,
    readSemverOutcome,
    runSemverChecks,
    type SemverFinding,
    type SemverOutcome,
} from "./semver-checks.ts";
export { doctestPackages, testTargets } from "./test-targets.ts";
