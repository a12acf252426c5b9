// In the place of the kernels for tests over the emulated driver, which has its own.

#include "card.hpp"

namespace ferrograph::cuda {

const void* kernel_image() { return "emulated"; }

}  // namespace ferrograph::cuda
