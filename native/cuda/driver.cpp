// One table of names; whatever is not there is named in the error.

#include "driver.hpp"

#ifdef __linux__
#include <dlfcn.h>
#endif

namespace ferrograph::cuda {

#ifdef __linux__

namespace {

template <typename Function>
void find(void* library, Function& function, const char* name) {
    void* found = dlsym(library, name);
    if (found == nullptr) {
        throw CardError(std::string("the driver has no ") + name);
    }
    function = reinterpret_cast<Function>(found);
}

}  // namespace

Driver open_driver(const std::string& library) {
    // Never closed: threads of the driver may run until the process ends.
    void* opened = dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (opened == nullptr) {
        const char* reason = dlerror();
        throw CardError("no driver: " + std::string(reason == nullptr ? library : reason));
    }
    Driver driver{};
    find(opened, driver.init, "cuInit");
    find(opened, driver.driver_version, "cuDriverGetVersion");
    find(opened, driver.device_count, "cuDeviceGetCount");
    find(opened, driver.device, "cuDeviceGet");
    find(opened, driver.device_name, "cuDeviceGetName");
    find(opened, driver.device_attribute, "cuDeviceGetAttribute");
    find(opened, driver.retain_context, "cuDevicePrimaryCtxRetain");
    find(opened, driver.release_context, "cuDevicePrimaryCtxRelease_v2");
    find(opened, driver.push_context, "cuCtxPushCurrent_v2");
    find(opened, driver.pop_context, "cuCtxPopCurrent_v2");
    find(opened, driver.synchronize, "cuCtxSynchronize");
    find(opened, driver.load_module, "cuModuleLoadData");
    find(opened, driver.unload_module, "cuModuleUnload");
    find(opened, driver.function_of, "cuModuleGetFunction");
    find(opened, driver.launch, "cuLaunchKernel");
    find(opened, driver.launch_resident, "cuLaunchCooperativeKernel");
    find(opened, driver.resident_blocks, "cuOccupancyMaxActiveBlocksPerMultiprocessor");
    find(opened, driver.memory_info, "cuMemGetInfo_v2");
    find(opened, driver.allocate, "cuMemAlloc_v2");
    find(opened, driver.allocate_managed, "cuMemAllocManaged");
    find(opened, driver.allocate_host, "cuMemHostAlloc");
    find(opened, driver.host_address, "cuMemHostGetDevicePointer_v2");
    find(opened, driver.release, "cuMemFree_v2");
    find(opened, driver.release_host, "cuMemFreeHost");
    find(opened, driver.copy_in, "cuMemcpyHtoD_v2");
    find(opened, driver.copy_out, "cuMemcpyDtoH_v2");
    find(opened, driver.fill_bytes, "cuMemsetD8_v2");
    find(opened, driver.advise, "cuMemAdvise");
    find(opened, driver.prefetch, "cuMemPrefetchAsync");
    find(opened, driver.error_name, "cuGetErrorName");
    return driver;
}

#else

Driver open_driver(const std::string&) { throw CardError("no driver: CUDA is used on Linux alone"); }

#endif

void check(const Driver& driver, Result result, const char* what) {
    if (result == 0) {
        return;
    }
    const char* name = nullptr;
    const bool is_known = driver.error_name(result, &name) == 0 && name != nullptr;
    const std::string message =
        std::string(what) + ": " + (is_known ? name : "error " + std::to_string(result));
    if (result == result_out_of_memory) {
        throw CardMemoryError(message);
    }
    throw CardError(message);
}

}  // namespace ferrograph::cuda
