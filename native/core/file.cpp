// The guard of mapped files: SIGBUS of a copy that is under way jumps back into it; any other goes on to whoever
// had the signal before.

#include "file.hpp"

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <system_error>

#if !defined(_WIN32)
#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <csetjmp>
#include <csignal>
#include <mutex>
#endif

namespace ferrograph {

namespace {

[[noreturn]] void throw_errno(int number, const char* what) {
    throw std::system_error(number, std::generic_category(), what);
}

}  // namespace

const char* errno_name(int number) {
    switch (number) {
        case EACCES: return "EACCES";
        case EBADF: return "EBADF";
        case EFBIG: return "EFBIG";
        case EINVAL: return "EINVAL";
        case EMFILE: return "EMFILE";
        case ENODEV: return "ENODEV";
        case ENOMEM: return "ENOMEM";
        case ENOSPC: return "ENOSPC";
        case EPERM: return "EPERM";
        case EROFS: return "EROFS";
#if defined(EDQUOT)
        case EDQUOT: return "EDQUOT";
#endif
        default: return "EIO";
    }
}

#if defined(_WIN32)

FlockAnswer try_flock(int, bool) { return FlockAnswer::unsupported; }
bool reserve_file(int, uint64_t) { return false; }
Descriptor::Descriptor(int) : number_(-1) { throw_errno(ENODEV, "cannot copy a descriptor"); }
Descriptor::~Descriptor() = default;
Mapping::Mapping(int, size_t byte_count) : size_(byte_count) {
    throw_errno(ENODEV, "cannot map a file");
}
Mapping::~Mapping() = default;
bool Mapping::copy(uint64_t, size_t, void*) const { return false; }

#else

FlockAnswer try_flock(int descriptor, bool is_shared) {
    for (;;) {
        if (::flock(descriptor, (is_shared ? LOCK_SH : LOCK_EX) | LOCK_NB) == 0) {
            return FlockAnswer::taken;
        }
        switch (errno) {
            case EINTR: break;
            case EWOULDBLOCK: return FlockAnswer::held;
            case ENOLCK:
            case ENOSYS:
            case ENOTSUP:
#if EOPNOTSUPP != ENOTSUP
            case EOPNOTSUPP:
#endif
            case EINVAL: return FlockAnswer::unsupported;
            default: throw_errno(errno, "cannot lock a file");
        }
    }
}

bool reserve_file(int descriptor, uint64_t byte_count) {
#if defined(__linux__)
    // Not posix_fallocate: where the file system cannot, the C library would write to every block.
    for (;;) {
        if (::fallocate(descriptor, FALLOC_FL_KEEP_SIZE, 0, static_cast<off_t>(byte_count)) == 0) {
            return true;
        }
        switch (errno) {
            case EINTR: break;
            case ENOSYS:
            case EOPNOTSUPP: return false;
            default: throw_errno(errno, "cannot reserve room for a file");
        }
    }
#else
    static_cast<void>(descriptor);
    static_cast<void>(byte_count);
    return false;
#endif
}

Descriptor::Descriptor(int copied) : number_(::fcntl(copied, F_DUPFD_CLOEXEC, 0)) {
    if (number_ < 0) {
        throw_errno(errno, "cannot copy a descriptor");
    }
}

Descriptor::~Descriptor() { ::close(number_); }

namespace {

struct Guard {
    const char* start;
    const char* end;
    sigjmp_buf back;
};

// In the thread's static block, so that the handler may look without anything being allocated for it.
__attribute__((tls_model("initial-exec"))) thread_local Guard* volatile guard = nullptr;

__attribute__((tls_model("initial-exec"))) thread_local volatile bool is_passed_on = false;

std::mutex handler_mutex;
struct sigaction before_ours;

void on_bus_error(int signal, siginfo_t* info, void* context) {
    Guard* const here = guard;
    const char* const at = static_cast<const char*>(info->si_addr);
    if (here != nullptr && at >= here->start && at < here->end) {
        siglongjmp(here->back, 1);
    }
    const bool is_theirs = (before_ours.sa_flags & SA_SIGINFO) != 0 ||
                           (before_ours.sa_handler != SIG_DFL && before_ours.sa_handler != SIG_IGN);
    if (!is_theirs || is_passed_on) {
        // The same access again, without us: the process ends as it would have.
        ::signal(SIGBUS, SIG_DFL);
        return;
    }
    // Whom we ask may ask us in turn.
    is_passed_on = true;
    if ((before_ours.sa_flags & SA_SIGINFO) != 0) {
        before_ours.sa_sigaction(signal, info, context);
    } else {
        before_ours.sa_handler(signal);
    }
    is_passed_on = false;
}

// Whoever has taken the signal since is asked next from now on.
void see_to_handler() {
    struct sigaction now;
    if (::sigaction(SIGBUS, nullptr, &now) == 0 && (now.sa_flags & SA_SIGINFO) != 0 &&
        now.sa_sigaction == &on_bus_error) {
        return;
    }
    const std::lock_guard<std::mutex> lock(handler_mutex);
    if (::sigaction(SIGBUS, nullptr, &now) != 0 ||
        ((now.sa_flags & SA_SIGINFO) != 0 && now.sa_sigaction == &on_bus_error)) {
        return;
    }
    before_ours = now;
    struct sigaction ours = {};
    ours.sa_sigaction = &on_bus_error;
    // Not blocked while it is handled: the jump out of the handler does not come back to unblock it.
    ours.sa_flags = SA_SIGINFO | SA_NODEFER | (now.sa_flags & SA_ONSTACK);
    sigemptyset(&ours.sa_mask);
    if (::sigaction(SIGBUS, &ours, nullptr) != 0) {
        throw_errno(errno, "cannot guard a mapped file");
    }
}

// Mapped pages that were read count as the process's own until it lets go of them; the system keeps them all the same.
constexpr size_t resident_max = size_t{16} << 20;
// A page that is touched brings others around it.
constexpr size_t touched_min = size_t{64} << 10;

// Nothing here has a destructor that the jump would pass over.
__attribute__((noinline)) bool guarded_copy(Guard& here, void* out, const char* from,
                                            size_t byte_count) {
    if (sigsetjmp(here.back, 0) != 0) {
        guard = nullptr;
        return false;
    }
    guard = &here;
    std::atomic_signal_fence(std::memory_order_seq_cst);
    std::memcpy(out, from, byte_count);
    std::atomic_signal_fence(std::memory_order_seq_cst);
    guard = nullptr;
    return true;
}

}  // namespace

Mapping::Mapping(int descriptor, size_t byte_count) : size_(byte_count) {
    if (byte_count == 0) {
        return;
    }
    see_to_handler();
    void* const bytes = ::mmap(nullptr, byte_count, PROT_READ, MAP_SHARED, descriptor, 0);
    if (bytes == MAP_FAILED) {
        throw_errno(errno, "cannot map a file");
    }
    bytes_ = bytes;
}

Mapping::~Mapping() {
    if (bytes_ != nullptr) {
        ::munmap(bytes_, size_);
    }
}

bool Mapping::copy(uint64_t offset, size_t byte_count, void* out) const {
    if (offset > size_ || byte_count > size_ - offset) {
        throw std::out_of_range("a read goes beyond the mapped bytes");
    }
    if (byte_count == 0) {
        return true;
    }
    see_to_handler();
    const char* const start = static_cast<const char*>(bytes_);
    Guard here = {start, start + size_, {}};
    if (!guarded_copy(here, out, start + offset, byte_count)) {
        return false;
    }
    const size_t touched = byte_count < touched_min ? touched_min : byte_count;
    if (resident_.fetch_add(touched) + touched > resident_max) {
        resident_ = 0;
        ::madvise(bytes_, size_, MADV_DONTNEED);
    }
    return true;
}

#endif

}  // namespace ferrograph
