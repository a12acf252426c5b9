// Argument checks, and calls of the core. Surface: src/native/binding.ts.

#include "graph.hpp"

#include "bfs.hpp"
#include "card_api.hpp"
#include "flow.hpp"

namespace ferrograph::addon {

namespace {

constexpr napi_type_tag graph_tag = {0x7b1d0c52e1a94f6e, 0x9a3c55d2f0b8417d};

Napi::Object rows_of(Napi::Env env, Csr&& csr) {
    Napi::Object rows = Napi::Object::New(env);
    rows.Set("rowOffsets", to_typed_array(env, std::move(csr.row_offsets)));
    rows.Set("columns", to_typed_array(env, std::move(csr.columns)));
    rows.Set("kinds", to_typed_array(env, std::move(csr.kinds)));
    return rows;
}

}  // namespace

std::shared_ptr<const cuda::CardGraph> GraphState::on_card() {
    const std::lock_guard<std::mutex> guard(mutex_);
    if (on_card_ == nullptr) {
        const OpenCard open = open_card();
        if (open.card == nullptr) {
            throw cuda::CardError("no card is open");
        }
        on_card_ = std::make_shared<const cuda::CardGraph>(open.card, csr, open.memory);
    }
    return on_card_;
}

Napi::Function Graph::define(Napi::Env env) {
    return DefineClass(env, "Graph",
                       {InstanceMethod<&Graph::coded<&Graph::bfs>>("bfs"),
                        InstanceMethod<&Graph::coded<&Graph::bfs_async>>("bfsAsync"),
                        InstanceMethod<&Graph::coded<&Graph::many>>("bfsMany"),
                        InstanceMethod<&Graph::coded<&Graph::many_async>>("bfsManyAsync"),
                        InstanceMethod<&Graph::coded<&Graph::bfs_on_card>>("bfsOnCard"),
                        InstanceMethod<&Graph::coded<&Graph::bfs_on_card_async>>("bfsOnCardAsync"),
                        InstanceMethod<&Graph::coded<&Graph::many_on_card>>("bfsManyOnCard"),
                        InstanceMethod<&Graph::coded<&Graph::many_on_card_async>>("bfsManyOnCardAsync"),
                        InstanceMethod<&Graph::now<&Graph::dominators_task>>("dominators"),
                        InstanceMethod<&Graph::later<&Graph::dominators_task>>("dominatorsAsync"),
                        InstanceMethod<&Graph::now<&Graph::parents_task>>("parents"),
                        InstanceMethod<&Graph::later<&Graph::parents_task>>("parentsAsync"),
                        InstanceMethod<&Graph::now<&Graph::dfs_task>>("dfs"),
                        InstanceMethod<&Graph::later<&Graph::dfs_task>>("dfsAsync"),
                        InstanceMethod<&Graph::now<&Graph::components_task>>("components"),
                        InstanceMethod<&Graph::later<&Graph::components_task>>("componentsAsync"),
                        InstanceMethod<&Graph::now<&Graph::transpose_task>>("transpose"),
                        InstanceMethod<&Graph::later<&Graph::transpose_task>>("transposeAsync"),
                        InstanceMethod<&Graph::now<&Graph::order_task>>("order"),
                        InstanceMethod<&Graph::later<&Graph::order_task>>("orderAsync"),
                        InstanceMethod<&Graph::now<&Graph::relabel_task>>("relabel"),
                        InstanceMethod<&Graph::later<&Graph::relabel_task>>("relabelAsync"),
                        InstanceMethod<&Graph::coded<&Graph::close>>("close"),
                        InstanceMethod<&Graph::coded<&Graph::close>>(Napi::Symbol::WellKnown(env, "dispose"))});
}

Graph::Graph(const Napi::CallbackInfo& info) : Napi::ObjectWrap<Graph>(info) {
    guarded(info.Env(), [&] { read(info); });
}

void Graph::read(const Napi::CallbackInfo& info) {
    const auto offsets = view_of<uint32_t>(info, 0, "rowOffsets");
    const auto columns = view_of<uint32_t>(info, 1, "columns");
    const auto kinds = view_of<uint8_t>(info, 2, "kinds");
    if (kinds.length != columns.length) {
        throw wrong_argument(info.Env(), "as many kinds as columns are needed");
    }
    state_ = std::make_shared<GraphState>(copy_csr(offsets.data, offsets.length, columns.data,
                                                   kinds.data, columns.length));
    info.This().As<Napi::Object>().TypeTag(&graph_tag);
    external_bytes_ = static_cast<int64_t>(offsets.length * 4 + columns.length * 5);
    Napi::MemoryManagement::AdjustExternalMemory(info.Env(), external_bytes_);
}

void Graph::Finalize(Napi::BasicEnv env) { drop(env); }

void Graph::drop(Napi::BasicEnv env) {
    state_.reset();
    if (external_bytes_ != 0) {
        Napi::MemoryManagement::AdjustExternalMemory(env, -external_bytes_);
        external_bytes_ = 0;
    }
}

// The tag is asked first: `this` may be any object that some addon wraps.
std::shared_ptr<GraphState> Graph::open(const Napi::CallbackInfo& info) {
    if (!info.This().As<Napi::Object>().CheckTypeTag(&graph_tag)) {
        throw wrong_argument(info.Env(), "this is no Graph");
    }
    if (state_ == nullptr) {
        throw error_of(info.Env(), "ERR_INVALID_STATE", "the graph is closed");
    }
    return state_;
}

// (sources, kinds, maxDepth) -> { dist, order }
Task Graph::bfs_task(const Napi::CallbackInfo& info, bool is_on_card) {
    struct Search {
        std::shared_ptr<GraphState> graph;
        std::vector<uint32_t> sources;
        Reach reach;
        std::vector<int32_t> dist;
        std::vector<uint32_t> order;
    };
    auto search = std::make_shared<Search>();
    search->graph = open(info);
    search->sources = copy_of<uint32_t>(info, 0, "sources");
    search->reach = {word_of(info, 1, "kinds"), word_of(info, 2, "maxDepth")};
    return {[search, is_on_card] {
                GraphState& graph = *search->graph;
                const uint32_t nodes = graph.csr.node_count();
                search->dist.resize(nodes);
                search->order.resize(nodes);
                if (is_on_card) {
                    search->order.resize(graph.on_card()->bfs(
                        search->sources, search->reach,
                        {search->dist.data(), search->order.data()}));
                    return;
                }
                search->order.resize(
                    graph.graph.bfs(search->sources, search->reach,
                                    {search->dist.data(), search->order.data()}));
            },
            [search](Napi::Env env) -> Napi::Value {
                Napi::Object found = Napi::Object::New(env);
                found.Set("dist", to_typed_array(env, std::move(search->dist)));
                found.Set("order", to_typed_array(env, std::move(search->order)));
                return found;
            }};
}

// (sources, kinds, maxDepth, countedNodes, withSets) -> { counts, depths, sets }
Task Graph::many_task(const Napi::CallbackInfo& info, bool is_on_card) {
    struct Search {
        std::shared_ptr<GraphState> graph;
        std::vector<uint32_t> sources;
        ManyOptions options;
        ManyOutput out;
    };
    auto search = std::make_shared<Search>();
    search->graph = open(info);
    search->sources = copy_of<uint32_t>(info, 0, "sources");
    search->options.reach = {word_of(info, 1, "kinds"), word_of(info, 2, "maxDepth")};
    search->options.counted_nodes = word_of(info, 3, "countedNodes");
    search->options.with_sets = info[4].ToBoolean().Value();
    return {[search, is_on_card] {
                GraphState& graph = *search->graph;
                if (is_on_card) {
                    search->out = graph.on_card()->bfs_many(search->sources, search->options);
                    return;
                }
                search->out = graph.graph.bfs_many(search->sources, search->options);
            },
            [search](Napi::Env env) -> Napi::Value {
                Napi::Object found = Napi::Object::New(env);
                found.Set("counts", to_typed_array(env, std::move(search->out.counts)));
                found.Set("depths", to_typed_array(env, std::move(search->out.depths)));
                found.Set("sets", to_typed_array(env, std::move(search->out.sets)));
                return found;
            }};
}

// (entries, kinds) -> Int32Array
Task Graph::dominators_task(const Napi::CallbackInfo& info) {
    auto graph = open(info);
    auto entries = copy_of<uint32_t>(info, 0, "entries");
    const uint32_t kinds = word_of(info, 1, "kinds");
    auto answer = std::make_shared<std::vector<int32_t>>();
    return {[graph, entries, kinds, answer] {
                *answer = ferrograph::dominators(graph->csr, entries, kinds);
            },
            [answer](Napi::Env env) -> Napi::Value {
                return to_typed_array(env, std::move(*answer));
            }};
}

Napi::Value Graph::bfs(const Napi::CallbackInfo& info) {
    return run_now(info.Env(), bfs_task(info));
}

Napi::Value Graph::bfs_async(const Napi::CallbackInfo& info) {
    return run_later(info.Env(), bfs_task(info));
}

Napi::Value Graph::many(const Napi::CallbackInfo& info) {
    return run_now(info.Env(), many_task(info));
}

Napi::Value Graph::many_async(const Napi::CallbackInfo& info) {
    return run_later(info.Env(), many_task(info));
}

Napi::Value Graph::bfs_on_card(const Napi::CallbackInfo& info) {
    return run_now(info.Env(), bfs_task(info, true));
}

Napi::Value Graph::bfs_on_card_async(const Napi::CallbackInfo& info) {
    return run_later(info.Env(), bfs_task(info, true));
}

Napi::Value Graph::many_on_card(const Napi::CallbackInfo& info) {
    return run_now(info.Env(), many_task(info, true));
}

Napi::Value Graph::many_on_card_async(const Napi::CallbackInfo& info) {
    return run_later(info.Env(), many_task(info, true));
}

// (kinds, dist, order) -> { parents, kinds }
Task Graph::parents_task(const Napi::CallbackInfo& info) {
    struct Parents {
        std::shared_ptr<GraphState> graph;
        uint32_t kinds;
        std::vector<int32_t> dist;
        std::vector<uint32_t> order;
        std::vector<int32_t> parents;
        std::vector<uint8_t> parent_kinds;
    };
    auto found = std::make_shared<Parents>();
    found->graph = open(info);
    found->kinds = word_of(info, 0, "kinds");
    const uint32_t nodes = found->graph->csr.node_count();
    if (view_of<int32_t>(info, 1, "dist").length != nodes ||
        view_of<uint32_t>(info, 2, "order").length > nodes) {
        throw wrong_argument(info.Env(), "the distances are not those of this graph");
    }
    found->dist = copy_of<int32_t>(info, 1, "dist");
    found->order = copy_of<uint32_t>(info, 2, "order");
    return {[found, nodes] {
                found->parents.resize(nodes);
                found->parent_kinds.resize(nodes);
                bfs_parents(found->graph->csr, found->kinds, found->dist.data(),
                            found->order.data(), static_cast<uint32_t>(found->order.size()),
                            found->parents.data(), found->parent_kinds.data());
            },
            [found](Napi::Env env) -> Napi::Value {
                Napi::Object answer = Napi::Object::New(env);
                answer.Set("parents", to_typed_array(env, std::move(found->parents)));
                answer.Set("kinds", to_typed_array(env, std::move(found->parent_kinds)));
                return answer;
            }};
}

// (roots, kinds) -> { preorder, postorder, parents }
Task Graph::dfs_task(const Napi::CallbackInfo& info) {
    auto graph = open(info);
    auto roots = copy_of<uint32_t>(info, 0, "roots");
    const uint32_t kinds = word_of(info, 1, "kinds");
    auto found = std::make_shared<DepthFirst>();
    return {[graph, roots, kinds, found] { *found = ferrograph::dfs(graph->csr, roots, kinds); },
            [found](Napi::Env env) -> Napi::Value {
                Napi::Object answer = Napi::Object::New(env);
                answer.Set("preorder", to_typed_array(env, std::move(found->preorder)));
                answer.Set("postorder", to_typed_array(env, std::move(found->postorder)));
                answer.Set("parents", to_typed_array(env, std::move(found->parents)));
                return answer;
            }};
}

namespace {

// Work whose answer is one vector.
template <typename T, typename Work>
Task task_of(Work work) {
    auto answer = std::make_shared<std::vector<T>>();
    return {[answer, work = std::move(work)] { *answer = work(); },
            [answer](Napi::Env env) -> Napi::Value {
                return to_typed_array(env, std::move(*answer));
            }};
}

// Work whose answer is rows.
template <typename Work>
Task rows_task(Work work) {
    auto answer = std::make_shared<Csr>();
    return {[answer, work = std::move(work)] { *answer = work(); },
            [answer](Napi::Env env) -> Napi::Value { return rows_of(env, std::move(*answer)); }};
}

}  // namespace

// (kinds) -> Uint32Array
Task Graph::components_task(const Napi::CallbackInfo& info) {
    return task_of<uint32_t>([graph = open(info), kinds = word_of(info, 0, "kinds")] {
        return ferrograph::components(graph->csr, kinds);
    });
}

Task Graph::transpose_task(const Napi::CallbackInfo& info) {
    return rows_task([graph = open(info)] { return ferrograph::transpose(graph->csr); });
}

Task Graph::order_task(const Napi::CallbackInfo& info) {
    return task_of<uint32_t>([graph = open(info)] { return bfs_order(graph->csr); });
}

Task Graph::relabel_task(const Napi::CallbackInfo& info) {
    return rows_task([graph = open(info), places = copy_of<uint32_t>(info, 0, "order")] {
        return ferrograph::relabel(graph->csr, places);
    });
}

// Closing twice is closing once.
Napi::Value Graph::close(const Napi::CallbackInfo& info) {
    if (!info.This().As<Napi::Object>().CheckTypeTag(&graph_tag)) {
        throw wrong_argument(info.Env(), "this is no Graph");
    }
    drop(info.Env());
    return info.Env().Undefined();
}

namespace {

struct Edges {
    uint64_t nodes;
    View<uint32_t> sources;
    View<uint32_t> targets;
    View<uint8_t> kinds;
};

Edges edges_of(const Napi::CallbackInfo& info) {
    const Edges edges = {natural_of(info, 0, "nodeCount", 9007199254740991.0),
                         view_of<uint32_t>(info, 1, "sources"),
                         view_of<uint32_t>(info, 2, "targets"),
                         view_of<uint8_t>(info, 3, "kinds")};
    if (edges.targets.length != edges.sources.length ||
        edges.kinds.length != edges.sources.length) {
        throw wrong_argument(info.Env(), "edges are three arrays of one length");
    }
    return edges;
}

}  // namespace

Napi::Value build_rows(const Napi::CallbackInfo& info) {
    const Edges edges = edges_of(info);
    return rows_of(info.Env(), guarded(info.Env(), [&] {
                       return build_csr(edges.nodes, {edges.sources.data, edges.targets.data,
                                                      edges.kinds.data, edges.sources.length});
                   }));
}

Napi::Value build_rows_async(const Napi::CallbackInfo& info) {
    const Edges edges = edges_of(info);
    return run_later(info.Env(), rows_task([nodes = edges.nodes,
                                            sources = copy_of<uint32_t>(info, 1, "sources"),
                                            targets = copy_of<uint32_t>(info, 2, "targets"),
                                            kinds = copy_of<uint8_t>(info, 3, "kinds")] {
                         return build_csr(nodes, {sources.data(), targets.data(), kinds.data(),
                                                  sources.size()});
                     }));
}

}  // namespace ferrograph::addon
