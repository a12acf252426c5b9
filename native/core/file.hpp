// What Node offers no call for: locks of the kernel's, room for a file ahead of its writes, and files mapped for
// reading. POSIX; elsewhere all of it says that it is not there. The twin is src/platform.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace ferrograph {

enum class FlockAnswer { taken, held, unsupported };

/** Takes flock on a descriptor, without waiting; closing the last of its copies gives it back. Throws. */
FlockAnswer try_flock(int descriptor, bool is_shared);

/**
 * Sees to it that a file's first bytes have blocks of their own, so that a full disk is known before anything is
 * written; the file's size stays. False where the file system cannot. Throws std::system_error.
 */
bool reserve_file(int descriptor, uint64_t byte_count);

/** A descriptor of its own for the same open file, closed at the end. */
class Descriptor {
public:
    explicit Descriptor(int copied);
    ~Descriptor();
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int number() const { return number_; }

private:
    int number_;
};

/**
 * A file mapped for reading. Its bytes are only ever copied out, under guard: where a page cannot be had,
 * because the file was cut or its disk failed, the copy says so, and no signal ends the process. What was copied
 * cannot change while it is checked. Copies from several threads at once are fine.
 */
class Mapping {
public:
    /** Maps the first bytes of a file; the descriptor is not needed afterwards. Throws std::system_error. */
    Mapping(int descriptor, size_t byte_count);
    ~Mapping();
    Mapping(const Mapping&) = delete;
    Mapping& operator=(const Mapping&) = delete;

    size_t size() const { return size_; }

    /** Copies bytes out; false where some of them could not be had. Throws std::out_of_range. */
    bool copy(uint64_t offset, size_t byte_count, void* out) const;

private:
    void* bytes_ = nullptr;
    size_t size_;
    /** Bytes that copies have brought into the process's memory since it was last told that it may forget them. */
    mutable std::atomic<size_t> resident_{0};
};

/** Name of an error number: `ENOSPC`; `EIO` for those that are not known by name here. */
const char* errno_name(int number);

}  // namespace ferrograph
