// A Rust text as rows of words: what a cursor of tree-sitter says of every node, in preorder.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace ferrograph {

/** Parses a text and gives the rows of its nodes, the root first (see tree_rows.h). One parser for each thread. */
std::vector<uint32_t> rust_rows(const std::u16string& text);

/** A symbol of the grammar. */
struct GrammarSymbol {
    const char* name;
    bool is_named;
};

/** Symbols by number. */
std::vector<GrammarSymbol> rust_symbols();

/** Names of fields; the first is number 1. */
std::vector<const char*> rust_fields();

}  // namespace ferrograph
