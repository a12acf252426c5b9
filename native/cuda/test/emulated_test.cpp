// What uses a card, over an emulated driver, against the core: answers, failures of every call, and that all memory comes
// back. What it cannot show: races, and that a card runs the kernels.

#include <cstdio>
#include <cstdlib>
#include <string>

#include "../check.hpp"

namespace {

using ferrograph::cuda::Card;
using ferrograph::cuda::CardError;
using ferrograph::cuda::CardGraph;
using ferrograph::cuda::CardMemoryError;
using ferrograph::cuda::Memory;

void wish(const std::string& words) {
    setenv("FERROGRAPH_EMULATED_CARD", words.c_str(), 1);
}

std::string why_not(const std::string& library) {
    try {
        const Card card(library);
        return "";
    } catch (const CardError& error) {
        return error.what();
    }
}

size_t free_bytes(Card& card) {
    const Card::Session session(card);
    return card.free_bytes();
}

void check_reasons(const std::string& library) {
    CHECK(why_not("libnothing-of-this-name.so.1").find("no driver: ") == 0);
    CHECK(why_not("libm.so.6") == "the driver has no cuInit");
    wish("no-init");
    CHECK(why_not(library) == "cuInit: CUDA_ERROR_NO_DEVICE");
    wish("no-card");
    CHECK(why_not(library) == "no card: the driver knows none");
    // Each call of opening fails once; the first number that no call has opens the card.
    unsigned at = 1;
    for (;; ++at) {
        wish("fail-at=0");
        why_not(library);
        wish("fail-at=" + std::to_string(at));
        if (why_not(library).empty()) {
            break;
        }
    }
    CHECK(at > 15);
    wish("");
}

// One question of each kind.
void ask(const std::shared_ptr<Card>& card, const ferrograph::Csr& csr, Memory memory) {
    const CardGraph graph(card, csr, memory);
    std::vector<int32_t> dist(csr.node_count());
    std::vector<uint32_t> order(csr.node_count());
    graph.bfs({0}, {}, {dist.data(), order.data()});
    graph.bfs_many({0, 1}, {});
    const std::vector<uint8_t> page(100, 7);
    std::vector<uint8_t> digest(32);
    ferrograph::cuda::sha256_pages_on(*card, page.data(), 100, 1, digest.data());
}

void check_failures(const std::shared_ptr<Card>& card) {
    test::Random random(1);
    const ferrograph::Csr csr =
        ferrograph::build_csr(50, test::random_edges(random, 50, 200, 3).view());
    const size_t before = free_bytes(*card);
    for (const Memory memory : {Memory::device, Memory::managed, Memory::host}) {
        unsigned failed = 0;
        for (unsigned at = 1;; ++at) {
            wish("fail-at=0");
            free_bytes(*card);
            wish("fail-at=" + std::to_string(at));
            bool is_whole = true;
            try {
                ask(card, csr, memory);
            } catch (const CardError&) {
                is_whole = false;
                ++failed;
            }
            wish("");
            CHECK_SEED(free_bytes(*card) == before, at);
            // Closing a graph may meet the failure, and has nobody to tell.
            if (is_whole && at > failed + 8) {
                break;
            }
        }
        CHECK(failed > 20);
        // The card serves on.
        ask(card, csr, memory);
    }
    for (const char* words : {"no-memory", "free=0", "free=67108900"}) {
        wish(words);
        bool is_refused = false;
        try {
            ask(card, csr, Memory::managed);
        } catch (const CardMemoryError&) {
            is_refused = true;
        }
        wish("");
        CHECK(is_refused);
        CHECK(free_bytes(*card) == before);
    }
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::printf("usage: kernels_test LIBRARY\n");
        return 2;
    }
    check_reasons(argv[1]);
    const auto card = std::make_shared<Card>(argv[1]);
    CHECK(card->facts().name == "emulated");
    for (const Memory memory : {Memory::device, Memory::managed, Memory::host}) {
        ferrograph::cuda::check_card(card, memory, 25, 120);
    }
    check_failures(card);
    wish("no-resident");
    const auto older = std::make_shared<Card>(argv[1]);
    CHECK(!older->facts().has_resident_grids);
    ferrograph::cuda::check_card(older, Memory::device, 10, 120);
    check_failures(older);
    wish("no-room");
    const ferrograph::Csr none = ferrograph::build_csr(1, {});
    int32_t dist = 0;
    uint32_t order = 0;
    const CardGraph graph(card, none, Memory::device);
    CHECK_THROWS(graph.bfs({0}, {}, {&dist, &order}), CardError);
    wish("");
    std::printf("%d passed, %d failed\n", test::checks() - test::failures(), test::failures());
    return test::failures() == 0 ? 0 : 1;
}
