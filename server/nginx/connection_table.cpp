#include "server/nginx/connection_table.hpp"

#include <algorithm>

namespace firstfin::nginx {

connection_table::connection_table(std::size_t slots, std::size_t taken) : slots_(slots), taken_(taken) {}

connection_table::~connection_table() {
    all_.clear_and_dispose([](table_entry* one) { delete one; });
}

std::size_t connection_table::surplus(std::size_t slots, std::size_t free, std::size_t reusable) {
    if (free > slots / 16 || reusable == 0) return 0;
    return std::clamp<std::size_t>(reusable / 8, 1, 32);
}

connection_table::admission connection_table::make_room() {
    auto left = surplus(slots_, free_slots(), reusable_count_);
    const bool drains = left != 0;
    for (; left > 0 && !reusable_.empty(); --left)
        reusable_.front().give_way();
    // One that only began to linger is asked once more while nothing else came free.
    if (drains && free_slots() == 0 && !reusable_.empty()) reusable_.front().give_way();
    if (free_slots() == 0) return admission::refused;
    return drains ? admission::after_draining : admission::granted;
}

void connection_table::add(std::unique_ptr<table_entry> one) {
    all_.push_back(*one.release());
    ++count_;
}

void connection_table::remove(table_entry& gone) {
    set_reusable(gone, false);
    gone.among_all_.unlink();
    --count_;
    dead_.emplace_back(&gone);
}

void connection_table::set_reusable(table_entry& one, bool reusable) {
    if (one.among_reusable_.is_linked()) {
        one.among_reusable_.unlink();
        --reusable_count_;
    }
    if (!reusable) return;
    reusable_.push_back(one);
    ++reusable_count_;
}

}  // namespace firstfin::nginx
