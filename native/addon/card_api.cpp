// One card a process: threads of Node share it, and take turns.

#include "card_api.hpp"

#include <mutex>

#include "convert.hpp"
#include "sha256.hpp"
#include "task.hpp"

namespace ferrograph::addon {

namespace {

std::mutex card_mutex;

// Never destroyed: the driver ends before static objects do.
OpenCard& card_here() {
    static auto* here = new OpenCard();
    return *here;
}

cuda::Memory memory_of(const Napi::CallbackInfo& info, size_t index) {
    const std::string name = info[index].IsString() ? info[index].As<Napi::String>().Utf8Value() : "";
    if (name == "device") {
        return cuda::Memory::device;
    }
    if (name == "host") {
        return cuda::Memory::host;
    }
    if (name == "managed") {
        return cuda::Memory::managed;
    }
    throw wrong_argument(info.Env(), "memory is managed, device or host");
}

struct Start {
    std::string library;
    cuda::Memory memory;
    bool is_measured;
    std::string reason;
    cuda::CardFacts facts;
    cuda::Thresholds thresholds;
};

void start(Start& wish) {
    try {
        auto card = std::make_shared<cuda::Card>(wish.library);
        wish.facts = card->facts();
        if (wish.memory == cuda::Memory::managed && !wish.facts.has_managed) {
            wish.memory = cuda::Memory::device;
        }
        if (wish.is_measured) {
            wish.thresholds = cuda::measure_thresholds(card, wish.memory);
        }
        const std::lock_guard<std::mutex> guard(card_mutex);
        card_here() = {std::move(card), wish.memory};
    } catch (const cuda::CardError& error) {
        wish.reason = error.what();
    }
}

const char* name_of(cuda::Memory memory) {
    return memory == cuda::Memory::device    ? "device"
           : memory == cuda::Memory::managed ? "managed"
                                             : "host";
}

Napi::Value answer_of(Napi::Env env, const Start& done) {
    Napi::Object answer = Napi::Object::New(env);
    answer.Set("ok", done.reason.empty());
    if (!done.reason.empty()) {
        answer.Set("reason", done.reason);
        return answer;
    }
    answer.Set("name", done.facts.name);
    answer.Set("driverVersion", done.facts.driver_version);
    answer.Set("architecture", done.facts.architecture);
    answer.Set("totalBytes", static_cast<double>(done.facts.total_bytes));
    answer.Set("memory", name_of(done.memory));
    answer.Set("bfsEdgesMin", done.thresholds.bfs_edges);
    answer.Set("manyEdgesMin", done.thresholds.many_edges);
    answer.Set("pagesMin", done.thresholds.pages);
    return answer;
}

}  // namespace

OpenCard open_card() {
    const std::lock_guard<std::mutex> guard(card_mutex);
    return card_here();
}

Napi::Value start_card(const Napi::CallbackInfo& info) {
    if (!info[0].IsString()) {
        throw wrong_argument(info.Env(), "a library is a name");
    }
    auto wish = std::make_shared<Start>();
    wish->library = info[0].As<Napi::String>().Utf8Value();
    wish->memory = memory_of(info, 1);
    wish->is_measured = info[2].ToBoolean().Value();
    if (wish->library.empty()) {
        wish->library = cuda::driver_library;
    }
    return run_later(info.Env(), {[wish] { start(*wish); },
                                  [wish](Napi::Env env) { return answer_of(env, *wish); }});
}

Napi::Value stop_card(const Napi::CallbackInfo& info) {
    const OpenCard last = open_card();
    {
        const std::lock_guard<std::mutex> guard(card_mutex);
        card_here() = {};
    }
    return info.Env().Undefined();
}

Napi::Value card_memory(const Napi::CallbackInfo& info) {
    const OpenCard open = open_card();
    if (open.card == nullptr) {
        return info.Env().Undefined();
    }
    const size_t free_bytes = guarded(info.Env(), [&] {
        const cuda::Card::Session session(*open.card);
        return open.card->free_bytes();
    });
    Napi::Object answer = Napi::Object::New(info.Env());
    answer.Set("freeBytes", static_cast<double>(free_bytes));
    answer.Set("totalBytes", static_cast<double>(open.card->facts().total_bytes));
    return answer;
}

// (pages, pageBytes, pageCount) -> 32 bytes a page; later over a copy
static Task card_pages_task(const Napi::CallbackInfo& info, bool is_copied) {
    struct Pages {
        std::vector<uint8_t> copy;
        const uint8_t* bytes;
        size_t page_bytes;
        size_t count;
        OpenCard open;
        std::vector<uint8_t> digests;
    };
    auto pages = std::make_shared<Pages>();
    const View<uint8_t> bytes = view_of<uint8_t>(info, 0, "pages");
    pages->page_bytes = word_of(info, 1, "pageBytes");
    pages->count = word_of(info, 2, "pageCount");
    if (pages->page_bytes == 0 || pages->count > bytes.length / pages->page_bytes) {
        throw wrong_argument(info.Env(), "fewer bytes than the pages have");
    }
    pages->open = open_card();
    if (pages->open.card == nullptr) {
        throw error_of(info.Env(), "ERR_INVALID_STATE", "no card is open");
    }
    if (is_copied) {
        pages->copy.assign(bytes.data, bytes.data + pages->page_bytes * pages->count);
    }
    pages->bytes = is_copied ? pages->copy.data() : bytes.data;
    return {[pages] {
                pages->digests.resize(pages->count * digest_bytes);
                cuda::sha256_pages_on(*pages->open.card, pages->bytes, pages->page_bytes,
                                      pages->count, pages->digests.data());
            },
            [pages](Napi::Env env) -> Napi::Value {
                return to_typed_array(env, std::move(pages->digests));
            }};
}

Napi::Value hash_pages_on_card(const Napi::CallbackInfo& info) {
    return run_now(info.Env(), card_pages_task(info, false));
}

Napi::Value hash_pages_on_card_async(const Napi::CallbackInfo& info) {
    return run_later(info.Env(), card_pages_task(info, true));
}

}  // namespace ferrograph::addon
