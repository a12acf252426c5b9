# Writes a file's bytes as an array: cmake -DFATBIN=… -DOUT=… -P embed.cmake
file(READ "${FATBIN}" hex HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
file(WRITE "${OUT}" "#include \"card.hpp\"
namespace {
alignas(16) const unsigned char image[] = {${bytes}};
}
namespace ferrograph::cuda {
const void* kernel_image() { return image; }
}
")
