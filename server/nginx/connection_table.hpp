#pragma once

#include <boost/intrusive/list.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace firstfin::nginx {

class connection_table;

/// A connection as the table sees it.
class table_entry {
    using unlinks_itself = boost::intrusive::link_mode<boost::intrusive::auto_unlink>;

public:
    table_entry() = default;
    virtual ~table_entry() = default;
    table_entry(const table_entry&) = delete;
    table_entry& operator=(const table_entry&) = delete;

    /// Slots are short: closes if it can. It waits for a request, or lingers.
    virtual void give_way() = 0;

private:
    friend class connection_table;
    boost::intrusive::list_member_hook<unlinks_itself> among_all_;
    boost::intrusive::list_member_hook<unlinks_itself> among_reusable_;
};

/// A worker's connections and its worker_connections slots: which may be closed when slots run short, and how many
/// (ngx_get_connection, ngx_drain_connections). Owns the connections.
class connection_table {
public:
    /// `slots`: worker_connections. `taken`: those of the listening sockets and the master's channel.
    connection_table(std::size_t slots, std::size_t taken);
    ~connection_table();
    connection_table(const connection_table&) = delete;
    connection_table& operator=(const connection_table&) = delete;

    /// How many reusable connections are to go before the next one comes.
    [[nodiscard]] static std::size_t surplus(std::size_t slots, std::size_t free, std::size_t reusable);

    enum class admission : std::uint8_t { granted, after_draining, refused };
    /// Before each accepted connection: closes the oldest reusable ones where slots are short.
    [[nodiscard]] admission make_room();

    void add(std::unique_ptr<table_entry> one);
    /// `gone` has closed its socket. It lives until bury(): events for it may be on their way.
    void remove(table_entry& gone);
    void bury() { dead_.clear(); }

    /// The youngest of the reusable ones, or none of them.
    void set_reusable(table_entry& one, bool reusable);

    [[nodiscard]] std::size_t size() const { return count_; }

    /// `act` may close the one it is called with.
    template <class Act>
    void for_each(Act act) {
        for (auto at = all_.begin(); at != all_.end();) {
            auto& one = *at;
            ++at;
            act(one);
        }
    }

private:
    template <auto Hook>
    using chain =
        boost::intrusive::list<table_entry,
                               boost::intrusive::member_hook<
                                   table_entry, boost::intrusive::list_member_hook<table_entry::unlinks_itself>, Hook>,
                               boost::intrusive::constant_time_size<false>>;

    [[nodiscard]] std::size_t free_slots() const { return slots_ > taken_ + count_ ? slots_ - taken_ - count_ : 0; }

    std::size_t slots_;
    std::size_t taken_;
    std::size_t count_ = 0;
    std::size_t reusable_count_ = 0;
    chain<&table_entry::among_all_> all_;
    chain<&table_entry::among_reusable_> reusable_;  ///< oldest first
    std::vector<std::unique_ptr<table_entry>> dead_;
};

}  // namespace firstfin::nginx
