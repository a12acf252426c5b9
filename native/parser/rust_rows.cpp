// Nodes are numbered as tree-sitter numbers descendants, so that a row's number is its descendant index.

#include "rust_rows.hpp"

#include <memory>
#include <new>
#include <stdexcept>

#include "tree_sitter/api.h"

extern "C" const TSLanguage* tree_sitter_rust(void);

namespace ferrograph {

namespace {

struct DeleteParser {
    void operator()(TSParser* parser) const { ts_parser_delete(parser); }
};
struct DeleteTree {
    void operator()(TSTree* tree) const { ts_tree_delete(tree); }
};

struct Cursor {
    TSTreeCursor at;
    explicit Cursor(TSNode root) : at(ts_tree_cursor_new(root)) {}
    Cursor(const Cursor&) = delete;
    Cursor& operator=(const Cursor&) = delete;
    ~Cursor() { ts_tree_cursor_delete(&at); }
};

TSParser* parser_here() {
    thread_local std::unique_ptr<TSParser, DeleteParser> parser;
    if (!parser) {
        parser.reset(ts_parser_new());
        if (!parser || !ts_parser_set_language(parser.get(), tree_sitter_rust())) {
            parser.reset();
            throw std::runtime_error("the grammar is of another version than the parser");
        }
    }
    return parser.get();
}

void add_row(std::vector<uint32_t>& rows, const TSTreeCursor& cursor, uint32_t parent) {
    const TSNode node = ts_tree_cursor_current_node(&cursor);
    const uint32_t field = ts_tree_cursor_current_field_id(&cursor);
    const uint32_t what = ts_node_symbol(node) | field << field_shift |
                          (ts_node_is_missing(node) ? missing_flag : 0) |
                          (ts_node_has_error(node) ? error_flag : 0);
    rows.insert(rows.end(), {ts_node_start_byte(node) / 2, ts_node_end_byte(node) / 2, what, 0, parent});
}

}  // namespace

std::vector<uint32_t> rust_rows(const std::u16string& text) {
    // The parser counts bytes in 32 bits.
    if (text.size() >= UINT32_MAX / 4) {
        throw std::out_of_range("a text of this length is not parsed");
    }
    const std::unique_ptr<TSTree, DeleteTree> tree(ts_parser_parse_string_encoding(
        parser_here(), nullptr, reinterpret_cast<const char*>(text.data()),
        static_cast<uint32_t>(text.size() * 2), TSInputEncodingUTF16LE));
    if (!tree) {
        throw std::runtime_error("the parser gave no tree");
    }
    const TSNode root = ts_tree_root_node(tree.get());
    std::vector<uint32_t> rows;
    rows.reserve(size_t{ts_node_descendant_count(root)} * row_words);
    Cursor cursor(root);
    add_row(rows, cursor.at, 0);
    const auto count = [&] { return static_cast<uint32_t>(rows.size() / row_words); };
    const auto word = [&](uint32_t row, size_t index) -> uint32_t& { return rows[row * row_words + index]; };
    uint32_t row = 0;
    for (;;) {
        if (ts_tree_cursor_goto_first_child(&cursor.at)) {
            add_row(rows, cursor.at, row);
            row = count() - 1;
            continue;
        }
        word(row, 3) = count();
        while (!ts_tree_cursor_goto_next_sibling(&cursor.at)) {
            if (!ts_tree_cursor_goto_parent(&cursor.at)) {
                return rows;
            }
            row = word(row, 4);
            word(row, 3) = count();
        }
        add_row(rows, cursor.at, word(row, 4));
        row = count() - 1;
    }
}

std::vector<GrammarSymbol> rust_symbols() {
    const TSLanguage* const language = tree_sitter_rust();
    std::vector<GrammarSymbol> found;
    const uint32_t count = ts_language_symbol_count(language);
    for (uint32_t id = 0; id < count; ++id) {
        const auto symbol = static_cast<TSSymbol>(id);
        const TSSymbolType type = ts_language_symbol_type(language, symbol);
        found.push_back({ts_language_symbol_name(language, symbol), type == TSSymbolTypeRegular});
    }
    return found;
}

std::vector<const char*> rust_fields() {
    const TSLanguage* const language = tree_sitter_rust();
    std::vector<const char*> found;
    const uint32_t count = ts_language_field_count(language);
    for (uint32_t id = 1; id <= count; ++id) {
        found.push_back(ts_language_field_name_for_id(language, static_cast<TSFieldId>(id)));
    }
    return found;
}

}  // namespace ferrograph
