// A graph that is searched again and again: what makes its searches faster is made once it has paid.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "bfs.hpp"
#include "csr.hpp"

namespace ferrograph {

/**
 * Searches a graph as `bfs` and `bfs_many` do. When searches under a mask have passed as many edges as the
 * graph has, the graph of the mask's edges alone is kept: from then on no kind is read. At eight times as many,
 * which is what it costs, it is turned round too, and searches go from below where that is shorter. Kept for the
 * masks that were used last; for a mask of all kinds the graph itself serves. Any number of threads may search.
 */
class SearchGraph {
public:
    explicit SearchGraph(Csr csr) : csr_(std::move(csr)) {}

    const Csr& csr() const { return csr_; }
    /** As ferrograph::bfs. */
    uint32_t bfs(const std::vector<uint32_t>& sources, Reach reach, BfsOutput out);
    /** As ferrograph::bfs_many. */
    ManyOutput bfs_many(const std::vector<uint32_t>& sources, const ManyOptions& options);

    /** Masks that more is kept for, all kinds among them. */
    static constexpr size_t masks_kept = 3;

private:
    struct Mask {
        uint32_t kinds = 0;
        uint64_t passed = 0;
        /** Null while it is not made, and where it would be the graph itself. */
        std::shared_ptr<const Csr> chosen;
        std::shared_ptr<const Csr> turned;
    };

    Mask prepared(uint32_t kinds);
    void count_passed(uint32_t kinds, uint64_t edges);
    Mask& mask_of(uint32_t kinds);

    const Csr csr_;
    std::mutex mutex_;
    /** The one that was used last comes first. */
    std::vector<Mask> masks_;
};

}  // namespace ferrograph
