// The least that a test needs: a condition that names its place, and numbers from a seed.
#pragma once

#include <cstdint>
#include <cstdio>
#include <vector>

#include "../csr.hpp"

namespace test {

inline int& failures() {
    static int count = 0;
    return count;
}

inline int& checks() {
    static int count = 0;
    return count;
}

inline bool check(bool holds, const char* what, const char* file, int line, uint64_t seed) {
    ++checks();
    if (!holds) {
        ++failures();
        std::printf("%s:%d: %s does not hold (seed %llu)\n", file, line, what,
                    static_cast<unsigned long long>(seed));
    }
    return holds;
}

/** Numbers from a seed (splitmix64). */
class Random {
public:
    explicit Random(uint64_t seed) : state_(seed) {}

    uint64_t next() {
        uint64_t z = (state_ += 0x9e3779b97f4a7c15);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }

    uint32_t below(uint32_t bound) { return static_cast<uint32_t>(next() % bound); }

private:
    uint64_t state_;
};

/** Edges as three lists. */
struct EdgeList {
    std::vector<uint32_t> sources;
    std::vector<uint32_t> targets;
    std::vector<uint8_t> kinds;

    void add(uint32_t source, uint32_t target, uint32_t kind) {
        sources.push_back(source);
        targets.push_back(target);
        kinds.push_back(static_cast<uint8_t>(kind));
    }

    ferrograph::EdgesView view() const {
        return {sources.data(), targets.data(), kinds.data(), sources.size()};
    }
};

inline EdgeList random_edges(Random& random, uint32_t nodes, uint32_t count, uint32_t kinds) {
    EdgeList edges;
    for (uint32_t edge = 0; edge < count; ++edge) {
        edges.add(random.below(nodes), random.below(nodes), random.below(kinds));
    }
    return edges;
}

void test_csr();
void test_bfs();
void test_flow();
void test_sha256();
void test_file();

}  // namespace test

#define CHECK(condition) ::test::check((condition), #condition, __FILE__, __LINE__, 0)
#define CHECK_SEED(condition, seed) \
    ::test::check((condition), #condition, __FILE__, __LINE__, (seed))
#define CHECK_THROWS(expression, type)      \
    do {                                    \
        bool thrown = false;                \
        try {                               \
            (void)(expression);             \
        } catch (const type&) {             \
            thrown = true;                  \
        }                                   \
        CHECK(thrown && #expression);       \
    } while (false)
