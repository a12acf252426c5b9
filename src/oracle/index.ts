// Questions of the graph: what a change reaches, who uses a symbol, what is renamed together.

export {
    createOracle,
    type FamilyUser,
    type ImpactOptions,
    type Oracle,
    type RenameReach,
    type RippleEdge,
    type RippleEntry,
    type SymbolReach,
} from "./oracle.ts";
