#pragma once

#include <concepts>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

// Ownership over SQLite's C interface, as much of it as a run needs. One thread at a time uses a database.

namespace firstfin::store {

/// What SQLite refused: what was attempted, on which file, and its own words.
class database_error : public std::runtime_error {
public:
    database_error(const std::string& text, int code) : std::runtime_error(text), code_(code) {}
    /// SQLite's primary result code.
    [[nodiscard]] int code() const { return code_; }
    [[nodiscard]] bool is_no_database() const;
    /// The file itself is wrong: no database, or a broken one.
    [[nodiscard]] bool is_damage() const;

private:
    int code_;
};

class statement {
public:
    /// Binds all parameters, in order, for a new execution. Texts are not copied: they must live until the last `next`
    /// or `run`.
    template <class... Values>
    statement& with(const Values&... values) {
        begin();
        int place = 0;
        (bind(++place, values), ...);
        return *this;
    }
    /// Moves to the next row; false after the last.
    [[nodiscard]] bool next();
    /// Executes a statement that answers no rows.
    void run();

    // Columns of the current row, from 0. A text lives until the next call of `next`.
    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] double real(int column) const;
    [[nodiscard]] std::string_view text(int column) const;
    [[nodiscard]] bool is_null(int column) const;

private:
    friend class database;
    struct finalize {
        void operator()(sqlite3_stmt* one) const noexcept;
    };
    statement(sqlite3_stmt* prepared, std::string attempt) : handle_(prepared), attempt_(std::move(attempt)) {}

    void begin();
    void bind(int place, std::string_view value);
    void bind(int place, double value);
    template <std::integral Whole>
    void bind(int place, Whole value) {
        bind_integer(place, static_cast<std::int64_t>(value));
    }
    template <class Value>
    void bind(int place, const std::optional<Value>& value) {
        if (value)
            bind(place, *value);
        else
            bind_null(place);
    }
    void bind_integer(int place, std::int64_t value);
    void bind_null(int place);
    void check(int code) const;

    std::unique_ptr<sqlite3_stmt, finalize> handle_;
    std::string attempt_;
};

class database {
public:
    enum class access { create, write, read };

    database(const std::filesystem::path& file, access how);

    /// `attempt` completes "cannot ..." in messages.
    [[nodiscard]] statement prepare(std::string_view sql, std::string attempt) const;
    /// One or several statements without parameters; their rows are dropped.
    void run(const std::string& sql, std::string_view attempt);
    /// The first column of the first row; 0 without rows.
    [[nodiscard]] std::int64_t integer(std::string_view sql, std::string attempt) const;
    /// How long to wait for another process's lock.
    void wait_for_locks(int milliseconds);

private:
    struct close {
        void operator()(sqlite3* one) const noexcept;
    };
    std::unique_ptr<sqlite3, close> handle_;
};

/// Everything between construction and `commit` happens, or nothing of it.
class transaction {
public:
    explicit transaction(database& in);
    ~transaction();
    transaction(const transaction&) = delete;
    transaction& operator=(const transaction&) = delete;

    void commit();

private:
    database& in_;
    bool open_ = true;
};

}  // namespace firstfin::store
