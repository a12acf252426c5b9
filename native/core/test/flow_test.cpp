// Depth-first orders by their properties; dominators and components by their definitions.

#include "../flow.hpp"

#include <algorithm>
#include <stdexcept>

#include "check.hpp"

namespace test {

using ferrograph::Csr;

namespace {

constexpr uint32_t nobody = 0xffffffff;

// What the sources reach when a node is taken away.
std::vector<bool> reach_without(const Csr& csr, const std::vector<uint32_t>& sources,
                                uint32_t kinds, uint32_t without) {
    std::vector<bool> seen(csr.node_count(), false);
    std::vector<uint32_t> open;
    const auto see = [&](uint32_t node) {
        if (node != without && !seen[node]) {
            seen[node] = true;
            open.push_back(node);
        }
    };
    for (const uint32_t source : sources) {
        see(source);
    }
    while (!open.empty()) {
        const uint32_t node = open.back();
        open.pop_back();
        for (uint32_t at = csr.row_offsets[node]; at < csr.row_offsets[node + 1]; ++at) {
            if (((kinds >> csr.kinds[at]) & 1) != 0) {
                see(csr.columns[at]);
            }
        }
    }
    return seen;
}

void check_dominators(const Csr& csr, const std::vector<uint32_t>& entries, uint32_t kinds,
                      uint64_t seed) {
    const uint32_t nodes = csr.node_count();
    const std::vector<int32_t> idom = ferrograph::dominators(csr, entries, kinds);
    const std::vector<bool> reached = reach_without(csr, entries, kinds, nobody);
    std::vector<std::vector<bool>> without;
    for (uint32_t node = 0; node < nodes; ++node) {
        without.push_back(reach_without(csr, entries, kinds, node));
    }
    for (uint32_t node = 0; node < nodes; ++node) {
        if (!reached[node]) {
            CHECK_SEED(idom[node] == ferrograph::not_reached, seed);
            continue;
        }
        // Those that every way passes: all nodes whose removal cuts this one off.
        std::vector<uint32_t> expected;
        for (uint32_t other = 0; other < nodes; ++other) {
            if (other != node && reached[other] && !without[other][node]) {
                expected.push_back(other);
            }
        }
        std::vector<uint32_t> chain;
        for (int32_t up = idom[node]; up >= 0 && chain.size() <= nodes;
             up = idom[static_cast<uint32_t>(up)]) {
            chain.push_back(static_cast<uint32_t>(up));
        }
        std::sort(chain.begin(), chain.end());
        CHECK_SEED(chain == expected, seed);
    }
}

void check_dfs(const Csr& csr, const std::vector<uint32_t>& roots, uint32_t kinds, uint64_t seed) {
    const ferrograph::DepthFirst found = ferrograph::dfs(csr, roots, kinds);
    const uint32_t nodes = csr.node_count();
    const std::vector<bool> reached = reach_without(csr, roots, kinds, nobody);
    std::vector<uint32_t> pre(nodes, nobody);
    std::vector<uint32_t> post(nodes, nobody);
    for (uint32_t i = 0; i < found.preorder.size(); ++i) {
        pre[found.preorder[i]] = i;
        post[found.postorder[i]] = i;
    }
    CHECK_SEED(found.preorder.size() == found.postorder.size(), seed);
    for (uint32_t node = 0; node < nodes; ++node) {
        CHECK_SEED((pre[node] != nobody) == reached[node], seed);
        CHECK_SEED((post[node] != nobody) == reached[node], seed);
        if (pre[node] == nobody) {
            CHECK_SEED(found.parents[node] == -1, seed);
            continue;
        }
        if (found.parents[node] >= 0) {
            const auto parent = static_cast<uint32_t>(found.parents[node]);
            CHECK_SEED(pre[parent] < pre[node] && post[parent] > post[node], seed);
        }
        // No edge leads from a finished node to one that was not seen yet.
        for (uint32_t at = csr.row_offsets[node]; at < csr.row_offsets[node + 1]; ++at) {
            const uint32_t target = csr.columns[at];
            if (((kinds >> csr.kinds[at]) & 1) != 0) {
                CHECK_SEED(!(post[node] < post[target] && pre[node] < pre[target]), seed);
            }
        }
    }
}

void check_components(const Csr& csr, uint32_t kinds, uint64_t seed) {
    const uint32_t nodes = csr.node_count();
    const std::vector<uint32_t> component = ferrograph::components(csr, kinds);
    std::vector<std::vector<bool>> reach;
    for (uint32_t node = 0; node < nodes; ++node) {
        reach.push_back(reach_without(csr, {node}, kinds, nobody));
    }
    for (uint32_t node = 0; node < nodes; ++node) {
        uint32_t least = node;
        for (uint32_t other = 0; other < nodes; ++other) {
            if (reach[node][other] && reach[other][node]) {
                least = std::min(least, other);
            }
        }
        CHECK_SEED(component[node] == least, seed);
    }
}

void test_random(uint64_t seed) {
    Random random(seed);
    const uint32_t nodes = 1 + random.below(28);
    // Sparse enough that some nodes are cut off, dense enough for loops.
    const EdgeList edges = random_edges(random, nodes, random.below(nodes * 3), 3);
    const Csr csr = ferrograph::build_csr(nodes, edges.view());
    std::vector<uint32_t> entries{0};
    for (uint32_t count = random.below(3); count > 0; --count) {
        entries.push_back(random.below(nodes));
    }
    const uint32_t kinds = seed % 3 == 0 ? 3 : 7;
    check_dominators(csr, entries, kinds, seed);
    check_dominators(ferrograph::transpose(csr), entries, kinds, seed);
    check_dfs(csr, entries, kinds, seed);
    check_components(csr, kinds, seed);
}

void test_chain() {
    constexpr uint32_t nodes = 300000;
    EdgeList edges;
    for (uint32_t node = 0; node + 1 < nodes; ++node) {
        edges.add(node, node + 1, 0);
        edges.add(node + 1, node, 1);
    }
    const Csr csr = ferrograph::build_csr(nodes, edges.view());
    const auto idom = ferrograph::dominators(csr, {0}, 3);
    CHECK(idom[nodes - 1] == static_cast<int32_t>(nodes - 2));
    CHECK(idom[0] == ferrograph::no_dominator);
    CHECK(ferrograph::dfs(csr, {0}, 1).postorder.front() == nodes - 1);
    CHECK(ferrograph::components(csr, 3)[nodes - 1] == 0);
    CHECK(ferrograph::components(csr, 1)[nodes - 1] == nodes - 1);
}

void test_degenerate() {
    const Csr nothing = ferrograph::build_csr(0, {});
    CHECK(ferrograph::dominators(nothing, {}, 1).empty());
    CHECK(ferrograph::components(nothing, 1).empty());
    CHECK(ferrograph::dfs(nothing, {}, 1).preorder.empty());
    CHECK_THROWS(ferrograph::dfs(nothing, {0}, 1), std::out_of_range);
    const Csr alone = ferrograph::build_csr(2, {});
    const std::vector<int32_t> expected{ferrograph::not_reached, ferrograph::no_dominator};
    CHECK(ferrograph::dominators(alone, {1, 1}, 1) == expected);
    CHECK_THROWS(ferrograph::dominators(alone, {2}, 1), std::out_of_range);
}

}  // namespace

void test_flow() {
    for (uint64_t seed = 1; seed <= 250; ++seed) {
        test_random(seed);
    }
    test_chain();
    test_degenerate();
}

}  // namespace test
