#include "harness/run/client_programs.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/parse_error.hpp"
#include "harness/run/program_orders.hpp"
#include "harness/subjects/find_program.hpp"
#include "harness/subjects/registry.hpp"

namespace firstfin::run {

namespace {

/// What a program may take for its start where its first request comes later.
constexpr duration start_time = std::chrono::seconds(4);
constexpr std::chrono::milliseconds build_patience = std::chrono::minutes(3);

subjects::scratch_file build(stage& where, const subjects::client_subject& subject) {
    program_order order;
    order.name = fmt::format("compiling {}", subject.id);
    order.what = subject.build->prepare(sandbox::scratch_folder::path());
    order.path = subjects::find_program(subject.comes_from).value_or("");
    if (order.path.empty())
        throw environment_lacks(fmt::format("{} is not here: {}", subject.id, subjects::remedy(subject.comes_from)));
    const auto compiler = where.start_program(side::client, order);
    const auto ended = compiler->wait_for(build_patience);
    if (!ended)
        throw environment_lacks(fmt::format("{} takes more than {}", order.name, to_text(duration(build_patience))));
    if (!ended->success()) throw environment_lacks(compiler->how_it_ended());
    const std::string file(subject.build->file);
    return {file, compiler->read(file), true};
}

}  // namespace

client_programs::client_programs(stage& where, std::vector<assigned_trial> trials, start_gate& gate, callbacks report)
    : stage_(where), trials_(std::move(trials)), gate_(gate), report_(std::move(report)) {
    for (const auto& one : trials_) {
        const auto& subject = subjects::find_client(one.cell->scaled.client_program.id);
        const auto [at, is_new] = built_.try_emplace(subject.id);
        if (is_new && subject.build) at->second = build(stage_, subject);
    }
}

client_programs::~client_programs() = default;

void client_programs::advance(time_point now) {
    const auto gone = std::ranges::stable_partition(dying_, [](auto& one) { return !one.process->has_gone(); });
    for (auto& one : gone)
        gate_.ended(one.memory);
    dying_.erase(gone.begin(), gone.end());
    for (auto& [trial, one] : running_)
        if (one.up_by && now >= *one.up_by) is_up(one);
    if (ports_.empty()) return;
    while (next_ < trials_.size()) {
        const auto& one = trials_[next_];
        const auto& subject = subjects::find_client(one.cell->scaled.client_program.id);
        if (!gate_.may_start(subject.memory, now)) return;
        start(one, ports_[next_++], now);
    }
}

void client_programs::start(const assigned_trial& one, std::uint16_t port, time_point now) {
    const auto& cell = one.cell->scaled;
    const auto& subject = subjects::find_client(cell.client_program.id);
    const auto key = one.key;
    try {
        const auto order = client_order_of(cell, endpoint(stage_.trial_address(key), port), built_.at(subject.id));
        report_.starts(one, order);
        auto process = stage_.start_program(side::client, order);
        const auto began = process->started();
        gate_.started(subject.memory, subject.spacing, now);
        auto& kept = running_[key];
        const auto request_by = began + cell.browser_age + subject.patience;
        kept = {std::move(process), subject.memory,
                cell.browser_age == duration::zero() ? request_by : began + start_time};
        if (!subject.ends_by_itself)
            kept.process->watch([this, key](const std::string& how) { report_.ended(key, how); });
        report_.started(key, began, request_by);
    } catch (const boost::system::system_error& failed) {
        report_.ended(key, failed.what());
    }
}

void client_programs::is_up(running& one) {
    if (!one.up_by) return;
    one.up_by.reset();
    gate_.is_up();
}

void client_programs::has_asked(std::uint64_t trial) {
    if (const auto found = running_.find(trial); found != running_.end()) is_up(found->second);
}

void client_programs::look(std::uint64_t trial) {
    if (const auto found = running_.find(trial); found != running_.end()) found->second.process->look();
}

void client_programs::finish(std::uint64_t trial) {
    const auto found = running_.find(trial);
    if (found == running_.end()) return;
    is_up(found->second);
    found->second.process->dismiss();
    found->second.process->kill();
    dying_.push_back(std::move(found->second));
    running_.erase(found);
}

void client_programs::dismiss() {
    next_ = trials_.size();
    while (!running_.empty())
        finish(running_.begin()->first);
}

}  // namespace firstfin::run
