// CUDA against the core on a card, real or emulated: random inputs, every element.
#pragma once

#include <memory>
#include <vector>

#include "search.hpp"
#include "sha256.hpp"
#include "test/check.hpp"

namespace ferrograph::cuda {

/** Random graphs and pages from seeds, on the card and on the core. */
inline void check_card(const std::shared_ptr<Card>& card, Memory memory, uint64_t seeds,
                       uint32_t nodes_max) {
    for (uint64_t seed = 1; seed <= seeds; ++seed) {
        test::Random random(seed);
        // The first graphs have no node at all, and one.
        const uint32_t nodes = seed <= 2 ? static_cast<uint32_t>(seed - 1)
                                         : 1 + random.below(nodes_max);
        const Csr csr = build_csr(
            nodes,
            test::random_edges(random, nodes, nodes == 0 ? 0 : random.below(nodes * 6), 6).view());
        const CardGraph graph(card, csr, memory);
        Reach reach;
        reach.kinds = static_cast<uint32_t>(random.next());
        reach.max_depth = seed % 4 == 0 ? random.below(5) : unlimited_depth;
        std::vector<uint32_t> sources;
        for (uint32_t count = nodes == 0 ? 0 : random.below(140); count > 0; --count) {
            sources.push_back(random.below(nodes));
        }
        // Poisoned: what is not written is seen.
        std::vector<int32_t> dist(nodes, 77);
        std::vector<uint32_t> order(nodes, 77);
        std::vector<int32_t> card_dist(nodes);
        std::vector<uint32_t> card_order(nodes);
        const uint32_t reached =
            bfs(csr, nullptr, sources, reach, {dist.data(), order.data()});
        for (const CardWay way : {CardWay::by_level, CardWay::one_launch}) {
            if (way == CardWay::one_launch && !card->facts().has_resident_grids) {
                continue;
            }
            std::fill(card_dist.begin(), card_dist.end(), 78);
            std::fill(card_order.begin(), card_order.end(), 77);
            const BfsOutput found{card_dist.data(), card_order.data()};
            CHECK_SEED(graph.bfs(sources, reach, found, way) == reached, seed);
            CHECK_SEED(card_dist == dist, seed);
            CHECK_SEED(card_order == order, seed);
        }

        ManyOptions options;
        options.reach = reach;
        options.with_sets = seed % 3 != 0;
        options.counted_nodes = seed % 5 == 0 ? nodes / 2 : 0xffffffff;
        const ManyOutput many = ferrograph::bfs_many(csr, nullptr, sources, options);
        const ManyOutput on_card = graph.bfs_many(sources, options);
        CHECK_SEED(on_card.counts == many.counts, seed);
        CHECK_SEED(on_card.depths == many.depths, seed);
        CHECK_SEED(on_card.sets == many.sets, seed);

        const uint32_t count = random.below(70);
        const uint32_t page_bytes = seed % 2 == 0 ? 4096 : 1 + random.below(300);
        std::vector<uint8_t> pages(std::max<size_t>(1, size_t{count} * page_bytes));
        for (uint8_t& byte : pages) {
            byte = static_cast<uint8_t>(random.next());
        }
        std::vector<uint8_t> digests(size_t{count} * digest_bytes);
        std::vector<uint8_t> card_digests(size_t{count} * digest_bytes, 0x5a);
        sha256_pages(pages.data(), page_bytes, count, digests.data(), ShaLevel::portable);
        sha256_pages_on(*card, pages.data(), page_bytes, count, card_digests.data());
        CHECK_SEED(card_digests == digests, seed);
    }
}

}  // namespace ferrograph::cuda
