// A directed graph with edge kinds in compressed sparse rows; the twin of src/csr/build-csr.ts.
// Format of the arrays: docs/formats/csr.md. No Node, no CUDA.
//
//   0 --1--> 1      row_offsets  0 2 3 3
//   |        |      columns      1 2 2
//   3        1      kinds        1 3 1
//   +--> 2 <-+
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ferrograph {

/** Edge kinds are numbers below this, so that a set of kinds is one word. */
constexpr uint32_t kind_count_max = 32;

/** Most nodes and most edges of one graph: indices are signed 32-bit in every backend. */
constexpr uint64_t csr_count_max = (uint64_t{1} << 31) - 1;

/** Adjacency. Invariants: each row is sorted by (kind, target) and holds no entry twice. */
struct Csr {
    std::vector<uint32_t> row_offsets{0};
    std::vector<uint32_t> columns;
    std::vector<uint8_t> kinds;
    /** At least the kinds that edges have, as bits: a search for all of these need not look at kinds. */
    uint32_t kinds_present = 0xffffffff;

    uint32_t node_count() const { return static_cast<uint32_t>(row_offsets.size() - 1); }
    uint32_t edge_count() const { return static_cast<uint32_t>(columns.size()); }
};

/** Edges as parallel arrays that somebody else owns, in any order. */
struct EdgesView {
    const uint32_t* sources = nullptr;
    const uint32_t* targets = nullptr;
    const uint8_t* kinds = nullptr;
    size_t count = 0;
};

/** Throws std::length_error for what indices of 31 bits cannot count. */
void check_limits(uint64_t node_count, uint64_t edge_count);

/** Builds rows from edges in any order; edges given twice count once. Throws std::out_of_range. */
Csr build_csr(uint64_t node_count, const EdgesView& edges);

/** Takes rows that were built elsewhere, after checking every invariant. Throws std::out_of_range. */
Csr copy_csr(const uint32_t* row_offsets, size_t row_offset_count, const uint32_t* columns,
             const uint8_t* kinds, size_t edge_count);

/** The graph of the edges whose kinds a mask has, on the same nodes. */
Csr select(const Csr& csr, uint32_t kinds);

/** The graph with every edge turned round. */
Csr transpose(const Csr& csr);

/** Nodes in the order of breadth-first searches from each node, ascending, that none reached before. */
std::vector<uint32_t> bfs_order(const Csr& csr);

/** The same graph with node order[i] called i. `order` is a permutation of the nodes. */
Csr relabel(const Csr& csr, const std::vector<uint32_t>& order);

}  // namespace ferrograph
