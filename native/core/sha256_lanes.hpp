// What the levels of sha256.cpp share: constants, and the functions that advance states by one block.
#pragma once

#include <cstddef>
#include <cstdint>

namespace ferrograph::sha {

constexpr size_t block_bytes = 64;

extern const uint32_t round_constants[64];
extern const uint32_t initial_state[8];

/** Advances one state over contiguous blocks. */
void compress_portable(uint32_t state[8], const uint8_t* blocks, size_t block_count);

#if defined(__x86_64__)
void compress_sha_ni(uint32_t state[8], const uint8_t* blocks, size_t block_count);

/** Advances two states by one block each: the instructions of one fill the waits of the other. */
void compress_two_sha_ni(uint32_t* first, uint32_t* second, const uint8_t* first_blocks,
                         const uint8_t* second_blocks, size_t block_count);

/** Advances 8 states by a block each. `states` holds word w of lane l at [w * 8 + l]. */
void compress_avx2(uint32_t* states, const uint8_t* const blocks[8]);

/** Advances 16 states by a block each. `states` holds word w of lane l at [w * 16 + l]. */
void compress_avx512(uint32_t* states, const uint8_t* const blocks[16]);
#endif

}  // namespace ferrograph::sha
