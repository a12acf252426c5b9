// Searches against a relaxation that knows nothing of queues, every way of searching, and many against one.

#include "../bfs.hpp"

#include <algorithm>
#include <stdexcept>

#include "../search_graph.hpp"
#include "check.hpp"

namespace test {

using ferrograph::BfsWay;
using ferrograph::Csr;
using ferrograph::Reach;

namespace {

struct Found {
    std::vector<int32_t> dist;
    std::vector<uint32_t> order;
    std::vector<int32_t> parents;
    std::vector<uint8_t> parent_kinds;

    bool operator==(const Found& other) const {
        return dist == other.dist && order == other.order && parents == other.parents &&
               parent_kinds == other.parent_kinds;
    }
};

Found search(const Csr& csr, const Csr* transposed, const std::vector<uint32_t>& sources,
             Reach reach, BfsWay way) {
    const size_t nodes = csr.node_count();
    // Poisoned: every element must be written.
    Found found{std::vector<int32_t>(nodes, 77), std::vector<uint32_t>(nodes, 77),
                std::vector<int32_t>(nodes, 77), std::vector<uint8_t>(nodes, 77)};
    const uint32_t reached = ferrograph::bfs(csr, transposed, sources, reach,
                                             {found.dist.data(), found.order.data()}, way);
    found.order.resize(reached);
    ferrograph::bfs_parents(csr, reach.kinds, found.dist.data(), found.order.data(), reached,
                            found.parents.data(), found.parent_kinds.data());
    return found;
}

// By the definition: relax every edge until nothing changes.
Found naive(const Csr& csr, const std::vector<uint32_t>& sources, Reach reach) {
    const uint32_t nodes = csr.node_count();
    Found found{std::vector<int32_t>(nodes, -1), {}, std::vector<int32_t>(nodes, -1),
                std::vector<uint8_t>(nodes, 255)};
    for (const uint32_t source : sources) {
        found.dist[source] = 0;
    }
    for (uint32_t depth = 0; depth < std::min(nodes, reach.max_depth); ++depth) {
        for (uint32_t node = 0; node < nodes; ++node) {
            for (uint32_t at = csr.row_offsets[node]; at < csr.row_offsets[node + 1]; ++at) {
                const uint32_t target = csr.columns[at];
                if (found.dist[node] == static_cast<int32_t>(depth) &&
                    ((reach.kinds >> csr.kinds[at]) & 1) != 0 &&
                    (found.dist[target] == -1 ||
                     (found.dist[target] == found.dist[node] + 1 &&
                      static_cast<uint32_t>(found.parents[target]) > node))) {
                    found.dist[target] = static_cast<int32_t>(depth) + 1;
                    found.parents[target] = static_cast<int32_t>(node);
                    found.parent_kinds[target] = csr.kinds[at];
                }
            }
        }
    }
    for (uint32_t node = 0; node < nodes; ++node) {
        if (found.dist[node] >= 0) {
            found.order.push_back(node);
        }
    }
    std::stable_sort(found.order.begin(), found.order.end(),
                     [&](uint32_t a, uint32_t b) { return found.dist[a] < found.dist[b]; });
    return found;
}

void test_random(uint64_t seed) {
    Random random(seed);
    const uint32_t nodes = 1 + random.below(seed % 3 == 0 ? 400 : 30);
    const EdgeList edges = random_edges(random, nodes, random.below(nodes * 6), 1 + random.below(6));
    const Csr csr = ferrograph::build_csr(nodes, edges.view());
    const Csr turned = ferrograph::transpose(csr);
    std::vector<uint32_t> sources;
    for (uint32_t count = random.below(4); count > 0; --count) {
        sources.push_back(random.below(nodes));
    }
    Reach reach;
    reach.kinds = seed % 4 == 0 ? 0xffffffff : static_cast<uint32_t>(random.next());
    reach.max_depth = seed % 5 == 0 ? random.below(4) : ferrograph::unlimited_depth;
    const Found expected = naive(csr, sources, reach);
    CHECK_SEED(search(csr, &turned, sources, reach, BfsWay::automatic) == expected, seed);
    CHECK_SEED(search(csr, nullptr, sources, reach, BfsWay::automatic) == expected, seed);
    CHECK_SEED(search(csr, &turned, sources, reach, BfsWay::top_down) == expected, seed);
    CHECK_SEED(search(csr, &turned, sources, reach, BfsWay::bottom_up) == expected, seed);
}

void test_many(uint64_t seed, uint32_t source_count) {
    Random random(seed);
    const uint32_t nodes = 1 + random.below(200);
    const EdgeList edges = random_edges(random, nodes, random.below(nodes * 5), 4);
    const Csr csr = ferrograph::build_csr(nodes, edges.view());
    const Csr turned = ferrograph::transpose(csr);
    std::vector<uint32_t> sources;
    for (uint32_t i = 0; i < source_count; ++i) {
        sources.push_back(random.below(nodes));
    }
    ferrograph::ManyOptions options;
    options.reach.kinds = static_cast<uint32_t>(random.next());
    options.reach.max_depth = seed % 4 == 0 ? random.below(5) : ferrograph::unlimited_depth;
    options.counted_nodes = seed % 3 == 0 ? random.below(nodes) : 0xffffffff;
    options.with_sets = true;
    const size_t words = (source_count + 31) / 32;
    const Csr* const ways[] = {nullptr, &turned};
    for (const Csr* from_below : ways) {
        const auto many = ferrograph::bfs_many(csr, from_below, sources, options);
        for (uint32_t i = 0; i < source_count; ++i) {
            const Found one = search(csr, nullptr, {sources[i]}, options.reach, BfsWay::top_down);
            uint32_t counted = 0;
            uint32_t depth = 0;
            bool sets_agree = true;
            for (uint32_t node = 0; node < nodes; ++node) {
                const bool is_reached = one.dist[node] >= 0;
                if (is_reached && node < options.counted_nodes) {
                    depth = std::max(depth, static_cast<uint32_t>(one.dist[node]));
                }
                counted += is_reached && node < options.counted_nodes ? 1 : 0;
                sets_agree &= ((many.sets[node * words + i / 32] >> (i % 32)) & 1) == is_reached;
            }
            CHECK_SEED(sets_agree, seed);
            CHECK_SEED(many.counts[i] == counted, seed);
            CHECK_SEED(many.depths[i] == depth, seed);
        }
    }
}

void test_wide() {
    // Wide enough to go from below by itself: a star of stars over 20 thousand nodes, and back.
    constexpr uint32_t nodes = 20000;
    EdgeList edges;
    for (uint32_t node = 1; node < nodes; ++node) {
        edges.add(node / 140, node, node % 3);
        edges.add(node, node / 140, 3);
        edges.add(node, (node * 7919) % nodes, 4);
    }
    const Csr csr = ferrograph::build_csr(nodes, edges.view());
    const Csr turned = ferrograph::transpose(csr);
    const Found above = search(csr, nullptr, {5}, {}, BfsWay::automatic);
    CHECK(above == search(csr, &turned, {5}, {}, BfsWay::automatic));
    CHECK(above == search(csr, &turned, {5}, {}, BfsWay::bottom_up));
    CHECK(above.order.size() == nodes);
}

// More masks than are kept, each often enough that its edges are kept by themselves, in turn.
void test_often(uint64_t seed) {
    Random random(seed);
    const uint32_t nodes = 1 + random.below(60);
    const EdgeList edges = random_edges(random, nodes, random.below(nodes * 6), 6);
    ferrograph::SearchGraph graph(ferrograph::build_csr(nodes, edges.view()));
    for (uint32_t turn = 0; turn < 60; ++turn) {
        const uint32_t source = random.below(nodes);
        Reach reach;
        reach.kinds = turn < 30 ? 0x3f >> (turn % 2) : 0x3fU >> (turn % 5);
        reach.max_depth = turn % 7 == 0 ? 2 : ferrograph::unlimited_depth;
        std::vector<int32_t> dist(nodes);
        std::vector<uint32_t> order(nodes);
        order.resize(graph.bfs({source}, reach, {dist.data(), order.data()}));
        const Found expected = naive(graph.csr(), {source}, reach);
        CHECK_SEED(dist == expected.dist && order == expected.order, seed);
        if (turn % 10 == 9) {
            const std::vector<uint32_t> sources(70, source);
            ferrograph::ManyOptions options;
            options.reach = reach;
            CHECK_SEED(graph.bfs_many(sources, options).counts ==
                           std::vector<uint32_t>(70, static_cast<uint32_t>(order.size())),
                       seed);
        }
    }
}

void test_degenerate() {
    const Csr nothing = ferrograph::build_csr(0, {});
    CHECK(search(nothing, nullptr, {}, {}, BfsWay::automatic).order.empty());
    CHECK_THROWS(search(nothing, nullptr, {0}, {}, BfsWay::automatic), std::out_of_range);
    CHECK(ferrograph::bfs_many(nothing, nullptr, {}, {}).counts.empty());
    CHECK_THROWS(ferrograph::bfs_many(nothing, nullptr, {0}, {}), std::out_of_range);
    const Csr alone = ferrograph::build_csr(64, {});
    CHECK(search(alone, &alone, {63, 63}, {}, BfsWay::bottom_up).order.size() == 1);

    std::vector<int32_t> dist(64, 0);
    std::vector<int32_t> parents(64);
    std::vector<uint8_t> kinds(64);
    const std::vector<uint32_t> outside{64};
    CHECK_THROWS((ferrograph::bfs_parents(alone, 1, dist.data(), outside.data(), 1, parents.data(),
                                          kinds.data()),
                  0),
                 std::out_of_range);
}

}  // namespace

void test_bfs() {
    for (uint64_t seed = 1; seed <= 400; ++seed) {
        test_random(seed);
    }
    for (const uint32_t count : {0U, 1U, 31U, 32U, 33U, 63U, 64U, 65U, 128U, 150U}) {
        for (uint64_t seed = 1; seed <= 6; ++seed) {
            test_many(seed * 1000 + count, count);
        }
    }
    for (uint64_t seed = 1; seed <= 60; ++seed) {
        test_often(seed);
    }
    test_wide();
    test_degenerate();
}

}  // namespace test
