// Bytes of UTF-16 in the order of the machine; those of another order are not parsed here.
#pragma once

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#error "the parser is built for machines with the little end first"
#endif

#ifndef le16toh
#define le16toh(x) (x)
#endif
#ifndef be16toh
#define be16toh(x) ((uint16_t)((uint16_t)((x) << 8) | (uint16_t)((x) >> 8)))
#endif
