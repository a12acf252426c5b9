// SHA-256: published vectors on every level, and every level against the portable one for all lengths
// around the block's edges, all numbers of lanes, and mixed lengths.

#include "../sha256.hpp"

#include <cstring>
#include <memory>
#include <stdexcept>
#include <string>

#include "check.hpp"

namespace test {

using ferrograph::Message;
using ferrograph::ShaLevel;

namespace {

std::string hex(const uint8_t* bytes) {
    std::string text;
    for (size_t i = 0; i < ferrograph::digest_bytes; ++i) {
        char two[3];
        std::snprintf(two, sizeof two, "%02x", bytes[i]);
        text += two;
    }
    return text;
}

std::vector<uint8_t> hash(const std::vector<Message>& messages, ShaLevel level) {
    std::vector<uint8_t> digests(messages.size() * ferrograph::digest_bytes + 1, 0x5a);
    ferrograph::sha256_many(messages.data(), messages.size(), digests.data(), level);
    CHECK(digests.back() == 0x5a);
    digests.pop_back();
    return digests;
}

Message text(const std::string& of) {
    return {reinterpret_cast<const uint8_t*>(of.data()), of.size(), 0, 0};
}

// FIPS 180-4's examples, and a million times "a".
void test_vectors(ShaLevel level) {
    const std::string abc = "abc";
    const std::string two = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    const std::string million(1000000, 'a');
    const auto digests = hash({Message{}, text(abc), text(two), text(million)}, level);
    CHECK(hex(digests.data()) ==
          "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(hex(digests.data() + 32) ==
          "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(hex(digests.data() + 64) ==
          "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    CHECK(hex(digests.data() + 96) ==
          "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

void test_level(ShaLevel level) {
    Random random(7);
    // Each message in memory of its own, so that a sanitizer sees a read beyond it.
    const auto message_of = [&](uint64_t length, std::vector<std::unique_ptr<uint8_t[]>>& keep,
                                uint8_t marks) {
        auto bytes = std::make_unique<uint8_t[]>(length);
        for (uint64_t i = 0; i < length; ++i) {
            bytes[i] = static_cast<uint8_t>(random.next());
        }
        keep.push_back(std::move(bytes));
        return Message{keep.back().get(), length, static_cast<uint8_t>(random.next()), marks};
    };
    for (uint64_t length = 0; length <= 260; ++length) {
        for (uint8_t marks = 0; marks <= 1; ++marks) {
            std::vector<std::unique_ptr<uint8_t[]>> keep;
            std::vector<Message> messages;
            for (int lane = 0; lane < 17; ++lane) {
                messages.push_back(message_of(length, keep, marks));
            }
            CHECK_SEED(hash(messages, level) == hash(messages, ShaLevel::portable), length);
        }
    }
    for (uint32_t count = 0; count <= 50; ++count) {
        std::vector<std::unique_ptr<uint8_t[]>> keep;
        std::vector<Message> messages;
        for (uint32_t i = 0; i < count; ++i) {
            const uint8_t marks = static_cast<uint8_t>(random.below(2));
            messages.push_back(message_of(random.below(count % 2 == 0 ? 5000 : 130), keep, marks));
        }
        CHECK_SEED(hash(messages, level) == hash(messages, ShaLevel::portable), count);
    }
}

void test_pages(ShaLevel level) {
    constexpr size_t page_bytes = 4096;
    for (const size_t count : {0, 1, 7, 8, 9, 15, 16, 17, 33}) {
        std::vector<uint8_t> pages(count * page_bytes);
        Random random(count);
        for (uint8_t& byte : pages) {
            byte = static_cast<uint8_t>(random.next());
        }
        std::vector<uint8_t> digests(count * 32);
        ferrograph::sha256_pages(pages.data(), page_bytes, count, digests.data(), level);
        for (size_t page = 0; page < count; ++page) {
            std::vector<uint8_t> marked(1 + page_bytes, 0);
            std::memcpy(marked.data() + 1, pages.data() + page * page_bytes, page_bytes);
            const auto expected = hash({{marked.data(), marked.size(), 0, 0}}, ShaLevel::portable);
            CHECK(std::memcmp(expected.data(), digests.data() + page * 32, 32) == 0);
        }
    }
}

}  // namespace

void test_sha256() {
    const auto levels = ferrograph::sha_levels();
    for (const ShaLevel level : levels) {
        std::printf("sha-256 level %s\n", ferrograph::sha_level_name(level));
        test_vectors(level);
        test_level(level);
        test_pages(level);
    }
    for (const ShaLevel level :
         {ShaLevel::portable, ShaLevel::sha_ni, ShaLevel::avx2, ShaLevel::avx512}) {
        bool runs = false;
        for (const ShaLevel other : levels) {
            runs |= other == level;
        }
        if (!runs) {
            CHECK_THROWS((ferrograph::sha256_many(nullptr, 0, nullptr, level), 0),
                         std::invalid_argument);
        }
    }
}

}  // namespace test
