// CUDA against the core, over a `Device` that launches kernels and holds memory: a card (gpu_check.cu), or the
// processor in its place (emulated_test.cpp). Outputs are poisoned before; every element is compared.
#pragma once

#include <algorithm>
#include <cstring>
#include <vector>

#include "bfs.hpp"
#include "kernels.cuh"
#include "sha256.hpp"
#include "test/check.hpp"

namespace ferrograph::cuda {

/** A graph in a device's memory. */
template <typename Device>
struct DeviceGraph {
    DeviceGraph(Device& on, const Csr& csr)
        : device(on), node_count(csr.node_count()), offsets(on.upload(csr.row_offsets)),
          columns(on.upload(csr.columns)), kinds(on.upload(csr.kinds)) {}
    ~DeviceGraph() {
        device.release(offsets);
        device.release(columns);
        device.release(kinds);
    }
    DeviceGraph(const DeviceGraph&) = delete;
    DeviceGraph& operator=(const DeviceGraph&) = delete;

    Device& device;
    uint32_t node_count;
    uint32_t* offsets;
    uint32_t* columns;
    uint8_t* kinds;
};

/** Distances from the sources; -1 where unreachable. */
template <typename Device>
std::vector<int32_t> device_bfs(const DeviceGraph<Device>& graph,
                                const std::vector<uint32_t>& sources, Reach reach) {
    Device& device = graph.device;
    std::vector<int32_t> dist(graph.node_count, -1);
    std::vector<uint32_t> frontier;
    for (const uint32_t source : sources) {
        if (dist[source] == -1) {
            dist[source] = 0;
            frontier.push_back(source);
        }
    }
    auto count = static_cast<uint32_t>(frontier.size());
    frontier.resize(std::max<size_t>(1, graph.node_count));
    int32_t* d_dist = device.upload(dist);
    uint32_t* d_now = device.upload(frontier);
    uint32_t* d_next = device.upload(frontier);
    uint32_t* d_count = device.upload(std::vector<uint32_t>{0});
    for (uint32_t depth = 1; count > 0 && depth - 1 < reach.max_depth; ++depth) {
        device.fill(d_count, 0U, 1);
        device.launch(uint64_t{count} * row_threads, bfs_level, graph.offsets, graph.columns,
                      graph.kinds, reach.kinds, d_now, count, static_cast<int32_t>(depth), d_dist,
                      d_next, d_count);
        count = device.download(d_count, 1)[0];
        std::swap(d_now, d_next);
    }
    dist = device.download(d_dist, graph.node_count);
    device.release(d_dist);
    device.release(d_now);
    device.release(d_next);
    device.release(d_count);
    return dist;
}

/** For each node the word of up to 64 searches that reached it. */
template <typename Device>
std::vector<unsigned long long> device_many(const DeviceGraph<Device>& graph,
                                            const std::vector<uint32_t>& sources, Reach reach) {
    Device& device = graph.device;
    std::vector<unsigned long long> seen(graph.node_count, 0);
    for (size_t i = 0; i < sources.size(); ++i) {
        seen[sources[i]] |= 1ULL << i;
    }
    auto* d_now = device.upload(seen);
    auto* d_seen = device.upload(seen);
    auto* d_next = device.upload(std::vector<unsigned long long>(graph.node_count, 0));
    auto* d_active = device.upload(std::vector<unsigned long long>{0});
    unsigned long long active = sources.empty() ? 0 : 1;
    for (uint32_t depth = 0; active != 0 && depth < reach.max_depth; ++depth) {
        device.fill(d_active, 0ULL, 1);
        device.launch(uint64_t{graph.node_count} * row_threads, many_push, graph.offsets,
                      graph.columns, graph.kinds, reach.kinds, graph.node_count, d_now, d_seen,
                      d_next);
        device.launch(graph.node_count, many_settle, graph.node_count, d_now, d_seen, d_next,
                      d_active);
        active = device.download(d_active, 1)[0];
    }
    seen = device.download(d_seen, graph.node_count);
    device.release(d_now);
    device.release(d_seen);
    device.release(d_next);
    device.release(d_active);
    return seen;
}

/** Digests of pages. */
template <typename Device>
std::vector<uint8_t> device_pages(Device& device, const std::vector<uint8_t>& pages,
                                  uint32_t page_bytes, uint32_t count) {
    uint8_t* d_pages = device.upload(pages);
    uint8_t* d_digests =
        device.upload(std::vector<uint8_t>(std::max<size_t>(1, size_t{count} * 32), 0x5a));
    device.launch(count, sha256_pages_kernel, d_pages, page_bytes, count, d_digests);
    std::vector<uint8_t> digests = device.download(d_digests, size_t{count} * 32);
    device.release(d_pages);
    device.release(d_digests);
    return digests;
}

/** Random graphs and pages from seeds, on the device and on the core. */
template <typename Device>
void check_device(Device& device, uint64_t seeds, uint32_t nodes_max) {
    for (uint64_t seed = 1; seed <= seeds; ++seed) {
        test::Random random(seed);
        const uint32_t nodes = 1 + random.below(nodes_max);
        const Csr csr = build_csr(
            nodes, test::random_edges(random, nodes, random.below(nodes * 6), 6).view());
        const DeviceGraph<Device> graph(device, csr);
        Reach reach;
        reach.kinds = static_cast<uint32_t>(random.next());
        reach.max_depth = seed % 4 == 0 ? random.below(5) : unlimited_depth;
        std::vector<uint32_t> sources;
        for (uint32_t count = random.below(65); count > 0; --count) {
            sources.push_back(random.below(nodes));
        }
        std::vector<int32_t> dist(nodes, 77);
        std::vector<uint32_t> order(nodes, 77);
        bfs(csr, nullptr, sources, reach, {dist.data(), order.data()});
        CHECK_SEED(device_bfs(graph, sources, reach) == dist, seed);

        ManyOptions options;
        options.reach = reach;
        options.with_sets = true;
        const ManyOutput many = bfs_many(csr, nullptr, sources, options);
        const size_t words = (sources.size() + 31) / 32;
        std::vector<unsigned long long> expected(nodes, 0);
        for (uint32_t node = 0; node < nodes; ++node) {
            for (size_t word = 0; word < words; ++word) {
                expected[node] |= static_cast<unsigned long long>(many.sets[node * words + word])
                                  << (word * 32);
            }
        }
        CHECK_SEED(device_many(graph, sources, reach) == expected, seed);

        const uint32_t count = random.below(70);
        const uint32_t page_bytes = seed % 2 == 0 ? 4096 : 1 + random.below(300);
        std::vector<uint8_t> pages(std::max<size_t>(1, size_t{count} * page_bytes));
        for (uint8_t& byte : pages) {
            byte = static_cast<uint8_t>(random.next());
        }
        std::vector<uint8_t> digests(size_t{count} * 32);
        sha256_pages(pages.data(), page_bytes, count, digests.data(), ShaLevel::portable);
        CHECK_SEED(device_pages(device, pages, page_bytes, count) == digests, seed);
    }
}

}  // namespace ferrograph::cuda
