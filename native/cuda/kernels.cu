// All kernels as one module: nvcc makes a fatbin of it, which the addon carries.

#include "kernels.cuh"
