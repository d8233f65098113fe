#include "harness/run/stage_run.hpp"

#include <unistd.h>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <csignal>

#include "harness/run/program_orders.hpp"
#include "harness/subjects/registry.hpp"

namespace firstfin::run {

using role::event_kind;

namespace {

/// Every address of that family.
address any_like(const address& one) {
    if (one.is_v4()) return boost::asio::ip::address_v4::any();
    return boost::asio::ip::address_v6::any();
}

}  // namespace

stage_run::stage_run(boost::asio::io_context& loop, std::unique_ptr<stage> where, double time_scale, start_gate& gate,
                     callbacks report)
    : stage_(std::move(where)),
      time_scale_(time_scale),
      report_(std::move(report)),
      join_([this](const auto& one) { report_.changed(one); },
            stage_->wire() ? witness::wire_is::watched : witness::wire_is::unwatched),
      gate_(gate),
      on_frame_([this](time_point at, std::span<const std::uint8_t> frame) { take_frame(at, frame); }),
      server_address_(stage_->server_address()) {
    if (stage_->wire()) capture_ready_.emplace(loop, ::dup(stage_->wire()->fd()));
}

void stage_run::start_server(const assigned_trial& first) {
    const auto& nginx = stage_->key().nginx;
    const auto order = nginx ? order_of(*nginx, stage_->program_of(side::server)) : server_order_of(first.cell->scaled);
    report_.server_starts(first, order);
    server_port_ = nginx ? nginx->port : program_port;
    server_ = stage_->start_program(side::server, order);
    await_listening(*server_, order, stage_->table(side::server), server_port_);
}

void stage_run::add_pair(std::vector<assigned_trial> trials) {
    const bool addressed = !stage_->key().client_program.empty();
    if (stage_->has_silent_server() && !server_) start_server(trials.front());
    auto made = std::make_unique<pair>();
    made->number = static_cast<std::uint32_t>(pairs_.size());
    made->trials = std::move(trials);
    made->servers = assign_servers(made->trials, addressed ? any_like(server_address_) : server_address_);
    made->ports.resize(made->servers.order.listeners.size());
    if (server_)
        std::ranges::fill(made->ports, server_port_);
    else
        made->server = stage_->start_role(side::server);
    if (addressed) {
        for (const auto& one : made->trials)
            join_.expect(stage_->trial_address(one.key), one.key);
        made->programs = std::make_unique<client_programs>(*stage_, made->trials, gate_, report_.client);
    } else {
        made->client = stage_->start_role(side::client);
    }
    pairs_.push_back(std::move(made));
}

void stage_run::start(witness::capture_file* file) {
    started_ = steady::now();
    if (capture_ready_) wait_for_frames(file);
    for (auto& each : pairs_) {
        auto& of = *each;
        const auto ended = [this, &of](const std::string& how) { on_end(of, how); };
        if (of.client) of.client->listen({[this, &of](const role::event& said) { on_client_event(of, said); }, ended});
        if (server_) {
            give_client_order(of);
            continue;
        }
        of.server->listen({[this, &of](const role::event& said) { on_server_event(of, said); }, ended});
        of.server->give(role::to_json(of.servers.order));
    }
    if (server_)
        server_->watch([this](const std::string& how) {
            for (auto& each : pairs_)
                on_end(*each, how);
        });
}

void stage_run::give_client_order(pair& of) {
    if (of.programs) {
        std::vector<std::uint16_t> ports;
        for (const auto listener : of.servers.listener_of_trial)
            ports.push_back(of.ports[listener]);
        return of.programs->serve(std::move(ports));
    }
    of.client->give(role::to_json(
        make_client_order(of.trials, of.servers, of.ports, server_address_, stage_->client_sources(), time_scale_)));
}

/// What an operator does to a server while connections idle.
void stage_run::act(time_point now) {
    const auto& action = stage_->key().action;
    if (!action || acted_ || now < started_ + action.after) return;
    acted_ = true;
    const bool reload = action.what == experiment::server_signal::reload;
    if (!reload) server_->dismiss();  // its end is what was asked for
    if (stage_->key().nginx) return server_->signal(reload ? SIGHUP : SIGQUIT);
    const auto& subject = subjects::find_server(stage_->key().server_program.id);
    server_->signal(reload ? *subject.reload_signal : *subject.quit_signal);
}

void stage_run::advance(time_point now) {
    act(now);
    for (auto& each : pairs_)
        if (each->programs && !each->over) each->programs->advance(now);
}

void stage_run::look(std::uint64_t trial) {
    if (server_) server_->look();
    for (auto& each : pairs_)
        if (each->programs) each->programs->look(trial);
}

void stage_run::has_asked(std::uint64_t trial) {
    for (auto& each : pairs_)
        if (each->programs) each->programs->has_asked(trial);
}

void stage_run::finish(std::uint64_t trial) {
    for (auto& each : pairs_)
        if (each->programs) each->programs->finish(trial);
}

void stage_run::on_server_event(pair& of, const role::event& said) {
    if (said.kind == event_kind::listening && said.local) {
        std::size_t listener = of.ports.size();
        std::from_chars(said.policy.data(), said.policy.data() + said.policy.size(), listener);
        if (listener < of.ports.size()) of.ports[listener] = said.local->port();
    } else if (said.kind == event_kind::ready) {
        give_client_order(of);
    } else {
        if (said.reason == role::close_reason::idle_deadline && said.lateness)
            report_.timer_fired(side::server, *said.lateness);
        join_.add(of.number, side::server, said);
    }
}

void stage_run::on_client_event(pair& of, const role::event& said) {
    if (server_) server_->look();
    if (said.reason == role::close_reason::connect_failed && said.trial)
        return report_.never_connected(*said.trial, said.detail);
    if (said.reason == role::close_reason::idle_deadline && said.lateness)
        report_.timer_fired(side::client, *said.lateness);
    join_.add(of.number, side::client, said);
    if (said.kind == event_kind::done && !said.trial) of.over = true;
}

void stage_run::on_end(pair& of, const std::string& how) {
    if (of.over) return;
    of.over = true;
    report_.warn(how);
    for (const auto& one : of.trials)
        report_.abandoned(one.key, how);
}

void stage_run::wait_for_frames(witness::capture_file* file) {
    capture_ready_->async_wait(boost::asio::posix::stream_descriptor::wait_read,
                               [this, file](const boost::system::error_code& stopped) {
                                   if (stopped) return;
                                   stage_->wire()->read(on_frame_, file);
                                   wait_for_frames(file);
                               });
}

void stage_run::take_frame(time_point at, std::span<const std::uint8_t> frame) {
    const auto seen = witness::parse_ethernet_frame(frame);
    if (!seen) return;
    const auto& from = seen->source.address();
    join_.add(at, *seen, from == server_address_ || join_.expects(from) ? side::server : side::client);
}

witness::capture::end stage_run::stop(witness::capture_file* file) {
    witness::capture::end end;
    end.tail_seen = true;  // without a wire there is none to miss
    if (capture_ready_) {
        boost::system::error_code ignored;
        capture_ready_->close(ignored);
        end = stage_->wire()->drain(std::chrono::seconds(2), on_frame_, file);
    }
    if (server_) server_->dismiss();
    for (auto& each : pairs_) {
        if (each->server) each->server->dismiss();
        if (each->client) each->client->dismiss();
        if (each->programs) each->programs->dismiss();
    }
    return end;
}

}  // namespace firstfin::run
