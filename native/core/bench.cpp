// Times of the core by itself: searches on Kronecker and random graphs beside a plain loop, and pages hashed
// on every level. One core, its own time; the best of some runs. `core_bench [scale]`.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "bfs.hpp"
#include "flow.hpp"
#include "search_graph.hpp"
#include "sha256.hpp"
#include "test/check.hpp"

namespace {

using ferrograph::Csr;

// Milliseconds of the processor, not of the clock: others may be using the machine.
template <typename Run>
double best_ms(Run run, int times = 5) {
    double best = 1e300;
    for (int i = 0; i < times; ++i) {
        const std::clock_t start = std::clock();
        run();
        best = std::min(best, 1000.0 * static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC);
    }
    return best;
}

// Graph500's generator: 16 edges a node in both directions, nodes shuffled.
Csr kronecker(uint32_t scale, test::Random& random) {
    const uint32_t nodes = 1U << scale;
    std::vector<uint32_t> names(nodes);
    for (uint32_t i = 0; i < nodes; ++i) {
        names[i] = i;
    }
    for (uint32_t i = nodes - 1; i > 0; --i) {
        std::swap(names[i], names[random.below(i + 1)]);
    }
    test::EdgeList edges;
    for (uint32_t edge = 0; edge < nodes * 16; ++edge) {
        uint32_t from = 0;
        uint32_t to = 0;
        for (uint32_t bit = 0; bit < scale; ++bit) {
            const uint32_t draw = random.below(100);
            from = from << 1 | (draw >= 76 ? 1 : 0);
            to = to << 1 | ((draw >= 57 && draw < 76) || draw >= 95 ? 1 : 0);
        }
        edges.add(names[from], names[to], 1);
        edges.add(names[to], names[from], 1);
    }
    return ferrograph::build_csr(nodes, edges.view());
}

// What one would write without thinking: a queue and an array of distances.
void plain_bfs(const Csr& csr, uint32_t source, std::vector<int32_t>& dist,
               std::vector<uint32_t>& queue) {
    std::fill(dist.begin(), dist.end(), -1);
    size_t tail = 0;
    dist[source] = 0;
    queue[tail++] = source;
    for (size_t head = 0; head < tail; ++head) {
        const uint32_t node = queue[head];
        for (uint32_t at = csr.row_offsets[node]; at < csr.row_offsets[node + 1]; ++at) {
            if (dist[csr.columns[at]] < 0) {
                dist[csr.columns[at]] = dist[node] + 1;
                queue[tail++] = csr.columns[at];
            }
        }
    }
}

void bench_graph(const char* name, const Csr& csr) {
    const uint32_t nodes = csr.node_count();
    std::vector<int32_t> dist(nodes);
    std::vector<uint32_t> order(nodes);
    const Csr turned = ferrograph::transpose(csr);
    uint32_t source = 0;
    while (csr.row_offsets[source + 1] - csr.row_offsets[source] < 4) {
        ++source;
    }
    const double plain = best_ms([&] { plain_bfs(csr, source, dist, order); });
    const auto search = [&](const Csr* below, uint32_t kinds) {
        return best_ms([&] {
            ferrograph::bfs(csr, below, {source}, {kinds, ferrograph::unlimited_depth},
                            {dist.data(), order.data()});
        });
    };
    std::printf("%s: %u nodes, %u edges\n", name, nodes, csr.edge_count());
    std::printf("  plain loop %.1f ms; from above %.1f, masked with all kinds %.1f, with four of five %.1f\n",
                plain, search(nullptr, 0xffffffff), search(nullptr, 0x1f), search(nullptr, 0x0f));
    const Csr few = ferrograph::select(csr, 0x0f);
    std::printf("  choosing the edges of these four %.1f ms; among them alone, from above %.1f ms\n",
                best_ms([&] { ferrograph::select(csr, 0x0f); }, 2), best_ms([&] {
                    ferrograph::bfs(few, nullptr, {source}, {}, {dist.data(), order.data()});
                }));
    std::printf("  both ways %.1f ms, masked with all kinds %.1f, with four of five %.1f\n",
                search(&turned, 0xffffffff), search(&turned, 0x1f), search(&turned, 0x0f));
    ferrograph::SearchGraph often(csr);
    const auto search_often = [&](uint32_t kinds) {
        return best_ms(
            [&] {
                often.bfs({source}, {kinds, ferrograph::unlimited_depth},
                          {dist.data(), order.data()});
            },
            15);
    };
    std::printf("  again and again %.1f ms, with four of five %.1f\n", search_often(0xffffffff),
                search_often(0x0f));
    std::vector<uint32_t> sources;
    test::Random random(3);
    for (int i = 0; i < 64; ++i) {
        sources.push_back(random.below(nodes));
    }
    const double many =
        best_ms([&] { ferrograph::bfs_many(csr, &turned, sources, {}); }, 2);
    const double single = best_ms(
        [&] {
            for (const uint32_t from : sources) {
                ferrograph::bfs(csr, nullptr, {from}, {}, {dist.data(), order.data()});
            }
        },
        1);
    std::printf("  64 sources together %.1f ms, one by one %.1f ms\n", many, single);
    std::printf("  transpose %.1f ms, dominators %.1f ms, components %.1f ms\n",
                best_ms([&] { ferrograph::transpose(csr); }, 2),
                best_ms([&] { ferrograph::dominators(csr, {source}, 0xffffffff); }, 2),
                best_ms([&] { ferrograph::components(csr, 0xffffffff); }, 2));
}

void bench_sha() {
    constexpr size_t count = 4096;
    std::vector<uint8_t> pages(count * 4096, 0x3c);
    std::vector<uint8_t> digests(count * 32);
    for (const ferrograph::ShaLevel level : ferrograph::sha_levels()) {
        const double took = best_ms([&] {
            ferrograph::sha256_pages(pages.data(), 4096, count, digests.data(), level);
        });
        std::printf("sha-256 of 4 KiB pages, %s: %.0f MB/s\n", ferrograph::sha_level_name(level),
                    static_cast<double>(pages.size()) / took / 1000);
    }
    for (const size_t few : {1, 4, 8, 12, 16}) {
        std::printf("  %zu pages:", few);
        for (const ferrograph::ShaLevel level : ferrograph::sha_levels()) {
            const double took = best_ms(
                [&] {
                    for (size_t i = 0; i < 64; ++i) {
                        ferrograph::sha256_pages(pages.data() + i * few * 4096, 4096, few,
                                                 digests.data(), level);
                    }
                },
                3);
            std::printf(" %s %.1f us", ferrograph::sha_level_name(level), took * 1000 / 64);
        }
        std::printf("\n");
    }
}

}  // namespace

int main(int argc, char** argv) {
    const auto scale = static_cast<uint32_t>(argc > 1 ? std::atoi(argv[1]) : 16);
    bench_sha();
    test::Random random(1);
    bench_graph("kronecker", kronecker(scale, random));
    const uint32_t nodes = 1000000;
    const test::EdgeList edges = test::random_edges(random, nodes, 5000000, 5);
    const Csr csr = ferrograph::build_csr(nodes, edges.view());
    bench_graph("random", csr);
    bench_graph("random, relabelled", ferrograph::relabel(csr, ferrograph::bfs_order(csr)));
    return 0;
}
