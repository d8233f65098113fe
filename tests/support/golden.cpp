#include "tests/support/golden.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace firstfin::test {

void expect_golden(std::string_view name, const std::string& text) {
    const auto file = std::filesystem::path(FIRSTFIN_GOLDEN_FOLDER) / name;
    if (std::getenv("FIRSTFIN_REFRESH_GOLDEN") != nullptr) {
        std::filesystem::create_directories(file.parent_path());
        std::ofstream(file, std::ios::binary) << text;
        ADD_FAILURE() << file << " was refreshed: read its diff, then run without FIRSTFIN_REFRESH_GOLDEN";
        return;
    }
    std::ifstream in(file, std::ios::binary);
    ASSERT_TRUE(in) << file << " is missing: FIRSTFIN_REFRESH_GOLDEN=1 writes it";
    EXPECT_EQ(text, std::string(std::istreambuf_iterator<char>(in), {})) << "golden: " << file;
}

}  // namespace firstfin::test
