// A library with the driver's names that runs the kernels on the processor, one thread after the other. For tests alone:
// it shows the logic of what uses a card and of its failures, not that a card does the same.
//
// FERROGRAPH_EMULATED_CARD, read at each call: words of `no-init`, `no-card`, `no-memory`, `no-resident`, `no-room`, `fail-at=N` (the call of that
// number since the last reading of `fail-at=0` fails), `free=BYTES`.

#include "../emulate.hpp"

#include "../kernels.cuh"

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>
#include <string>

namespace {

// Of a launch whose blocks wait for one another; more than the machine has processors.
constexpr uint32_t resident_blocks = 5;
constexpr size_t card_bytes = size_t{1} << 30;

std::mutex mutex;
std::map<unsigned long long, size_t> allocated;
size_t used = 0;
unsigned long long calls = 0;

std::string wishes() {
    const char* text = std::getenv("FERROGRAPH_EMULATED_CARD");
    return text == nullptr ? "" : text;
}

bool is_wished(const char* word) { return wishes().find(word) != std::string::npos; }

unsigned long long number_of(const char* word, unsigned long long otherwise) {
    const std::string text = wishes();
    const size_t at = text.find(word);
    return at == std::string::npos ? otherwise
                                   : std::strtoull(text.c_str() + at + std::strlen(word), nullptr, 10);
}

// Whether this call is the one that is to fail.
bool fails() {
    const std::lock_guard<std::mutex> guard(mutex);
    const unsigned long long at = number_of("fail-at=", 0);
    calls = at == 0 ? 0 : calls + 1;
    return at != 0 && calls == at;
}

int give(unsigned long long* address, size_t bytes) {
    if (fails() || is_wished("no-memory")) {
        return 2;
    }
    void* memory = std::malloc(bytes);
    // Whoever reads what it has not written is to notice.
    std::memset(memory, 0xa5, bytes);
    const std::lock_guard<std::mutex> guard(mutex);
    *address = reinterpret_cast<unsigned long long>(memory);
    allocated[*address] = bytes;
    used += bytes;
    return 0;
}

int take(unsigned long long address) {
    const std::lock_guard<std::mutex> guard(mutex);
    const auto found = allocated.find(address);
    if (found == allocated.end()) {
        return 1;
    }
    used -= found->second;
    allocated.erase(found);
    std::free(reinterpret_cast<void*>(address));
    return 0;
}

using Kernel = void (*)(uint32_t threads, void** parameters);

template <typename... Args, size_t... At>
void call(void (*kernel)(Args...), uint32_t threads, void** parameters,
          std::index_sequence<At...>) {
    emulate(threads, kernel, *static_cast<std::remove_const_t<Args>*>(parameters[At])...);
}

template <auto kernel, typename... Args>
void call_as(void (*)(Args...), uint32_t threads, void** parameters) {
    call<Args...>(kernel, threads, parameters, std::index_sequence_for<Args...>{});
}

template <auto kernel>
void run(uint32_t threads, void** parameters) {
    call_as<kernel>(kernel, threads, parameters);
}

template <auto kernel, typename... Args, size_t... At>
void call_together(void (*)(Args...), void** parameters, std::index_sequence<At...>) {
    emulate_together(resident_blocks, kernel, *static_cast<std::remove_const_t<Args>*>(parameters[At])...);
}

template <auto kernel, typename... Args>
void call_together_as(void (*as)(Args...), void** parameters) {
    call_together<kernel, Args...>(as, parameters, std::index_sequence_for<Args...>{});
}

// A kernel whose blocks wait for one another.
template <auto kernel>
void run_together(uint32_t, void** parameters) {
    call_together_as<kernel>(kernel, parameters);
}

Kernel kernel_named(const std::string& name) {
    using namespace ferrograph::cuda;
    if (name == BfsLevel::name) {
        return run<ferrograph_bfs_level>;
    }
    if (name == BfsAllLevels::name) {
        return run_together<ferrograph_bfs_all_levels>;
    }
    if (name == ManyPush::name) {
        return run<ferrograph_many_push>;
    }
    if (name == ManySettle::name) {
        return run<ferrograph_many_settle>;
    }
    return name == Sha256Pages::name ? run<ferrograph_sha256_pages> : nullptr;
}

int plain() { return fails() ? 999 : 0; }

}  // namespace

#define EXPORTED extern "C" __attribute__((visibility("default")))

EXPORTED int cuInit(unsigned) { return is_wished("no-init") ? 100 : plain(); }
EXPORTED int cuDriverGetVersion(int* version) {
    *version = 12000;
    return plain();
}
EXPORTED int cuDeviceGetCount(int* count) {
    *count = is_wished("no-card") ? 0 : 1;
    return plain();
}
EXPORTED int cuDeviceGet(int* device, int) {
    *device = 0;
    return plain();
}
EXPORTED int cuDeviceGetName(char* name, int length, int) {
    std::strncpy(name, "emulated", static_cast<size_t>(length));
    return plain();
}
EXPORTED int cuDeviceGetAttribute(int* value, int which, int) {
    *value = which == 75 ? 9 : which == 76 || (which == 95 && is_wished("no-resident")) ? 0 : 1;
    return plain();
}
EXPORTED int cuDevicePrimaryCtxRetain(void** context, int) {
    *context = &mutex;
    return plain();
}
EXPORTED int cuDevicePrimaryCtxRelease_v2(int) { return 0; }
EXPORTED int cuCtxPushCurrent_v2(void*) { return plain(); }
EXPORTED int cuCtxPopCurrent_v2(void** context) {
    *context = &mutex;
    return 0;
}
EXPORTED int cuCtxSynchronize() { return plain(); }
EXPORTED int cuModuleLoadData(void** module, const void*) {
    *module = &used;
    return plain();
}
EXPORTED int cuModuleUnload(void*) { return 0; }
EXPORTED int cuModuleGetFunction(void** function, void*, const char* name) {
    *function = reinterpret_cast<void*>(kernel_named(name));
    return *function == nullptr ? 500 : plain();
}
EXPORTED int cuLaunchKernel(void* function, unsigned blocks, unsigned, unsigned, unsigned threads,
                            unsigned, unsigned, unsigned, void*, void** parameters, void**) {
    if (fails()) {
        return 719;
    }
    const std::lock_guard<std::mutex> guard(mutex);
    reinterpret_cast<Kernel>(function)(blocks * threads, parameters);
    return 0;
}
EXPORTED int cuLaunchCooperativeKernel(void* function, unsigned blocks, unsigned, unsigned,
                                       unsigned threads, unsigned, unsigned, unsigned, void*,
                                       void** parameters) {
    return cuLaunchKernel(function, blocks, 1, 1, threads, 1, 1, 0, nullptr, parameters, nullptr);
}
EXPORTED int cuOccupancyMaxActiveBlocksPerMultiprocessor(int* blocks, void*, int, size_t) {
    *blocks = is_wished("no-room") ? 0 : 2;
    return plain();
}
EXPORTED int cuMemGetInfo_v2(size_t* free_bytes, size_t* total) {
    *total = card_bytes;
    *free_bytes = number_of("free=", card_bytes - used);
    return plain();
}
EXPORTED int cuMemAlloc_v2(unsigned long long* address, size_t bytes) {
    return give(address, bytes);
}
EXPORTED int cuMemAllocManaged(unsigned long long* address, size_t bytes, unsigned) {
    return give(address, bytes);
}
EXPORTED int cuMemHostAlloc(void** memory, size_t bytes, unsigned) {
    unsigned long long address = 0;
    const int result = give(&address, bytes);
    *memory = reinterpret_cast<void*>(address);
    return result;
}
EXPORTED int cuMemHostGetDevicePointer_v2(unsigned long long* address, void* memory, unsigned) {
    *address = reinterpret_cast<unsigned long long>(memory);
    return plain();
}
EXPORTED int cuMemFree_v2(unsigned long long address) { return take(address); }
EXPORTED int cuMemFreeHost(void* memory) {
    return take(reinterpret_cast<unsigned long long>(memory));
}
EXPORTED int cuMemcpyHtoD_v2(unsigned long long to, const void* from, size_t bytes) {
    std::memcpy(reinterpret_cast<void*>(to), from, bytes);
    return plain();
}
EXPORTED int cuMemcpyDtoH_v2(void* to, unsigned long long from, size_t bytes) {
    std::memcpy(to, reinterpret_cast<void*>(from), bytes);
    return plain();
}
EXPORTED int cuMemsetD8_v2(unsigned long long at, unsigned char byte, size_t bytes) {
    std::memset(reinterpret_cast<void*>(at), byte, bytes);
    return plain();
}
EXPORTED int cuMemAdvise(unsigned long long, size_t, int, int) { return plain(); }
EXPORTED int cuMemPrefetchAsync(unsigned long long, size_t, int, void*) { return plain(); }
EXPORTED int cuGetErrorName(int error, const char** name) {
    *name = error == 2     ? "CUDA_ERROR_OUT_OF_MEMORY"
            : error == 100 ? "CUDA_ERROR_NO_DEVICE"
            : error == 719 ? "CUDA_ERROR_LAUNCH_FAILED"
                           : "CUDA_ERROR_UNKNOWN";
    return 0;
}
