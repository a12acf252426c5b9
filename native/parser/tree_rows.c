// The rows of a tree, straight from its subtrees. A cursor of tree-sitter says the same, and looks at each node
// several times for it; what a node is called, where it is seen and which field it is in follow tree_cursor.c.

#include "tree_rows.h"

#include <stdlib.h>

#include "language.h"
#include "subtree.h"
#include "tree.h"

/** A node whose children are gone through: one of the tree, or a hidden one that stands for what is below it. */
typedef struct {
    const Subtree *children;
    uint32_t child_count;
    /** The next child, counted with and without what stands anywhere, such as comments. */
    uint32_t child;
    uint32_t structural_child;
    /** Where the child before ended, in bytes. */
    uint32_t end;
    const TSSymbol *aliases;
    const TSFieldMapEntry *fields;
    const TSFieldMapEntry *fields_end;
    /** Row of the nearest node above that is seen, itself if it is. */
    uint32_t row;
    bool is_visible;
    /** The field of a hidden node is that of its children. */
    TSFieldId field;
} Level;

typedef struct {
    Level *levels;
    size_t count;
    size_t capacity;
} Stack;

static bool open_level(Stack *stack, const TSLanguage *language, Subtree node, Level level) {
    if (stack->count == stack->capacity) {
        const size_t capacity = stack->capacity == 0 ? 64 : stack->capacity * 2;
        Level *const levels = realloc(stack->levels, capacity * sizeof(Level));
        if (levels == NULL) {
            return false;
        }
        stack->levels = levels;
        stack->capacity = capacity;
    }
    const uint32_t production = node.ptr->production_id;
    level.children = ts_subtree_children(node);
    level.child_count = node.ptr->child_count;
    level.aliases = ts_language_alias_sequence(language, production);
    ts_language_field_map(language, production, &level.fields, &level.fields_end);
    stack->levels[stack->count++] = level;
    return true;
}

static TSFieldId field_of(const Level *level, bool is_extra) {
    if (is_extra) {
        return 0;
    }
    for (const TSFieldMapEntry *entry = level->fields; entry < level->fields_end; ++entry) {
        if (!entry->inherited && entry->child_index == level->structural_child) {
            return entry->field_id;
        }
    }
    return level->is_visible ? 0 : level->field;
}

static TSSymbol symbol_of(const TSLanguage *language, Subtree node, TSSymbol alias) {
    const TSSymbol symbol = alias != 0 ? alias : ts_subtree_symbol(node);
    return symbol == ts_builtin_sym_error ? symbol : language->public_symbol_map[symbol];
}

bool ferrograph_tree_rows(const TSTree *tree, uint32_t *rows) {
    const TSLanguage *const language = tree->language;
    Stack stack = {NULL, 0, 0};
    uint32_t count = 0;
    bool is_done = true;
    Subtree node = tree->root;
    uint32_t start = ts_subtree_padding(node).bytes;
    TSSymbol alias = 0;
    TSFieldId field = 0;
    uint32_t parent = 0;
    bool is_visible = true;
    for (;;) {
        // One node, and its level if it has children to be seen.
        const uint32_t row = is_visible ? count : parent;
        if (is_visible) {
            uint32_t *const words = rows + (size_t)count * TREE_ROW_WORDS;
            words[0] = start / 2;
            words[1] = (start + ts_subtree_size(node).bytes) / 2;
            words[2] = symbol_of(language, node, alias) | (uint32_t)field << TREE_ROW_FIELD_SHIFT |
                       (ts_subtree_missing(node) ? TREE_ROW_MISSING : 0) |
                       (ts_subtree_error_cost(node) > 0 ? TREE_ROW_ERROR : 0);
            words[3] = ++count;
            words[4] = parent;
        }
        if (ts_subtree_child_count(node) > 0 && (is_visible || ts_subtree_visible_child_count(node) > 0)) {
            Level level = {0};
            level.end = start;
            level.row = row;
            level.is_visible = is_visible;
            level.field = field;
            if (!open_level(&stack, language, node, level)) {
                is_done = false;
                break;
            }
        }
        // The next child of the innermost level that has one.
        while (stack.count > 0 && stack.levels[stack.count - 1].child == stack.levels[stack.count - 1].child_count) {
            const Level *const level = &stack.levels[--stack.count];
            if (level->is_visible) {
                rows[(size_t)level->row * TREE_ROW_WORDS + 3] = count;
            }
        }
        if (stack.count == 0) {
            break;
        }
        Level *const level = &stack.levels[stack.count - 1];
        node = level->children[level->child];
        const bool is_extra = ts_subtree_extra(node);
        // The padding of a first child is that of its parent, which ends where the parent starts.
        start = level->end + (level->child == 0 ? 0 : ts_subtree_padding(node).bytes);
        alias = is_extra || level->aliases == NULL ? 0 : level->aliases[level->structural_child];
        field = field_of(level, is_extra);
        parent = level->row;
        is_visible = ts_subtree_visible(node) || alias != 0;
        level->end = start + ts_subtree_size(node).bytes;
        level->child += 1;
        level->structural_child += is_extra ? 0 : 1;
    }
    free(stack.levels);
    return is_done;
}
