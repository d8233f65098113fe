#include "harness/bench/kept_run.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iterator>

#include "core/parse_error.hpp"
#include "harness/bench/bench_json.hpp"

namespace firstfin::bench {

namespace fs = std::filesystem;

namespace {

constexpr auto file_name = "bench.json";

fs::path made(fs::path folder) {
    std::error_code failed;
    fs::create_directories(folder, failed);
    if (failed) throw environment_lacks(fmt::format("cannot make {}: {}", folder.string(), failed.message()));
    if (!fs::is_empty(folder))
        throw bad_input(fmt::format("{} is not empty: a run has a folder of its own (--out)", folder.string()));
    return folder;
}

}  // namespace

kept_run::kept_run(fs::path folder) : folder_(made(std::move(folder))), lock_(folder_) {}

void kept_run::write(const bench_run& so_far) const {
    const auto fresh = folder_ / "bench.json.new";
    {
        std::ofstream out(fresh);
        out << to_json(so_far) << '\n';
        if (!out.flush()) throw environment_lacks(fmt::format("{} could not be written: disk full?", fresh.string()));
    }
    fs::rename(fresh, folder_ / file_name);
}

bool is_bench_run(const fs::path& folder) {
    std::error_code ignored;
    return fs::is_regular_file(folder / file_name, ignored);
}

bench_run read_kept(const fs::path& folder) {
    const auto file = folder / file_name;
    std::ifstream in(file);
    if (!in) throw bad_input(fmt::format("{}: no benchmark is kept there (no {})", folder.string(), file_name));
    return from_json(std::string(std::istreambuf_iterator<char>(in), {}), file.string());
}

}  // namespace firstfin::bench
