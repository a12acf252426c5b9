// The parser of tree-sitter as one unit: the very sources that the wasm of the package web-tree-sitter was made
// of, taken from its source map by scripts/build-native.mjs, with the headers beside this file.

#include "alloc.c"
#include "get_changed_ranges.c"
#include "language.c"
#include "lexer.c"
#include "point.c"
#include "node.c"
#include "stack.c"
#include "subtree.c"
#include "tree_cursor.c"
#include "tree.c"
#include "parser.c"

#include "no_wasm.c"
