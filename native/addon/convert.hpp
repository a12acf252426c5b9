// Typed arrays in and out. In: views that live as long as the call, of plain buffers only (a shared or a
// resizable one may change beneath us). Out: memory handed over without copying where that is allowed.
#pragma once

#include <napi.h>

#include <atomic>
#include <cmath>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

namespace ferrograph::addon {

/** An error of JavaScript with a code. */
inline Napi::Error error_of(Napi::Env env, const char* code, const std::string& message) {
    Napi::Error error = Napi::Error::New(env, message);
    error.Set("code", Napi::String::New(env, code));
    return error;
}

inline Napi::Error wrong_argument(Napi::Env env, const std::string& message) {
    return error_of(env, "ERR_INVALID_ARG_TYPE", message);
}

template <typename T>
struct ArrayType;
template <>
struct ArrayType<uint8_t> {
    static constexpr napi_typedarray_type value = napi_uint8_array;
    static constexpr const char* name = "Uint8Array";
};
template <>
struct ArrayType<uint32_t> {
    static constexpr napi_typedarray_type value = napi_uint32_array;
    static constexpr const char* name = "Uint32Array";
};
template <>
struct ArrayType<int32_t> {
    static constexpr napi_typedarray_type value = napi_int32_array;
    static constexpr const char* name = "Int32Array";
};

/** Elements of somebody else's typed array. */
template <typename T>
struct View {
    T* data;
    size_t length;
};

/** Looks into a typed array; throws when it is none of this type, or its buffer may change. */
template <typename T>
View<T> view_of(const Napi::CallbackInfo& info, size_t index, const char* what) {
    const Napi::Value value = info[index];
    if (!value.IsTypedArray() ||
        value.As<Napi::TypedArray>().TypedArrayType() != ArrayType<T>::value) {
        throw wrong_argument(info.Env(), std::string(what) + " is no " + ArrayType<T>::name);
    }
    const auto array = value.As<Napi::TypedArrayOf<T>>();
    const Napi::Value buffer = array.ArrayBuffer();
    if (!buffer.IsArrayBuffer()) {
        throw wrong_argument(info.Env(), std::string(what) + " lies in a shared buffer");
    }
    if (buffer.As<Napi::Object>().Get("resizable").ToBoolean().Value()) {
        throw wrong_argument(info.Env(), std::string(what) + " lies in a resizable buffer");
    }
    return {array.ElementLength() == 0 ? nullptr : const_cast<T*>(array.Data()),
            array.ElementLength()};
}

template <typename T>
std::vector<T> copy_of(const Napi::CallbackInfo& info, size_t index, const char* what) {
    const View<T> view = view_of<T>(info, index, what);
    return std::vector<T>(view.data, view.data + view.length);
}

/** A natural number up to a bound; throws for all else. */
inline uint64_t natural_of(const Napi::CallbackInfo& info, size_t index, const char* what,
                           double bound) {
    const Napi::Value value = info[index];
    const double number = value.IsNumber() ? value.As<Napi::Number>().DoubleValue() : -1;
    if (!(number >= 0 && number <= bound) || number != std::floor(number)) {
        throw wrong_argument(info.Env(),
                             std::string(what) + " is no natural number within its bound");
    }
    return static_cast<uint64_t>(number);
}

inline uint32_t word_of(const Napi::CallbackInfo& info, size_t index, const char* what) {
    return static_cast<uint32_t>(natural_of(info, index, what, 4294967295.0));
}

/** Answers of more bytes are handed over as they are; tests set it to nothing, or to more than there is. */
inline std::atomic<uint64_t>& copied_bytes_max() {
    static std::atomic<uint64_t> value{64 * 1024};
    return value;
}

/** Hands a vector's memory to JavaScript; copies what is small, or where external buffers are forbidden. */
template <typename T>
Napi::TypedArrayOf<T> to_typed_array(Napi::Env env, std::vector<T>&& values) {
    const size_t length = values.size();
    const size_t bytes = length * sizeof(T);
    if (bytes > copied_bytes_max()) {
        auto owner = std::make_unique<std::vector<T>>(std::move(values));
        napi_value buffer = nullptr;
        const napi_status status = napi_create_external_arraybuffer(
            env, owner->data(), bytes,
            [](napi_env, void*, void* hint) { delete static_cast<std::vector<T>*>(hint); },
            owner.get(), &buffer);
        if (status == napi_ok) {
            owner.release();
            return Napi::TypedArrayOf<T>::New(env, length, Napi::ArrayBuffer(env, buffer), 0,
                                              ArrayType<T>::value);
        }
        values = std::move(*owner);
    }
    Napi::ArrayBuffer buffer = Napi::ArrayBuffer::New(env, bytes);
    if (bytes > 0) {
        std::memcpy(buffer.Data(), values.data(), bytes);
    }
    return Napi::TypedArrayOf<T>::New(env, length, buffer, 0, ArrayType<T>::value);
}

}  // namespace ferrograph::addon
