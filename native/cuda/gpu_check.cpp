// CUDA against the core on a card: random inputs, every element; then a table of times. Needs nvcc to be built and a card to
// be run, nothing else; run by native/gpu-check/run. It goes the way that the addon goes: by the driver, opened at run time.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>

#include "bfs.hpp"
#include "check.hpp"

namespace {

using namespace ferrograph;
using cuda::Card;
using cuda::CardArray;
using cuda::CardGraph;
using cuda::Memory;

template <typename Run>
double best_ms(Run run) {
    double best = 1e300;
    for (int i = 0; i < 5; ++i) {
        const auto start = std::chrono::steady_clock::now();
        run();
        const std::chrono::duration<double, std::milli> took =
            std::chrono::steady_clock::now() - start;
        best = std::min(best, took.count());
    }
    return best;
}

// What memory of the card takes to be written, in GB/s: what a kernel may be held against.
double fill_bandwidth(Card& card) {
    constexpr size_t bytes = size_t{1} << 28;
    const Card::Session session(card);
    CardArray<uint8_t> array(card, bytes);
    uint8_t last = 0;
    const double took = best_ms([&] {
        array.fill(7);
        // The copy waits for the filling.
        array.get(&last, 1);
    });
    return static_cast<double>(bytes) / took / 1e6;
}

// What memory takes to go to the card, in GB/s.
double copy_bandwidth(Card& card) {
    constexpr size_t bytes = size_t{1} << 28;
    const std::vector<uint8_t> values(bytes, 3);
    const Card::Session session(card);
    CardArray<uint8_t> array(card, bytes);
    return static_cast<double>(bytes) / best_ms([&] { array.set(values.data(), bytes); }) / 1e6;
}

void bench_graph(const std::shared_ptr<Card>& card, uint32_t edges, double bandwidth) {
    test::Random random(edges);
    const uint32_t nodes = edges / 5;
    const Csr csr = build_csr(nodes, test::random_edges(random, nodes, edges, 5).view());
    const CardGraph graph(card, csr, Memory::device);
    std::vector<int32_t> dist(nodes);
    std::vector<uint32_t> order(nodes);
    const BfsOutput out{dist.data(), order.data()};
    const double cpu = best_ms([&] { bfs(csr, nullptr, {0}, {}, out); });
    const double gpu = best_ms([&] { graph.bfs({0}, {}, out); });
    const double by_level = best_ms([&] { graph.bfs({0}, {}, out, cuda::CardWay::by_level); });
    // An edge is five bytes of row and four of distance.
    std::printf("| bfs, %u edges | %.2f | %.2f | %.0f M edges/s | %.0f%% | %s |\n", edges, cpu, gpu,
                edges / gpu / 1e3, 100 * 9.0 * edges / gpu / 1e6 / bandwidth,
                gpu < cpu ? "card" : "processor");
    std::printf("| the same, a launch a level, %u edges | | %.2f | %.0f M edges/s | | |\n", edges,
                by_level, edges / by_level / 1e3);
    std::vector<uint32_t> sources;
    for (uint32_t i = 0; i < 64; ++i) {
        sources.push_back(random.below(nodes));
    }
    const double cpu_many = best_ms([&] { bfs_many(csr, nullptr, sources, {}); });
    const double gpu_many = best_ms([&] { graph.bfs_many(sources, {}); });
    std::printf("| 64 searches, %u edges | %.2f | %.2f | %.0f M edges/s | | %s |\n", edges,
                cpu_many, gpu_many, 64.0 * edges / gpu_many / 1e3,
                gpu_many < cpu_many ? "card" : "processor");
}

void bench_pages(Card& card, uint32_t count, double bandwidth) {
    const std::vector<uint8_t> pages(size_t{count} * 4096, 0x3c);
    std::vector<uint8_t> digests(size_t{count} * digest_bytes);
    const double cpu = best_ms([&] {
        sha256_pages(pages.data(), 4096, count, digests.data(), best_sha_level(count));
    });
    const double gpu = best_ms([&] {
        cuda::sha256_pages_on(card, pages.data(), 4096, count, digests.data());
    });
    std::printf("| %u pages, with the copy | %.2f | %.2f | %.0f pages/s | %.0f%% | %s |\n", count,
                cpu, gpu, count / gpu * 1e3, 100 * 4096.0 * count / gpu / 1e6 / bandwidth,
                gpu < cpu ? "card" : "processor");
}

const char* shown(uint32_t threshold) {
    static char text[32];
    std::snprintf(text, sizeof text, "%u", threshold);
    return threshold == 0xffffffff ? "never" : text;
}

}  // namespace

int main(int argc, char** argv) {
    std::shared_ptr<Card> card;
    try {
        card = std::make_shared<Card>(argc > 2 ? argv[2] : cuda::driver_library);
    } catch (const cuda::CardError& error) {
        std::printf("not run: %s\n", error.what());
        return 3;
    }
    std::printf("%s, sm_%d, driver %d\n", card->facts().name.c_str(), card->facts().architecture,
                card->facts().driver_version);
    const bool is_short = argc > 1 && std::string(argv[1]) == "--short";
    for (const Memory memory : {Memory::device, Memory::managed, Memory::host}) {
        if (memory != Memory::managed || card->facts().has_managed) {
            cuda::check_card(card, memory, is_short ? 5 : 100, is_short ? 200 : 20000);
        }
    }
    std::printf("%d passed, %d failed\n", test::checks() - test::failures(), test::failures());
    if (!is_short) {
        const double fills = fill_bandwidth(*card);
        const double copies = copy_bandwidth(*card);
        std::printf("\nmemory of the card: %.0f GB/s written; to it: %.0f GB/s\n\n", fills, copies);
        std::printf("| What | one core, ms | card, ms | rate | of that | faster |\n");
        std::printf("|---|---|---|---|---|---|\n");
        for (const uint32_t edges : {10000U, 500000U, 5000000U}) {
            bench_graph(card, edges, fills);
        }
        for (const uint32_t count : {64U, 1024U, 16384U, 131072U}) {
            bench_pages(*card, count, copies);
        }
        const cuda::Thresholds found = cuda::measure_thresholds(card, Memory::device);
        std::printf("\nfaster than one core from: search %s edges", shown(found.bfs_edges));
        std::printf(", 64 searches %s edges", shown(found.many_edges));
        std::printf(", %s pages\n", shown(found.pages));
    }
    return test::failures() == 0 ? 0 : 1;
}
