#include "harness/store/database.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <system_error>

namespace firstfin::store {

namespace {

[[noreturn]] void refuse(sqlite3* handle, int code, std::string_view attempt, const char* file) {
    const int primary = code & 0xFF;
    std::string words = handle == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(handle);
    const int system_code = handle == nullptr ? 0 : sqlite3_system_errno(handle);
    if ((primary == SQLITE_IOERR || primary == SQLITE_CANTOPEN) && system_code != 0)
        words += fmt::format(" ({})", std::generic_category().message(system_code));
    throw database_error(fmt::format("cannot {} in {}: {}", attempt, file == nullptr ? "?" : file, words), primary);
}

[[noreturn]] void refuse(sqlite3* handle, int code, std::string_view attempt) {
    refuse(handle, code, attempt, sqlite3_db_filename(handle, nullptr));
}

}  // namespace

bool database_error::is_no_database() const {
    return code_ == SQLITE_NOTADB;
}
bool database_error::is_damage() const {
    // Our statements are right: one that does not fit the tables any more (SQLITE_ERROR) has met a damaged schema.
    return is_no_database() || code_ == SQLITE_CORRUPT || code_ == SQLITE_ERROR;
}

void statement::finalize::operator()(sqlite3_stmt* one) const noexcept {
    sqlite3_finalize(one);
}

void statement::check(int code) const {
    if (code != SQLITE_OK) refuse(sqlite3_db_handle(handle_.get()), code, attempt_);
}

// The result of a reset repeats the failure of the execution before it, which was reported then.
void statement::begin() {
    sqlite3_reset(handle_.get());
}

void statement::bind(int place, std::string_view value) {
    // A null pointer would bind NULL instead of the empty text.
    const char* bytes = value.data() == nullptr ? "" : value.data();
    check(sqlite3_bind_text64(handle_.get(), place, bytes, value.size(), SQLITE_STATIC, SQLITE_UTF8));
}

void statement::bind(int place, double value) {
    check(sqlite3_bind_double(handle_.get(), place, value));
}
void statement::bind_integer(int place, std::int64_t value) {
    check(sqlite3_bind_int64(handle_.get(), place, value));
}
void statement::bind_null(int place) {
    check(sqlite3_bind_null(handle_.get(), place));
}

bool statement::next() {
    const int code = sqlite3_step(handle_.get());
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    // Reset at once: a failed statement left open would keep its transaction from rolling back.
    try {
        refuse(sqlite3_db_handle(handle_.get()), code, attempt_);
    } catch (...) {
        sqlite3_reset(handle_.get());
        throw;
    }
}

void statement::run() {
    while (next()) {
    }
    sqlite3_reset(handle_.get());
}

std::int64_t statement::integer(int column) const {
    return sqlite3_column_int64(handle_.get(), column);
}
double statement::real(int column) const {
    return sqlite3_column_double(handle_.get(), column);
}
bool statement::is_null(int column) const {
    return sqlite3_column_type(handle_.get(), column) == SQLITE_NULL;
}

std::string_view statement::text(int column) const {
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(handle_.get(), column));
    return bytes == nullptr
               ? std::string_view{}
               : std::string_view(bytes, static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column)));
}

void database::close::operator()(sqlite3* one) const noexcept {
    sqlite3_close_v2(one);
}

database::database(const std::filesystem::path& file, access how) {
    const int flags = how == access::create  ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
                      : how == access::write ? SQLITE_OPEN_READWRITE
                                             : SQLITE_OPEN_READONLY;
    sqlite3* opened = nullptr;
    const int code = sqlite3_open_v2(file.c_str(), &opened, flags | SQLITE_OPEN_NOMUTEX, nullptr);
    handle_.reset(opened);
    if (code != SQLITE_OK) refuse(opened, code, "open the database", file.c_str());
    wait_for_locks(5000);
}

statement database::prepare(std::string_view sql, std::string attempt) const {
    sqlite3_stmt* prepared = nullptr;
    const int code = sqlite3_prepare_v2(handle_.get(), sql.data(), static_cast<int>(sql.size()), &prepared, nullptr);
    if (code != SQLITE_OK) refuse(handle_.get(), code, attempt);
    return {prepared, std::move(attempt)};
}

void database::run(const std::string& sql, std::string_view attempt) {
    const int code = sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) refuse(handle_.get(), code, attempt);
}

std::int64_t database::integer(std::string_view sql, std::string attempt) const {
    auto asked = prepare(sql, std::move(attempt));
    return asked.next() ? asked.integer(0) : 0;
}

void database::wait_for_locks(int milliseconds) {
    sqlite3_busy_timeout(handle_.get(), milliseconds);
}

transaction::transaction(database& in) : in_(in) {
    in_.run("BEGIN IMMEDIATE", "begin a transaction");
}

transaction::~transaction() {
    if (!open_) return;
    try {
        in_.run("ROLLBACK", "roll back");
    } catch (const database_error&) {
        // SQLite rolls back by itself after a full disk or an I/O error; then there is nothing left to undo.
    }
}

void transaction::commit() {
    in_.run("COMMIT", "commit");
    open_ = false;
}

}  // namespace firstfin::store
