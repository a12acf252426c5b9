// Descriptors are copied for work on other threads: JavaScript may close its own meanwhile.

#include "files.hpp"

#include "task.hpp"

namespace ferrograph::addon {

namespace {

constexpr napi_type_tag mapping_tag = {0x4c8e21d7b30f95a1, 0x86f2d4497e1bc053};
constexpr double natural_max = 9007199254740991.0;

int descriptor_of(const Napi::CallbackInfo& info, size_t index) {
    return static_cast<int>(natural_of(info, index, "descriptor", 2147483647.0));
}

}  // namespace

Napi::Function MappedFile::define(Napi::Env env) {
    return DefineClass(
        env, "MappedFile",
        {InstanceMethod<&MappedFile::read_into>("readInto"),
         InstanceMethod<&MappedFile::close>("close"),
         InstanceMethod<&MappedFile::close>(Napi::Symbol::WellKnown(env, "dispose"))});
}

MappedFile::MappedFile(const Napi::CallbackInfo& info) : Napi::ObjectWrap<MappedFile>(info) {
    const int descriptor = descriptor_of(info, 0);
    const uint64_t bytes = natural_of(info, 1, "byteCount", natural_max);
    mapping_ = guarded(info.Env(), [&] {
        return std::make_unique<const Mapping>(descriptor, static_cast<size_t>(bytes));
    });
    info.This().As<Napi::Object>().TypeTag(&mapping_tag);
}

void MappedFile::Finalize(Napi::BasicEnv) { mapping_.reset(); }

const Mapping& MappedFile::open(const Napi::CallbackInfo& info) {
    if (!info.This().As<Napi::Object>().CheckTypeTag(&mapping_tag)) {
        throw wrong_argument(info.Env(), "this is no MappedFile");
    }
    if (mapping_ == nullptr) {
        throw error_of(info.Env(), "ERR_INVALID_STATE", "the mapped file is closed");
    }
    return *mapping_;
}

// (offset, bytes) -> whether all of them could be had
Napi::Value MappedFile::read_into(const Napi::CallbackInfo& info) {
    const Mapping& mapping = open(info);
    const uint64_t offset = natural_of(info, 0, "offset", natural_max);
    const auto bytes = view_of<uint8_t>(info, 1, "bytes");
    return Napi::Boolean::New(info.Env(), guarded(info.Env(), [&] {
                                  return mapping.copy(offset, bytes.length, bytes.data);
                              }));
}

// Closing twice is closing once.
Napi::Value MappedFile::close(const Napi::CallbackInfo& info) {
    if (!info.This().As<Napi::Object>().CheckTypeTag(&mapping_tag)) {
        throw wrong_argument(info.Env(), "this is no MappedFile");
    }
    mapping_.reset();
    return info.Env().Undefined();
}

Napi::Value flock_now(const Napi::CallbackInfo& info) {
    const int descriptor = descriptor_of(info, 0);
    const bool is_shared = info[1].ToBoolean().Value();
    const FlockAnswer answer =
        guarded(info.Env(), [&] { return try_flock(descriptor, is_shared); });
    return Napi::String::New(info.Env(), answer == FlockAnswer::taken  ? "taken"
                                         : answer == FlockAnswer::held ? "held"
                                                                       : "unsupported");
}

Napi::Value reserve_async(const Napi::CallbackInfo& info) {
    const int descriptor = descriptor_of(info, 0);
    const uint64_t bytes = natural_of(info, 1, "byteCount", natural_max);
    auto own = guarded(info.Env(), [&] { return std::make_shared<Descriptor>(descriptor); });
    auto is_reserved = std::make_shared<bool>(false);
    return run_later(info.Env(),
                     {[own, bytes, is_reserved] {
                          *is_reserved = reserve_file(own->number(), bytes);
                      },
                      [is_reserved](Napi::Env env) -> Napi::Value {
                          return Napi::Boolean::New(env, *is_reserved);
                      }});
}

}  // namespace ferrograph::addon
