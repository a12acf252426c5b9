// SHA-256 for JavaScript. Surface: src/native/binding.ts.
#pragma once

#include <napi.h>

namespace ferrograph::addon {

/** shaLevels(): names of the levels that run here, by their numbers' order. */
Napi::Value sha_level_names(const Napi::CallbackInfo& info);

/** hashPages(pages, pageBytes, pageCount, level): 32 bytes a page; level "" chooses. */
Napi::Value hash_pages(const Napi::CallbackInfo& info);

/** The same on another thread, over a copy of the pages. */
Napi::Value hash_pages_async(const Napi::CallbackInfo& info);

/** hashMessages(bytes, lengths, level): digests of messages that lie one after the other. */
Napi::Value hash_messages(const Napi::CallbackInfo& info);

/** The same on another thread, over a copy of the messages. */
Napi::Value hash_messages_async(const Napi::CallbackInfo& info);

}  // namespace ferrograph::addon
