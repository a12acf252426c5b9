// Memory that runs out at each allocation in turn: std::bad_alloc, nothing leaked, and the same answer afterwards. A
// program of its own, because it replaces operator new.

#include <cstdio>
#include <cstdlib>
#include <new>
#include <string>
#include <system_error>

#include "bfs.hpp"
#include "check.hpp"
#include "file.hpp"
#include "flow.hpp"
#include "search_graph.hpp"
#include "sha256.hpp"

namespace {

// The allocation of this number fails, counted from 1; 0 for none.
unsigned long fails_at = 0;
unsigned long allocations = 0;
long live = 0;

void* allocate(std::size_t bytes) {
    if (fails_at != 0 && ++allocations == fails_at) {
        throw std::bad_alloc();
    }
    void* memory = std::malloc(bytes == 0 ? 1 : bytes);
    if (memory == nullptr) {
        throw std::bad_alloc();
    }
    ++live;
    return memory;
}

void give_back(void* memory) noexcept {
    if (memory != nullptr) {
        --live;
        std::free(memory);
    }
}

}  // namespace

void* operator new(std::size_t bytes) { return allocate(bytes); }
void* operator new[](std::size_t bytes) { return allocate(bytes); }
void* operator new(std::size_t bytes, const std::nothrow_t&) noexcept {
    try {
        return allocate(bytes);
    } catch (const std::bad_alloc&) {
        return nullptr;
    }
}
void operator delete(void* memory) noexcept { give_back(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { give_back(memory); }
void operator delete[](void* memory) noexcept { give_back(memory); }
void operator delete(void* memory, std::size_t) noexcept { give_back(memory); }
void operator delete[](void* memory, std::size_t) noexcept { give_back(memory); }

namespace {

using namespace ferrograph;

// Runs a work with every allocation failing once; returns how many there were.
template <typename Work>
unsigned long fail_each(Work work) {
    for (unsigned long at = 1;; ++at) {
        const long before = live;
        allocations = 0;
        fails_at = at;
        bool is_whole = true;
        try {
            work();
        } catch (const std::bad_alloc&) {
            is_whole = false;
        }
        fails_at = 0;
        CHECK_SEED(live == before, at);
        if (is_whole) {
            return at - 1;
        }
    }
}

// Until what makes searches faster has been made, too.
void search_often(const Csr& csr, const std::vector<uint32_t>& sources) {
    SearchGraph graph(csr);
    std::vector<int32_t> dist(csr.node_count());
    std::vector<uint32_t> order(csr.node_count());
    for (int turn = 0; turn < 10; ++turn) {
        graph.bfs(sources, {1, unlimited_depth}, {dist.data(), order.data()});
    }
}

void check_all() {
    test::Random random(7);
    const uint32_t nodes = 300;
    const test::EdgeList edges = test::random_edges(random, nodes, 1500, 4);
    Csr csr = build_csr(nodes, edges.view());
    const Csr turned = transpose(csr);
    const std::vector<uint32_t> sources{0, 5, 9};
    std::vector<int32_t> dist(nodes);
    std::vector<uint32_t> order(nodes);
    const BfsOutput out{dist.data(), order.data()};
    ManyOptions options;
    options.with_sets = true;

    CHECK(fail_each([&] { build_csr(nodes, edges.view()); }) > 4);
    CHECK(fail_each([&] {
              copy_csr(csr.row_offsets.data(), csr.row_offsets.size(), csr.columns.data(),
                       csr.kinds.data(), csr.columns.size());
          }) > 2);
    CHECK(fail_each([&] { transpose(csr); }) > 3);
    CHECK(fail_each([&] { relabel(csr, bfs_order(csr)); }) > 6);
    CHECK(fail_each([&] { bfs(csr, nullptr, sources, {}, out); }) > 1);
    CHECK(fail_each([&] { bfs(csr, &turned, sources, {}, out, BfsWay::bottom_up); }) > 2);
    CHECK(fail_each([&] { bfs_many(csr, &turned, sources, options); }) > 4);
    CHECK(fail_each([&] { dfs(csr, sources, 0xffffffff); }) > 2);
    CHECK(fail_each([&] { dominators(csr, sources, 0xffffffff); }) > 4);
    CHECK(fail_each([&] { components(csr, 0xffffffff); }) > 2);
    const std::vector<uint8_t> pages(40 * 100, 1);
    std::vector<uint8_t> digests(40 * digest_bytes);
    for (const ShaLevel level : sha_levels()) {
        // Some levels want no memory at all.
        fail_each([&] { sha256_pages(pages.data(), 100, 40, digests.data(), level); });
    }
    std::FILE* file = std::tmpfile();
    std::fputs("what is mapped", file);
    std::fflush(file);
    fail_each([&] {
        // Neither wants memory of the heap's while it goes well; what is refused has a text, which does.
        const Mapping mapping(Descriptor(fileno(file)).number(), 8);
        char copied[9] = {};
        CHECK(mapping.copy(0, 8, copied) && std::string(copied) == "what is ");
    });
    const auto refuse = [](int descriptor) {
        try {
            const Mapping mapping(descriptor, 8);
        } catch (const std::system_error&) {
        }
    };
    CHECK(fail_each([&] { refuse(-1); }) > 0);
    std::fclose(file);
    CHECK(fail_each([&] { select(csr, 1); }) > 2);
    CHECK(fail_each([&] { search_often(csr, sources); }) > 8);
}

}  // namespace

int main() {
    check_all();
    std::printf("%d passed, %d failed\n", test::checks() - test::failures(), test::failures());
    return test::failures() == 0 ? 0 : 1;
}
