// Preloaded into Node: the n-th allocation that the addon itself asks for finds no memory. FERROGRAPH_FAIL_AT says
// which, as "n:turn"; the count begins anew with each new value. Without it, nothing fails.

#include <link.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <new>

namespace {

std::mutex guard;
char turn[64];
long left;

std::atomic<uintptr_t> addon_begin{0};
std::atomic<uintptr_t> addon_end{0};

// Asking dladdr would search all symbols of Node at each allocation.
int find_addon(dl_phdr_info* info, size_t, void*) {
    if (std::strstr(info->dlpi_name, "ferrograph.node") == nullptr) {
        return 0;
    }
    uintptr_t end = 0;
    for (int part = 0; part < info->dlpi_phnum; ++part) {
        const auto& header = info->dlpi_phdr[part];
        const uintptr_t past = info->dlpi_addr + header.p_vaddr + header.p_memsz;
        end = header.p_type == PT_LOAD && past > end ? past : end;
    }
    addon_end = end;
    addon_begin = info->dlpi_addr;
    return 1;
}

bool is_of_addon(const void* caller) {
    if (addon_begin == 0) {
        dl_iterate_phdr(find_addon, nullptr);
    }
    const auto at = reinterpret_cast<uintptr_t>(caller);
    return addon_begin != 0 && addon_begin <= at && at < addon_end;
}

bool must_fail(const void* caller) {
    const char* wanted = std::getenv("FERROGRAPH_FAIL_AT");
    if (wanted == nullptr || *wanted == '\0' || !is_of_addon(caller)) {
        return false;
    }
    const std::lock_guard<std::mutex> held(guard);
    if (std::strncmp(turn, wanted, sizeof turn - 1) != 0) {
        std::strncpy(turn, wanted, sizeof turn - 1);
        left = std::atol(wanted);
    }
    return --left == 0;
}

void* allocate(std::size_t bytes, const void* caller) {
    void* found = must_fail(caller) ? nullptr : std::malloc(bytes == 0 ? 1 : bytes);
    if (found == nullptr) {
        throw std::bad_alloc();
    }
    return found;
}

}  // namespace

void* operator new(std::size_t bytes) { return allocate(bytes, __builtin_return_address(0)); }
void* operator new[](std::size_t bytes) { return allocate(bytes, __builtin_return_address(0)); }
void operator delete(void* at) noexcept { std::free(at); }
void operator delete(void* at, std::size_t) noexcept { std::free(at); }
void operator delete[](void* at) noexcept { std::free(at); }
void operator delete[](void* at, std::size_t) noexcept { std::free(at); }
