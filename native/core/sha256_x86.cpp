// SHA-256 by x86 vector instructions. Each function is compiled for its instructions by an attribute, so
// that the rest of the program runs on any x86-64; sha256.cpp calls only what cpuid allows.

#include "sha256_lanes.hpp"

#if defined(__x86_64__)

// GCC 12 takes the undefined operands of its own intrinsics for uninitialised variables.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

#include <immintrin.h>

#define TARGET_SHA __attribute__((target("sha,sse4.1,ssse3")))
#define TARGET_AVX2 __attribute__((target("avx2")))
#define TARGET_AVX512 __attribute__((target("avx512f,avx512bw,avx512vl")))

namespace ferrograph::sha {

namespace {

// The SHA instructions keep the state as ABEF and CDGH.
struct Halves {
    __m128i abef;
    __m128i cdgh;
};

TARGET_SHA inline Halves load_state(const uint32_t* state) {
    const __m128i dcba = _mm_loadu_si128(reinterpret_cast<const __m128i*>(state));
    const __m128i hgfe = _mm_loadu_si128(reinterpret_cast<const __m128i*>(state + 4));
    const __m128i cdab = _mm_shuffle_epi32(dcba, 0xb1);
    const __m128i efgh = _mm_shuffle_epi32(hgfe, 0x1b);
    return {_mm_alignr_epi8(cdab, efgh, 8), _mm_blend_epi16(efgh, cdab, 0xf0)};
}

TARGET_SHA inline void store_state(uint32_t* state, Halves halves) {
    const __m128i feba = _mm_shuffle_epi32(halves.abef, 0x1b);
    const __m128i dchg = _mm_shuffle_epi32(halves.cdgh, 0xb1);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(state), _mm_blend_epi16(feba, dchg, 0xf0));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(state + 4), _mm_alignr_epi8(dchg, feba, 8));
}

TARGET_SHA inline __m128i load_words(const uint8_t* at) {
    const __m128i order = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    return _mm_shuffle_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(at)), order);
}

// `lanes` streams at once; the compiler unrolls both loops.
template <int lanes>
TARGET_SHA inline void compress_streams(Halves* state, const uint8_t* const* blocks,
                                        size_t offset) {
    __m128i words[lanes][4];
    Halves before[lanes];
    for (int lane = 0; lane < lanes; ++lane) {
        before[lane] = state[lane];
        for (int quarter = 0; quarter < 4; ++quarter) {
            words[lane][quarter] = load_words(blocks[lane] + offset + quarter * 16);
        }
    }
#pragma GCC unroll 16
    for (int group = 0; group < 16; ++group) {
        const __m128i constants =
            _mm_loadu_si128(reinterpret_cast<const __m128i*>(round_constants + group * 4));
        for (int lane = 0; lane < lanes; ++lane) {
            __m128i* w = words[lane];
            const __m128i sum = _mm_add_epi32(w[group & 3], constants);
            state[lane].cdgh =
                _mm_sha256rnds2_epu32(state[lane].cdgh, state[lane].abef, sum);
            state[lane].abef = _mm_sha256rnds2_epu32(state[lane].abef, state[lane].cdgh,
                                                     _mm_shuffle_epi32(sum, 0x0e));
            if (group < 12) {
                __m128i next = _mm_sha256msg1_epu32(w[group & 3], w[(group + 1) & 3]);
                next = _mm_add_epi32(
                    next, _mm_alignr_epi8(w[(group + 3) & 3], w[(group + 2) & 3], 4));
                w[group & 3] = _mm_sha256msg2_epu32(next, w[(group + 3) & 3]);
            }
        }
    }
    for (int lane = 0; lane < lanes; ++lane) {
        state[lane].abef = _mm_add_epi32(state[lane].abef, before[lane].abef);
        state[lane].cdgh = _mm_add_epi32(state[lane].cdgh, before[lane].cdgh);
    }
}

}  // namespace

TARGET_SHA void compress_sha_ni(uint32_t state[8], const uint8_t* blocks, size_t block_count) {
    Halves halves[1] = {load_state(state)};
    const uint8_t* const streams[1] = {blocks};
    for (size_t block = 0; block < block_count; ++block) {
        compress_streams<1>(halves, streams, block * block_bytes);
    }
    store_state(state, halves[0]);
}

TARGET_SHA void compress_two_sha_ni(uint32_t* first, uint32_t* second,
                                    const uint8_t* first_blocks, const uint8_t* second_blocks,
                                    size_t block_count) {
    Halves halves[2] = {load_state(first), load_state(second)};
    const uint8_t* const streams[2] = {first_blocks, second_blocks};
    for (size_t block = 0; block < block_count; ++block) {
        compress_streams<2>(halves, streams, block * block_bytes);
    }
    store_state(first, halves[0]);
    store_state(second, halves[1]);
}

// --- 8 lanes -------------------------------------------------------------------------------------

namespace {

TARGET_AVX2 inline __m256i rotate8(__m256i x, int by) {
    return _mm256_or_si256(_mm256_srli_epi32(x, by), _mm256_slli_epi32(x, 32 - by));
}

TARGET_AVX2 inline __m256i xor8(__m256i a, __m256i b, __m256i c) {
    return _mm256_xor_si256(_mm256_xor_si256(a, b), c);
}

// Rows of 8 words become columns.
TARGET_AVX2 inline void transpose8(__m256i r[8]) {
    __m256i t[8];
    for (int i = 0; i < 8; i += 2) {
        t[i] = _mm256_unpacklo_epi32(r[i], r[i + 1]);
        t[i + 1] = _mm256_unpackhi_epi32(r[i], r[i + 1]);
    }
    __m256i u[8];
    for (int i = 0; i < 8; i += 4) {
        u[i] = _mm256_unpacklo_epi64(t[i], t[i + 2]);
        u[i + 1] = _mm256_unpackhi_epi64(t[i], t[i + 2]);
        u[i + 2] = _mm256_unpacklo_epi64(t[i + 1], t[i + 3]);
        u[i + 3] = _mm256_unpackhi_epi64(t[i + 1], t[i + 3]);
    }
    for (int i = 0; i < 4; ++i) {
        r[i] = _mm256_permute2x128_si256(u[i], u[i + 4], 0x20);
        r[i + 4] = _mm256_permute2x128_si256(u[i], u[i + 4], 0x31);
    }
}

}  // namespace

TARGET_AVX2 void compress_avx2(uint32_t* states, const uint8_t* const blocks[8]) {
    const __m256i order = _mm256_broadcastsi128_si256(
        _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203));
    __m256i w[16];
    for (int half = 0; half < 2; ++half) {
        for (int lane = 0; lane < 8; ++lane) {
            w[half * 8 + lane] = _mm256_shuffle_epi8(
                _mm256_loadu_si256(
                    reinterpret_cast<const __m256i*>(blocks[lane] + half * 32)),
                order);
        }
        transpose8(w + half * 8);
    }
    __m256i s[8];
    for (int word = 0; word < 8; ++word) {
        s[word] = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(states + word * 8));
    }
    __m256i a = s[0], b = s[1], c = s[2], d = s[3], e = s[4], f = s[5], g = s[6], h = s[7];
#pragma GCC unroll 64
    for (int round = 0; round < 64; ++round) {
        __m256i word = w[round & 15];
        if (round >= 16) {
            const __m256i near = w[(round + 1) & 15];
            const __m256i far = w[(round + 14) & 15];
            const __m256i low =
                xor8(rotate8(near, 7), rotate8(near, 18), _mm256_srli_epi32(near, 3));
            const __m256i high =
                xor8(rotate8(far, 17), rotate8(far, 19), _mm256_srli_epi32(far, 10));
            word = _mm256_add_epi32(_mm256_add_epi32(word, low),
                                    _mm256_add_epi32(w[(round + 9) & 15], high));
            w[round & 15] = word;
        }
        const __m256i big_e = xor8(rotate8(e, 6), rotate8(e, 11), rotate8(e, 25));
        const __m256i choice = _mm256_xor_si256(g, _mm256_and_si256(e, _mm256_xor_si256(f, g)));
        const __m256i constant = _mm256_set1_epi32(static_cast<int>(round_constants[round]));
        const __m256i t1 = _mm256_add_epi32(
            _mm256_add_epi32(_mm256_add_epi32(h, constant), word),
            _mm256_add_epi32(big_e, choice));
        const __m256i big_a = xor8(rotate8(a, 2), rotate8(a, 13), rotate8(a, 22));
        const __m256i majority = _mm256_or_si256(
            _mm256_and_si256(a, b), _mm256_and_si256(c, _mm256_or_si256(a, b)));
        h = g;
        g = f;
        f = e;
        e = _mm256_add_epi32(d, t1);
        d = c;
        c = b;
        b = a;
        a = _mm256_add_epi32(t1, _mm256_add_epi32(big_a, majority));
    }
    const __m256i after[8] = {a, b, c, d, e, f, g, h};
    for (int word = 0; word < 8; ++word) {
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(states + word * 8),
                            _mm256_add_epi32(s[word], after[word]));
    }
}

// --- 16 lanes ------------------------------------------------------------------------------------

namespace {

TARGET_AVX512 inline __m512i xor16(__m512i a, __m512i b, __m512i c) {
    return _mm512_ternarylogic_epi32(a, b, c, 0x96);
}

// Rows of 16 words become columns.
TARGET_AVX512 inline void transpose16(__m512i r[16]) {
    __m512i t[16];
    for (int i = 0; i < 16; i += 2) {
        t[i] = _mm512_unpacklo_epi32(r[i], r[i + 1]);
        t[i + 1] = _mm512_unpackhi_epi32(r[i], r[i + 1]);
    }
    for (int i = 0; i < 16; i += 4) {
        r[i] = _mm512_unpacklo_epi64(t[i], t[i + 2]);
        r[i + 1] = _mm512_unpackhi_epi64(t[i], t[i + 2]);
        r[i + 2] = _mm512_unpacklo_epi64(t[i + 1], t[i + 3]);
        r[i + 3] = _mm512_unpackhi_epi64(t[i + 1], t[i + 3]);
    }
    // r[4g + c] holds column 4q + c of rows 4g..4g+3 in its quarter q.
    for (int c = 0; c < 4; ++c) {
        const __m512i low = _mm512_shuffle_i32x4(r[c], r[4 + c], 0x44);
        const __m512i high = _mm512_shuffle_i32x4(r[c], r[4 + c], 0xee);
        const __m512i low_next = _mm512_shuffle_i32x4(r[8 + c], r[12 + c], 0x44);
        const __m512i high_next = _mm512_shuffle_i32x4(r[8 + c], r[12 + c], 0xee);
        t[c] = _mm512_shuffle_i32x4(low, low_next, 0x88);
        t[4 + c] = _mm512_shuffle_i32x4(low, low_next, 0xdd);
        t[8 + c] = _mm512_shuffle_i32x4(high, high_next, 0x88);
        t[12 + c] = _mm512_shuffle_i32x4(high, high_next, 0xdd);
    }
    for (int i = 0; i < 16; ++i) {
        r[i] = t[i];
    }
}

}  // namespace

TARGET_AVX512 void compress_avx512(uint32_t* states, const uint8_t* const blocks[16]) {
    const __m512i order = _mm512_broadcast_i32x4(
        _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203));
    __m512i w[16];
    for (int lane = 0; lane < 16; ++lane) {
        w[lane] = _mm512_shuffle_epi8(_mm512_loadu_si512(blocks[lane]), order);
    }
    transpose16(w);
    __m512i s[8];
    for (int word = 0; word < 8; ++word) {
        s[word] = _mm512_loadu_si512(states + word * 16);
    }
    __m512i a = s[0], b = s[1], c = s[2], d = s[3], e = s[4], f = s[5], g = s[6], h = s[7];
#pragma GCC unroll 64
    for (int round = 0; round < 64; ++round) {
        __m512i word = w[round & 15];
        if (round >= 16) {
            const __m512i near = w[(round + 1) & 15];
            const __m512i far = w[(round + 14) & 15];
            const __m512i low = xor16(_mm512_ror_epi32(near, 7), _mm512_ror_epi32(near, 18),
                                      _mm512_srli_epi32(near, 3));
            const __m512i high = xor16(_mm512_ror_epi32(far, 17), _mm512_ror_epi32(far, 19),
                                       _mm512_srli_epi32(far, 10));
            word = _mm512_add_epi32(_mm512_add_epi32(word, low),
                                    _mm512_add_epi32(w[(round + 9) & 15], high));
            w[round & 15] = word;
        }
        const __m512i big_e =
            xor16(_mm512_ror_epi32(e, 6), _mm512_ror_epi32(e, 11), _mm512_ror_epi32(e, 25));
        const __m512i choice = _mm512_ternarylogic_epi32(e, f, g, 0xca);
        const __m512i constant = _mm512_set1_epi32(static_cast<int>(round_constants[round]));
        const __m512i t1 = _mm512_add_epi32(
            _mm512_add_epi32(_mm512_add_epi32(h, constant), word),
            _mm512_add_epi32(big_e, choice));
        const __m512i big_a =
            xor16(_mm512_ror_epi32(a, 2), _mm512_ror_epi32(a, 13), _mm512_ror_epi32(a, 22));
        const __m512i majority = _mm512_ternarylogic_epi32(a, b, c, 0xe8);
        h = g;
        g = f;
        f = e;
        e = _mm512_add_epi32(d, t1);
        d = c;
        c = b;
        b = a;
        a = _mm512_add_epi32(t1, _mm512_add_epi32(big_a, majority));
    }
    const __m512i after[8] = {a, b, c, d, e, f, g, h};
    for (int word = 0; word < 8; ++word) {
        _mm512_storeu_si512(states + word * 16, _mm512_add_epi32(s[word], after[word]));
    }
}

}  // namespace ferrograph::sha

#endif
