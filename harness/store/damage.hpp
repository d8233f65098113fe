#pragma once

#include <fmt/format.h>

#include <filesystem>

#include "core/parse_error.hpp"
#include "harness/store/database.hpp"

namespace firstfin::store {

/// What to tell somebody whose run.db cannot be read any more.
[[nodiscard]] inline bad_input damaged(const std::filesystem::path& file, std::string_view words) {
    return bad_input(fmt::format(
        "{} is damaged ({}): move it away and run the experiment again; `sqlite3 {} .recover` may save some trials",
        file.string(), words, file.filename().string()));
}

/// Damage found while reading is the user's to know about: the file's name and what can be done.
template <class Read>
auto reading(const std::filesystem::path& file, Read read) {
    try {
        return read();
    } catch (const database_error& failed) {
        if (failed.is_damage()) throw damaged(file, failed.what());
        throw;
    } catch (const bad_input& failed) {
        throw damaged(file, failed.what());
    }
}

}  // namespace firstfin::store
