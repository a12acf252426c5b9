// Locks, reserved room and mapped files for JavaScript. Surface: src/native/binding.ts.
#pragma once

#include <napi.h>

#include <memory>

#include "file.hpp"

namespace ferrograph::addon {

/** A file mapped for reading, until `close()`; the garbage collector sees to it where that was forgotten. */
class MappedFile final : public Napi::ObjectWrap<MappedFile> {
public:
    static Napi::Function define(Napi::Env env);
    explicit MappedFile(const Napi::CallbackInfo& info);
    void Finalize(Napi::BasicEnv env) override;

private:
    const Mapping& open(const Napi::CallbackInfo& info);

    Napi::Value read_into(const Napi::CallbackInfo& info);
    Napi::Value close(const Napi::CallbackInfo& info);

    std::unique_ptr<const Mapping> mapping_;
};

/** tryFlock(descriptor, isShared): "taken", "held" or "unsupported". */
Napi::Value flock_now(const Napi::CallbackInfo& info);

/** reserveFileAsync(descriptor, byteCount): whether the file system could. */
Napi::Value reserve_async(const Napi::CallbackInfo& info);

}  // namespace ferrograph::addon
