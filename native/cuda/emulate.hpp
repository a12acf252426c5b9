// Runs kernels on the processor, one thread after the other: their logic, not their races. For tests alone.
#pragma once

#include <cstdint>

#define FERROGRAPH_KERNEL static inline
#define __device__
#define __constant__ static

struct EmulatedIndex {
    uint32_t x = 0;
};

static EmulatedIndex threadIdx;
static EmulatedIndex blockIdx;
static EmulatedIndex blockDim;

template <typename T>
T atomicCAS(T* at, T expected, T wanted) {
    const T old = *at;
    *at = old == expected ? wanted : old;
    return old;
}

template <typename T>
T atomicAdd(T* at, T value) {
    const T old = *at;
    *at = old + value;
    return old;
}

template <typename T>
T atomicOr(T* at, T value) {
    const T old = *at;
    *at = old | value;
    return old;
}

template <typename Kernel, typename... Args>
void emulate(uint32_t threads, Kernel kernel, Args... args) {
    blockDim.x = 128;
    for (uint32_t thread = 0; thread < (threads + 127) / 128 * 128; ++thread) {
        blockIdx.x = thread / 128;
        threadIdx.x = thread % 128;
        kernel(args...);
    }
}
