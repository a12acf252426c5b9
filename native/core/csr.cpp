// Rows are built by counting twice: by target, then by source, then each row by kind, all stably.

#include "csr.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>

namespace ferrograph {

namespace {

struct Rows {
    std::vector<uint32_t> offsets;
    std::vector<uint32_t> values;
    std::vector<uint8_t> kinds;
};

// Puts (value, kind) into the row given by the key, keeping the order within a row.
Rows scatter(uint32_t node_count, const EdgesView& edges) {
    Rows rows;
    rows.offsets.assign(size_t{node_count} + 1, 0);
    for (size_t edge = 0; edge < edges.count; ++edge) {
        rows.offsets[size_t{edges.sources[edge]} + 1] += 1;
    }
    for (uint32_t row = 0; row < node_count; ++row) {
        rows.offsets[row + 1] += rows.offsets[row];
    }
    std::vector<uint32_t> next(rows.offsets.begin(), rows.offsets.end() - 1);
    rows.values.resize(edges.count);
    rows.kinds.resize(edges.count);
    for (size_t edge = 0; edge < edges.count; ++edge) {
        const uint32_t at = next[edges.sources[edge]]++;
        rows.values[at] = edges.targets[edge];
        rows.kinds[at] = edges.kinds[edge];
    }
    return rows;
}

std::vector<uint32_t> row_numbers(const std::vector<uint32_t>& offsets, size_t edge_count) {
    std::vector<uint32_t> numbers(edge_count);
    for (size_t row = 0; row + 1 < offsets.size(); ++row) {
        std::fill(numbers.begin() + offsets[row], numbers.begin() + offsets[row + 1],
                  static_cast<uint32_t>(row));
    }
    return numbers;
}

// Sorts a row by kind, stably; short rows by insertion, long ones by counting.
void sort_by_kind(uint32_t* values, uint8_t* kinds, size_t count,
                  std::vector<uint32_t>& scratch) {
    size_t at = 1;
    while (at < count && kinds[at - 1] <= kinds[at]) {
        ++at;
    }
    if (at >= count) {
        return;
    }
    if (count <= 24) {
        for (; at < count; ++at) {
            const uint32_t value = values[at];
            const uint8_t kind = kinds[at];
            size_t to = at;
            for (; to > 0 && kinds[to - 1] > kind; --to) {
                values[to] = values[to - 1];
                kinds[to] = kinds[to - 1];
            }
            values[to] = value;
            kinds[to] = kind;
        }
        return;
    }
    std::array<size_t, kind_count_max + 1> starts{};
    for (size_t i = 0; i < count; ++i) {
        starts[size_t{kinds[i]} + 1] += 1;
    }
    for (size_t kind = 0; kind < kind_count_max; ++kind) {
        starts[kind + 1] += starts[kind];
    }
    scratch.resize(std::max(scratch.size(), count));
    for (size_t i = 0; i < count; ++i) {
        scratch[starts[kinds[i]]++] = values[i];
    }
    std::copy_n(scratch.begin(), count, values);
    // After the pass, starts[k] is where kind k ends.
    size_t from = 0;
    for (size_t kind = 0; kind < kind_count_max; ++kind) {
        std::fill(kinds + from, kinds + starts[kind], static_cast<uint8_t>(kind));
        from = starts[kind];
    }
}

// Rows come sorted by value; sorts them by kind as well and drops repetitions, in place.
Csr finish(Rows rows) {
    std::vector<uint32_t> scratch;
    const size_t row_count = rows.offsets.size() - 1;
    uint32_t end = 0;
    uint32_t start = 0;
    uint32_t present = 0;
    for (size_t row = 0; row < row_count; ++row) {
        const uint32_t stop = rows.offsets[row + 1];
        uint32_t* values = rows.values.data() + start;
        uint8_t* kinds = rows.kinds.data() + start;
        sort_by_kind(values, kinds, stop - start, scratch);
        const uint32_t first = end;
        for (uint32_t at = start; at < stop; ++at) {
            const uint32_t value = rows.values[at];
            const uint8_t kind = rows.kinds[at];
            if (end == first || rows.values[end - 1] != value || rows.kinds[end - 1] != kind) {
                rows.values[end] = value;
                rows.kinds[end] = kind;
                present |= uint32_t{1} << kind;
                ++end;
            }
        }
        rows.offsets[row] = first;
        start = stop;
    }
    rows.offsets[row_count] = end;
    rows.values.resize(end);
    rows.kinds.resize(end);
    return Csr{std::move(rows.offsets), std::move(rows.values), std::move(rows.kinds), present};
}

[[noreturn]] void refuse_rows(const char* what, size_t where) {
    throw std::out_of_range(std::string(what) + " at " + std::to_string(where));
}

}  // namespace

void check_limits(uint64_t node_count, uint64_t edge_count) {
    if (node_count > csr_count_max) {
        throw std::length_error("a graph of " + std::to_string(node_count) + " nodes exceeds " +
                                std::to_string(csr_count_max));
    }
    if (edge_count > csr_count_max) {
        throw std::length_error("a graph of " + std::to_string(edge_count) + " edges exceeds " +
                                std::to_string(csr_count_max));
    }
}

Csr build_csr(uint64_t node_count, const EdgesView& edges) {
    check_limits(node_count, edges.count);
    for (size_t edge = 0; edge < edges.count; ++edge) {
        if (edges.sources[edge] >= node_count || edges.targets[edge] >= node_count ||
            edges.kinds[edge] >= kind_count_max) {
            refuse_rows("an end is no node, or a kind is unknown", edge);
        }
    }
    const auto nodes = static_cast<uint32_t>(node_count);
    // Ordering by target first makes every row sorted by target when it is filled afterwards.
    const Rows by_target =
        scatter(nodes, EdgesView{edges.targets, edges.sources, edges.kinds, edges.count});
    const std::vector<uint32_t> targets = row_numbers(by_target.offsets, edges.count);
    return finish(scatter(nodes, EdgesView{by_target.values.data(), targets.data(),
                                           by_target.kinds.data(), edges.count}));
}

Csr copy_csr(const uint32_t* row_offsets, size_t row_offset_count, const uint32_t* columns,
             const uint8_t* kinds, size_t edge_count) {
    if (row_offset_count == 0) {
        refuse_rows("no row offsets", 0);
    }
    check_limits(row_offset_count - 1, edge_count);
    Csr csr;
    // Checked after copying: what is copied from may be written to meanwhile.
    csr.row_offsets.assign(row_offsets, row_offsets + row_offset_count);
    csr.columns.assign(columns, columns + edge_count);
    csr.kinds.assign(kinds, kinds + edge_count);
    const uint32_t nodes = csr.node_count();
    if (csr.row_offsets.front() != 0 || csr.row_offsets.back() != edge_count) {
        refuse_rows("row offsets do not span the edges", 0);
    }
    for (uint32_t row = 0; row < nodes; ++row) {
        if (csr.row_offsets[row] > csr.row_offsets[row + 1]) {
            refuse_rows("row offsets descend", row);
        }
    }
    csr.kinds_present = 0;
    for (uint32_t row = 0; row < nodes; ++row) {
        for (uint32_t at = csr.row_offsets[row]; at < csr.row_offsets[row + 1]; ++at) {
            if (csr.columns[at] >= nodes || csr.kinds[at] >= kind_count_max) {
                refuse_rows("a target is no node, or a kind is unknown", at);
            }
            csr.kinds_present |= uint32_t{1} << csr.kinds[at];
            if (at > csr.row_offsets[row] &&
                (csr.kinds[at - 1] > csr.kinds[at] ||
                 (csr.kinds[at - 1] == csr.kinds[at] && csr.columns[at - 1] >= csr.columns[at]))) {
                refuse_rows("a row is not sorted by kind and target", at);
            }
        }
    }
    return csr;
}

Csr select(const Csr& csr, uint32_t kinds) {
    const uint32_t nodes = csr.node_count();
    size_t count = 0;
    for (const uint8_t kind : csr.kinds) {
        count += (kinds >> kind) & 1;
    }
    Csr chosen;
    chosen.kinds_present = csr.kinds_present & kinds;
    chosen.row_offsets.resize(size_t{nodes} + 1);
    // One entry more: the branch-free append writes before it knows.
    chosen.columns.resize(count + 1);
    chosen.kinds.resize(count + 1);
    uint32_t end = 0;
    for (uint32_t row = 0; row < nodes; ++row) {
        for (uint32_t at = csr.row_offsets[row]; at < csr.row_offsets[row + 1]; ++at) {
            chosen.columns[end] = csr.columns[at];
            chosen.kinds[end] = csr.kinds[at];
            end += (kinds >> csr.kinds[at]) & 1;
        }
        chosen.row_offsets[row + 1] = end;
    }
    chosen.columns.resize(count);
    chosen.kinds.resize(count);
    return chosen;
}

Csr transpose(const Csr& csr) {
    const std::vector<uint32_t> sources = row_numbers(csr.row_offsets, csr.edge_count());
    return finish(scatter(csr.node_count(), EdgesView{csr.columns.data(), sources.data(),
                                                      csr.kinds.data(), csr.edge_count()}));
}

std::vector<uint32_t> bfs_order(const Csr& csr) {
    const uint32_t nodes = csr.node_count();
    std::vector<uint32_t> order;
    order.reserve(nodes);
    std::vector<bool> seen(nodes, false);
    for (uint32_t root = 0; root < nodes; ++root) {
        if (seen[root]) {
            continue;
        }
        seen[root] = true;
        size_t head = order.size();
        order.push_back(root);
        for (; head < order.size(); ++head) {
            const uint32_t node = order[head];
            for (uint32_t at = csr.row_offsets[node]; at < csr.row_offsets[node + 1]; ++at) {
                const uint32_t target = csr.columns[at];
                if (!seen[target]) {
                    seen[target] = true;
                    order.push_back(target);
                }
            }
        }
    }
    return order;
}

Csr relabel(const Csr& csr, const std::vector<uint32_t>& order) {
    const uint32_t nodes = csr.node_count();
    if (order.size() != nodes) {
        throw std::out_of_range("an order lists every node once");
    }
    constexpr uint32_t none = 0xffffffff;
    std::vector<uint32_t> place(nodes, none);
    for (uint32_t i = 0; i < nodes; ++i) {
        if (order[i] >= nodes || place[order[i]] != none) {
            throw std::out_of_range("an order lists every node once");
        }
        place[order[i]] = i;
    }
    std::vector<uint32_t> sources(csr.edge_count());
    std::vector<uint32_t> targets(csr.edge_count());
    for (uint32_t row = 0; row < nodes; ++row) {
        for (uint32_t at = csr.row_offsets[row]; at < csr.row_offsets[row + 1]; ++at) {
            sources[at] = place[row];
            targets[at] = place[csr.columns[at]];
        }
    }
    return build_csr(nodes,
                     EdgesView{sources.data(), targets.data(), csr.kinds.data(), csr.edge_count()});
}

}  // namespace ferrograph
