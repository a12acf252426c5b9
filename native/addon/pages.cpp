// Levels go by their names; an unknown one, or one that this processor lacks, is refused.

#include "pages.hpp"

#include "sha256.hpp"
#include "task.hpp"

namespace ferrograph::addon {

namespace {

ShaLevel level_of(const Napi::CallbackInfo& info, size_t index, size_t count) {
    if (!info[index].IsString()) {
        throw wrong_argument(info.Env(), "a level is a name");
    }
    const std::string name = info[index].As<Napi::String>().Utf8Value();
    if (name.empty()) {
        return best_sha_level(count);
    }
    for (const ShaLevel level : sha_levels()) {
        if (name == sha_level_name(level)) {
            return level;
        }
    }
    throw wrong_argument(info.Env(), "this processor has no level " + name);
}

struct Pages {
    View<uint8_t> bytes;
    size_t page_bytes;
    size_t count;
    ShaLevel level;
};

Pages pages_of(const Napi::CallbackInfo& info) {
    const View<uint8_t> bytes = view_of<uint8_t>(info, 0, "pages");
    const size_t page_bytes = word_of(info, 1, "pageBytes");
    const size_t count = word_of(info, 2, "pageCount");
    if (page_bytes == 0 || count > bytes.length / page_bytes) {
        throw wrong_argument(info.Env(), "fewer bytes than the pages have");
    }
    return {bytes, page_bytes, count, level_of(info, 3, count)};
}

}  // namespace

Napi::Value sha_level_names(const Napi::CallbackInfo& info) {
    Napi::Array names = Napi::Array::New(info.Env());
    for (const ShaLevel level : sha_levels()) {
        names.Set(names.Length(), Napi::String::New(info.Env(), sha_level_name(level)));
    }
    return names;
}

Napi::Value hash_pages(const Napi::CallbackInfo& info) {
    const Pages pages = pages_of(info);
    std::vector<uint8_t> digests(pages.count * digest_bytes);
    guarded(info.Env(), [&] {
        sha256_pages(pages.bytes.data, pages.page_bytes, pages.count, digests.data(),
                     pages.level);
    });
    return to_typed_array(info.Env(), std::move(digests));
}

Napi::Value hash_pages_async(const Napi::CallbackInfo& info) {
    const Pages pages = pages_of(info);
    auto copy = std::make_shared<std::vector<uint8_t>>(
        pages.bytes.data, pages.bytes.data + pages.page_bytes * pages.count);
    auto digests = std::make_shared<std::vector<uint8_t>>(pages.count * digest_bytes);
    return run_later(info.Env(), {[copy, digests, pages] {
                                      sha256_pages(copy->data(), pages.page_bytes, pages.count,
                                                   digests->data(), pages.level);
                                  },
                                  [digests](Napi::Env env) -> Napi::Value {
                                      return to_typed_array(env, std::move(*digests));
                                  }});
}

// (bytes, lengths, level) -> 32 bytes a message; later over a copy
static Task messages_task(const Napi::CallbackInfo& info, bool is_copied) {
    struct Messages {
        std::vector<uint8_t> copy;
        std::vector<Message> list;
        ShaLevel level;
        std::vector<uint8_t> digests;
    };
    auto messages = std::make_shared<Messages>();
    const auto bytes = view_of<uint8_t>(info, 0, "bytes");
    const auto lengths = view_of<uint32_t>(info, 1, "lengths");
    messages->level = level_of(info, 2, lengths.length);
    if (is_copied) {
        messages->copy = copy_of<uint8_t>(info, 0, "bytes");
    }
    const uint8_t* const start = is_copied ? messages->copy.data() : bytes.data;
    messages->list.reserve(lengths.length);
    size_t at = 0;
    for (size_t i = 0; i < lengths.length; ++i) {
        if (lengths.data[i] > bytes.length - at) {
            throw wrong_argument(info.Env(), "fewer bytes than the messages have");
        }
        messages->list.push_back({start + at, lengths.data[i], 0, 0});
        at += lengths.data[i];
    }
    return {[messages] {
                messages->digests.resize(messages->list.size() * digest_bytes);
                sha256_many(messages->list.data(), messages->list.size(),
                            messages->digests.data(), messages->level);
            },
            [messages](Napi::Env env) -> Napi::Value {
                return to_typed_array(env, std::move(messages->digests));
            }};
}

Napi::Value hash_messages(const Napi::CallbackInfo& info) {
    return run_now(info.Env(), messages_task(info, false));
}

Napi::Value hash_messages_async(const Napi::CallbackInfo& info) {
    return run_later(info.Env(), messages_task(info, true));
}

}  // namespace ferrograph::addon
