// SHA-256 of many messages, with whatever the processor offers: 16 messages side by side (AVX-512), 8
// (AVX2), the SHA instructions, or plain C++. All levels give the same bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ferrograph {

/** Ways of computing, from slow to fast. */
enum class ShaLevel : uint8_t { portable = 0, sha_ni = 1, avx2 = 2, avx512 = 3 };

/** Bytes of a digest. */
constexpr size_t digest_bytes = 32;

/** Levels that this processor and operating system can run. */
std::vector<ShaLevel> sha_levels();

/** Name of a level, as it is shown to users. */
const char* sha_level_name(ShaLevel level);

/** The level that is fastest for this many messages of about equal length. */
ShaLevel best_sha_level(size_t message_count);

/** A message: `marks` bytes (0 or 1) of `mark`, then `length` bytes at `data`. */
struct Message {
    const uint8_t* data = nullptr;
    uint64_t length = 0;
    uint8_t mark = 0;
    uint8_t marks = 0;
};

/**
 * Hashes messages of any lengths; 32 bytes each go to `digests`. Fastest where messages that stand side by
 * side have like lengths. Throws std::invalid_argument for a level that cannot run here.
 */
void sha256_many(const Message* messages, size_t count, uint8_t* digests, ShaLevel level);

/** SHA-256(0x00 then page) of contiguous pages: the leaves of docs/formats/state-root.md. */
void sha256_pages(const uint8_t* pages, size_t page_bytes, size_t count, uint8_t* digests,
                  ShaLevel level);

}  // namespace ferrograph
