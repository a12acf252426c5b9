// Rows against sets of edges.

#include <algorithm>
#include <set>
#include <stdexcept>
#include <tuple>

#include "check.hpp"

namespace test {

using ferrograph::Csr;
using Edge = std::tuple<uint32_t, uint32_t, uint32_t>;

namespace {

// (source, kind, target), so that a set of them is in row order.
std::vector<Edge> list_edges(const Csr& csr) {
    std::vector<Edge> edges;
    for (uint32_t row = 0; row < csr.node_count(); ++row) {
        for (uint32_t at = csr.row_offsets[row]; at < csr.row_offsets[row + 1]; ++at) {
            edges.emplace_back(row, csr.kinds[at], csr.columns[at]);
        }
    }
    return edges;
}

bool equal(const Csr& a, const Csr& b) {
    return a.row_offsets == b.row_offsets && a.columns == b.columns && a.kinds == b.kinds;
}

void test_random(uint64_t seed) {
    Random random(seed);
    const uint32_t nodes = 1 + random.below(60);
    const EdgeList edges = random_edges(random, nodes, random.below(nodes * 8), 1 + random.below(32));
    const Csr csr = ferrograph::build_csr(nodes, edges.view());
    std::set<Edge> set;
    std::set<Edge> mirror;
    for (size_t edge = 0; edge < edges.sources.size(); ++edge) {
        set.emplace(edges.sources[edge], edges.kinds[edge], edges.targets[edge]);
        mirror.emplace(edges.targets[edge], edges.kinds[edge], edges.sources[edge]);
    }
    CHECK_SEED(list_edges(csr) == std::vector<Edge>(set.begin(), set.end()), seed);
    const Csr turned = ferrograph::transpose(csr);
    CHECK_SEED(list_edges(turned) == std::vector<Edge>(mirror.begin(), mirror.end()), seed);
    CHECK_SEED(equal(ferrograph::transpose(turned), csr), seed);
    const Csr copied = ferrograph::copy_csr(csr.row_offsets.data(), csr.row_offsets.size(),
                                            csr.columns.data(), csr.kinds.data(), csr.edge_count());
    CHECK_SEED(equal(copied, csr), seed);

    std::vector<uint32_t> order = ferrograph::bfs_order(csr);
    const Csr renamed = ferrograph::relabel(csr, order);
    std::set<Edge> back;
    for (const auto& [source, kind, target] : list_edges(renamed)) {
        back.emplace(order[source], kind, order[target]);
    }
    CHECK_SEED(back == set, seed);
    std::sort(order.begin(), order.end());
    bool is_permutation = order.size() == nodes;
    for (uint32_t node = 0; node < nodes && is_permutation; ++node) {
        is_permutation = order[node] == node;
    }
    CHECK_SEED(is_permutation, seed);
}

void test_select(uint64_t seed) {
    Random random(seed);
    const uint32_t nodes = 1 + random.below(40);
    const EdgeList edges = random_edges(random, nodes, random.below(nodes * 4), 5);
    const auto mask = static_cast<uint32_t>(random.below(64));
    EdgeList chosen;
    for (size_t edge = 0; edge < edges.sources.size(); ++edge) {
        if (((mask >> edges.kinds[edge]) & 1) != 0) {
            chosen.add(edges.sources[edge], edges.targets[edge], edges.kinds[edge]);
        }
    }
    CHECK_SEED(equal(ferrograph::select(ferrograph::build_csr(nodes, edges.view()), mask),
                     ferrograph::build_csr(nodes, chosen.view())),
               seed);
}

void test_refusals() {
    EdgeList edges;
    edges.add(0, 1, 32);
    CHECK_THROWS(ferrograph::build_csr(2, edges.view()), std::out_of_range);
    edges.kinds[0] = 0;
    CHECK_THROWS(ferrograph::build_csr(1, edges.view()), std::out_of_range);
    CHECK_THROWS(ferrograph::build_csr(uint64_t{1} << 31, {}), std::length_error);
    CHECK_THROWS(ferrograph::check_limits(1, uint64_t{1} << 31), std::length_error);
    CHECK(ferrograph::build_csr(0, {}).node_count() == 0);

    const std::vector<uint32_t> offsets{0, 2, 2};
    const std::vector<uint32_t> columns{0, 1};
    const std::vector<uint8_t> kinds{0, 0};
    const auto copy = [](std::vector<uint32_t> rows, std::vector<uint32_t> targets,
                         std::vector<uint8_t> by) {
        return ferrograph::copy_csr(rows.data(), rows.size(), targets.data(), by.data(),
                                    targets.size());
    };
    CHECK(equal(copy(offsets, columns, kinds), copy(offsets, columns, kinds)));
    CHECK_THROWS(copy({}, {}, {}), std::out_of_range);
    CHECK_THROWS(copy({1, 2, 2}, columns, kinds), std::out_of_range);
    CHECK_THROWS(copy({0, 2, 1}, columns, kinds), std::out_of_range);
    CHECK_THROWS(copy({0, 3, 2}, columns, kinds), std::out_of_range);
    CHECK_THROWS(copy(offsets, {0, 2}, kinds), std::out_of_range);
    CHECK_THROWS(copy(offsets, {1, 0}, kinds), std::out_of_range);
    CHECK_THROWS(copy(offsets, {1, 1}, kinds), std::out_of_range);
    CHECK_THROWS(copy(offsets, columns, {1, 0}), std::out_of_range);
    CHECK_THROWS(copy(offsets, columns, {0, 32}), std::out_of_range);
    CHECK_THROWS(ferrograph::relabel(copy(offsets, columns, kinds), {0, 0}), std::out_of_range);
    CHECK_THROWS(ferrograph::relabel(copy(offsets, columns, kinds), {0}), std::out_of_range);
}

}  // namespace

void test_csr() {
    for (uint64_t seed = 1; seed <= 300; ++seed) {
        test_random(seed);
        test_select(seed);
    }
    test_refusals();
}

}  // namespace test
