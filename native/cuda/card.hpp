// A card by the driver: memory, launches, and what it is. One thread at a time works with it (`Session`).
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "driver.hpp"
#include "kernel_names.hpp"

namespace ferrograph::cuda {

/** Where a graph lies: on the card, in memory that moves there by itself, or in pinned memory that the card reads. */
enum class Memory : uint8_t { device, managed, host };

/** What a card is. */
struct CardFacts {
    std::string name;
    /** As the driver counts: 13000 is 13.0. */
    int driver_version = 0;
    /** 90 is sm_90. */
    int architecture = 0;
    size_t total_bytes = 0;
    /** Graphs may lie in managed memory: the card and the processor can use it at once. */
    bool has_managed = false;
    /** Blocks of one launch may wait for one another. */
    bool has_resident_grids = false;
    int multiprocessors = 0;
};

/** The kernels, as nvcc made them; null where it was not there at build time. */
const void* kernel_image();

class Card {
public:
    /** Opens the driver and its first card, and loads the kernels. Throws CardError with the reason. */
    explicit Card(const std::string& library);
    ~Card();
    Card(const Card&) = delete;
    Card& operator=(const Card&) = delete;

    const CardFacts& facts() const { return facts_; }

    /** The right to work with the card, on this thread, until it goes out of scope. */
    class Session {
    public:
        explicit Session(Card& card);
        ~Session();
        Session(const Session&) = delete;
        Session& operator=(const Session&) = delete;

    private:
        Card& card_;
        std::lock_guard<std::mutex> guard_;
    };

    // All below want a Session.

    /** Bytes that are free on the card. */
    size_t free_bytes() const;
    /** Memory of which no more is given than is free; throws CardMemoryError. */
    Address allocate(size_t bytes, Memory memory);
    void release(Address address, Memory memory) noexcept;
    void copy_in(Address to, const void* from, size_t bytes, Memory memory);
    void copy_out(void* to, Address from, size_t bytes);
    void fill(Address at, unsigned char byte, size_t bytes);

    template <typename Kernel, typename... Args>
    void launch(uint64_t threads, Kernel, Args... args) {
        void* parameters[] = {static_cast<void*>(&args)...};
        launch_named(Kernel::name, threads, parameters);
    }

    /** Launches as many blocks as the card has room for at once, so that they may wait for one another. */
    template <typename Kernel, typename... Args>
    void launch_resident(Kernel, Args... args) {
        void* parameters[] = {static_cast<void*>(&args)...};
        launch_resident_named(Kernel::name, parameters);
    }

private:
    void load_kernels();
    void* function_named(const char* name);
    void launch_named(const char* name, uint64_t threads, void** parameters);
    void launch_resident_named(const char* name, void** parameters);

    Driver driver_;
    DeviceNumber device_ = 0;
    void* context_ = nullptr;
    void* module_ = nullptr;
    CardFacts facts_;
    std::mutex mutex_;
    std::vector<std::pair<std::string, void*>> functions_;
};

}  // namespace ferrograph::cuda
