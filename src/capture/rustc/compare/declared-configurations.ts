// Configurations that a workspace declares for checks: `cfg_matrix` in `[workspace.metadata.ferrograph]`, or in
// `[package.metadata.ferrograph]`, of its root manifest, written as in a semantic patch.

import { parseTomlTable } from "../../../workspace/index.ts";
import type { CaptureConfiguration } from "../model.ts";

type Table = Readonly<Record<string, unknown>>;

/** Reads them; empty where none are declared. */
export function declaredConfigurations(manifest: string): CaptureConfiguration[] {
    const root = tableOf(parseTomlTable(manifest));
    const declared = ["workspace", "package"]
        .map((name) => tableOf(tableOf(tableOf(root[name])["metadata"])["ferrograph"]))
        .map((table) => table["cfg_matrix"])
        .find((value) => Array.isArray(value)) as readonly unknown[] | undefined;
    return (declared ?? []).map(tableOf).map((table) => {
        const { features, target } = table;
        const configuration = {
            allTargets: true,
            features: Array.isArray(features) ? features.filter(isText) : [],
            allFeatures: table["all_features"] === true,
            noDefaultFeatures: table["no_default_features"] === true,
            ...(isText(target) ? { target } : {}),
        };
        return { ...configuration, name: nameOf(configuration) };
    });
}

/** A configuration as it would be typed. */
function nameOf(configuration: Omit<CaptureConfiguration, "name">): string {
    const { features, allFeatures, noDefaultFeatures, target } = configuration;
    const words = [
        ...(allFeatures ? ["--all-features"] : []),
        ...(noDefaultFeatures ? ["--no-default-features"] : []),
        ...(features.length > 0 ? [`--features ${features.join(",")}`] : []),
        ...(target === undefined ? [] : [`--target ${target}`]),
    ];
    return ["all targets", ...words].join(" ");
}

function isText(value: unknown): value is string {
    return typeof value === "string";
}

function tableOf(value: unknown): Table {
    return typeof value === "object" && value !== null ? (value as Table) : {};
}
