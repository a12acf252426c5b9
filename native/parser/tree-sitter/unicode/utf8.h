// UTF-8 is not decoded here: what is parsed is UTF-16. Defined because unicode.h of tree-sitter names it.
#pragma once

#include <stdint.h>

#define U_SENTINEL (-1)
#define UPRV_BLOCK_MACRO_BEGIN do
#define UPRV_BLOCK_MACRO_END while (0)

// A byte is taken for what it is below 128, and for an error above.
#define U8_NEXT(s, i, length, c) UPRV_BLOCK_MACRO_BEGIN { \
    (c) = (s)[(i)++]; \
    if ((c) >= 0x80) { \
        (c) = U_SENTINEL; \
    } \
} UPRV_BLOCK_MACRO_END
