// Names what the addon offers. Types of the surface: src/native/binding.ts.

#include <napi.h>

#include "card_api.hpp"
#include "convert.hpp"
#include "files.hpp"
#include "graph.hpp"
#include "pages.hpp"
#include "parse.hpp"
#include "task.hpp"

namespace {

// Raised whenever the surface changes; SURFACE in src/native/binding.ts is the same number.
constexpr uint32_t surface = 4;

// handOverFrom(byteCount): answers of more bytes are handed over, others copied; for tests.
Napi::Value hand_over_from(const Napi::CallbackInfo& info) {
    using namespace ferrograph::addon;
    copied_bytes_max() = natural_of(info, 0, "byteCount", 9007199254740991.0);
    return info.Env().Undefined();
}

Napi::Object initialize(Napi::Env env, Napi::Object exports) {
    using namespace ferrograph::addon;
    exports.Set("surface", Napi::Number::New(env, surface));
    exports.Set("Graph", Graph::define(env));
    exports.Set("buildCsr", Napi::Function::New<coded<build_rows>>(env, "buildCsr"));
    exports.Set("shaLevels", Napi::Function::New<coded<sha_level_names>>(env, "shaLevels"));
    exports.Set("hashPages", Napi::Function::New<coded<hash_pages>>(env, "hashPages"));
    exports.Set("hashPagesAsync", Napi::Function::New<coded<hash_pages_async>>(env, "hashPagesAsync"));
    exports.Set("hashMessages", Napi::Function::New<coded<hash_messages>>(env, "hashMessages"));
    exports.Set("startCard", Napi::Function::New<coded<start_card>>(env, "startCard"));
    exports.Set("stopCard", Napi::Function::New<coded<stop_card>>(env, "stopCard"));
    exports.Set("cardMemory", Napi::Function::New<coded<card_memory>>(env, "cardMemory"));
    exports.Set("hashPagesOnCard",
                Napi::Function::New<coded<hash_pages_on_card>>(env, "hashPagesOnCard"));
    exports.Set("hashPagesOnCardAsync",
                Napi::Function::New<coded<hash_pages_on_card_async>>(env, "hashPagesOnCardAsync"));
    exports.Set("hashMessagesAsync",
                Napi::Function::New<coded<hash_messages_async>>(env, "hashMessagesAsync"));
    exports.Set("buildCsrAsync", Napi::Function::New<coded<build_rows_async>>(env, "buildCsrAsync"));
    exports.Set("MappedFile", MappedFile::define(env));
    exports.Set("tryFlock", Napi::Function::New<coded<flock_now>>(env, "tryFlock"));
    exports.Set("reserveFileAsync", Napi::Function::New<coded<reserve_async>>(env, "reserveFileAsync"));
    exports.Set("parseRust", Napi::Function::New<coded<parse_rust>>(env, "parseRust"));
    exports.Set("rustGrammar", Napi::Function::New<coded<rust_grammar>>(env, "rustGrammar"));
    exports.Set("handOverFrom", Napi::Function::New<coded<hand_over_from>>(env, "handOverFrom"));
    return exports;
}

}  // namespace

NODE_API_MODULE(ferrograph, initialize)
