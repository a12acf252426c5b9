#include "search_graph.hpp"

#include <algorithm>

namespace ferrograph {

namespace {

// Choosing the edges of a mask costs half of what reading the kinds of all of them adds to one search;
// turning them round, about as much as passing them so often.
constexpr uint64_t turns_until_it_pays = 8;
// A search of many sources at once costs about as much as this many fewer.
constexpr uint64_t sources_of_a_search = 16;

}  // namespace

uint32_t SearchGraph::bfs(const std::vector<uint32_t>& sources, Reach reach, BfsOutput out) {
    const Mask mask = prepared(reach.kinds);
    const Csr& searched = mask.chosen == nullptr ? csr_ : *mask.chosen;
    const uint32_t reached = ferrograph::bfs(searched, mask.turned.get(), sources, reach, out);
    if (csr_.node_count() > 0) {
        count_passed(reach.kinds, uint64_t{reached} * csr_.edge_count() / csr_.node_count());
    }
    return reached;
}

ManyOutput SearchGraph::bfs_many(const std::vector<uint32_t>& sources,
                                 const ManyOptions& options) {
    count_passed(options.reach.kinds,
                 uint64_t{sources.size()} / sources_of_a_search * csr_.edge_count());
    const Mask mask = prepared(options.reach.kinds);
    const Csr& searched = mask.chosen == nullptr ? csr_ : *mask.chosen;
    return ferrograph::bfs_many(searched, mask.turned.get(), sources, options);
}

SearchGraph::Mask SearchGraph::prepared(uint32_t kinds) {
    const std::lock_guard<std::mutex> guard(mutex_);
    Mask& mask = mask_of(kinds);
    const uint64_t edges = csr_.edge_count();
    const bool is_whole = mask.kinds == csr_.kinds_present;
    if (!is_whole && mask.chosen == nullptr && mask.passed >= edges) {
        mask.chosen = std::make_shared<const Csr>(select(csr_, mask.kinds));
    }
    if (mask.turned == nullptr && mask.passed >= edges * turns_until_it_pays) {
        mask.turned = std::make_shared<const Csr>(transpose(is_whole ? csr_ : *mask.chosen));
    }
    return mask;
}

void SearchGraph::count_passed(uint32_t kinds, uint64_t edges) {
    const std::lock_guard<std::mutex> guard(mutex_);
    mask_of(kinds).passed += edges;
}

SearchGraph::Mask& SearchGraph::mask_of(uint32_t kinds) {
    const uint32_t present = kinds & csr_.kinds_present;
    auto found = std::find_if(masks_.begin(), masks_.end(),
                              [&](const Mask& mask) { return mask.kinds == present; });
    if (found == masks_.end()) {
        if (masks_.size() < masks_kept) {
            masks_.emplace_back();
        }
        masks_.back() = Mask{present, 0, nullptr, nullptr};
        found = masks_.end() - 1;
    }
    std::rotate(masks_.begin(), found, found + 1);
    return masks_.front();
}

}  // namespace ferrograph
