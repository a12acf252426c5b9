// A text in, rows of its parse out.

#include "parse.hpp"

#include "convert.hpp"
#include "rust_rows.hpp"
#include "task.hpp"

namespace ferrograph::addon {

Napi::Value parse_rust(const Napi::CallbackInfo& info) {
    if (!info[0].IsString()) {
        throw wrong_argument(info.Env(), "a text is a string");
    }
    const std::u16string text = info[0].As<Napi::String>().Utf16Value();
    std::vector<uint32_t> rows;
    guarded(info.Env(), [&] { rows = rust_rows(text); });
    return to_typed_array(info.Env(), std::move(rows));
}

Napi::Value rust_grammar(const Napi::CallbackInfo& info) {
    const Napi::Env env = info.Env();
    Napi::Array types = Napi::Array::New(env);
    Napi::Array named = Napi::Array::New(env);
    for (const GrammarSymbol& symbol : rust_symbols()) {
        const uint32_t at = types.Length();
        types.Set(at, Napi::String::New(env, symbol.name));
        named.Set(at, Napi::Boolean::New(env, symbol.is_named));
    }
    Napi::Array fields = Napi::Array::New(env);
    for (const char* const name : rust_fields()) {
        fields.Set(fields.Length(), Napi::String::New(env, name));
    }
    Napi::Object grammar = Napi::Object::New(env);
    grammar.Set("types", types);
    grammar.Set("named", named);
    grammar.Set("fields", fields);
    return grammar;
}

}  // namespace ferrograph::addon
