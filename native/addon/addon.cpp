// Names what the addon offers. Types of the surface: src/native/binding.ts.

#include <napi.h>

#include "card_api.hpp"
#include "graph.hpp"
#include "pages.hpp"

namespace {

// Raised whenever the surface changes; SURFACE in src/native/binding.ts is the same number.
constexpr uint32_t surface = 2;

Napi::Object initialize(Napi::Env env, Napi::Object exports) {
    using namespace ferrograph::addon;
    exports.Set("surface", Napi::Number::New(env, surface));
    exports.Set("Graph", Graph::define(env));
    exports.Set("buildCsr", Napi::Function::New<build_rows>(env, "buildCsr"));
    exports.Set("shaLevels", Napi::Function::New<sha_level_names>(env, "shaLevels"));
    exports.Set("hashPages", Napi::Function::New<hash_pages>(env, "hashPages"));
    exports.Set("hashPagesAsync", Napi::Function::New<hash_pages_async>(env, "hashPagesAsync"));
    exports.Set("hashMessages", Napi::Function::New<hash_messages>(env, "hashMessages"));
    exports.Set("startCard", Napi::Function::New<start_card>(env, "startCard"));
    exports.Set("stopCard", Napi::Function::New<stop_card>(env, "stopCard"));
    exports.Set("cardMemory", Napi::Function::New<card_memory>(env, "cardMemory"));
    exports.Set("hashPagesOnCard",
                Napi::Function::New<hash_pages_on_card>(env, "hashPagesOnCard"));
    return exports;
}

}  // namespace

NODE_API_MODULE(ferrograph, initialize)
