// Searches and hashes on a card; the twins of core/bfs.hpp and core/sha256.hpp, with the same answers.
#pragma once

#include <memory>
#include <vector>

#include "bfs.hpp"
#include "card.hpp"
#include "csr.hpp"

namespace ferrograph::cuda {

/** Memory of a card, given back when it goes out of scope. Views of elements, not the elements. */
template <typename T>
class CardArray {
public:
    CardArray(Card& card, size_t length, Memory memory = Memory::device)
        : card_(&card), length_(length), memory_(memory),
          address_(card.allocate(length * sizeof(T), memory)) {}
    CardArray(Card& card, const std::vector<T>& values, Memory memory = Memory::device)
        : CardArray(card, values.size(), memory) {
        card.copy_in(address_, values.data(), values.size() * sizeof(T), memory);
    }
    ~CardArray() { card_->release(address_, memory_); }
    CardArray(const CardArray&) = delete;
    CardArray& operator=(const CardArray&) = delete;

    T* d_data() const { return reinterpret_cast<T*>(address_); }
    void fill(unsigned char byte) { card_->fill(address_, byte, length_ * sizeof(T)); }
    void set(const T* values, size_t count) {
        card_->copy_in(address_, values, count * sizeof(T), memory_);
    }
    void get(T* values, size_t count) const {
        card_->copy_out(values, address_, count * sizeof(T));
    }

private:
    Card* card_;
    size_t length_;
    Memory memory_;
    Address address_;
};

/** Ways of searching on a card; all give the same answers. The automatic one is a single launch where that can be. */
enum class CardWay : uint8_t { automatic, by_level, one_launch };

/** A graph in a card's memory. Made, used and dropped by whoever has no Session: it takes its own. */
class CardGraph {
public:
    CardGraph(std::shared_ptr<Card> card, const Csr& csr, Memory memory);
    ~CardGraph();
    CardGraph(const CardGraph&) = delete;
    CardGraph& operator=(const CardGraph&) = delete;

    /** As ferrograph::bfs. Memory on the card: 12 bytes a node. */
    uint32_t bfs(const std::vector<uint32_t>& sources, Reach reach, BfsOutput out,
                 CardWay way = CardWay::automatic) const;
    /** As ferrograph::bfs_many. Memory on the card: 24 bytes a node. */
    ManyOutput bfs_many(const std::vector<uint32_t>& sources, const ManyOptions& options) const;

private:
    struct Arrays;
    struct Levels;
    void search_at_once(const Levels& levels) const;
    void search_by_level(const Levels& levels) const;
    void check_sources(const std::vector<uint32_t>& sources) const;

    std::shared_ptr<Card> card_;
    uint32_t node_count_;
    std::unique_ptr<Arrays> arrays_;
};

/** As ferrograph::sha256_pages; the pages are copied to the card. */
void sha256_pages_on(Card& card, const uint8_t* pages, size_t page_bytes, size_t count,
                     uint8_t* digests);

/** Sizes from which on the card was faster than one core, as measured; never is 0xffffffff. */
struct Thresholds {
    uint32_t bfs_edges = 0xffffffff;
    uint32_t many_edges = 0xffffffff;
    uint32_t pages = 0xffffffff;
};

/** Measures both on graphs from a seed; takes well under a second where neither is slow. */
Thresholds measure_thresholds(const std::shared_ptr<Card>& card, Memory memory);

}  // namespace ferrograph::cuda
