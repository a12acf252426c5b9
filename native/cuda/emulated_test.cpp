// The kernels' logic on the processor, against the core. What it cannot show: races, and that a card runs them.

#include "emulate.hpp"

#include "check.hpp"

namespace {

struct Processor {
    template <typename T>
    T* upload(const std::vector<T>& values) {
        T* copy = new T[std::max<size_t>(1, values.size())];
        std::copy(values.begin(), values.end(), copy);
        return copy;
    }

    template <typename T>
    std::vector<T> download(const T* from, size_t count) {
        return std::vector<T>(from, from + count);
    }

    template <typename T>
    void fill(T* at, T value, size_t count) {
        std::fill_n(at, count, value);
    }

    template <typename T>
    void release(T* memory) {
        delete[] memory;
    }

    template <typename Kernel, typename... Args>
    void launch(uint64_t threads, Kernel kernel, Args... args) {
        ::emulate(static_cast<uint32_t>(threads), kernel, args...);
    }
};

}  // namespace

int main() {
    Processor processor;
    ferrograph::cuda::check_device(processor, 60, 120);
    std::printf("%d passed, %d failed\n", test::checks() - test::failures(), test::failures());
    return test::failures() == 0 ? 0 : 1;
}
