#include "harness/run/job.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <fstream>

#include "harness/verdict/verdict.hpp"

namespace firstfin::run {

namespace {

constexpr duration program_end_lag = std::chrono::milliseconds(50);

time_point first_request(const witness::timeline& seen) {
    const auto asks = [](const witness::segment& one) { return one.from == side::client && one.payload != 0; };
    return std::ranges::find_if(seen.segments, asks)->at;
}

/// The capture of an interrupted execution is evidence too: a resumed one writes beside it.
std::filesystem::path free_capture_name(const std::filesystem::path& folder) {
    auto name = folder / "capture.pcap";
    for (int number = 2; std::filesystem::exists(name); ++number)
        name = folder / fmt::format("capture-{}.pcap", number);
    return name;
}

}  // namespace

job::job(experiment::plan what, std::filesystem::path folder, store::run_db db,
         const std::set<std::pair<std::string, std::uint32_t>>& done)
    : plan_(std::move(what)), folder_(std::move(folder)), db_(std::move(db)) {
    for (std::uint32_t cell = 0; cell < plan_.cells.size(); ++cell)
        for (std::uint32_t number = 0; number < plan_.what.replicates; ++number) {
            if (done.contains({plan_.cells[cell].id, number})) continue;
            trial_state made;
            made.cell = cell;
            made.number = number;
            made.stage = plan_.cells[cell].stage;
            trials_.push_back(std::move(made));
        }
}

void job::open_stages(boost::asio::io_context& loop, const stage_builder& sandbox, unsigned first_stage,
                      const role_programs& programs, start_gate& gate) {
    std::vector<std::vector<assigned_trial>> by_stage(plan_.stages.size());
    for (std::uint64_t key = 0; key < trials_.size(); ++key) {
        const auto& cell = plan_.cells[trials_[key].cell];
        by_stage[trials_[key].stage].push_back(
            {key, &cell, experiment::draw(plan_.what.seed, cell.id, trials_[key].number)});
    }
    // Longest first: what starts last then ends no later than what started first.
    const auto life = [](const assigned_trial& one) { return one.cell->predicted.life().value_or(duration::max()); };
    stage_run::callbacks report;
    report.changed = [this](const auto& one) { changed(one); };
    report.never_connected = [this](std::uint64_t key, const std::string& why) {
        conclude(key, "no connection: " + why);
    };
    report.abandoned = [this](std::uint64_t key, const std::string& why) { conclude(key, why); };
    report.timer_fired = [this](side of, duration late) { lateness_.add(of, late); };
    report.warn = [this](const std::string& text) { warn(text); };
    report.client.started = [this](std::uint64_t key, time_point began, time_point latest) {
        client_started(key, began, latest);
    };
    report.server_starts = [this](const assigned_trial& of, const program_order& what) {
        keep_order(of, side::server, what);
    };
    report.client.starts = [this](const assigned_trial& of, const program_order& what) {
        keep_order(of, side::client, what);
    };
    report.client.ended = [this](std::uint64_t key, const std::string& how) { conclude(key, how); };

    settling_.resize(by_stage.size());
    for (std::uint32_t number = 0; number < by_stage.size(); ++number) {
        auto& trials = by_stage[number];
        std::ranges::stable_sort(trials, std::greater{}, life);
        stage::options what;
        what.number = first_stage + number;
        what.key = plan_.stages[number];
        what.trials = trials.size();
        if (!what.key.client_program.empty())
            for (const auto& one : trials)
                what.addressed_trials.push_back(one.key);
        what.client_addresses = client_addresses_needed(trials);
        what.server_program = programs.server;
        what.client_program = programs.client;
        stages_.push_back(std::make_unique<stage_run>(loop, sandbox.build(what), plan_.what.time_scale, gate, report));
        for (std::size_t from = 0; from < trials.size(); from += programs.trials_per_pair) {
            const auto to = std::min(trials.size(), from + programs.trials_per_pair);
            stages_.back()->add_pair(
                {trials.begin() + static_cast<std::ptrdiff_t>(from), trials.begin() + static_cast<std::ptrdiff_t>(to)});
        }
    }
}

void job::start() {
    started_ = steady::now();
    if (std::ranges::any_of(stages_, [](const auto& each) { return each->where().wire() != nullptr; }))
        capture_file_ = std::make_unique<witness::capture_file>(free_capture_name(folder_));
    writer_ = std::make_unique<store::writer>(db_);
    for (auto& each : stages_)
        each->start(capture_file_.get());
}

std::optional<std::string> job::store_failure() const {
    return writer_ ? writer_->failure() : std::nullopt;
}

void job::warn(const std::string& text) {
    if (std::ranges::find(warnings_, text) == warnings_.end()) warnings_.push_back(text);
}

/// How a program was started and with which files is part of the result: once a cell and side, because their trials
/// differ in nothing but addresses.
void job::keep_order(const assigned_trial& of, side which, const program_order& what) {
    const auto folder = folder_ / "programs" / fmt::format("{}-{}", of.cell->id, to_text(which));
    std::error_code failed;
    if (!std::filesystem::create_directories(folder, failed)) return;
    std::ofstream(folder / "command") << fmt::format(
        "{} {}\n", what.what.program.empty() ? what.path : what.what.program, fmt::join(what.what.arguments, " "));
    for (const auto& file : what.what.files)
        if (!file.executable) std::ofstream(folder / file.name) << file.text;
}

void job::changed(const witness::joiner::connection_ptr& one) {
    if (!one->trial) return;
    const auto key = *one->trial;
    auto& trial = trials_.at(key);
    if (trial.finished) return;
    if (one->by_address) return changed_by_address(one);
    if (!trial.observed) observe(key, one, one->seen.events.empty() ? steady::now() : one->seen.events.front().at);
    // A retry on a fresh connection belongs to the trial too, but is not what it observes.
    if (trial.observed != one) return;
    const bool one_side_is_enough = plan_.what.follow_tables || stages_[trial.stage]->where().has_silent_server();
    const bool over = one_side_is_enough ? one->closed[0] || one->closed[1] : one->closed[0] && one->closed[1];
    if (over) begin_settling(key, false, steady::now());
}

/// A program may open connections that it never uses, and use several: its first used one is observed, the others are
/// kept beside it.
void job::changed_by_address(const witness::joiner::connection_ptr& one) {
    const auto key = *one->trial;
    auto& trial = trials_.at(key);
    if (!trial.observed && one->used) {
        std::erase(trial.others, one);
        // Its clock starts with the connection, as for the built-in client.
        observe(key, one, one->seen.segments.front().at);
        stages_[trial.stage]->has_asked(key);
    } else if (trial.observed != one && std::ranges::find(trial.others, one) == trial.others.end()) {
        trial.others.push_back(one);
    }
    const bool over = plan_.what.follow_tables ? one->ends : wire_is_complete(one->seen.segments);
    if (trial.observed == one && over) begin_settling(key, false, steady::now());
}

void job::observe(std::uint64_t key, const witness::joiner::connection_ptr& one, time_point began) {
    auto& trial = trials_[key];
    trial.observed = one;
    trial.deadline = began + experiment::observed_for(plan_.cells[trial.cell], plan_.what.observe);
    deadlines_.emplace(trial.deadline, key);
}

void job::client_started(std::uint64_t key, time_point began, time_point latest) {
    auto& trial = trials_[key];
    trial.began = began;
    trial.deadline = latest;
    deadlines_.emplace(latest, key);
}

void job::at_deadline(std::uint64_t key, time_point now) {
    const auto& trial = trials_[key];
    if (trial.finished || trial.deadline > now) return;
    if (trial.observed) return begin_settling(key, true, now);
    conclude(key, fmt::format("{} made no request within {} of its start", plan_.stages[trial.stage].client_program,
                              to_text(trial.deadline - *trial.began)));
}

void job::begin_settling(std::uint64_t key, bool at_deadline, time_point now) {
    auto& trial = trials_[key];
    if (trial.finished) return;
    // A server that reports nothing may still have its half open, which its table says: no longer than until now is
    // waited for that.
    if (trial.settles && at_deadline && !trial.how.follow && stages_[trial.stage]->where().has_silent_server())
        trial.how.at_deadline = true;
    if (trial.settles) return;
    trial.settles = true;
    trial.how.since = now;
    trial.how.at_deadline = at_deadline;
    if (plan_.what.follow_tables) trial.how.follow = plan_.what.observe;
    settling_[trial.stage].push_back(key);
}

void job::advance(time_point now) {
    while (!deadlines_.empty() && deadlines_.top().first <= now) {
        const auto key = deadlines_.top().second;
        deadlines_.pop();
        at_deadline(key, now);
    }
    for (auto& each : stages_)
        each->advance(now);
    for (std::uint32_t stage = 0; stage < settling_.size(); ++stage)
        if (!settling_[stage].empty()) settle(stage, now);
    if (all_finished() && !counted_at_end_) {
        count_states(now);
        counted_at_end_ = true;
    }
}

void job::ask_tables(std::uint32_t stage, const std::vector<std::uint64_t>& due, time_point now) {
    for (const auto key : due) {
        ++trials_[key].how.asked;
        trials_[key].how.tables_settled = true;
    }
    for (const auto of : {side::server, side::client}) {
        std::vector<witness::connection_ends> ends;
        for (const auto key : due) {
            const auto& tuple = trials_[key].observed->seen.tuple;
            ends.push_back(of == side::server ? witness::connection_ends{tuple.server, tuple.client}
                                              : witness::connection_ends{tuple.client, tuple.server});
        }
        const auto states = stages_[stage]->where().table(of).query_batch(ends);
        for (std::size_t at = 0; at < due.size(); ++at) {
            auto& trial = trials_[due[at]];
            add_answer(trial.observed->seen.samples, {now, of, states[at]});
            const bool more_to_come = trial.how.follow ? runs_out(states[at]) : is_transient(states[at]);
            if (more_to_come) trial.how.tables_settled = false;
        }
    }
}

void job::settle(std::uint32_t stage, time_point now) {
    std::vector<std::uint64_t> due;
    for (const auto key : settling_[stage]) {
        const auto& how = trials_[key].how;
        const bool open_question = !how.tables_settled && !(how.at_deadline && how.asked > 0);
        if (!trials_[key].finished && open_question && next_question(how) <= now) due.push_back(key);
    }
    if (!due.empty()) ask_tables(stage, due, now);
    std::vector<std::pair<std::uint64_t, std::string>> ready;
    for (const auto key : settling_[stage]) {
        const auto& trial = trials_[key];
        if (trial.finished) continue;
        const auto state = readiness_of(trial.how, trial.observed->seen, now);
        if (state == readiness::wait) continue;
        // A program that ends closes its sockets first, and is seen to have ended a moment later.
        if (trial.began && now - trial.how.since < program_end_lag) continue;
        ready.emplace_back(key,
                           state == readiness::ready ? "" : "the end of the connection is missing from the capture");
    }
    // After the tables were asked: an entry that is missing because the table was full is missing now.
    if (!ready.empty() && stages_[stage]->where().time_wait_overflow() != 0)
        for (auto& [key, fault] : ready)
            fault = "TCPTimeWaitOverflow moved: the table of TIME_WAIT entries was full";
    // A lost segment is sent again, later: who came first is then no longer what the two sides did.
    if (!ready.empty())
        if (const auto trouble = stages_[stage]->where().link_trouble())
            for (auto& [key, fault] : ready)
                fault = *trouble;
    for (auto& [key, fault] : ready) {
        stages_[stage]->look(key);
        conclude(key, std::move(fault));
    }
    std::erase_if(settling_[stage], [this](auto key) { return trials_[key].finished; });
}

void job::conclude(std::uint64_t key, std::string fault) {
    auto& trial = trials_.at(key);
    if (trial.finished) return;
    trial.finished = true;
    ++finished_;
    store::trial_record record;
    record.cell = plan_.cells[trial.cell].id;
    record.number = trial.number;
    for (const auto& other : trial.others) {
        const auto seen = judge(other->seen);
        record.others.push_back(
            {other->seen.tuple.client, other->used, seen.first_fin, seen.ending, seen.idle_at_close});
        stages_[trial.stage]->joined().forget(other);
    }
    trial.others.clear();
    if (trial.began && trial.observed) record.client_age = first_request(trial.observed->seen) - *trial.began;
    if (trial.observed) {
        stages_[trial.stage]->joined().forget(trial.observed);
        record.timeline = std::move(trial.observed->seen);
        trial.observed.reset();
    }
    if (trial.began) stages_[trial.stage]->finish(key);
    if (!fault.empty()) record.timeline.faults.push_back(std::move(fault));
    record.verdict = judge(record.timeline);
    if (writer_) writer_->push(std::move(record));
}

void job::give_up(const std::string& why) {
    for (std::uint64_t key = 0; key < trials_.size(); ++key)
        if (plan_.stages[trials_[key].stage].client_program.empty()) conclude(key, why);
}

void job::count_states(time_point now) {
    if (counted_at_end_) return;
    states_.clear();
    for (const auto& each : stages_)
        for (const auto of : {side::server, side::client}) {
            const auto counts = each->where().count_states(of);
            store::state_count_record record;
            record.at = now - started_;
            record.stage = each->where().number();
            record.of = of;
            for (std::size_t number = 1; number < tcp_state_count; ++number) {
                const auto state = static_cast<tcp_state>(number);
                if (counts[state] == 0) continue;
                record.counts.emplace_back(state, static_cast<std::uint32_t>(counts[state]));
                states_[state] += counts[state];
            }
            writer_->push(std::move(record));
        }
}

void job::finish(bool interrupted) {
    store::run_end_record end;
    for (auto& each : stages_) {
        const auto captured = each->stop(capture_file_.get());
        end.segments_captured += captured.captured;
        end.segments_lost += captured.lost;
        if (const auto trouble = each->where().link_trouble()) warn(*trouble);
        if (const auto& nginx = each->where().key().nginx) {
            warn(
                "server.config: the server reports nothing of itself, so the subjects are the client alone, and the "
                "resolution is the client's");
            for (const auto& note : nginx->notes)
                warn(note);
        }
        if (!captured.tail_seen) warn("the capture's tail is missing: its end marker never came by");
        if (captured.clock_stepped)
            warn("the wall clock stepped during the run: times between capture and events are off");
    }
    if (end.segments_lost != 0) warn(fmt::format("{} segments were lost by the capture", end.segments_lost));
    if (capture_file_ && !capture_file_->flush()) warn("capture.pcap is incomplete: writing it failed (disk full?)");
    writer_->close();
    end.resolution_ms = std::chrono::duration<double, std::milli>(lateness_.resolution()).count();
    end.interrupted = interrupted;
    end.wall = steady::now() - started_;
    end.warnings = warnings_;
    if (!writer_->failure()) db_.finish(end);
}

}  // namespace firstfin::run
