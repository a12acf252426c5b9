// The graph that JavaScript holds: a checked copy of the arrays, so that nothing written to them afterwards
// can lead a search astray. `close()` frees it; the garbage collector does where that was forgotten.
#pragma once

#include <napi.h>

#include <memory>
#include <mutex>

#include "csr.hpp"
#include "search.hpp"
#include "search_graph.hpp"
#include "task.hpp"

namespace ferrograph::addon {

/** What outlives `close()` while work on another thread needs it. */
struct GraphState {
    explicit GraphState(Csr rows) : graph(std::move(rows)) {}

    SearchGraph graph;
    const Csr& csr = graph.csr();

    /** The graph in the card's memory, brought there at the first question. Throws where no card is open. */
    std::shared_ptr<const cuda::CardGraph> on_card();

private:
    std::mutex mutex_;
    std::shared_ptr<const cuda::CardGraph> on_card_;
};

class Graph final : public Napi::ObjectWrap<Graph> {
public:
    static Napi::Function define(Napi::Env env);
    explicit Graph(const Napi::CallbackInfo& info);
    void Finalize(Napi::BasicEnv env) override;

private:
    void read(const Napi::CallbackInfo& info);
    std::shared_ptr<GraphState> open(const Napi::CallbackInfo& info);
    void drop(Napi::BasicEnv env);

    Task bfs_task(const Napi::CallbackInfo& info, bool is_on_card = false);
    Task many_task(const Napi::CallbackInfo& info, bool is_on_card = false);
    Task dominators_task(const Napi::CallbackInfo& info);
    Task parents_task(const Napi::CallbackInfo& info);
    Task dfs_task(const Napi::CallbackInfo& info);
    Task components_task(const Napi::CallbackInfo& info);
    Task transpose_task(const Napi::CallbackInfo& info);
    Task order_task(const Napi::CallbackInfo& info);
    Task relabel_task(const Napi::CallbackInfo& info);

    template <Task (Graph::*make)(const Napi::CallbackInfo&)>
    Napi::Value now(const Napi::CallbackInfo& info) {
        return guarded(info.Env(), [&] { return run_now(info.Env(), (this->*make)(info)); });
    }
    template <Task (Graph::*make)(const Napi::CallbackInfo&)>
    Napi::Value later(const Napi::CallbackInfo& info) {
        return guarded(info.Env(), [&] { return run_later(info.Env(), (this->*make)(info)); });
    }

    template <Napi::Value (Graph::*call)(const Napi::CallbackInfo&)>
    Napi::Value coded(const Napi::CallbackInfo& info) {
        return guarded(info.Env(), [&] { return (this->*call)(info); });
    }

    Napi::Value bfs(const Napi::CallbackInfo& info);
    Napi::Value bfs_async(const Napi::CallbackInfo& info);
    Napi::Value many(const Napi::CallbackInfo& info);
    Napi::Value many_async(const Napi::CallbackInfo& info);
    Napi::Value bfs_on_card(const Napi::CallbackInfo& info);
    Napi::Value bfs_on_card_async(const Napi::CallbackInfo& info);
    Napi::Value many_on_card(const Napi::CallbackInfo& info);
    Napi::Value many_on_card_async(const Napi::CallbackInfo& info);
    Napi::Value close(const Napi::CallbackInfo& info);

    std::shared_ptr<GraphState> state_;
    int64_t external_bytes_ = 0;
};

/** buildCsr(nodeCount, sources, targets, kinds): rows as three arrays. */
Napi::Value build_rows(const Napi::CallbackInfo& info);

/** The same on another thread, over copies of the arrays. */
Napi::Value build_rows_async(const Napi::CallbackInfo& info);

}  // namespace ferrograph::addon
