// Surrogates of UTF-16, as unicode.h of tree-sitter asks for them.
#pragma once

#define U16_IS_LEAD(c) (((c) & 0xfffffc00) == 0xd800)
#define U16_IS_TRAIL(c) (((c) & 0xfffffc00) == 0xdc00)
#define U16_GET_SUPPLEMENTARY(lead, trail) \
    ((int32_t)(((uint32_t)(lead) << 10) + (uint32_t)(trail) - ((0xd800u << 10) + 0xdc00u - 0x10000u)))
