// Rows of a tree's nodes, in C: what they are made from is tree-sitter's own.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "tree_sitter/api.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Words of a row: start, end (in UTF-16 units), what it is, the row after its last child, its parent. */
#define TREE_ROW_WORDS 5u

/** The third word: symbol, field in the parent, and flags. */
#define TREE_ROW_FIELD_SHIFT 16u
#define TREE_ROW_MISSING (1u << 30)
#define TREE_ROW_ERROR (1u << 31)

/**
 * Writes the rows of a tree that was parsed from UTF-16, the root first; nodes are numbered as tree-sitter numbers
 * descendants. There must be room for as many as the root has descendants, itself included. False: out of memory.
 */
bool ferrograph_tree_rows(const TSTree *tree, uint32_t *rows);

#ifdef __cplusplus
}
#endif
