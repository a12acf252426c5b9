// Runs every test of the core; ends with `N passed, N failed`.

#include "check.hpp"

int main() {
    test::test_csr();
    test::test_bfs();
    test::test_flow();
    test::test_sha256();
    test::test_file();
    std::printf("%d passed, %d failed\n", test::checks() - test::failures(), test::failures());
    return test::failures() == 0 ? 0 : 1;
}
