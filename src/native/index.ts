// The addon: its types, and how it is found. What uses it has a twin in TypeScript.

export {
    HANDED_OVER_BYTES,
    NATIVE_NAMES,
    PARSED_ROW,
    PARSED_WHAT,
    SURFACE,
    type NativeCard,
    type NativeAddon,
    type NativeFound,
    type NativeGrammar,
    type NativeGraph,
    type NativeRows,
} from "./binding.ts";
export { cardHere, cardState, describeCard, openCard, type CardState } from "./card.ts";
export {
    BUILD_COMMAND,
    loadNative,
    loadNativeFrom,
    nativePath,
    type NativeState,
} from "./load-native.ts";
