// A search is one launch where the blocks of one may wait for one another. Elsewhere, and for many searches at
// once, levels are launched one by one: the host reads whether there is another.

#include "search.hpp"

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <string>
#include <utility>

#include "sha256.hpp"

namespace ferrograph::cuda {

struct CardGraph::Levels {
    Reach reach;
    /** Nodes of the first frontier. */
    uint32_t size;
    CardArray<uint32_t>& frontier;
    CardArray<int32_t>& dist;
};

struct CardGraph::Arrays {
    Arrays(Card& card, const Csr& csr, Memory memory)
        : offsets(card, csr.row_offsets, memory), columns(card, csr.columns, memory),
          kinds(card, csr.kinds, memory) {}
    CardArray<uint32_t> offsets;
    CardArray<uint32_t> columns;
    CardArray<uint8_t> kinds;
};

CardGraph::CardGraph(std::shared_ptr<Card> card, const Csr& csr, Memory memory)
    : card_(std::move(card)), node_count_(csr.node_count()) {
    const Card::Session session(*card_);
    arrays_ = std::make_unique<Arrays>(*card_, csr, memory);
}

CardGraph::~CardGraph() {
    try {
        const Card::Session session(*card_);
        arrays_.reset();
    } catch (const CardError&) {
        // The driver is gone, and its memory with it.
    }
}

void CardGraph::check_sources(const std::vector<uint32_t>& sources) const {
    for (const uint32_t source : sources) {
        if (source >= node_count_) {
            throw std::out_of_range("source " + std::to_string(source) + " is not one of " +
                                    std::to_string(node_count_) + " nodes");
        }
    }
}

namespace {

// Levels are sets: each node takes its place by distance, and within one by number.
uint32_t list_by_distance(uint32_t nodes, BfsOutput out) {
    std::vector<uint32_t> starts(1, 0);
    for (uint32_t node = 0; node < nodes; ++node) {
        if (out.dist_view[node] >= 0) {
            const size_t level = static_cast<size_t>(out.dist_view[node]) + 1;
            starts.resize(std::max(starts.size(), level + 1), 0);
            starts[level] += 1;
        }
    }
    for (size_t level = 1; level < starts.size(); ++level) {
        starts[level] += starts[level - 1];
    }
    const uint32_t reached = starts.back();
    for (uint32_t node = 0; node < nodes; ++node) {
        if (out.dist_view[node] >= 0) {
            out.order_view[starts[static_cast<size_t>(out.dist_view[node])]++] = node;
        }
    }
    return reached;
}

}  // namespace

uint32_t CardGraph::bfs(const std::vector<uint32_t>& sources, Reach reach, BfsOutput out,
                        CardWay way) const {
    check_sources(sources);
    const uint32_t nodes = node_count_;
    std::fill_n(out.dist_view, nodes, -1);
    std::vector<uint32_t> frontier;
    for (const uint32_t source : sources) {
        if (out.dist_view[source] == -1) {
            out.dist_view[source] = 0;
            frontier.push_back(source);
        }
    }
    {
        const Card::Session session(*card_);
        CardArray<int32_t> dist(*card_, nodes);
        CardArray<uint32_t> now(*card_, nodes);
        dist.set(out.dist_view, nodes);
        now.set(frontier.data(), frontier.size());
        const Levels levels{reach, static_cast<uint32_t>(frontier.size()), now, dist};
        if (way == CardWay::one_launch ||
            (way == CardWay::automatic && card_->facts().has_resident_grids)) {
            search_at_once(levels);
        } else {
            search_by_level(levels);
        }
        dist.get(out.dist_view, nodes);
    }
    return list_by_distance(nodes, out);
}

void CardGraph::search_at_once(const Levels& levels) const {
    CardArray<uint32_t> next(*card_, node_count_);
    const uint32_t counts[5] = {levels.size, 0, 0, 0, 0};
    CardArray<uint32_t> d_counts(*card_, 5);
    d_counts.set(counts, 5);
    card_->launch_resident(BfsAllLevels{}, arrays_->offsets.d_data(), arrays_->columns.d_data(),
                           arrays_->kinds.d_data(), levels.reach.kinds, levels.reach.max_depth,
                           levels.frontier.d_data(), next.d_data(), levels.dist.d_data(),
                           d_counts.d_data());
}

void CardGraph::search_by_level(const Levels& levels) const {
    CardArray<uint32_t> next(*card_, node_count_);
    CardArray<uint32_t> next_count(*card_, 1);
    uint32_t* from = levels.frontier.d_data();
    uint32_t* to = next.d_data();
    uint32_t count = levels.size;
    for (uint32_t depth = 1; count > 0 && depth - 1 < levels.reach.max_depth; ++depth) {
        next_count.fill(0);
        card_->launch(uint64_t{count} * row_threads, BfsLevel{}, arrays_->offsets.d_data(),
                      arrays_->columns.d_data(), arrays_->kinds.d_data(), levels.reach.kinds, from,
                      count, static_cast<int32_t>(depth), levels.dist.d_data(), to,
                      next_count.d_data());
        next_count.get(&count, 1);
        std::swap(from, to);
    }
}

ManyOutput CardGraph::bfs_many(const std::vector<uint32_t>& sources,
                               const ManyOptions& options) const {
    check_sources(sources);
    const uint32_t nodes = node_count_;
    const uint32_t counted = std::min(nodes, options.counted_nodes);
    const size_t set_words = (sources.size() + 31) / 32;
    ManyOutput out;
    out.counts.assign(sources.size(), 0);
    out.depths.assign(sources.size(), 0);
    if (options.with_sets) {
        out.sets.assign(size_t{nodes} * set_words, 0);
    }
    if (sources.empty()) {
        return out;
    }
    using Word = unsigned long long;
    const Card::Session session(*card_);
    CardArray<Word> seen(*card_, nodes);
    CardArray<Word> now(*card_, nodes);
    CardArray<Word> next(*card_, nodes);
    CardArray<Word> active(*card_, 2);
    std::vector<Word> words(nodes);
    for (size_t start = 0; start < sources.size(); start += 64) {
        const size_t count = std::min<size_t>(64, sources.size() - start);
        std::fill(words.begin(), words.end(), 0);
        for (size_t i = 0; i < count; ++i) {
            words[sources[start + i]] |= Word{1} << i;
        }
        seen.set(words.data(), nodes);
        now.set(words.data(), nodes);
        next.fill(0);
        Word went_on[2] = {1, 0};
        for (uint32_t depth = 1; went_on[0] != 0 && depth - 1 < options.reach.max_depth; ++depth) {
            active.fill(0);
            card_->launch(uint64_t{nodes} * row_threads, ManyPush{}, arrays_->offsets.d_data(),
                          arrays_->columns.d_data(), arrays_->kinds.d_data(), options.reach.kinds,
                          nodes, now.d_data(), seen.d_data(), next.d_data());
            card_->launch(nodes, ManySettle{}, nodes, counted, now.d_data(), seen.d_data(),
                          next.d_data(), active.d_data());
            active.get(went_on, 2);
            for (Word bits = went_on[1]; bits != 0; bits &= bits - 1) {
                out.depths[start + static_cast<size_t>(__builtin_ctzll(bits))] = depth;
            }
        }
        seen.get(words.data(), nodes);
        for (uint32_t node = 0; node < nodes; ++node) {
            for (Word bits = node < counted ? words[node] : 0; bits != 0; bits &= bits - 1) {
                out.counts[start + static_cast<size_t>(__builtin_ctzll(bits))] += 1;
            }
            if (options.with_sets) {
                const size_t at = node * set_words + start / 32;
                out.sets[at] = static_cast<uint32_t>(words[node]);
                if (start / 32 + 1 < set_words) {
                    out.sets[at + 1] = static_cast<uint32_t>(words[node] >> 32);
                }
            }
        }
    }
    return out;
}

void sha256_pages_on(Card& card, const uint8_t* pages, size_t page_bytes, size_t count,
                     uint8_t* digests) {
    if (count > 0xffffffff || page_bytes > 0x7fffffff) {
        throw std::length_error("more pages than one launch hashes");
    }
    const Card::Session session(card);
    CardArray<uint8_t> d_pages(card, page_bytes * count);
    CardArray<uint8_t> d_digests(card, count * digest_bytes);
    d_pages.set(pages, page_bytes * count);
    card.launch(count, Sha256Pages{}, static_cast<const uint8_t*>(d_pages.d_data()),
                static_cast<uint32_t>(page_bytes), static_cast<uint32_t>(count),
                d_digests.d_data());
    d_digests.get(digests, count * digest_bytes);
}

namespace {

constexpr std::chrono::milliseconds measure_time_max{500};

template <typename Run>
double best_seconds(Run run) {
    double best = 1e300;
    for (int i = 0; i < 2; ++i) {
        const auto start = std::chrono::steady_clock::now();
        run();
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
        best = std::min(best, took.count());
    }
    return best;
}

Csr random_graph(uint32_t edges) {
    uint64_t state = edges;
    const auto next = [&] {
        state = state * 6364136223846793005ULL + 1442695040888963407ULL;
        return static_cast<uint32_t>(state >> 33);
    };
    const uint32_t nodes = edges / 5;
    std::vector<uint32_t> from(edges);
    std::vector<uint32_t> to(edges);
    const std::vector<uint8_t> kinds(edges, 0);
    for (uint32_t i = 0; i < edges; ++i) {
        from[i] = next() % nodes;
        to[i] = next() % nodes;
    }
    return build_csr(nodes, {from.data(), to.data(), kinds.data(), edges});
}

}  // namespace

Thresholds measure_thresholds(const std::shared_ptr<Card>& card, Memory memory) {
    Thresholds found;
    const auto start = std::chrono::steady_clock::now();
    for (const uint32_t edges : {20000U, 100000U, 500000U, 2000000U}) {
        // A card that is that slow is not worth more of anybody's time.
        if (std::chrono::steady_clock::now() - start > measure_time_max) {
            return found;
        }
        const Csr csr = random_graph(edges);
        const uint32_t nodes = csr.node_count();
        const CardGraph graph(card, csr, memory);
        std::vector<int32_t> dist(nodes);
        std::vector<uint32_t> order(nodes);
        const BfsOutput out{dist.data(), order.data()};
        if (found.bfs_edges == 0xffffffff &&
            best_seconds([&] { graph.bfs({0}, {}, out); }) <
                best_seconds([&] { bfs(csr, nullptr, {0}, {}, out); })) {
            found.bfs_edges = edges;
        }
        std::vector<uint32_t> sources(64);
        for (uint32_t i = 0; i < 64; ++i) {
            sources[i] = i * (nodes / 64);
        }
        if (found.many_edges == 0xffffffff &&
            best_seconds([&] { graph.bfs_many(sources, {}); }) <
                best_seconds([&] { ferrograph::bfs_many(csr, nullptr, sources, {}); })) {
            found.many_edges = edges;
        }
    }
    for (const uint32_t count : {64U, 512U, 4096U}) {
        const std::vector<uint8_t> pages(size_t{count} * 4096, 0x3c);
        std::vector<uint8_t> digests(size_t{count} * digest_bytes);
        const ShaLevel level = best_sha_level(count);
        if (found.pages == 0xffffffff &&
            best_seconds([&] {
                sha256_pages_on(*card, pages.data(), 4096, count, digests.data());
            }) < best_seconds([&] {
                sha256_pages(pages.data(), 4096, count, digests.data(), level);
            })) {
            found.pages = count;
        }
    }
    return found;
}

}  // namespace ferrograph::cuda
