// Runs Cargo. The only folder that knows its command line.

export { readCargoMetadata, type CargoMetadata, type CargoOptions } from "./cargo-metadata.ts";
