// Names what the addon offers. Types of the surface: src/native/binding.ts.

#include <napi.h>

#include "graph.hpp"
#include "pages.hpp"

namespace {

// Raised whenever the surface changes; SURFACE in src/native/binding.ts is the same number.
constexpr uint32_t surface = 1;

Napi::Object initialize(Napi::Env env, Napi::Object exports) {
    using namespace ferrograph::addon;
    exports.Set("surface", Napi::Number::New(env, surface));
    exports.Set("Graph", Graph::define(env));
    exports.Set("buildCsr", Napi::Function::New<build_rows>(env, "buildCsr"));
    exports.Set("shaLevels", Napi::Function::New<sha_level_names>(env, "shaLevels"));
    exports.Set("hashPages", Napi::Function::New<hash_pages>(env, "hashPages"));
    exports.Set("hashPagesAsync", Napi::Function::New<hash_pages_async>(env, "hashPagesAsync"));
    exports.Set("hashMessages", Napi::Function::New<hash_messages>(env, "hashMessages"));
    return exports;
}

}  // namespace

NODE_API_MODULE(ferrograph, initialize)
