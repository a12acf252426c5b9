// The primary context is retained once, and current on a thread only while that thread works with the card.

#include "card.hpp"

#include <cstring>

namespace ferrograph::cuda {

namespace {

// Attributes of cuDeviceGetAttribute.
constexpr int attribute_multiprocessors = 16;
constexpr int attribute_major = 75;
constexpr int attribute_minor = 76;
constexpr int attribute_concurrent_managed = 89;
constexpr int attribute_cooperative = 95;
constexpr unsigned managed_global = 1;
constexpr unsigned host_mapped = 2;
constexpr int advice_read_mostly = 1;

// What is left free on the card, for the driver itself and for others.
constexpr size_t reserve_bytes = size_t{64} << 20;

}  // namespace

Card::Card(const std::string& library) : driver_() {
    if (kernel_image() == nullptr) {
        throw CardError("no kernels: nvcc was not there when the addon was built");
    }
    driver_ = open_driver(library);
    check(driver_, driver_.init(0), "cuInit");
    int count = 0;
    check(driver_, driver_.device_count(&count), "cuDeviceGetCount");
    if (count == 0) {
        throw CardError("no card: the driver knows none");
    }
    check(driver_, driver_.device(&device_, 0), "cuDeviceGet");
    char name[256] = "";
    check(driver_, driver_.device_name(name, sizeof name, device_), "cuDeviceGetName");
    facts_.name = name;
    check(driver_, driver_.driver_version(&facts_.driver_version), "cuDriverGetVersion");
    const auto attribute = [&](int which) {
        int value = 0;
        check(driver_, driver_.device_attribute(&value, which, device_), "cuDeviceGetAttribute");
        return value;
    };
    facts_.architecture = attribute(attribute_major) * 10 + attribute(attribute_minor);
    facts_.has_managed = attribute(attribute_concurrent_managed) != 0;
    facts_.has_resident_grids = attribute(attribute_cooperative) != 0;
    facts_.multiprocessors = attribute(attribute_multiprocessors);
    check(driver_, driver_.retain_context(&context_, device_), "cuDevicePrimaryCtxRetain");
    try {
        load_kernels();
    } catch (...) {
        driver_.release_context(device_);
        throw;
    }
}

void Card::load_kernels() {
    const Session session(*this);
    size_t free_now = 0;
    check(driver_, driver_.memory_info(&free_now, &facts_.total_bytes), "cuMemGetInfo");
    check(driver_, driver_.load_module(&module_, kernel_image()), "cuModuleLoadData");
    try {
        for (const char* kernel :
             {BfsLevel::name, BfsAllLevels::name, ManyPush::name, ManySettle::name, Sha256Pages::name}) {
            void* function = nullptr;
            check(driver_, driver_.function_of(&function, module_, kernel), kernel);
            functions_.emplace_back(kernel, function);
        }
    } catch (...) {
        driver_.unload_module(module_);
        throw;
    }
}

Card::~Card() {
    try {
        const Session session(*this);
        driver_.unload_module(module_);
    } catch (const CardError&) {
        // The context goes, and with it what it holds.
    }
    driver_.release_context(device_);
}

Card::Session::Session(Card& card) : card_(card), guard_(card.mutex_) {
    check(card.driver_, card.driver_.push_context(card.context_), "cuCtxPushCurrent");
}

Card::Session::~Session() {
    void* popped = nullptr;
    card_.driver_.pop_context(&popped);
}

size_t Card::free_bytes() const {
    size_t free_now = 0;
    size_t total = 0;
    check(driver_, driver_.memory_info(&free_now, &total), "cuMemGetInfo");
    return free_now;
}

Address Card::allocate(size_t bytes, Memory memory) {
    // A driver allocates nothing of no size.
    const size_t wanted = bytes == 0 ? 1 : bytes;
    Address address = 0;
    if (memory == Memory::host) {
        void* pinned = nullptr;
        check(driver_, driver_.allocate_host(&pinned, wanted, host_mapped), "cuMemHostAlloc");
        // Where addresses are unified, and elsewhere the card is not used, both sides see one address.
        const Result result = driver_.host_address(&address, pinned, 0);
        if (result != 0 || address != reinterpret_cast<Address>(pinned)) {
            driver_.release_host(pinned);
            check(driver_, result, "cuMemHostGetDevicePointer");
            throw CardError("pinned memory has another address on the card");
        }
        return address;
    }
    const size_t free_now = free_bytes();
    if (free_now < reserve_bytes || wanted > free_now - reserve_bytes) {
        throw CardMemoryError("the card has " + std::to_string(free_now) + " bytes free, " +
                              std::to_string(wanted) + " are needed beside a reserve");
    }
    if (memory == Memory::managed) {
        check(driver_, driver_.allocate_managed(&address, wanted, managed_global),
              "cuMemAllocManaged");
    } else {
        check(driver_, driver_.allocate(&address, wanted), "cuMemAlloc");
    }
    return address;
}

void Card::release(Address address, Memory memory) noexcept {
    if (memory == Memory::host) {
        driver_.release_host(reinterpret_cast<void*>(address));
    } else {
        driver_.release(address);
    }
}

void Card::copy_in(Address to, const void* from, size_t bytes, Memory memory) {
    if (bytes == 0) {
        return;
    }
    if (memory == Memory::device) {
        check(driver_, driver_.copy_in(to, from, bytes), "cuMemcpyHtoD");
        return;
    }
    std::memcpy(reinterpret_cast<void*>(to), from, bytes);
    if (memory == Memory::managed && facts_.has_managed) {
        check(driver_, driver_.advise(to, bytes, advice_read_mostly, device_), "cuMemAdvise");
        check(driver_, driver_.prefetch(to, bytes, device_, nullptr), "cuMemPrefetchAsync");
    }
}

void Card::copy_out(void* to, Address from, size_t bytes) {
    if (bytes > 0) {
        check(driver_, driver_.copy_out(to, from, bytes), "cuMemcpyDtoH");
    }
}

void Card::fill(Address at, unsigned char byte, size_t bytes) {
    if (bytes > 0) {
        check(driver_, driver_.fill_bytes(at, byte, bytes), "cuMemsetD8");
    }
}

void* Card::function_named(const char* name) {
    for (const auto& [known, function] : functions_) {
        if (known == name) {
            return function;
        }
    }
    throw CardError(std::string("no kernel ") + name);
}

void Card::launch_named(const char* name, uint64_t threads, void** parameters) {
    if (threads == 0) {
        return;
    }
    const uint64_t blocks = (threads + block_threads - 1) / block_threads;
    if (blocks > 0x7fffffff) {
        throw CardError("more threads than one launch has");
    }
    check(driver_,
          driver_.launch(function_named(name), static_cast<unsigned>(blocks), 1, 1, block_threads,
                         1, 1, 0, nullptr, parameters, nullptr),
          name);
    check(driver_, driver_.synchronize(), name);
}

void Card::launch_resident_named(const char* name, void** parameters) {
    void* function = function_named(name);
    int blocks = 0;
    check(driver_, driver_.resident_blocks(&blocks, function, block_threads, 0), name);
    blocks *= facts_.multiprocessors;
    if (blocks <= 0) {
        throw CardError(std::string("the card has no room for one block of ") + name);
    }
    check(driver_,
          driver_.launch_resident(function, static_cast<unsigned>(blocks), 1, 1, block_threads, 1,
                                  1, 0, nullptr, parameters),
          name);
    check(driver_, driver_.synchronize(), name);
}

}  // namespace ferrograph::cuda
