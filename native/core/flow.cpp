// Searches keep their own stack: a node, and the next of its edges to take.

#include "flow.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace ferrograph {

namespace {

struct Frame {
    uint32_t node;
    uint32_t edge;
};

void check_nodes(const Csr& csr, const std::vector<uint32_t>& nodes) {
    for (const uint32_t node : nodes) {
        if (node >= csr.node_count()) {
            throw std::out_of_range("node " + std::to_string(node) + " is not one of " +
                                    std::to_string(csr.node_count()));
        }
    }
}

// Numbers are those of the preorder; 0 is the virtual root, so that vertex v is preorder[v - 1].
class SemiNca {
public:
    SemiNca(const Csr& csr, const std::vector<uint32_t>& entries, uint32_t kinds)
        : search_(dfs(csr, entries, kinds)), number_(csr.node_count(), 0) {
        const auto count = static_cast<uint32_t>(search_.preorder.size());
        for (uint32_t v = 1; v <= count; ++v) {
            number_[search_.preorder[v - 1]] = v;
        }
        ancestor_.assign(count + 1, 0);
        for (uint32_t v = 1; v <= count; ++v) {
            const int32_t parent = search_.parents[search_.preorder[v - 1]];
            ancestor_[v] = parent < 0 ? 0 : number_[static_cast<size_t>(parent)];
        }
        idom_ = ancestor_;
        label_.resize(count + 1);
        semi_.resize(count + 1);
        for (uint32_t v = 0; v <= count; ++v) {
            label_[v] = v;
            semi_[v] = v;
        }
        is_entry_.assign(count + 1, false);
        for (const uint32_t entry : entries) {
            is_entry_[number_[entry]] = true;
        }
        list_predecessors(csr, kinds);
    }

    std::vector<int32_t> run() {
        const auto count = static_cast<uint32_t>(search_.preorder.size());
        for (uint32_t v = count; v >= 1; --v) {
            uint32_t least = is_entry_[v] ? 0 : idom_[v];
            for (uint32_t at = starts_[v]; at < starts_[v + 1]; ++at) {
                least = std::min(least, semi_[evaluate(predecessors_[at], v + 1)]);
            }
            semi_[v] = least;
        }
        for (uint32_t v = 1; v <= count; ++v) {
            while (idom_[v] > semi_[v]) {
                idom_[v] = idom_[idom_[v]];
            }
        }
        std::vector<int32_t> answer(number_.size(), not_reached);
        for (uint32_t v = 1; v <= count; ++v) {
            answer[search_.preorder[v - 1]] =
                idom_[v] == 0 ? no_dominator
                              : static_cast<int32_t>(search_.preorder[idom_[v] - 1]);
        }
        return answer;
    }

private:
    void list_predecessors(const Csr& csr, uint32_t kinds) {
        starts_.assign(search_.preorder.size() + 2, 0);
        const auto each_edge = [&](auto&& visit) {
            for (const uint32_t node : search_.preorder) {
                for (uint32_t at = csr.row_offsets[node]; at < csr.row_offsets[node + 1]; ++at) {
                    if (((kinds >> csr.kinds[at]) & 1) != 0) {
                        visit(number_[node], number_[csr.columns[at]]);
                    }
                }
            }
        };
        each_edge([&](uint32_t, uint32_t to) { starts_[to + 1] += 1; });
        for (size_t v = 1; v < starts_.size(); ++v) {
            starts_[v] += starts_[v - 1];
        }
        predecessors_.resize(starts_.back());
        std::vector<uint32_t> next(starts_.begin(), starts_.end() - 1);
        each_edge([&](uint32_t from, uint32_t to) { predecessors_[next[to]++] = from; });
    }

    // The vertex of least semidominator on the way from v up to the vertices that are not linked yet;
    // vertices from `linked` on are. Compresses the way.
    uint32_t evaluate(uint32_t v, uint32_t linked) {
        if (ancestor_[v] < linked) {
            return label_[v];
        }
        path_.clear();
        uint32_t top = v;
        do {
            path_.push_back(top);
            top = ancestor_[top];
        } while (ancestor_[top] >= linked);
        uint32_t above = top;
        uint32_t best = label_[top];
        while (!path_.empty()) {
            const uint32_t at = path_.back();
            path_.pop_back();
            ancestor_[at] = ancestor_[above];
            if (semi_[best] < semi_[label_[at]]) {
                label_[at] = best;
            } else {
                best = label_[at];
            }
            above = at;
        }
        return label_[v];
    }

    DepthFirst search_;
    std::vector<uint32_t> number_;
    std::vector<uint32_t> ancestor_;
    std::vector<uint32_t> idom_;
    std::vector<uint32_t> label_;
    std::vector<uint32_t> semi_;
    std::vector<bool> is_entry_;
    std::vector<uint32_t> starts_;
    std::vector<uint32_t> predecessors_;
    std::vector<uint32_t> path_;
};

}  // namespace

DepthFirst dfs(const Csr& csr, const std::vector<uint32_t>& roots, uint32_t kinds) {
    check_nodes(csr, roots);
    DepthFirst out;
    out.parents.assign(csr.node_count(), -1);
    std::vector<bool> seen(csr.node_count(), false);
    std::vector<Frame> stack;
    const auto enter = [&](uint32_t node) {
        seen[node] = true;
        out.preorder.push_back(node);
        stack.push_back({node, csr.row_offsets[node]});
    };
    for (const uint32_t root : roots) {
        if (!seen[root]) {
            enter(root);
        }
        while (!stack.empty()) {
            Frame& frame = stack.back();
            const uint32_t node = frame.node;
            if (frame.edge == csr.row_offsets[node + 1]) {
                out.postorder.push_back(node);
                stack.pop_back();
                continue;
            }
            const uint32_t at = frame.edge++;
            const uint32_t target = csr.columns[at];
            if (((kinds >> csr.kinds[at]) & 1) != 0 && !seen[target]) {
                out.parents[target] = static_cast<int32_t>(node);
                enter(target);
            }
        }
    }
    return out;
}

std::vector<int32_t> dominators(const Csr& csr, const std::vector<uint32_t>& entries,
                                uint32_t kinds) {
    return SemiNca(csr, entries, kinds).run();
}

// Tarjan's algorithm (1972).
std::vector<uint32_t> components(const Csr& csr, uint32_t kinds) {
    const uint32_t nodes = csr.node_count();
    constexpr uint32_t unseen = 0xffffffff;
    std::vector<uint32_t> order(nodes, unseen);
    std::vector<uint32_t> low(nodes, 0);
    std::vector<uint32_t> component(nodes, unseen);
    std::vector<uint32_t> open;
    std::vector<Frame> stack;
    uint32_t count = 0;
    const auto enter = [&](uint32_t node) {
        order[node] = low[node] = count++;
        open.push_back(node);
        stack.push_back({node, csr.row_offsets[node]});
    };
    const auto close = [&](uint32_t node) {
        size_t first = open.size();
        uint32_t least = node;
        do {
            --first;
            least = std::min(least, open[first]);
        } while (open[first] != node);
        for (size_t at = first; at < open.size(); ++at) {
            component[open[at]] = least;
        }
        open.resize(first);
    };
    for (uint32_t root = 0; root < nodes; ++root) {
        if (order[root] == unseen) {
            enter(root);
        }
        while (!stack.empty()) {
            Frame& frame = stack.back();
            const uint32_t node = frame.node;
            if (frame.edge < csr.row_offsets[node + 1]) {
                const uint32_t at = frame.edge++;
                const uint32_t target = csr.columns[at];
                if (((kinds >> csr.kinds[at]) & 1) == 0) {
                    continue;
                }
                if (order[target] == unseen) {
                    enter(target);
                } else if (component[target] == unseen) {
                    low[node] = std::min(low[node], order[target]);
                }
                continue;
            }
            if (low[node] == order[node]) {
                close(node);
            }
            stack.pop_back();
            if (!stack.empty()) {
                low[stack.back().node] = std::min(low[stack.back().node], low[node]);
            }
        }
    }
    return component;
}

}  // namespace ferrograph
