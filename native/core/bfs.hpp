// Breadth-first search: one search over a bitmap of visited nodes, from above or from below, and many
// at once, 64 to a word. The twin of src/csr/bfs.ts and src/csr/bfs-many.ts.
//
// Answers are functions of the graph alone, not of the way they were found: reached nodes are listed by
// (distance, node), and a parent is the least node at the distance before, by its least kind of edge.
#pragma once

#include <cstdint>
#include <vector>

#include "csr.hpp"

namespace ferrograph {

constexpr uint32_t unlimited_depth = 0xffffffff;

/** Which edges a search follows, and how far. */
struct Reach {
    uint32_t kinds = 0xffffffff;
    uint32_t max_depth = unlimited_depth;
};

/** Ways of searching; all give the same answers. */
enum class BfsWay : uint8_t { automatic, top_down, bottom_up };

/** Where a search writes: arrays of node_count entries that the caller owns. */
struct BfsOutput {
    int32_t* dist_view = nullptr;
    uint32_t* order_view = nullptr;
};

/**
 * Searches from the sources; returns the number of reached nodes. `transposed` may be null: then the
 * search never goes from below. Throws std::out_of_range for a source that is no node.
 * Memory besides the output: node_count / 4 bytes.
 */
uint32_t bfs(const Csr& csr, const Csr* transposed, const std::vector<uint32_t>& sources,
             Reach reach, BfsOutput out, BfsWay way = BfsWay::automatic);

/** Finds parents (-1 for none) and the kinds of their edges (255 for none) of a search's answer. */
void bfs_parents(const Csr& csr, uint32_t kinds, const int32_t* dist, const uint32_t* order,
                 uint32_t reached, int32_t* parents, uint8_t* parent_kinds);

/** What many searches reached, by source. */
struct ManyOutput {
    /** Reached nodes below `counted_nodes`, the source itself included. */
    std::vector<uint32_t> counts;
    /** Greatest distance of a node that is counted; 0 where there is none. */
    std::vector<uint32_t> depths;
    /** If asked for: node_count rows of ceil(sources / 32) words; bit i of a row is source i. */
    std::vector<uint32_t> sets;
};

struct ManyOptions {
    Reach reach;
    /** Nodes from this on are passed through, and not counted. */
    uint32_t counted_nodes = 0xffffffff;
    bool with_sets = false;
};

/** Searches from every source by itself, 64 at a time. Memory: 28 bytes per node, and the sets. */
ManyOutput bfs_many(const Csr& csr, const Csr* transposed, const std::vector<uint32_t>& sources,
                    const ManyOptions& options);

}  // namespace ferrograph
