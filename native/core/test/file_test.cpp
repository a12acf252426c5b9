// Locks, reserved room and mapped files, with files in the folder for temporary ones.

#include "../file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>

#include "check.hpp"

namespace test {

namespace {

using namespace ferrograph;

/** A file that is gone at the end. */
class File {
public:
    File() : path_(name()), number_(::mkstemp(path_.data())) { CHECK(number_ >= 0); }
    ~File() {
        ::close(number_);
        ::unlink(path_.c_str());
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;

    int number() const { return number_; }
    int open_again() const { return ::open(path_.c_str(), O_RDWR | O_CLOEXEC); }

    void write(const std::vector<uint8_t>& bytes) const {
        CHECK(::pwrite(number_, bytes.data(), bytes.size(), 0) ==
              static_cast<ssize_t>(bytes.size()));
    }

private:
    static std::string name() {
        const char* folder = std::getenv("TMPDIR");
        return std::string(folder == nullptr ? "/tmp" : folder) + "/ferrograph-file-XXXXXX";
    }

    std::string path_;
    int number_;
};

std::vector<uint8_t> random_bytes(uint64_t seed, size_t count) {
    Random random(seed);
    std::vector<uint8_t> bytes(count);
    for (uint8_t& byte : bytes) {
        byte = static_cast<uint8_t>(random.next());
    }
    return bytes;
}

void test_locks() {
    const File file;
    const int other = file.open_again();
    CHECK(try_flock(file.number(), false) == FlockAnswer::taken);
    CHECK(try_flock(file.number(), false) == FlockAnswer::taken);
    CHECK(try_flock(other, false) == FlockAnswer::held);
    CHECK(try_flock(other, true) == FlockAnswer::held);
    const auto copy = std::make_unique<Descriptor>(file.number());
    CHECK(copy->number() != file.number());
    ::close(other);
    CHECK_THROWS(try_flock(-1, false), std::system_error);
    CHECK_THROWS(Descriptor(-1), std::system_error);

    // A child that holds it and is killed gives it back.
    const File child_file;
    int said[2];
    CHECK(::pipe(said) == 0);
    const pid_t child = ::fork();
    if (child == 0) {
        const int own = child_file.open_again();
        const char answer = try_flock(own, false) == FlockAnswer::taken ? 'y' : 'n';
        if (::write(said[1], &answer, 1) == 1) {
            ::pause();
        }
        ::_exit(1);
    }
    char answer = 0;
    CHECK(::read(said[0], &answer, 1) == 1 && answer == 'y');
    CHECK(try_flock(child_file.number(), false) == FlockAnswer::held);
    ::kill(child, SIGKILL);
    int status = 0;
    CHECK(::waitpid(child, &status, 0) == child);
    CHECK(try_flock(child_file.number(), false) == FlockAnswer::taken);
    ::close(said[0]);
    ::close(said[1]);
}

void test_reserved() {
    const File file;
    const bool is_reserved = reserve_file(file.number(), 1 << 20);
    struct stat found = {};
    CHECK(::fstat(file.number(), &found) == 0);
    CHECK(found.st_size == 0);
    CHECK(!is_reserved || found.st_blocks * 512 >= 1 << 20);
    CHECK_THROWS(reserve_file(-1, 4096), std::system_error);
}

void test_mapped() {
    const File file;
    const std::vector<uint8_t> bytes = random_bytes(5, 70'001);
    file.write(bytes);
    const Mapping mapping(file.number(), bytes.size());
    CHECK(mapping.size() == bytes.size());
    Random random(6);
    for (int round = 0; round < 200; ++round) {
        const size_t offset = random.below(static_cast<uint32_t>(bytes.size() + 1));
        const size_t count = random.below(static_cast<uint32_t>(bytes.size() - offset + 1));
        std::vector<uint8_t> out(count, 0x55);
        CHECK(mapping.copy(offset, count, out.data()));
        CHECK(std::memcmp(out.data(), bytes.data() + offset, count) == 0);
    }
    uint8_t byte = 0;
    CHECK_THROWS(mapping.copy(bytes.size(), 1, &byte), std::out_of_range);
    CHECK_THROWS(mapping.copy(UINT64_MAX, 1, &byte), std::out_of_range);
    CHECK_THROWS(mapping.copy(1, SIZE_MAX, &byte), std::out_of_range);
    // What is written later is seen.
    const uint8_t written = static_cast<uint8_t>(~bytes[7]);
    CHECK(::pwrite(file.number(), &written, 1, 7) == 1);
    CHECK(mapping.copy(7, 1, &byte) && byte == written);
    CHECK_THROWS(Mapping(-1, 10), std::system_error);
    const Mapping empty(file.number(), 0);
    CHECK(empty.copy(0, 0, &byte));
}

// A file that is cut beneath its mapping: the copy says no, again and again, on several threads, and what is left
// of the file is still copied.
void test_cut() {
    const File file;
    const std::vector<uint8_t> bytes = random_bytes(9, 64 * 1024);
    file.write(bytes);
    const Mapping mapping(file.number(), bytes.size());
    CHECK(::ftruncate(file.number(), 16 * 1024) == 0);
    const auto look = [&](int& good) {
        std::vector<uint8_t> out(bytes.size());
        for (int round = 0; round < 50; ++round) {
            good += mapping.copy(0, bytes.size(), out.data()) ? 0 : 1;
            good += mapping.copy(60'000, 10, out.data()) ? 0 : 1;
            good += mapping.copy(100, 16'000, out.data()) ? 1 : 0;
        }
    };
    int here = 0;
    int there = 0;
    std::thread other([&] { look(there); });
    look(here);
    other.join();
    CHECK(here == 150);
    CHECK(there == 150);
}

// Anybody else's SIGBUS ends the process, as it would without us.
void test_other_signals() {
    const pid_t child = ::fork();
    if (child == 0) {
        struct sigaction plain = {};
        plain.sa_handler = SIG_DFL;
        ::sigaction(SIGBUS, &plain, nullptr);
        const File file;
        file.write(random_bytes(1, 100));
        const Mapping mapping(file.number(), 100);
        uint8_t byte = 0;
        if (mapping.copy(0, 1, &byte)) {
            ::raise(SIGBUS);
            ::raise(SIGBUS);
        }
        ::_exit(0);
    }
    int status = 0;
    CHECK(::waitpid(child, &status, 0) == child);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGBUS);
}

// Who takes the signal after us is asked for what is not ours, and our copies stay guarded.
void test_taken_signal() {
    static volatile sig_atomic_t theirs = 0;
    struct sigaction before = {};
    struct sigaction other = {};
    other.sa_handler = [](int) { theirs = theirs + 1; };
    CHECK(::sigaction(SIGBUS, &other, &before) == 0);
    const File file;
    file.write(random_bytes(2, 8192));
    const Mapping mapping(file.number(), 8192);
    CHECK(::ftruncate(file.number(), 0) == 0);
    uint8_t byte = 0;
    CHECK(!mapping.copy(5000, 1, &byte));
    CHECK(theirs == 0);
    ::raise(SIGBUS);
    CHECK(theirs == 1);
    CHECK(::sigaction(SIGBUS, &before, nullptr) == 0);
}

}  // namespace

void test_file() {
    test_locks();
    test_reserved();
    test_mapped();
    test_cut();
    test_other_signals();
    test_taken_signal();
    CHECK(std::string(errno_name(ENOSPC)) == "ENOSPC");
    CHECK(std::string(errno_name(12345)) == "EIO");
}

}  // namespace test
