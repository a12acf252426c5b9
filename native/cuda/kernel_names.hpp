// Names of the kernels, and how many threads each wants, without a line of CUDA.
#pragma once

#include <cstdint>

namespace ferrograph::cuda {

/** Threads that share one row. */
constexpr uint32_t row_threads = 32;

/** Threads of a block, for every kernel. */
constexpr uint32_t block_threads = 128;

struct BfsLevel {
    static constexpr const char* name = "ferrograph_bfs_level";
};
struct BfsAllLevels {
    static constexpr const char* name = "ferrograph_bfs_all_levels";
};
struct ManyPush {
    static constexpr const char* name = "ferrograph_many_push";
};
struct ManySettle {
    static constexpr const char* name = "ferrograph_many_settle";
};
struct Sha256Pages {
    static constexpr const char* name = "ferrograph_sha256_pages";
};

}  // namespace ferrograph::cuda
