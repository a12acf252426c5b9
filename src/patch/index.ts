// Semantic patches: refactorings of many steps as data, and the plans that are made of them.

export { compareApi, type ApiDifference } from "./compare-api.ts";
export { renamesOf, type NamePair } from "./plan-names.ts";
export type { PatchWorld, PlanState } from "./model.ts";
export { diffOfPlan } from "./diff-of-plan.ts";
export { parsePatch, type ParsedPatch } from "./parse-patch.ts";
export {
    applyToFile,
    editBytes,
    decodePlan,
    encodePlan,
    movesOf,
    hashOf,
    sealPlan,
    type PatchPlan,
} from "./patch-plan.ts";
export { patchJsonSchema, type PatchConstraints, type SemanticPatch } from "./patch-schema.ts";
export { planPatch, type PatchInput } from "./plan-patch.ts";
