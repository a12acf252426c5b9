// A Rust text as rows of words: what a cursor of tree-sitter says of every node, in preorder.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace ferrograph {

/** Words of a row: start, end (in UTF-16 units), what it is, the row after its last child, its parent. */
constexpr size_t row_words = 5;

/** The third word: symbol, field in the parent, and flags. */
constexpr uint32_t field_shift = 16;
constexpr uint32_t missing_flag = 1u << 30;
constexpr uint32_t error_flag = 1u << 31;

/** Parses a text and gives the rows of its nodes, the root first. One parser for each thread. */
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
