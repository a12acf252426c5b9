// Padding, lanes, and the choice of a level. The rounds: compress_portable here, the rest in
// sha256_x86.cpp.

#include "sha256.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <numeric>
#include <stdexcept>
#include <string>

#include "sha256_lanes.hpp"

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace ferrograph {

namespace sha {

const uint32_t round_constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

const uint32_t initial_state[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                   0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

namespace {

inline uint32_t rotate(uint32_t x, int by) { return (x >> by) | (x << (32 - by)); }

inline uint32_t load_big_endian(const uint8_t* at) {
    return uint32_t{at[0]} << 24 | uint32_t{at[1]} << 16 | uint32_t{at[2]} << 8 | at[3];
}

}  // namespace

void compress_portable(uint32_t state[8], const uint8_t* blocks, size_t block_count) {
    for (size_t block = 0; block < block_count; ++block) {
        uint32_t w[64];
        for (int i = 0; i < 16; ++i) {
            w[i] = load_big_endian(blocks + block * block_bytes + i * 4);
        }
        for (int i = 16; i < 64; ++i) {
            const uint32_t low = rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ (w[i - 15] >> 3);
            const uint32_t high = rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ (w[i - 2] >> 10);
            w[i] = w[i - 16] + low + w[i - 7] + high;
        }
        uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
        uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
        for (int i = 0; i < 64; ++i) {
            const uint32_t t1 = h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) +
                                (g ^ (e & (f ^ g))) + round_constants[i] + w[i];
            const uint32_t t2 = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) +
                                ((a & b) | (c & (a | b)));
            h = g;
            g = f;
            f = e;
            e = d + t1;
            d = c;
            c = b;
            b = a;
            a = t1 + t2;
        }
        const uint32_t after[8] = {a, b, c, d, e, f, g, h};
        for (int i = 0; i < 8; ++i) {
            state[i] += after[i];
        }
    }
}

}  // namespace sha

namespace {

using sha::block_bytes;

// A message cut into blocks: the first (when a mark shifts it), those read in place, the padded last.
class Blocks {
public:
    void set(const Message& message) {
        const uint64_t length = message.length + message.marks;
        count_ = static_cast<size_t>((length + 9 + block_bytes - 1) / block_bytes);
        whole_ = static_cast<size_t>(length / block_bytes);
        body_ = message.data;
        marks_ = message.marks;
        if (marks_ != 0 && whole_ > 0) {
            head_[0] = message.mark;
            std::memcpy(head_.data() + 1, message.data, block_bytes - 1);
        }
        const size_t rest = static_cast<size_t>(length % block_bytes);
        const size_t tail_blocks = count_ - whole_;
        std::memset(tail_.data(), 0, tail_.size());
        if (marks_ != 0 && whole_ == 0) {
            tail_[0] = message.mark;
            copy_rest(tail_.data() + 1, message.data, rest - 1);
        } else {
            copy_rest(tail_.data(), message.data + (whole_ * block_bytes - marks_), rest);
        }
        tail_[rest] = 0x80;
        const uint64_t bits = length * 8;
        uint8_t* end = tail_.data() + tail_blocks * block_bytes;
        for (int byte = 0; byte < 8; ++byte) {
            end[-1 - byte] = static_cast<uint8_t>(bits >> (byte * 8));
        }
    }

    size_t count() const { return count_; }

    const uint8_t* at(size_t block) const {
        if (block >= whole_) {
            return tail_.data() + std::min(block - whole_, count_ - whole_ - 1) * block_bytes;
        }
        if (marks_ != 0) {
            return block == 0 ? head_.data() : body_ + (block * block_bytes - 1);
        }
        return body_ + block * block_bytes;
    }

    /** Whole blocks that lie in place, from `first` on. */
    size_t in_place(size_t first) const {
        return first >= whole_ ? 0 : marks_ != 0 && first == 0 ? 1 : whole_ - first;
    }

private:
    static void copy_rest(uint8_t* to, const uint8_t* from, size_t bytes) {
        if (bytes > 0) {
            std::memcpy(to, from, bytes);
        }
    }

    const uint8_t* body_ = nullptr;
    size_t count_ = 0;
    size_t whole_ = 0;
    uint8_t marks_ = 0;
    std::array<uint8_t, block_bytes> head_{};
    std::array<uint8_t, 2 * block_bytes> tail_{};
};

void store_digest(const uint32_t* state, size_t stride, uint8_t* digest) {
    for (size_t word = 0; word < 8; ++word) {
        const uint32_t value = state[word * stride];
        for (size_t byte = 0; byte < 4; ++byte) {
            digest[word * 4 + byte] = static_cast<uint8_t>(value >> (24 - byte * 8));
        }
    }
}

using CompressOne = void (*)(uint32_t*, const uint8_t*, size_t);

void hash_one(const Message& message, uint8_t* digest, CompressOne compress) {
    Blocks blocks;
    blocks.set(message);
    uint32_t state[8];
    std::copy_n(sha::initial_state, 8, state);
    for (size_t block = 0; block < blocks.count();) {
        const size_t run = std::max<size_t>(1, blocks.in_place(block));
        compress(state, blocks.at(block), run);
        block += run;
    }
    store_digest(state, 1, digest);
}

#if defined(__x86_64__)

// Two messages of one shape go through the SHA instructions together.
void hash_two(const Message& first, const Message& second, uint8_t* to_first,
              uint8_t* to_second) {
    Blocks blocks[2];
    blocks[0].set(first);
    blocks[1].set(second);
    uint32_t states[2][8];
    std::copy_n(sha::initial_state, 8, states[0]);
    std::copy_n(sha::initial_state, 8, states[1]);
    for (size_t block = 0; block < blocks[0].count();) {
        const size_t run = std::max<size_t>(1, blocks[0].in_place(block));
        sha::compress_two_sha_ni(states[0], states[1], blocks[0].at(block), blocks[1].at(block),
                                 run);
        block += run;
    }
    store_digest(states[0], 1, to_first);
    store_digest(states[1], 1, to_second);
}

bool same_shape(const Message& first, const Message& second) {
    return first.length == second.length && first.marks == second.marks;
}

void hash_all_sha_ni(const Message* messages, size_t count, uint8_t* digests) {
    size_t at = 0;
    while (at < count) {
        if (at + 1 < count && same_shape(messages[at], messages[at + 1])) {
            hash_two(messages[at], messages[at + 1], digests + at * digest_bytes,
                     digests + (at + 1) * digest_bytes);
            at += 2;
        } else {
            hash_one(messages[at], digests + at * digest_bytes, sha::compress_sha_ni);
            at += 1;
        }
    }
}

// Lanes go on to the longest message's end; a lane's digest is taken at its own.
template <size_t lanes>
void hash_lanes(const Message* messages, const uint32_t* order, size_t count, uint8_t* digests,
                void (*compress)(uint32_t*, const uint8_t* const*)) {
    alignas(64) uint32_t states[8 * lanes];
    for (size_t word = 0; word < 8; ++word) {
        std::fill_n(states + word * lanes, lanes, sha::initial_state[word]);
    }
    Blocks blocks[lanes];
    size_t longest = 0;
    for (size_t lane = 0; lane < lanes; ++lane) {
        blocks[lane].set(messages[order[std::min(lane, count - 1)]]);
        longest = std::max(longest, blocks[lane].count());
    }
    for (size_t block = 0; block < longest; ++block) {
        const uint8_t* inputs[lanes];
        for (size_t lane = 0; lane < lanes; ++lane) {
            inputs[lane] = blocks[lane].at(block);
        }
        compress(states, inputs);
        for (size_t lane = 0; lane < count; ++lane) {
            if (block + 1 == blocks[lane].count()) {
                store_digest(states + lane, lanes, digests + order[lane] * digest_bytes);
            }
        }
    }
}

template <size_t lanes>
void hash_all_lanes(const Message* messages, size_t count, uint8_t* digests,
                    void (*compress)(uint32_t*, const uint8_t* const*)) {
    // Side by side stand messages of like lengths, so that few lanes run idle.
    std::vector<uint32_t> order(count);
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
        return messages[a].length + messages[a].marks < messages[b].length + messages[b].marks;
    });
    for (size_t at = 0; at < count; at += lanes) {
        hash_lanes<lanes>(messages, order.data() + at, std::min(lanes, count - at), digests,
                          compress);
    }
}

struct Features {
    bool sha = false;
    bool avx2 = false;
    bool avx512 = false;
};

// A level counts only when the operating system keeps its registers (XCR0).
Features detect() {
    Features found;
    uint32_t a = 0, b = 0, c = 0, d = 0;
    if (__get_cpuid(1, &a, &b, &c, &d) == 0) {
        return found;
    }
    const bool has_ssse3 = (c >> 9 & 1) != 0;
    const bool has_sse41 = (c >> 19 & 1) != 0;
    uint64_t saved = 0;
    if ((c >> 27 & 1) != 0) {
        uint32_t low = 0, high = 0;
        __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
        saved = uint64_t{high} << 32 | low;
    }
    if (__get_cpuid_count(7, 0, &a, &b, &c, &d) == 0) {
        return found;
    }
    found.sha = (b >> 29 & 1) != 0 && has_ssse3 && has_sse41;
    found.avx2 = (b >> 5 & 1) != 0 && (saved & 0x06) == 0x06;
    const bool has_f = (b >> 16 & 1) != 0;
    const bool has_bw = (b >> 30 & 1) != 0;
    const bool has_vl = (b >> 31 & 1) != 0;
    found.avx512 = has_f && has_bw && has_vl && (saved & 0xe6) == 0xe6;
    return found;
}

const Features& features() {
    static const Features found = detect();
    return found;
}

#endif

bool can_run(ShaLevel level) {
    const std::vector<ShaLevel> levels = sha_levels();
    return std::find(levels.begin(), levels.end(), level) != levels.end();
}

}  // namespace

std::vector<ShaLevel> sha_levels() {
    std::vector<ShaLevel> levels{ShaLevel::portable};
#if defined(__x86_64__)
    if (features().sha) {
        levels.push_back(ShaLevel::sha_ni);
    }
    if (features().avx2) {
        levels.push_back(ShaLevel::avx2);
    }
    if (features().avx512) {
        levels.push_back(ShaLevel::avx512);
    }
#endif
    return levels;
}

const char* sha_level_name(ShaLevel level) {
    switch (level) {
        case ShaLevel::portable: return "portable";
        case ShaLevel::sha_ni: return "sha-ni";
        case ShaLevel::avx2: return "avx2";
        case ShaLevel::avx512: return "avx512";
    }
    return "unknown";
}

namespace {

// Which level hashes full batches fastest depends on the processor (some take two cycles for what is 512
// bits wide), so it is tried: once, in less than a millisecond.
ShaLevel measure_fastest() {
    constexpr size_t count = 16;
    constexpr size_t length = 2048;
    const std::vector<uint8_t> bytes(count * length, 0x5c);
    std::vector<uint8_t> digests(count * digest_bytes);
    ShaLevel fastest = ShaLevel::portable;
    auto least = std::chrono::steady_clock::duration::max();
    for (const ShaLevel level : sha_levels()) {
        for (int run = 0; run < 4; ++run) {
            const auto start = std::chrono::steady_clock::now();
            sha256_pages(bytes.data(), length, count, digests.data(), level);
            const auto took = std::chrono::steady_clock::now() - start;
            if (took < least) {
                least = took;
                fastest = level;
            }
        }
    }
    return fastest;
}

}  // namespace

ShaLevel best_sha_level(size_t message_count) {
    if (message_count >= 16) {
        static const ShaLevel fastest = measure_fastest();
        return fastest;
    }
    // A vector of lanes costs the same however few are used.
    if (can_run(ShaLevel::sha_ni)) {
        return ShaLevel::sha_ni;
    }
    if (message_count >= 6 && can_run(ShaLevel::avx512)) {
        return ShaLevel::avx512;
    }
    if (message_count >= 3 && can_run(ShaLevel::avx2)) {
        return ShaLevel::avx2;
    }
    return ShaLevel::portable;
}

void sha256_many(const Message* messages, size_t count, uint8_t* digests, ShaLevel level) {
    if (!can_run(level)) {
        throw std::invalid_argument(std::string("this processor has no ") +
                                    sha_level_name(level));
    }
    switch (level) {
#if defined(__x86_64__)
        case ShaLevel::sha_ni: hash_all_sha_ni(messages, count, digests); return;
        case ShaLevel::avx2:
            hash_all_lanes<8>(messages, count, digests, sha::compress_avx2);
            return;
        case ShaLevel::avx512:
            hash_all_lanes<16>(messages, count, digests, sha::compress_avx512);
            return;
#endif
        default: break;
    }
    for (size_t at = 0; at < count; ++at) {
        hash_one(messages[at], digests + at * digest_bytes, sha::compress_portable);
    }
}

void sha256_pages(const uint8_t* pages, size_t page_bytes, size_t count, uint8_t* digests,
                  ShaLevel level) {
    std::vector<Message> messages(count);
    for (size_t page = 0; page < count; ++page) {
        messages[page] = Message{pages + page * page_bytes, page_bytes, 0, 1};
    }
    sha256_many(messages.data(), count, digests, level);
}

}  // namespace ferrograph
