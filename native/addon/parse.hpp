// The parser for the addon; see src/native/binding.ts.
#pragma once

#include <napi.h>

namespace ferrograph::addon {

Napi::Value parse_rust(const Napi::CallbackInfo& info);
Napi::Value rust_grammar(const Napi::CallbackInfo& info);

}  // namespace ferrograph::addon
