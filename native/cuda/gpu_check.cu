// CUDA against the core on a card: random inputs, every element; then a table of times. Needs nvcc and a card, nothing
// else; run by native/gpu-check/run. Modes of memory: `device`, `managed` (read mostly, prefetched), `host` (pinned, read
// over the bus).

#include <cuda_runtime.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "check.hpp"

namespace {

#define CUDA_TRY(call)                                                                    \
    do {                                                                                  \
        const cudaError_t status = (call);                                                \
        if (status != cudaSuccess) {                                                      \
            std::printf("%s:%d: %s: %s\n", __FILE__, __LINE__, #call,                     \
                        cudaGetErrorString(status));                                      \
            std::exit(2);                                                                 \
        }                                                                                 \
    } while (false)

enum class Memory { device, managed, host };

class Card {
public:
    explicit Card(Memory memory) : memory_(memory) {}

    template <typename T>
    T* upload(const std::vector<T>& values) {
        const size_t bytes = std::max<size_t>(1, values.size()) * sizeof(T);
        T* at = nullptr;
        if (memory_ == Memory::device) {
            CUDA_TRY(cudaMalloc(reinterpret_cast<void**>(&at), bytes));
            CUDA_TRY(cudaMemcpy(at, values.data(), values.size() * sizeof(T),
                                cudaMemcpyHostToDevice));
        } else if (memory_ == Memory::managed) {
            size_t free_bytes = 0;
            size_t total_bytes = 0;
            CUDA_TRY(cudaMemGetInfo(&free_bytes, &total_bytes));
            if (bytes > free_bytes) {
                std::printf("%zu bytes exceed the card's %zu free\n", bytes, free_bytes);
                std::exit(2);
            }
            CUDA_TRY(cudaMallocManaged(reinterpret_cast<void**>(&at), bytes));
            std::copy(values.begin(), values.end(), at);
            prefetch(at, bytes);
        } else {
            CUDA_TRY(cudaMallocHost(reinterpret_cast<void**>(&at), bytes));
            std::copy(values.begin(), values.end(), at);
        }
        return at;
    }

    template <typename T>
    std::vector<T> download(const T* from, size_t count) {
        std::vector<T> values(count);
        CUDA_TRY(cudaMemcpy(values.data(), from, count * sizeof(T), cudaMemcpyDefault));
        return values;
    }

    template <typename T>
    void fill(T* at, T value, size_t count) {
        const std::vector<T> values(count, value);
        CUDA_TRY(cudaMemcpy(at, values.data(), count * sizeof(T), cudaMemcpyDefault));
    }

    template <typename T>
    void release(T* memory) {
        if (memory_ == Memory::host) {
            CUDA_TRY(cudaFreeHost(memory));
        } else {
            CUDA_TRY(cudaFree(memory));
        }
    }

    template <typename Kernel, typename... Args>
    void launch(uint64_t threads, Kernel kernel, Args... args) {
        constexpr uint32_t block = 128;
        if (threads == 0) {
            return;
        }
        kernel<<<static_cast<uint32_t>((threads + block - 1) / block), block>>>(args...);
        CUDA_TRY(cudaGetLastError());
        CUDA_TRY(cudaDeviceSynchronize());
    }

private:
    static void prefetch(void* at, size_t bytes) {
        int device = 0;
        int concurrent = 0;
        CUDA_TRY(cudaGetDevice(&device));
        CUDA_TRY(cudaDeviceGetAttribute(&concurrent, cudaDevAttrConcurrentManagedAccess, device));
        if (concurrent == 0) {
            return;
        }
#if CUDART_VERSION >= 13000
        const cudaMemLocation place{cudaMemLocationTypeDevice, device};
        CUDA_TRY(cudaMemAdvise(at, bytes, cudaMemAdviseSetReadMostly, place));
        CUDA_TRY(cudaMemPrefetchAsync(at, bytes, place, 0));
#else
        CUDA_TRY(cudaMemAdvise(at, bytes, cudaMemAdviseSetReadMostly, device));
        CUDA_TRY(cudaMemPrefetchAsync(at, bytes, device));
#endif
        CUDA_TRY(cudaDeviceSynchronize());
    }

    Memory memory_;
};

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

double copy_bandwidth() {
    constexpr size_t bytes = size_t{1} << 28;
    void* from = nullptr;
    void* to = nullptr;
    CUDA_TRY(cudaMalloc(&from, bytes));
    CUDA_TRY(cudaMalloc(&to, bytes));
    const double took = best_ms([&] {
        CUDA_TRY(cudaMemcpy(to, from, bytes, cudaMemcpyDeviceToDevice));
        CUDA_TRY(cudaDeviceSynchronize());
    });
    CUDA_TRY(cudaFree(from));
    CUDA_TRY(cudaFree(to));
    return 2.0 * bytes / took / 1e6;
}

void bench_graph(Card& card, uint32_t edges, double bandwidth) {
    using namespace ferrograph;
    test::Random random(edges);
    const uint32_t nodes = edges / 5;
    const Csr csr = build_csr(nodes, test::random_edges(random, nodes, edges, 5).view());
    const cuda::DeviceGraph<Card> graph(card, csr);
    std::vector<int32_t> dist(nodes);
    std::vector<uint32_t> order(nodes);
    const double cpu = best_ms([&] { bfs(csr, nullptr, {0}, {}, {dist.data(), order.data()}); });
    const double gpu = best_ms([&] { cuda::device_bfs(graph, {0}, {}); });
    // An edge is five bytes of row and four of distance.
    std::printf("| bfs, %u edges | %.2f | %.2f | %.0f M edges/s | %.0f%% | %s |\n", edges, cpu, gpu,
                edges / gpu / 1e3, 100 * 9.0 * edges / gpu / 1e6 / bandwidth,
                gpu < cpu ? "card" : "processor");
    std::vector<uint32_t> sources;
    for (uint32_t i = 0; i < 64; ++i) {
        sources.push_back(random.below(nodes));
    }
    const double cpu_many = best_ms([&] { bfs_many(csr, nullptr, sources, {}); });
    const double gpu_many = best_ms([&] { cuda::device_many(graph, sources, {}); });
    std::printf("| 64 searches, %u edges | %.2f | %.2f | %.0f M edges/s | | %s |\n", edges,
                cpu_many, gpu_many, 64.0 * edges / gpu_many / 1e3,
                gpu_many < cpu_many ? "card" : "processor");
}

void bench_pages(Card& card, uint32_t count, double bandwidth) {
    using namespace ferrograph;
    const std::vector<uint8_t> pages(size_t{count} * 4096, 0x3c);
    std::vector<uint8_t> digests(size_t{count} * 32);
    const double cpu = best_ms([&] {
        sha256_pages(pages.data(), 4096, count, digests.data(), best_sha_level(count));
    });
    const double gpu = best_ms([&] { cuda::device_pages(card, pages, 4096, count); });
    std::printf("| %u pages, with the copy | %.2f | %.2f | %.0f pages/s | %.0f%% | %s |\n", count,
                cpu, gpu, count / gpu * 1e3, 100 * 4096.0 * count / gpu / 1e6 / bandwidth,
                gpu < cpu ? "card" : "processor");
}

}  // namespace

int main(int argc, char** argv) {
    int cards = 0;
    const cudaError_t status = cudaGetDeviceCount(&cards);
    if (status != cudaSuccess || cards == 0) {
        std::printf("not run: no card (%s)\n", cudaGetErrorString(status));
        return 3;
    }
    cudaDeviceProp properties{};
    CUDA_TRY(cudaGetDeviceProperties(&properties, 0));
    std::printf("%s, sm_%d%d\n", properties.name, properties.major, properties.minor);
    const bool is_short = argc > 1 && std::string(argv[1]) == "--short";
    for (const Memory memory : {Memory::device, Memory::managed, Memory::host}) {
        Card card(memory);
        ferrograph::cuda::check_device(card, is_short ? 5 : 100, is_short ? 200 : 20000);
    }
    std::printf("%d passed, %d failed\n", test::checks() - test::failures(), test::failures());
    if (!is_short) {
        Card card(Memory::device);
        const double bandwidth = copy_bandwidth();
        std::printf("\ncopy on the card: %.0f GB/s\n\n", bandwidth);
        std::printf("| What | one core, ms | card, ms | rate | of the copy | faster |\n");
        std::printf("|---|---|---|---|---|---|\n");
        for (const uint32_t edges : {10000U, 500000U, 5000000U}) {
            bench_graph(card, edges, bandwidth);
        }
        for (const uint32_t count : {64U, 1024U, 16384U, 131072U}) {
            bench_pages(card, count, bandwidth);
        }
    }
    return test::failures() == 0 ? 0 : 1;
}
