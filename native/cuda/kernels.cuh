// Kernels over the arrays of docs/formats/csr.md and over pages; twins of core/bfs.cpp and core/sha256.cpp.
// Plain loads, stores and atomics only, no exchange between lanes, so that a processor can run them one thread after the
// other (emulate.hpp) and their logic is tested where no card is.
#pragma once

#include <cstdint>

#include "kernel_names.hpp"

// Kernels are looked up by name in a module: they have the names of C. Where they are emulated, this is another thing.
#ifndef FERROGRAPH_KERNEL
#define FERROGRAPH_KERNEL extern "C" __global__
#endif

namespace ferrograph::cuda {

/**
 * Appends a node's unreached targets to `next`: its row is strided over by `lanes` threads. Reads 5 bytes an edge and 4 of
 * `dist` at the target; who changes a distance from -1 appends the target.
 */
static __device__ inline void reach_targets(const uint32_t* row_offsets, const uint32_t* columns,
                                            const uint8_t* kinds, uint32_t mask, uint32_t node,
                                            uint32_t lane, uint32_t lanes, int32_t level,
                                            int32_t* dist, uint32_t* next, uint32_t* next_count) {
    const uint32_t stop = row_offsets[node + 1];
    for (uint32_t edge = row_offsets[node] + lane; edge < stop; edge += lanes) {
        const uint32_t target = columns[edge];
        if (((mask >> kinds[edge]) & 1) != 0 && dist[target] == -1 &&
            atomicCAS(dist + target, -1, level) == -1) {
            next[atomicAdd(next_count, 1U)] = target;
        }
    }
}

/**
 * One level from above. Each group of 32 threads owns a node of the frontier.
 */
FERROGRAPH_KERNEL void ferrograph_bfs_level(const uint32_t* row_offsets, const uint32_t* columns,
                          const uint8_t* kinds, uint32_t mask, const uint32_t* frontier,
                          uint32_t frontier_count, int32_t level, int32_t* dist, uint32_t* next,
                          uint32_t* next_count) {
    const uint32_t thread = blockIdx.x * blockDim.x + threadIdx.x;
    const uint32_t at = thread / row_threads;
    if (at >= frontier_count) {
        return;
    }
    reach_targets(row_offsets, columns, kinds, mask, frontier[at], thread % row_threads,
                  row_threads, level, dist, next, next_count);
}

/**
 * Waits until every block of the grid is here; what was written before is seen after. All blocks must be resident.
 * barrier[0] counts those that are here, barrier[1] how often all were.
 */
static __device__ inline void wait_for_grid(uint32_t* barrier) {
    __syncthreads();
    if (threadIdx.x == 0) {
        volatile uint32_t* turns = barrier + 1;
        const uint32_t turn = *turns;
        __threadfence();
        if (atomicAdd(barrier, 1U) == gridDim.x - 1) {
            *static_cast<volatile uint32_t*>(barrier) = 0;
            __threadfence();
            atomicAdd(barrier + 1, 1U);
        } else {
            while (*turns == turn) {
                __nanosleep(40);
            }
        }
        __threadfence();
    }
    __syncthreads();
}

/**
 * All levels from above in one launch of blocks that are resident together. Groups of 32 threads stride over the frontier.
 * The size of level d is counts[d % 3]: one is read, one is added to, and one is made zero for the level after the next. counts[3]
 * and counts[4] are the barrier's. `frontier` and `next` change places at every level.
 */
FERROGRAPH_KERNEL void ferrograph_bfs_all_levels(const uint32_t* row_offsets,
                          const uint32_t* columns, const uint8_t* kinds, uint32_t mask,
                          uint32_t max_depth, uint32_t* frontier, uint32_t* next, int32_t* dist,
                          uint32_t* counts) {
    const uint32_t lanes = blockDim.x < row_threads ? blockDim.x : row_threads;
    const uint32_t thread = blockIdx.x * blockDim.x + threadIdx.x;
    const uint32_t groups = gridDim.x * blockDim.x / lanes;
    for (uint32_t depth = 1; depth - 1 < max_depth; ++depth) {
        const uint32_t size = static_cast<volatile uint32_t*>(counts)[(depth - 1) % 3];
        if (size == 0) {
            return;
        }
        for (uint32_t at = thread / lanes; at < size; at += groups) {
            reach_targets(row_offsets, columns, kinds, mask, frontier[at], thread % lanes, lanes,
                          static_cast<int32_t>(depth), dist, next, counts + depth % 3);
        }
        if (thread == 0) {
            counts[(depth + 1) % 3] = 0;
        }
        wait_for_grid(counts + 3);
        uint32_t* reached = next;
        next = frontier;
        frontier = reached;
    }
}

/**
 * One level of 64 searches. Each group of 32 threads owns a node and hands its word to its row's targets. Reads 16 bytes a
 * node, 5 an edge and 16 at the target.
 */
FERROGRAPH_KERNEL void ferrograph_many_push(const uint32_t* row_offsets, const uint32_t* columns,
                          const uint8_t* kinds, uint32_t mask, uint32_t node_count,
                          const unsigned long long* now, const unsigned long long* seen,
                          unsigned long long* next) {
    const uint32_t thread = blockIdx.x * blockDim.x + threadIdx.x;
    const uint32_t node = thread / row_threads;
    if (node >= node_count || now[node] == 0) {
        return;
    }
    const unsigned long long from = now[node];
    const uint32_t stop = row_offsets[node + 1];
    for (uint32_t edge = row_offsets[node] + thread % row_threads; edge < stop;
         edge += row_threads) {
        const uint32_t target = columns[edge];
        const unsigned long long fresh = from & ~seen[target];
        if (fresh != 0 && ((mask >> kinds[edge]) & 1) != 0) {
            atomicOr(next + target, fresh);
        }
    }
}

/**
 * Makes the next level the present one. Each thread owns a node; active[0] collects which searches went on, active[1] which
 * of them to a node below `counted`.
 */
FERROGRAPH_KERNEL void ferrograph_many_settle(uint32_t node_count, uint32_t counted, unsigned long long* now,
                            unsigned long long* seen, unsigned long long* next,
                            unsigned long long* active) {
    const uint32_t node = blockIdx.x * blockDim.x + threadIdx.x;
    if (node >= node_count) {
        return;
    }
    const unsigned long long fresh = next[node] & ~seen[node];
    seen[node] |= fresh;
    now[node] = fresh;
    next[node] = 0;
    if (fresh != 0) {
        atomicOr(active, fresh);
        if (node < counted) {
            atomicOr(active + 1, fresh);
        }
    }
}

__constant__ const uint32_t sha_constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

__device__ inline uint32_t rotated(uint32_t x, int by) { return (x >> by) | (x << (32 - by)); }

/** Byte `at` of the padded message 0x00, page. */
__device__ inline uint32_t message_byte(const uint8_t* page, uint32_t page_bytes, uint32_t at,
                                        uint32_t padded_bytes) {
    const uint32_t length = page_bytes + 1;
    if (at == 0) {
        return 0;
    }
    if (at < length) {
        return page[at - 1];
    }
    if (at == length) {
        return 0x80;
    }
    const uint32_t from_end = padded_bytes - 1 - at;
    const unsigned long long bits = static_cast<unsigned long long>(length) * 8;
    return from_end < 8 ? static_cast<uint32_t>(bits >> (from_end * 8)) & 0xff : 0;
}

/** SHA-256(0x00, page). Each thread owns a page; its 16 words and 8 of state stay in registers. */
FERROGRAPH_KERNEL void ferrograph_sha256_pages(const uint8_t* pages, uint32_t page_bytes, uint32_t count,
                                    uint8_t* digests) {
    const uint32_t page = blockIdx.x * blockDim.x + threadIdx.x;
    if (page >= count) {
        return;
    }
    const uint8_t* bytes = pages + static_cast<unsigned long long>(page) * page_bytes;
    const uint32_t padded = (page_bytes + 1 + 9 + 63) / 64 * 64;
    uint32_t state[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                         0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    for (uint32_t block = 0; block < padded; block += 64) {
        uint32_t w[16];
        for (uint32_t i = 0; i < 16; ++i) {
            w[i] = 0;
            for (uint32_t byte = 0; byte < 4; ++byte) {
                w[i] = w[i] << 8 | message_byte(bytes, page_bytes, block + i * 4 + byte, padded);
            }
        }
        uint32_t s[8];
        for (int i = 0; i < 8; ++i) {
            s[i] = state[i];
        }
#pragma unroll
        for (int round = 0; round < 64; ++round) {
            if (round >= 16) {
                const uint32_t near = w[(round + 1) & 15];
                const uint32_t far = w[(round + 14) & 15];
                w[round & 15] += (rotated(near, 7) ^ rotated(near, 18) ^ (near >> 3)) +
                                 w[(round + 9) & 15] +
                                 (rotated(far, 17) ^ rotated(far, 19) ^ (far >> 10));
            }
            const uint32_t t1 = s[7] + (rotated(s[4], 6) ^ rotated(s[4], 11) ^ rotated(s[4], 25)) +
                                (s[6] ^ (s[4] & (s[5] ^ s[6]))) + sha_constants[round] +
                                w[round & 15];
            const uint32_t t2 = (rotated(s[0], 2) ^ rotated(s[0], 13) ^ rotated(s[0], 22)) +
                                ((s[0] & s[1]) | (s[2] & (s[0] | s[1])));
            s[7] = s[6];
            s[6] = s[5];
            s[5] = s[4];
            s[4] = s[3] + t1;
            s[3] = s[2];
            s[2] = s[1];
            s[1] = s[0];
            s[0] = t1 + t2;
        }
        for (int i = 0; i < 8; ++i) {
            state[i] += s[i];
        }
    }
    for (int i = 0; i < 32; ++i) {
        digests[static_cast<unsigned long long>(page) * 32 + i] =
            static_cast<uint8_t>(state[i / 4] >> (24 - i % 4 * 8));
    }
}

}  // namespace ferrograph::cuda
