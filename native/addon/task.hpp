// A piece of work that runs here and now, or on another thread with a promise for its answer. It touches
// nothing of JavaScript until it is done, and keeps alive what it works on.
#pragma once

#include <napi.h>

#include <functional>
#include <memory>
#include <new>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "convert.hpp"
#include "driver.hpp"
#include "file.hpp"

namespace ferrograph::addon {

struct Task {
    /** Runs on any thread. */
    std::function<void()> work;
    /** Runs on the thread of JavaScript, after the work. */
    std::function<Napi::Value(Napi::Env)> finish;
};

/** Code for an exception of the core. */
inline const char* code_of(const std::exception& failure) {
    if (dynamic_cast<const std::length_error*>(&failure) != nullptr) {
        return "CSR_TOO_LARGE";
    }
    if (dynamic_cast<const std::bad_alloc*>(&failure) != nullptr ||
        dynamic_cast<const cuda::CardMemoryError*>(&failure) != nullptr) {
        return "ERR_MEMORY_ALLOCATION_FAILED";
    }
    if (dynamic_cast<const cuda::CardError*>(&failure) != nullptr) {
        return "ERR_CARD_FAILED";
    }
    if (const auto* error = dynamic_cast<const std::system_error*>(&failure)) {
        return errno_name(error->code().value());
    }
    return "ERR_OUT_OF_RANGE";
}

/** Calls something of the core; its exceptions become JavaScript's. */
template <typename Call>
auto guarded(Napi::Env env, Call call) -> decltype(call()) {
    try {
        return call();
    } catch (const Napi::Error&) {
        throw;
    } catch (const std::exception& failure) {
        throw error_of(env, code_of(failure), failure.what());
    }
}

/** A function of the addon that throws nothing but errors with a code, whatever runs out where. */
template <Napi::Value (*call)(const Napi::CallbackInfo&)>
Napi::Value coded(const Napi::CallbackInfo& info) {
    return guarded(info.Env(), [&] { return call(info); });
}

inline Napi::Value run_now(Napi::Env env, const Task& task) {
    return guarded(env, [&]() -> Napi::Value {
        task.work();
        return task.finish(env);
    });
}

class TaskWorker final : public Napi::AsyncWorker {
public:
    TaskWorker(Napi::Env env, Task task)
        : Napi::AsyncWorker(env, "ferrograph"), task_(std::move(task)),
          deferred_(Napi::Promise::Deferred::New(env)) {}

    Napi::Promise promise() const { return deferred_.Promise(); }

protected:
    void Execute() override {
        try {
            task_.work();
        } catch (const std::exception& failure) {
            code_ = code_of(failure);
            SetError(failure.what());
        }
    }

    void OnOK() override {
        try {
            deferred_.Resolve(guarded(Env(), [&] { return task_.finish(Env()); }));
        } catch (const Napi::Error& error) {
            deferred_.Reject(error.Value());
        }
    }

    void OnError(const Napi::Error& error) override {
        error.Value().Set("code", Napi::String::New(Env(), code_));
        deferred_.Reject(error.Value());
    }

private:
    Task task_;
    Napi::Promise::Deferred deferred_;
    const char* code_ = "ERR_OUT_OF_RANGE";
};

inline Napi::Value run_later(Napi::Env env, Task task) {
    // Deletes itself when it is done.
    auto* worker = new TaskWorker(env, std::move(task));
    const Napi::Promise promise = worker->promise();
    worker->Queue();
    return promise;
}

}  // namespace ferrograph::addon
