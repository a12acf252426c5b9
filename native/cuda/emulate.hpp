// Runs kernels on the processor, one thread after the other: their logic, not their races. Those whose blocks wait for one
// another run as blocks of one thread, each on a thread of the processor. For tests alone.
#pragma once

#include <cstdint>
#include <thread>
#include <vector>

#define FERROGRAPH_KERNEL static inline
#define __device__
#define __constant__ static

struct EmulatedIndex {
    uint32_t x = 0;
};

static thread_local EmulatedIndex threadIdx;
static thread_local EmulatedIndex blockIdx;
static thread_local EmulatedIndex blockDim;
static thread_local EmulatedIndex gridDim;

// A block whose threads wait for one another has one alone.
static inline void __syncthreads() {}
static inline void __threadfence() { __atomic_thread_fence(__ATOMIC_SEQ_CST); }
static inline void __nanosleep(unsigned) { std::this_thread::yield(); }

template <typename T>
T atomicCAS(T* at, T expected, T wanted) {
    __atomic_compare_exchange_n(at, &expected, wanted, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
    return expected;
}

template <typename T>
T atomicAdd(T* at, T value) {
    return __atomic_fetch_add(at, value, __ATOMIC_SEQ_CST);
}

template <typename T>
T atomicOr(T* at, T value) {
    return __atomic_fetch_or(at, value, __ATOMIC_SEQ_CST);
}

template <typename Kernel, typename... Args>
void emulate(uint32_t threads, Kernel kernel, Args... args) {
    blockDim.x = 128;
    gridDim.x = (threads + 127) / 128;
    for (uint32_t thread = 0; thread < (threads + 127) / 128 * 128; ++thread) {
        blockIdx.x = thread / 128;
        threadIdx.x = thread % 128;
        kernel(args...);
    }
}

template <typename Kernel, typename... Args>
void emulate_together(uint32_t blocks, Kernel kernel, Args... args) {
    std::vector<std::thread> running;
    for (uint32_t block = 0; block < blocks; ++block) {
        running.emplace_back([=] {
            blockDim.x = 1;
            gridDim.x = blocks;
            blockIdx.x = block;
            kernel(args...);
        });
    }
    for (std::thread& one : running) {
        one.join();
    }
}
