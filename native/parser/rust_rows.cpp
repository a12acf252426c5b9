// A parser for each thread, and what it says of a text as rows.

#include "rust_rows.hpp"

#include <memory>
#include <new>
#include <stdexcept>

#include "tree_rows.h"
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
    const size_t count = ts_node_descendant_count(ts_tree_root_node(tree.get()));
    std::vector<uint32_t> rows(count * TREE_ROW_WORDS);
    if (!ferrograph_tree_rows(tree.get(), rows.data())) {
        throw std::bad_alloc();
    }
    return rows;
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
