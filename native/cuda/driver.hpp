// The CUDA driver, opened at run time: nothing of CUDA is linked, and its header is not needed. Functions go by the
// exact names of the versions that are meant (cuMemAlloc is cuMemAlloc_v2 to a compiler).
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>

namespace ferrograph::cuda {

using Result = int;
using DeviceNumber = int;
using Address = unsigned long long;

constexpr Result result_out_of_memory = 2;

/** Something that the driver refused, or that is not there. */
class CardError : public std::runtime_error {
public:
    explicit CardError(const std::string& message) : std::runtime_error(message) {}
};

/** The card has not the memory that is needed. */
class CardMemoryError final : public CardError {
public:
    using CardError::CardError;
};

/** Functions of the driver; as in cuda.h. */
struct Driver {
    Result (*init)(unsigned);
    Result (*driver_version)(int*);
    Result (*device_count)(int*);
    Result (*device)(DeviceNumber*, int);
    Result (*device_name)(char*, int, DeviceNumber);
    Result (*device_attribute)(int*, int, DeviceNumber);
    Result (*retain_context)(void**, DeviceNumber);
    Result (*release_context)(DeviceNumber);
    Result (*push_context)(void*);
    Result (*pop_context)(void**);
    Result (*synchronize)();
    Result (*load_module)(void**, const void*);
    Result (*unload_module)(void*);
    Result (*function_of)(void**, void*, const char*);
    Result (*launch)(void*, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned,
                     void*, void**, void**);
    Result (*launch_resident)(void*, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned,
                              unsigned, void*, void**);
    Result (*resident_blocks)(int*, void*, int, size_t);
    Result (*memory_info)(size_t*, size_t*);
    Result (*allocate)(Address*, size_t);
    Result (*allocate_managed)(Address*, size_t, unsigned);
    Result (*allocate_host)(void**, size_t, unsigned);
    Result (*host_address)(Address*, void*, unsigned);
    Result (*release)(Address);
    Result (*release_host)(void*);
    Result (*copy_in)(Address, const void*, size_t);
    Result (*copy_out)(void*, Address, size_t);
    Result (*fill_bytes)(Address, unsigned char, size_t);
    Result (*advise)(Address, size_t, int, DeviceNumber);
    Result (*prefetch)(Address, size_t, DeviceNumber, void*);
    Result (*error_name)(Result, const char**);
};

/** Library of the driver. */
constexpr const char* driver_library = "libcuda.so.1";

/** Opens the driver; it stays open while the process lives. Throws CardError with the reason. */
Driver open_driver(const std::string& library);

/** Throws for anything but success. */
void check(const Driver& driver, Result result, const char* what);

}  // namespace ferrograph::cuda
