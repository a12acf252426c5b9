// The card, as JavaScript sees it: one for the process, opened on another thread, never inside something else.
#pragma once

#include <napi.h>

#include <memory>

#include "search.hpp"

namespace ferrograph::addon {

/** The card that was opened last, and where graphs lie on it. Null while there is none. */
struct OpenCard {
    std::shared_ptr<cuda::Card> card;
    cuda::Memory memory = cuda::Memory::device;
};
OpenCard open_card();

/** startCard(library, memory, measure): a promise for what the card is, or why there is none. */
Napi::Value start_card(const Napi::CallbackInfo& info);

/** stopCard(): graphs keep what they have there; new ones go to no card. */
Napi::Value stop_card(const Napi::CallbackInfo& info);

/** cardMemory(): free and total bytes; undefined where there is no card. */
Napi::Value card_memory(const Napi::CallbackInfo& info);

/** hashPagesOnCard(pages, pageBytes, pageCount): 32 bytes a page. */
Napi::Value hash_pages_on_card(const Napi::CallbackInfo& info);

/** The same on another thread, over a copy of the pages. */
Napi::Value hash_pages_on_card_async(const Napi::CallbackInfo& info);

}  // namespace ferrograph::addon
