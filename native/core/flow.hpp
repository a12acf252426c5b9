// Questions of control flow: depth-first orders, dominators, strongly connected components. The twins of
// src/csr/dfs.ts, dominators.ts and components.ts. Nothing here recurses: graphs may be chains of millions.
#pragma once

#include <cstdint>
#include <vector>

#include "csr.hpp"

namespace ferrograph {

/** A depth-first search that takes edges in row order. */
struct DepthFirst {
    /** Reached nodes as they were first seen, and as they were left. */
    std::vector<uint32_t> preorder;
    std::vector<uint32_t> postorder;
    /** Node before in the search; -1 for roots and the unreachable. */
    std::vector<int32_t> parents;
};

/** Searches from each root in turn that no root before it reached. Throws std::out_of_range. */
DepthFirst dfs(const Csr& csr, const std::vector<uint32_t>& roots, uint32_t kinds);

/** Immediate dominator of a node that is dominated by nothing but itself. */
constexpr int32_t no_dominator = -1;

/** Immediate dominator of a node that no entry reaches. */
constexpr int32_t not_reached = -2;

/**
 * Immediate dominators of all nodes, as seen from a virtual root before all entries. Semi-NCA
 * (Georgiadis, 2005). Post-dominators: the transposed graph, with the exits as entries.
 */
std::vector<int32_t> dominators(const Csr& csr, const std::vector<uint32_t>& entries,
                                uint32_t kinds);

/** For each node the least node of its strongly connected component. */
std::vector<uint32_t> components(const Csr& csr, uint32_t kinds);

}  // namespace ferrograph
