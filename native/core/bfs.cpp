// Direction-optimising search after Beamer, Asanovic and Patterson (2012). From above, each edge costs a
// test of a bit in a bitmap that fits into the second-level cache up to some ten million nodes; a
// reached node is appended without a branch, because whether it is new cannot be predicted.

#include "bfs.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace ferrograph {

namespace {

// As in the paper: from below when the frontier has more than 1/14 of the edges that are left, from above again
// when it has less than 1/24 of the nodes.
constexpr uint64_t down_share = 14;
constexpr uint64_t up_share = 24;
constexpr uint32_t prefetch_rows = 12;

inline bool has_bit(const std::vector<uint64_t>& bits, uint32_t node) {
    return ((bits[node >> 6] >> (node & 63)) & 1) != 0;
}

inline void set_bit(std::vector<uint64_t>& bits, uint32_t node) {
    bits[node >> 6] |= uint64_t{1} << (node & 63);
}

// Whether a search follows every edge there is: then no kind is read.
inline bool follows_all(const Csr& csr, uint32_t kinds) {
    return (csr.kinds_present & ~kinds) == 0;
}

// Where edges lie, and what of them a search follows.
struct AllEdges {
    const uint32_t* columns;
    const uint32_t* place(uint32_t edge) const { return columns + edge; }
    uint32_t target(uint32_t edge) const { return columns[edge]; }
    uint64_t allows(uint32_t) const { return 1; }
};

struct MaskedEdges {
    const uint32_t* columns;
    const uint8_t* kinds;
    uint32_t mask;
    const uint32_t* place(uint32_t edge) const { return columns + edge; }
    uint32_t target(uint32_t edge) const { return columns[edge]; }
    uint64_t allows(uint32_t edge) const { return (mask >> kinds[edge]) & 1; }
};

/** Calls with the edges of a graph as they are read fastest under a mask. */
template <typename Call>
void with_edges(const Csr& csr, uint32_t mask, Call call) {
    if (follows_all(csr, mask)) {
        call(AllEdges{csr.columns.data()});
    } else {
        call(MaskedEdges{csr.columns.data(), csr.kinds.data(), mask});
    }
}

class Search {
public:
    Search(const Csr& csr, const Csr* transposed, Reach reach, BfsOutput out)
        : csr_(csr), transposed_(transposed), reach_(reach), out_(out),
          visited_((size_t{csr.node_count()} + 63) / 64, 0),
          queue_(size_t{csr.node_count()} + 1), edges_left_(csr.edge_count()) {
        std::fill_n(out_.dist_view, csr.node_count(), -1);
    }

    uint32_t run(const std::vector<uint32_t>& sources, BfsWay way) {
        for (const uint32_t source : sources) {
            if (source >= csr_.node_count()) {
                throw std::out_of_range("source " + std::to_string(source) + " is not one of " +
                                        std::to_string(csr_.node_count()) + " nodes");
            }
            if (!has_bit(visited_, source)) {
                set_bit(visited_, source);
                queue_[tail_++] = source;
            }
        }
        uint32_t head = 0;
        while (head < tail_) {
            const uint32_t stop = tail_;
            level_starts_.push_back(head);
            const uint64_t frontier_edges = settle(head, stop);
            if (depth_ >= reach_.max_depth) {
                break;
            }
            ++depth_;
            if (from_below(way, stop - head, frontier_edges)) {
                with_edges(*transposed_, reach_.kinds,
                           [&](auto edges) { step_from_below(edges, head, stop); });
            } else {
                edges_left_ -= std::min(edges_left_, frontier_edges);
                with_edges(csr_, reach_.kinds,
                           [&](auto edges) { step_from_above(edges, head, stop); });
            }
            head = stop;
        }
        level_starts_.push_back(tail_);
        list_by_distance();
        return tail_;
    }

private:
    // Writes the level's distances; returns how many edges leave it.
    uint64_t settle(uint32_t head, uint32_t stop) {
        uint64_t edges = 0;
        for (uint32_t at = head; at < stop; ++at) {
            const uint32_t node = queue_[at];
            out_.dist_view[node] = static_cast<int32_t>(depth_);
            edges += csr_.row_offsets[node + 1] - csr_.row_offsets[node];
        }
        return edges;
    }

    bool from_below(BfsWay way, uint64_t frontier_nodes, uint64_t frontier_edges) {
        if (transposed_ == nullptr || way == BfsWay::top_down) {
            return false;
        }
        if (way == BfsWay::bottom_up) {
            return true;
        }
        is_below_ = is_below_ ? frontier_nodes > csr_.node_count() / up_share
                              : frontier_edges > edges_left_ / down_share &&
                                    frontier_nodes > csr_.node_count() / (up_share * 8);
        return is_below_;
    }

    template <typename Edges>
    void step_from_above(Edges edges, uint32_t head, uint32_t stop) {
        const uint32_t* offsets = csr_.row_offsets.data();
        uint64_t* visited = visited_.data();
        uint32_t* queue = queue_.data();
        uint32_t tail = tail_;
        for (uint32_t at = head; at < stop; ++at) {
            if (at + prefetch_rows < stop) {
                __builtin_prefetch(offsets + queue[at + prefetch_rows]);
                __builtin_prefetch(edges.place(offsets[queue[at + prefetch_rows / 2]]));
            }
            const uint32_t node = queue[at];
            const uint32_t end = offsets[node + 1];
            for (uint32_t edge = offsets[node]; edge < end; ++edge) {
                const uint32_t target = edges.target(edge);
                const uint64_t word = visited[target >> 6];
                const uint64_t fresh = ~(word >> (target & 63)) & edges.allows(edge);
                visited[target >> 6] = word | (fresh << (target & 63));
                queue[tail] = target;
                tail += static_cast<uint32_t>(fresh);
            }
        }
        tail_ = tail;
    }

    // Every node that is not visited looks for an edge from the frontier, and stops at the first.
    template <typename Edges>
    void step_from_below(Edges edges, uint32_t head, uint32_t stop) {
        frontier_.assign(visited_.size(), 0);
        for (uint32_t at = head; at < stop; ++at) {
            set_bit(frontier_, queue_[at]);
        }
        const uint32_t nodes = csr_.node_count();
        for (size_t word = 0; word < visited_.size(); ++word) {
            uint64_t open = ~visited_[word];
            if ((word + 1) * 64 > nodes) {
                open &= (uint64_t{1} << (nodes & 63)) - 1;
            }
            uint64_t found = 0;
            for (; open != 0; open &= open - 1) {
                const auto bit = static_cast<uint32_t>(__builtin_ctzll(open));
                const auto node = static_cast<uint32_t>(word * 64 + bit);
                if (has_parent(edges, node)) {
                    found |= uint64_t{1} << bit;
                    queue_[tail_++] = node;
                }
            }
            visited_[word] |= found;
        }
    }

    template <typename Edges>
    bool has_parent(Edges edges, uint32_t node) const {
        const uint32_t end = transposed_->row_offsets[node + 1];
        for (uint32_t edge = transposed_->row_offsets[node]; edge < end; ++edge) {
            if ((edges.allows(edge) & (frontier_[edges.target(edge) >> 6] >>
                                       (edges.target(edge) & 63))) != 0) {
                return true;
            }
        }
        return false;
    }

    // Few nodes are sorted level by level; many are put in place in one pass over all distances.
    void list_by_distance() {
        const uint32_t nodes = csr_.node_count();
        if (tail_ < nodes / 16) {
            for (size_t level = 0; level + 1 < level_starts_.size(); ++level) {
                std::sort(queue_.begin() + level_starts_[level],
                          queue_.begin() + level_starts_[level + 1]);
            }
            std::copy_n(queue_.begin(), tail_, out_.order_view);
            return;
        }
        for (uint32_t node = 0; node < nodes; ++node) {
            if (out_.dist_view[node] >= 0) {
                out_.order_view[level_starts_[static_cast<size_t>(out_.dist_view[node])]++] = node;
            }
        }
    }

    const Csr& csr_;
    const Csr* transposed_;
    Reach reach_;
    BfsOutput out_;
    std::vector<uint64_t> visited_;
    std::vector<uint64_t> frontier_;
    // One entry more than nodes: the branch-free append writes before it knows.
    std::vector<uint32_t> queue_;
    std::vector<uint32_t> level_starts_;
    uint64_t edges_left_;
    uint32_t tail_ = 0;
    uint32_t depth_ = 0;
    bool is_below_ = false;
};

// 64 searches that share every read of an edge. A node's words say which of them reached it: at all, at
// the present distance, and at the next. The two that an edge's target is asked for lie side by side.
class ManySearch {
public:
    ManySearch(const Csr& csr, const Csr* transposed, const ManyOptions& options)
        : csr_(csr), transposed_(transposed), options_(options), words_(csr.node_count()),
          now_(csr.node_count(), 0) {}

    void run(const uint32_t* sources, uint32_t count, uint32_t* depths) {
        std::fill(words_.begin(), words_.end(), Words{});
        frontier_.clear();
        for (uint32_t i = 0; i < count; ++i) {
            const uint32_t source = sources[i];
            if (now_[source] == 0) {
                frontier_.push_back(source);
            }
            now_[source] |= uint64_t{1} << i;
            depths[i] = 0;
        }
        for (const uint32_t node : frontier_) {
            words_[node].seen = now_[node];
        }
        const uint64_t all = count == 64 ? ~uint64_t{0} : (uint64_t{1} << count) - 1;
        for (uint32_t depth = 1; !frontier_.empty() && depth - 1 < options_.reach.max_depth;
             ++depth) {
            if (transposed_ != nullptr && frontier_.size() > csr_.node_count() / 8) {
                with_edges(*transposed_, options_.reach.kinds,
                           [&](auto edges) { pull(edges, all); });
            } else {
                with_edges(csr_, options_.reach.kinds, [&](auto edges) { push(edges); });
            }
            for (const uint32_t node : frontier_) {
                now_[node] = 0;
            }
            uint64_t active = 0;
            for (const uint32_t node : reached_) {
                Words& words = words_[node];
                active |= node < options_.counted_nodes ? words.next : 0;
                words.seen |= words.next;
                now_[node] = words.next;
                words.next = 0;
            }
            for (; active != 0; active &= active - 1) {
                depths[__builtin_ctzll(active)] = depth;
            }
            std::swap(frontier_, reached_);
        }
        for (const uint32_t node : frontier_) {
            now_[node] = 0;
        }
    }

    uint64_t seen(uint32_t node) const { return words_[node].seen; }

private:
    struct Words {
        uint64_t seen = 0;
        uint64_t next = 0;
    };

    template <typename Edges>
    void push(Edges edges) {
        reached_.clear();
        const uint32_t* offsets = csr_.row_offsets.data();
        const size_t size = frontier_.size();
        for (size_t i = 0; i < size; ++i) {
            if (i + prefetch_rows < size) {
                __builtin_prefetch(offsets + frontier_[i + prefetch_rows]);
                __builtin_prefetch(edges.place(offsets[frontier_[i + prefetch_rows / 2]]));
                const uint32_t soon = frontier_[i + 2];
                for (uint32_t edge = offsets[soon]; edge < offsets[soon + 1]; ++edge) {
                    __builtin_prefetch(words_.data() + edges.target(edge), 1);
                }
            }
            const uint32_t node = frontier_[i];
            const uint64_t from = now_[node];
            const uint32_t end = offsets[node + 1];
            for (uint32_t edge = offsets[node]; edge < end; ++edge) {
                const uint32_t target = edges.target(edge);
                Words& words = words_[target];
                const uint64_t fresh = from & ~words.seen & (uint64_t{0} - edges.allows(edge));
                if (fresh != 0) {
                    if (words.next == 0) {
                        reached_.push_back(target);
                    }
                    words.next |= fresh;
                }
            }
        }
    }

    template <typename Edges>
    void pull(Edges edges, uint64_t all) {
        reached_.clear();
        const uint32_t* offsets = transposed_->row_offsets.data();
        const uint32_t last = transposed_->edge_count() - 1;
        for (uint32_t node = 0; node < csr_.node_count(); ++node) {
            const uint64_t open = all & ~words_[node].seen;
            if (open == 0) {
                continue;
            }
            uint64_t found = 0;
            const uint32_t end = offsets[node + 1];
            for (uint32_t edge = offsets[node]; edge < end; ++edge) {
                // Rows follow each other: what lies ahead is asked for soon.
                __builtin_prefetch(now_.data() + edges.target(std::min(edge + pull_ahead, last)));
                found |= now_[edges.target(edge)] & open & (uint64_t{0} - edges.allows(edge));
                if (found == open) {
                    break;
                }
            }
            if (found != 0) {
                words_[node].next = found;
                reached_.push_back(node);
            }
        }
    }

    static constexpr uint32_t pull_ahead = 32;

    const Csr& csr_;
    const Csr* transposed_;
    const ManyOptions& options_;
    std::vector<Words> words_;
    std::vector<uint64_t> now_;
    std::vector<uint32_t> frontier_;
    std::vector<uint32_t> reached_;
};

// Adds to counts[i] the number of words with bit i: adders of one bit count 15 words side by side
// before they are spread out.
template <typename WordOf>
void count_bits(WordOf word_of, uint32_t word_count, uint32_t* counts) {
    uint64_t planes[4] = {0, 0, 0, 0};
    uint32_t added = 0;
    const auto spread = [&] {
        for (uint32_t plane = 0; plane < 4; ++plane) {
            for (uint64_t bits = planes[plane]; bits != 0; bits &= bits - 1) {
                counts[__builtin_ctzll(bits)] += 1U << plane;
            }
            planes[plane] = 0;
        }
        added = 0;
    };
    for (uint32_t i = 0; i < word_count; ++i) {
        uint64_t carry = word_of(i);
        if (carry == 0) {
            continue;
        }
        for (uint64_t& plane : planes) {
            const uint64_t sum = plane ^ carry;
            carry &= plane;
            plane = sum;
        }
        if (++added == 15) {
            spread();
        }
    }
    spread();
}

}  // namespace

uint32_t bfs(const Csr& csr, const Csr* transposed, const std::vector<uint32_t>& sources,
             Reach reach, BfsOutput out, BfsWay way) {
    return Search(csr, transposed, reach, out).run(sources, way);
}

void bfs_parents(const Csr& csr, uint32_t kinds, const int32_t* dist, const uint32_t* order,
                 uint32_t reached, int32_t* parents, uint8_t* parent_kinds) {
    const uint32_t nodes = csr.node_count();
    std::fill_n(parents, nodes, -1);
    std::fill_n(parent_kinds, nodes, uint8_t{255});
    if (reached > nodes) {
        throw std::out_of_range("more nodes were reached than there are");
    }
    // By ascending node within a level, and by ascending kind within a row: the first that comes is the least.
    for (uint32_t i = 0; i < reached; ++i) {
        const uint32_t node = order[i];
        if (node >= nodes) {
            throw std::out_of_range("a reached node is not one of the nodes");
        }
        const int64_t next = int64_t{dist[node]} + 1;
        for (uint32_t at = csr.row_offsets[node]; at < csr.row_offsets[node + 1]; ++at) {
            const uint32_t target = csr.columns[at];
            if (((kinds >> csr.kinds[at]) & 1) == 0 || dist[target] != next) {
                continue;
            }
            if (parents[target] == -1) {
                parents[target] = static_cast<int32_t>(node);
                parent_kinds[target] = csr.kinds[at];
            }
        }
    }
}

ManyOutput bfs_many(const Csr& csr, const Csr* transposed, const std::vector<uint32_t>& sources,
                    const ManyOptions& options) {
    const uint32_t nodes = csr.node_count();
    for (const uint32_t source : sources) {
        if (source >= nodes) {
            throw std::out_of_range("source " + std::to_string(source) + " is not one of " +
                                    std::to_string(nodes) + " nodes");
        }
    }
    ManyOutput out;
    // A whole batch more, so that the last one may be short.
    out.counts.assign(sources.size() + 64, 0);
    out.depths.assign(sources.size() + 64, 0);
    const size_t set_words = (sources.size() + 31) / 32;
    if (options.with_sets) {
        out.sets.assign(size_t{nodes} * set_words, 0);
    }
    ManySearch search(csr, transposed, options);
    for (size_t start = 0; start < sources.size(); start += 64) {
        const auto count = static_cast<uint32_t>(std::min<size_t>(64, sources.size() - start));
        search.run(sources.data() + start, count, out.depths.data() + start);
        count_bits([&](uint32_t node) { return search.seen(node); },
                   std::min(nodes, options.counted_nodes), out.counts.data() + start);
        if (options.with_sets) {
            const size_t word = start / 32;
            for (uint32_t node = 0; node < nodes; ++node) {
                const uint64_t seen = search.seen(node);
                out.sets[node * set_words + word] = static_cast<uint32_t>(seen);
                if (word + 1 < set_words) {
                    out.sets[node * set_words + word + 1] = static_cast<uint32_t>(seen >> 32);
                }
            }
        }
    }
    out.counts.resize(sources.size());
    out.depths.resize(sources.size());
    return out;
}

}  // namespace ferrograph
